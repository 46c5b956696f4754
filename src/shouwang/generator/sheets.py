"""The village basic sheets (annex 2) of the last two years, of villages and towns, and the faults planted in them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from shouwang.generator import expansion
from shouwang.generator.layout import Village

_SHARE = 0.02


@dataclass(frozen=True)
class SheetFault:
    """``name`` is the finding; ``group`` is ``village`` or ``town``, of which ``share`` is a share."""

    name: str
    zh: str
    group: str
    share: float = _SHARE


SHEETS = (
    SheetFault("sheet.missing", "上年末没有常住人口", "village"),
    SheetFault("sheet.parts", "常住人口少于常住户数", "village"),
    SheetFault("sheet.registry", "户籍数比登记多两成", "village"),
    SheetFault("sheet.jump", "常住数比上年多两成半", "village"),
    SheetFault("sheet.town_sum", "乡镇户数不等于各村之和", "town"),
)


def deal(
    connection: duckdb.DuckDBPyConnection, villages: list[Village], shares: Mapping[str, float], seed: int
) -> list[tuple[str, str]]:
    """Chooses villages and towns for the faults and notes them in the table ``sheet_fault``; returns (finding, area).

    Only villages of towns with three or more, so that a town's sheet is not far off as well.
    """
    chance = random.Random(f"{seed}/sheets")  # noqa: S311 - made-up data
    towns = Counter(village.code[:9] for village in villages)
    free = {
        "village": [village.code for village in villages if towns[village.code[:9]] >= 3],
        "town": [f"{town}000" for town, count in towns.items() if count >= 3],
    }
    dealt = []
    for fault in SHEETS:
        count = int(shares.get(fault.name, 0) * len(free[fault.group]) + chance.random())
        chosen = chance.sample(free[fault.group], min(count, len(free[fault.group])))
        if fault.name == "sheet.jump":  # one of a town, so that its sheet does not jump
            chosen = list({area[:9]: area for area in chosen if towns[area[:9]] >= 4}.values())
        dealt += [(fault.name, area) for area in chosen]
        free[fault.group] = [area for area in free[fault.group] if area not in chosen]
    connection.execute("CREATE TABLE sheet_fault (finding VARCHAR, area VARCHAR)")
    if dealt:
        connection.executemany("INSERT INTO sheet_fault VALUES (?, ?)", dealt)
    return dealt


def query(connection: duckdb.DuckDBPyConnection, seed: int, stock: int, year: int) -> str:
    """The table ``villages``: numbers near those of the registry, a little more the year before."""
    connection.execute(f"CREATE TABLE peopled AS {expansion.village_people(seed, stock)}")
    return f"""
        WITH last AS (
            SELECT v.code, v.county, v.town, v.name, f.finding,
                   ((v.size + v.size // 60) * CASE f.finding WHEN 'sheet.registry' THEN 1.2 ELSE 1 END)::INTEGER AS households,
                   ((p.people + p.people // 50) * CASE f.finding WHEN 'sheet.registry' THEN 1.2 ELSE 1 END)::INTEGER AS people,
                   (v.size - v.size // 6)::INTEGER AS resident_households,
                   CASE f.finding WHEN 'sheet.parts' THEN (v.size - v.size // 6 - 5)::INTEGER
                        ELSE (p.people - p.people // 4)::INTEGER END AS resident_people
            FROM village v JOIN peopled p(area, households, people) ON p.area = v.code
                 LEFT JOIN sheet_fault f ON f.area = v.code),
        before AS (
            SELECT code, county, town, name, finding, households + households // 90 AS households,
                   people + people // 70 AS people,
                   (resident_households * CASE finding WHEN 'sheet.jump' THEN 0.8 ELSE 1.02 END)::INTEGER AS resident_households,
                   (resident_people * CASE finding WHEN 'sheet.jump' THEN 0.8 WHEN 'sheet.missing' THEN NULL ELSE 1.02 END)::INTEGER
                       AS resident_people
            FROM last),
        numbers AS (
            SELECT * REPLACE (CASE WHEN finding = 'sheet.missing' THEN NULL ELSE resident_people END AS resident_people),
                   {year - 1} AS year FROM last
            UNION ALL SELECT *, {year - 2} FROM before),
        towns AS (
            SELECT n.code[:9] || '000', any_value(county), any_value(n.town), NULL, NULL,
                   (sum(households) + 7 * (count(f.area) > 0)::INTEGER)::INTEGER, sum(people)::INTEGER,
                   sum(resident_households)::INTEGER, sum(resident_people)::INTEGER, year
            FROM numbers n LEFT JOIN sheet_fault f ON f.area = n.code[:9] || '000' GROUP BY n.code[:9], year)
        SELECT code AS area_code, year::INTEGER AS year, county, town, name AS village, households AS registered_households,
               people AS registered_people, resident_households, resident_people
        FROM (FROM numbers UNION ALL FROM towns) ORDER BY code, year"""


def marks() -> str:
    """The findings that must follow, as rows of ``truth/findings.csv``."""
    return (
        "SELECT finding AS trouble, finding, area AS area_code, NULL AS household_id, 'villages' AS table, NULL AS row "
        "FROM sheet_fault ORDER BY area"
    )
