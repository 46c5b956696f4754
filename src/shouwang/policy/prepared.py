"""Prepared columns: what the expression language cannot say, as named, typed functions that run before the plan.

This module says what there is and how it is worked out for one household in Python; ``duckdb_prepared`` says the
same in SQL for many. A test holds the two against each other and against this list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shouwang.policy.builtins import last_31_august, years_between
from shouwang.policy.columns import themes
from shouwang.policy.columns.base import Context, Prepared, Row, Tables
from shouwang.policy.pack import IncomeKind
from shouwang.policy.types import BOOL, INT, TEXT, Type, of_column
from shouwang.tables.dictionary import CODES, TABLES, Column
from shouwang.tables.dictionary import Type as ColumnType

OF_A_HOUSEHOLD = ("members", "income_items", "visits", "cases", "measures", "alerts")
"""Tables whose rows may read the columns of their household."""


def _between(first: str, last: str) -> Callable[[Row, Tables, Context], Any]:
    """Days from one date of the row to another; the day of the screening where the other is empty."""

    def days(row: Row, tables: Tables, context: Context) -> int | None:
        start, end = row.get(first), row.get(last)
        return None if start is None else ((end or context.on) - start).days

    return days


def _both(first: str, last: str, more: int = 0) -> Callable[[Row, Tables, Context], Any]:
    def days(row: Row, tables: Tables, context: Context) -> int | None:
        start, end = row.get(first), row.get(last)
        return None if start is None or end is None else (end - start).days + more

    return days


def _ago(name: str) -> Callable[[Row, Tables, Context], Any]:
    def days(row: Row, tables: Tables, context: Context) -> int | None:
        return None if row.get(name) is None else (context.on - row[name]).days

    return days


def _has(name: str, code: str) -> Callable[[Row, Tables, Context], Any]:
    def contains(row: Row, tables: Tables, context: Context) -> bool | None:
        listed = row.get(name)
        return None if listed is None else code in listed.split(";")

    return contains


def _kind_of(row: Row, context: Context) -> IncomeKind | None:
    return context.kinds.get(row.get("kind") or "")


def counts_as(row: Row, tables: Tables, context: Context) -> str | None:
    """What the item's kind counts as; unknown where the kind is."""
    kind = _kind_of(row, context)
    return kind.counts_as if kind else None


def work_place(row: Row, tables: Tables, context: Context) -> str | None:
    kind = _kind_of(row, context)
    return kind.place_of_work if kind else None


def is_total(row: Row, tables: Tables, context: Context) -> bool | None:
    kind = _kind_of(row, context)
    return kind.total if kind else None


def earner_counts(row: Row, tables: Tables, context: Context) -> bool:
    """False for the items of a conscript or cadet who does not share income: such a member is none (XH annex 5)."""
    if row.get("member_id") is None:
        return True
    return not any(
        member.get("member_id") == row["member_id"]
        and member.get("serving")
        and member.get("shares_income") is False
        for member in tables.get("members") or ()
    )


def quarter_key(row: Row, tables: Tables, context: Context) -> str | None:
    """The quarter as ``2024Q1``: as stated, else from the day."""
    day = row.get("received_on")
    return row.get("quarter") or (None if day is None else f"{day.year}Q{(day.month + 2) // 3}")


def public_post_paid(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a public-post wage of this member came in within the window; an item without a member may be theirs."""
    items = tables.get("income_items")
    if items is None:
        return None
    return any(
        work_place(item, tables, context) == "public_post"
        and item.get("realised") is not False
        and item.get("received_on") is not None
        and context.window_first <= item["received_on"] <= context.window_last
        and (item.get("member_id") is None or item["member_id"] == row.get("member_id"))
        for item in items
    )


def age(row: Row, tables: Tables, context: Context) -> int | None:
    birth = row.get("birth_date")
    return None if birth is None else years_between(birth, context.on)


def school_age(row: Row, tables: Tables, context: Context) -> int | None:
    """Full years on the last 31 August; -1 for who was not born by then."""
    birth = row.get("birth_date")
    if birth is None or birth > context.on:
        return None
    years = years_between(birth, last_31_august(context.on))
    return -1 if years is None else years


def verify_working_days(row: Row, tables: Tables, context: Context) -> int | None:
    """Working days from receiving an alert to its verification (or the day); unknown in a year without a calendar."""
    start = row.get("received_on")
    if start is None:
        return None
    end = row.get("verified_on") or context.on
    calendar = context.calendar
    return calendar.between(start, end) if calendar.knows(start) and calendar.knows(end) else None


def _latest(table: str, day: str, *more: str) -> Callable[[Row, Tables, Context], Any]:
    def newest(row: Row, tables: Tables, context: Context) -> bool:
        rows = [other for other in tables.get(table) or () if _counts(other, day, context)]
        key = TABLES[table].key
        best = max(rows, key=lambda other: _rank(other, (day, *more, key)), default=None)
        return best is not None and best.get(key) == row.get(key)

    return newest


def _counts(row: Row, day: str, context: Context) -> bool:
    return row.get(day) is None or row[day] <= context.on


def _rank(row: Row, names: tuple[str, ...]) -> tuple[tuple[bool, Any], ...]:
    return tuple(
        (row.get(name) is not None, row.get(name) if row.get(name) is not None else 0) for name in names
    )


def _same(name: str) -> Callable[[Row, Tables, Context], Any]:
    return lambda row, tables, context: row.get(name)


def _fence(place: str) -> Callable[[Row, Tables, Context], Any]:
    return lambda row, tables, context: context.fences.get((row.get("area_code") or "", place))


def _household_column(table: str, entry: Column) -> Prepared:
    """What is known of the household itself, for its rows: ``household_`` and the column's name."""

    def work_out(row: Row, tables: Tables, context: Context) -> Any:
        households = tables.get("households") or ()
        return households[0].get(entry.name) if households else None

    kind = of_column(entry) or TEXT
    return Prepared(
        table, f"household_{entry.name}", kind, (), f"户的{entry.zh}", f"the household's {entry.en}", work_out,
        copies=("households", entry.name),
    )  # fmt: skip


def _all() -> dict[str, dict[str, Prepared]]:
    listed = [
        Prepared("households", "monitored_days", INT, ("identified_on", "resolved_on"), "识别到消除的天数",
                 "days from identification to removal", _both("identified_on", "resolved_on")),
        Prepared("households", "income_band_ticked", Type("text", codes="income_band"), ("income_band",), "登记的勾选收入区间",
                 "income band as registered", _same("income_band")),
        Prepared("members", "age", INT, ("birth_date",), "筛查日周岁", "full years on the day", age),
        Prepared("members", "school_age", INT, ("birth_date",), "最近一个8月31日的周岁", "full years on the last 31 August", school_age),
        Prepared("members", "public_post_paid", BOOL, (), "窗口内领到公益性岗位工资", "public-post wage received in the window", public_post_paid),
        Prepared("income_items", "counts_as", TEXT, ("kind",), "计入什么", "what the item counts as", counts_as),
        Prepared("income_items", "work_place", TEXT, ("kind",), "务工地", "place of work", work_place),
        Prepared("income_items", "is_total", BOOL, ("kind",), "是合计数", "is a stated total", is_total),
        Prepared("income_items", "earner_counts", BOOL, (), "该成员计入家庭", "the member counts as one", earner_counts),
        Prepared("income_items", "quarter_key", TEXT, (), "季度", "quarter", quarter_key),
        Prepared("alerts", "verify_working_days", INT, ("received_on", "verified_on"), "收到到核实的工作日数",
                 "working days from receipt to verification", verify_working_days),
        Prepared("visits", "is_latest", BOOL, ("visited_on",), "最近一次走访", "the latest visit", _latest("visits", "visited_on", "received_at")),
        Prepared("cases", "is_latest", BOOL, (), "最近一份档案", "the latest case", _latest("cases", "discovered_on", "approved_on")),
        Prepared("cases", "discovery_days", INT, ("discovered_on", "approved_on"), "发现到批准的天数", "days from discovery to approval",
                 _between("discovered_on", "approved_on")),
        Prepared("cases", "plan_days", INT, ("approved_on", "plan_on"), "批准到计划的天数", "days from approval to plan", _between("approved_on", "plan_on")),
        Prepared("cases", "notice_days", INT, ("notice_from", "notice_to"), "公示天数", "days of public notice", _both("notice_from", "notice_to", 1)),
    ]  # fmt: skip
    for place, column in (
        ("outside_province", "outside"),
        ("in_province", "province"),
        ("in_county", "county"),
    ):
        listed.append(
            Prepared(
                "households",
                f"cost_fence_{column}",
                Type("number", 4),
                ("area_code",),
                "本村该务工地成本上界",
                "upper fence of the village's cost at that place",
                _fence(place),
                neighbours=True,
            )
        )
    for table in TABLES.values():
        for column_ in table.columns:
            if column_.type is ColumnType.DATE:
                listed.append(
                    Prepared(
                        table.name,
                        f"{column_.name}_days_ago",
                        INT,
                        (column_.name,),
                        f"{column_.zh}距今天数",
                        f"days since {column_.en}",
                        _ago(column_.name),
                    )
                )
            if column_.type is ColumnType.LIST and column_.codes:
                for code in CODES[column_.codes]:
                    listed.append(
                        Prepared(
                            table.name,
                            f"{column_.name}_{code.code}",
                            BOOL,
                            (column_.name,),
                            f"{column_.zh}含{code.zh}",
                            f"{column_.en}: {code.en}",
                            _has(column_.name, code.code),
                        )
                    )
    for table_name in OF_A_HOUSEHOLD:
        listed += [
            _household_column(table_name, entry)
            for entry in TABLES["households"].columns
            if entry.name != "household_id" and of_column(entry)
        ]
    found: dict[str, dict[str, Prepared]] = {name: {} for name in TABLES}
    for prepared in (*listed, *themes.COLUMNS):
        found[prepared.table][prepared.name] = prepared
    return found


PREPARED = _all()
"""Table → name → prepared column."""

__all__ = ["OF_A_HOUSEHOLD", "PREPARED", "Context", "Prepared", "Row", "Tables"]
