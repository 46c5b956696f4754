"""The app of screening."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "shouwang.server.screening"
    label = "screening"

    def ready(self) -> None:
        """The registry lies below and cannot know us: its tables are registered here."""
        from functools import partial

        from shouwang.server.registry.services import MODELS, rows_of
        from shouwang.server.screening.providers import register

        for table in MODELS:
            register(table, partial(rows_of, table))
