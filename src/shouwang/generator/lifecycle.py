"""A monitored household's file: case, measures, visits, all in time and in order (XH annex 2, CAS-1 to
CAS-5).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from shouwang.generator.home import Home, Row

_SAFEGUARD_FOR = {
    "illness": "medical_aid",
    "schooling": "education_aid",
    "unsafe_housing": "housing",
    "unsafe_water": "water",
    "disability": "social",
    "disaster": "temporary_relief",
    "accident": "temporary_relief",
    "other": "social",
    "no_labour": "dibao",
    "project_failed": "industry",
    "job_unstable": "employment",
}
# the kinds of measures that answer a risk (measure_kinds_… of the packs); any kind answers the others
_DEVELOPMENT = ("industry", "employment", "public_post", "microcredit", "skills", "consumption")
_ANSWERS = {
    "illness": ("medical_aid", "insurance", "dibao", "tekun", "temporary_relief", "social"),
    "schooling": ("education_aid", "social"),
    "disability": ("dibao", "tekun", "medical_aid", "social"),
    "job_unstable": _DEVELOPMENT,
    "project_failed": _DEVELOPMENT,
}
_ANY = ("disaster", "accident", "no_labour", "other")
_NOTES = "按核实情况填写"
_UNITS = {
    "industry": "农业农村委",
    "employment": "人社局",
    "skills": "人社局",
    "public_post": "人社局",
    "medical_aid": "医保局",
    "education_aid": "教委",
    "housing": "住建委",
    "water": "水利局",
}


def open_case(home: Home, chance: random.Random) -> None:
    """Case, risks, measures of a household that is monitored; resolved ones with their removal."""
    resolved = home.status == "resolved"
    ago = (
        chance.randint(430, 1100)
        if resolved
        else chance.choice((chance.randint(30, 180), chance.randint(190, 1150)))
    )
    risks = _risks(home, chance)
    home.case = case_steps(home, ago, risks)
    approved = home.case["approved_on"]
    labour = home.labour > 0
    _measures(home, risks, approved, chance)
    home.case |= {
        "development_done": any(
            row["kind"] in ("industry", "employment", "public_post") for row in home.measures
        ),
        "effect_reviewed_on": approved + timedelta(days=55) if labour and ago > 80 else None,
        "development_confirmed_on": approved + timedelta(days=60) if labour and ago > 80 else None,
        "last_studied_on": home.back(chance.randint(12, _studied_within(home))) if ago > 183 else None,
        "no_labour_safeguard": False,
    }
    home.cells |= {"identified_on": approved, "contact": True, "monitoring_type": _type(home, chance)}
    if not labour and not home.weak and not resolved:
        _safeguard(home)
    if resolved:
        _removal(home, chance, ago)


def _studied_within(home: Home) -> int:
    """Days back within which the last study lies: ninety, but this year where the year has two weeks already."""
    days = home.on.timetuple().tm_yday - 1
    return min(90, days) if days > 12 else 90


def case_steps(home: Home, days_ago: int, risks: list[str]) -> Row:
    """A case whose approval lies ``days_ago`` days back and whose steps are in order and in time."""
    found = home.back(days_ago + 13)
    after = {
        name: found + timedelta(days=days)
        for name, days in (
            ("discovered_on", 0),
            ("applied_on", 1),
            ("verified_on", 3),
            ("reviewed_on", 5),
            ("notice_from", 5),
            ("notice_to", 10),
            ("town_reviewed_on", 11),
            ("approved_on", 13),
            ("plan_on", 18),
        )
    }
    row: Row = dict(after)
    return row | {
        "discovery_source": "visit",
        "green_channel": False,
        "state": "approved",
        "risks": ";".join(risks),
        "contact": True,
        "risk_notes": _NOTES if {"disaster", "other", "project_failed"} & set(risks) else None,
    }


def measure(home: Home, kind: str, risk: str | None, planned: date, done: date | None, **more: Any) -> Row:
    """Adds a measure."""
    row: Row = {
        "kind": kind,
        "risk": risk,
        "planned_on": planned,
        "done_on": done,
        "amount": None,
        "unit": None,
    }
    if done is not None:
        row |= {"amount": 1000 + 100 * (len(kind) % 7), "unit": _UNITS.get(kind, "民政局")}
    home.measures.append(row | more)
    return home.measures[-1]


def answered(home: Home, kind: str) -> str:
    """The risk of the case that a kind of measure answers; where none fits, "other" joins the risks."""
    assert home.case is not None
    for risk in home.risks:
        if risk in _ANY or kind in _ANSWERS.get(risk, ()):
            return risk
    home.case |= {"risks": ";".join(sorted([*home.risks, "other"])), "risk_notes": _NOTES}
    return "other"


def _risks(home: Home, chance: random.Random) -> list[str]:
    people = home.people
    fitting = ["other", "disaster"]
    if any(p.cells["serious_illness"] or p.cells["chronic_illness"] for p in people):
        fitting += ["illness"] * 4
    if any(p.cells["disability_level"] for p in people):
        fitting += ["disability"] * 4
    if any(p.cells["in_school"] for p in people):
        fitting += ["schooling"] * 2
    if any(p.works for p in people):
        fitting += ["job_unstable"] * 3
    if home.labour == 0 or home.labour / len(people) <= 0.25:
        fitting += ["no_labour"] * 4
    return sorted({chance.choice(fitting) for _one in range(chance.choice((1, 1, 2)))})


def _measures(home: Home, risks: list[str], approved: date, chance: random.Random) -> None:
    planned = approved + timedelta(days=5)
    done = min(planned + timedelta(days=chance.randint(8, 25)), home.on)
    for risk in risks:
        measure(home, _SAFEGUARD_FOR[risk], risk, planned, done)
    if home.labour + home.weak and not any(
        row["kind"] in ("industry", "employment") for row in home.measures
    ):
        kind = "employment" if any(person.works for person in home.people) else "industry"
        measure(home, kind, answered(home, kind), planned, done)
    if any(
        p.cells["in_school"] and p.cells["school_stage"] in ("vocational", "college") for p in home.people
    ) and not any(row["kind"] == "education_aid" for row in home.measures):
        measure(home, "education_aid", answered(home, "education_aid"), planned, done)
    if home.supported_by_state and not any(row["kind"] == "dibao" for row in home.measures):
        measure(home, "dibao", answered(home, "dibao"), planned, done)


def _type(home: Home, chance: random.Random) -> str:
    if home.lifted:
        return "sudden_hardship" if chance.random() < 0.1 else "unstable_lifted"
    return "marginal" if chance.random() < 0.7 else "sudden_hardship"


def _safeguard(home: Home) -> None:
    """Nobody can work: the flag, confirmed at both levels, with a full dibao."""
    assert home.case is not None
    approved = home.case["approved_on"]
    home.case |= {
        "no_labour_safeguard": True,
        "safeguard_village_on": min(approved + timedelta(days=20), home.on),
        "safeguard_confirmed_on": min(approved + timedelta(days=27), home.on),
        "development_confirmed_on": None,
    }


def _removal(home: Home, chance: random.Random, ago: int) -> None:
    assert home.case is not None
    resolved = home.back(chance.randint(20, ago - 220))
    home.cells["resolved_on"] = resolved
    home.case |= {
        "state": "resolved",
        "removal_proposed_on": resolved - timedelta(days=14),
        "removal_manner": "help",
        "removal_approved_on": resolved,
        "removal_consent_on": resolved - timedelta(days=13),
        "removal_income_per_capita": 9800 + chance.randint(0, 6000),
        "last_studied_on": resolved - timedelta(days=15),
        "above_range_since": resolved - timedelta(days=200),
    }
