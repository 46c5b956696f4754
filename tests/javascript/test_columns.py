"""Every prepared column in JavaScript against the same column in Python, over random rows of every table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from shouwang.errors import InputError
from shouwang.policy import javascript, javascript_writer, phone_code
from shouwang.policy.cases import Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.loading import load
from shouwang.policy.plan import Plan, build
from shouwang.policy.prepared import PREPARED, Prepared
from shouwang.tables.dictionary import TABLES
from shouwang.tables.dictionary import Type as ColumnType
from tests.policy.test_prepared import rows_of

from .engines import Node, canonical, plain

ALL = """
export function evaluate(household, tables, context) {
  const known = read_row("households", COLUMNS.households, household);
  const read = { ...read_tables(COLUMNS, tables), households: [known] };
  const found = {};
  for (const full of Object.keys(prepared)) {
    const rows = read[full.split(".")[0]] || [];
    found[full] = rows.map((row) => fact(prepared[full](row, read, known, { ...context, ...OWN })));
  }
  return found;
}
export function bits() { return []; }
export function shown() { return {}; }
"""
DAYS = (
    date(2024, 9, 1),
    date(2024, 8, 31),
    date(2024, 8, 30),
    date(2024, 2, 29),
    date(2025, 1, 1),
    date(2031, 3, 1),
)
WORDS = {
    "": (None, "甲", "乙", " 19900001234 ", "19900001234", "19900000000", "1990000", "3", "12"),
    "column_name": ("labour_capacity", "school_stage", "medical_insurance"),
    "state": (None, "noticed", "approved", "rolled_back", "resolved", "withdrawn", "constructor"),
}
PACKS = ("national", "chongqing-xihe-2024")


def written(table: str, name: str) -> str | None:
    """The statement of a column that the writer makes itself; None where it has one of its own."""
    full = phone_code.column(f"{table}.{name}")
    return (
        None if full in phone_code.statements() else f"{full} = {javascript_writer.of_family(table, name)};"
    )


def with_javascript() -> Iterator[Prepared]:
    """The columns that a phone works out; that none is lacking is asked in test_module."""
    for table, columns in PREPARED.items():
        for name, prepared in columns.items():
            try:
                written(table, name)
            except InputError:
                continue
            if not prepared.neighbours:
                yield prepared


def module_of_all(plan: Plan) -> str:
    """A module that works out every prepared column of every row."""
    writer = javascript_writer.JavaScriptWriter(plan)
    names = {name for table in TABLES.values() for name in table.by_name}
    words = names | {"kinds", "calendar", "parameters", "ranges", "relation_words", *plan.parameters}
    columns = {name: javascript._columns(name, words) for name in TABLES}
    own = javascript._own(plan, writer, words)
    families = (text for one in with_javascript() if (text := written(one.table, one.name)))
    return "\n".join((
        f'const area = "{plan.pack.area}";', f"const COLUMNS = {javascript_writer.json_of(columns)};", "const prepared = {};",
        *phone_code.statements().values(), *families, *writer.constants.values(), f"const OWN = {own};", ALL,
    ))  # fmt: skip


def crowd(random: Random, on: date) -> list[Facts]:
    """Households with their rows; a table without households belongs to each."""
    tables = {name: rows_of(name, random, on) for name in TABLES}
    for name, rows in tables.items():
        columns = TABLES[name].columns
        moments = [column.name for column in columns if column.type is ColumnType.DATETIME]
        numbers = [column.name for column in columns if column.type is ColumnType.NUMBER]
        texts = [column.name for column in columns if column.type is ColumnType.TEXT]
        for row in rows:
            row.update({column: _moment(random, on) for column in moments})
            row.update({column: random.choice((None, Decimal(0), Decimal("1.50"))) for column in numbers})
            row.update(
                {
                    column: random.choice(WORDS.get(column, WORDS[""]))
                    for column in texts
                    if row[column] is None
                }
            )
    found = []
    for household in tables.pop("households"):
        number = household["household_id"]
        few = random.choice((1, 3, None))
        own: dict[str, list[dict[str, Any]] | None] = {
            name: [row for row in rows if row.get("household_id", number) == number][:few]
            for name, rows in tables.items()
        }
        people = [None, *(member["member_id"] for member in own["members"] or ())]
        for name, rows in own.items():
            for row in rows or () if name != "members" and "member_id" in TABLES[name].by_name else ():
                row["member_id"] = random.choice(people)
        if random.random() < 0.7:  # else in the place of the pack
            household["area_code"] = random.choice(("500151122201", "500199100001"))
        found.append(Facts(household, own))
    return found


def _moment(random: Random, on: date) -> datetime | None:
    minutes = random.randint(-600 * 24 * 60, 24 * 60)
    return None if random.random() < 0.15 else datetime.combine(on, time(8)) + timedelta(minutes=minutes)


@pytest.mark.req("VIS-4", "QLT-1", "INC-2", "ALR-2", "CAS-1")
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_prepared_columns_agree(process: Node, on: date) -> None:
    plan = build(load(PACKS[on.day % 2]), on, {"window": "year" if on.month < 9 else "visit"})
    context = compile_plan(plan).context
    households = crowd(Random(on.toordinal()), on)
    process.load(f"columns_{on}", module_of_all(plan))
    told = process.ask(evaluate=f"columns_{on}", households=[plain(facts) for facts in households])
    wrong: dict[str, Any] = {}
    values: dict[str, set[Any]] = {}
    for facts, answer in zip(households, told, strict=True):
        tables = {**facts.tables, "households": [facts.household]}
        for one in with_javascript():
            full = f"{one.table}.{one.name}"
            wanted = [canonical(one.work_out(row, tables, context)) for row in tables.get(one.table) or ()]
            values.setdefault(full, set()).update(wanted)
            if answer["values"][full] != wanted:
                wrong.setdefault(
                    full, (facts.household["household_id"], answer["values"][full][:6], wanted[:6])
                )
    assert wrong == {}
    assert sum(len(found) > 1 for found in values.values()) > 0.5 * len(
        values
    )  # nulls alone would agree about nothing
