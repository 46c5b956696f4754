"""How a fault in the measures of a case is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random
from datetime import date, timedelta

from shouwang.generator import lifecycle
from shouwang.generator.flaw_files import ASSISTANCE, PROPER, nobody_disabled, nobody_works, still_due
from shouwang.generator.home import Home


def wrong_kind(home: Home, _chance: random.Random) -> bool:
    """A measure for water against a risk that only money or work answers."""
    fixed = ("illness", "schooling", "disability")
    row = next(
        (r for r in home.measures if r["risk"] in fixed and r["kind"] not in ("dibao", "education_aid")), None
    )
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
    paid = [r for r in home.items if r["kind"] in ASSISTANCE]
    early = [r for r in paid if row["done_on"] <= r["received_on"] <= row["done_on"] + timedelta(days=60)]
    rest = [r for r in paid if r["received_on"] > row["done_on"] + timedelta(days=60)]
    if not early or not rest or not still_due(home, early):
        return False
    rest[0]["amount"] = round(float(rest[0]["amount"]) + sum(float(r["amount"]) for r in early), 2)
    home.items[:] = [r for r in home.items if not any(r is other for other in early)]
    home.mark("measure.benefit_unpaid", "measures", row)
    return True


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
    lifecycle.measure(
        home, "social", lifecycle.answered(home, "social"), planned, planned, detail="disability_subsidy"
    )
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
    if home.case is None or any(row["kind"] in PROPER for row in home.measures):
        return False
    home.case["development_done"] = True
    home.mark("measure.development_flag")
    return True


def weak_untried(home: Home, _chance: random.Random) -> bool:
    tried = [row for row in home.measures if row["kind"] in (*PROPER, "skills", "consumption")]
    if (
        home.case is None
        or home.labour
        or not home.weak
        or any(row["risk"] == "job_unstable" for row in tried)
    ):
        return False
    for row in tried:
        row["kind"] = "social"
    home.case["development_done"] = False
    home.mark("measure.weak_untried")
    return True
