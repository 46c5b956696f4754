"""guarantee.*"""

from __future__ import annotations

from datetime import date

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3

from .registry import of_rows, rule
from .world import GUARANTEES, Household, Row, any_of, codes, days_between, more

FLAG_OF_ALERT = {
    "dropout": "school_dropout",
    "unsafe_house": "housing_unsafe",
    "unsafe_water": "water_unsafe",
}
ALERT_OF_FLAG = {flag: kind for kind, flag in FLAG_OF_ALERT.items()}
CAUSE_OF_FLAG = {"housing_unsafe": "unsafe_housing", "water_unsafe": "unsafe_water"}
PROBLEM_OF_FLAG = {
    "school_dropout": "education",
    "uninsured_member": "medical",
    "housing_unsafe": "housing",
    "water_unsafe": "water",
}
# kind, detail and risk of the measures that answer it
MEASURES_OF_FLAG = {
    "school_dropout": ("education_aid", None, "schooling"),
    "uninsured_member": ("insurance", "premium_subsidy", "illness"),
    "housing_unsafe": ("housing", None, "unsafe_housing"),
    "water_unsafe": ("water", None, "unsafe_water"),
}


def answers(m: Row, flag: str) -> Truth:
    kind, detail, risk = MEASURES_OF_FLAG[flag]
    by_detail = False if detail is None else is_one_of(m.get("detail"), detail)
    return any3([is_one_of(m.get("kind"), kind), by_detail, is_one_of(m.get("risk"), risk)])


def given_on(h: Household, column: str) -> date | None:
    """The newest row of ``given``, else the day of the latest visit."""
    days = [
        g["given_on"]
        for g in h.rows("given") or []
        if g.get("column_name") == column
        and g.get("member_id") is None
        and g.get("given_on")
        and g["given_on"] <= h.on
    ]
    if days:
        return max(days)
    return h.latest_visit["visited_on"] if h.latest_visit else None


def disposed_on(alert: Row) -> date | None:
    return alert.get("verified_on") or alert.get("received_on")


@rule("guarantee.missing")
def _missing(h: Household) -> Truth:
    return all3([any3(h.empty(c) for c in GUARANTEES), any3([h.lifted, h.monitored, h.visited])])


@of_rows("guarantee.alert_disagrees", "alerts")
def _alert_disagrees(h: Household, alert: Row) -> Truth:
    kind = alert.get("kind")
    if kind is None:
        return None
    if kind not in FLAG_OF_ALERT:
        return False
    flag = FLAG_OF_ALERT[kind]
    return all3(
        [
            is_one_of(alert.get("disposition") or "pending", "problem", "helped"),
            not3(h.get(flag)),
            _later(h, flag, alert),
        ]
    )


def _later(h: Household, flag: str, alert: Row) -> Truth:
    later = less(given_on(h, flag), disposed_on(alert))
    return None if later is False and alert.get("verified_on") is None else later


@rule("guarantee.type")
def _type(h: Household) -> Truth:
    empty, kind = h.empty("monitoring_type"), h.get("monitoring_type")
    return any3(
        [
            all3([h.status("none"), not3(empty)]),
            all3([h.monitored, empty]),
            all3([kind == "unstable_lifted", is_one_of(h.get("household_type"), "general")]),
            all3([kind == "marginal", h.lifted]),
        ]
    )


def true_since(h: Household, flag: str) -> date | None:
    """The start of the unbroken run of yes among the answers, or the day it was given, whichever is earlier."""
    visits = {v["visit_id"]: v["visited_on"] for v in h.visits_so_far or []}
    said = [
        (visits[a["visit_id"]], a["answer"])
        for a in h.rows("answers") or []
        if a.get("question") == flag and a.get("visit_id") in visits and a.get("answer") in ("true", "false")
    ]
    no = max((day for day, answer in said if answer == "false"), default=date.min)
    yes = min((day for day, answer in said if answer == "true" and day > no), default=None)
    days = [d for d in (given_on(h, flag), yes) if d is not None]
    return min(days) if days else None


@rule("guarantee.open_long")
def _open_long(h: Household) -> Truth:
    return any3(_open(h, flag) for flag in GUARANTEES)


def _open(h: Household, flag: str) -> Truth:
    since = true_since(h, flag)
    long = None if h.get(flag) is None else more(days_between(since, h.on), h.par("guarantee_days"))
    planned = any_of(h.rows("measures"), lambda m: all3([answers(m, flag), _lively(h, m)]))
    ledger = any_of(
        h.rows("problems"),
        lambda p: all3(
            [
                is_one_of(p.get("problem"), PROBLEM_OF_FLAG[flag]),
                p.get("verification") != "not_a_problem",
                p.get("closed_on") is None or p["closed_on"] > h.on,
            ]
        ),
    )
    return all3([h.get(flag), long, not3(planned), not3(ledger)])


def _lively(h: Household, m: Row) -> Truth:
    """Planned, or done within the last 12 months, so that it may still take effect."""
    done = m.get("done_on")
    return done is None or done > h.on or done >= h.world.window[0]


@rule("guarantee.closed_unproved")
def _closed(h: Household) -> Truth:
    return any3(_closed_unproved(h, flag) for flag in ("housing_unsafe", "water_unsafe"))


def _closed_unproved(h: Household, flag: str) -> Truth:
    """Known to have been a problem, then said to be none; nothing since shows that it is solved."""
    cause, kind, problem = CAUSE_OF_FLAG[flag], ALERT_OF_FLAG[flag], PROBLEM_OF_FLAG[flag]
    days: list[date] = []
    for visit in h.visits_so_far or []:
        if cause in (codes(visit.get("causes")) or []):
            days.append(visit["visited_on"])
    for alert in h.rows("alerts") or []:
        day = disposed_on(alert)
        if alert.get("kind") == kind and alert.get("disposition") == "problem" and day:
            days.append(day)
    for row in h.rows("problems") or []:
        if (
            row.get("problem") == problem
            and row.get("verification") == "problem"
            and row.get("found_on")
            and row["found_on"] <= h.on
        ):
            days.append(row["found_on"])
    if not days:
        return False
    was = max(days)
    turned = all3([not3(h.get(flag)), less(was, given_on(h, flag))])
    measures = any_of(
        h.rows("measures"),
        lambda m: (
            answers(m, flag) is not False and m.get("done_on") is not None and was <= m["done_on"] <= h.on
        ),
    )
    ledger = any_of(
        h.rows("problems"),
        lambda p: (
            p.get("problem") == problem and p.get("closed_on") is not None and was <= p["closed_on"] <= h.on
        ),
    )
    seen = any_of(h.visits_so_far, lambda v: v.get("mode") == "in_person" and v["visited_on"] > was)
    return all3([turned, not3(any3([measures, ledger, seen]))])


@rule("guarantee.old_alone")
def _old_alone(h: Household) -> Truth:
    if h.members is None:
        return None
    old = bool(h.members) and all3(more(h.age(m), h.par("labour_age_to")) for m in h.members)
    first = h.world.window[0]
    came = any_of(
        h.visits_so_far, lambda v: all3([is_one_of(v.get("mode"), "in_person"), v["visited_on"] >= first])
    )
    structure = is_one_of(h.get("house_structure"), "adobe", "earth_wood")
    return all3([old, structure, not3(h.get("housing_unsafe")), not3(came)])
