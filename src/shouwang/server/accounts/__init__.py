"""People, roles by area, the audit trail."""
