"""The server: one Django app per idea; each may use only those below it (see docs/architecture.md)."""
