"""Runs of a whole school: begun by its calendar, advanced, reminded of, told by their sheet."""
