"""Guarantees, food and clothing, work, satisfaction, leaflets, loans and projects of one household."""

from __future__ import annotations

from datetime import date
from typing import Any

from .facts import Facts, Row, alert_within, disposition, this_year, window
from .logic import Truth, all3, any3, is_one_of, last_31_august, less, not3, years_old
from .money import Kinds, countable, money


def findings(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> dict[str, Truth]:
    """All of them; each needs only its own table besides the household and its members."""
    return _guarantees(facts, on) | _work(facts, on, parameters, kinds) | _satisfaction_and_money(facts, on)


# ---- guarantees, food and clothing


def _guarantees(facts: Facts, on: date) -> dict[str, Truth]:
    get, members = facts.household.get, facts.present(on)
    school: list[Truth] = [None]
    home: list[Truth] = [None]
    insured: list[Truth] = [None]
    if members is not None:
        school = [
            all3([of_school_age(m, on), not3(m.get("in_school")), not3(m.get("cannot_attend"))])
            for m in members
        ]
        home = [
            all3([of_school_age(m, on), m.get("cannot_attend"), not3(m.get("home_teaching"))])
            for m in members
        ]
        insured = [not3(m.get("medical_insurance")) for m in members]
    return {
        "education.out_of_school": any3([get("school_dropout"), *school]),
        "education.home_teaching": any3(home),
        "medical.uninsured": any3([get("uninsured_member"), *insured]),
        "basics.short": any3([get("food_short"), get("clothing_short")]),
        "housing.unsafe": any3([get("housing_unsafe"), _pending(facts, "unsafe_house")]),
        "water.unsafe": any3([get("water_unsafe"), _pending(facts, "unsafe_water")]),
    }


def of_school_age(member: Row, on: date) -> Truth:
    """6 by the last 31 August, and not yet 16 on the day."""
    birth = member.get("birth_date")
    if birth is None:
        return None
    return years_old(birth, last_31_august(on)) >= 6 and years_old(birth, on) <= 15


def _pending(facts: Facts, kind: str) -> Truth:
    alerts = facts.rows("alerts")
    if alerts is None:
        return None
    return any3(all3([is_one_of(a.get("kind"), kind), disposition(a) == "pending"]) for a in alerts)


# ---- employment.*


def _work(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> dict[str, Truth]:
    return {
        "employment.public_post": all3(
            [facts.lifted_or_monitored, _unpaid_post(facts, on, parameters, kinds)]
        ),
        "employment.lost": all3([facts.lifted_or_monitored, _lost_without_help(facts, on, parameters)]),
    }


def _unpaid_post(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> Truth:
    """A member with a public post whom no item of that kind pays; an item without a member may pay any."""
    members, items = facts.present(on), countable(facts, kinds)
    if members is None:
        return None
    paid = None
    if items is not None:
        first, last = window(on, parameters)
        wages = [i for i, _k in items if i["kind"] == "wage.public_post" and i.get("received_on")]
        paid = {i.get("member_id") for i in wages if first <= i["received_on"] <= last}
    return any3(
        all3([m.get("public_post"), None if paid is None else not paid & {None, m.get("member_id")}])
        for m in members
    )


def _lost_without_help(facts: Facts, on: date, parameters: Row) -> Truth:
    alerts, measures = facts.rows("alerts"), facts.rows("measures")
    if alerts is None:
        return None
    span, found = window(on, parameters), []
    for alert in alerts:
        lost = all3([is_one_of(alert.get("kind"), "job_loss"), alert_within(alert, span)])
        since = None if measures is None else any3(_work_since(m, alert) for m in measures)
        found.append(all3([lost, not3(since)]))
    return any3(found)


def _work_since(measure: Row, alert: Row) -> Truth:
    day = alert.get("event_on") or alert.get("received_on")
    dates = [d for d in (measure.get("planned_on"), measure.get("done_on")) if d is not None]
    since = any3(d >= day for d in dates) if day and dates else None
    return all3([is_one_of(measure.get("kind"), "employment", "public_post"), since])


# ---- satisfaction, leaflets, loans, projects


def _satisfaction_and_money(facts: Facts, on: date) -> dict[str, Truth]:
    answers, loans, projects = (facts.rows(t) for t in ("satisfaction", "loans", "projects"))
    contact = facts.has_contact()
    return {
        "satisfaction.low": any_row(
            answers,
            lambda r: any3(
                [is_one_of(r.get("satisfied"), 1, 2), all3([not3(r.get("contact_known")), contact])]
            ),
        ),
        "publicity.leaflet": _leaflet(facts, on),
        "loan.misused": any_row(loans, lambda r: is_one_of(r.get("used_by"), "enterprise")),
        "loan.overdue": any_row(loans, lambda r: r.get("overdue")),
        "project.dividend": any_row(
            projects,
            lambda r: all3(
                [
                    _due(r, on),
                    less(money(r.get("dividend_paid")), money(r.get("dividend_due"))),
                ]
            ),
        ),
    }


def _due(project: Row, on: date) -> bool:
    """Before ``on``; without the day the dividend is due, the day the project began; without either it is due."""
    day = project.get("dividend_due_on") or project.get("started_on")
    return day is None or day < on


def any_row(rows: list[Row] | None, rule: Any) -> Truth:
    return None if rows is None else any3(rule(row) for row in rows)


def _leaflet(facts: Facts, on: date) -> Truth:
    """ "While its table is there" is a condition: without the table the finding does not hold."""
    rows = facts.rows("leaflets")
    if rows is None:
        return False

    def given(kind: str) -> Truth:
        return any3(all3([is_one_of(r.get("kind"), kind), this_year(r.get("given_on"), on)]) for r in rows)

    return any3([not3(given("application")), all3([facts.monitored, not3(given("help"))])])
