"""How others do it: the same pupils, columns, heads and texts on the same sheet.

Everything is made as easy for a peer as can be: its input lies ready, pages are settled, nothing
is embedded, no PDF/A, no tags, a lesson is one table row however many ruled lines it takes.
"""
