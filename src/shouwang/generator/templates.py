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
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import duckdb

from shouwang.generator.dealing import Dealer
from shouwang.generator.flaws import FLAWS
from shouwang.generator.home import Home, Row
from shouwang.generator.household import make
from shouwang.generator.person import Person
from shouwang.generator.troubles import TROUBLES
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
        "fault": "VARCHAR",
    }
    | {f"{edge}_{name}": "INTEGER" for name in CHILDREN for edge in ("first", "count")},
    "members": {
        "slot": "INTEGER",
        "line": "INTEGER",
        "anchor": "DATE",
        "days": "INTEGER",
        "rank": "BIGINT",
        "cohort": "BIGINT",
        "fault": "VARCHAR",
        "number_sex": "VARCHAR",
        "same_as": "INTEGER",
    },
    "income_items": {"slot": "INTEGER"},
    "cases": {"has_contact": "BOOLEAN"},
    "visits": {
        "campaign": "BOOLEAN",
        "who": "VARCHAR",
        "jitter": "INTEGER",
        "minutes": "INTEGER",
        "late_days": "INTEGER",
        "start": "INTEGER",
        "away": "DOUBLE",
        "unsigned": "BOOLEAN",
    },
    "marks": {"t": "INTEGER", "kind": "VARCHAR", "finding": "VARCHAR", "tbl": "VARCHAR", "place": "INTEGER"},
}
# Each member's rank among those of the same age and sex, from which birthday and number follow; somebody entered
# twice has the rank of the first entry.
_RANKED = """
    CREATE OR REPLACE TABLE model_members AS
    WITH ranked AS (
        SELECT k AS number, row_number() OVER same - 1 AS rank, count(*) OVER (PARTITION BY anchor, number_sex) AS cohort
        FROM model_members WHERE same_as IS NULL WINDOW same AS (PARTITION BY anchor, number_sex ORDER BY k))
    SELECT m.* REPLACE (r.rank AS rank, r.cohort AS cohort)
    FROM model_members m JOIN ranked r ON r.number = m.k + coalesce(m.same_as, 0) ORDER BY k"""
# A household that bears the head's name and phone of the one before it: only where both heads are of one sex, and the
# name is made alike. Which model stands before another is known: they follow each other by the stride.
_TWINS = """
    UPDATE model_households AS h SET fault = NULL, trouble = NULL, findings = NULL
    FROM model_households AS b WHERE h.fault = 'twin' AND b.t = (h.t + {stock} - {stride}) % {stock}
    AND (b.head_sex <> h.head_sex OR b.dotted <> h.dotted OR b.fault IS NOT NULL OR h.t = 0)"""
_NATIONS = (("01", 930), ("15", 40), ("06", 20), ("07", 5), ("05", 5))


def build(
    connection: duckdb.DuckDBPyConnection, households: int, seed: int, on: date, shares: Mapping[str, float]
) -> int:
    """Creates the tables ``model_*`` for a set of data of that size, with troubles in these shares; returns how many
    models there are.
    """
    stock = min(households, STOCK)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.csv" for name in ("households", *CHILDREN, "marks")}
        _write(paths, stock, seed, on, shares)
        for name, path in paths.items():
            _load(connection, name, path)
    connection.execute(_RANKED)
    connection.execute(_TWINS.format(stock=stock, stride=stride(stock)))
    connection.execute(
        "DELETE FROM model_marks USING model_households h WHERE h.t = model_marks.t AND h.trouble IS NULL"
    )
    return stock


def stride(stock: int) -> int:
    """A step that visits every model once before it comes back to the first."""
    step = max(1, int(stock * 0.618))
    while math.gcd(step, stock) != 1:
        step += 1
    return step


def _nation(chance: random.Random) -> str:
    return chance.choices([code for code, _weight in _NATIONS], [weight for _code, weight in _NATIONS])[0]


def _write(paths: dict[str, Path], stock: int, seed: int, on: date, shares: Mapping[str, float]) -> None:
    """Makes the models one by one and writes each at once, so that they are never all in memory."""
    chance = random.Random(f"{seed}/households")  # noqa: S311 - made-up data
    dealers = Dealer(TROUBLES, shares, chance), Dealer(FLAWS, shares, chance)
    with ExitStack() as stack:
        tables = {
            name: _Writer(name, stack.enter_context(path.open("w", encoding="utf-8", newline="")))
            for name, path in paths.items()
        }
        for number in range(stock):
            home = make(chance, on, *dealers)
            row = _household_row(home, _nation(chance)) | {"t": number}
            rows = {name: _CHILD_ROWS[name](home) for name in CHILDREN}
            for name, children in rows.items():
                row |= {f"first_{name}": tables[name].written, f"count_{name}": len(children)}
                for child in children:
                    tables[name].write(child)
            tables["households"].write(row)
            for mark in _marks(home, rows):
                tables["marks"].write(mark | {"t": number, "kind": home.trouble})


class _Writer:
    """One CSV file of models; rows of children are numbered in the column ``k``."""

    def __init__(self, table: str, file: TextIO) -> None:
        self.columns = list(model_columns(table))
        self.written = 0
        self._csv = csv.writer(file)
        self._csv.writerow(self.columns)

    def write(self, row: Row) -> None:
        """Writes a row; it gets its number ``k``."""
        row["k"] = self.written
        self._csv.writerow(map(row.get, self.columns))
        self.written += 1


def _marks(home: Home, rows: Mapping[str, list[Row]]) -> list[Row]:
    """The findings that must follow, each with the place of its row among the household's (0: the household)."""
    found = []
    for finding, table, row in home.marks:
        listed = (
            [one.cells for one in home.people]
            if table == "members"
            else [home.case]
            if table == "cases"
            else rows.get(table, [])
        )
        place = next((at for at, one in enumerate(listed, 1) if one is row), 0)
        found.append({"finding": finding, "tbl": table, "place": place})
    return found


def _household_row(home: Home, nation: str) -> Row:
    return home.cells | {
        "net": home.net_per_capita,
        "exact": home.exact,
        "head_sex": home.people[0].sex,
        "dotted": nation in ("05", "07"),
        "nation": nation,
        "has_contact": home.cells["contact"],
        "contact": None,
        "trouble": home.trouble or None,
        "fault": home.cells.get("fault"),
        "findings": ";".join(home.findings),
        "band_known": home.visit is not None and not home.cells.get("band_unknown"),
    }


def _member_rows(home: Home) -> list[Row]:
    return [_member_row(person, slot, home.on) for slot, person in enumerate(home.people, 1)]


def _member_row(person: Person, slot: int, on: date) -> Row:
    anchor, days = _birthdays(person, on)
    first = person.cells.get("copy_of")
    more = {
        "number_sex": person.cells.get("number_sex", person.sex),
        "same_as": first - slot if first else None,
    }
    return person.cells | {"slot": slot, "line": person.line, "anchor": anchor, "days": days} | more


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
    if table == "marks":
        return _OWN[table]
    own = {column.name: SQL_TYPES[column.type] for column in TABLES[table].columns}
    own = {name: "DOUBLE" if kind.startswith("DECIMAL") else kind for name, kind in own.items()}
    return ({} if table == "households" else {"k": "INTEGER"}) | own | _OWN.get(table, {})


def _load(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    connection.execute(
        f"CREATE TABLE model_{table} AS SELECT * FROM read_csv(?, header = true, columns = ?, nullstr = '')",
        [str(path), model_columns(table)],
    )
