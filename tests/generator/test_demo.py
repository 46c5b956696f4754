"""The demo: it touches only its own folder, what it prints stands in columns, and it ends with every file."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from shouwang.cli import demo
from shouwang.cli.demo import aligned, width
from shouwang.errors import InputError


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, command: Callable[..., int]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="--dir"):
        command(demo, "--dir", str(tmp_path), "--households", "60")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("count", ["0", "-1", "20001"])
def test_sizes_that_cannot_be_are_refused(count: str, tmp_path: Path, command: Callable[..., int]) -> None:
    with pytest.raises(InputError, match="--households"):
        command(demo, "--dir", str(tmp_path / "d"), f"--households={count}")
    assert list(tmp_path.iterdir()) == []


def test_columns_stand_under_each_other_with_chinese_in_them() -> None:
    lines = aligned([["村", "户数"], ["双柏村", "7"], ["A村", "1234"]])
    assert {width(line) for line in lines} == {6 + 2 + 4}
    assert lines[1] == "双柏村     7"


@pytest.mark.req("REP-3", "LED-3")
@pytest.mark.skipif(
    importlib.util.find_spec("shouwang.cli.screen") is None, reason="screening is not there yet"
)
def test_the_demo_goes_from_spreadsheets_to_page_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Callable[..., int]
) -> None:
    for _time in range(2):
        assert command(demo, "--dir", str(tmp_path / "d"), "--households", "120", "--no-serve") == 0
    said = capsys.readouterr().out
    assert "合计" in said
    for name in (
        "表格/农户花名册.xlsx",
        "数据/households.csv",
        "结果/findings.csv",
        "结果/suspected-ledger.xlsx",
        "结果/summary.html",
        "真值.json",
    ):
        assert (tmp_path / "d" / name).stat().st_size > 0, name
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
    page = (tmp_path / "d" / "结果" / "summary.html").read_text(encoding="utf-8")
    assert "西河镇" in page
