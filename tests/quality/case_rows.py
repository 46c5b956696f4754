"""Small households with cases, measures, alerts, visits and answers of all sorts; what columns make of them on every backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb

from shouwang.policy.closure import compile_plan
from shouwang.policy.columns.base import Context, Surroundings
from shouwang.policy.columns.guarantees import FLAGS
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_prepared import prepared_sql
from shouwang.policy.plan import Plan, build
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import CODES, TABLES
from shouwang.tables.exchange import sql_type
from tests.policy.comparing import national

Row = dict[str, Any]
USED = ("households", "members", "income_items", "alerts", "visits", "cases", "measures", "answers", "given")
KINDS = ("transfer.dibao", "transfer.tekun", "excluded.tekun_institution", "transfer.total", "wage.in_county", "wage.total",
         "cost.travel_subsidy", "production.crops", None)  # fmt: skip
RISKS = (None, "illness", "illness;schooling", "schooling;illness", "other;rubbish", "unsafe_housing;illness;illness",
         ";".join(code.code for code in CODES["cause"]), ";;", "rubbish")  # fmt: skip


def household(number: int, random: Random, on: date) -> dict[str, list[Row]]:
    """One household with some rows of every table; any cell may be empty, texts may be rubbish."""

    def some(*values: Any) -> Any:
        return random.choice(values)

    def codes(name: str) -> str:
        return some(*(entry.code for entry in CODES[name]))

    name = f"h{number:04d}"
    found = some(date(2024, 2, 29), on - timedelta(days=random.randint(0, 500)), None)
    near = [found or on, *(((found or on) + timedelta(days=n)) for n in (1, -1, -364, -365, -366, -367))]

    def day() -> date | None:
        return some(None, on, on + timedelta(days=1), on - timedelta(days=random.randint(0, 420)), *near)

    def rows(table: str, most: int, make: Any) -> list[Row]:
        key = TABLES[table].key
        listed = [{"household_id": name, **make(place)} for place in range(random.randint(0, most))]
        return [{key: f"{name}{table}{place}", **row} if key else row for place, row in enumerate(listed)]

    flags = {flag: some(True, True, False, None) for flag in FLAGS}
    measures = rows("measures", 3, lambda place: {
        "kind": some(None, codes("measure_kind"), "public_post", "dibao"), "risk": some(None, codes("cause")), "planned_on": day(), "done_on": day(),
    })  # fmt: skip
    paid = [row["done_on"] + timedelta(days=n) for row in measures if row["done_on"] for n in (0, -1, 60, 61)]
    visits = rows(
        "visits",
        4,
        lambda place: {"visited_on": day(), "causes": some(*RISKS), "risk": some(None, True, False)},
    )
    return {
        "households": [{"household_id": name, **flags, "identified_on": some(None, date(on.year, 3, 31), date(on.year, 4, 1))}],
        "members": rows("members", 3, lambda place: {
            "birth_date": some(None, date(2008, 2, 29), on - timedelta(days=random.randint(-5, 9000))), "left_on": some(None, None, None, day()),
            "labour_capacity": some(None, codes("labour_capacity"), "lost", "none"), "public_post": some(None, True, False, False),
            "employment_place": some(None, "none", "none", "county"), "months_worked": some(None, 0, 0, 1),
        }),
        "income_items": rows("income_items", 5, lambda place: {
            "kind": some(*KINDS), "amount": some(None, Decimal(0), Decimal("0.01"), Decimal(500)), "received_on": some(day(), *paid, *paid),
            "realised": some(None, True, True, False),
        }),
        "alerts": rows("alerts", 3, lambda place: {"kind": some(None, codes("alert_kind"), "dropout", "unsafe_house", "unsafe_water"), "event_on": day(), "received_on": day()}),
        "visits": visits,
        "cases": rows("cases", 2, lambda place: {"discovered_on": found if place == 0 else day(), "approved_on": day(), "withdrawn_on": some(None, None, day()), "risks": some(*RISKS)}),
        "measures": measures,
        "answers": [{"visit_id": some("elsewhere", *(row["visit_id"] for row in visits)), "household_id": name, "question": some(*FLAGS, "name"),
                     "answer": some("yes", "true", "是", "1", "no", "false", "否", "0", "Yes", "", "不知道", None)} for _place in range(random.randint(0, 12))],
        "given": [{"household_id": name, "member_id": some(None, None, f"{name}-1"), "column_name": some(*FLAGS, None), "given_on": day()} for _place in range(random.randint(0, 5))],
    }  # fmt: skip


@dataclass
class CaseCrowd:
    """Many households on one connection. ``lacking``: table → its columns that the data lack; an absent one with ``*``."""

    on: date
    seed: int
    size: int = 250
    window: str = "visit"
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        random = Random(self.seed)
        self.households = [household(number, random, self.on) for number in range(self.size)]
        for one in self.households:
            for table, names in self.lacking.items():
                for name in names:
                    for row in one.get(table, ()):
                        row.pop(name, None)
                if "*" in names:
                    del one[table]
        self.tables = [table for table in USED if "*" not in self.lacking.get(table, ())]
        present = {
            table: frozenset(TABLES[table].by_name) - frozenset(self.lacking.get(table, ()))
            for table in self.tables
        }
        self.connection = duckdb.connect(config={"threads": 1})
        relations = {table: self._load(table, present[table]) for table in self.tables}
        settings = {**self.settings, "window": self.window}
        self.plan: Plan = build(national(), self.on, settings, present)
        Engine.over(self.connection, relations, present, national(), self.on, settings)
        self.around = Surroundings(self.on, self.window, relations, present, self.plan.parameters)
        self.context: Context = compile_plan(self.plan).context

    def _load(self, table: str, present: frozenset[str]) -> str:
        columns = [column for column in TABLES[table].columns if column.name in present]
        listed = ", ".join(f'"{column.name}" {sql_type(column)}' for column in columns)
        self.connection.execute(f"CREATE TEMP TABLE given_{table} (place INTEGER, {listed})")
        rows = self.rows(table)
        filled = [column for column in columns if any(row.get(column.name) is not None for row in rows)]
        chosen = ", ".join(f"unnest(CAST(? AS {sql_type(column)}[]))" for column in filled)
        named = ", ".join(f'"{name}"' for name in ("place", *(column.name for column in filled)))
        if filled:  # column by column: row by row would take a hundred times as long
            self.connection.execute(
                f"INSERT INTO given_{table} ({named}) SELECT unnest(CAST(? AS INTEGER[])), {chosen}",
                [list(range(len(rows))), *([row.get(column.name) for row in rows] for column in filled)],
            )
        return f"given_{table}"

    def rows(self, table: str) -> list[Row]:
        """All rows of a table, in their order."""
        return [row for one in self.households for row in one[table]]

    def by_duckdb(self, table: str, name: str) -> list[Any]:
        """The column of every row; AssertionError where a join adds or drops one."""
        column = prepared_sql(table, name, self.around)
        query = f"SELECT t.place, {column.expression} FROM given_{table} AS t {' '.join(column.joins)} ORDER BY t.place"
        found = self.connection.execute(query).fetchall()
        assert [row[0] for row in found] == list(range(len(self.rows(table))))
        return [row[1] for row in found]

    def by_python(self, table: str, name: str) -> list[Any]:
        """The same by Python, household by household."""
        work_out = PREPARED[table][name].work_out
        return [work_out(row, one, self.context) for one in self.households for row in one[table]]

    def known(self, columns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the columns that the plan would ask for: their table and what they need is there."""
        return [
            (table, name) for table, name in columns
            if table in self.tables and set(PREPARED[table][name].needs) <= self.around.columns[table]
        ]  # fmt: skip

    def differing(self, columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Column → the first household's row in which the two differ, with what each says."""
        found = {}
        for table, name in self.known(columns):
            whose = [one for one in self.households for _row in one[table]]
            told = zip(
                self.rows(table), self.by_duckdb(table, name), self.by_python(table, name), whose, strict=True
            )
            wrong = [entry for entry in told if entry[1] != entry[2]]
            if wrong:
                found[f"{table}.{name}"] = wrong[0]
        return found
