"""``shouwang intake``: exit status, what is written, and what is refused."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from shouwang.cli import intake as cli
from shouwang.errors import InputError
from shouwang.tables.places import division_name, divisions, packs_folder

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
PACKS = Path(__file__).resolve().parents[2] / "packs"


@pytest.fixture(autouse=True)
def _packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_PACKS", str(PACKS))


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    options = parser.parse_args(["intake", *arguments])
    return int(options.run(options))


@pytest.fixture
def clean(text_file: Callable[..., Path], person_id: Callable[..., str]) -> Path:
    text = f"村,户编号,户主,姓名,关系,身份证\n云山村,5001510010010001,赵一,赵一,户主,{person_id(1)}\n"
    return text_file("名册.csv", text)


@pytest.mark.req("REG-6")
def test_clean_input_ends_with_0(clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(clean), "--into", str(tmp_path / "out"), "--on", "2024-09-01") == 0
    assert "农户花名册" in capsys.readouterr().out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "households.csv", "members.csv", "report.json", "villages.csv"
    ]  # fmt: skip


@pytest.mark.req("REG-6", "ALR-1")
def test_samples_end_with_1_and_write_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, book = tmp_path / "out", tmp_path / "报告.xlsx"
    status = run(
        str(SAMPLES),
        "--into",
        str(out),
        "--area",
        "500151122",
        "--on",
        "2024-09-01",
        "--report",
        str(book),
        "--json",
    )
    assert status == 1
    data = json.loads(capsys.readouterr().out)
    assert data == json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert set(data["files"][0]) >= {
        "file", "taken_for", "data_rows", "households", "members", "ids_accepted", "ids_missing",
        "ids_quarantined", "quarantined", "alerts", "match", "not_understood",
    }  # fmt: skip
    workbook = openpyxl.load_workbook(book)
    assert workbook.sheetnames == ["汇总", "存疑单元格", "看不懂的内容", "待确认的匹配"]
    assert all(
        cell.data_type == "s" for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert (out / "proposals.csv").read_bytes().startswith(b"table,record_id,match")
    assert b"\r" not in (out / "members.csv").read_bytes()


@pytest.mark.req("REG-6")
def test_unreadable_input_writes_nothing(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"%PDF-1.4")
    with pytest.raises(InputError, match="PDF"):
        run(str(clean), str(tmp_path / "bad.xlsx"), "--into", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.req("REG-6")
def test_a_folder_with_other_things_is_not_touched(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "重要.docx").write_bytes(b"x")
    with pytest.raises(InputError, match="没有覆盖"):
        run(str(clean), "--into", str(out))
    assert [p.name for p in out.iterdir()] == ["重要.docx"]


@pytest.mark.req("REG-6")
def test_an_earlier_intake_is_replaced_as_a_whole(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(str(SAMPLES / "人社_失业名单.csv"), "--into", str(out), "--on", "2024-09-01")
    assert (out / "alerts.csv").exists()
    run(str(clean), "--into", str(out), "--on", "2024-09-01")
    assert not (out / "alerts.csv").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.req("REG-1")
@pytest.mark.parametrize(
    ("area", "said"), [("999999", "没有编码"), ("5001", "不对"), ("500151999", "乡镇"), ("abc", "不对")]
)
def test_an_area_that_does_not_exist(clean: Path, tmp_path: Path, area: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(str(clean), "--into", str(tmp_path / "out"), "--area", area)
    assert not (tmp_path / "out").exists()


@pytest.mark.req("REG-1")
def test_a_town_that_only_the_files_know(
    text_file: Callable[..., Path], person_id: Callable[..., str], tmp_path: Path
) -> None:
    text = f"村,户编号,户主,姓名,关系,身份证\n云山村,5001519990010001,赵一,赵一,户主,{person_id(1)}\n"
    path = text_file("名册.csv", text)
    assert run(str(path), "--into", str(tmp_path / "out"), "--area", "500151999") == 0
    assert "500151999" in json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))["notes"][0]


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("text", ["9-1", "2024-02-30", "20240901", "今天"])
def test_on_needs_its_year(text: str) -> None:
    with pytest.raises(InputError) as caught:
        cli.read_on(text)
    assert "2024-09-01" in caught.value.remedy


def test_on_is_today_by_default() -> None:
    assert cli.read_on(None) == date.today()
    assert cli.read_on("2024-9-1") == date(2024, 9, 1)


@pytest.mark.req("REG-1")
def test_divisions() -> None:
    assert division_name("500151") == "铜梁区"
    assert division_name("500151122") == "西河镇"
    assert len(divisions()) > 40_000
    assert packs_folder() == PACKS
