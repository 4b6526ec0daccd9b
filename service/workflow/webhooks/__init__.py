"""What others are told by webhook, out of the audit log, until they have heard it."""
