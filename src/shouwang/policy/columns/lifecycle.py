"""Prepared columns about cases from discovery to removal: dates that contradict, what stands behind a step, batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    WorkOut,
    given,
    sql_date,
)  # fmt: skip
from shouwang.policy.types import BOOL, DATE, INT, MONEY, TEXT
from shouwang.tables.dictionary import TABLES
from shouwang.tables.dictionary import Type as ColumnType

DATED = (
    "households", "members", "income_items", "alerts", "visits", "cases", "measures", "satisfaction", "leaflets", "loans", "projects",
)  # fmt: skip
MAY_LIE_AHEAD = ("planned_on", "notice_to", "due_on", "dividend_due_on")
"""Dates that are plans: of a measure, the end of a notice, when a loan or a dividend is due."""
FIRST_DAY = date(1900, 1, 1)
STAGES = {
    **dict.fromkeys(("discovered", "applied", "verified", "reviewed", "noticed", "town_reviewed"), "open"),
    **dict.fromkeys(("approved", "planned", "removal_proposed"), "approved"),
    "resolved": "resolved", "rolled_back": "approved", "withdrawn": "withdrawn",
}  # fmt: skip
"""State as a case may say it → the stage that its dates can show."""


def _dates_of(table: str) -> list[str]:
    listed = [entry.name for entry in TABLES[table].columns if entry.type is ColumnType.DATE]
    return [name for name in listed if name not in MAY_LIE_AHEAD]


def date_fault(table: str) -> WorkOut:
    """The first date of a row that is after the day or before 1900 (an income also before its member's birth), or ''."""
    columns = _dates_of(table)

    def work_out(row: Row, tables: Tables, context: Context) -> str:
        for name in columns:
            day = row.get(name)
            ahead = row.get("realised") is not False if table == "income_items" else True
            if day is not None and ((day > context.on and ahead) or day < FIRST_DAY):
                return name
        return "received_on" if table == "income_items" and _before_birth(row, tables) else ""

    return work_out


def _before_birth(item: Row, tables: Tables) -> bool:
    if item.get("member_id") is None or item.get("received_on") is None:
        return False
    return any(
        member.get("member_id") == item["member_id"]
        and member.get("birth_date") is not None
        and item["received_on"] < member["birth_date"]
        for member in tables.get("members") or ()
    )


def _date_fault_sql(table: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        columns = [name for name in _dates_of(table) if around.has(table, name)]
        first = sql_date(FIRST_DAY)
        branches = []
        for name in columns:
            ahead = f't."{name}" > {around.day}'
            if table == "income_items" and around.has(table, "realised"):
                ahead = f"({ahead} AND coalesce(t.realised, true))"
            branches.append(f"WHEN {ahead} OR t.\"{name}\" < {first} THEN '{name}'")
        joins: tuple[str, ...] = ()
        if (
            table == "income_items"
            and around.has(table, "member_id", "received_on")
            and around.has("members", "member_id", "birth_date")
        ):
            joins = (
                f"LEFT JOIN (SELECT household_id, member_id, max(birth_date) AS birth_date FROM {around.relations['members']} "
                "GROUP BY ALL) AS born ON born.household_id = t.household_id AND born.member_id = t.member_id",
            )  # fmt: skip
            branches.append("WHEN t.received_on < born.birth_date THEN 'received_on'")
        return Sql(f"CASE {' '.join(branches)} ELSE '' END" if branches else "''", joins)

    return build


def _months(day: date | None) -> int | None:
    return None if day is None else day.year * 12 + day.month


def _month_of(name: str) -> WorkOut:
    return lambda row, tables, context: _months(row.get(name))


def _household_month(name: str) -> WorkOut:
    return lambda row, tables, context: _months(_household(tables).get(name))


def _household(tables: Tables) -> Row:
    rows = tables.get("households") or ({},)
    return rows[0]


def _month_sql(column: str) -> str:
    return f"(year({column}) * 12 + month({column}))"


def _household_month_sql(name: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        if not around.has("households", name):
            return Sql("CAST(NULL AS INTEGER)")
        join = f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id"
        return Sql(_month_sql(f'hh."{name}"'), (join,))

    return build


def range_when_resolved(row: Row, tables: Tables, context: Context) -> Any:
    """The monitoring range of the place on the day of the removal, yuan per person and year."""
    day, area = row.get("resolved_on"), row.get("area_code") or context.area
    if day is None:
        return None
    held = [value for value in context.ranges if value.holds(day, area)]
    best = max(held, key=lambda value: (len(value.area), value.first or date.min), default=None)
    return best.value if best else None


def _range_sql(around: Surroundings) -> Sql:
    area = f"coalesce({around.column('households', 'area_code')}, '{around.area}')"
    branches = []
    for value in sorted(around.ranges, key=lambda v: (-len(v.area), -(v.first or date.min).toordinal())):
        tests = [f"starts_with({area}, '{value.area}')"] if value.area else []
        tests += [f"t.resolved_on >= {sql_date(value.first)}"] if value.first else []
        tests += [f"t.resolved_on <= {sql_date(value.last)}"] if value.last else []
        shown = "NULL" if value.value is None else str(value.value)
        branches.append(f"WHEN {' AND '.join(['t.resolved_on IS NOT NULL', *tests])} THEN {shown}")
    return Sql(
        f"CAST(CASE {' '.join(branches)} END AS DECIMAL(18,2))" if branches else "CAST(NULL AS DECIMAL(18,2))"
    )


def settled_on(row: Row, tables: Tables, context: Context) -> date | None:
    """From when on the effect of what helped must still show: some days after the removal (``benefit_days``)."""
    day, days = row.get("resolved_on"), context.parameters.get("benefit_days")
    return None if day is None or days is None else day + timedelta(days=int(days))


def effect_due(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether as many days again have passed since then, so that something ought to have come in."""
    start, days = settled_on(row, tables, context), context.parameters.get("benefit_days")
    return None if start is None or days is None else context.on >= start + timedelta(days=int(days))


def _settled_sql(times: int) -> Builder:
    def build(around: Surroundings) -> Sql:
        days = around.parameter("benefit_days")
        if days is None:
            return Sql("CAST(NULL AS DATE)" if times == 1 else "CAST(NULL AS BOOLEAN)")
        moved = f"(t.resolved_on + {times * int(days)})"
        return Sql(moved if times == 1 else f"({around.day} >= {moved})")

    return build


def stage_stated(row: Row, tables: Tables, context: Context) -> str | None:
    """The stage that the case says of itself; unknown where the word is none of ours."""
    return STAGES.get(row.get("state") or "")


def stage_by_dates(row: Row, tables: Tables, context: Context) -> str:
    """The stage that its dates show: open, approved, resolved or withdrawn."""
    if row.get("withdrawn_on") is not None:
        return "withdrawn"
    removed, back = row.get("removal_approved_on"), row.get("rolled_back_on")
    if removed is not None and (back is None or back < removed):
        return "resolved"
    return "open" if row.get("approved_on") is None else "approved"


def _stage_sql(around: Surroundings) -> Sql:
    def column(name: str) -> str:
        return around.column("cases", name, kind="DATE")

    back = f"({column('rolled_back_on')} IS NULL OR {column('rolled_back_on')} < {column('removal_approved_on')})"
    return Sql(
        f"CASE WHEN {column('withdrawn_on')} IS NOT NULL THEN 'withdrawn' "
        f"WHEN {column('removal_approved_on')} IS NOT NULL AND {back} THEN 'resolved' "
        f"WHEN {column('approved_on')} IS NULL THEN 'open' ELSE 'approved' END"
    )


def _stated_sql(around: Surroundings) -> Sql:
    branches = " ".join(f"WHEN '{state}' THEN '{stage}'" for state, stage in STAGES.items())
    return Sql(f"CASE t.state {branches} END")


COLUMNS: tuple[Prepared, ...] = (
    *(Prepared(table, "date_fault", TEXT, (), "有误的日期", "the date that is wrong", date_fault(table)) for table in DATED),
    Prepared("households", "range_when_resolved", MONEY, ("resolved_on",), "消除当年的监测范围", "monitoring range when resolved", range_when_resolved),
    Prepared("households", "settled_on", DATE, ("resolved_on",), "消除后应见成效的起始日", "day from which the effect must last", settled_on),
    Prepared("households", "effect_due", BOOL, ("resolved_on",), "消除后已过观察期", "long enough since the removal", effect_due),
    Prepared("cases", "approved_month", INT, ("approved_on",), "批准月份", "month of approval", _month_of("approved_on")),
    Prepared("cases", "removal_approved_month", INT, ("removal_approved_on",), "消除批准月份", "month of the removal", _month_of("removal_approved_on")),
    Prepared("cases", "household_identified_month", INT, (), "户的识别月份", "the household's month of identification", _household_month("identified_on")),
    Prepared("cases", "household_resolved_month", INT, (), "户的消除月份", "the household's month of removal", _household_month("resolved_on")),
    Prepared("cases", "stage_stated", TEXT, ("state",), "档案所述阶段", "stage as stated", stage_stated),
    Prepared("cases", "stage_by_dates", TEXT, (), "按日期所处阶段", "stage by the dates", stage_by_dates),
    Prepared("cases", "same_days_cases", INT, ("discovered_on", "verified_on", "reviewed_on", "approved_on"), "同村各步日期全同的档案数",
             "cases of the village with the same days", given("same_days_cases"), neighbours=True, layouts=("same_day_cases",)),
    Prepared("cases", "batch_removals", INT, ("removal_approved_on",), "本村七天内消除户数", "removals of the village within seven days",
             given("batch_removals"), neighbours=True, layouts=("removal_batches",)),
    Prepared("cases", "year_removals", INT, ("removal_approved_on",), "本村当年消除户数", "removals of the village in that year",
             given("year_removals"), neighbours=True, layouts=("removal_batches",)),
)  # fmt: skip


def _of_village(around: Surroundings, wanted: str) -> str:
    """Cases with their village, as ``c`` and ``area_code``."""
    return (
        f"FROM {around.relations['cases']} AS c JOIN {around.relations['households']} AS h ON h.household_id = c.household_id "
        f"WHERE h.area_code IS NOT NULL AND {wanted}"
    )


_SAME_DAYS = ("discovered_on", "verified_on", "reviewed_on", "approved_on")


def _same_day_layout(around: Surroundings) -> str:
    if not (around.has("cases", *_SAME_DAYS) and around.has("households", "area_code")):
        return "SELECT CAST(NULL AS VARCHAR) AS case_id, 0 AS cases WHERE false"
    known = " AND ".join(f"c.{name} IS NOT NULL" for name in _SAME_DAYS)
    days = ", ".join(f"c.{name}" for name in _SAME_DAYS)
    return (
        f"SELECT case_id, cases FROM (SELECT c.case_id, CAST(count(*) OVER (PARTITION BY h.area_code, {days}) AS INTEGER) AS cases "
        f"{_of_village(around, known)}) WHERE cases > 1"
    )


def _batch_layout(around: Surroundings) -> str:
    if not (around.has("cases", "removal_approved_on") and around.has("households", "area_code")):
        return "SELECT CAST(NULL AS VARCHAR) AS case_id, 0 AS batch, 0 AS year WHERE false"
    return f"""
        WITH removals AS (SELECT h.area_code, c.case_id, c.removal_approved_on AS day {_of_village(around, "c.removal_approved_on IS NOT NULL")}),
        days AS (SELECT area_code, day, count(*) AS n FROM removals GROUP BY ALL),
        weeks AS (SELECT area_code, day, sum(n) OVER (PARTITION BY area_code ORDER BY day RANGE BETWEEN CURRENT ROW AND INTERVAL 6 DAYS FOLLOWING) AS n FROM days),
        most AS (SELECT area_code, day, max(n) OVER (PARTITION BY area_code ORDER BY day RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW) AS n FROM weeks)
        SELECT r.case_id, CAST(m.n AS INTEGER) AS batch, CAST(count(*) OVER (PARTITION BY r.area_code, year(r.day)) AS INTEGER) AS year
        FROM removals AS r JOIN most AS m ON m.area_code = r.area_code AND m.day = r.day
    """


SQL: Mapping[tuple[str, str], Builder] = {
    **{(table, "date_fault"): _date_fault_sql(table) for table in DATED},
    ("households", "range_when_resolved"): _range_sql,
    ("households", "settled_on"): _settled_sql(1),
    ("households", "effect_due"): _settled_sql(2),
    ("cases", "approved_month"): lambda around: Sql(_month_sql("t.approved_on")),
    ("cases", "removal_approved_month"): lambda around: Sql(_month_sql("t.removal_approved_on")),
    ("cases", "household_identified_month"): _household_month_sql("identified_on"),
    ("cases", "household_resolved_month"): _household_month_sql("resolved_on"),
    ("cases", "stage_stated"): _stated_sql,
    ("cases", "stage_by_dates"): _stage_sql,
    ("cases", "same_days_cases"): lambda around: Sql(
        "coalesce(sd.cases, CASE WHEN "
        + " AND ".join(f"t.{name} IS NOT NULL" for name in _SAME_DAYS)
        + " THEN 1 END)",
        ('LEFT JOIN "same_day_cases" AS sd ON sd.case_id = t.case_id',),
    ),
    ("cases", "batch_removals"): lambda around: Sql(
        "rb.batch", ('LEFT JOIN "removal_batches" AS rb ON rb.case_id = t.case_id',)
    ),
    ("cases", "year_removals"): lambda around: Sql(
        "rb.year", ('LEFT JOIN "removal_batches" AS rb ON rb.case_id = t.case_id',)
    ),
}
LAYOUTS: Mapping[str, Layout] = {"same_day_cases": _same_day_layout, "removal_batches": _batch_layout}
