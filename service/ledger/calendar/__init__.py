"""Scheduled runs: what each may take, when it begins, who has it in hand, how it stands."""
