"""How a fault in a case, its measures or its removal is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from shouwang.generator import lifecycle
from shouwang.generator.home import Home, Row

Plant = Callable[[Home, random.Random], bool]
PROPER = ("industry", "employment", "public_post", "microcredit")
ASSISTANCE = ("transfer.dibao", "transfer.tekun")


def of_case(
    finding: str, change: Callable[[Home], Row], test: Callable[[Home], bool] = lambda _home: True
) -> Plant:
    """A plant that changes the case; the finding stands on the case."""

    def plant(home: Home, _chance: random.Random) -> bool:
        if home.case is None or not test(home):
            return False
        home.case |= change(home)
        home.mark(finding, "cases", home.case)
        return True

    return plant


def _add_risk(home: Home, risk: str, kind: str) -> None:
    """A risk of the case that nothing supports, with a measure that answers it."""
    assert home.case is not None
    home.case |= {
        "risks": ";".join(sorted([*home.risks, risk])),
        "risk_notes": home.case["risk_notes"] or "按核实情况填写",
    }
    planned = home.case["plan_on"] or home.case["approved_on"]
    lifecycle.measure(home, kind, risk, planned, planned)


def unfounded(finding: str, risk: str, kind: str, test: Callable[[Home], bool]) -> Plant:
    """A plant that adds a risk without what it stands for; the finding stands on the household."""

    def plant(home: Home, _chance: random.Random) -> bool:
        if home.case is None or risk in home.risks or not test(home):
            return False
        _add_risk(home, risk, kind)
        home.mark(finding)
        return True

    return plant


def nobody_disabled(home: Home) -> bool:
    return not any(one.cells["disability_level"] for one in home.people)


def nobody_ill(home: Home) -> bool:
    return not any(
        one.cells[c] for one in home.people for c in ("serious_illness", "chronic_illness", "mental_disorder")
    )


def nobody_at_school(home: Home) -> bool:
    return all(one.age >= 20 and not one.cells["in_school"] for one in home.people)


def nobody_works(home: Home) -> bool:
    return not any(one.works for one in home.people) and not any(
        row["kind"].startswith("wage.") for row in home.items
    )


def many_able(home: Home) -> bool:
    return home.labour / len(home.people) > 0.5


def fact_without_risk(home: Home, _chance: random.Random) -> bool:
    if home.case is None or home.visit is None or "unsafe_water" in home.risks or not home.visit["risk"]:
        return False
    home.cells["water_unsafe"] = True
    home.mark("risk.fact_without_risk")
    home.mark("water.unsafe")
    return True


def answer_contradicts(home: Home, _chance: random.Random) -> bool:
    if home.visit is None or home.visit["risk"]:
        return False
    home.visit |= {"risk": False, "causes": "illness"}
    home.mark("risk.visit_answer", "visits", home.visit)
    return True


def identified_and_none(home: Home, _chance: random.Random) -> bool:
    home.cells["identified_on"] = home.back(200)
    home.mark("dates.status")
    return True


def wrong_state(home: Home, _chance: random.Random) -> bool:
    if home.case is None or home.case["state"] != "approved":
        return False
    home.case["state"] = "resolved"
    home.mark("dates.case")
    return True


def unvisited_discovery(home: Home, _chance: random.Random) -> bool:
    case = home.case
    if case is None or case["discovery_source"] != "visit" or case["discovered_on"] < home.back(800):
        return False
    home.earlier_visits[:] = [
        row for row in home.earlier_visits if row["visited_on"] != case["discovered_on"]
    ]
    home.mark("dates.discovery", "cases", case)
    return True


def no_emergency(home: Home) -> bool:
    return not any(row["kind"] in ("disaster", "accident", "serious_illness") for row in home.alerts)


def removed_unanswered(home: Home, _chance: random.Random) -> bool:
    """A measure of a removed household was never done: that it is overdue follows."""
    if home.case is None or not home.measures:
        return False
    row = next((one for one in home.measures if one["kind"] not in (*PROPER, "dibao")), None)
    if row is None or sum(one["risk"] == row["risk"] for one in home.measures) > 1:
        return False
    row |= {"done_on": None, "amount": None, "unit": None}
    home.mark("removed.unanswered", "cases", home.case)
    home.mark("measure.overdue", "measures", row)
    return True


def effect_gone(home: Home, _chance: random.Random) -> bool:
    """The wage came before the removal only."""
    helped = any(row["kind"] == "employment" and row["done_on"] for row in home.measures)
    settled: date = home.cells["resolved_on"] + timedelta(days=60)
    wages = [row for row in home.items if row["kind"].startswith("wage.")]
    if (
        not helped
        or not wages
        or not home.back(330) <= settled <= home.back(70)
        or not still_due(home, wages)
    ):
        return False
    for at, row in enumerate(wages):
        row["received_on"] = min(home.back(340) + timedelta(days=at), settled - timedelta(days=1))
    home.mark("removed.effect_gone")
    return True


def no_look_back(home: Home, _chance: random.Random) -> bool:
    if home.cells["resolved_on"] > home.back(366):
        return False
    home.visit = None
    seen = [row for row in home.earlier_visits if row["visited_on"] < home.back(366)]
    home.earlier_visits[:] = [row | {"risk": False, "causes": None} for row in seen]
    home.mark("removed.look_back")
    return True


def safeguard_with_labour(home: Home, _chance: random.Random) -> bool:
    if home.case is None or home.labour + home.weak == 0:
        return False
    day = min(home.case["approved_on"] + timedelta(days=25), home.on)
    home.case |= {"no_labour_safeguard": True, "safeguard_village_on": day, "safeguard_confirmed_on": day}
    home.mark("safeguard.with_labour")
    if any(row["kind"] in ASSISTANCE for row in home.items):
        home.cells["dibao_tier"] = "full"
    else:
        home.mark("safeguard.no_support")
    return True


def safeguard_unmonitored(home: Home, chance: random.Random) -> bool:
    from shouwang.generator import visiting

    paid = any(row["kind"] in ASSISTANCE for row in home.items)
    if home.labour + home.weak or not paid or home.visit is None:
        return False
    home.cells["dibao_tier"] = "full"
    home.case = lifecycle.case_steps(home, 5 - 13, ["other"])
    later = ("reviewed_on", "notice_from", "notice_to", "town_reviewed_on", "approved_on", "plan_on")
    home.case |= {"state": "discovered", "contact": None, "no_labour_safeguard": True} | dict.fromkeys(later)
    home.case |= {"safeguard_village_on": home.back(1), "safeguard_confirmed_on": home.on}
    visiting.add(home, home.case["discovered_on"], "own", chance, risk=True, causes="other")
    home.mark("safeguard.not_monitored")
    return True


def flagged(home: Home) -> bool:
    return bool(home.case and home.case["no_labour_safeguard"])


def tier_too_low(home: Home, _chance: random.Random) -> bool:
    if not flagged(home) or any(row["kind"] == "transfer.tekun" for row in home.items):
        return False
    home.cells["dibao_tier"] = "other"
    home.mark("safeguard.no_support")
    return True


def quarter_missing(home: Home, _chance: random.Random) -> bool:
    from shouwang.generator.settling import due

    late = [row for row in home.items if due(row, home)]
    if not late or any(row["kind"] in (*ASSISTANCE, "transfer.pension") for row in late):
        return False
    for row in late:
        row["received_on"] = home.back(20)
    home.mark("fresh.quarter_missing")
    return True


def contact_never_came(home: Home, _chance: random.Random) -> bool:
    if (
        home.status != "unresolved"
        or not home.cells["contact"]
        or home.cells["identified_on"] > home.back(91)
    ):
        return False
    home.earlier_visits[:] = [row for row in home.earlier_visits if row["who"] != "contact"]
    home.mark("fresh.contact_visit")
    return True


def still_due(home: Home, without: list[Row]) -> bool:
    """Whether an income of the quarter that is due remains without these items."""
    from shouwang.generator.settling import due

    return any(due(row, home) for row in home.items if not any(row is other for other in without))
