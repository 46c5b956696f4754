"""Official documents as Excel and HTML, filled from findings and ledgers."""
