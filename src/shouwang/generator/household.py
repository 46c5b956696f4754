"""Makes one household: people, facts, income, alerts, case, visit and perhaps one trouble."""

from __future__ import annotations

import random
from datetime import date

from shouwang.generator import dwelling, economy, lifecycle, settling, troubles, visiting
from shouwang.generator.home import RANGE, Home
from shouwang.generator.person import family

LIFTED, UNRESOLVED, RESOLVED = 0.17, 0.014, 0.02  # shares of all households
VISITED = 0.74
_ALERTS = (
    ("civil_affairs", "dibao_applied"),
    ("civil_affairs", "dibao_new"),
    ("civil_affairs", "dibao_refused"),
    ("civil_affairs", "tekun_refused"),
    ("medical_insurance", "large_medical_cost"),
    ("health", "serious_illness"),
    ("health", "mental_disorder"),
    ("disability", "severe_disability"),
    ("civil_affairs", "large_relief"),
    ("housing", "unsafe_house"),
    ("employment", "job_loss"),
    ("agriculture", "price_fall"),
    ("application", "self_application"),
    ("emergency", "disaster"),
)
_HELPED = "no_risk"


def make(chance: random.Random, on: date) -> Home:
    """One household as it stands on the day ``on``."""
    people = family(chance)
    lifted = chance.random() < LIFTED
    status = _status(chance, lifted)
    home = Home(on, people, lifted, status)
    dwelling.settle(home, chance)
    trouble = troubles.draw(home, chance)
    if status != "none":
        lifecycle.open_case(home, chance)
    elif home.cells["low_income_group"]:
        lifecycle.measure(home, "industry", None, home.back(150), home.back(110))
    economy.earn(home, chance)
    target = _target(home, trouble, chance)
    economy.reach(home, target, chance)
    if target <= RANGE * 1.05:
        dwelling.modest(home)
    dwelling.look_back(home, chance)
    _background(home, trouble, chance)
    _visit(home, trouble, chance)
    if trouble is not None:
        home.trouble, home.findings = trouble.name, trouble.findings
        trouble.plant(home, chance)
        _refresh_focus(home, trouble)
    settling.settle(home, chance)
    visiting.opinions(home, chance)
    return home


def _status(chance: random.Random, lifted: bool) -> str:
    """Lifted households are watched four times as often as others."""
    weight = 2.6 if lifted else 0.68
    draw = chance.random()
    if draw < UNRESOLVED * weight:
        return "unresolved"
    return "resolved" if draw < (UNRESOLVED + RESOLVED) * weight else "none"


def _target(home: Home, trouble: troubles.Trouble | None, chance: random.Random) -> float:
    if trouble is not None and trouble.target is not None:
        return round(chance.uniform(*trouble.target), 2)
    if home.status == "unresolved":
        return round(chance.uniform(6200, 14000), 2)
    return economy.usual_target(home, chance)


def _background(home: Home, trouble: troubles.Trouble | None, chance: random.Random) -> None:
    """Alerts that were handled in time and showed nothing, about one household in twenty."""
    if trouble is not None or home.status != "none" or chance.random() > 0.055:
        return
    source, kind = chance.choice(_ALERTS)
    if kind == "job_loss" and not any(person.works for person in home.people):
        return
    amount = chance.randint(80, 400) if kind in ("large_medical_cost", "large_relief") else None
    home.alert(source, kind, chance.randint(10, 220), amount=amount)
    if kind == "job_loss" and home.lifted:
        lifecycle.measure(home, "employment", None, home.alerts[-1]["received_on"], home.back(5))


def _visit(home: Home, trouble: troubles.Trouble | None, chance: random.Random) -> None:
    needs = trouble is not None and trouble.group != "lifted"
    if needs or (home.focus and chance.random() < 0.9) or chance.random() < VISITED:
        visiting.visit(home, chance, risky=needs)
        if home.net_per_capita <= RANGE * 1.04:
            economy.state_zeros(home)


def _refresh_focus(home: Home, trouble: troubles.Trouble) -> None:
    """What was planted may have made a focus household of it, which the visitor ticked and saw in person."""
    if home.visit is None:
        return
    home.visit["focus_ticked"] = ";".join(home.focus) or None
    if home.focus and not home.cells["away"] and trouble.name != "wrong_mode":
        home.visit |= {"mode": "in_person", "study_place": None, "study_people": None}
