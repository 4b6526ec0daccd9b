"""Routes of runs: their calendar, their plan, their sheets."""
