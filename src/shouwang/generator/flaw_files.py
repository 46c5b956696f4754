"""How a fault in a case, its measures or its removal is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from shouwang.generator import lifecycle
from shouwang.generator.home import Home, Row

Plant = Callable[[Home, random.Random], bool]
_PROPER = ("industry", "employment", "public_post", "microcredit")
_ASSISTANCE = ("transfer.dibao", "transfer.tekun")


def of_case(finding: str, change: Callable[[Home], Row], test: Callable[[Home], bool] = lambda _home: True) -> Plant:
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
    home.case |= {"risks": ";".join(sorted([*home.risks, risk])), "risk_notes": home.case["risk_notes"] or "按核实情况填写"}
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
    return not any(one.cells[c] for one in home.people for c in ("serious_illness", "chronic_illness", "mental_disorder"))


def nobody_at_school(home: Home) -> bool:
    return all(one.age >= 20 and not one.cells["in_school"] for one in home.people)


def nobody_works(home: Home) -> bool:
    return not any(one.works for one in home.people) and not any(row["kind"].startswith("wage.") for row in home.items)


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


def wrong_kind(home: Home, _chance: random.Random) -> bool:
    """A measure for water against a risk that only money or work answers."""
    fixed = ("illness", "schooling", "disability")
    row = next((r for r in home.measures if r["risk"] in fixed and r["kind"] not in ("dibao", "education_aid")), None)
    if row is None:
        return False
    row["kind"] = "water"
    home.mark("measure.kind_for_risk", "measures", row)
    return True


def job_without_worker(home: Home, _chance: random.Random) -> bool:
    if home.case is None or not nobody_works(home) or any(one.cells["public_post"] for one in home.people):
        return False
    planned = home.case["plan_on"]
    row = lifecycle.measure(home, "employment", lifecycle.answered(home, "employment"), planned, planned)
    home.case["development_done"] = True
    home.mark("measure.job_without_worker", "measures", row)
    return True


def benefit_unpaid(home: Home, _chance: random.Random) -> bool:
    """What was paid in the two months after the measure is counted to the other payments."""
    row = next((r for r in home.measures if r["kind"] == "dibao" and r["done_on"]), None)
    if row is None or not home.back(300) <= row["done_on"] <= home.back(62):
        return False
    paid = [r for r in home.items if r["kind"] in _ASSISTANCE]
    early = [r for r in paid if row["done_on"] <= r["received_on"] <= row["done_on"] + timedelta(days=60)]
    rest = [r for r in paid if r["received_on"] > row["done_on"] + timedelta(days=60)]
    if not early or not rest or not _still_due(home, early):
        return False
    rest[0]["amount"] = round(float(rest[0]["amount"]) + sum(float(r["amount"]) for r in early), 2)
    home.items[:] = [r for r in home.items if not any(r is other for other in early)]
    home.mark("measure.benefit_unpaid", "measures", row)
    return True


def _still_due(home: Home, without: list[Row]) -> bool:
    from shouwang.generator.settling import due

    return any(due(row, home) for row in home.items if not any(row is other for other in without))


def benefit_unrecorded(home: Home, _chance: random.Random) -> bool:
    since: date = home.cells["identified_on"]
    paid = any(row["kind"] == "transfer.dibao" and row["received_on"] >= since for row in home.items)
    measures = [row for row in home.measures if row["kind"] == "dibao"]
    if not paid or not measures or any(row["risk"] == "job_unstable" for row in measures):
        return False
    for row in measures:
        row["kind"] = "social"
    home.mark("measure.benefit_unrecorded")
    return True


def disability_subsidy(home: Home, _chance: random.Random) -> bool:
    if home.case is None or not nobody_disabled(home):
        return False
    planned = home.case["plan_on"]
    lifecycle.measure(home, "social", lifecycle.answered(home, "social"), planned, planned, detail="disability_subsidy")
    home.mark("measure.disability_subsidy")
    return True


def premium_subsidy(home: Home, _chance: random.Random) -> bool:
    if home.cells["identified_on"] >= date(home.on.year, 4, 1):
        return False
    home.items[:] = [row for row in home.items if row["kind"] != "excluded.insurance_premium"]
    home.mark("measure.premium_subsidy")
    return True


def study_aid(home: Home, _chance: random.Random) -> bool:
    if home.case is None or any(one.cells["in_school"] for one in home.people):
        return False
    planned = home.case["plan_on"]
    lifecycle.measure(home, "education_aid", lifecycle.answered(home, "education_aid"), planned, planned)
    home.mark("measure.study_aid")
    return True


def no_amount(home: Home, _chance: random.Random) -> bool:
    row = next((row for row in home.measures if row["done_on"] and row["unit"]), None)
    if row is None:
        return False
    row["amount"] = 0
    home.mark("measure.overdue", "measures", row)
    return True


def development_flag(home: Home, _chance: random.Random) -> bool:
    if home.case is None or any(row["kind"] in _PROPER for row in home.measures):
        return False
    home.case["development_done"] = True
    home.mark("measure.development_flag")
    return True


def weak_untried(home: Home, _chance: random.Random) -> bool:
    tried = [row for row in home.measures if row["kind"] in (*_PROPER, "skills", "consumption")]
    if home.case is None or home.labour or not home.weak or any(row["risk"] == "job_unstable" for row in tried):
        return False
    for row in tried:
        row["kind"] = "social"
    home.case["development_done"] = False
    home.mark("measure.weak_untried")
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
    home.earlier_visits[:] = [row for row in home.earlier_visits if row["visited_on"] != case["discovered_on"]]
    home.mark("dates.discovery", "cases", case)
    return True


def no_emergency(home: Home) -> bool:
    return not any(row["kind"] in ("disaster", "accident", "serious_illness") for row in home.alerts)


def removed_unanswered(home: Home, _chance: random.Random) -> bool:
    """A measure of a removed household was never done: that it is overdue follows."""
    if home.case is None or not home.measures:
        return False
    row = next((one for one in home.measures if one["kind"] not in (*_PROPER, "dibao")), None)
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
    if not helped or not wages or not home.back(330) <= settled <= home.back(70) or not _still_due(home, wages):
        return False
    for at, row in enumerate(wages):
        row["received_on"] = min(home.back(340) + timedelta(days=at), settled - timedelta(days=1))
    home.mark("removed.effect_gone")
    return True


def no_look_back(home: Home, _chance: random.Random) -> bool:
    if home.cells["resolved_on"] > home.back(366) or home.visit is not None:
        return False
    home.earlier_visits[:] = [row for row in home.earlier_visits if row["visited_on"] < home.back(366)]
    home.mark("removed.look_back")
    return True


def safeguard_with_labour(home: Home, _chance: random.Random) -> bool:
    if home.case is None or home.labour + home.weak == 0:
        return False
    day = min(home.case["approved_on"] + timedelta(days=25), home.on)
    home.case |= {"no_labour_safeguard": True, "safeguard_village_on": day, "safeguard_confirmed_on": day}
    home.mark("safeguard.with_labour")
    if any(row["kind"] in _ASSISTANCE for row in home.items):
        home.cells["dibao_tier"] = "full"
    else:
        home.mark("safeguard.no_support")
    return True


def safeguard_unmonitored(home: Home, chance: random.Random) -> bool:
    from shouwang.generator import visiting

    paid = any(row["kind"] in _ASSISTANCE for row in home.items)
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
    if not late or any(row["kind"] in (*_ASSISTANCE, "transfer.pension") for row in late):
        return False
    for row in late:
        row["received_on"] = home.back(20)
    home.mark("fresh.quarter_missing")
    return True


def contact_never_came(home: Home, _chance: random.Random) -> bool:
    if home.status != "unresolved" or not home.cells["contact"] or home.cells["identified_on"] > home.back(91):
        return False
    home.earlier_visits[:] = [row for row in home.earlier_visits if row["who"] != "contact"]
    home.mark("fresh.contact_visit")
    return True
