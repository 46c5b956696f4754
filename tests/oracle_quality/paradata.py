"""paradata.*"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from math import log, sqrt
from statistics import median

from tests.oracle.logic import Truth, all3, any3, is_one_of, less

from .registry import of_rows
from .world import Household, Row, World, metres, more, point


def in_person(v: Row) -> Truth:
    return is_one_of(v.get("mode"), "in_person")


@of_rows("paradata.incomplete", "visits")
def _incomplete(h: Household, v: Row) -> Truth:
    empty = {
        c: h.world.empty("visits", v, c)
        for c in (
            "lng",
            "lat",
            "accuracy_m",
            "contact_name",
            "contact_phone",
            "study_place",
            "study_people",
            "signed_by",
        )
    }
    people = v.get("study_people")
    names = (
        {n.strip() for n in people.replace("、", ";").replace("；", ";").split(";") if n.strip()}
        if people
        else set()
    )
    few = any3([empty["study_people"], None if people is None else len(names) < 3])
    return any3(
        [
            all3([in_person(v), any3([empty["lng"], empty["lat"], empty["accuracy_m"]])]),
            all3([is_one_of(v.get("mode"), "remote"), any3([empty["contact_name"], empty["contact_phone"]])]),
            all3([is_one_of(v.get("mode"), "village_study"), any3([empty["study_place"], few])]),
            empty["signed_by"],
        ]
    )


def visits_of_world(world: World) -> list[Row]:
    return world.rows("visits") or []


def slack(h: Household, v: Row) -> float | None:
    return None if v.get("accuracy_m") is None else float(h.par("accuracy_k")) * float(v["accuracy_m"])


@of_rows("paradata.far", "visits")
def _far(h: Household, v: Row) -> Truth:
    here = point(v)
    houses = [point(h.row)] if point(h.row) else [point(o) for o in h.rows("visits") or [] if o is not v]
    distances = [d for p in houses if (d := metres(here, p)) is not None]
    room = slack(h, v)
    far = None if not distances or room is None else min(distances) - room > h.par("far_m")
    return all3([in_person(v), far])


@of_rows("paradata.poor_fix", "visits")
def _poor(h: Household, v: Row) -> Truth:
    accuracy = v.get("accuracy_m")
    return all3([in_person(v), any3([is_one_of(accuracy, 0), more(accuracy, h.par("accuracy_max_m"))])])


# ---- durations


def duration(v: Row) -> float | None:
    if v.get("started_at") is None or v.get("ended_at") is None:
        return None
    seconds = (v["ended_at"] - v["started_at"]).total_seconds()
    return seconds if seconds > 0 else None


@of_rows("paradata.too_fast", "visits")
def _fast(h: Household, v: Row) -> Truth:
    wrong = less(v.get("ended_at"), v.get("started_at"))
    own = duration(v)
    if wrong is True:
        return True
    if own is None or v.get("visitor") is None:
        return None
    alike = [
        o for o in visits_of_world(h.world) if o.get("form") == v.get("form") and o.get("visitor") is not None
    ]
    of_all = [d for o in alike if (d := duration(o))]
    of_visitor = [d for o in alike if o["visitor"] == v["visitor"] and (d := duration(o))]
    return all3([_below(h, own, of_all), _below(h, own, of_visitor)])


def _below(h: Household, own: float, values: list[float]) -> Truth:
    """Unknown where there are too few to compare, or all alike."""
    if len(values) < h.par("fast_n"):
        return None
    logs = [log(value) for value in values]
    middle = median(logs)
    spread = 1.4826 * median(abs(x - middle) for x in logs)
    return None if spread == 0 else (middle - log(own)) / spread > float(h.par("fast_z"))


# ---- answers


def answers_of(world: World, v: Row) -> dict[str, str] | None:
    if world.rows("answers") is None:
        return None
    return {
        a["question"]: a["answer"]
        for a in world.rows("answers") or []
        if a.get("visit_id") == v["visit_id"]
        and a.get("question")
        and a.get("answer") is not None
        and a.get("prefilled") is not True
    }


def area_of(world: World, v: Row) -> str | None:
    home = world.households.get(v.get("household_id") or "")
    return home.get("area_code") if home else None


@of_rows("paradata.alike", "visits")
def _alike(h: Household, v: Row) -> Truth:
    own = answers_of(h.world, v)
    if own is None or v.get("visitor") is None:
        return None
    compared = False
    for other in visits_of_world(h.world):
        if other["household_id"] == v["household_id"] or any(
            other.get(n) != v.get(n) for n in ("visitor", "form")
        ):
            continue
        if area_of(h.world, other) != area_of(h.world, v):
            continue
        theirs = answers_of(h.world, other) or {}
        both = [q for q in own if q in theirs]
        equal = sum(own[q] == theirs[q] for q in both)
        compared = compared or bool(both)
        if both and Decimal(equal) > h.par("alike_share") * len(both):
            return True
    return False if compared else None  # nothing to compare with


def newest(world: World, v: Row) -> bool:
    mine = [
        o
        for o in visits_of_world(world)
        if o.get("visitor") == v["visitor"] and town_of(world, o) == town_of(world, v)
    ]
    return max(mine, key=lambda o: (o.get("visited_on") or date.min, o["visit_id"])) is v


def town_of(world: World, v: Row) -> str | None:
    area = area_of(world, v)
    return area[:9] if area else None


def stands_out(k: int, n: int, k_others: int, n_others: int, z: float) -> Truth:
    """The share k/n lies z pooled standard errors above that of the others; unknown where all or none do."""
    if not n or not n_others or k + k_others in (0, n + n_others):
        return None
    pooled = (k + k_others) / (n + n_others)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_others))
    return error > 0 and k / n - k_others / n_others > z * error


@of_rows("paradata.all_no", "visits")
def _all_no(h: Household, v: Row) -> Truth:
    world = h.world
    if world.rows("answers") is None:
        return None
    if v.get("visitor") is None or not newest(world, v):
        return False
    sides: list[list[bool]] = [[], []]
    for other in visits_of_world(world):
        if other.get("visitor") is None or town_of(world, other) != town_of(world, v):
            continue
        yes_no = [a for a in (answers_of(world, other) or {}).values() if a in ("true", "false")]
        if yes_no:
            sides[other["visitor"] != v["visitor"]].append(all(a == "false" for a in yes_no))
    own, rest = sides
    if not own:
        return False
    if len(own) < h.par("fast_n"):
        return None
    return stands_out(sum(own), len(own), sum(rest), len(rest), h.par("share_z"))


# ---- places and times


@of_rows("paradata.one_point", "visits")
def _one_point(h: Household, v: Row) -> Truth:
    here, house = point(v), point(h.row)
    area = h.get("area_code")
    if here is None or v.get("visited_on") is None:
        return None
    if in_person(v) is False or house is None or area is None:
        return False
    found = {h.id}
    for other in visits_of_world(h.world):
        home = h.world.households.get(other["household_id"])
        if (
            home is None
            or other.get("visited_on") != v["visited_on"]
            or home.get("area_code") != area
            or in_person(other) is False
        ):
            continue
        theirs = point(home.row)
        near, apart = metres(here, point(other)), metres(house, theirs)
        if near is not None and near <= h.par("one_point_m") and apart is not None and apart > h.par("far_m"):
            found.add(home.id)
    return len(found) >= h.par("one_point_n")


@of_rows("paradata.speed", "visits")
def _speed(h: Household, v: Row) -> Truth:
    if in_person(v) is False:
        return None  # no way was made
    names = ("visitor", "started_at", "ended_at", "lng", "lat", "accuracy_m")
    if any(v.get(n) is None for n in names):
        return None
    tour = sorted(
        [
            o
            for o in visits_of_world(h.world)
            if in_person(o) is not False
            and o.get("visitor") == v["visitor"]
            and all(o.get(n) is not None for n in names)
        ],
        key=lambda o: (o["started_at"], o["visit_id"]),
    )
    place = next(n for n, o in enumerate(tour) if o is v)
    if place == 0:
        return None
    before = tour[place - 1]
    gap = metres(point(before), point(v))
    assert gap is not None
    gap -= float(h.par("accuracy_k")) * float(before["accuracy_m"] + v["accuracy_m"])
    if gap <= 0:
        return False
    seconds = (v["started_at"] - before["ended_at"]).total_seconds()
    return seconds <= 0 or gap * 3.6 > h.par("speed_max") * seconds


@of_rows("paradata.hours", "visits")
def _hours(h: Household, v: Row) -> Truth:
    start, day = v.get("started_at"), v.get("visited_on")
    late = None if start is None else not h.par("day_from") <= start.hour < h.par("day_to")
    other_day = None if start is None or day is None else start.date() != day
    many: Truth = None
    if v.get("visitor") is not None and day is not None:
        same = [
            o
            for o in visits_of_world(h.world)
            if o.get("visitor") == v["visitor"] and o.get("visited_on") == day and in_person(o)
        ]
        many = len(same) > h.par("visits_per_day")
    return all3([in_person(v), any3([late, other_day, many])])


@of_rows("paradata.same_photo", "visits")
def _photo(h: Household, v: Row) -> Truth:
    photos = h.world.rows("photos")
    if photos is None:
        return None
    mine = {p["photo_hash"] for p in photos if p.get("visit_id") == v["visit_id"] and p.get("photo_hash")}
    return any(p.get("photo_hash") in mine and p["household_id"] != v["household_id"] for p in photos)


@of_rows("paradata.little_variation", "visits")
def _little(h: Household, v: Row) -> Truth:
    world = h.world
    one_band: Truth = None
    if v.get("visitor") is not None:
        mine = [o for o in visits_of_world(world) if o.get("visitor") == v["visitor"]]
        bands = [o["income_band"] for o in mine if o.get("income_band") is not None]
        last = max(mine, key=lambda o: (o.get("visited_on") or date.min, o["visit_id"])) is v
        one_band = last and len(bands) >= h.par("fast_n") and len(set(bands)) == 1
    return any3([one_band, _round(h, v)])


def _round(h: Household, v: Row) -> Truth:
    """Amounts (answers that are numbers from 1,000 on) that are multiples of 1,000."""
    if h.world.rows("answers") is None:
        return None
    if v.get("visitor") is None or not newest(h.world, v):
        return False
    sides: list[list[bool]] = [[], []]
    visits = 0
    for o in visits_of_world(h.world):
        if o.get("visitor") is None or town_of(h.world, o) != town_of(h.world, v):
            continue
        amounts = [
            a
            for text in (answers_of(h.world, o) or {}).values()
            if (a := _amount(text)) is not None and a >= 1000
        ]
        sides[o["visitor"] != v["visitor"]] += [a % 1000 == 0 for a in amounts]
        visits += bool(amounts) and o["visitor"] == v["visitor"]
    own, rest = sides
    if not own:
        return False
    share = Decimal(sum(own)) >= h.par("round_share") * len(own)
    out = (
        stands_out(sum(own), len(own), sum(rest), len(rest), h.par("share_z"))
        if visits >= h.par("fast_n")
        else None
    )
    return all3([share, out])


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
