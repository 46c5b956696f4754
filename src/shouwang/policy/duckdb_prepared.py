"""The prepared columns of :mod:`shouwang.policy.prepared`, in DuckDB SQL; builders only, nothing runs here.

Each is an expression over the rows of its table (alias ``t``) and, where it needs other rows, a join. The relations
``pack_kinds``, ``working_days`` and ``cost_fences`` are laid out before the plan runs (see ``duckdb_engine``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from shouwang.policy.builtins import last_31_august, window_first, window_last
from shouwang.policy.columns import themes
from shouwang.policy.columns.base import Builder, Sql, Surroundings, sql_date
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import CODES, TABLES
from shouwang.tables.dictionary import Type as ColumnType

if TYPE_CHECKING:
    from shouwang.policy.plan import Plan

LAYOUTS = themes.LAYOUTS


def surroundings(plan: Plan, relations: Mapping[str, str]) -> Surroundings:
    """What the prepared columns of a plan rest on, over these relations by table."""
    return Surroundings(
        plan.on, plan.window, relations, plan.present, plan.parameters, plan.ranges, plan.pack.area
    )


def key_columns(table: str) -> tuple[str, ...]:
    """The columns that together name a row of a table whose columns of neighbours are read."""
    return (TABLES[table].key,) if TABLES[table].key else ("area_code", "year")


def neighbours_read(plan: Plan, table: str) -> list[str]:
    """The columns of ``table`` that know of other households and that the plan reads."""
    row_sets = [*plan.row_sets.values(), *plan.row_rules.values()]
    used = (
        plan.household_prepared
        if table == "households"
        else set().union(*(r.prepared for r in row_sets if r.table == table and not r.of))
    )
    return sorted(name for name in used if PREPARED[table][name].layouts)


def layouts_needed(plan: Plan) -> list[str]:
    """The layouts that the plan's columns of neighbours rest on, in the order in which they are listed."""
    needed = {
        layout
        for table in TABLES for name in neighbours_read(plan, table) for layout in PREPARED[table][name].layouts
    }  # fmt: skip
    return [name for name in LAYOUTS if name in needed]


def prepared_sql(table: str, name: str, around: Surroundings) -> Sql:
    """The SQL of one prepared column; KeyError where there is none of that name."""
    PREPARED[table][name]  # the list says what there is
    special = _SPECIAL.get((table, name)) or themes.SQL.get((table, name))
    if special is not None:
        return special(around)
    if name.startswith("household_") and "households" in around.relations:
        if not around.has("households", name.removeprefix("household_")):
            return Sql("NULL")
        join = f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id"
        return Sql(f'hh."{name.removeprefix("household_")}"', (join,))
    for column in TABLES[table].columns:
        if column.type is ColumnType.DATE and name == f"{column.name}_days_ago":
            return Sql(f'({around.day} - t."{column.name}")')
        if column.type is ColumnType.LIST and column.codes and name.startswith(f"{column.name}_"):
            code = name.removeprefix(f"{column.name}_")
            if code in {entry.code for entry in CODES[column.codes]}:
                return Sql(f"""contains(';' || t."{column.name}" || ';', ';{code};')""")
    raise KeyError(name)


_KINDS = "LEFT JOIN pack_kinds AS k ON k.kind = t.kind"


def _age(on: date) -> str:
    number = on.year * 10000 + on.month * 100 + on.day
    birth = "(year(t.birth_date) * 10000 + month(t.birth_date) * 100 + day(t.birth_date))"
    return f"CAST(({number} - {birth}) // 10000 AS INTEGER)"


def _age_sql(around: Surroundings) -> Sql:
    return Sql(f"CASE WHEN t.birth_date <= {around.day} THEN {_age(around.on)} END")


def _school_age_sql(around: Surroundings) -> Sql:
    school = last_31_august(around.on)
    return Sql(
        f"CASE WHEN t.birth_date <= {sql_date(school)} THEN {_age(school)} WHEN t.birth_date <= {around.day} THEN -1 END"
    )


def _has(around: Surroundings, table: str, *columns: str) -> bool:
    return table in around.relations and set(columns) <= around.columns[table]


def _earner_counts(around: Surroundings) -> Sql:
    if (
        not _has(around, "members", "serving", "shares_income", "member_id")
        or "member_id" not in around.columns["income_items"]
    ):
        return Sql("true")
    join = (
        f"LEFT JOIN (SELECT DISTINCT household_id, member_id FROM {around.relations['members']} "
        "WHERE serving AND NOT shares_income) AS n ON n.household_id = t.household_id AND n.member_id = t.member_id"
    )
    return Sql("(n.member_id IS NULL)", (join,))


def _quarter_key(around: Surroundings) -> Sql:
    columns = around.columns["income_items"]
    computed = (
        "(year(t.received_on) || 'Q' || quarter(t.received_on))" if "received_on" in columns else "NULL"
    )
    return Sql(f"coalesce(t.quarter, {computed})" if "quarter" in columns else computed)


def _public_post_paid(around: Surroundings) -> Sql:
    needed = ("kind", "received_on")
    if not _has(around, "income_items", *needed):
        return Sql("CAST(NULL AS BOOLEAN)")
    columns = around.columns["income_items"]
    realised = "coalesce(i.realised, true)" if "realised" in columns else "true"
    member = "i.member_id" if "member_id" in columns else "CAST(NULL AS VARCHAR)"
    first, last = (
        sql_date(window_first(around.on, around.window)),
        sql_date(window_last(around.on, around.window)),
    )
    paid = (
        f"(SELECT DISTINCT i.household_id, {member} AS member_id FROM {around.relations['income_items']} AS i "
        f"JOIN pack_kinds AS ik ON ik.kind = i.kind WHERE ik.work_place = 'public_post' AND {realised} "
        f"AND i.received_on BETWEEN {first} AND {last})"
    )
    own = f"LEFT JOIN {paid} AS o ON o.household_id = t.household_id AND o.member_id = t.member_id"
    anybody = f"LEFT JOIN (SELECT DISTINCT household_id FROM {paid} WHERE member_id IS NULL) AS a ON a.household_id = t.household_id"
    return Sql("(o.household_id IS NOT NULL OR a.household_id IS NOT NULL)", (own, anybody))


def _verify_working_days(around: Surroundings) -> Sql:
    joins = (
        "LEFT JOIN working_days AS w1 ON w1.day = t.received_on",
        f"LEFT JOIN working_days AS w2 ON w2.day = coalesce(t.verified_on, {around.day})",
    )
    return Sql("(w2.number - w1.number)", joins)


def _latest(table: str, *order: str) -> Sql:
    day = order[0]
    key = TABLES[table].key
    ordered = ", ".join(f't."{name}" DESC NULLS LAST' for name in (*order, key))
    return Sql(
        f"(row_number() OVER (PARTITION BY t.household_id ORDER BY (t.{day} IS NULL OR t.{day} <= {{day}}) DESC, {ordered}) = 1 "
        f"AND (t.{day} IS NULL OR t.{day} <= {{day}}))"
    )


def _latest_of(table: str, *order: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        there = [name for name in order if name in around.columns[table]]
        if order[0] not in there:
            return Sql(
                f"(row_number() OVER (PARTITION BY t.household_id ORDER BY t.{TABLES[table].key} DESC) = 1)"
            )
        return Sql(_latest(table, *there).expression.replace("{day}", around.day))

    return build


def _fence(place: str) -> Builder:
    alias = f"f_{place}"
    join = f"LEFT JOIN cost_fences AS {alias} ON {alias}.area_code = t.area_code AND {alias}.work_place = '{place}'"
    return lambda around: Sql(f"{alias}.fence", (join,))


_SPECIAL: dict[tuple[str, str], Builder] = {
    ("households", "monitored_days"): lambda around: Sql("(t.resolved_on - t.identified_on)"),
    ("households", "income_band_ticked"): lambda around: Sql("t.income_band"),
    ("households", "cost_fence_outside"): _fence("outside_province"),
    ("households", "cost_fence_province"): _fence("in_province"),
    ("households", "cost_fence_county"): _fence("in_county"),
    ("members", "age"): _age_sql,
    ("members", "school_age"): _school_age_sql,
    ("members", "public_post_paid"): _public_post_paid,
    ("income_items", "counts_as"): lambda around: Sql("k.counts_as", (_KINDS,)),
    ("income_items", "work_place"): lambda around: Sql("k.work_place", (_KINDS,)),
    ("income_items", "is_total"): lambda around: Sql("k.is_total", (_KINDS,)),
    ("income_items", "earner_counts"): _earner_counts,
    ("income_items", "quarter_key"): _quarter_key,
    ("alerts", "verify_working_days"): _verify_working_days,
    ("visits", "is_latest"): _latest_of("visits", "visited_on", "received_at"),
    ("cases", "is_latest"): _latest_of("cases", "discovered_on", "approved_on"),
    ("cases", "discovery_days"): lambda around: Sql(
        f"(coalesce(t.approved_on, {around.day}) - t.discovered_on)"
    ),
    ("cases", "plan_days"): lambda around: Sql(f"(coalesce(t.plan_on, {around.day}) - t.approved_on)"),
    ("cases", "notice_days"): lambda around: Sql("(t.notice_to - t.notice_from + 1)"),
}
