"""Makes one household: people, facts, income, alerts, case, visit and perhaps one trouble."""

from __future__ import annotations

import random
from datetime import date

from shouwang.generator import dwelling, economy, lifecycle, plant_help, settling, troubles, visiting
from shouwang.generator.dealing import Dealer
from shouwang.generator.flaw import Flaw
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


def make(chance: random.Random, on: date, dealer: Dealer[troubles.Trouble], flaws: Dealer[Flaw]) -> Home:
    """One household as it stands on the day ``on``; the dealers say which trouble or fault is due."""
    people = family(chance)
    lifted = chance.random() < LIFTED
    status = _status(chance, lifted)
    home = Home(on, people, lifted, status)
    dwelling.settle(home, chance)
    trouble = _trouble(home, dealer)
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
        for finding in trouble.findings:
            home.mark(finding)
        trouble.plant(home, chance)
        _refresh_focus(home, trouble)
    settling.settle(home, chance)
    visiting.opinions(home, chance)
    _flaw(home, flaws, chance)
    return home


def _trouble(home: Home, dealer: Dealer[troubles.Trouble]) -> troubles.Trouble | None:
    for kind in dealer.owed(home):
        if kind.fits(home):
            dealer.dealt(kind)
            return kind
    return None


def _flaw(home: Home, dealer: Dealer[Flaw], chance: random.Random) -> None:
    """Plants a fault that is due into a household without any trouble; it has at most one."""
    owed = dealer.owed(home)
    for kind in owed if not home.trouble else ():
        if kind.plant(home, chance):
            dealer.dealt(kind)
            home.trouble = kind.name
            home.findings = tuple(dict.fromkeys(finding for finding, _table, _row in home.marks))
            return


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
        target = chance.uniform(6200, 14000)
        if RANGE * 0.95 < target < RANGE * 1.05:  # on neither side, whatever its own amounts
            target = RANGE * 0.95
        spent = (home.cells["oop_education"] + home.cells["oop_medical"]) * 12 / home.months
        return round(target if target <= RANGE else target + spent + 300, 2)
    return economy.usual_target(home, chance)


def _background(home: Home, trouble: troubles.Trouble | None, chance: random.Random) -> None:
    """Alerts that were handled in time and showed nothing, about one household in twenty."""
    if trouble is not None or home.status != "none":
        return
    _business(home, chance)
    if chance.random() > 0.055:
        return
    source, kind = chance.choice(_ALERTS)
    if kind == "job_loss" and not any(person.works for person in home.people):
        return
    amount = chance.randint(80, 400) if kind in ("large_medical_cost", "large_relief") else None
    home.alert(source, kind, chance.randint(10, 220), amount=amount)
    if kind == "job_loss" and home.lifted:
        lifecycle.measure(home, "employment", None, home.alerts[-1]["received_on"], home.back(5))


def _business(home: Home, chance: random.Random) -> None:
    """Loans that are paid back in time and projects that pay, for some lifted households."""
    if home.lifted and chance.random() < 0.03:
        plant_help.loan(home)
    if home.lifted and chance.random() < 0.04:
        plant_help.project(home, paid=1200, days_ago=chance.randint(20, 200))


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
    if home.focus and trouble.name != "wrong_mode":
        mode = "remote" if home.cells["away"] else "in_person"
        home.visit |= {"mode": mode, "study_place": None, "study_people": None}
