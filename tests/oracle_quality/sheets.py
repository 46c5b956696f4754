"""sheet.*"""

from __future__ import annotations

from decimal import Decimal

from tests.oracle.logic import Truth, any3, less

from .registry import of_nobodys, rule
from .world import DEFAULTS, Household, Row, World

NUMBERS = ("registered_households", "registered_people", "resident_households", "resident_people")


def par(world: World, name: str) -> Decimal:
    return Decimal(world.settings.get(name, DEFAULTS[name]))


@rule("sheet.missing")
def _missing(h: Household) -> Truth:
    """For a village without a sheet the finding stands on its first household."""
    area = h.get("area_code")
    if h.world.rows("villages") is None or area is None:
        return None
    first = min(o.id for o in h.world.households.values() if o.get("area_code") == area)
    there = any(
        v.get("area_code") == area and v.get("year") == h.on.year - 1 for v in h.world.rows("villages") or []
    )
    return h.id == first and not there


@of_nobodys("sheet.missing", "villages")
def _numbers_missing(world: World, v: Row) -> Truth:
    if v.get("year") != world.on.year - 1:
        return False
    return any3(
        any3([world.empty("villages", v, n), None if v.get(n) is None else v[n] == 0]) for n in NUMBERS
    )


def newest(world: World, v: Row) -> bool:
    rows = world.rows("villages") or []
    years = [
        o["year"] for o in rows if o.get("area_code") == v.get("area_code") and o.get("year") is not None
    ]
    return v.get("year") is not None and v["year"] == max(years)


def homes(world: World, v: Row) -> list[Household]:
    return [h for h in world.households.values() if h.get("area_code") == v.get("area_code")]


@of_nobodys("sheet.parts", "villages")
def _parts(world: World, v: Row) -> Truth:
    if not newest(world, v):
        return False
    found: list[Truth] = []
    for kind in ("registered", "resident"):
        households, people = v.get(f"{kind}_households"), v.get(f"{kind}_people")
        found.append(less(people, households))
        if households is not None and people is not None:
            low, high = par(world, "mean_size_from"), par(world, "mean_size_to")
            found.append(not low * households <= people <= high * households)
        else:
            found.append(None)
    own = homes(world, v)
    for ask in (
        lambda h: h.lifted is True,
        lambda h: h.monitored is True,
        lambda h: h.get("water_unsafe") is True,
        lambda h: h.get("housing_unsafe") is True,
    ):
        found.append(less(v.get("registered_households"), sum(ask(h) for h in own)) if own else None)
    return any3(found)


def apart(ours: int, theirs: int | None, share: Decimal) -> Truth:
    return None if theirs is None else abs(ours - theirs) > share * theirs


@of_nobodys("sheet.registry", "villages")
def _registry(world: World, v: Row) -> Truth:
    if not newest(world, v):
        return False
    own, gap = homes(world, v), par(world, "sheet_gap")
    if not own:
        return None  # a town's own sheet, or a village whose households are elsewhere
    people = None if world.rows("members") is None else sum(len(h.members or []) for h in own)
    return any3(
        [
            apart(len(own), v.get("registered_households"), gap),
            None if people is None else apart(people, v.get("registered_people"), gap),
        ]
    )


@of_nobodys("sheet.jump", "villages")
def _jump(world: World, v: Row) -> Truth:
    if v.get("year") is None:
        return None
    rows = world.rows("villages") or []
    before = [o for o in rows if o.get("area_code") == v.get("area_code") and o.get("year") == v["year"] - 1]
    if not before:
        return None
    gap = par(world, "sheet_jump")
    return any3(None if v.get(n) is None else apart(v[n], before[0].get(n), gap) for n in NUMBERS)


@of_nobodys("sheet.town_sum", "villages")
def _town(world: World, v: Row) -> Truth:
    area = v.get("area_code") or ""
    if not area.endswith("000") or area.endswith("000000"):
        return False
    rows = world.rows("villages") or []
    parts = [
        o
        for o in rows
        if o.get("year") == v.get("year") and (o.get("area_code") or "").startswith(area[:9]) and o is not v
    ]
    if not parts:
        return False
    found: list[Truth] = []
    for n in NUMBERS:
        values = [o.get(n) for o in parts]
        found.append(
            None if None in values or v.get(n) is None else sum(x for x in values if x is not None) != v[n]
        )
    return any3(found)
