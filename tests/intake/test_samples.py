"""The sample township against truth.json: every count, every doubtful cell, every row."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.tables.intake import Intake, load_words, take_in
from shouwang.tables.intake.folder import contents
from shouwang.tables.intake.model import FileReading
from shouwang.tables.intake.report import report

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
FILES = [entry["file"] for entry in TRUTH["files"]]
COMPARED = (
    "relation", "labour", "insured", "phone", "stage", "in_school", "date", "income_kind", "amount",
    "event_on", "problem_type", "verified", "ok",
)  # fmt: skip


@pytest.fixture(scope="module")
def intake() -> Intake:
    words = load_words(Path(__file__).resolve().parents[2] / "packs")
    return take_in([SAMPLES], area="500151122", on=date(2024, 9, 1), words=words)


@pytest.fixture(scope="module")
def told(intake: Intake) -> dict[str, Any]:
    return report(intake)


def truth_of(name: str) -> dict[str, Any]:
    return next(entry for entry in TRUTH["files"] if entry["file"] == name)


def told_of(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in told["files"] if entry["file"] == name)


def reading_of(intake: Intake, name: str) -> FileReading:
    return next(reading for reading in intake.files if reading.file == name)


@pytest.mark.req("REG-6", "ALR-1")
def test_totals(told: dict[str, Any]) -> None:
    wanted = dict(TRUTH["totals"])
    wanted.pop("persons")
    assert {name: told["totals"][name] for name in wanted} == wanted


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("name", FILES)
def test_counts(told: dict[str, Any], name: str) -> None:
    truth, entry = truth_of(name), told_of(told, name)
    assert entry["data_rows"] == truth["data_rows"]
    for count in ("households", "members"):
        if count in truth and name.startswith(("农户", "监测", "收入")):
            assert entry[count] == truth[count]
    for left_out in ("blank_rows", "subtotal_rows", "repeated_header_rows"):
        if left_out in truth:
            assert entry["rows_left_out"].get(left_out, 0) == truth[left_out]


@pytest.mark.req("REG-3", "REG-6")
@pytest.mark.parametrize("name", [n for n in FILES if "ids" in truth_of(n)])
def test_identity_numbers(intake: Intake, told: dict[str, Any], name: str) -> None:
    truth, entry, reading = truth_of(name), told_of(told, name), reading_of(intake, name)
    for status in ("accepted", "missing", "words", "quarantined"):
        assert entry[f"ids_{status}"] == truth["ids"][status]
    kept_out = [(q["sheet"], q["cell"]) for q in entry["quarantined"] if q["about"] == "id"]
    assert sorted(kept_out) == sorted((q["sheet"], q["cell"]) for q in truth["ids"]["quarantine"])
    found = {(row.sheet, row.row): row.id for row in reading.rows}
    for row in truth["rows"]:
        status = {"as_written": "accepted", "repaired": "accepted"}.get(row["id_status"], row["id_status"])
        one = found[row["sheet"], row["row"]]
        assert (one.status, one.number or None) == (status, row["id"])
        assert one.repaired == (row["id_status"] == "repaired")


@pytest.mark.req("ALR-1", "ALR-6")
@pytest.mark.parametrize("name", [n for n in FILES if "match" in truth_of(n)])
def test_matches(intake: Intake, told: dict[str, Any], name: str) -> None:
    truth, reading = truth_of(name), reading_of(intake, name)
    assert told_of(told, name)["match"] == truth["match"]
    found = {(row.sheet, row.row): (row.match, row.match_rows) for row in reading.rows}
    wanted = {(r["sheet"], r["row"]): (r["match"], r["match_rows"]) for r in truth["rows"] if "match" in r}
    assert {place: found[place] for place in wanted} == wanted


@pytest.mark.req("ALR-1")
@pytest.mark.parametrize("name", [n for n in FILES if "alerts" in truth_of(n)])
def test_alerts(intake: Intake, told: dict[str, Any], name: str) -> None:
    truth, entry, reading = truth_of(name), told_of(told, name), reading_of(intake, name)
    assert entry["alerts"] == truth["alerts"]
    assert entry["rows_that_are_no_alert"] == truth["rows_that_are_no_alert"]
    kinds = {(row.sheet, row.row): row.values["alert"] for row in reading.rows}
    for row in truth["rows"]:
        assert kinds[row["sheet"], row["row"]] == (row["kind"] or "no_alert")


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("name", FILES)
def test_every_other_doubtful_cell_and_no_more(told: dict[str, Any], name: str) -> None:
    entry = told_of(told, name)
    findings = [f for f in entry["quarantined"] + entry["not_understood"] if f["about"] != "id"]
    found = sorted((f["sheet"], f["cell"]) for f in findings)
    wanted = truth_of(name).get("other_cells_to_quarantine_or_flag", [])
    assert found == sorted((cell["sheet"], cell["cell"]) for cell in wanted)


@pytest.mark.req("REG-2", "REG-3", "LED-3")
@pytest.mark.parametrize("name", FILES)
def test_every_row(intake: Intake, name: str) -> None:
    truth, reading = truth_of(name), reading_of(intake, name)
    found = {(row.sheet, row.row): row for row in reading.rows}
    assert sorted(found) == sorted((row["sheet"], row["row"]) for row in truth["rows"])
    for row in truth["rows"]:
        one = found[row["sheet"], row["row"]]
        for column in COMPARED:
            if column in row:
                value = one.values.get(column)
                plain = value.isoformat() if isinstance(value, date) else value
                assert plain == row[column], (row["sheet"], row["row"], column)
        if row.get("name"):
            assert one.name == row["name"]
        if "village" in row:
            assert (one.village or None) == row["village"]
        if "group" in row and name != "农户花名册.xlsx":
            assert one.group == str(row["group"])


@pytest.mark.req("REG-2")
def test_households_of_the_roster(intake: Intake) -> None:
    for row in truth_of("农户花名册.xlsx")["rows"]:
        village, number = row["household"].split("/")
        household = intake.registry.households[village, number]
        if "household_type" in row:
            assert household.record["household_type"] == row["household_type"]
            assert household.record["monitoring_status"] == row["monitoring_status"]
            assert household.group == str(row["group"])


@pytest.mark.req("LED-3")
def test_ledger_leaves_out_examples_and_empty_rows(told: dict[str, Any], intake: Intake) -> None:
    truth = truth_of("疑似问题核实台账.xlsx")
    left_out = told_of(told, truth["file"])["rows_left_out"]
    assert left_out["example_rows"] == truth["example_rows_to_skip"]
    assert left_out["numbered_empty_rows"] == truth["numbered_but_empty_rows_to_skip"]
    assert left_out["ellipsis_rows"] == truth["ellipsis_rows_to_skip"]
    levels = {(row.sheet, row.row): row.values["level"] for row in reading_of(intake, truth["file"]).rows}
    assert levels == {(row["sheet"], row["row"]): row["level"] for row in truth["rows"]}


@pytest.mark.req("INC-5", "REG-6")
def test_income_items_are_those_that_can_be_imported(intake: Intake) -> None:
    truth = truth_of("收入明细.xlsx")
    items = intake.tables["income_items"]
    assert len(items) == truth["importable_rows"]
    sums: dict[str, int] = {}
    for row in truth["rows"]:
        if row["ok"]:
            sums[row["income_kind"]] = sums.get(row["income_kind"], 0) + round(float(row["amount"]) * 100)
    found: dict[str, int] = {}
    for item in items:
        found[item["kind"]] = found.get(item["kind"], 0) + round(float(item["amount"]) * 100)
    assert found == sums


@pytest.mark.req("ALR-6")
def test_the_export_completes_the_registry(intake: Intake) -> None:
    monitored = [row for row in intake.tables["households"] if row.get("monitoring_type")]
    assert len(monitored) == truth_of("监测对象信息.xlsx")["households"]
    assert all(row["identified_on"].endswith("-01") for row in monitored)
    assert all(("resolved_on" in row) == (row["monitoring_status"] == "resolved") for row in monitored)
    assert {row["household_id"] for row in intake.tables["cases"]} == {
        row["household_id"] for row in monitored
    }


@pytest.mark.req("ALR-1")
def test_a_proposal_is_not_applied(intake: Intake) -> None:
    for alert in intake.tables["alerts"]:
        assert alert.get("household_id") or alert.get("id_number") or (alert["name"] and alert["area_code"])
    proposed = {p["record_id"] for p in intake.proposals if p["table"] == "alerts"}
    assert proposed
    assert not any(
        "household_id" in alert for alert in intake.tables["alerts"] if alert["alert_id"] in proposed
    )
    assert not any("household_id" in problem for problem in intake.tables["problems"])


@pytest.mark.req("SEC-1")
def test_no_identity_number_or_phone_in_the_report(intake: Intake) -> None:
    text = contents(intake)["report.json"].decode()
    for member in intake.tables["members"]:
        assert not member.get("id_number") or member["id_number"] not in text
        assert not member.get("phone") or member["phone"] not in text


@pytest.mark.req("REG-6")
def test_the_same_input_gives_the_same_bytes(intake: Intake, tmp_path: Path) -> None:
    words = load_words(Path(__file__).resolve().parents[2] / "packs")
    again = take_in([SAMPLES], area="500151122", on=date(2024, 9, 1), words=words)
    assert contents(again) == contents(intake)


@pytest.mark.req("REG-1", "REG-6")
def test_tables_are_in_the_exchange_format(intake: Intake) -> None:
    from shouwang.tables.dictionary import CODES, TABLES

    for name, content in contents(intake).items():
        if not name.endswith(".csv") or name == "proposals.csv":
            continue
        table = TABLES[name.removesuffix(".csv")]
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
        assert set(rows[0]) <= set(table.by_name)
        if table.key:
            assert len({row[table.key] for row in rows}) == len(rows)
        for column in table.columns:
            if column.codes and column.name in rows[0]:
                allowed = {code.code for code in CODES[column.codes]} | {""}
                assert {part for row in rows for part in row[column.name].split(";")} <= allowed
