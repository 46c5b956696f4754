"""How a fault in one visit, a phone or a place is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random
from collections.abc import Callable

from shouwang.generator.home import Home, Row
from shouwang.generator.visiting import CAMPAIGN_DAYS

Plant = Callable[[Home, random.Random], bool]


def of_visit(finding: str, *, in_person: bool = True, **change: object) -> Plant:
    """A plant that changes the visit of the campaign."""

    def plant(home: Home, _chance: random.Random) -> bool:
        if (
            home.visit is None
            or not home.visit["campaign"]
            or (in_person and home.visit["mode"] != "in_person")
        ):
            return False
        home.visit |= change
        home.mark(finding, "visits", home.visit)
        return True

    return plant


def late_entry(home: Home, chance: random.Random) -> bool:
    """The household was seen before the campaign, and it was entered six days later."""
    if home.visit is None or home.status != "none" or home.focus:
        return False
    home.visit |= {
        "campaign": False,
        "who": "own",
        "visited_on": home.back(CAMPAIGN_DAYS + 12),
        "late_days": 6,
    }
    home.visit["minutes"] = chance.randint(12, 20)
    home.mark("fresh.late_entry", "visits", home.visit)
    return True


def _no_call(home: Home) -> bool:
    return all(row["mode"] != "remote" for row in _visits(home))


def _visits(home: Home) -> list[Row]:
    return [*home.earlier_visits, *([home.visit] if home.visit else [])]


def short_phone(home: Home, _chance: random.Random) -> bool:
    home.cells["fault"] = "phone_short"
    home.mark("phone.form")
    return True


def cadre_phone(home: Home, _chance: random.Random) -> bool:
    """The visitor's phone was entered as the household's."""
    if not _no_call(home):
        return False
    home.cells["fault"] = "phone_cadre"
    home.mark("phone.cadre")
    return True


def contact_is_member(home: Home, _chance: random.Random) -> bool:
    if not home.cells["contact"] or home.status == "unresolved":
        return False
    home.cells["fault"] = "contact"
    home.mark("phone.contact")
    return True


def wrong_head_name(home: Home, _chance: random.Random) -> bool:
    home.cells["fault"] = "head_name"
    home.mark("household.head_name")
    return True


def place(home: Home, _chance: random.Random) -> bool:
    """Longitude and latitude changed over; where a visit's place would then be far off, the group left out."""
    seen = any(row["mode"] == "in_person" for row in _visits(home))
    home.cells["fault"] = "no_group" if seen else "swapped"
    home.mark("household.place")
    return True


def twin(home: Home, _chance: random.Random) -> bool:
    """Head's name and phone are those of the household before it in the village (if it is of the same sex and
    people: :mod:`shouwang.generator.templates` sees to that, and to the marks).
    """
    home.cells["fault"] = "twin"
    home.mark("household.twice")
    return True
