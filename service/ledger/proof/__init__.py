"""Evidence records: trees, their timestamps, where copies lie."""
