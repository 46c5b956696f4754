"""Prepared columns of the village basic sheet: against the registry, the year before, and the town's own sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    WorkOut,
    given,
)  # fmt: skip
from shouwang.policy.types import BOOL, INT

NUMBERS = ("registered_households", "registered_people", "resident_households", "resident_people")
TOWN = "000"
"""The last digits of a town's own area code."""


def sheet_missing(row: Row, tables: Tables, context: Context) -> bool:
    """Whether it is the sheet of the end of last year and one of its four numbers is empty or 0."""
    return row.get("year") == context.on.year - 1 and any(not row.get(name) for name in NUMBERS)


def town_sheet(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether it is a town's own sheet."""
    return None if row.get("area_code") is None else row["area_code"].endswith(TOWN)


def _missing_sql(around: Surroundings) -> Sql:
    empty = " OR ".join(
        f"coalesce({around.column('villages', name, kind='INTEGER')}, 0) = 0" for name in NUMBERS
    )
    return Sql(f"(coalesce(t.year = {around.on.year - 1}, false) AND ({empty}))")


def _without_sheet(around: Surroundings) -> str:
    """The first household of each village that has no sheet for the end of last year: there the finding stands."""
    households = around.relations["households"]
    sheets = (
        f"SELECT area_code FROM {around.relations['villages']} WHERE year = {around.on.year - 1}"
        if around.has("villages", "area_code", "year")
        else "SELECT '' WHERE false"
    )
    return f"SELECT min(household_id) AS household_id FROM {households} WHERE area_code IS NOT NULL AND area_code NOT IN ({sheets}) GROUP BY area_code"


def _village_counts(around: Surroundings) -> str:
    def flag(name: str, test: str) -> str:
        return (
            f"CAST(count(*) FILTER ({test}) AS INTEGER)"
            if around.has("households", name)
            else "CAST(NULL AS INTEGER)"
        )

    people = "CAST(NULL AS INTEGER)"
    join = ""
    if "members" in around.relations:
        here = f"WHERE left_on IS NULL OR left_on > {around.day}" if around.has("members", "left_on") else ""
        join = f"LEFT JOIN (SELECT household_id, count(*) AS n FROM {around.relations['members']} {here} GROUP BY 1) AS m ON m.household_id = h.household_id"
        people = "CAST(coalesce(sum(m.n), 0) AS INTEGER)"
    return f"""
        SELECT h.area_code, CAST(count(*) AS INTEGER) AS households, {people} AS people, {flag("household_type", "household_type = 'lifted'")} AS lifted,
            {flag("monitoring_status", "monitoring_status IN ('unresolved', 'resolved')")} AS monitored,
            {flag("water_unsafe", "water_unsafe")} AS water_unsafe, {flag("housing_unsafe", "housing_unsafe")} AS housing_unsafe
        FROM {around.relations["households"]} AS h {join} WHERE h.area_code IS NOT NULL GROUP BY h.area_code
    """


def _numbers(around: Surroundings, alias: str, wrap: str = "{}") -> str:
    return ", ".join(
        f"{wrap.format(around.column('villages', name, alias, 'INTEGER'))} AS {name}" for name in NUMBERS
    )


def _sheet_years(around: Surroundings) -> str:
    """Per village and year: whether it is the newest, and the numbers of the year before."""
    return f"""
        WITH s AS (SELECT t.area_code, t.year, {_numbers(around, "t", "max({})")} FROM {around.relations["villages"]} AS t WHERE t.year IS NOT NULL GROUP BY ALL)
        SELECT s.area_code, s.year, s.year = max(s.year) OVER (PARTITION BY s.area_code) AS newest, {", ".join(f"p.{name} AS before_{name}" for name in NUMBERS)}
        FROM s LEFT JOIN s AS p ON p.area_code = s.area_code AND p.year = s.year - 1
    """


def _town_sums(around: Surroundings) -> str:
    """Per town and year the sums of its villages; not known where a village's number is not."""
    return f"""
        SELECT left(t.area_code, 9) AS town, t.year, {_numbers(around, "t", "CAST(CASE WHEN count({0}) = count(*) THEN sum({0}) END AS INTEGER)")}
        FROM {around.relations["villages"]} AS t WHERE t.year IS NOT NULL AND t.area_code NOT LIKE '%{TOWN}' GROUP BY ALL
    """


def _ours(column: str) -> Builder:
    join = 'LEFT JOIN "village_counts" AS vc ON vc.area_code = t.area_code'
    return lambda around: Sql(f"vc.{column}", (join,))


def _before(column: str) -> Builder:
    join = 'LEFT JOIN "sheet_years" AS sy ON sy.area_code = t.area_code AND sy.year = t.year'
    return lambda around: Sql(f"sy.{column}", (join,))


def _sums(column: str) -> Builder:
    join = f"LEFT JOIN \"town_sums\" AS ts ON ts.town = left(t.area_code, 9) AND ts.year = t.year AND t.area_code LIKE '%{TOWN}'"
    return lambda around: Sql(f"ts.{column}", (join,))


def _neighbour(name: str, kind: Any, zh: str, en: str, layout: str) -> Prepared:
    work_out: WorkOut = given(name)
    return Prepared(
        "villages", name, kind, ("area_code", "year"), zh, en, work_out, neighbours=True, layouts=(layout,)
    )


_OURS = {
    "households": ("登记户数", "households in the registry"), "people": ("登记人数", "people in the registry"), "lifted": ("登记脱贫户数", "lifted households"),
    "monitored": ("登记监测户数", "monitored households"), "water_unsafe": ("登记饮水问题户数", "households with unsafe water"),
    "housing_unsafe": ("登记住房问题户数", "households with unsafe housing"),
}  # fmt: skip

COLUMNS: tuple[Prepared, ...] = (
    Prepared("households", "sheet_missing", BOOL, ("area_code",), "本村没有上年末的基础信息表（记在村里第一户）", "no sheet of the village for last year (said at its first household)",
             given("sheet_missing"), neighbours=True, layouts=("without_sheet",)),
    Prepared("villages", "sheet_missing", BOOL, ("year",), "上年末的四个数有空缺", "a number of last year's sheet is missing", sheet_missing),
    Prepared("villages", "town_sheet", BOOL, ("area_code",), "是乡镇自己的表", "the town's own sheet", town_sheet),
    _neighbour("newest_sheet", BOOL, "是最新一年的表", "the newest sheet", "sheet_years"),
    *(_neighbour(f"our_{name}", INT, zh, en, "village_counts") for name, (zh, en) in _OURS.items()),
    *(_neighbour(f"before_{name}", INT, "上年此数", "the number of the year before", "sheet_years") for name in NUMBERS),
    *(_neighbour(f"villages_{name}", INT, "各村合计", "sum of the villages", "town_sums") for name in NUMBERS),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("households", "sheet_missing"): lambda around: Sql(
        "CASE WHEN t.area_code IS NOT NULL THEN ws.household_id IS NOT NULL END"
        if "villages" in around.relations
        else "CAST(NULL AS BOOLEAN)",
        ('LEFT JOIN "without_sheet" AS ws ON ws.household_id = t.household_id',),
    ),
    ("villages", "sheet_missing"): _missing_sql,
    ("villages", "town_sheet"): lambda around: Sql(f"(t.area_code LIKE '%{TOWN}')"),
    ("villages", "newest_sheet"): lambda around: Sql(
        "coalesce(sy.newest, false)",
        ('LEFT JOIN "sheet_years" AS sy ON sy.area_code = t.area_code AND sy.year = t.year',),
    ),
    **{("villages", f"our_{name}"): _ours(name) for name in _OURS},
    **{("villages", f"before_{name}"): _before(f"before_{name}") for name in NUMBERS},
    **{("villages", f"villages_{name}"): _sums(name) for name in NUMBERS},
}
LAYOUTS: Mapping[str, Layout] = {
    "without_sheet": _without_sheet, "village_counts": _village_counts, "sheet_years": _sheet_years, "town_sums": _town_sums,
}  # fmt: skip
