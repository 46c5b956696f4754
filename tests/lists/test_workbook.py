"""The workbook that an office gets: complete, safe to pass on, and the same every time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from .conftest import NATIONAL, ON, Filled


@pytest.mark.req("ALR-5")
def test_every_difference_is_one_row(filled: Filled) -> None:
    page = filled.book["字段差异"]
    shown = {
        tuple(page.cell(row, column).value for column in (4, 6, 7, 8)) for row in range(3, page.max_row + 1)
    }
    assert {
        ("5001511222010001", "识别时间", "2024-07", "2024-05"),
        ("5001511222010006", "监测状态", "监测对象（已消除）", "监测对象（未消除）"),
        (
            "5001511222010016",
            "返贫致贫风险",
            "因产业项目失败、因自然灾害、因残",
            "因产业项目失败、因病、因残",
        ),
        ("5001511222010025", "监测对象类别", "脱贫不稳定户", "突发严重困难户"),
        ("5001511222010031", "劳动能力", "普通劳动力", "弱劳动力或半劳动力"),
    } <= shown
    assert len(shown) == page.max_row - 2
    filled.find("户", 户主="柏新户", 在哪边="只在全国系统")
    filled.find("户", 在哪边="只在我方")
    filled.find("人", 姓名="新来人", 在哪边="只在全国系统")
    filled.find("人", 在哪边="只在我方")


@pytest.mark.req("ALR-5")
def test_no_identity_number_stands_anywhere_in_the_file(filled: Filled) -> None:
    with zipfile.ZipFile(filled.path) as archive:
        texts = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    assert re.findall(r"500199[0-9]{11}[0-9Xx]", texts) == []
    assert "500*************" in texts


@pytest.mark.req("ALR-5")
def test_sheets_are_set_up_for_work_and_for_paper(filled: Filled) -> None:
    assert filled.book.sheetnames == ["说明", "户", "人", "字段差异", "收入", "部门名单", "汇总", "识别"]
    assert filled.book["识别"].sheet_state == "veryHidden"
    for name in ("户", "人", "字段差异", "收入", "部门名单"):
        page, heads = filled.book[name], filled.heads(name)
        assert page.column_dimensions["A"].hidden
        assert page.freeze_panes.endswith("3")
        assert page.auto_filter.ref
        assert page.print_title_rows == "$1:$2"
        assert page.page_setup.fitToHeight == 0
        (rule,) = page.data_validations.dataValidation
        assert "不处理" in rule.formula1
        cell = page.cell(3, heads["处理"])
        assert cell.coordinate in rule.sqref
        assert cell.fill.fgColor.rgb == "FFFFF9DB"


@pytest.mark.req("ALR-5")
def test_the_ledgers_are_counted_side_by_side(filled: Filled) -> None:
    page = filled.book["汇总"]
    total = [cell.value for cell in page[page.max_row]]
    assert total[0] == "合计"
    homes = {row: [cell.value for cell in page[row]] for row in range(3, page.max_row)}
    assert total[3:6] == [sum(cells[at] for cells in homes.values()) for at in (3, 4, 5)]
    assert total[3:6] == [42, 42, 42]
    changed = [cells for cells in homes.values() if cells[6]]
    assert {(cells[0], cells[2], cells[6]) for cells in changed} == {
        ("双柏村", "监测对象（已消除）", -2),
        ("双柏村", "监测对象（未消除）", 2),
    }


@pytest.mark.req("ALR-5")
def test_the_same_comparison_gives_the_same_bytes(
    registry: Path, national: Path, tmp_path: Path, lists: Callable[..., int]
) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        lists("compare", registry, "--national", national, "--on", ON, "--out", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.req("ALR-5")
def test_lists_that_agree_give_an_empty_workbook(
    registry: Path, tmp_path: Path, lists: Callable[..., int], taken_in: Path
) -> None:
    out = tmp_path / "a.xlsx"
    assert lists("compare", taken_in, "--on", ON, "--out", out, "--national", NATIONAL) in (0, 1)
    book = openpyxl.load_workbook(out)
    names = [row[0].value for row in book["字段差异"].iter_rows(min_row=3) if row[0].value]
    page = book["字段差异"]
    assert all(
        "全国系统没有填" in str(page.cell(row, 9).value) or "我方没有填" in str(page.cell(row, 9).value)
        for row in range(3, 3 + len(names))
    )
    assert [book[name].cell(1, 2).value for name in ("户", "人")] == ["没有要定的。"] * 2
