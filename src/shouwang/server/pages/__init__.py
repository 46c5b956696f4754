"""The shell, the start page, lists and the household's page."""
