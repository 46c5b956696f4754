"""Prepared columns about measures: whether the money that they should bring came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

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
from shouwang.policy.columns.measures import UNKNOWN, any_of, quoted, realised
from shouwang.policy.types import BOOL


def _kinds_of(context: Context, parameter: str) -> list[str] | None:
    value = context.parameters.get(parameter)
    return None if value is None else str(value).split(";")


def _paid(item: Row, first: date, last: date) -> bool | None:
    """Whether the item is money received from the first to the last day."""
    day, amount = item.get("received_on"), item.get("amount")
    if item.get("realised") is False or (day is not None and not first <= day <= last) or amount == 0:
        return False
    return None if day is None or amount is None else True


def _paid_of(item: Row, kinds: Sequence[str], first: date, last: date) -> bool | None:
    """The same for money of some kinds; an item whose kind nobody knows may be of them."""
    found, kind = _paid(item, first, last), item.get("kind")
    if kind is None:
        return False if found is False else None
    return found if kind in kinds else False


def _or_too_long_ago(found: bool | None, done: date, context: Context) -> bool | None:
    """Nothing found says nothing of a measure done before the window: items of that time need not be there."""
    return None if found is False and done < context.window_first else found


def assistance_paid(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether dibao or tekun came in within ``benefit_days`` after done_on; where only a total of transfers is there,
    nobody knows."""
    items, done = tables.get("income_items"), row.get("done_on")
    kinds, days = _kinds_of(context, "assistance_kinds"), context.parameters.get("benefit_days")
    if items is None or done is None or kinds is None or days is None:
        return None
    last = done + timedelta(days=int(days))
    seen = [_paid_of(item, kinds, done, last) for item in items]
    for item in items:
        kind = context.kinds.get(item.get("kind") or "")
        total = kind is not None and kind.total and kind.counts_as == "transfer"
        if total and _paid(item, done, context.on) is not False:
            seen.append(None)
    return _or_too_long_ago(any_of(seen), done, context)


def travel_subsidy_paid(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a travel subsidy came in within the window."""
    items, done, kinds = (
        tables.get("income_items"),
        row.get("done_on"),
        _kinds_of(context, "travel_subsidy_kinds"),
    )
    if items is None or done is None or kinds is None:
        return None
    seen = [_paid_of(item, kinds, context.window_first, context.window_last) for item in items]
    return _or_too_long_ago(any_of(seen), done, context)


# the same in SQL


def _too_long_ago(around: Surroundings, alias: str) -> str:
    """What an alias with ``paid`` and ``maybe`` says, as Python's ``_or_too_long_ago``."""
    first = sql_date(window_first(around.on, around.window))
    return (
        f"CASE WHEN t.done_on IS NULL THEN NULL WHEN {alias}.paid THEN true "
        f"WHEN {alias}.maybe OR t.done_on < {first} THEN NULL ELSE false END"
    )


def _paid_sql(around: Surroundings, kinds: Sequence[str]) -> tuple[str, str, str]:
    """The day of an item, whether it surely is money of one of the kinds, and whether it may be."""
    day = around.column("income_items", "received_on", "i", "DATE")
    amount = around.column("income_items", "amount", "i", "DECIMAL(18,2)")
    kind = f"{around.column('income_items', 'kind', 'i')} IN ({quoted(kinds)})"
    may = f"(coalesce({kind}, true) AND {realised(around)} AND coalesce({amount} <> 0, true))"
    return day, f"({may} AND {kind} AND {day} IS NOT NULL AND {amount} IS NOT NULL)", may


def _assistance_paid_sql(around: Surroundings) -> Sql:
    kinds, days = around.parameter("assistance_kinds"), around.parameter("benefit_days")
    if kinds is None or days is None or not around.has("income_items", "household_id"):
        return UNKNOWN
    day, sure, may = _paid_sql(around, str(kinds).split(";"))
    amount = around.column("income_items", "amount", "i", "DECIMAL(18,2)")
    total = (
        f"coalesce(ik.is_total AND ik.counts_as = 'transfer' AND {realised(around)} AND coalesce({amount} <> 0, true) "
        f"AND coalesce({day} BETWEEN d.done_on AND {around.day}, true), false)"
    )
    within = f"{day} BETWEEN d.done_on AND d.done_on + {int(days)}"
    join = (
        f"LEFT JOIN (SELECT d.household_id, d.done_on, bool_or(coalesce({sure} AND {within}, false)) AS paid, "
        f"bool_or(({may} AND coalesce({within}, true)) OR {total}) AS maybe "
        f"FROM (SELECT DISTINCT household_id, done_on FROM {around.relations['measures']} WHERE done_on IS NOT NULL) AS d "
        f"JOIN {around.relations['income_items']} AS i ON i.household_id = d.household_id "
        f"LEFT JOIN pack_kinds AS ik ON ik.kind = {around.column('income_items', 'kind', 'i')} GROUP BY d.household_id, d.done_on) AS assistance "
        "ON assistance.household_id = t.household_id AND assistance.done_on = t.done_on"
    )
    return Sql(_too_long_ago(around, "assistance"), (join,))


def _travel_subsidy_paid_sql(around: Surroundings) -> Sql:
    kinds = around.parameter("travel_subsidy_kinds")
    if kinds is None or not around.has("income_items", "household_id"):
        return UNKNOWN
    day, sure, may = _paid_sql(around, str(kinds).split(";"))
    first, last = (sql_date(edge(around.on, around.window)) for edge in (window_first, window_last))
    within = f"{day} BETWEEN {first} AND {last}"
    join = (
        f"LEFT JOIN (SELECT i.household_id, bool_or(coalesce({sure} AND {within}, false)) AS paid, "
        f"bool_or({may} AND coalesce({within}, true)) AS maybe FROM {around.relations['income_items']} AS i "
        f"WHERE {may} GROUP BY i.household_id) AS travel "
        "ON travel.household_id = t.household_id"
    )
    return Sql(_too_long_ago(around, "travel"), (join,))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("measures", "assistance_paid", BOOL, ("done_on",), "完成后按期领到低保或特困金", "dibao or tekun came in in time after it was done", assistance_paid),
    Prepared("measures", "travel_subsidy_paid", BOOL, ("done_on",), "窗口内领到交通补助", "a travel subsidy came in within the window", travel_subsidy_paid),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("measures", "assistance_paid"): _assistance_paid_sql,
    ("measures", "travel_subsidy_paid"): _travel_subsidy_paid_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
