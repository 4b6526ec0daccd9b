"""How things are measured, judged and told. Nothing here imports what is measured:

a child's peak memory is counted from its parent's size, so the parent stays small.
"""
