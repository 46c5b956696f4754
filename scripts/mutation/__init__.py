"""Mutation of packs: every rule, one small change at a time, and whether a case of the project notices it."""
