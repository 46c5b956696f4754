"""Reads case files (format: packs/README.md), judges them and compares.

``python -m tests.oracle.cases FILE...`` prints every expectation that does not hold.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from .facts import Facts, Row
from .judge import Judgement, VillageFacts, judge
from .village import judge_village

TABLES = ("income_items", "alerts", "visits", "measures", "satisfaction", "leaflets", "loans", "projects")
AREA = "500199100001"
PACKS: dict[str, Row] = {
    "chongqing-xihe-2024": {
        "focus": "XH",
        "monitoring_range": Decimal(8300),
        "campaign_from": date(2024, 8, 23),
    },
    "chongqing-shuangshan-2024": {"focus": "XH"},
    "yunnan-muchang-2023": {"focus": "MC"},
    "anhui-guyao-2021": {},
    "national": {"focus": "all"},
}


class _ExactLoader(yaml.SafeLoader):
    """Numbers with a point are decimals: an amount is never a float."""


_ExactLoader.add_constructor(
    "tag:yaml.org,2002:float",
    lambda loader, node: Decimal(str(loader.construct_scalar(node)).replace("_", "")),
)


def load(path: Path) -> list[Row]:
    """All cases of one file."""
    with path.open(encoding="utf-8") as file:
        cases: list[Row] = yaml.load(file, Loader=_ExactLoader) or []
    return cases


def facts_of(case: Row, household_id: str = "h1") -> Facts:
    """The case's own household. ``case``/``cases`` absent: the table is missing; null or []: no row."""
    household = {"household_id": household_id, "area_code": AREA, **case.get("household", {})}
    members = case.get("members", [])
    if members is not None:
        members = [{"member_id": f"{household_id}-m{n}", **m} for n, m in enumerate(members, 1)]
    tables: dict[str, list[Row] | None] = {}
    for name in TABLES:
        rows = case.get(name)
        tables[name] = (
            None if rows is None else [_linked(r, household_id, name, n) for n, r in enumerate(rows, 1)]
        )
    if "cases" in case:
        tables["cases"] = case["cases"]
    elif "case" in case:
        tables["cases"] = [] if case["case"] is None else [case["case"]]
    else:
        tables["cases"] = None
    return Facts(household, members, tables)


def _linked(row: Row, household_id: str, table: str, number: int) -> Row:
    row = dict(row)
    if "member" in row:
        row["member_id"] = f"{household_id}-m{row.pop('member')}"
    if table == "visits":
        row.setdefault("visit_id", f"{household_id}-v{number:03}")
    return row


def neighbours(case: Row) -> list[Facts]:
    """The short households of ``village:``; ``repeat`` gives the same one so many times."""
    found = []
    for place, short in enumerate(case.get("village") or []):
        found += [facts_of(short, f"v{place}-{n}") for n in range(int(short.get("repeat", 1)))]
    return found


def judge_case(case: Row) -> Judgement:
    """Judges the case; where it has a village, the village's findings are added."""
    facts, others = facts_of(case), neighbours(case)
    settings = {name: None if value == "unset" else value for name, value in (case.get("set") or {}).items()}
    parameters = {"focus": None} | PACKS[case["pack"]] | settings
    area = facts.household["area_code"]
    same = [f for f in [facts, *others] if f.household.get("area_code") == area]
    result = judge(facts, on=case["on"], parameters=parameters, village=VillageFacts(same))
    if "village" in case:
        result.findings |= judge_village(area, [facts, *others], on=case["on"], parameters=parameters)
    return result


def mistakes(case: Row) -> list[str]:
    """What the case expects and the oracle does not find, in words."""
    result, expect = judge_case(case), case["expect"]
    found = [
        f"{name}: {result.indicators.get(name)!r} but expected {value!r}"
        for name, value in (expect.get("indicators") or {}).items()
        if name not in result.indicators or not same_value(result.indicators[name], value)
    ]
    for key, ids in (("findings", True), ("absent", False), ("unknown", None), ("ruled_out", False)):
        for name in expect.get(key) or []:
            if name not in result.findings:
                found.append(f"{name}: no such finding")
            elif key == "absent":
                found += [f"{name}: fired"] * (result.findings[name] is True)
            elif result.findings[name] is not ids:
                found.append(f"{name}: {result.findings[name]} but expected {ids}")
    return found


def same_value(value: Any, expected: Any) -> bool:
    """Money to 0.01 and ratios to 0.0001; lists as sets; ``None`` only equals ``None``."""
    if isinstance(expected, list):
        return isinstance(value, list) and set(value) == set(expected)
    if value is None or expected is None or isinstance(expected, str):
        return bool(value == expected)
    expected = Fraction(str(expected))
    tolerance = Fraction(1, 10000) if abs(expected) < 10 else Fraction(1, 100)
    return abs(Fraction(value) - expected) < tolerance


def main(paths: list[str]) -> int:
    total = bad = 0
    for path, case in _all(paths):
        total += 1
        wrong = mistakes(case)
        bad += bool(wrong)
        for text in wrong:
            print(f"{path.parent.parent.name}/{path.name}: {case['name']}: {text}")
    print(f"{total} cases, {bad} with mistakes")
    return 1 if bad else 0


def _all(paths: list[str]) -> Iterator[tuple[Path, Row]]:
    for text in paths:
        for case in load(Path(text)):
            assert isinstance(case["on"], date), case["name"]
            yield Path(text), case


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
