"""The untidy spreadsheets: read back through the intake, they give what their truth says.

Requirements: REG-6 (spreadsheets as offices have them), ALR-1 (lists matched), ALR-6 (the national export).
"""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.generator.people import check_character
from shouwang.generator.township import Township, township
from shouwang.generator.untidy import mangling, untidy
from shouwang.generator.untidy.folder import FILES
from shouwang.tables.intake import load_words, take_in
from shouwang.tables.intake.report import report

ON = date(2024, 9, 1)


@pytest.fixture(scope="module")
def town() -> Township:
    return township(400, 4, on=ON)


@pytest.fixture(scope="module")
def both(
    town: Township, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """The truth, and the intake's report, both by file."""
    folder = tmp_path_factory.mktemp("sheets")
    truth = untidy(town, folder, 4)
    intake = take_in(sorted(folder.iterdir()), area="500151122", on=ON, words=load_words())
    return (
        {file["file"]: file for file in truth["files"]},
        {file["file"]: file for file in report(intake)["files"]},
        folder,
    )


@pytest.mark.req("REG-6", "ALR-6")
def test_every_file_is_read_with_all_its_rows(both: tuple[dict[str, Any], dict[str, Any], Path]) -> None:
    truth, found, _folder = both
    assert len(truth) == FILES
    assert {name: file["data_rows"] for name, file in truth.items()} == {
        name: file["data_rows"] for name, file in found.items()
    }


@pytest.mark.req("REG-6", "REG-3")
def test_identity_numbers_are_accepted_or_kept_out_as_the_truth_says(
    both: tuple[dict[str, Any], dict[str, Any], Path],
) -> None:
    truth, found, _folder = both
    for name, file in truth.items():
        if "ids" not in file:
            continue
        ids, got = file["ids"], found[name]
        assert (ids["accepted"], ids["quarantined"]) == (got["ids_accepted"], got["ids_quarantined"]), name
        kept_out = {(cell["sheet"], cell["cell"]) for cell in got["quarantined"]}
        assert {(cell["sheet"], cell["cell"]) for cell in ids["quarantine"]} <= kept_out, name


@pytest.mark.req("ALR-1")
def test_alerts_and_matches_are_those_of_the_truth(both: tuple[dict[str, Any], dict[str, Any], Path]) -> None:
    truth, found, _folder = both
    for name, file in truth.items():
        if "alerts" in file:
            assert file["alerts"] == found[name]["alerts"], name
            got = {how: count for how, count in found[name]["match"].items() if count}
            assert file["match"] == got, name


@pytest.mark.req("REG-6")
def test_the_registry_read_back_is_the_township(
    town: Township, both: tuple[dict[str, Any], dict[str, Any], Path], tmp_path: Path
) -> None:
    intake = take_in(sorted(both[2].iterdir()), area="500151122", on=ON, words=load_words())
    intake.write(tmp_path / "data")
    read = {str(row["household_id"]): row for row in intake.tables["households"]}
    assert set(read) == {row["household_id"] for row in town.tables["households"]}
    for row in town.tables["households"]:
        again = read[row["household_id"]]
        assert again["household_type"] == row["household_type"]
        assert again["monitoring_status"] == row["monitoring_status"]


def test_the_same_seed_writes_the_same_truth(town: Township, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        found.append(json.dumps(untidy(town, tmp_path / name, 9), ensure_ascii=False))
    assert found[0] == found[1]
    assert "19900" in found[0]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(
        path.name for path in (tmp_path / "b").iterdir()
    )


def test_mangled_numbers_mean_what_they_say() -> None:
    number = "50019919850403867"
    number += check_character(number)
    chance, seen = random.Random(1), {}
    for _time in range(4000):
        written = mangling.identity(number, chance)
        seen[written.how] = written
        assert written.value in (number, None)
    assert {
        "plain",
        "full_width",
        "blanks",
        "quotes",
        "old_15",
        "number",
        "short",
        "check",
        "date",
        "blank",
    } <= set(seen)
    assert seen["old_15"].cell == number[:6] + number[8:17]
    assert seen["number"].value is None
    short = seen["short"].cell
    assert isinstance(short, str)
    assert len(short) == 17
    wrong = seen["check"].cell
    assert isinstance(wrong, str)
    assert wrong[17] != check_character(wrong[:17])


def test_there_are_rare_characters_and_middle_dots() -> None:
    names = [row["name"] for row in township(1500, 2).tables["members"]]
    assert any("·" in name for name in names)
    for character in "䶮㛃𬭎":
        assert any(character in name for name in names), character
