"""What a screening reads: every app that has facts registers who gives the rows of its exchange tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Rows = Callable[[Sequence[str]], Iterable[Mapping[str, Any]]]
_PROVIDERS: dict[str, Rows] = {}


def register(table: str, rows: Rows) -> None:
    """``rows(area codes)`` gives the table's rows in the dictionary's columns; a table has one giver."""
    if table in _PROVIDERS:
        raise ValueError(f"{table} has a provider already")
    _PROVIDERS[table] = rows


def providers() -> Mapping[str, Rows]:
    """Table → who gives its rows."""
    return dict(_PROVIDERS)
