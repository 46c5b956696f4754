"""The visits of one household (of the campaign and before it), satisfaction and leaflets."""

from __future__ import annotations

import random
from datetime import date

from shouwang.generator.home import Home, Row

FORM = "农户返贫致贫风险信息核实表"
CAMPAIGN_DAYS = 8
"""The campaign's visits lie on this many days up to the day of the data: forty households of one visitor, five a day
(:mod:`shouwang.generator.expansion` lays them so that nobody is in two places at once)."""


def visit(home: Home, chance: random.Random, *, risky: bool) -> None:
    """A visit of the campaign, in the way that is due: in person for focus households and those at risk."""
    due = risky or bool(home.focus)
    mode = "in_person" if due or chance.random() < 0.5 else chance.choice(("remote", "village_study"))
    if home.cells["away"] and mode != "village_study":
        mode = "remote"
    home.visit = _row(home, mode, chance) | {
        "campaign": True,
        "who": "round",
        "visited_on": home.on,
        "data_taken_on": home.back(9),
        "focus_ticked": ";".join(home.focus) or None,
    }
    if mode == "village_study":
        home.visit |= {"study_place": "村委会会议室", "study_people": "村支书、村主任、驻村队员"}
    if home.status == "unresolved":
        at_risk(home)


def at_risk(home: Home, *causes: str, notes: str | None = None) -> None:
    """The visitor says that there is a risk, by these causes (those of the case where none are given)."""
    assert home.visit is not None
    home.visit |= {"risk": True, "causes": ";".join(causes or home.risks) or None, "cause_notes": notes}


def _row(home: Home, mode: str, chance: random.Random) -> Row:
    return {
        "mode": mode,
        "respondent": "relative" if home.cells["cannot_communicate"] else "member",
        "form": FORM,
        "risk": False,
        "causes": None,
        "study_place": None,
        "study_people": None,
        "jitter": chance.randint(0, 35),  # minutes
        "minutes": chance.randint(14, 55),
        "late_days": 0,
    }


def earlier(home: Home, chance: random.Random) -> None:
    """Visits before the campaign: the discovery of a case, the contact's, a look back after a removal."""
    if home.case is None:
        return
    if home.case["discovery_source"] == "visit" and home.case["discovered_on"] is not None:
        add(home, home.case["discovered_on"], "own", chance, risk=True, causes=home.case["risks"])
    if home.status == "unresolved" and home.cells["contact"]:
        risks = {} if home.visit and not home.visit["risk"] else {"risk": True, "causes": home.case["risks"]}
        add(home, home.back(chance.randint(12, 85)), "contact", chance, **risks)
    if home.status == "resolved":
        add(home, home.back(chance.randint(12, 330)), "own", chance)


def add(home: Home, day: date, who: str, chance: random.Random, **more: object) -> None:
    """A visit of that day; ``who`` is ``contact``, or ``own`` for somebody who came only to this household."""
    mode = "remote" if home.cells["away"] else "in_person"
    row = _row(home, mode, chance) | {
        "campaign": False,
        "who": who,
        "visited_on": day,
        "minutes": chance.randint(12, 20),
    }
    home.earlier_visits.append(row | more)
    home.earlier_visits.sort(key=lambda one: str(one["visited_on"]))


def opinions(home: Home, chance: random.Random) -> None:
    """Satisfaction (few households are asked) and the leaflets of the year (nearly all have theirs)."""
    if home.visit and chance.random() < 0.03:
        home.satisfaction.append(
            {
                "asked_on": home.back(chance.randint(0, CAMPAIGN_DAYS)),
                "about": "team",
                "satisfied": chance.choice((4, 5, 5)),
                "contact_known": True if home.cells["contact"] else None,
            }
        )
    if home.trouble == "no_leaflet":
        return
    given = home.back(chance.randint(20, min(150, max(21, home.on.timetuple().tm_yday - 1))))
    home.leaflets.append({"kind": "application", "given_on": given})
    if home.status != "none":
        home.leaflets.append({"kind": "help", "given_on": given})
