"""Prepared columns about income, expense and assets."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import Builder, Layout, Prepared

COLUMNS: tuple[Prepared, ...] = ()
SQL: Mapping[tuple[str, str], Builder] = {}
LAYOUTS: Mapping[str, Layout] = {}
