"""The income paper of a household, as plain data (XH annex 5)."""
