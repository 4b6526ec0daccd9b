"""Orders taken over HTTP, and how they go: told at once, waited for, or watched."""
