"""``shouwang pack check|test|new``: for the people who write packs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouwang.cli.main import main
from tests.policy.trial_packs import write_pack

pytestmark = pytest.mark.req("RSK-2")

CASE = (
    '- {name: 恰好在范围, "on": 2024-09-05, set: {monitoring_range: 8300}, household: {household_type: general, monitoring_status: none},'
    " members: [{relation: head}], income_items: [{member: 1, kind: wage.in_county, amount: %s, received_on: 2024-02-01}],"
    " expect: {indicators: {net_income: 8300}, findings: [income.below_range]}}\n"
)


def with_case(folder: Path, amount: int) -> Path:
    write_pack(folder)
    (folder / "cases").mkdir()
    (folder / "cases" / "own.yaml").write_text(CASE % amount, encoding="utf-8")
    return folder


def test_check_counts_what_the_pack_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", "national", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pack"] == "national"
    assert told["focus"] == 15
    assert told["rules"] > 40
    assert len(told["hash"]) == 64
    assert main(["pack", "check", "national"]) == 0
    assert "monitoring_range" in capsys.readouterr().out  # what no document has set


def test_check_tells_mistakes_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path / "trial", rules="income.fall:\n  when: net_incom > 5\n")
    assert main(["pack", "check", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "trial/rules.yaml:2: " in told
    assert "net_income" in told
    assert "Traceback" not in told


def test_check_of_something_that_is_no_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(tmp_path)]) == 2
    assert "pack.yaml" in capsys.readouterr().err


def test_cases_that_hold_and_cases_that_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = with_case(tmp_path / "good", 8300), with_case(tmp_path / "bad", 8400)
    # the cases name no pack: it is that of their folder, wherever that stands
    assert main(["pack", "test", str(good)]) == 0
    assert "1" in capsys.readouterr().out
    assert main(["pack", "test", str(bad), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["cases"], told["failed"]) == (1, 1)
    assert {failure["backend"] for failure in told["failures"]} == {"DuckDB", "closure"}
    assert all(failure["file"] == "own.yaml" and failure["line"] == 1 for failure in told["failures"])
    assert any("8400" in message for message in told["failures"][0]["messages"])


def test_a_new_pack_checks_and_passes_from_the_first_moment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sichuan-longtan-2026"
    assert main(["pack", "new", str(folder)]) == 0
    assert main(["pack", "check", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} >= {"pack.yaml", "parameters.yaml", "rules.yaml", "cases"}
    capsys.readouterr()
    assert main(["pack", "new", str(folder)]) == 2
    assert "已经有了" in capsys.readouterr().err
    assert main(["pack", "new", str(tmp_path / "Not A Name")]) == 2
    assert "小写字母" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sichuan-longtan-2026"]


def test_the_cases_of_a_new_pack_pass(tmp_path: Path) -> None:
    folder = str(tmp_path / "sichuan-longtan-2026")
    assert main(["pack", "new", folder]) == 0
    assert main(["pack", "test", folder]) == 0
