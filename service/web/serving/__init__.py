"""The server under the routes: gunicorn's processes and threads, given whole requests."""
