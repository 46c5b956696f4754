"""Alerts and their limits, the procedure of a case, help and study (XH annex 2)."""

from __future__ import annotations

from datetime import date

from .facts import DEVELOPMENT, Facts, Row, this_year
from .logic import Truth, all3, any3, days, is_one_of, not3
from .workdays import Calendar, working_days_after

APPLICATIONS = ("dibao_applied", "dibao_new", "dibao_refused", "tekun_applied", "tekun_new", "tekun_refused")
STEPS = (
    (
        "discovered_on",
        "applied_on",
        "verified_on",
        "reviewed_on",
        "notice_from",
        "notice_to",
        "town_reviewed_on",
        "approved_on",
    ),
    ("approved_on", "removal_proposed_on", "removal_approved_on", "rolled_back_on"),
    ("discovered_on", "withdrawn_on"),
    ("effect_reviewed_on", "development_confirmed_on"),
    ("safeguard_village_on", "safeguard_confirmed_on"),
)


def findings(facts: Facts, on: date, calendar: Calendar) -> dict[str, Truth]:
    latest = facts.latest_cases()
    return {
        **_alerts(facts, on, calendar),
        "case.over_15_days": _any(latest, lambda c: _longer(c, "discovered_on", "approved_on", on, 15)),
        "case.notice_short": _any(latest, notice_short),
        "case.step_order": _any(latest, wrong_order),
        "plan.over_10_days": _any(latest, lambda c: _longer(c, "approved_on", "plan_on", on, 10)),
        **_help(facts, on),
        **_study(facts, on),
    }


def _any(rows: list[Row] | None, rule: object) -> Truth:
    return None if rows is None else any3(rule(row) for row in rows)  # type: ignore[operator]


def _alerts(facts: Facts, on: date, calendar: Calendar) -> dict[str, Truth]:
    def late(alert: Row) -> Truth:
        received = alert.get("received_on")
        if received is None:
            return None
        return working_days_after(received, alert.get("verified_on") or on, calendar) > 5

    alerts = facts.rows("alerts")
    return {
        "alert.overdue": _any(alerts, late),
        "alert.not_studied": _any(
            alerts, lambda a: all3([is_one_of(a.get("kind"), *APPLICATIONS), a.get("studied_on") is None])
        ),
    }


def _longer(case: Row, start: str, end: str, on: date, limit: int) -> bool:
    """More days than the limit from a step that has happened to the next (or ``on``)."""
    return case.get(start) is not None and (case.get(end) or on) - case[start] > days(limit)


def notice_short(case: Row) -> bool:
    """Both days count: 6 to 9 July are four."""
    if case.get("notice_from") is None or case.get("notice_to") is None:
        return False
    return (case["notice_to"] - case["notice_from"]).days + 1 < 5


def wrong_order(case: Row) -> bool:
    """A step dated before one that it needs, directly or by way of others; empty steps are passed over."""
    for chain in STEPS:
        dates = [case[step] for step in chain if case.get(step) is not None]
        if dates != sorted(dates):
            return True
    return False


# ---- help.*


def _help(facts: Facts, on: date) -> dict[str, Truth]:
    measures = facts.rows("measures")
    none_at_all = None if measures is None else not measures
    unresolved, listed = facts.status("unresolved"), facts.household.get("low_income_group")
    able = _able_to_work(facts, on)
    return {
        "help.none": all3([unresolved, _approved_over_10_days(facts, on), none_at_all]),
        "help.risk_without_measure": _risk_without_measure(facts),
        "help.safeguards_only": all3([unresolved, able, _only_safeguards(measures)]),
        "help.no_development": all3([unresolved, able, _development_not_done(measures, on)]),
        "help.no_contact": all3([any3([unresolved, listed]), not3(facts.has_contact())]),
        "help.low_income_group": all3([facts.lifted, listed, none_at_all]),
    }


def _approved_over_10_days(facts: Facts, on: date) -> Truth:
    if facts.rows("cases") is None:
        return None
    case = facts.latest_case() or {}
    return case.get("approved_on") is not None and on - case["approved_on"] > days(10)


def _able_to_work(facts: Facts, on: date) -> Truth:
    """Somebody known to be able, and neither will nor means denied (unknown counts as yes)."""
    members = facts.present(on)
    if facts.household.get("willing") is False or facts.household.get("able_to_develop") is False:
        return False
    return (
        None if members is None else any(m.get("labour_capacity") in ("skilled", "ordinary") for m in members)
    )


def _risk_without_measure(facts: Facts) -> Truth:
    measures, risks = facts.rows("measures"), facts.case_risks()
    if measures is None:
        return False if risks == set() else None
    if not measures:
        return False
    if risks is None:
        return None
    return any3(not3(any3(is_one_of(m.get("risk"), risk) for m in measures)) for risk in sorted(risks))


def _development(measure: Row) -> Truth:
    return is_one_of(measure.get("kind"), *DEVELOPMENT)


def _only_safeguards(measures: list[Row] | None) -> Truth:
    if measures is None:
        return None
    return all3([bool(measures), *(not3(_development(m)) for m in measures)])


def _development_not_done(measures: list[Row] | None, on: date) -> Truth:
    """One was planned 90 days ago or more, and none has been done."""
    if measures is None:
        return None
    done = any3(
        all3([_development(m), m.get("done_on") is not None and m["done_on"] <= on]) for m in measures
    )
    planned = [
        all3([_development(m), None if m.get("planned_on") is None else on - m["planned_on"] >= days(90)])
        for m in measures
    ]
    return all3([any3(planned), not3(done)])


# ---- study.*


def unresolved_longer(facts: Facts, on: date, limit: int) -> Truth:
    since = facts.household.get("identified_on")
    return all3([facts.status("unresolved"), None if since is None else on - since > days(limit)])


def _study(facts: Facts, on: date) -> dict[str, Truth]:
    cases, measures = facts.rows("cases"), facts.rows("measures")
    a_year_ago = on - days(365)

    def lately(day: date | None) -> Truth:
        return None if day is None else a_year_ago <= day <= on

    studied_this_year = _any(cases, lambda c: bool(this_year(c.get("last_studied_on"), on)))
    studied_lately = _any(cases, lambda c: bool(lately(c.get("last_studied_on"))))
    new_measure = _any(measures, lambda m: lately(m.get("planned_on")))
    return {
        "study.due": all3([unresolved_longer(facts, on, 183), not3(studied_this_year)]),
        "study.over_two_years": all3(
            [
                unresolved_longer(facts, on, 730),
                not3(facts.no_labour_safeguard()),
                not3(any3([studied_lately, new_measure])),
            ]
        ),
    }
