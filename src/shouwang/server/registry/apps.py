"""The app of registry."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "shouwang.server.registry"
    label = "registry"
