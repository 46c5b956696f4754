"""All themes of prepared columns together."""

from __future__ import annotations

from shouwang.policy.columns import (
    case_evidence,
    composition,
    contact,
    current_case,
    department_lists,
    guarantees,
    identity,
    lifecycle,
    lists,
    measure_money,
    measures,
    money,
    paradata,
    people,
    risks,
    same_plans,
    sheets,
    work,
)
from shouwang.policy.columns.base import Builder, Layout, Prepared

_THEMES = (
    current_case,
    guarantees,
    case_evidence,
    identity,
    composition,
    people,
    work,
    money,
    risks,
    same_plans,
    lifecycle,
    contact,
    paradata,
    lists,
    department_lists,
    sheets,
    measures,
    measure_money,
)

COLUMNS: tuple[Prepared, ...] = tuple(column for theme in _THEMES for column in theme.COLUMNS)
SQL: dict[tuple[str, str], Builder] = {
    key: builder for theme in _THEMES for key, builder in theme.SQL.items()
}
LAYOUTS: dict[str, Layout] = {name: layout for theme in _THEMES for name, layout in theme.LAYOUTS.items()}
