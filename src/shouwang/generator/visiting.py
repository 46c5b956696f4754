"""The visit of the campaign, satisfaction and leaflets of one household."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from shouwang.generator.home import Home

_FORM = "农户返贫致贫风险信息核实表"


def visit(home: Home, chance: random.Random, *, risky: bool) -> None:
    """A visit in the last nine days, in the way that is due: in person for focus households and those at
    risk.
    """
    day = home.back(chance.randint(0, 8))
    begin = datetime.combine(day, time(8, 30)) + timedelta(minutes=chance.randint(0, 480))
    end = begin + timedelta(minutes=chance.randint(14, 55))
    due = risky or bool(home.focus)
    mode = "in_person" if due or chance.random() < 0.5 else chance.choice(("remote", "village_study"))
    if home.cells["away"] and mode != "village_study":
        mode = "remote"
    home.visit = {
        "visited_on": day,
        "mode": mode,
        "respondent": "relative" if home.cells["cannot_communicate"] else "member",
        "started_at": begin,
        "ended_at": end,
        "received_at": end + timedelta(hours=chance.randint(0, 30)),
        "form": _FORM,
        "data_taken_on": home.back(9),
        "focus_ticked": ";".join(home.focus) or None,
        "risk": False,
        "causes": None,
        "study_place": None,
        "study_people": None,
    }
    if mode == "village_study":
        home.visit |= {"study_place": "村委会会议室", "study_people": "村支书、村主任、驻村队员"}


def opinions(home: Home, chance: random.Random) -> None:
    """Satisfaction (few households are asked) and the leaflets of the year (nearly all have theirs)."""
    if home.visit and chance.random() < 0.03:
        home.satisfaction.append(
            {
                "asked_on": home.visit["visited_on"],
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
