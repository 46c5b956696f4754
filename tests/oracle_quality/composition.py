"""household.*"""

from __future__ import annotations

from datetime import date
from statistics import median

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3, years_old

from .registry import of_members, rule
from .world import Household, Row, World, any_of, metres, more, point

# words of relation as files write them: relation, sex (None: says neither)
_SONS = "长子 次子 三子 四子 五子 之子 儿子 子 独子 养子 继子"
_DAUGHTERS = "长女 次女 三女 四女 五女 之女 女儿 女 独女 养女 继女"
WORDS: dict[str, tuple[str | None, str | None]] = {
    **dict.fromkeys(_SONS.split(), ("child", "male")),
    **dict.fromkeys(_DAUGHTERS.split(), ("child", "female")),
    "户主": ("head", None),
    "配偶": ("spouse", None),
    "妻": ("spouse", "female"),
    "妻子": ("spouse", "female"),
    "丈夫": ("spouse", "male"),
    "父亲": ("parent", "male"),
    "母亲": ("parent", "female"),
    "孙子": ("grandchild", "male"),
    "孙女": ("grandchild", "female"),
    "祖父": ("grandparent", "male"),
    "祖母": ("grandparent", "female"),
    "其他": ("other", None),
    "儿媳": (None, "female"),
    "女婿": (None, "male"),
}


def heads(h: Household) -> list[Row]:
    return [m for m in h.members or [] if m.get("relation") == "head"]


def _unsure(h: Household) -> bool:
    """Whether somebody's relation is not known."""
    return any(m.get("relation") is None for m in h.members or [])


@rule("household.one_head")
def _one_head(h: Household) -> Truth:
    if h.members is None:
        return None
    count = len(heads(h))
    if count > 1:
        return True
    return None if _unsure(h) and count == 0 else count != 1


@rule("household.head_name")
def _head_name(h: Household) -> Truth:
    if h.members is None:
        return None
    if not heads(h):
        return None  # household.one_head tells
    return not3(
        any3(is_one_of(m.get("name"), h.get("head_name")) if h.get("head_name") else None for m in heads(h))
    )


@rule("household.spouse")
def _spouse(h: Household) -> Truth:
    if h.members is None:
        return None
    spouses = [m for m in h.members if m.get("relation") == "spouse"]
    if len(spouses) > 1:
        return True
    if len(spouses) != 1 or len(heads(h)) != 1:
        return False
    return is_one_of(heads(h)[0].get("sex"), spouses[0]["sex"]) if spouses[0].get("sex") else None


@of_members("household.relation_sex")
def _relation_sex(h: Household, m: Row) -> Truth:
    empty = h.world.empty("members", m, "relation")
    relation, sex = WORDS.get(m.get("relation_word") or "", (None, None))  # no word names nothing
    return any3(
        [
            empty,
            False if sex is None else not3(is_one_of(m.get("sex"), sex)),
            False if relation is None else not3(is_one_of(m.get("relation"), relation)),
        ]
    )


@of_members("household.generation_gap")
def _gap(h: Household, m: Row) -> Truth:
    relation, gap = m.get("relation"), h.par("parent_gap")
    if relation is None:
        return None
    if relation not in ("child", "parent", "grandchild", "grandparent"):
        return False
    head = heads(h)
    if len(head) != 1 or head[0].get("birth_date") is None or m.get("birth_date") is None:
        return None
    own, other = m["birth_date"], head[0]["birth_date"]
    older, younger = (other, own) if relation in ("child", "grandchild") else (own, other)
    return years_old(older, younger) < (gap if relation in ("child", "parent") else 2 * gap)


@rule("household.months")
def _months(h: Household) -> Truth:
    return any_of(h.all_members, lambda m: _months_wrong(h, m))


def _months_wrong(h: Household, m: Row) -> Truth:
    first, last = h.world.window
    months = m.get("months_in_household")
    inside = [
        m.get(name) is not None and first <= m[name] <= last
        for name in ("birth_date", "joined_on", "left_on")
    ]
    if months is None:
        return None
    if not 0 <= months <= 12:
        return True
    if not any(inside):
        return False
    begun = [m[n] for n, i in zip(("birth_date", "joined_on"), inside, strict=False) if i] or [first]
    end = m["left_on"] if inside[2] else last
    if end < max(begun):
        return False  # who leaves before coming: nothing can be counted
    least, most = whole_months(max(begun), end), whole_months(min(begun), end)
    return months < least - 1 or months > most + (min(begun).day != end.day) + 1


def whole_months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


@of_members("household.serving")
def _serving(h: Household, m: Row) -> Truth:
    age = h.age(m)
    shares = (
        not3(m["shares_income"])
        if m.get("shares_income") is not None
        else h.world.empty("members", m, "shares_income")
    )
    wrong_age = None if age is None else not h.par("serving_age_from") <= age <= h.par("serving_age_to")
    return all3([m.get("serving"), any3([shares, wrong_age])])


@rule("household.size")
def _size(h: Household) -> Truth:
    if h.members is None:
        return None
    if len(h.members) > h.par("size_max"):
        return True
    if len(h.members) != 1:
        return False
    alone = h.members[0]
    return less(h.age(alone), h.par("labour_age_from")) if alone.get("relation") == "head" else None


# ---- places, twice


def _placed(h: Household) -> tuple[float, float] | None:
    place = point(h.row)
    return None if place is None or place[0] == 0 or place[1] == 0 else place


def middle_of(world: World, area: str) -> tuple[float, float] | None:
    points = [p for o in world.households.values() if o.get("area_code") == area and (p := _placed(o))]
    points = [p for p in points if 73 <= p[0] <= 136 and 3 <= p[1] <= 54]
    return (median(p[0] for p in points), median(p[1] for p in points)) if len(points) > 2 else None


def our_areas(world: World) -> set[str] | None:
    if not world.rows("villages"):
        return None
    return {v["area_code"] for v in world.rows("villages") or [] if v.get("area_code")}


@rule("household.place")
def _place(h: Household) -> Truth:
    area, lng, lat = h.get("area_code"), h.get("lng"), h.get("lat")
    wrong_area: Truth = None
    if area is not None:
        ours = our_areas(h.world)
        wrong_area = (
            True if len(area) != 12 or not area.isdigit() else None if ours is None else area not in ours
        )
    zero = any3([is_one_of(lng, 0), is_one_of(lat, 0)])
    swapped = None if lng is None or lat is None else lat > 90 or (lng < 73 and lat > 73)
    far: Truth = None
    if _placed(h) and area is not None and not swapped:
        middle = middle_of(h.world, area)
        far = more(metres(point(h.row), middle), h.par("village_km") * 1000)
    return any3([wrong_area, h.empty("group_name"), zero, swapped, far])


@rule("household.twice")
def _twice(h: Household) -> Truth:
    area = h.get("area_code")
    if area is None:
        return None
    found: list[Truth] = []
    for other in h.world.households.values():
        if other.id == h.id or other.get("area_code") != area:
            continue
        same: Truth = False  # who does not say the name or phone is not known to be the same
        if h.get("head_name") is not None and h.get("phone") is not None:
            same = h.get("head_name") == other.get("head_name") and h.get("phone") == other.get("phone")
        found += [same, _half_alike(h, other)]
    return any3(found)


def _half_alike(h: Household, other: Household) -> Truth:
    if h.members is None or other.members is None:
        return None
    if not h.world.has("members", "name", "birth_date"):
        return None
    own = [(m.get("name"), m.get("birth_date")) for m in h.members]
    theirs = [(m.get("name"), m.get("birth_date")) for m in other.members]
    shared = len({p for p in own if None not in p} & {p for p in theirs if None not in p})
    return shared > 0 and 2 * shared >= max(len(own), len(theirs))
