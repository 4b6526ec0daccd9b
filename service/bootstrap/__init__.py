"""Settings to working parts: the only place that chooses implementations."""
