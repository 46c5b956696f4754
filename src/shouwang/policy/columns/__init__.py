"""Prepared columns of the quality rules, a module per theme: what there is, in Python for one household and in SQL."""
