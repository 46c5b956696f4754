"""``shouwang income``: what it writes, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from shouwang.cli.main import main
from tests.income_paper.example import BARE, DAY, FULL, VILLAGE, XIHE, folder


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("income") / "facts")


def run(facts: Path, *more: str, on: str = DAY) -> int:
    return main(["income", str(facts), "--pack", XIHE, "--on", on, *more])


@pytest.mark.req("INC-1", "INC-8", "INC-9")
def test_one_household_as_a_workbook_and_as_a_page(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.xlsx", "one.html"):
        assert run(facts, "--household", FULL, "--out", str(tmp_path / name)) == 0
    assert "收入核算表 1 户" in capsys.readouterr().out
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames == ["T-001 陈建国"]
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "10,783.94" in page
    assert "铜梁区西河镇望云村" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.html", "one.xlsx"]


@pytest.mark.req("INC-1")
def test_a_village_gives_one_workbook_and_says_what_is_unknown(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(facts, "--village", VILLAGE, "--village", "500151122202", "--out", str(out), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["households"], told["unknown"]) == (3, 1)
    assert sorted(path.name for path in out.iterdir()) == [
        "income-500151122201.html", "income-500151122201.xlsx", "income-500151122202.html", "income-500151122202.xlsx",
    ]  # fmt: skip
    book = openpyxl.load_workbook(out / "income-500151122201.xlsx", data_only=True)
    assert book.sheetnames == ["目录", "T-001 陈建国", "T-002 李桂芳"]
    assert [row[9].value for row in book["目录"].iter_rows(min_row=3, max_row=4)] == [10783.94, "不知道"]


def test_names_can_be_masked(facts: Path, tmp_path: Path) -> None:
    assert run(facts, "--household", FULL, "--mask-names", "--out", str(tmp_path / "one.html")) == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "陈*国" in page
    assert "陈建国" not in page


@pytest.mark.req("INC-2")
def test_the_monitoring_year_and_a_range_set_by_hand(facts: Path, tmp_path: Path) -> None:
    more = ("--set", "window=year", "--set", "monitoring_range=9000", "--out", str(tmp_path / "one.html"))
    assert run(facts, "--household", FULL, *more) == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "2023-10-01 — 2024-09-05" in page
    assert "9,000.00" in page
    assert "本次设定" in page


@pytest.mark.req("INC-6")
def test_without_a_range_the_paper_says_so_and_the_command_wants_a_look(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.html"
    assert (
        main(
            ["income", str(facts), "--pack", "national", "--on", DAY, "--household", FULL, "--out", str(out)]
        )
        == 1
    )
    assert "监测范围还没有文件定" in out.read_text(encoding="utf-8")


def without_items(facts: Path, tmp_path: Path) -> Path:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("households.csv", "members.csv"):
        (bare / name).write_bytes((facts / name).read_bytes())
    return bare


REFUSALS = {
    "no such household": (("--household", "T-009"), DAY, "one.xlsx", ("T-009", "T-001")),
    "no such village": (("--village", "500151122209"), DAY, "one.xlsx", ("500151122209", VILLAGE)),
    "nobody asked for": ((), DAY, "one.xlsx", ("--household",)),
    "a bad day": (("--household", FULL), "9月5日", "one.xlsx", ("9月5日", "--on")),
    "a bad setting": (("--household", FULL, "--set", "window"), DAY, "one.xlsx", ("--set",)),
    "a file of another kind": (("--household", FULL), DAY, "one.docx", (".docx", ".xlsx")),
    "a place that is not there": (("--household", FULL), DAY, "no/one.xlsx", ("没有这个文件夹",)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_say_what_and_write_nothing(
    name: str, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more, on, out, told = REFUSALS[name]
    assert run(facts, *more, "--out", str(tmp_path / out), on=on) == 2
    _refused(capsys, told)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_items_is_refused(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(without_items(facts, tmp_path), "--household", FULL, "--out", str(tmp_path / "one.xlsx")) == 2
    _refused(capsys, ("income_items",))
    assert not (tmp_path / "one.xlsx").exists()


@pytest.mark.parametrize("out", ["taken.xlsx", "full"])
def test_what_is_there_already_is_left_alone(
    out: str, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / out).mkdir()
    (tmp_path / out / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(facts, "--household", BARE, "--out", str(tmp_path / out)) == 2
    _refused(capsys, (out,))
    assert [path.name for path in (tmp_path / out).iterdir()] == ["mine.txt"]


def _refused(capsys: pytest.CaptureFixture[str], told: Sequence[str]) -> None:
    said = capsys.readouterr().err
    assert all(words in said for words in told), said
    assert "→" in said
    assert "Traceback" not in said
