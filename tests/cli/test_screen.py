"""``shouwang screen``: what it writes, that it is the same from any format, and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.cli.main import main
from shouwang.policy.screening import screen
from tests.oracle.households import random_facts
from tests.policy.comparing import facts_of
from tests.policy.folders import read_csv, write_folder

ON = "2024-10-15"
SETS = ["--set", "monitoring_range=8300", "--set", "campaign_from=2024-08-25"]
CROWD = [facts_of(random_facts(seed)) for seed in range(60)]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("csv") / "facts", CROWD)


@pytest.fixture(scope="module")
def out(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screened") / "out"
    assert main(["screen", str(facts), "--pack", "national", "--on", ON, *SETS, "--out", str(folder)]) == 0
    return folder


def run_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.req("RSK-2", "LED-1")
def test_the_files_and_nothing_else(out: Path) -> None:
    names = {
        "indicators.csv",
        "findings.csv",
        "unknown.csv",
        "quality.csv",
        "run.json",
        "suspected-ledger.xlsx",
    }
    assert {path.name for path in out.iterdir()} == names
    assert [path.name for path in out.parent.iterdir()] == ["out"]  # no scratch is left beside it


@pytest.mark.req("INC-1", "INC-6", "RSK-1")
def test_indicators_one_row_per_household(out: Path) -> None:
    rows = read_csv(out / "indicators.csv")
    assert [row["household_id"] for row in rows] == [facts.household["household_id"] for facts in CROWD]
    assert list(rows[0]) == [
        "household_id", "person_years", "wage", "property", "transfer", "production", "production_expense", "net_income",
        "net_income_per_capita", "income_band", "compliant_expense", "income_after_expense_per_capita", "income_change",
        "last_year_change", "labour_count", "weak_labour_count", "focus_categories", "required_mode",
    ]  # fmt: skip
    assert any(";" in row["focus_categories"] for row in rows)
    assert any(row["net_income"] == "" for row in rows)
    assert all(Decimal(row["net_income"]).as_tuple().exponent == -2 for row in rows if row["net_income"])


@pytest.mark.req("RSK-2", "INC-8")
def test_findings_carry_place_clause_sentence_and_values(out: Path) -> None:
    rows = read_csv(out / "findings.csv")
    assert list(rows[0]) == [
        "household_id",
        "area_code",
        "finding",
        "level",
        "problem",
        "clause",
        "says",
        "values",
    ]
    below = next(row for row in rows if row["finding"] == "income.below_range")
    values = json.loads(below["values"])
    assert values["net_income_per_capita"] <= 8300
    assert values["monitoring_range"] == 8300
    assert below["level"] == "household"
    assert below["problem"] == "income"
    assert "XH" in below["clause"]
    assert "8300" in below["says"]
    assert "{" not in below["says"]
    for row in rows:
        assert row["clause"]
        assert row["says"]
        assert isinstance(json.loads(row["values"]), dict)


@pytest.mark.req("QLT-1")
def test_unknown_findings_are_not_findings(out: Path) -> None:
    rows = read_csv(out / "unknown.csv")
    assert list(rows[0]) == ["household_id", "finding", "missing"]
    fired = {(row["household_id"], row["finding"]) for row in read_csv(out / "findings.csv")}
    assert fired.isdisjoint((row["household_id"], row["finding"]) for row in rows)
    assert all(row["missing"] for row in rows)


@pytest.mark.req("RSK-2")
def test_the_run_says_what_was_done(out: Path) -> None:
    run = run_of(out)
    assert (run["pack"], run["on"], run["window"], run["engine"]) == ("national", ON, "visit", "duckdb")
    assert len(run["pack_hash"]) == 64
    assert len(run["result_hash"]) == 16
    assert run["seconds"] > 0
    assert run["set"] == {"monitoring_range": "8300", "campaign_from": "2024-08-25"}
    listed = {row["name"]: row for row in run["parameters"]}
    assert str(listed["income_fall_ratio"]["value"]) == "0.20"
    assert "XH" in listed["income_fall_ratio"]["clause"]
    assert all(row["clause"] for row in run["parameters"])
    assert run["counts"]["households"] == len(CROWD)
    assert run["tables"]["households"] == len(CROWD)
    findings = read_csv(out / "findings.csv")
    counted = {
        name: sum(row["finding"] == name for row in findings) for name in {row["finding"] for row in findings}
    }
    assert run["counts"]["findings"] == counted
    assert set(run["missing_tables"]) <= {"villages", "problems"}
    assert {"shouwang", "duckdb", "sqlglot"} <= set(run["versions"])


@pytest.mark.req("LED-1")
def test_the_ledger_has_a_row_for_each_finding_of_a_problem_type(out: Path) -> None:
    problems = [row for row in read_csv(out / "findings.csv") if row["problem"]]
    assert run_of(out)["counts"]["ledger_rows"] == len(problems)
    sheet = openpyxl.load_workbook(out / "suspected-ledger.xlsx").worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    for row in problems:
        assert any(row["says"] in cell for cell in cells)


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_the_same_results_from_any_format(out: Path, tmp_path: Path, form: str) -> None:
    folder = write_folder(tmp_path / "facts", CROWD, form)
    assert (
        main(["screen", str(folder), "--pack", "national", "--on", ON, *SETS, "--out", str(tmp_path / "out")])
        == 0
    )
    assert run_of(tmp_path / "out")["result_hash"] == run_of(out)["result_hash"]
    for name in ("indicators.csv", "findings.csv", "unknown.csv"):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == (out / name).read_text(
            encoding="utf-8"
        )


@pytest.mark.req("RSK-2")
def test_the_same_results_for_partitions_of_any_size(facts: Path, out: Path, tmp_path: Path) -> None:
    settings = {"monitoring_range": "8300", "campaign_from": "2024-08-25"}
    summary = screen(
        facts, "national", date.fromisoformat(ON), tmp_path / "out", settings=settings, partition=25
    )
    assert summary["result_hash"] == run_of(out)["result_hash"]
    for name in ("indicators.csv", "findings.csv"):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == (out / name).read_text(
            encoding="utf-8"
        )
    both = [sorted(map(str, read_csv(folder / "unknown.csv"))) for folder in (tmp_path / "out", out)]
    assert both[0] == both[1]


@pytest.mark.req("RSK-2")
def test_another_result_has_another_hash(facts: Path, out: Path, tmp_path: Path) -> None:
    screen(
        facts,
        "national",
        date.fromisoformat(ON),
        tmp_path / "out",
        settings={"monitoring_range": "8301", "campaign_from": "2024-08-25"},
    )
    assert run_of(tmp_path / "out")["result_hash"] != run_of(out)["result_hash"]


@pytest.mark.req("INC-6")
def test_an_unset_parameter_needs_a_look(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(
        ["screen", str(facts), "--pack", "national", "--on", ON, "--out", str(tmp_path / "out"), "--json"]
    )
    assert status == 1
    printed = json.loads(capsys.readouterr().out)
    assert {row["parameter"] for row in printed["unset"]} == {"monitoring_range", "campaign_from"}
    assert printed["result_hash"] == run_of(tmp_path / "out")["result_hash"]
    # a second run takes the place of the first
    assert (
        main(
            [
                "screen",
                str(facts),
                "--pack",
                "national",
                "--on",
                ON,
                *SETS,
                "--out",
                str(tmp_path / "out"),
                "--no-ledger",
            ]
        )
        == 0
    )
    assert run_of(tmp_path / "out")["unset"] == []
    assert not (tmp_path / "out" / "suspected-ledger.xlsx").exists()


REFUSED = [
    ("a day without its year", ["--pack", "national", "--on", "10-15"], "不是完整的日期"),
    ("a day that is none", ["--pack", "national", "--on", "2024-02-30"], "不是完整的日期"),
    ("an unknown pack", ["--pack", "nationl", "--on", ON], "没有叫 nationl 的政策包"),
    ("an unknown parameter", ["--pack", "national", "--on", ON, "--set", "monitoring_rang=1"], "没有叫 monitoring_rang 的参数"),
    ("a setting without value", ["--pack", "national", "--on", ON, "--set", "monitoring_range"], "写法不对"),
    ("a value of the wrong kind", ["--pack", "national", "--on", ON, "--set", "monitoring_range=much"], "要的是数"),
    ("another backend", ["--pack", "national", "--on", ON, "--backend", "spark"], "spark"),
]  # fmt: skip


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize(
    ("arguments", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_refused_leaves_nothing(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["screen", str(facts), *arguments, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "→" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("RSK-2")
def test_a_folder_without_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts").mkdir()
    assert (
        main(
            [
                "screen",
                str(tmp_path / "facts"),
                "--pack",
                "national",
                "--on",
                ON,
                "--out",
                str(tmp_path / "out"),
            ]
        )
        == 2
    )
    assert "households" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


@pytest.mark.req("RSK-2")
def test_a_folder_with_other_things_is_left_alone(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("不要动", encoding="utf-8")
    assert main(["screen", str(facts), "--pack", "national", "--on", ON, "--out", str(tmp_path / "out")]) == 2
    assert "没有动它" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


@pytest.mark.req("INC-5")
def test_an_unknown_kind_of_income(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(tmp_path / "facts", CROWD[:3], income_items=[
        {"item_id": "i1", "household_id": "h000000", "kind": "wage.in_conty", "amount": Decimal(5), "received_on": date(2024, 5, 1)}])  # fmt: skip
    assert (
        main(["screen", str(folder), "--pack", "national", "--on", ON, "--out", str(tmp_path / "out")]) == 2
    )
    told = capsys.readouterr().err
    assert "wage.in_conty" in told
    assert "wage.in_county" in told
    assert "income_items" in told
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


@pytest.mark.req("RSK-2")
def test_a_household_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(tmp_path / "facts", [CROWD[0], CROWD[0]], tables=[])
    assert (
        main(["screen", str(folder), "--pack", "national", "--on", ON, "--out", str(tmp_path / "out")]) == 2
    )
    assert "households" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]
