"""Small households with members and items of all sorts, and what prepared columns make of them in Python and in DuckDB."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

import duckdb

from shouwang.policy.closure import compile_plan
from shouwang.policy.columns.base import Context, Surroundings
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_prepared import prepared_sql
from shouwang.policy.plan import build
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import sql_type
from tests.policy.comparing import national

Row = dict[str, Any]
USED = ("households", "members", "income_items")
KINDS = (
    "wage.public_post", "wage.outside_province", "wage.in_province", "wage.in_county", "wage.total", "cost.in_county",
    "transfer.pension", "transfer.dibao", "transfer.tekun", "transfer.total", "production.crops", "production.total",
    "property.other", "expense.operating", "expense.total", "expense.dedicated_subsidy", "excluded.insurance_premium",
    "excluded.medical_reimbursement", "excluded.relief", None,
)  # fmt: skip
NOTES = (
    None,
    None,
    "",
    "春节慰问金",
    "代缴城乡居民养老保险",
    "报销后又报销",
    "养老院慰问",
    "'; drop",
    "其他",
)


def household(number: int, random: Random, on: date) -> dict[str, list[Row]]:
    """One household with up to four members and eight items; any cell may be empty."""

    def some(*values: Any) -> Any:
        return random.choice(values)

    name = f"h{number:04d}"
    days = [on - timedelta(days=n) for n in (0, -1, 1, 40, 364, 365, 366, 367, 500, random.randint(0, 700))]
    identified = some(None, on - timedelta(days=random.randint(0, 500)), date(2024, 2, 29))
    if identified is not None:
        days += [
            identified,
            identified - timedelta(days=364),
            identified - timedelta(days=366),
            identified - timedelta(days=367),
        ]
    members = [
        {"member_id": f"{name}-{place}", "household_id": name,
         "birth_date": some(None, date(2008, 2, 29), date(2008, 3, 1), on, date(1950, 1, 1), on - timedelta(days=random.randint(0, 9000)))}
        for place in range(random.randint(0, 4))
    ]  # fmt: skip
    items = [
        {"item_id": f"{name}i{place}", "household_id": name, "kind": some(*KINDS), "note": some(*NOTES),
         "member_id": some(None, f"{name}-0", f"{name}-1", f"{name}-2", "elsewhere"),
         "amount": some(None, Decimal(0), Decimal(100), Decimal("100.01"), Decimal(random.randint(0, 10**7)) / 100),
         "received_on": some(None, *days, *days), "realised": some(None, None, True, True, False)}
        for place in range(random.randint(0, 8))
    ]  # fmt: skip
    if items and random.random() < 0.5:  # the same once more, now and then with one thing changed
        again = {**random.choice(items), "item_id": f"{name}i{random.choice((0, 9))}x"}
        items.append(again | random.choice(({}, {}, {"amount": Decimal(1)}, {"member_id": None})))
    return {
        "households": [{"household_id": name, "identified_on": identified}],
        "members": members,
        "income_items": items,
    }


@lru_cache
def context_on(on: date, window: str = "visit") -> Context:
    """What prepared columns look at besides the row, on a day."""
    return compile_plan(build(national(), on, {"window": window}, {})).context


@dataclass
class Crowd:
    """Many households on one connection. ``lacking``: table → its columns that the data lack; an absent one with ``*``."""

    on: date
    seed: int
    size: int = 400
    window: str = "visit"
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        random = Random(self.seed)
        self.households = [household(number, random, self.on) for number in range(self.size)]
        gone = [table for table, names in self.lacking.items() if "*" in names]
        for one in self.households:
            for table in gone:
                del one[table]
            for table, names in self.lacking.items():
                for row in one.get(table, ()):
                    for name in names:
                        row.pop(name, None)
        self.tables = [table for table in USED if table not in gone]
        present = {
            table: frozenset(TABLES[table].by_name) - frozenset(self.lacking.get(table, ()))
            for table in self.tables
        }
        self.connection = duckdb.connect(config={"threads": 1})
        relations = {table: self._load(table, present[table]) for table in self.tables}
        pack, settings = national(), {"window": self.window}
        plan = Engine.over(self.connection, relations, present, pack, self.on, settings).plan
        self.around = Surroundings(self.on, self.window, relations, present, plan.parameters)
        self.context = context_on(self.on, self.window)

    def _load(self, table: str, present: frozenset[str]) -> str:
        columns = [column for column in TABLES[table].columns if column.name in present]
        rows = [row for one in self.households for row in one[table]]
        cells = [{"place": place, **row} for place, row in enumerate(rows)]
        shape = {"place": "INTEGER", **{column.name: sql_type(column) for column in columns}}
        self.connection.execute(
            f"CREATE TEMP TABLE given_{table} AS SELECT unnest(from_json(?, ?), recursive := true)",
            [json.dumps(cells, default=str), json.dumps([shape])],
        )
        return f"given_{table}"

    def rows(self, table: str) -> list[Row]:
        """All rows of a table, in their order."""
        return [row for one in self.households for row in one[table]]

    def by_duckdb(self, table: str, name: str) -> list[Any]:
        """The column of every row; AssertionError where a join adds or drops one."""
        column = prepared_sql(table, name, self.around)
        found = self.connection.execute(
            f"SELECT t.place, {column.expression} FROM given_{table} AS t {' '.join(column.joins)} ORDER BY t.place"
        ).fetchall()
        assert [row[0] for row in found] == list(range(len(self.rows(table))))
        return [row[1] for row in found]

    def by_python(self, table: str, name: str) -> list[Any]:
        """The same by Python, household by household."""
        work_out = PREPARED[table][name].work_out
        return [work_out(row, one, self.context) for one in self.households for row in one[table]]

    def differing(self, columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Column → the first row in which the two differ, with what each says. Columns that cannot be there are left out."""
        found = {}
        for table, name in columns:
            needs = set(PREPARED[table][name].needs)
            if table not in self.tables or not needs <= self.around.columns[table]:
                continue
            pairs = list(
                zip(self.rows(table), self.by_duckdb(table, name), self.by_python(table, name), strict=True)
            )
            wrong = [pair for pair in pairs if pair[1] != pair[2]]
            if wrong:
                found[f"{table}.{name}"] = wrong[0]
        return found
