"""Prepared columns about where a household stands, and which other household of its village is the same one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    given,
)
from shouwang.policy.types import BOOL, INT, TEXT

# degrees between which China lies; with longitude and latitude changed over a point is outside
_LNG, _LAT = (73, 136), (3, 54)
_EARTH = 6_371_000  # metres
_FEWEST_POINTS = 3  # of two points nobody can say which is the wrong one
_MOST_HOUSEHOLDS = 20  # name and birth date that more households of a village share are nobody's


def area_well_formed(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the area code has 12 digits."""
    code = row.get("area_code")
    return None if code is None else re.fullmatch("[0-9]{12}", code) is not None


def point_wrong(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a degree is 0, or longitude and latitude are changed over."""
    lng, lat = row.get("lng"), row.get("lat")
    if lng == 0 or lat == 0:
        return True
    if lng is None or lat is None:
        return None
    return bool(_LAT[0] <= lng <= _LAT[1] and _LNG[0] <= lat <= _LNG[1])


def _swapped_sql() -> str:
    return f"(t.lng BETWEEN {_LAT[0]} AND {_LAT[1]} AND t.lat BETWEEN {_LNG[0]} AND {_LNG[1]})"


def _areas_of_ours(around: Surroundings) -> str:
    if not around.has("villages", "area_code"):
        return "SELECT CAST(NULL AS VARCHAR) AS area_code WHERE false"
    return f"SELECT DISTINCT area_code FROM {around.relations['villages']} WHERE area_code IS NOT NULL"


def _area_known_sql(around: Surroundings) -> Sql:
    join = 'LEFT JOIN "areas_of_ours" AS ours ON ours.area_code = t.area_code'
    known = 't.area_code IS NOT NULL AND (SELECT count(*) FROM "areas_of_ours") > 0'
    return Sql(f"CASE WHEN {known} THEN ours.area_code IS NOT NULL END", (join,))


def _village_points(around: Surroundings) -> str:
    """The median longitude and latitude of the households of a village that has points enough."""
    if not around.has("households", "area_code", "lng", "lat"):
        return "SELECT CAST(NULL AS VARCHAR) AS area_code, 0.0::DOUBLE AS lng, 0.0::DOUBLE AS lat WHERE false"
    inside = f"lng BETWEEN {_LNG[0]} AND {_LNG[1]} AND lat BETWEEN {_LAT[0]} AND {_LAT[1]}"
    return (
        f"SELECT area_code, median(lng) AS lng, median(lat) AS lat FROM {around.relations['households']} "
        f"WHERE area_code IS NOT NULL AND {inside} GROUP BY area_code HAVING count(*) >= {_FEWEST_POINTS}"
    )


def _metres_from_village_sql(around: Surroundings) -> Sql:
    """The distance over the sphere (haversine); unknown for a point that is wrong anyway."""
    half = "pow(sin(radians({}) / 2), 2)"
    chord = f"{half.format('t.lat - vp.lat')} + cos(radians(t.lat)) * cos(radians(vp.lat)) * {half.format('t.lng - vp.lng')}"
    metres = f"CAST(round({2 * _EARTH} * asin(least(1.0, sqrt({chord})))) AS INTEGER)"
    right = f"t.lng <> 0 AND t.lat <> 0 AND abs(t.lng) <= 180 AND abs(t.lat) <= 90 AND NOT {_swapped_sql()}"
    join = 'LEFT JOIN "village_points" AS vp ON vp.area_code = t.area_code'
    return Sql(f"CASE WHEN vp.lat IS NOT NULL AND {right} THEN {metres} END", (join,))


def _has_same_heads(around: Surroundings) -> bool:
    return around.has("households", "area_code", "head_name", "phone")


def _has_same_people(around: Surroundings) -> bool:
    return around.has("members", "name", "birth_date") and around.has("households", "area_code")


def _same_heads(around: Surroundings) -> str:
    """Pairs of households of a village with head and phone in common: each with the first, the first with the last."""
    households = around.relations["households"]
    key = "hash(area_code, head_name, phone)"
    known = "area_code IS NOT NULL AND head_name IS NOT NULL AND phone IS NOT NULL"
    return f"""
        SELECT household_id, CASE WHEN household_id = low THEN high ELSE low END AS twin FROM (
            SELECT household_id, min(household_id) OVER same AS low, max(household_id) OVER same AS high
            FROM {households} WHERE {known} AND {key} IN (
                SELECT {key} FROM {households} WHERE {known} GROUP BY 1 HAVING count(*) > 1)
            WINDOW same AS (PARTITION BY area_code, head_name, phone))
        WHERE low <> high"""


def _same_people(around: Surroundings) -> str:
    """Pairs of households of a village that share half of their members or more, by name and birth date.

    Half of the larger one: who lives on beside the old household with one member has not been entered twice.
    """
    members, households = around.relations["members"], around.relations["households"]
    here = "true"
    if around.has("members", "left_on"):
        here = f"(left_on IS NULL OR left_on > {around.day})"
    known = f"{here} AND name IS NOT NULL AND birth_date IS NOT NULL"
    return f"""
        WITH twice AS (
            SELECT hash(name, birth_date) AS key FROM {members} WHERE {known} GROUP BY 1 HAVING count(*) > 1),
        people AS (
            SELECT DISTINCT h.area_code, m.name, m.birth_date, m.household_id
            FROM {members} AS m JOIN {households} AS h ON h.household_id = m.household_id
            WHERE {known} AND h.area_code IS NOT NULL AND hash(m.name, m.birth_date) IN (SELECT key FROM twice)),
        shared AS (
            SELECT *, count(*) OVER (PARTITION BY area_code, name, birth_date) AS households FROM people
            QUALIFY households BETWEEN 2 AND {_MOST_HOUSEHOLDS}),
        pairs AS (
            SELECT a.household_id, b.household_id AS twin, count(*) AS people
            FROM shared AS a JOIN shared AS b USING (area_code, name, birth_date)
            WHERE a.household_id <> b.household_id GROUP BY 1, 2),
        sizes AS (
            SELECT household_id, count(*) AS size FROM {members}
            WHERE {here} AND household_id IN (SELECT household_id FROM pairs) GROUP BY 1)
        SELECT pairs.household_id, pairs.twin FROM pairs
        JOIN sizes AS one ON one.household_id = pairs.household_id JOIN sizes AS other ON other.household_id = pairs.twin
        WHERE 2 * people >= greatest(one.size, other.size)"""


def _twins(around: Surroundings) -> str:
    """Households that another one of the village repeats: the number of such, and the first of them."""
    pairs = [
        pairs(around)
        for there, pairs in ((_has_same_heads, _same_heads), (_has_same_people, _same_people))
        if there(around)
    ]
    if not pairs:
        return "SELECT CAST(NULL AS VARCHAR) AS household_id, 0 AS twins, CAST(NULL AS VARCHAR) AS twin WHERE false"
    together = " UNION ALL ".join(f"SELECT household_id, twin FROM ({one})" for one in pairs)
    return (
        "SELECT household_id, CAST(count(DISTINCT twin) AS INTEGER) AS twins, min(twin) AS twin "
        f"FROM ({together}) GROUP BY household_id"
    )


_TWINS = 'LEFT JOIN "twins" AS tw ON tw.household_id = t.household_id'


def _twins_sql(around: Surroundings) -> Sql:
    """None is said only where both ways of being the same could be looked at."""
    if not (_has_same_heads(around) and _has_same_people(around)):
        return Sql("tw.twins", (_TWINS,))
    return Sql("CASE WHEN t.area_code IS NOT NULL THEN coalesce(tw.twins, 0) END", (_TWINS,))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("households", "area_well_formed", BOOL, ("area_code",), "区划代码是 12 位数字", "the area code has 12 digits", area_well_formed),
    Prepared("households", "area_known", BOOL, ("area_code",), "区划代码在村基础信息表里", "the area is on the village sheet",
             given("area_known"), neighbours=True, layouts=("areas_of_ours",)),
    Prepared("households", "point_wrong", BOOL, ("lng", "lat"), "经纬度为 0 或写反", "a degree is 0, or both are changed over", point_wrong),
    Prepared("households", "metres_from_village", INT, ("area_code", "lng", "lat"), "离本村农户中位点的距离（米）",
             "metres from the median point of the village's households", given("metres_from_village"), neighbours=True, layouts=("village_points",)),
    Prepared("households", "twins", INT, ("area_code",), "本村疑似重复的户数", "households of the village that seem to be the same",
             given("twins"), neighbours=True, layouts=("twins",)),
    Prepared("households", "twin", TEXT, ("area_code",), "疑似重复的户", "a household that seems to be the same",
             given("twin"), neighbours=True, layouts=("twins",)),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("households", "area_well_formed"): lambda around: Sql("regexp_full_match(t.area_code, '[0-9]{12}')"),
    ("households", "area_known"): _area_known_sql,
    ("households", "point_wrong"): lambda around: Sql(f"(t.lng = 0 OR t.lat = 0 OR {_swapped_sql()})"),
    ("households", "metres_from_village"): _metres_from_village_sql,
    ("households", "twins"): _twins_sql,
    ("households", "twin"): lambda around: Sql("tw.twin", (_TWINS,)),
}
LAYOUTS: Mapping[str, Layout] = {
    "areas_of_ours": _areas_of_ours,
    "village_points": _village_points,
    "twins": _twins,
}
