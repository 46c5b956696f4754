"""Relations, generations, months and places: both backends alike, and what neighbours tell, against doing it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import asin, cos, isclose, radians, sin, sqrt
from random import Random
from statistics import median
from typing import Any

import pytest

from shouwang.policy.columns import composition, places, relation_words
from shouwang.tables.dictionary import CODES
from shouwang.tables.intake import codes
from tests.quality.given_rows import GivenRows, Row

ON = date(2024, 9, 5)
DAYS = [
    (ON, "visit"),
    (date(2024, 2, 29), "visit"),
    (date(2024, 11, 2), "year"),
    (date(2024, 3, 31), "visit"),
]
OF_MEMBERS = [column.name for column in composition.COLUMNS if column.table == "members"]
OF_PLACES = [column.name for column in places.COLUMNS if not column.neighbours]
WORDS = (*relation_words.WORDS, "户主 之子", "长　女", " 配偶 ", "老表", "", "'; drop", None)


def member(random: Random, place: int, on: date) -> Row:
    year = timedelta(days=365)
    edges = (on, on + timedelta(days=1), on - year, on - year + timedelta(days=1), on - year - timedelta(days=1), date(2024, 2, 29),
             date(2023, 10, 1), date(2024, 9, 30), date(2024, 1, 31))  # fmt: skip

    def day() -> date | None:
        return random.choice(
            (None, None, random.choice(edges), on - timedelta(days=random.randint(-40, 420)))
        )

    born = random.choice(
        (
            day(),
            date(random.randint(1930, 2024), random.choice((1, 2, 12)), 28),
            date(2000, 2, 29),
            date(1972, 2, 29),
        )
    )
    return {
        "member_id": f"m{place}", "household_id": f"h{place // 4}", "relation": random.choice((None, "head", "head", *(c.code for c in CODES["relation"]))),
        "relation_word": random.choice(WORDS), "birth_date": born, "joined_on": day(), "left_on": day(),
    }  # fmt: skip


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("lacking", [(), ("left_on",), ("joined_on", "birth_date"), ("relation",)], ids=str)
@pytest.mark.parametrize(("on", "window"), DAYS, ids=str)
def test_both_backends_say_the_same_of_members(on: date, window: str, lacking: Sequence[str]) -> None:
    random = Random(f"{on}{lacking}")
    rows = [member(random, place, on) for place in range(2000)]
    assert (
        GivenRows(on, {"members": rows}, window, {"members": lacking}).differing("members", OF_MEMBERS) == {}
    )


@pytest.mark.req("QLT-1")
def test_every_answer_of_members_comes_up() -> None:
    random = Random(3)
    rows = GivenRows(ON, {"members": [member(random, place, ON) for place in range(2000)]})
    found = {name: set(rows.by_python("members", name)) for name in OF_MEMBERS}
    assert {None, "male", "female"} == found["word_sex"]
    assert {code.code for code in CODES["relation"]} | {None} == found["word_relation"]
    assert (
        min(n for n in found["years_younger"] if n is not None)
        < 0
        < max(n for n in found["years_younger"] if n is not None)
    )
    assert found["months_least"] >= set(range(12))
    assert found["months_most"] >= set(range(1, 13))


@pytest.mark.req("QLT-1")
def test_the_words_are_those_of_the_intake_and_name_no_sex_that_they_leave_open() -> None:
    assert set(relation_words.SEXES) <= set(codes.RELATIONS)
    for word in codes.RELATIONS:
        relation, sex = relation_words.WORDS[word]
        assert relation in (codes.relation(word), None)
        assert sex is None or not any(
            part in word for part in ("子女", "父母", "兄妹", "姐弟", "配偶", "爱人", "亲属")
        )
    for word, meaning in (("户主的长子", ("child", "male")), ("户主之女", ("child", "female")), ("儿媳", ("other", "female")),
                          ("女婿", ("other", "male")), ("孙女婿", ("other", "male")), ("外孙女", ("grandchild", "female")), ("孙", ("grandchild", None)),
                          ("媳妇", (None, "female")), ("户主", ("head", None))):  # fmt: skip
        assert relation_words.WORDS[word] == meaning


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "500199122201",
        "50019912220",
        "5001991222011",
        "50019912220x",
        "５００１９９１２２２０１",
        " 500199122201",
    ],
)
def test_area_codes_are_judged_alike(text: str | None) -> None:
    rows = GivenRows(ON, {"households": [{"household_id": "h", "area_code": text}]})
    assert rows.by_duckdb("households", "area_well_formed") == [
        None if text is None else text == "500199122201"
    ]
    assert rows.differing("households", OF_PLACES) == {}


POINTS = (
    None,
    0.0,
    -0.0,
    0.1,
    3,
    54,
    54.0001,
    73,
    72.9999,
    136,
    29.7,
    105.9,
    -29.7,
    400,
    float("inf"),
    float("nan"),
)


@pytest.mark.req("QLT-1")
def test_points_are_judged_alike() -> None:
    rows = [
        {"household_id": f"h{number}", "lng": lng, "lat": lat}
        for number, (lng, lat) in enumerate((lng, lat) for lng in POINTS for lat in POINTS)
    ]
    given_rows = GivenRows(ON, {"households": rows})
    assert given_rows.differing("households", OF_PLACES) == {}
    assert set(given_rows.by_python("households", "point_wrong")) == {None, True, False}


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance over the sphere between two points (longitude, latitude)."""
    lng, lat = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(lat / 2) ** 2 + cos(radians(a[1])) * cos(radians(b[1])) * sin(lng / 2) ** 2
    return 2 * 6_371_000 * asin(min(1, sqrt(half)))


def on_earth(row: Row) -> bool:
    """A point that is neither empty nor 0 nor changed over."""
    degrees = (row["lng"], row["lat"])
    return all(degree and degree == degree for degree in degrees) and degrees[1] <= 90


def in_china(row: Row) -> bool:
    return on_earth(row) and 73 <= row["lng"] <= 136 and 3 <= row["lat"] <= 54


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("seed", range(4))
def test_distances_are_those_worked_out_by_hand(seed: int) -> None:
    random = Random(seed)
    rows: list[Row] = [
        {
            "household_id": f"h{number}", "area_code": random.choice((None, "a", "b", "c", "few")) if number % 50 else "few",
            "lng": random.choice((None, 0.0, random.gauss(105.9, 0.05), random.gauss(105.9, 0.05), 29.7, float("nan"))),
            "lat": random.choice((None, random.gauss(29.7, 0.05), random.gauss(29.7, 0.05), random.gauss(29.7, 0.05), 105.9)),
        }
        for number in range(400)
    ]  # fmt: skip
    found = GivenRows(ON, {"households": rows}).by_duckdb("households", "metres_from_village")
    for row, got in zip(rows, found, strict=True):
        village = [other for other in rows if other["area_code"] == row["area_code"] and in_china(other)]
        if row["area_code"] is None or len(village) < 3 or not on_earth(row):
            assert got is None
        else:
            centre = (median(other["lng"] for other in village), median(other["lat"] for other in village))
            assert isclose(got, metres((row["lng"], row["lat"]), centre), abs_tol=0.6)
    assert sum(got is not None for got in found) > 10


@pytest.mark.req("QLT-1")
def test_areas_are_known_from_the_village_sheets_alone() -> None:
    rows: list[Row] = [
        {"household_id": "a", "area_code": "500199122201"},
        {"household_id": "b", "area_code": "500199122209"},
        {"household_id": "c"},
    ]
    sheets: list[Row] = [
        {"area_code": "500199122201", "year": 2022},
        {"area_code": "500199122201", "year": 2023},
        {"year": 2023},
    ]
    assert GivenRows(ON, {"households": rows, "villages": sheets}).by_duckdb("households", "area_known") == [
        True,
        False,
        None,
    ]
    assert (
        GivenRows(ON, {"households": rows, "villages": []}).by_duckdb("households", "area_known")
        == [None] * 3
    )
    assert GivenRows(ON, {"households": rows}).by_duckdb("households", "area_known") == [None] * 3
    nameless = GivenRows(ON, {"households": rows, "villages": sheets}, lacking={"villages": ["area_code"]})
    assert nameless.by_duckdb("households", "area_known") == [None] * 3


def drawn_village(random: Random) -> tuple[list[Row], list[Row]]:
    """Households and members with few names, phones and days, so that much is the same."""
    households = [
        {"household_id": f"h{number:02}", "area_code": random.choice(("a", "a", "b", None)), "head_name": random.choice(("张三", "李四", None)),
         "phone": random.choice(("19900000001", "19900000002", "19900000003", None))}
        for number in range(24)
    ]  # fmt: skip
    members = [
        {"member_id": f"m{place:03}", "household_id": f"h{random.randrange(24):02}", "name": random.choice(("甲", "乙", "丙", "丁", None)),
         "birth_date": random.choice((None, *(date(1970 + n, 1, 1) for n in range(6)))), "left_on": random.choice((None, None, None, ON, ON + timedelta(days=9)))}
        for place in range(60)
    ]  # fmt: skip
    return households, members


def twins_by_hand(households: Sequence[Row], members: Sequence[Row]) -> dict[str, set[str]]:
    """Which households seem to be the same, by comparing each with each."""
    here = [row for row in members if row["left_on"] is None or row["left_on"] > ON]
    people = {
        one["household_id"]: {
            (row["name"], row["birth_date"]) for row in here
            if row["household_id"] == one["household_id"] and row["name"] and row["birth_date"]
        }
        for one in households
    }  # fmt: skip
    sizes = {
        one["household_id"]: sum(row["household_id"] == one["household_id"] for row in here)
        for one in households
    }
    found: dict[str, set[str]] = {one["household_id"]: set() for one in households}
    for one in households:
        for other in households:
            a, b = one["household_id"], other["household_id"]
            if a == b or one["area_code"] is None or one["area_code"] != other["area_code"]:
                continue
            heads = (
                one["head_name"]
                and one["phone"]
                and (one["head_name"], one["phone"]) == (other["head_name"], other["phone"])
            )
            common = len(people[a] & people[b])
            if heads or (common and 2 * common >= max(sizes[a], sizes[b])):
                found[a].add(b)
    return found


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("seed", range(8))
def test_twins_are_those_found_by_hand(seed: int) -> None:
    households, members = drawn_village(Random(seed))
    rows = GivenRows(ON, {"households": households, "members": members})
    by_hand = twins_by_hand(households, members)
    numbers, firsts = rows.by_duckdb("households", "twins"), rows.by_duckdb("households", "twin")
    for one, number, first in zip(households, numbers, firsts, strict=True):
        others = by_hand[one["household_id"]]
        assert (first in others) if others else first is None
        assert bool(number) == bool(others)
        assert number is None or number <= len(
            others
        )  # of many with one head and phone only the first and last are named
        assert (number is None) == (one["area_code"] is None)
    assert any(by_hand.values())


@pytest.mark.req("QLT-1")
def test_a_name_that_a_whole_village_shares_is_nobodys() -> None:
    households = [
        {"household_id": f"h{n}", "area_code": "a", "head_name": f"户{n}", "phone": f"199000{n:05}"}
        for n in range(21)
    ]
    members: list[Row] = [
        {"member_id": f"m{n}", "household_id": f"h{n}", "name": "不详", "birth_date": date(1900, 1, 1)}
        for n in range(21)
    ]
    assert (
        GivenRows(ON, {"households": households, "members": members}).by_duckdb("households", "twins")
        == [0] * 21
    )
    fewer = GivenRows(ON, {"households": households[:20], "members": members[:20]}).by_duckdb(
        "households", "twins"
    )
    assert fewer == [19] * 20


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        ({}, [1, 1, 0]),
        ({"households": ["phone"]}, [None, None, None]),
        ({"members": ["birth_date"]}, [1, 1, None]),
        ({"members": ["left_on"]}, [1, 1, 0]),
        ({"households": ["phone"], "members": ["name"]}, [None, None, None]),
    ],
    ids=str,
)
def test_no_twin_is_said_only_where_both_ways_could_be_looked_at(
    lacking: dict[str, list[str]], expected: list[Any]
) -> None:
    households = [
        {"household_id": f"h{n}", "area_code": "a", "head_name": "张三", "phone": f"1990000000{n // 2}"}
        for n in range(3)
    ]
    members: list[Row] = [
        {"member_id": "m", "household_id": "h0", "name": "张三", "birth_date": date(1970, 1, 1)}
    ]
    rows = GivenRows(ON, {"households": households, "members": members}, lacking=lacking)
    assert rows.by_duckdb("households", "twins") == expected
    if not lacking:
        alone = GivenRows(ON, {"households": households}).by_duckdb("households", "twins")
        assert alone == [1, 1, None]  # no table of members: it cannot be said of the third
