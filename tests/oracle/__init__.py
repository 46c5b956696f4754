"""A second, independent reading of rules.md: plain, slow, obvious; it shares no code with ``policy``."""
