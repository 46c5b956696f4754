"""Prepared columns about measures: whether the kind fits the risk, and whether somebody can and does take it up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shouwang.policy.columns import current_case
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
from shouwang.policy.columns.risks import CAUSES, of_case
from shouwang.policy.types import BOOL

ANY = "any"
"""The value of ``measure_kinds_RISK`` that lets every kind of measure answer the risk."""
PLACES = ("county", "province", "outside")
CAPACITIES = ("skilled", "ordinary", "weak")


def any_of(values: Sequence[bool | None]) -> bool | None:
    """One yes is yes, else one unknown is unknown."""
    return True if True in values else None if None in values else False


def kind_fits(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the kind is among those that the pack lists for the risk; unknown where the pack lists none."""
    kinds = context.parameters.get(f"measure_kinds_{row.get('risk')}")
    if kinds is None or kinds == ANY:
        return None if kinds is None else True
    return None if row.get("kind") is None else row["kind"] in kinds.split(";")


def risk_in_case(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the risk that the measure answers is among those of the current case."""
    found = current_case.current_case(tables, context)
    risks = None if found is None else found.get("risks")
    return None if not risks or row.get("risk") is None else row["risk"] in risks.split(";")


def _present(tables: Tables, context: Context) -> list[Row] | None:
    members = tables.get("members")
    if members is None:
        return None
    return [row for row in members if row.get("left_on") is None or row["left_on"] > context.on]


def has_worker(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a member is able or weak."""
    members = _present(tables, context)
    if members is None:
        return None
    return any_of(
        [
            None if member.get("labour_capacity") is None else member["labour_capacity"] in CAPACITIES
            for member in members
        ]
    )


def has_public_post(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a member holds a public post."""
    members = _present(tables, context)
    return None if members is None else any_of([member.get("public_post") for member in members])


def _works(member: Row) -> bool | None:
    place, months = member.get("employment_place"), member.get("months_worked")
    return any_of([None if place is None else place in PLACES, None if months is None else months > 0])


def worked_since(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a member works, or a wage came in on done_on or later; an item without a day or a kind may be such a
    wage, and without the items nobody knows of wages."""
    members, items = _present(tables, context), tables.get("income_items")
    done = row.get("done_on")
    if members is None or done is None:
        return None
    paid = [None] if items is None else [_wage_since(item, done, context) for item in items]
    return any_of([*paid, *(_works(member) for member in members)])


def _wage_since(item: Row, done: date, context: Context) -> bool | None:
    kind, day = item.get("kind"), item.get("received_on")
    known = context.kinds.get(kind or "")
    wage = None if kind is None else known is not None and known.counts_as == "wage"
    if wage is False or item.get("realised") is False:
        return False
    since = None if day is None else done <= day <= context.on
    return False if since is False else None if since is None else wage


def identified_before_cutoff(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the household was identified before the day by which premiums of the year are helped with."""
    cutoff = _cutoff(context.on.year, context.parameters.get("premium_cutoff"))
    return None if cutoff is None or row.get("identified_on") is None else row["identified_on"] < cutoff


def _cutoff(year: int, month_and_day: Any) -> date | None:
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", str(month_and_day)):
        return None
    try:
        return date.fromisoformat(f"{year:04d}-{month_and_day}")
    except ValueError:
        return None


# the same in SQL

UNKNOWN = Sql("CAST(NULL AS BOOLEAN)")


def quoted(values: Sequence[str]) -> str:
    """Texts as a list in SQL."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _kind_fits_sql(around: Surroundings) -> Sql:
    cases, kind = [], around.column("measures", "kind", "t", "VARCHAR")
    for risk in CAUSES:
        kinds = around.parameter(f"measure_kinds_{risk}")
        if kinds is not None:
            fits = "true" if kinds == ANY else f"{kind} IN ({quoted(str(kinds).split(';'))})"
            cases.append(f"WHEN t.risk = '{risk}' THEN {fits}")
    return Sql(f"CASE {' '.join(cases)} END") if cases else UNKNOWN


def _risk_in_case_sql(around: Surroundings) -> Sql:
    risks = of_case(around, "measures", "risks", "VARCHAR")
    return Sql(f"contains(';' || nullif({risks.expression}, '') || ';', ';' || t.risk || ';')", risks.joins)


def _three(condition: str) -> str:
    """An aggregate that is true where one row is, else unknown where one is."""
    decided = f"max(CASE WHEN {condition} THEN 2 WHEN ({condition}) IS NULL THEN 1 ELSE 0 END)"
    return f"CASE {decided} WHEN 2 THEN true WHEN 0 THEN false END"


def _of_members(around: Surroundings) -> tuple[str, ...]:
    """What is known of the members of households with measures: three truths of a household."""
    if not around.has("members", "household_id"):
        return ()

    def column(name: str, kind: str = "VARCHAR") -> str:
        return around.column("members", name, "m", kind)

    there = f"coalesce({column('left_on', 'DATE')} > {around.day}, true)"
    works = (
        f"({column('employment_place')} IN ({quoted(PLACES)}) OR {column('months_worked', 'INTEGER')} > 0)"
    )
    able = f"({column('labour_capacity')} IN ({quoted(CAPACITIES)}))"
    return (
        f"LEFT JOIN (SELECT m.household_id, {_three(able)} AS able, {_three(works)} AS works, "
        f"{_three(column('public_post', 'BOOLEAN'))} AS post FROM {around.relations['members']} AS m WHERE {there} "
        f"AND m.household_id IN (SELECT household_id FROM {around.relations['measures']}) GROUP BY m.household_id) AS people "
        f"ON people.household_id = t.household_id",
    )


def _of_people(name: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        joins = _of_members(around)
        if not joins:
            return UNKNOWN
        return Sql(f"CASE WHEN people.household_id IS NULL THEN false ELSE people.{name} END", joins)

    return build


def realised(around: Surroundings) -> str:
    """Whether an item (alias ``i``) was realised; what does not say so was."""
    return f"coalesce({around.column('income_items', 'realised', 'i', 'BOOLEAN')}, true)"


def _worked_since_sql(around: Surroundings) -> Sql:
    works = _of_people("works")(around)
    if works is UNKNOWN or not around.has("income_items", "household_id"):
        return Sql(f"CASE WHEN t.done_on IS NOT NULL AND {works.expression} THEN true END", works.joins)
    day = around.column("income_items", "received_on", "i", "DATE")
    kind = around.column("income_items", "kind", "i", "VARCHAR")
    wages = (
        f"LEFT JOIN (SELECT i.household_id, max({day}) FILTER ({kind} IS NOT NULL AND {day} <= {around.day}) AS day, "
        f"max({day}) FILTER ({kind} IS NULL AND {day} <= {around.day}) AS of_no_kind, bool_or({day} IS NULL) AS undated "
        f"FROM {around.relations['income_items']} AS i LEFT JOIN pack_kinds AS ik ON ik.kind = {kind} "
        f"WHERE ({kind} IS NULL OR ik.counts_as = 'wage') AND {realised(around)} "
        f"AND i.household_id IN (SELECT household_id FROM {around.relations['measures']}) "
        "GROUP BY i.household_id) AS wages ON wages.household_id = t.household_id"
    )
    return Sql(
        f"CASE WHEN t.done_on IS NULL THEN NULL WHEN wages.day >= t.done_on OR {works.expression} THEN true "
        "WHEN coalesce(wages.undated, false) OR coalesce(wages.of_no_kind >= t.done_on, false) "
        f"OR ({works.expression}) IS NULL THEN NULL ELSE false END",
        (*works.joins, wages),
    )


def _identified_before_cutoff_sql(around: Surroundings) -> Sql:
    cutoff = _cutoff(around.on.year, around.parameter("premium_cutoff"))
    return UNKNOWN if cutoff is None else Sql(f"(t.identified_on < {sql_date(cutoff)})")


COLUMNS: tuple[Prepared, ...] = (
    Prepared("measures", "kind_fits", BOOL, ("risk",), "措施类别与对应风险相符", "the kind answers the risk", kind_fits),
    Prepared("measures", "risk_in_case", BOOL, ("risk",), "对应风险在当前档案里", "the risk is one of the current case", risk_in_case),
    Prepared("measures", "has_worker", BOOL, (), "家中有劳动力或弱劳动力", "a member is able or weak", has_worker),
    Prepared("measures", "has_public_post", BOOL, (), "家中有人在公益性岗位", "a member holds a public post", has_public_post),
    Prepared("measures", "worked_since", BOOL, ("done_on",), "完成以后有人务工", "somebody worked since it was done", worked_since),
    Prepared("households", "identified_before_cutoff", BOOL, ("identified_on",), "今年参保补贴截止日前已识别", "identified before this year's day for premium help", identified_before_cutoff),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("measures", "kind_fits"): _kind_fits_sql,
    ("measures", "risk_in_case"): _risk_in_case_sql,
    ("measures", "has_worker"): _of_people("able"),
    ("measures", "has_public_post"): _of_people("post"),
    ("measures", "worked_since"): _worked_since_sql,
    ("households", "identified_before_cutoff"): _identified_before_cutoff_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
