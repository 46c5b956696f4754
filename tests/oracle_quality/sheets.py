"""sheet.*"""

from __future__ import annotations

from decimal import Decimal

from tests.oracle.logic import Truth, all3, any3, less

from .registry import of_world, rule
from .world import DEFAULTS, Household, Row, World, any_of, more

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
    there = any(v.get("area_code") == area and v.get("year") == h.on.year - 1 for v in h.world.rows("villages") or [])
    return h.id == first and not there


@of_world("sheet.missing")
def _numbers_missing(world: World) -> Truth:
    return any_of(
        world.rows("villages"),
        lambda v: v.get("year") == world.on.year - 1
        and any3(any3([world.empty("villages", v, n), None if v.get(n) is None else v[n] == 0]) for n in NUMBERS),
    )


def newest(world: World, v: Row) -> bool:
    years = [o["year"] for o in world.rows("villages") or [] if o.get("area_code") == v.get("area_code") and o.get("year") is not None]
    return v.get("year") is not None and v["year"] == max(years)


def homes(world: World, v: Row) -> list[Household]:
    return [h for h in world.households.values() if h.get("area_code") == v.get("area_code")]


@of_world("sheet.parts")
def _parts(world: World) -> Truth:
    return any_of(world.rows("villages"), lambda v: all3([newest(world, v), _parts_wrong(world, v)]))


def _parts_wrong(world: World, v: Row) -> Truth:
    found: list[Truth] = []
    for kind in ("registered", "resident"):
        households, people = v.get(f"{kind}_households"), v.get(f"{kind}_people")
        found.append(less(people, households))
        if households is not None and people is not None and households > 0:
            found.append(not par(world, "mean_size_from") * households <= people <= par(world, "mean_size_to") * households)
        else:
            found.append(None if households is None or people is None else False)
    own = homes(world, v)
    for ask in (
        lambda h: h.lifted is True,
        lambda h: h.monitored is True,
        lambda h: h.get("water_unsafe") is True,
        lambda h: h.get("housing_unsafe") is True,
    ):
        found.append(less(v.get("registered_households"), sum(ask(h) for h in own)))
    return any3(found)


def apart(ours: int, theirs: int | None, share: Decimal) -> Truth:
    return None if theirs is None else abs(ours - theirs) > share * theirs


@of_world("sheet.registry")
def _registry(world: World) -> Truth:
    def differs(v: Row) -> Truth:
        own = homes(world, v)
        people = None if world.rows("members") is None else sum(len(h.members or []) for h in own)
        gap = par(world, "sheet_gap")
        return any3(
            [
                apart(len(own), v.get("registered_households"), gap),
                None if people is None else apart(people, v.get("registered_people"), gap),
            ]
        )

    return any_of(world.rows("villages"), lambda v: all3([newest(world, v), differs(v)]))


@of_world("sheet.jump")
def _jump(world: World) -> Truth:
    def jumps(v: Row) -> Truth:
        if v.get("year") is None:
            return None
        before = [o for o in world.rows("villages") or [] if o.get("area_code") == v.get("area_code") and o.get("year") == v["year"] - 1]
        if not before:
            return False
        return any3(
            None if v.get(n) is None else apart(v[n], before[0].get(n), par(world, "sheet_jump")) for n in NUMBERS
        )

    return any_of(world.rows("villages"), jumps)


@of_world("sheet.town_sum")
def _town(world: World) -> Truth:
    def differs(v: Row) -> Truth:
        area = v.get("area_code") or ""
        if not area.endswith("000") or area.endswith("000000"):
            return False
        parts = [
            o
            for o in world.rows("villages") or []
            if o.get("year") == v.get("year") and (o.get("area_code") or "").startswith(area[:9]) and o is not v
        ]
        if not parts:
            return False
        found: list[Truth] = []
        for n in NUMBERS:
            values = [o.get(n) for o in parts]
            found.append(None if None in values or v.get(n) is None else sum(x for x in values if x is not None) != v[n])
        return any3(found)

    return any_of(world.rows("villages"), differs)


_ = more
