"""Tables with only their keys and a few columns: what lacks as a whole is not known, and nothing breaks."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from shouwang.errors import InputError
from shouwang.policy.screening import screen

TABLES = {
    "households": "household_id,household_type,monitoring_status\nh1,lifted,none\nh2,general,unresolved\n",
    "members": "member_id,household_id,birth_date,labour_capacity\nm1,h1,1970-03-02,ordinary\nm2,h1,1972-07-12,ordinary\nm3,h2,1972-07-12,ordinary\n",
    "income_items": "item_id,household_id,kind,amount,received_on\ni1,h1,wage.in_county,16600,2024-02-01\ni2,h2,wage.total,100,2024-02-01\n",
    "visits": "visit_id,household_id,visited_on,mode\nv1,h1,2024-09-01,remote\n",
    "cases": "case_id,household_id,discovered_on,approved_on\nc1,h2,2024-01-01,2024-01-10\n",
    "measures": "measure_id,household_id,kind\n",
}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    facts = tmp_path / "facts"
    facts.mkdir()
    for name, text in TABLES.items():
        (facts / f"{name}.csv").write_text(text, encoding="utf-8")
    screen(facts, "chongqing-xihe-2024", date(2024, 9, 5), tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.req("CAM-1")
def test_a_figure_too_large_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    pack = tmp_path / "cubes"
    pack.mkdir()
    (pack / "pack.yaml").write_text(
        "id: cubes\ntitle: 连乘\nextends: chongqing-xihe-2024\n", encoding="utf-8"
    )
    cube = "net_income_per_capita * net_income_per_capita * net_income_per_capita > 5"
    rule = f"x.cube: {{name: 连乘, level: look, clause: ours, says: 连乘, when: {cube}}}\n"
    (pack / "rules.yaml").write_text(rule, encoding="utf-8")
    facts = tmp_path / "facts"
    facts.mkdir()
    for name, text in TABLES.items():
        (facts / f"{name}.csv").write_text(text.replace("16600", "9999999999.99"), encoding="utf-8")
    with pytest.raises(InputError, match="放不下"):
        screen(facts, str(pack), date(2024, 9, 5), tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cubes", "facts"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.req("RSK-2", "INC-1")
def test_income_is_worked_out_without_member_numbers(results: Path) -> None:
    first, second = rows(results / "indicators.csv")
    assert (first["net_income_per_capita"], first["income_band"]) == ("8300.00", "at_or_below_range")
    assert second["net_income"] == "100.00"
    fired = {(row["household_id"], row["finding"]) for row in rows(results / "findings.csv")}
    assert {("h1", "income.below_range"), ("h2", "help.none"), ("h1", "visit.mode")} <= fired
    assert ("h1", "medical.uninsured") not in fired


@pytest.mark.req("QLT-1")
def test_columns_that_lack_as_a_whole_are_not_asked_for_household_by_household(results: Path) -> None:
    asked = {fact for row in rows(results / "unknown.csv") for fact in row["missing"].split(";")}
    assert "members" not in asked
    assert "members.medical_insurance" not in asked
