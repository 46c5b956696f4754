"""Households, members, income; what changed, and from where."""
