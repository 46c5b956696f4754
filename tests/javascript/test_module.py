"""What a module is made of: only what its plan reaches, nothing from outside, and refusals that say what to mend."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from shouwang.cli.main import main
from shouwang.errors import InputError
from shouwang.policy import javascript_writer, phone_code
from shouwang.policy.javascript import write
from shouwang.policy.plan import build
from shouwang.policy.prepared import PREPARED
from tests.policy.comparing import ON, SETTINGS, national
from tests.policy.trial_packs import write_pack

from .engines import Node

HOUSEHOLD = {"household_id": "h1", "household_type": "general", "monitoring_status": "none"}


@pytest.mark.req("VIS-4")
def test_every_prepared_column_has_its_javascript() -> None:
    """But those of neighbours, which are given."""
    lacking = []
    for table, columns in PREPARED.items():
        for name, prepared in columns.items():
            if prepared.neighbours or phone_code.column(f"{table}.{name}") in phone_code.statements():
                continue
            try:
                javascript_writer.of_family(table, name)
            except InputError:
                lacking.append(f"{table}.{name}")
    assert lacking == []


@pytest.mark.req("VIS-4")
def test_no_javascript_is_for_a_column_that_there_is_not() -> None:
    named = re.findall(r'prepared\["(\w+)\.(\w+)"\]', " ".join(phone_code.statements()))
    assert named
    assert [f"{table}.{name}" for table, name in named if name not in PREPARED.get(table, {})] == []


@pytest.mark.req("VIS-4")
def test_a_module_needs_nothing_else_and_holds_only_what_it_reaches(process: Node) -> None:
    text = write(build(national(), ON, SETTINGS))
    assert set(process.load("alone", text)) == {
        "evaluate",
        "bits",
        "shown",
        "rules",
        "pack",
        "hash",
        "day",
        "area",
    }
    for outside in (
        "import ",
        "import(",
        "require(",
        "fetch(",
        "globalThis",
        "eval(",
        "new Function",
        "XMLHttpRequest",
    ):
        assert outside not in text
    assert f'"{national().hash}"' in text
    assert 'export const day = "2024-10-15";' in text
    assert "cases.is_current" not in text  # no rule of this plan reads it
    declared = re.findall(r"(?m)^(?:function|const|class) (\w+)", text)
    assert [name for name in declared if len(re.findall(rf"\b{name}\b", text)) < 2] == []


@pytest.mark.req("VIS-4", "RSK-2")
def test_the_same_plan_gives_the_same_text() -> None:
    assert write(build(national(), ON, SETTINGS)) == write(build(national(), ON, SETTINGS))


@pytest.mark.req("VIS-4", "QLT-1")
@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("members", "serving", "yes", "neither true nor false"),
        ("members", "birth_date", "2024-02-30", "no day"),
        ("income_items", "amount", "1,000", "no number"),
        ("households", "oop_medical", True, "no number"),
        ("households", "contact", {"name": "x"}, "no text"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_with_its_column(
    process: Node, table: str, column: str, value: object, told: str
) -> None:
    """It must not count as a no, nor as nothing."""
    process.load("refusing", write(build(national(), ON, SETTINGS)))
    household = HOUSEHOLD | ({column: value} if table == "households" else {})
    tables = {} if table == "households" else {table: [{column: value}]}
    with pytest.raises(AssertionError, match=rf"{table}\.{column}: .* is {told}"):
        process.ask(evaluate="refusing", households=[[household, tables, {}]])


@pytest.mark.req("VIS-4", "INC-1")
def test_what_is_empty_is_unknown_and_lists_may_be_arrays(process: Node) -> None:
    process.load("reading", write(build(national(), ON, SETTINGS)))
    visit = {"visit_id": "v", "visited_on": "2024-10-01", "risk": True, "mode": "in_person"}
    household = HOUSEHOLD | {"oop_medical": "", "oop_education": 12.5, "oop_other": "0.10", "area_code": None}
    both = [
        [household, {"visits": [visit | {"causes": causes}]}, {}]
        for causes in ("illness;disaster", ["illness", "disaster"])
    ]
    one, other = process.ask(evaluate="reading", households=both)
    assert one == other
    assert one["values"]["oop_medical"] is None
    assert one["values"]["oop_education"] == "n:12.5"
    assert one["values"]["oop_other"] == "n:0.1"


@pytest.mark.req("RSK-2")
def test_a_column_without_javascript_is_refused() -> None:
    with pytest.raises(InputError, match=r"phone.*members\.nothing_like_it"):
        javascript_writer.of_family("members", "nothing_like_it")


@pytest.mark.req("RSK-2")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("function a() {\n  return 1;\n}\nfunction a() {}\n", "x.js:4: a is there already"),
        ("let a = 1;\n", "x.js:1: no statement begins like this"),
        ("  const a = 1;\n", "x.js:1: no statement begins like this"),
    ],
)
def test_a_phone_file_that_is_written_otherwise_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "x.js"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(phone_code.PhoneCodeError, match=told):
        phone_code.read(path)


@pytest.mark.req("VIS-4", "RSK-2")
def test_the_command_writes_the_module(
    tmp_path: Path, process: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "national.mjs"
    command = [
        "pack",
        "javascript",
        "national",
        "--on",
        "2024-10-15",
        "--set",
        "monitoring_range=8300",
        "--out",
        str(out),
    ]
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(out), "bytes": out.stat().st_size, "hash": national().hash}
    assert out.read_text(encoding="utf-8") == write(
        build(national(), date(2024, 10, 15), {"monitoring_range": 8300})
    )
    assert "evaluate" in process.load("command", out.read_text(encoding="utf-8"))
    assert main(command) == 0
    assert str(out) in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["national.mjs"]


@pytest.mark.req("VIS-4", "RSK-2")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"--on": None}, "--on"),
        ({"--on": "10-15"}, "10-15"),
        ({"--out": None}, "--out"),
        ({"--out": "no/such/folder/x.mjs"}, "x.mjs"),
        ({"--out": "."}, "--out"),
        ({"--set": "monitoring_rnge=1"}, "monitoring_range"),
        ({"--set": "monitoring_range"}, "--set"),
    ],
)
def test_the_command_refuses(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, str | None],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    options = {"--on": "2024-10-15", "--out": "x.mjs", **changed}
    words = [word for name, value in options.items() if value is not None for word in (name, value)]
    assert main(["pack", "javascript", "national", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("RSK-2")
def test_the_command_refuses_a_pack_with_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path / "trial", rules="income.fall:\n  when: net_incom > 5\n")
    out = tmp_path / "x.mjs"
    assert main(["pack", "javascript", str(folder), "--on", "2024-10-15", "--out", str(out)]) == 2
    assert "trial/rules.yaml:2: " in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.req("VIS-4")
def test_node_finds_no_fault_in_the_quality_module(process: Node, tmp_path: Path) -> None:
    text = write(build(national(), ON, SETTINGS, quality=True))
    assert "rowResults" in process.load("quality_module", text)
    path = tmp_path / "module.mjs"
    path.write_text(text, encoding="utf-8")
    program = process.process.args[0]  # type: ignore[index]
    assert subprocess.run([program, "--check", str(path)], capture_output=True).returncode == 0
