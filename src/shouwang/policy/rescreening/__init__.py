"""Screening again what has changed, with the same result as screening all."""
