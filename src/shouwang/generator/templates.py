"""A stock of model households in the engine, from which any number of households is drawn.

Python makes up to :data:`STOCK` households, each with its own family, income, file and trouble; SQL then
gives each household of the data one of them, its own names, numbers, position and amounts. In every run
of as many households as the stock has, each model occurs exactly once: so shares hold, and identity
numbers can be counted out without looking at what has been given before.
"""

from __future__ import annotations

import csv
import math
import random
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO

import duckdb

from shouwang.generator.home import Home, Row
from shouwang.generator.household import make
from shouwang.generator.person import Person
from shouwang.tables.dictionary import TABLES, Type

STOCK = 16384
NUMBERS_PER_DAY = 500  # identity numbers of one sex and one birthday
CHILDREN = (
    "members",
    "income_items",
    "alerts",
    "visits",
    "cases",
    "measures",
    "satisfaction",
    "leaflets",
    "loans",
    "projects",
)
SQL_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.BOOL: "BOOLEAN",
    Type.INT: "INTEGER",
    Type.MONEY: "DECIMAL(12,2)",
    Type.NUMBER: "DECIMAL(12,2)",
    Type.FLOAT: "DOUBLE",
    Type.LIST: "VARCHAR",
    Type.CODE: "VARCHAR",
}
_OWN = {  # columns of the models beside those of the dictionary
    "households": {
        "t": "INTEGER",
        "net": "DOUBLE",
        "exact": "BOOLEAN",
        "band_known": "BOOLEAN",
        "head_sex": "VARCHAR",
        "dotted": "BOOLEAN",
        "nation": "VARCHAR",
        "has_contact": "BOOLEAN",
        "trouble": "VARCHAR",
        "findings": "VARCHAR",
    }
    | {f"{edge}_{name}": "INTEGER" for name in CHILDREN for edge in ("first", "count")},
    "members": {
        "slot": "INTEGER",
        "line": "INTEGER",
        "anchor": "DATE",
        "days": "INTEGER",
        "rank": "BIGINT",
        "cohort": "BIGINT",
    },
    "income_items": {"slot": "INTEGER"},
    "cases": {"has_contact": "BOOLEAN"},
    "visits": {"campaign": "BOOLEAN", "who": "VARCHAR", "jitter": "INTEGER", "minutes": "INTEGER", "late_days": "INTEGER"},
}
# Each member's rank among those of the same age and sex, from which birthday and number follow.
_RANKED = """
    CREATE OR REPLACE TABLE model_members AS
    SELECT * REPLACE (row_number() OVER same - 1 AS rank, count(*) OVER (PARTITION BY anchor, sex) AS cohort)
    FROM model_members WINDOW same AS (PARTITION BY anchor, sex ORDER BY k) ORDER BY k"""
_NATIONS = (("01", 930), ("15", 40), ("06", 20), ("07", 5), ("05", 5))


def build(connection: duckdb.DuckDBPyConnection, households: int, seed: int, on: date) -> int:
    """Creates the tables ``model_*`` for a set of data of that size; returns how many models there are."""
    stock = min(households, STOCK)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.csv" for name in ("households", *CHILDREN)}
        _write(paths, stock, seed, on)
        for name, path in paths.items():
            _load(connection, name, path)
    connection.execute(_RANKED)
    return stock


def stride(stock: int) -> int:
    """A step that visits every model once before it comes back to the first."""
    step = max(1, int(stock * 0.618))
    while math.gcd(step, stock) != 1:
        step += 1
    return step


def _nation(chance: random.Random) -> str:
    return chance.choices([code for code, _weight in _NATIONS], [weight for _code, weight in _NATIONS])[0]


def _write(paths: dict[str, Path], stock: int, seed: int, on: date) -> None:
    """Makes the models one by one and writes each at once, so that they are never all in memory."""
    chance = random.Random(f"{seed}/households")  # noqa: S311 - made-up data
    with ExitStack() as stack:
        tables = {
            name: _Writer(name, stack.enter_context(path.open("w", encoding="utf-8", newline="")))
            for name, path in paths.items()
        }
        for number in range(stock):
            home = make(chance, on)
            row = _household_row(home, _nation(chance)) | {"t": number}
            for name in CHILDREN:
                children = _CHILD_ROWS[name](home)
                row |= {f"first_{name}": tables[name].written, f"count_{name}": len(children)}
                for child in children:
                    tables[name].write(child)
            tables["households"].write(row)


class _Writer:
    """One CSV file of models; rows of children are numbered in the column ``k``."""

    def __init__(self, table: str, file: TextIO) -> None:
        self.columns = list(model_columns(table))
        self.written = 0
        self._csv = csv.writer(file)
        self._csv.writerow(self.columns)

    def write(self, row: Row) -> None:
        self._csv.writerow([self.written if name == "k" else _text(row.get(name)) for name in self.columns])
        self.written += 1


def _household_row(home: Home, nation: str) -> Row:
    return home.cells | {
        "net": home.net_per_capita,
        "exact": home.exact,
        "head_sex": home.people[0].sex,
        "dotted": nation in ("05", "07"),
        "nation": nation,
        "has_contact": home.cells["contact"],
        "contact": None,
        "trouble": home.trouble,
        "findings": ";".join(home.findings),
        "band_known": home.visit is not None and not home.cells.get("band_unknown"),
    }


def _member_rows(home: Home) -> list[Row]:
    return [_member_row(person, slot, home.on) for slot, person in enumerate(home.people, 1)]


def _member_row(person: Person, slot: int, on: date) -> Row:
    anchor, days = _birthdays(person, on)
    return person.cells | {"slot": slot, "line": person.line, "anchor": anchor, "days": days}


def _case_rows(home: Home) -> list[Row]:
    return [home.case | {"has_contact": bool(home.case["contact"]), "contact": None}] if home.case else []


_CHILD_ROWS: dict[str, Callable[[Home], list[Row]]] = {
    "members": _member_rows,
    "income_items": lambda home: sorted(
        home.items, key=lambda row: (row["slot"] or 0, str(row["received_on"]))
    ),
    "alerts": lambda home: home.alerts,
    "visits": lambda home: [*home.earlier_visits, *([home.visit] if home.visit else [])],
    "cases": _case_rows,
    "measures": lambda home: home.measures,
    "satisfaction": lambda home: home.satisfaction,
    "leaflets": lambda home: home.leaflets,
    "loans": lambda home: home.loans,
    "projects": lambda home: home.projects,
}


def _birthdays(person: Person, on: date) -> tuple[date, int]:
    """The last birthday that gives this age on the day, and how many days before it do as well."""
    if person.newborn_months is not None:
        return on - timedelta(days=30 * person.newborn_months), 28
    leap_day = (on.month, on.day) == (2, 29)
    return on.replace(year=on.year - person.age, day=28 if leap_day else on.day), 365


def model_columns(table: str) -> dict[str, str]:
    """Columns of ``model_TABLE`` with their SQL types; money is DOUBLE, to be scaled and rounded later."""
    own = {column.name: SQL_TYPES[column.type] for column in TABLES[table].columns}
    own = {name: "DOUBLE" if kind.startswith("DECIMAL") else kind for name, kind in own.items()}
    return ({} if table == "households" else {"k": "INTEGER"}) | own | _OWN.get(table, {})


def _load(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    connection.execute(
        f"CREATE TABLE model_{table} AS SELECT * FROM read_csv(?, header = true, columns = ?, nullstr = '')",
        [str(path), model_columns(table)],
    )


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
