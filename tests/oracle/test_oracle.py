"""The second reading holds against every case, shared and own."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from .cases import load, mistakes
from .households import ON, PARAMETERS, random_facts
from .judge import VillageFacts, judge
from .workdays import is_working_day

ROOT = Path(__file__).parents[2]
PATHS = sorted(ROOT.glob("packs/*/cases/*.yaml"))
SHARED = ROOT.parent / "shared" / "cases"


@pytest.mark.req("INC-1", "INC-2", "RSK-2")
@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("packs/*/cases/*.yaml")), ids=lambda p: f"{p.parts[-3]}/{p.stem}"
)
def test_cases_of_the_packs_hold(path: Path) -> None:
    cases = load(path)
    assert cases
    assert {case["name"]: mistakes(case) for case in cases if mistakes(case)} == {}


@pytest.mark.req("INC-1", "RSK-1")
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cases are not beside the project")
def test_shared_cases_hold() -> None:
    cases = [case for path in sorted(SHARED.glob("*.yaml")) for case in load(path)]
    assert {case["name"]: mistakes(case) for case in cases if mistakes(case)} == {}


@pytest.mark.req("ALR-2")
def test_working_days_agree_with_the_public_table() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    assert [day for day in days if is_working_day(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.req("RSK-2")
def test_made_up_households_fire_and_spare_every_finding() -> None:
    crowd = [random_facts(seed) for seed in range(1500)]
    fired: Counter[str] = Counter()
    spared: Counter[str] = Counter()
    for facts in crowd:
        result = judge(facts, on=ON, parameters=PARAMETERS, village=VillageFacts(crowd[:60]))
        fired.update(result.fired())
        spared.update(name for name, value in result.findings.items() if value is False)
    assert {name for name in fired | spared if fired[name] == 0 or spared[name] == 0} == set()
