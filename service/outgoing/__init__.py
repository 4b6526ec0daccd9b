"""The way out: HTTP requests to addresses that schools name, and which of these are refused."""
