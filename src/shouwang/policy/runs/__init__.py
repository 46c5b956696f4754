"""Runs that are kept: stored, compared, explained later."""
