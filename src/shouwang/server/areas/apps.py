"""The app of areas."""

from __future__ import annotations

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "shouwang.server.areas"
    label = "areas"
