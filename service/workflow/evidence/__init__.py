"""Proof that outlives keys: trees, timestamps, their renewal, and records of one document."""
