"""Runs of a pack over the registry, and their findings."""
