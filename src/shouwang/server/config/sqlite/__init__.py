"""SQLite with one writer at a time, in the order in which they came."""
