"""The same plan for households with different risks: the layout over a village against counting by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pytest

from shouwang.policy.columns.base import Surroundings
from shouwang.policy.columns.same_plans import same_plans
from shouwang.policy.duckdb_prepared import prepared_sql
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import sql_type

ON = date(2024, 9, 5)
Row = dict[str, Any]
USED = ("households", "cases", "measures")


def village_rows(random: Random) -> dict[str, list[Row]]:
    """Some households of two villages, their cases and plans; few values, so that many are alike."""
    homes = [
        {"household_id": f"h{n}", "area_code": random.choice(("500199100001", "500199100002", None))}
        for n in range(30)
    ]
    cases, measures = [], []
    for home in homes:
        for n in range(random.randint(1, 2)):
            cases.append({
                "case_id": f"{home['household_id']}c{n}", "household_id": home["household_id"], "discovered_on": ON - timedelta(days=random.randint(-1, 3)),
                "withdrawn_on": random.choice((None, None, None, ON)), "risks": random.choice((None, "illness", "illness", "illness;other", "other;illness")),
            })  # fmt: skip
        for n in range(random.randint(1, 3)):
            measures.append({
                "measure_id": f"{home['household_id']}m{n}", "household_id": home["household_id"], "kind": random.choice((None, "dibao", "skills")),
                "planned_on": random.choice((None, ON, ON, ON - timedelta(days=1))),
            })  # fmt: skip
    return {"households": homes, "cases": cases, "measures": measures}


def by_hand(tables: dict[str, list[Row]]) -> dict[str, int]:
    """Household → how many share its plan most, itself too; only where more than one does and their risks differ."""
    risks: dict[str, frozenset[str]] = {}
    for home in tables["households"]:
        mine = [row for row in tables["cases"] if row["household_id"] == home["household_id"]]
        mine = [
            row
            for row in mine
            if row["discovered_on"] <= ON and not (row["withdrawn_on"] and row["withdrawn_on"] <= ON)
        ]
        newest = max(mine, key=lambda row: (row["discovered_on"], row["case_id"]), default=None)
        if newest and newest["risks"] and home["area_code"]:
            risks[home["household_id"]] = frozenset(newest["risks"].split(";"))
    plans: dict[tuple[str, date], set[str]] = defaultdict(set)
    for row in tables["measures"]:
        if row["kind"] and row["planned_on"] and row["household_id"] in risks:
            plans[row["household_id"], row["planned_on"]].add(row["kind"])
    area = {home["household_id"]: home["area_code"] for home in tables["households"]}
    alike: dict[Any, set[str]] = defaultdict(set)
    for (home_id, day), kinds in plans.items():
        alike[area[home_id], day, frozenset(kinds)].add(home_id)
    found: dict[str, int] = {}
    for homes in alike.values():
        if len(homes) > 1 and len({risks[home_id] for home_id in homes}) > 1:
            for home_id in homes:
                found[home_id] = max(found.get(home_id, 0), len(homes))
    return found


class Laid:
    """The rows of a village on a connection, and the layout over them."""

    def __init__(self, tables: dict[str, list[Row]], lacking: dict[str, set[str]] | None = None) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        columns = {
            name: frozenset(TABLES[name].by_name) - (lacking or {}).get(name, set()) for name in tables
        }
        for name, rows in tables.items():
            there = [column for column in TABLES[name].columns if column.name in columns[name]]
            listed = ", ".join(f'"{column.name}" {sql_type(column)}' for column in there)
            self.connection.execute(f"CREATE TABLE {name} ({listed})")
            values = [[row.get(column.name) for column in there] for row in rows]
            if values:
                self.connection.executemany(
                    f"INSERT INTO {name} VALUES ({', '.join('?' * len(there))})", values
                )
        self.around = Surroundings(ON, "visit", {name: name for name in tables}, columns)
        self.connection.execute(f'CREATE TABLE "same_plans" AS {same_plans(self.around)}')

    def layout(self) -> dict[str, int]:
        return dict(self.connection.execute("SELECT household_id, households FROM same_plans").fetchall())

    def column(self) -> dict[str, int | None]:
        prepared = prepared_sql("households", "same_plan_households", self.around)
        query = (
            f"SELECT t.household_id, {prepared.expression} FROM households AS t {' '.join(prepared.joins)}"
        )
        return dict(self.connection.execute(query).fetchall())


@pytest.mark.req("QLT-1")
def test_the_layout_counts_as_by_hand() -> None:
    seen = set()
    for seed in range(12):
        tables = village_rows(Random(seed))
        laid, wanted = Laid(tables), by_hand(tables)
        assert laid.layout() == wanted
        assert laid.column() == {
            row["household_id"]: wanted.get(row["household_id"], 0) for row in tables["households"]
        }
        seen |= set(wanted.values())
    assert {2, 3, 4} <= seen


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize(
    "lacking", [{"cases": {"risks"}}, {"measures": {"planned_on"}}, {"households": {"area_code"}}], ids=str
)
def test_nobody_knows_where_a_column_is_lacking(lacking: dict[str, set[str]]) -> None:
    laid = Laid(village_rows(Random(1)), lacking)
    assert laid.layout() == {}
    assert set(laid.column().values()) == {None}


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("gone", ["cases", "measures"])
def test_nobody_knows_where_a_table_is_missing(gone: str) -> None:
    tables = village_rows(Random(1))
    del tables[gone]
    assert set(Laid(tables).column().values()) == {None}
