"""Prepared columns about two lists against each other, and the village basic sheet."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import Builder, Layout, Prepared

COLUMNS: tuple[Prepared, ...] = ()
SQL: Mapping[tuple[str, str], Builder] = {}
LAYOUTS: Mapping[str, Layout] = {}
