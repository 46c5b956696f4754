"""Runs that are kept: what stands in the store, that nothing is there twice, and that damage is told."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouwang.cli.main import main
from shouwang.policy.duckdb_sql import WORD
from shouwang.policy.explanation import explain_household
from shouwang.policy.runs.runs import explain_run
from shouwang.policy.runs.store import find_run, list_runs
from tests.policy.folders import read_csv
from tests.runs.folders import ON, SETTINGS, copied_pack, crowd, files_of, household, kept

CROWD = crowd(range(60))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one run, and beside it the facts and the normal output."""
    folder = tmp_path_factory.mktemp("kept")
    kept(folder / "store", CROWD, folder)
    return folder


@pytest.fixture
def store(stored: Path, tmp_path: Path) -> Path:
    """A copy of that store which a test may break."""
    shutil.copytree(stored / "store", tmp_path / "store")
    return tmp_path / "store"


def results(store: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    path = find_run(store, "latest").file("results.parquet")
    with duckdb.connect() as connection:
        cursor = connection.execute(f"SELECT * FROM read_parquet('{path}', file_row_number = false)")
        names = [entry[0] for entry in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        said = connection.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall()
    return rows, {key.decode(): value.decode() for key, value in said}


@pytest.mark.req("RSK-2")
def test_the_results_say_the_same_as_the_normal_output(stored: Path) -> None:
    rows, said = results(stored / "store")
    rules = json.loads(said["rules"])
    found = {
        (row["household_id"], rule)
        for row in rows
        for place, rule in enumerate(rules)
        if row[f"fired_{place // WORD}"] >> place % WORD & 1
    }
    findings = [row for row in read_csv(stored / "out" / "findings.csv") if row["household_id"]]
    assert found == {(row["household_id"], row["finding"]) for row in findings}
    assert len(found) > 100
    unknown = [
        rule
        for row in rows
        for place, rule in enumerate(rules)
        if row[f"unknown_{place // WORD}"] >> place % WORD & 1
    ]
    summary = json.loads((stored / "out" / "run.json").read_text(encoding="utf-8"))
    assert {rule: unknown.count(rule) for rule in set(unknown)} == summary["counts"]["unknown"]
    shown = {row["household_id"]: row for row in read_csv(stored / "out" / "indicators.csv")}
    for row in rows:
        for name, text in shown[row["household_id"]].items():
            assert text == ("" if row[name] is None else str(row[name]))
    assert [(row["area_code"], row["household_id"]) for row in rows] == sorted(
        (row["area_code"], row["household_id"]) for row in rows
    )


@pytest.mark.req("RSK-2", "INC-6")
def test_the_results_say_what_they_rest_on(stored: Path) -> None:
    _rows, said = results(stored / "store")
    summary = json.loads((stored / "out" / "run.json").read_text(encoding="utf-8"))
    assert said["pack_hash"] == summary["pack_hash"]
    assert said["result_hash"] == summary["result_hash"]
    assert said["on"] == ON.isoformat()
    assert json.loads(said["set"]) == SETTINGS
    parameters = {row["name"]: row for row in json.loads(said["parameters"])}
    assert parameters["monitoring_range"]["value"] == 8300
    assert "XH" in parameters["income_fall_ratio"]["clause"]


@pytest.mark.req("RSK-2")
def test_the_normal_output_is_what_it_is_without_a_store(stored: Path, tmp_path: Path) -> None:
    arguments = [f"{name}={value}" for name, value in SETTINGS.items()]
    sets = [part for argument in arguments for part in ("--set", argument)]
    command = ["screen", str(stored / "facts"), "--pack", "national", "--on", ON.isoformat(), *sets]
    assert main([*command, "--no-ledger", "--out", str(tmp_path / "one")]) in (0, 1)
    more = ["--no-ledger", "--out", str(tmp_path / "two"), "--store", str(tmp_path / "store")]
    assert main([*command, *more]) in (0, 1)
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    one.pop("run.json"), two.pop("run.json")  # they tell the seconds
    assert one == two
    assert len(list_runs(tmp_path / "store")) == 1


@pytest.mark.req("RSK-2")
def test_the_same_facts_are_kept_once_however_they_came(stored: Path, store: Path, tmp_path: Path) -> None:
    before = files_of(store / "facts")
    (tmp_path / "other").mkdir()
    run, _summary = kept(store, CROWD[::-1], tmp_path / "other", form="parquet")
    assert files_of(store / "facts") == before
    assert run.id == find_run(stored / "store", "latest").id  # nothing of it differs: it is the same run
    assert len(list_runs(store)) == 1


@pytest.mark.req("RSK-2")
def test_one_changed_table_adds_one_file(store: Path, tmp_path: Path) -> None:
    before = set(files_of(store / "facts"))
    changed = [household(0, identified_on=date(2024, 9, 9)), *CROWD[1:]]
    run, _summary = kept(store, changed, tmp_path)
    after = set(files_of(store / "facts"))
    assert after - before == {f"{run.told['facts']['households']['sha256']}.parquet"}
    assert len(list_runs(store)) == 2
    assert not [path for path in store.iterdir() if path.name.startswith(".")]


@pytest.mark.req("RSK-2")
def test_explained_after_the_pack_changed_and_the_facts_are_gone(tmp_path: Path) -> None:
    pack = copied_pack(tmp_path)
    run, _summary = kept(tmp_path / "store", CROWD, tmp_path, str(pack))
    asked = [facts.household["household_id"] for facts in CROWD[:6]]
    before = [explain_household(tmp_path / "facts", str(pack), ON, SETTINGS, name) for name in asked]
    rules = (pack / "rules.yaml").read_text(encoding="utf-8")
    (pack / "rules.yaml").write_text(rules.replace("<=", "<"), encoding="utf-8")
    shutil.rmtree(tmp_path / "facts")
    assert [explain_run(run, name) for name in asked] == before
    shutil.rmtree(pack)
    assert explain_run(find_run(tmp_path / "store", run.id[:12]), asked[0]) == before[0]


@pytest.mark.req("RSK-2")
def test_explain_on_the_command_line(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "explain", str(stored / "store"), "latest", "h000003", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    findings = {
        row["finding"]: row["says"]
        for row in read_csv(stored / "out" / "findings.csv")
        if row["household_id"] == "h000003"
    }
    assert {row["finding"] for row in said["findings"]} == set(findings)
    assert main(["runs", "explain", str(stored / "store"), "latest", "h000003"]) == 0
    assert "h000003" in capsys.readouterr().out


@pytest.mark.req("RSK-2")
def test_list_and_show(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "list", str(stored / "store"), "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    summary = json.loads((stored / "out" / "run.json").read_text(encoding="utf-8"))
    assert line["households"] == len(CROWD)
    assert line["findings"] == sum(summary["counts"]["findings"].values())
    assert line["result_hash"] == summary["result_hash"]
    assert main(["runs", "show", str(stored / "store"), line["id"]]) == 0
    told = capsys.readouterr().out
    assert "monitoring_range = 8300" in told
    assert "核对过" in told


def broken(store: Path, what: str) -> None:
    run = find_run(store, "latest")
    if what == "results":
        path = run.folder / "results.parquet"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif what == "facts":
        (store / "facts" / f"{run.told['facts']['members']['sha256']}.parquet").unlink()
    elif what == "pack":
        with (run.pack_folder / "rules.yaml").open("a", encoding="utf-8") as file:
            file.write("\n# later\n")
    elif what == "told":
        path = run.folder / "run.json"
        path.write_text(
            path.read_text(encoding="utf-8").replace('"on": "2024', '"on": "2023'), encoding="utf-8"
        )
    else:
        (store / "shouwang-runs.json").write_text('{"format": 99}', encoding="utf-8")


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("results", "和存下时不一样"),
        ("facts", "文件不见了"),
        ("pack", "政策包和当时的不一样"),
        ("told", "和存下时不一样"),
        ("mark", "这一版读不了"),
    ],
)
def test_a_damaged_store_is_refused(
    store: Path, capsys: pytest.CaptureFixture[str], what: str, sentence: str
) -> None:
    run_id = find_run(store, "latest").id
    broken(store, what)
    for command in (["show"], ["explain", "h000003"]):
        arguments = ["runs", command[0], str(store), run_id, *command[1:]]
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert sentence in told.err
        assert "→" in told.err
        assert told.out == ""


@pytest.mark.req("RSK-2")
def test_a_damaged_run_does_not_hide_the_others(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(store, "told")
    (tmp_path / "more").mkdir()
    kept(store, CROWD[:5], tmp_path / "more")
    assert main(["runs", "list", str(store)]) == 1
    lines = capsys.readouterr().out
    assert "5 户" in lines
    assert "运行库损坏" in lines


@pytest.mark.req("RSK-2")
def test_keeping_again_mends_a_damaged_file(store: Path, tmp_path: Path) -> None:
    broken(store, "facts")
    broken(store, "pack")
    broken(store, "results")
    kept(store, CROWD, tmp_path)
    find_run(store, "latest").check()


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "{store}", "2031-01-01"], "没有叫 2031-01-01 的运行"),
        (["explain", "{store}", "latest", "h999999"], "没有户编号为 h999999 的农户"),
        (["compare", "{store}", "latest", "none"], "没有叫 none 的运行"),
        (["compare", "{store}", "latest", "latest", "--out", "rows.docx"], ".csv 或 .xlsx"),
        (["list", "{store}/facts"], "没有运行库"),
    ],
)
def test_what_is_refused(
    stored: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["runs", *(argument.format(store=stored / "store") for argument in arguments)]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "→" in told


@pytest.mark.req("RSK-2")
def test_a_folder_with_other_things_does_not_become_a_store(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("不要动", encoding="utf-8")
    command = ["screen", str(stored / "facts"), "--pack", "national", "--on", ON.isoformat()]
    assert main([*command, "--out", str(tmp_path / "out"), "--store", str(tmp_path / "letters")]) == 2
    assert "不是运行库" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]
    assert list(files_of(tmp_path / "letters")) == ["letter.txt"]


@pytest.mark.req("RSK-2")
def test_facts_in_a_store_are_for_its_owner_alone(stored: Path) -> None:
    for path in (stored / "store").rglob("*.parquet"):
        assert path.stat().st_mode & 0o077 == 0
    assert (stored / "store").stat().st_mode & 0o077 == 0


@pytest.mark.req("INC-6")
def test_a_parameter_unset_by_hand_is_unset_again_when_explained(tmp_path: Path) -> None:
    settings = {**SETTINGS, "income_fall_ratio": "unset"}
    run, summary = kept(tmp_path / "store", CROWD[:8], tmp_path, settings=settings)
    assert [row["parameter"] for row in summary["unset"]] == ["income_fall_ratio"]
    told = explain_run(run, CROWD[0].household["household_id"])
    (row,) = [row for row in told["parameters"] if row["name"] == "income_fall_ratio"]
    assert row["value"] is None
    assert Decimal(run.settings["monitoring_range"]) == 8300
