"""Every prepared column is the same worked out by Python for one household and by DuckDB for many."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
import pytest

from shouwang.policy import duckdb_prepared
from shouwang.policy.closure import compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_prepared import Surroundings, prepared_sql
from shouwang.policy.prepared import PREPARED, Context
from shouwang.tables.dictionary import CODES, TABLES, Column
from shouwang.tables.dictionary import Type as ColumnType
from shouwang.tables.exchange import sql_type
from tests.policy.comparing import ALL_COLUMNS, national

HOUSEHOLDS, ROWS = 20, 200
AREAS = ("500199100001", "500199100002")
Row = dict[str, Any]


def value(random: Random, column: Column, on: date) -> Any:
    """A random cell: now and then empty, dates around the day and its edges, codes of the dictionary."""
    if random.random() < 0.15:
        return None
    if column.type is ColumnType.DATE:
        edges = (
            on,
            on - timedelta(days=1),
            on + timedelta(days=1),
            date(2012, 2, 29),
            date(on.year - 6, 8, 31),
            date(on.year - 6, 9, 1),
        )
        return (
            random.choice(edges) if random.random() < 0.4 else on - timedelta(days=random.randint(-30, 6000))
        )
    if column.type is ColumnType.DATETIME:
        return datetime.combine(on, time()) - timedelta(seconds=random.randint(-86_400, 90_000_000))
    if column.type is ColumnType.LIST and column.codes:
        codes = [code.code for code in CODES[column.codes]]
        return ";".join(random.sample(codes, random.randint(1, min(3, len(codes)))))
    if column.type is ColumnType.CODE and column.codes:
        return random.choice([code.code for code in CODES[column.codes]])
    simple = {
        ColumnType.BOOL: random.random() < 0.5,
        ColumnType.INT: random.randint(0, 20),
        ColumnType.MONEY: Decimal(random.randint(0, 10**6)) / 100,
    }
    return simple.get(column.type)


def rows_of(table: str, random: Random, on: date) -> list[Row]:
    """Random rows; ids that are the table's own are unique, members are those of the household."""
    households = table == "households"
    rows = []
    for place in range(HOUSEHOLDS if households else ROWS):
        household = f"h{place if households else random.randrange(HOUSEHOLDS):03d}"
        row = {column.name: value(random, column, on) for column in TABLES[table].columns}
        row |= {name: household for name in ("household_id",) if name in row}
        if TABLES[table].key:
            row[TABLES[table].key] = (
                household
                if households
                else f"{household}-{place % 4}"
                if table == "members"
                else f"{table}{place:04d}"
            )
        row |= {
            "households": {"area_code": random.choice(AREAS)},
            "members": {"serving": random.random() < 0.5, "shares_income": random.choice((True, False, None))},
            "income_items": {"kind": random.choice((None, *national().kinds, *["wage.public_post", "cost.in_county", "cost.in_province", "cost.outside_province"] * 40)),
                             "received_on": random.choice((None, *[on - timedelta(days=random.randint(-5, 380)) for _ in range(6)])),
                             "member_id": random.choice((None, f"{household}-{random.randrange(4)}")),
                             "quarter": random.choice((None, None, "2023Q4"))},
            "alerts": {"received_on": random.choice((None, on - timedelta(days=random.randint(0, 300))))},
            "visits": {"received_at": random.choice((None, datetime(2024, 1, 1, 8), datetime(2024, 1, 2, 8)))},
        }.get(table, {})  # fmt: skip
        if table == "alerts":
            start = row["received_on"] or on
            row["verified_on"] = random.choice((None, start + timedelta(days=random.randint(-3, 30))))
        rows.append(row)
    if table == "members":  # one row per member
        rows = list({row["member_id"]: row for row in rows}.values())
    return rows


class Laid:
    """Random rows of every table on one DuckDB connection, with what prepared columns rest on."""

    def __init__(self, on: date, window: str, seed: int) -> None:
        random = Random(seed)
        self.on = on
        self.tables = {name: rows_of(name, random, on) for name in TABLES}
        self.connection = duckdb.connect(config={"threads": 1})
        relations = {name: self._load(name, rows) for name, rows in self.tables.items()}
        self.engine = Engine.over(self.connection, relations, ALL_COLUMNS, national(), on, {"window": window})
        self.relations = {**relations, "alerts": relations["alerts"]}
        self.around = Surroundings(on, window, self.relations, ALL_COLUMNS, self.engine.plan.parameters)
        plain = compile_plan(self.engine.plan).context
        fences = {
            (area, place): fence
            for area, place, fence in self.connection.execute(
                "SELECT area_code, work_place, fence FROM cost_fences"
            ).fetchall()
        }
        self.context = Context(
            plain.on,
            plain.window_first,
            plain.window_last,
            plain.kinds,
            plain.calendar,
            fences,
            plain.parameters,
            plain.ranges,
            plain.area,
        )

    def _load(self, name: str, rows: list[Row]) -> str:
        columns = TABLES[name].columns
        listed = ", ".join('"' + column.name + '" ' + sql_type(column) for column in columns)
        self.connection.execute(f"CREATE TEMP TABLE given_{name} (place INTEGER, {listed})")
        marks = ", ".join("?" * (len(columns) + 1))
        values = [[place, *(row.get(column.name) for column in columns)] for place, row in enumerate(rows)]
        self.connection.executemany(f"INSERT INTO given_{name} VALUES ({marks})", values)
        return f"given_{name}"

    def by_duckdb(self, table: str, name: str) -> list[Any]:
        column = prepared_sql(table, name, self.around)
        joins = " ".join(column.joins)
        query = (
            f"SELECT t.place, {column.expression} FROM {self.relations[table]} AS t {joins} ORDER BY t.place"
        )
        found = self.connection.execute(query).fetchall()
        assert [row[0] for row in found] == list(
            range(len(self.tables[table]))
        )  # no join adds or drops a row
        return [row[1] for row in found]

    def by_python(self, table: str, name: str) -> list[Any]:
        work_out = PREPARED[table][name].work_out
        households: dict[Any, dict[str, list[Row]]] = {}
        for other, rows in self.tables.items():
            for row in rows:
                households.setdefault(row.get("household_id"), {}).setdefault(other, []).append(row)
        return [
            work_out(row, households.get(row.get("household_id"), {}), self.context)
            for row in self.tables[table]
        ]


@pytest.fixture(
    scope="module",
    params=[(date(2024, 10, 15), "visit"), (date(2024, 2, 29), "visit"), (date(2024, 11, 2), "year")],
    ids=str,
)
def laid(request: pytest.FixtureRequest) -> Laid:
    on, window = request.param
    return Laid(on, window, seed=on.toordinal())


NAMES = [(table, name) for table, listed in PREPARED.items() for name in listed]
OF_ONE_HOUSEHOLD = [(table, name) for table, name in NAMES if not PREPARED[table][name].layouts]
"""Columns that know of neighbours are tried with what they rest on under tests/quality."""


@pytest.mark.req("RSK-2", "GUA-1", "ALR-2", "INC-2", "INC-3")
def test_every_prepared_column_is_the_same_on_both_backends(laid: Laid) -> None:
    wrong = {}
    for table, name in OF_ONE_HOUSEHOLD:
        one, other = laid.by_duckdb(table, name), laid.by_python(table, name)
        differing = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        if differing:
            wrong[f"{table}.{name}"] = [
                (laid.tables[table][place], one[place], other[place]) for place in differing[:1]
            ]
    assert wrong == {}


@pytest.mark.req("RSK-2")
def test_the_columns_are_really_tried(laid: Laid) -> None:
    """Each special column takes more than one value on the random rows, so that agreement means something."""
    for table, name in duckdb_prepared._SPECIAL:
        assert len(set(laid.by_python(table, name))) > 1, (table, name)


@pytest.mark.req("RSK-2")
def test_both_lists_are_the_same() -> None:
    around = Surroundings(date(2024, 9, 1), "visit", {name: name for name in TABLES}, ALL_COLUMNS)
    for table, name in NAMES:
        assert prepared_sql(table, name, around).expression
    assert set(duckdb_prepared._SPECIAL) <= set(NAMES)
    for table in TABLES:
        with pytest.raises(KeyError):
            prepared_sql(table, "no_such_column", around)


@pytest.mark.req("RSK-2")
def test_every_prepared_column_says_what_it_is_and_needs_columns_that_exist() -> None:
    for table, name in NAMES:
        prepared = PREPARED[table][name]
        assert prepared.zh
        assert prepared.en
        assert set(prepared.needs) <= set(TABLES[table].by_name)
        assert name not in TABLES[table].by_name
