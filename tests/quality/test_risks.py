"""Guarantees, risks of the current case and measures: the same in Python, DuckDB and JavaScript."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.policy import javascript, javascript_writer, phone_code
from shouwang.policy.cases import Facts
from shouwang.policy.columns import guarantees, measure_money, measures, risks
from tests.javascript import engines
from tests.quality.case_rows import CaseCrowd

THEMES = (guarantees, risks, measures, measure_money)
COLUMNS = [(column.table, column.name) for theme in THEMES for column in theme.COLUMNS]
ON = date(2024, 9, 5)
LACKING: list[dict[str, tuple[str, ...]]] = [
    {},
    {"cases": ("*",), "given": ("*",)},
    {"visits": ("*",), "income_items": ("*",)},
    {"members": ("*",), "answers": ("*",)},
    {"cases": ("discovered_on",), "given": ("member_id",), "members": ("left_on", "months_worked")},
    {"cases": ("risks", "withdrawn_on"), "alerts": ("event_on",), "income_items": ("amount", "realised")},
    {
        "households": ("water_unsafe", "school_dropout"),
        "visits": ("visited_on",),
        "income_items": ("received_on",),
    },
    {"income_items": ("kind",), "members": ("employment_place", "labour_capacity"), "answers": ("question",)},
]
SETTINGS: list[dict[str, Any]] = [
    {"premium_cutoff": "02-29", "measure_kinds_illness": "any", "benefit_days": 0},
    {"premium_cutoff": "02-30", "measure_kinds_schooling": None, "assistance_kinds": None},
    {"premium_cutoff": "W10-1", "measure_kinds_other": "it's;dibao", "travel_subsidy_kinds": None},
]


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("lacking", LACKING, ids=str)
def test_the_columns_are_the_same_on_both_backends(lacking: dict[str, tuple[str, ...]]) -> None:
    assert CaseCrowd(ON, seed=11, lacking=lacking).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize(("on", "window"), [(date(2024, 2, 29), "visit"), (date(2025, 2, 28), "visit"), (date(2024, 11, 2), "year")], ids=str)  # fmt: skip
def test_they_are_on_other_days(on: date, window: str) -> None:
    assert CaseCrowd(on, seed=on.toordinal(), window=window).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_they_are_with_other_parameters(settings: dict[str, Any]) -> None:
    assert CaseCrowd(ON, seed=13, settings=settings).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
def test_every_value_comes_up_in_the_comparison() -> None:
    crowd = CaseCrowd(ON, seed=12)
    for table, name in COLUMNS:
        wanted = 2 if name == "has_public_post" else 3
        assert len(set(crowd.by_python(table, name))) >= wanted, name


MODULE = """
export function evaluate(household, tables, context) {
  const known = read_row("households", COLUMNS.households, household);
  const read = { ...read_tables(COLUMNS, tables), households: [known] };
  const found = {};
  for (const full of %s) {
    found[full] = (read[full.split(".")[0]] || []).map((row) => fact(prepared[full](row, read, known, { ...context, ...OWN })));
  }
  return found;
}
export function bits() { return []; }
export function shown() { return {}; }
"""


def module_of(crowd: CaseCrowd) -> str:
    """A module that works out the columns of these themes for every row, with what the plan gives them."""
    names = [f"{table}.{name}" for table, name in COLUMNS]
    program = MODULE % javascript_writer.json_of(names)
    statements = phone_code.reached("\n".join([program, *map(phone_code.column, names)]))
    writer = javascript_writer.JavaScriptWriter(crowd.plan)
    words = javascript._words(program, *statements)
    own = javascript._own(crowd.plan, writer, words)
    columns = {table: javascript._columns(table, words) for table in crowd.tables}
    return "\n".join([
        f"const COLUMNS = {javascript_writer.json_of(columns)};", f'const area = "{crowd.plan.pack.area}";', "const prepared = {};",
        *statements, *writer.constants.values(), f"const OWN = {own};", program,
    ])  # fmt: skip


@pytest.mark.req("QLT-1", "VIS-4")
def test_they_are_the_same_on_the_phone(tmp_path: Path) -> None:
    program = engines.node()
    if program is None:
        pytest.skip("no node")
    process = engines.Node(program, tmp_path)
    try:
        for place, (on, settings) in enumerate([(ON, {}), (date(2024, 2, 29), SETTINGS[0]), (date(2025, 1, 1), SETTINGS[1]), (ON, SETTINGS[2])]):  # fmt: skip
            crowd = CaseCrowd(on, seed=20 + place, settings=settings)
            process.load(f"risks_{place}", module_of(crowd))
            plain = [engines.plain(Facts(one["households"][0], {**one})) for one in crowd.households]
            told = process.ask(evaluate=f"risks_{place}", households=plain)
            for table, name in COLUMNS:
                wanted = [engines.canonical(value) for value in crowd.by_python(table, name)]
                got = [value for answer in told for value in answer["values"][f"{table}.{name}"]]
                assert got == wanted, name
    finally:
        process.end()
