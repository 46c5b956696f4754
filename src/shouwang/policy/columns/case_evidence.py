"""Prepared columns of a case that look at the household's alerts, visits, measures and members: what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
    given,
)  # fmt: skip
from shouwang.policy.types import BOOL, DATE

EMERGENCIES = ("disaster", "accident", "serious_illness")


def _applied(alert: Row) -> bool:
    return alert.get("source") == "application" or alert.get("kind") == "self_application"


def _near(case: Row, tables: Tables, context: Context, *, applications: bool) -> bool | None:
    """Whether an alert (or an application) was received within some days of the discovery."""
    alerts, day, days = (
        tables.get("alerts"),
        case.get("discovered_on"),
        context.parameters.get("discovery_days_near"),
    )
    if alerts is None or day is None or days is None:
        return None
    return any(
        alert.get("received_on") is not None
        and abs((alert["received_on"] - day).days) <= int(days)
        and (_applied(alert) or not applications)
        for alert in alerts
    )


def alerted_near(row: Row, tables: Tables, context: Context) -> bool | None:
    return _near(row, tables, context, applications=False)


def applied_near(row: Row, tables: Tables, context: Context) -> bool | None:
    return _near(row, tables, context, applications=True)


def visited_that_day(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether there was a visit on the day of the discovery."""
    visits, day = tables.get("visits"), row.get("discovered_on")
    return None if visits is None or day is None else any(visit.get("visited_on") == day for visit in visits)


def emergency_alerted(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether there is an alert of a disaster, an accident or a serious illness."""
    alerts = tables.get("alerts")
    return None if alerts is None else any(alert.get("kind") in EMERGENCIES for alert in alerts)


def helped_at_once(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a measure was done from the discovery on within ``green_days``."""
    measures, day, days = (
        tables.get("measures"),
        row.get("discovered_on"),
        context.parameters.get("green_days"),
    )
    if measures is None or day is None or days is None:
        return None
    last = day + timedelta(days=int(days))
    return any(
        measure.get("done_on") is not None and day <= measure["done_on"] <= last for measure in measures
    )


def some_measure_done(row: Row, tables: Tables, context: Context) -> bool | None:
    measures = tables.get("measures")
    return None if measures is None else any(_done(measure, context) for measure in measures)


def _done(measure: Row, context: Context) -> bool:
    return measure.get("done_on") is not None and measure["done_on"] <= context.on


def risks_unanswered(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether one of the case's risks is answered by no done measure."""
    measures, risks = tables.get("measures"), row.get("risks")
    if measures is None or risks is None:
        return None
    answered = {measure.get("risk") for measure in measures if _done(measure, context)}
    return any(risk not in answered for risk in risks.split(";") if risk)


def nobody_left(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether no member is present any more (died or moved out)."""
    members: Any = tables.get("members")
    return (
        None
        if members is None
        else all(m.get("left_on") is not None and m["left_on"] <= context.on for m in members)
    )


COLUMNS: tuple[Prepared, ...] = (
    Prepared("cases", "alerts_kept_from", DATE, (), "最早的预警日期", "day of the earliest alert that is kept", given("alerts_kept_from"), True, ("alerts_kept",)),
    Prepared("cases", "visits_kept_from", DATE, (), "最早的走访日期", "day of the earliest visit that is kept", given("visits_kept_from"), True, ("visits_kept",)),
    Prepared("cases", "alerted_near", BOOL, ("discovered_on",), "发现前后有预警", "an alert near the discovery", alerted_near),
    Prepared("cases", "applied_near", BOOL, ("discovered_on",), "发现前后有申请", "an application near the discovery", applied_near),
    Prepared("cases", "visited_that_day", BOOL, ("discovered_on",), "发现当天有走访", "a visit on the day of the discovery", visited_that_day),
    Prepared("cases", "emergency_alerted", BOOL, (), "有灾害、事故或大病预警", "alert of disaster, accident or illness", emergency_alerted),
    Prepared("cases", "helped_at_once", BOOL, ("discovered_on",), "发现后及时帮扶", "helped at once", helped_at_once),
    Prepared("cases", "some_measure_done", BOOL, (), "有已落实的措施", "a measure is done", some_measure_done),
    Prepared("cases", "risks_unanswered", BOOL, ("risks",), "有风险没有措施对应", "a risk without a measure", risks_unanswered),
    Prepared("cases", "nobody_left", BOOL, (), "家中已无成员", "no member left", nobody_left),
)  # fmt: skip


def _of_rows(table: str, columns: tuple[str, ...], test: str, known: str) -> Builder:
    """Whether some row of the household's ``table`` (as ``e``) passes a test with the case (``t``); linear by household."""

    def build(around: Surroundings) -> Sql:
        if not around.has(table, *columns):
            return Sql("CAST(NULL AS BOOLEAN)")
        filled = test.format(
            day=around.day, **{name: around.parameter(name) for name in ("discovery_days_near", "green_days")}
        )
        alias = f"e_{abs(hash_of(table + test))}"
        gathered = ", ".join(f"{name} := e.{name}" for name in columns)
        join = (
            f"LEFT JOIN (SELECT household_id, list(struct_pack({gathered})) AS rows FROM {around.relations[table]} AS e GROUP BY household_id) "
            f"AS {alias} ON {alias}.household_id = t.household_id"
        )
        return Sql(
            f"CASE WHEN {known} THEN len(list_filter(coalesce({alias}.rows, []), lambda e: coalesce({filled}, false))) > 0 END",
            (join,),
        )

    return build


def hash_of(text: str) -> int:
    """A number for an alias that is the same in every run."""
    return sum(place * ord(letter) for place, letter in enumerate(text, 1)) % 1_000_003


_DAY = "t.discovered_on IS NOT NULL"
_NEAR = "abs(e.received_on - t.discovered_on) <= {discovery_days_near}"
_DONE = "e.done_on <= {day}"


def _risks_sql(around: Surroundings) -> Sql:
    if not around.has("measures", "risk", "done_on"):
        return Sql("CAST(NULL AS BOOLEAN)")
    join = (
        f"LEFT JOIN (SELECT household_id, list(DISTINCT risk) AS answered FROM {around.relations['measures']} "
        f"WHERE done_on <= {around.day} AND risk IS NOT NULL GROUP BY household_id) AS ans ON ans.household_id = t.household_id"
    )
    unanswered = "list_filter(string_split(t.risks, ';'), lambda r: r <> '' AND NOT list_contains(coalesce(ans.answered, []), r))"
    return Sql(f"CASE WHEN t.risks IS NOT NULL THEN len({unanswered}) > 0 END", (join,))


def _nobody_sql(around: Surroundings) -> Sql:
    if "members" not in around.relations:
        return Sql("CAST(NULL AS BOOLEAN)")
    if not around.has("members", "left_on"):
        join = f"LEFT JOIN (SELECT DISTINCT household_id FROM {around.relations['members']}) AS pm ON pm.household_id = t.household_id"
    else:
        join = (
            f"LEFT JOIN (SELECT DISTINCT household_id FROM {around.relations['members']} WHERE left_on IS NULL OR left_on > {around.day}) "
            "AS pm ON pm.household_id = t.household_id"
        )
    return Sql("(pm.household_id IS NULL)", (join,))


def _kept(table: str, column: str) -> Layout:
    """One row: the earliest day of a table; before it nothing can be said of what is not there."""

    def build(around: Surroundings) -> str:
        if not around.has(table, column):
            return "SELECT CAST(NULL AS DATE) AS day"
        return f"SELECT min({column}) AS day FROM {around.relations[table]}"

    return build


SQL: Mapping[tuple[str, str], Builder] = {
    ("cases", "alerts_kept_from"): lambda around: Sql("ak.day", ('CROSS JOIN "alerts_kept" AS ak',)),
    ("cases", "visits_kept_from"): lambda around: Sql("vk.day", ('CROSS JOIN "visits_kept" AS vk',)),
    ("cases", "alerted_near"): _of_rows("alerts", ("received_on",), _NEAR, _DAY),
    ("cases", "applied_near"): _of_rows(
        "alerts",
        ("received_on", "source", "kind"),
        _NEAR
        + " AND (coalesce(e.source = 'application', false) OR coalesce(e.kind = 'self_application', false))",
        _DAY,
    ),
    ("cases", "visited_that_day"): _of_rows(
        "visits", ("visited_on",), "e.visited_on = t.discovered_on", _DAY
    ),
    ("cases", "emergency_alerted"): _of_rows("alerts", ("kind",), f"e.kind IN {EMERGENCIES}", "true"),
    ("cases", "helped_at_once"): _of_rows(
        "measures",
        ("done_on",),
        "e.done_on >= t.discovered_on AND e.done_on - t.discovered_on <= {green_days}",
        _DAY,
    ),
    ("cases", "some_measure_done"): _of_rows("measures", ("done_on",), _DONE, "true"),
    ("cases", "risks_unanswered"): _risks_sql,
    ("cases", "nobody_left"): _nobody_sql,
}
LAYOUTS: Mapping[str, Layout] = {
    "alerts_kept": _kept("alerts", "received_on"),
    "visits_kept": _kept("visits", "visited_on"),
}
