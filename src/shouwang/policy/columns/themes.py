"""All themes of prepared columns together."""

from __future__ import annotations

from shouwang.policy.columns import (
    case_evidence,
    composition,
    contact,
    current_case,
    identity,
    lifecycle,
    lists,
    money,
    paradata,
    people,
    risks,
    work,
)
from shouwang.policy.columns.base import Builder, Layout, Prepared

_THEMES = (
    current_case,
    case_evidence,
    identity,
    composition,
    people,
    work,
    money,
    risks,
    lifecycle,
    contact,
    paradata,
    lists,
)

COLUMNS: tuple[Prepared, ...] = tuple(column for theme in _THEMES for column in theme.COLUMNS)
SQL: dict[tuple[str, str], Builder] = {
    key: builder for theme in _THEMES for key, builder in theme.SQL.items()
}
LAYOUTS: dict[str, Layout] = {name: layout for theme in _THEMES for name, layout in theme.LAYOUTS.items()}
