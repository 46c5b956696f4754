"""Prepared columns about cases from discovery to removal, and the safeguard flag."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import Builder, Layout, Prepared

COLUMNS: tuple[Prepared, ...] = ()
SQL: Mapping[tuple[str, str], Builder] = {}
LAYOUTS: Mapping[str, Layout] = {}
