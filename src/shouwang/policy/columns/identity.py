"""Prepared columns about identity numbers and certificates."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import Builder, Context, Layout, Prepared, Row, Sql, Tables
from shouwang.policy.types import BOOL, TEXT


def id_placeholder(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the number is one of those that systems give to who has none: 999999…"""
    number = row.get("id_number")
    return None if number is None else number.startswith("999999")


def id_masked(row: Row, tables: Tables, context: Context) -> str | None:
    """The number as people may see it on a screen: the first six and the last characters."""
    number = row.get("id_number")
    return None if number is None else f"{number[:6]}********{number[-2:]}"


COLUMNS: tuple[Prepared, ...] = (
    Prepared("members", "id_placeholder", BOOL, ("id_number",), "证件号码是占位号", "placeholder instead of a number", id_placeholder),
    Prepared("members", "id_masked", TEXT, ("id_number",), "证件号码（遮盖）", "identity number, masked", id_masked),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("members", "id_placeholder"): lambda around: Sql("starts_with(t.id_number, '999999')"),
    ("members", "id_masked"): lambda around: Sql(
        "(left(t.id_number, 6) || '********' || right(t.id_number, 2))"
    ),
}
LAYOUTS: Mapping[str, Layout] = {}
