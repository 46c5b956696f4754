"""Every rule has a made-up household that fires it, one that just does not, and one that leaves it unknown where it can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouwang.policy.case_runner import case_files, run_cases
from shouwang.policy.cases import Case, read_cases
from shouwang.policy.loading import find, load

IDS = (Path(__file__).parent / "rule_ids.txt").read_text(encoding="utf-8").split()
NEVER_UNKNOWN: dict[str, str] = {
    "dates.future": "an empty date is not wrong, and a table that lacks says nothing",
}


def _cases() -> Iterator[Case]:
    for pack in ("national", "chongqing-xihe-2024"):
        for path in case_files(find(pack)):
            yield from read_cases(path)


@pytest.mark.req("QLT-1", "QLT-2", "QLT-3")
def test_the_pack_has_every_rule_of_the_catalogue() -> None:
    pack = load("national")
    assert sorted(pack.quality) == sorted(IDS)
    for rule in pack.quality.values():
        assert all((rule.label, rule.label_en, rule.says, rule.says_en)), rule.name
        assert rule.severity in ("error", "warn", "look"), rule.name
        assert rule.mends in ("village", "town", "department"), rule.name


@pytest.mark.req("QLT-1", "QLT-2")
def test_no_rule_is_without_its_cases() -> None:
    fired, absent, unknown = Counter[str](), Counter[str](), Counter[str]()
    for case in _cases():
        fired.update((*case.quality, *case.findings))
        absent.update((*case.quality_absent, *case.absent))
        unknown.update((*case.quality_unknown, *case.unknown))
    pack = load("chongqing-xihe-2024")
    rules = [*pack.quality, *pack.rules]
    assert [rule for rule in rules if not fired[rule]] == []
    assert [rule for rule in rules if not absent[rule]] == []
    assert [rule for rule in rules if not unknown[rule] and rule not in NEVER_UNKNOWN] == []


@pytest.mark.req("QLT-1", "QLT-2")
@pytest.mark.parametrize(
    "path", case_files(find("national")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_cases_pass_through_both_backends(path: Path) -> None:
    count, failures = run_cases("national", [path])
    assert count
    assert failures == []
