"""Two runs compared: who has which finding now, who lost it, what moved, and why."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.cli.main import main
from shouwang.policy.runs.comparison import compare
from shouwang.policy.runs.store import StoredRun
from tests.policy.folders import read_csv
from tests.runs.folders import ON, SETTINGS, copied_pack, crowd, household, kept

CROWD = crowd(range(60))


def kept_in(folder: Path, name: str, *arguments: Any, **more: Any) -> StoredRun:
    (folder / name).mkdir()
    return kept(folder / "store", *arguments[:1], folder / name, *arguments[1:], **more)[0]


def found(folder: Path) -> set[tuple[str, str]]:
    """Household (or, for places, area) and finding of a run's normal output."""
    return {
        (row["household_id"] or row["area_code"], row["finding"])
        for row in read_csv(folder / "out" / "findings.csv")
    }


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StoredRun, StoredRun]:
    """Two runs: ten households have other facts, one left, one came, one moved to another village."""
    folder = tmp_path_factory.mktemp("two")
    before = kept_in(folder, "a", CROWD)
    other = [household(100 + seed, household_id=f"h{seed:06}") for seed in range(10)]
    for facts in other:
        for rows in facts.tables.values():
            for row in rows or ():
                row["household_id"] = facts.household["household_id"]
    moved = household(20, area_code="500199101001" if CROWD[20].household["area_code"] != "500199101001" else "500199100001")  # fmt: skip
    now = [*other, *CROWD[10:20], moved, *CROWD[22:], household(200)]
    return folder, before, kept_in(folder, "b", now)


@pytest.mark.req("RSK-2")
def test_who_gained_and_who_lost(changed: tuple[Path, StoredRun, StoredRun]) -> None:
    folder, before, after = changed
    comparison = compare(before, after)
    rows = [dict(zip(("kind", "household", "area", "name", "was", "now"), row, strict=True)) for row in comparison.rows()]  # fmt: skip
    states = [row for row in rows if row["kind"] in ("finding", "village")]
    one, two = found(folder / "a"), found(folder / "b")
    assert {
        (row["household"] or row["area"], row["name"]) for row in states if row["now"] == "fired"
    } == two - one
    assert {
        (row["household"] or row["area"], row["name"]) for row in states if row["was"] == "fired"
    } == one - two
    assert two - one
    assert one - two
    told = comparison.told
    assert told["households"] == {"before": 60, "after": 60, "entered": 1, "left": 1, "moved": told["households"]["moved"]}  # fmt: skip
    assert told["households"]["moved"] >= 1
    assert sum(row["gained"] for row in told["findings"]) == len(two - one)
    assert sum(row["lost"] for row in told["findings"]) == len(one - two)


@pytest.mark.req("RSK-2", "INC-1")
def test_indicators_that_moved(changed: tuple[Path, StoredRun, StoredRun]) -> None:
    folder, before, after = changed
    one, two = (
        {row["household_id"]: row for row in read_csv(folder / name / "out" / "indicators.csv")}
        for name in ("a", "b")
    )
    expected = {
        (household_id, name, one[household_id][name], two[household_id][name])
        for household_id in one.keys() & two.keys()
        for name in one[household_id]
        if one[household_id][name] != two[household_id][name]
    }
    comparison = compare(before, after)
    assert {
        (row[1], row[3], row[4], row[5]) for row in comparison.rows() if row[0] == "indicator"
    } == expected
    assert sum(comparison.told["indicators"].values()) == len(expected)


@pytest.mark.req("RSK-2")
def test_what_became_unknown_and_known(changed: tuple[Path, StoredRun, StoredRun], tmp_path: Path) -> None:
    _folder, before, _after = changed
    after = kept_in(tmp_path, "b", CROWD, settings={**SETTINGS, "monitoring_range": "unset"})
    there, back = compare(before, after), compare(after, before)
    for rows in (there.told["findings"], back.told["findings"]):
        assert any(row["finding"] == "income.below_range" for row in rows)
    unknown = {
        row["finding"]: row["became_unknown"] for row in there.told["findings"] if row["kind"] == "finding"
    }
    known = {row["finding"]: row["became_known"] for row in back.told["findings"] if row["kind"] == "finding"}
    assert unknown == known
    assert unknown["income.below_range"] > 10
    assert {row["name"] for row in there.told["why"]["parameters"]} == {"monitoring_range"}


@pytest.mark.req("RSK-2", "INC-6")
def test_why_facts_pack_parameters_and_day(tmp_path: Path) -> None:
    pack = copied_pack(tmp_path)
    before = kept_in(tmp_path, "a", CROWD, str(pack))
    rules = (pack / "rules.yaml").read_text(encoding="utf-8")
    (pack / "rules.yaml").write_text(rules + "\n# another word\n", encoding="utf-8")
    settings = {**SETTINGS, "monitoring_range": "8400"}
    after = kept_in(tmp_path, "b", [household(0, household_type="general"), *CROWD[1:]], str(pack), on=date(2024, 10, 20), settings=settings)  # fmt: skip
    why = compare(before, after).told["why"]
    assert why["on"] == {"was": ON.isoformat(), "now": "2024-10-20"}
    assert why["pack_files"] == ["national/rules.yaml"]
    assert "monitoring_range" in {row["name"] for row in why["parameters"]}
    assert all((row["now"] or row["was"])["clause"] for row in why["parameters"])
    assert [row["table"] for row in why["facts"]] == ["households"]


@pytest.mark.req("RSK-2")
def test_a_run_and_itself(
    changed: tuple[Path, StoredRun, StoredRun], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, before, _after = changed
    assert main(["runs", "compare", str(folder / "store"), before.id, before.id]) == 0
    told = capsys.readouterr().out
    assert "日期、政策包、参数和事实都一样" in told
    assert "结果完全一样" in told


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_difference_in_a_file(
    changed: tuple[Path, StoredRun, StoredRun], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    folder, before, after = changed
    out = tmp_path / f"rows.{form}"
    assert (
        main(["runs", "compare", str(folder / "store"), before.id, after.id, "--out", str(out), "--json"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    expected = [tuple(value or "" for value in row) for row in compare(before, after).rows()]
    if form == "csv":
        rows = [tuple(row.values()) for row in read_csv(out)]
    else:
        sheet = openpyxl.load_workbook(out).worksheets[0]
        rows = [tuple(value or "" for value in row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == expected
    assert told["rows"] == len(expected) > 50
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.req("RSK-2", "QLT-1")
def test_findings_about_the_data(tmp_path: Path) -> None:
    before = kept_in(tmp_path, "a", CROWD[:20], quality=True)
    after = kept_in(tmp_path, "b", CROWD[5:25], quality=True)
    one, two = (
        {(row["household_id"], row["finding"], row["table"], row["row"]) for row in read_csv(tmp_path / name / "out" / "quality.csv")}
        for name in ("a", "b")
    )  # fmt: skip
    rows = [row for row in compare(before, after).rows() if row[0] == "quality"]
    names = {(row[1], row[3]) for row in rows if row[5] == "fired"}
    assert names == {(household_id, " ".join(filter(None, rest))) for household_id, *rest in two - one}
    assert names
