"""Focus categories: the ten of XH and SS, the five of MC. Each is a truth value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .facts import Facts, Row, alert_date, so_far_this_year
from .logic import Truth, all3, any3, is_one_of, less
from .money import Kinds, completed_quarters, fell, money, quarter_fell


def alert_this_year(facts: Facts, on: date, *kinds: str) -> Truth:
    alerts = facts.rows("alerts")
    if alerts is None:
        return None
    return any3(all3([is_one_of(a.get("kind"), *kinds), so_far_this_year(alert_date(a), on)]) for a in alerts)


def alert_ever(facts: Facts, column: str, *codes: str) -> Truth:
    alerts = facts.rows("alerts")
    return None if alerts is None else any3(is_one_of(a.get(column), *codes) for a in alerts)


def ten(facts: Facts, on: date, ratio: Decimal | None) -> dict[str, Truth]:
    """XH §2.1."""
    last, before = _last_two(facts)
    found = {
        "low_income_group": all3([facts.lifted, facts.household.get("low_income_group")]),
        "income_fall": all3([facts.lifted, fell(last, before, ratio)]),
        "monitored": facts.monitored,
    }
    for kind in (
        "dibao_new",
        "tekun_new",
        "large_relief",
        "severe_disability",
        "serious_illness",
        "mental_disorder",
    ):
        found[kind] = alert_this_year(facts, on, kind)
    found["refused_application"] = alert_this_year(facts, on, "dibao_refused", "tekun_refused")
    return found


def five(facts: Facts, on: date, ratio: Decimal | None, kinds: Kinds) -> dict[str, Truth]:
    """MC §1.1."""
    last, before = _last_two(facts)
    quarters = [quarter_fell(facts, on, ratio, kinds, n) for n in completed_quarters(on)]
    return {
        "assistance_new": alert_this_year(facts, on, "dibao_new", "tekun_new"),
        "lifted_income_fall": all3([facts.lifted, less(last, before)]),
        "quarter_income_fall": all3([facts.lifted, any3(quarters)]),
        "unstable": alert_ever(facts, "kind", "job_loss", "project_failed", "accident"),
        "platform_applicant": alert_ever(facts, "source", "rescue_platform"),
    }


def categories(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> dict[str, Truth]:
    """By the parameter ``focus``: ``XH``, ``MC``, ``all`` (the shared pack) or nothing (GY names none)."""
    ratio = money(parameters.get("income_fall_ratio"))
    if parameters.get("focus") == "all":
        return ten(facts, on, ratio) | five(facts, on, ratio, kinds)
    if parameters.get("focus") == "XH":
        return ten(facts, on, ratio)
    if parameters.get("focus") == "MC":
        return five(facts, on, ratio, kinds)
    return {}


def _last_two(facts: Facts) -> tuple[Decimal | None, Decimal | None]:
    get = facts.household.get
    return money(get("income_per_capita_last_year")), money(get("income_per_capita_two_years_ago"))
