"""Working days of China, limits in days and working days. A library: it knows no framework and does no I/O."""
