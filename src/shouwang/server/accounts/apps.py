"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shouwang.server.accounts"
    label = "accounts"
