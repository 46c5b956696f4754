"""What would change if a parameter, a pack or the day were another (RSK-5)."""
