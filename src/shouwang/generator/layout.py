"""Where the made-up households live: villages of 350 to 600 households, under towns, under counties."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shouwang.errors import InputError
from shouwang.language import _

_MEAN_VILLAGE = 475
_FIRST_TOWN, _LAST_TOWN = 100, 399  # GB/T 10114: towns and townships
_KNOWN = {"500151": "铜梁区", "500151122": "西河镇"}
_HEADS = "石龙双望青长白新云金银桃柏清杨柳凤竹茶枫梅松桂兰菊荷莲玉宝泉"
_TAILS = (
    "溪",
    "坝",
    "湾",
    "岭",
    "塘",
    "垭",
    "坪",
    "桥",
    "寨",
    "沟",
    "井",
    "岩",
    "堰",
    "坡",
    "林",
    "河",
    "山",
    "滩",
)


_Place = tuple[str, str, str, str, float, float]


@dataclass(frozen=True)
class Village:
    """One village: ``first`` is the number of its first household (from 0), ``size`` how many it has."""

    code: str
    county: str
    town: str
    name: str
    first: int
    size: int
    lng: float
    lat: float


def villages(households: int, area: str, seed: int) -> list[Village]:
    """Villages that together hold ``households`` households, in the order of their codes.

    ``area`` is a county (6 digits), a town (9 digits) or one village (12 digits). A county takes as many
    towns as its codes allow, more than any real one, so that what holds for a county (its monitoring range)
    holds for all of a big set of data. Raises :class:`InputError` where the area is of no such form or too
    small for so many households.
    """
    check_area(area)
    chance = random.Random(f"{seed}/layout")  # noqa: S311 - made-up data
    sizes = [households] if len(area) == 12 else _sizes(households, chance)
    if len(area) == 12 and households > 9999:
        raise InputError(
            _("一个村最多 9999 户，放不下 {count} 户").format(count=households),
            where="--area",
            remedy=_("请写 9 位乡镇代码或 6 位区县代码"),
        )
    places, found, first = _places(area, chance), [], 0
    for size in sizes:
        code, county, town, name, lng, lat = next(places)
        found.append(Village(code, county, town, name, first, size, lng, lat))
        first += size
    return found


def check_area(area: str) -> None:
    """Raises :class:`InputError` unless ``area`` is 6, 9 or 12 digits."""
    if not (area.isascii() and area.isdigit() and len(area) in (6, 9, 12)):
        raise InputError(
            _("区划代码“{area}”不是 6 位（区县）、9 位（乡镇）或 12 位（村）数字").format(area=area),
            where="--area",
            remedy=_("例如 500151122"),
        )


def _sizes(households: int, chance: random.Random) -> list[int]:
    """Sizes that sum to ``households``: about 475 each, at least 6 villages where there are 30 households
    each.
    """
    count = max(-(-households // _MEAN_VILLAGE), min(6, households // 30), 1)
    weights = [chance.uniform(0.76, 1.24) for _village in range(count)]
    total, cuts, run = sum(weights), [0], 0.0
    for weight in weights:
        run += weight
        cuts.append(round(households * run / total))
    cuts[-1] = households
    return [high - low for low, high in pairwise(cuts) if high > low]


def _places(area: str, chance: random.Random) -> Iterator[_Place]:
    """Yields (code, county, town, village, lng, lat), ascending by code as far as one county goes."""
    county, start = area[:6], int(area[6:9]) if len(area) > 6 else _FIRST_TOWN
    number = 0
    while True:
        for town in range(start if number == 0 else _FIRST_TOWN, _LAST_TOWN + 1):
            yield from _town(county, f"{county}{town:03d}", chance, area if len(area) == 12 else "")
        number += 1
        county = _next_county(county)


def _next_county(county: str) -> str:
    if county[4:] == "98":
        raise InputError(
            _("{area} 之后没有足够的区县代码").format(area=county),
            where="--households",
            remedy=_("请减少户数，或换一个靠前的区划代码"),
        )
    return f"{county[:4]}{int(county[4:]) + 1:02d}"


def _town(county: str, town: str, chance: random.Random, only: str) -> Iterator[_Place]:
    lng, lat = 105.8 + int(town[6:]) % 20 * 0.05, 29.5 + int(town[6:]) // 20 * 0.04
    county_name = _KNOWN.get(county, f"{_HEADS[int(county[4:]) % len(_HEADS)]}川区")
    town_name = _KNOWN.get(town, f"{_HEADS[int(town[6:]) % 30]}{_TAILS[int(town[6:]) // 30 % 18]}镇")
    names = [
        f"{head}{tail}村"
        for head, tail in zip(chance.sample(_HEADS, 10), chance.sample(_TAILS, 10), strict=True)
    ]
    codes = [only] if only else [f"{town}{201 + place}" for place in range(chance.randint(6, 10))]
    for place, code in enumerate(codes):
        yield (
            code,
            county_name,
            town_name,
            names[place],
            round(lng + place % 4 * 0.011, 6),
            round(lat + place // 4 * 0.012, 6),
        )
