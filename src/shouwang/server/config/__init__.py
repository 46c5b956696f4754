"""Settings and root addresses; sees every app."""
