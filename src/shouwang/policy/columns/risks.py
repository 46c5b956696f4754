"""Prepared columns about the risks of the household's current case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shouwang.policy.builtins import months_back_12, years_between
from shouwang.policy.columns import current_case
from shouwang.policy.columns.base import Builder, Context, Layout, Prepared, Row, Sql, Surroundings, Tables
from shouwang.policy.types import BOOL, INT
from shouwang.tables.dictionary import CODES

CAUSES = tuple(entry.code for entry in CODES["cause"])


def listed(text: str | None) -> set[str]:
    """The causes in a list of codes joined by ``;``."""
    return set(CAUSES) & set((text or "").split(";"))


def _discovered(tables: Tables, context: Context) -> date | None:
    found = current_case.current_case(tables, context)
    return None if found is None else found.get("discovered_on")


def risks_count(row: Row, tables: Tables, context: Context) -> int | None:
    """How many different risks the case has; 0 for an empty list that was given."""
    return None if row.get("risks") is None else len(listed(row["risks"]))


def age_when_discovered(row: Row, tables: Tables, context: Context) -> int | None:
    """Full years on the day of the discovery; unknown without a case, and for who was not born then."""
    birth, day = row.get("birth_date"), _discovered(tables, context)
    return None if birth is None or day is None else years_between(birth, day)


def near_discovery(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the alert happened or came within the 12 months up to the discovery; one that came later and has no day
    of the event may have happened before."""
    day, event, received = _discovered(tables, context), row.get("event_on"), row.get("received_on")
    if day is None:
        return None
    if any(known is not None and months_back_12(day) <= known <= day for known in (event, received)):
        return True
    return None if event is None and (received is None or received > day) else False


def causes_beyond_case(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the visit names a cause that is not among the risks of the current case."""
    found = current_case.current_case(tables, context)
    risks = None if found is None else found.get("risks")
    if row.get("causes") is None or risks is None:
        return None
    return bool(listed(row["causes"]) - listed(risks))


# the same in SQL


def has_cause(text: str, cause: str) -> str:
    """Whether the list in the SQL expression ``text`` has the cause."""
    return f"contains(';' || {text} || ';', ';{cause};')"


def of_case(around: Surroundings, table: str, name: str, kind: str) -> Sql:
    """A column of the current case for the rows of a table, typed also where the data lacks it."""
    found = current_case.SQL[(table, f"case_{name}")](around)
    return Sql(f"CAST({found.expression} AS {kind})", found.joins)


def _risks_count_sql(around: Surroundings) -> Sql:
    return Sql("(" + " + ".join(f"CAST({has_cause('t.risks', cause)} AS INTEGER)" for cause in CAUSES) + ")")


def _number(day: str) -> str:
    return f"(year({day}) * 10000 + month({day}) * 100 + day({day}))"


def _age_when_discovered_sql(around: Surroundings) -> Sql:
    day = of_case(around, "members", "discovered_on", "DATE")
    years = f"({_number(day.expression)} - {_number('t.birth_date')}) // 10000"
    return Sql(f"CASE WHEN t.birth_date <= {day.expression} THEN CAST({years} AS INTEGER) END", day.joins)


def _near_discovery_sql(around: Surroundings) -> Sql:
    found = of_case(around, "alerts", "discovered_on", "DATE")
    day, event, received = (
        found.expression,
        around.column("alerts", "event_on", kind="DATE"),
        around.column("alerts", "received_on", kind="DATE"),
    )
    within = " OR ".join(
        f"{known} BETWEEN CAST({day} - INTERVAL 1 YEAR AS DATE) AND {day}" for known in (event, received)
    )
    late = f"{event} IS NULL AND ({received} IS NULL OR {received} > {day})"
    return Sql(
        f"CASE WHEN {day} IS NULL THEN NULL WHEN {within} THEN true WHEN {late} THEN NULL ELSE false END",
        found.joins,
    )


def _causes_beyond_case_sql(around: Surroundings) -> Sql:
    risks = of_case(around, "visits", "risks", "VARCHAR")
    beyond = " OR ".join(
        f"({has_cause('t.causes', cause)} AND NOT {has_cause(risks.expression, cause)})" for cause in CAUSES
    )
    return Sql(f"CASE WHEN t.causes IS NOT NULL AND {risks.expression} IS NOT NULL THEN {beyond} END", risks.joins)  # fmt: skip


COLUMNS: tuple[Prepared, ...] = (
    Prepared("cases", "risks_count", INT, ("risks",), "风险类型个数", "number of risks", risks_count),
    Prepared("members", "age_when_discovered", INT, ("birth_date",), "当前档案发现风险时的周岁", "full years when the current case was discovered", age_when_discovered),
    Prepared("alerts", "near_discovery", BOOL, (), "在当前档案发现风险前12个月内", "within the 12 months before the current case was discovered", near_discovery),
    Prepared("visits", "causes_beyond_case", BOOL, ("causes",), "有当前档案风险以外的原因", "a cause that is no risk of the current case", causes_beyond_case),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("cases", "risks_count"): _risks_count_sql,
    ("members", "age_when_discovered"): _age_when_discovered_sql,
    ("alerts", "near_discovery"): _near_discovery_sql,
    ("visits", "causes_beyond_case"): _causes_beyond_case_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
