"""Shouwang (守望) keeps watch so that no rural household falls back into poverty unseen."""

__version__ = "0.1.0"
