"""Judging the data beside the households changes nothing of what is said of the households, and is told row by row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from shouwang.cli.main import main
from shouwang.policy.quality import COLUMNS
from shouwang.policy.screening import screen

ON = date(2024, 9, 1)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("township") / "facts"
    assert main(["generate", "--households", "400", "--seed", "5", "--out", str(folder)]) == 0
    return folder


@pytest.mark.req("QLT-1", "RSK-1", "ALR-2")
def test_the_findings_about_households_are_the_same(facts: Path, tmp_path: Path) -> None:
    plain = screen(facts, "chongqing-xihe-2024", ON, tmp_path / "plain", quality=False)
    both = screen(facts, "chongqing-xihe-2024", ON, tmp_path / "both")
    for name in ("indicators.csv", "findings.csv", "unknown.csv"):
        assert (tmp_path / "both" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name
    assert both["result_hash"] == plain["result_hash"]
    assert both["counts"]["findings"]["alert.overdue"] > 0
    assert not (tmp_path / "plain" / "quality.csv").exists()


@pytest.mark.req("QLT-1", "QLT-2", "QLT-3")
def test_a_line_says_what_where_and_who_mends(facts: Path, tmp_path: Path) -> None:
    whole = screen(facts, "chongqing-xihe-2024", ON, tmp_path / "whole")
    parts = screen(facts, "chongqing-xihe-2024", ON, tmp_path / "parts", partition=90)
    lines = _lines(tmp_path / "whole")
    assert lines
    assert tuple(lines[0]) == COLUMNS
    assert sorted(map(str, lines)) == sorted(map(str, _lines(tmp_path / "parts")))
    assert whole["quality"] == parts["quality"]
    counted = {name: sum(line["finding"] == name for line in lines) for name in whole["quality"]["findings"]}
    assert counted == whole["quality"]["findings"]
    for line in lines:
        assert line["severity"] in ("error", "warn", "look")
        assert line["mends"] in ("village", "town", "department")
        assert line["says"]
        assert line["clause"]
        if line["table"] in ("members", "income_items", "visits", "cases", "measures"):
            assert line["row"]


def _lines(folder: Path) -> list[dict[str, str]]:
    with (folder / "quality.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
