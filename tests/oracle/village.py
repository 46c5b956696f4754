"""Findings about a village: shares and counts over its households."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from .facts import Facts, Row
from .judge import DEFAULTS
from .logic import Truth
from .money import money


def judge_village(area_code: str, households: list[Facts], *, on: date, parameters: Row) -> dict[str, Truth]:
    """``households`` are those of the whole town (same first nine digits), the village included."""
    parameters = DEFAULTS | parameters
    town = [f for f in households if str(f.household.get("area_code"))[:9] == area_code[:9]]
    village = [f for f in town if f.household.get("area_code") == area_code]
    return {
        "region.unresolved_share": unresolved_share(village, money(parameters["unresolved_share"])),
        "region.few_identified": few_identified(village, town, on, parameters),
    }


def unresolved_share(village: list[Facts], share: Decimal | None) -> Truth:
    """Unresolved of monitored above the share; a village without monitored households is not above it."""
    unresolved = sum(f.status("unresolved") is True for f in village)
    monitored = sum(f.monitored is True for f in village)
    return None if share is None else unresolved > share * monitored


def few_identified(village: list[Facts], town: list[Facts], on: date, parameters: Row) -> Truth:
    """New since 1 January of last year per household under a quarter of the town's, in a village of 200 households or more."""
    share, least = money(parameters["few_share"]), parameters["few_households"]
    few = share is not None and _new(village, on) * len(town) < share * _new(town, on) * len(village)
    return False if len(village) < least else None if share is None else few


def _new(households: list[Facts], on: date) -> int:
    dates: list[Any] = [f.household.get("identified_on") for f in households]
    return sum(bool(day and date(on.year - 1, 1, 1) <= day <= on) for day in dates)
