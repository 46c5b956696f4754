"""Prepared columns about labour and school of a member."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    sql_date,
)
from shouwang.policy.types import BOOL

_TEKUN = "transfer.tekun"
_READ = ("kind", "member_id", "received_on", "amount")


def receives_tekun(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether support for the extremely poor came in for this very member within the window."""
    items = tables.get("income_items")
    if items is None:
        return None
    return any(
        item.get("kind") == _TEKUN
        and item.get("member_id") is not None
        and item["member_id"] == row.get("member_id")
        and item.get("realised") is not False
        and item.get("received_on") is not None
        and context.window_first <= item["received_on"] <= context.window_last
        and (item.get("amount") or 0) > 0
        for item in items
    )


def _receives_tekun_sql(around: Surroundings) -> Sql:
    if not around.has("income_items", *_READ):
        return Sql("CAST(NULL AS BOOLEAN)")
    realised = "AND coalesce(realised, true)" if around.has("income_items", "realised") else ""
    first, last = window_first(around.on, around.window), window_last(around.on, around.window)
    received = (
        f"(SELECT DISTINCT household_id, member_id FROM {around.relations['income_items']} WHERE kind = '{_TEKUN}' "
        f"AND received_on BETWEEN {sql_date(first)} AND {sql_date(last)} AND amount > 0 {realised})"
    )
    join = f"LEFT JOIN {received} AS tekun ON tekun.household_id = t.household_id AND tekun.member_id = t.member_id"
    return Sql("(tekun.member_id IS NOT NULL)", (join,))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("members", "receives_tekun", BOOL, ("member_id",), "窗口内本人领到特困供养金", "support for the extremely poor received in the window", receives_tekun),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {("members", "receives_tekun"): _receives_tekun_sql}
LAYOUTS: Mapping[str, Layout] = {}
