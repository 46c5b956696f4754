"""How a trouble in help and procedure is planted: cases, measures, removal, loans, projects."""

from __future__ import annotations

import random
from datetime import date, timedelta

from shouwang.generator import economy, lifecycle, plant_facts, visiting
from shouwang.generator.home import Home, Row

_DEVELOPMENT = ("industry", "employment", "public_post", "microcredit", "skills", "consumption")


def _case(home: Home) -> Row:
    assert home.case is not None
    return home.case


def in_procedure(home: Home, chance: random.Random) -> None:
    """Found a few days ago; everything after the check is still to come."""
    plant_facts.low(home, chance)
    home.case = lifecycle.case_steps(home, 5 - 13, ["other"])
    home.case |= {"state": "discovered", "contact": None} | dict.fromkeys(
        ("reviewed_on", "notice_from", "notice_to", "town_reviewed_on", "approved_on", "plan_on")
    )


def post_unpaid(home: Home, _chance: random.Random) -> None:
    person = next(p for p in home.people if economy.can_hold_post(p))
    person.cells["public_post"] = True
    home.mark("job.public_post_pay", "members", person.cells)
    for row in home.items:  # what was paid for a post goes to another name: income as it was, the post unpaid
        if row["kind"] == "wage.public_post":
            row["kind"] = "transfer.other"


def job_lost(home: Home, chance: random.Random) -> None:
    home.alert("employment", "job_loss", chance.randint(20, 200))


def low_group_no_measure(home: Home, _chance: random.Random) -> None:
    home.cells |= {"low_income_group": True, "contact": True}
    home.measures.clear()


def low_group_no_contact(home: Home, _chance: random.Random) -> None:
    home.cells |= {"low_income_group": True, "contact": False}
    if not home.measures:
        lifecycle.measure(home, "industry", None, home.back(120), home.back(80))


def loan(home: Home, **more: object) -> None:
    """A loan of 50,000 yuan to the household, not yet due."""
    home.loans.append(
        {
            "amount": 50000,
            "lent_on": home.back(500),
            "due_on": home.back(-230),
            "used_by": "household",
            "use": "发展养殖",
            "overdue": False,
            "interest_subsidised": True,
        }
        | more
    )


def loan_misused(home: Home, _chance: random.Random) -> None:
    loan(home, used_by="enterprise", use="入股企业")


def loan_overdue(home: Home, chance: random.Random) -> None:
    loan(home, overdue=True, due_on=home.back(chance.randint(20, 200)), lent_on=home.back(1200))


def dividend_unpaid(home: Home, chance: random.Random) -> None:
    project(home, paid=400, days_ago=chance.randint(20, 200))


def project(home: Home, *, paid: int, days_ago: int) -> None:
    """A project that owes 1,200 yuan since so many days."""
    home.projects.append(
        {
            "kind": "果园入股",
            "owner": "村股份经济合作社",
            "started_on": home.back(700),
            "dividend_due": 1200,
            "dividend_due_on": home.back(days_ago),
            "dividend_paid": paid,
            "fits": True,
            "pays": True,
            "guidance": True,
        }
    )


def no_measure(home: Home, chance: random.Random) -> None:
    _since(home, chance.randint(60, 170))
    home.measures.clear()
    _case(home)["development_done"] = False
    if home.lifted and home.cells["low_income_group"]:
        home.mark("help.low_income_group")
    if any(row["kind"] == "transfer.dibao" for row in home.items):
        home.mark("measure.benefit_unrecorded")
    if any(person.cells["school_stage"] in ("vocational", "college") for person in home.people):
        home.mark("measure.study_aid")
    if home.labour == 0 and home.weak > 0:
        home.mark("measure.weak_untried")


def risk_without_measure(home: Home, _chance: random.Random) -> None:
    case = _case(home)
    fitting = [code for code in ("other", "disaster") if code not in home.risks]
    if not fitting:
        home.measures[:] = [row for row in home.measures if row["risk"] != "other"]
        lifecycle.measure(home, "consumption", "disaster", case["plan_on"], case["plan_on"])
        return
    risk = fitting[0]
    case |= {"risks": ";".join(sorted([*case["risks"].split(";"), risk])), "risk_notes": "按核实情况填写"}


def safeguards_only(home: Home, _chance: random.Random) -> None:
    """Whatever the risks were, "other" is answered by relief alone."""
    _risks_become(home, "other")
    home.measures[:] = [
        row | {"risk": "other"}
        for row in home.measures
        if row["kind"] not in (*_DEVELOPMENT, "education_aid")
    ]
    approved = _case(home)["approved_on"]
    lifecycle.measure(home, "social", "other", approved, min(approved + timedelta(days=20), home.on))
    for person in home.people:
        if person.cells["school_stage"] in ("vocational", "college"):
            person.cells["school_stage"] = {"vocational": "senior", "college": "university"}[
                person.cells["school_stage"]
            ]
    _case(home)["development_done"] = False


def development_not_done(home: Home, chance: random.Random) -> None:
    safeguards_only(home, chance)
    _since(home, chance.randint(150, 170))
    late = lifecycle.measure(home, "industry", "other", home.back(130), None)
    home.mark("measure.overdue", "measures", late)


def no_contact(home: Home, _chance: random.Random) -> None:
    home.cells["contact"] = False
    _case(home)["contact"] = None


def plan_late(home: Home, chance: random.Random) -> None:
    _since(home, chance.randint(60, 170))
    _case(home)["plan_on"] = _case(home)["approved_on"] + timedelta(days=chance.randint(12, 40))


def case_late(home: Home, chance: random.Random) -> None:
    case, days = _case(home), chance.randint(4, 30)
    for step in ("discovered_on", "applied_on"):
        case[step] -= timedelta(days=days)


def notice_short(home: Home, chance: random.Random) -> None:
    case = _case(home)
    case["notice_to"] = case["notice_from"] + timedelta(days=chance.randint(1, 3))


def step_order(home: Home, _chance: random.Random) -> None:
    case = _case(home)
    case["reviewed_on"] = case["verified_on"] - timedelta(days=1)


def study_due(home: Home, chance: random.Random) -> None:
    _since(home, chance.randint(200, 330))
    _case(home)["last_studied_on"] = None


def study_two_years(home: Home, chance: random.Random) -> None:
    _since(home, chance.randint(760, 1100))
    _case(home)["last_studied_on"] = home.back(370)
    home.mark("study.due")


def unmarked(home: Home, _chance: random.Random) -> None:
    home.cells["dibao_tier"] = "full"
    _case(home).update(no_labour_safeguard=False, safeguard_village_on=None, safeguard_confirmed_on=None)


def removal_ready(home: Home, chance: random.Random) -> None:
    _since(home, chance.randint(300, 700))
    home.alerts.clear()
    if "disaster" in home.risks:  # its alert would still show
        others = sorted({*home.risks, "other"} - {"disaster"})
        _risks_become(home, *others)
        home.measures[:] = [
            row | {"risk": "other"} if row["risk"] == "disaster" else row for row in home.measures
        ]
    _case(home).update(above_range_since=home.back(chance.randint(190, 280)), last_studied_on=home.back(20))
    if home.visit:
        home.visit |= {"risk": False, "causes": None}


def removed_early(home: Home, chance: random.Random) -> None:
    resolved = home.cells["identified_on"] + timedelta(days=chance.randint(60, 170))
    _resolve(home, resolved)


def not_stable(home: Home, chance: random.Random) -> None:
    visiting.at_risk(home, home.risks[0])
    _resolve(home, home.back(chance.randint(30, 170)))


def _resolve(home: Home, day: date) -> None:
    moved = day - home.cells["resolved_on"]
    home.cells["resolved_on"] = day
    for step in (
        "removal_proposed_on",
        "removal_approved_on",
        "removal_consent_on",
        "last_studied_on",
        "above_range_since",
    ):
        _case(home)[step] += moved


def removed_no_labour(home: Home, _chance: random.Random) -> None:
    home.cells["dibao_tier"] = "full"
    approved = _case(home)["approved_on"]
    _case(home).update(
        no_labour_safeguard=True,
        safeguard_village_on=approved + timedelta(days=20),
        safeguard_confirmed_on=approved + timedelta(days=30),
    )


def new_risk(home: Home, _chance: random.Random) -> None:
    assert home.visit is not None
    had = _case(home)["risks"].split(";")
    risk = next(code for code in ("accident", "project_failed", "illness") if code not in had)
    home.visit |= {"risk": True, "causes": risk, "cause_notes": "其他" if risk == "project_failed" else None}


def _risks_become(home: Home, *risks: str) -> None:
    _case(home).update(risks=";".join(sorted(risks)), risk_notes="按核实情况填写")
    if home.visit and home.visit["risk"]:
        home.visit["causes"] = _case(home)["risks"]


def _since(home: Home, days_ago: int) -> None:
    """Moves the whole case so that its approval lies ``days_ago`` days back."""
    moved = home.back(days_ago) - _case(home)["approved_on"]
    for name, value in _case(home).items():
        if isinstance(value, date) and name != "last_studied_on":
            _case(home)[name] = min(value + moved, home.on)
    home.cells["identified_on"] = home.back(days_ago)
    for row in home.measures:
        for name in ("planned_on", "done_on"):
            row[name] = min(row[name] + moved, home.on) if row[name] else None
    if days_ago > 183 and not _case(home)["last_studied_on"]:
        _case(home)["last_studied_on"] = home.back(30)
