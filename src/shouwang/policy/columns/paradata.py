"""Prepared columns about how visits were made: of one visit here, against other visits in ``paradata_neighbours``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import asin, cos, floor, radians, sin, sqrt
from typing import Any

from shouwang.policy.columns import paradata_neighbours as neighbours
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
)  # fmt: skip
from shouwang.policy.types import BOOL, INT, TEXT, Type

EARTH_M = 6_371_008.8
_BETWEEN_NAMES = re.compile(r"[;；,，、\s]+")


def metres(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Great-circle distance between two points (longitude, latitude in degrees), whole metres."""
    (lng, lat), (lng2, lat2) = one, other
    half = (
        sin(radians(lat2 - lat) / 2) ** 2
        + cos(radians(lat)) * cos(radians(lat2)) * sin(radians(lng2 - lng) / 2) ** 2
    )
    return floor(2 * EARTH_M * asin(sqrt(min(1.0, half))) + 0.5)


def metres_sql(lng: str, lat: str, lng2: str, lat2: str) -> str:
    """The same in SQL; NULL where a coordinate is."""
    half = f"pow(sin(radians(({lat2}) - ({lat})) / 2), 2) + cos(radians({lat})) * cos(radians({lat2})) * pow(sin(radians(({lng2}) - ({lng})) / 2), 2)"
    return f"CAST(floor(2 * {EARTH_M} * asin(sqrt(least(1.0, {half}))) + 0.5) AS INTEGER)"


def _point(row: Row) -> tuple[float, float] | None:
    lng, lat = row.get("lng"), row.get("lat")
    return None if lng is None or lat is None else (float(lng), float(lat))


def point_missing(row: Row, tables: Tables, context: Context) -> bool:
    """Whether the visit has no position."""
    return _point(row) is None


def study_people_count(row: Row, tables: Tables, context: Context) -> int:
    """How many different people studied the household; 0 where none is named."""
    return len({name for name in _BETWEEN_NAMES.split(row.get("study_people") or "") if name})


def house_distance_m(row: Row, tables: Tables, context: Context) -> int | None:
    """Metres to the household's own point, as a file gave it, else to the nearest other visit of the household."""
    here, households = _point(row), tables.get("households") or ({},)
    if here is None:
        return None
    house = _point(households[0])
    if house is not None:
        return metres(here, house)
    others = [
        point for visit in tables.get("visits") or ()
        if visit.get("visit_id") != row.get("visit_id") and (point := _point(visit)) is not None
    ]  # fmt: skip
    return min((metres(here, point) for point in others), default=None)


def _house_distance_sql(around: Surroundings) -> Sql:
    others = (
        f"LEFT JOIN (SELECT household_id, list(struct_pack(visit_id := visit_id, lng := lng, lat := lat)) AS points FROM {around.relations['visits']} "
        "WHERE lng IS NOT NULL AND lat IS NOT NULL GROUP BY household_id) AS ov ON ov.household_id = t.household_id"
    )
    elsewhere = (
        "list_min(list_transform(list_filter(ov.points, lambda p: p.visit_id IS DISTINCT FROM t.visit_id), "
        f"lambda p: {metres_sql('t.lng', 't.lat', 'p.lng', 'p.lat')}))"
    )
    if not around.has("households", "lng", "lat"):
        return Sql(f"CASE WHEN t.lng IS NOT NULL AND t.lat IS NOT NULL THEN {elsewhere} END", (others,))
    house = f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id"
    return Sql(
        f"CASE WHEN t.lng IS NULL OR t.lat IS NULL THEN NULL WHEN hh.lng IS NOT NULL AND hh.lat IS NOT NULL "
        f"THEN {metres_sql('t.lng', 't.lat', 'hh.lng', 'hh.lat')} ELSE {elsewhere} END",
        (others, house),
    )


def duration_s(row: Row, tables: Tables, context: Context) -> int | None:
    """Seconds from the start to the end; negative where it ended before it began."""
    start, end = row.get("started_at"), row.get("ended_at")
    return None if start is None or end is None else floor((end - start).total_seconds())


def start_hour(row: Row, tables: Tables, context: Context) -> int | None:
    """The hour of the day at which it began."""
    return None if row.get("started_at") is None else int(row["started_at"].hour)


def started_that_day(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether it began on the day that it says."""
    start, day = row.get("started_at"), row.get("visited_on")
    return None if start is None or day is None else bool(start.date() == day)


def _of_others(name: str, kind: Any, needs: tuple[str, ...], zh: str, en: str, layout: str) -> Prepared:
    return Prepared("visits", name, kind, needs, zh, en, given(name), neighbours=True, layouts=(layout,))


_SCORE = Type("number", 4)
COLUMNS: tuple[Prepared, ...] = (
    Prepared("visits", "point_missing", BOOL, ("lng", "lat"), "没有定位", "without a position", point_missing),
    Prepared("visits", "study_people_count", INT, ("study_people",), "研判人数", "people who studied", study_people_count),
    Prepared("visits", "house_distance_m", INT, ("lng", "lat"), "离住址（米）", "metres from the house", house_distance_m),
    Prepared("visits", "duration_s", INT, ("started_at", "ended_at"), "用时（秒）", "seconds", duration_s),
    Prepared("visits", "start_hour", INT, ("started_at",), "开始时刻（时）", "hour of the start", start_hour),
    Prepared("visits", "started_that_day", BOOL, ("started_at", "visited_on"), "开始时间在走访日", "started on that day", started_that_day),
    _of_others("faster_than_own", _SCORE, ("visitor", "started_at", "ended_at"), "比本人快的离差数", "deviations below the own median", "visit_paces"),
    _of_others("faster_than_all", _SCORE, ("started_at", "ended_at"), "比所有人快的离差数", "deviations below the median of all", "visit_paces"),
    _of_others("alike_share", _SCORE, ("visitor",), "与另一户相同的比例", "share of equal answers", "alike_visits"),
    _of_others("alike_with", TEXT, ("visitor",), "回答最像的走访", "the visit most alike", "alike_visits"),
    _of_others("alike_questions", INT, ("visitor",), "共同问题数", "questions that both had", "alike_visits"),
    _of_others("visitor_no_share", _SCORE, ("visitor",), "走访人全否的比例", "the visitor's share of all no", "visitor_answers"),
    _of_others("visitor_no_z", _SCORE, ("visitor",), "全否比例高出的标准误", "standard errors of all no", "visitor_answers"),
    _of_others("visitor_round_share", _SCORE, ("visitor",), "走访人整千金额比例", "the visitor's share of round amounts", "visitor_amounts"),
    _of_others("visitor_round_z", _SCORE, ("visitor",), "整千比例高出的标准误", "standard errors of round amounts", "visitor_amounts"),
    _of_others("visitor_one_band", BOOL, ("visitor", "income_band"), "走访人收入区间全同", "the visitor's visits in one band", "visitor_bands"),
    _of_others("one_point_households", INT, ("lng", "lat", "visited_on"), "同一点走访户数", "households visited at the point", "one_points"),
    _of_others("speed_kmh", Type("number", 1), ("visitor", "lng", "lat", "started_at", "ended_at"), "来路速度", "speed of coming", "visit_ways"),
    _of_others("overlaps_apart", BOOL, ("visitor", "lng", "lat", "started_at", "ended_at"), "与上一次重叠而异地", "overlaps the visit before elsewhere", "visit_ways"),
    _of_others("visits_that_day", INT, ("visitor", "visited_on"), "走访人当天入户走访数", "the visitor's visits in person that day", "visits_of_days"),
    _of_others("photo_households", INT, (), "用同一照片的户数", "households with the photo", "shared_photos"),
)  # fmt: skip


def _count_names(around: Surroundings) -> Sql:
    names = "regexp_split_to_array(coalesce(t.study_people, ''), '[;；,，、\\s]+')"
    return Sql(f"CAST(len(list_distinct(list_filter({names}, lambda n: n <> ''))) AS INTEGER)")


SQL: Mapping[tuple[str, str], Builder] = {
    ("visits", "point_missing"): lambda around: Sql("(t.lng IS NULL OR t.lat IS NULL)"),
    ("visits", "study_people_count"): _count_names,
    ("visits", "house_distance_m"): _house_distance_sql,
    ("visits", "duration_s"): lambda around: Sql(
        "CAST(floor(epoch(t.ended_at) - epoch(t.started_at)) AS INTEGER)"
    ),
    ("visits", "start_hour"): lambda around: Sql("CAST(hour(t.started_at) AS INTEGER)"),
    ("visits", "started_that_day"): lambda around: Sql("(CAST(t.started_at AS DATE) = t.visited_on)"),
    **neighbours.SQL,
}
LAYOUTS: Mapping[str, Layout] = neighbours.LAYOUTS
