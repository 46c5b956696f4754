"""From a row of the roster to a row of annex 3, in a browser. Every issue makes this longer; it is never broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.story.conftest import Office

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def sign_in(page: Any, office: Office) -> None:
    """Fills the door's form."""
    page.goto(office.address)
    page.get_by_label("用户名").fill(office.username)
    page.get_by_label("密码").fill(office.password)
    page.get_by_role("button", name="登录").click()


@pytest.mark.req("REG-6", "REG-7", "RSK-1", "SEC-1")
def test_from_a_roster_row_to_a_ledger_row(office: Office, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in(page, office)
    assert "先导入花名册" in page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("link", name="导入花名册").click()
    page.get_by_label("表格").set_input_files(
        [SAMPLES / "农户花名册.xlsx", SAMPLES / "收入明细.xlsx", SAMPLES / "医保_大额自付费用.xlsx"]
    )
    page.get_by_label("数据日期").fill("2024-09-01")
    page.get_by_role("button", name="读入并预览").click()
    assert "将新增 360 户" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="导入勾选的村").click()
    assert "新增 360 户" in page.get_by_role("status").inner_text()

    page.get_by_role("link", name="研判").click()
    page.get_by_label("研判日期").fill("2024-09-05")
    page.get_by_role("button", name="研判").click()
    assert "看出" in page.get_by_role("status").inner_text()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载疑似问题核实台账").click()
    download.value.save_as(tmp_path / "ledger.xlsx")
    sheet = load_workbook(tmp_path / "ledger.xlsx").active
    assert sheet is not None
    rows = [[str(cell) for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    told = next(row for row in rows if len(row) > 5 and row[0] == "1")

    # the household of the ledger's first row: found by its head, and its page gives the same reason
    head = told[next(i for i, cell in enumerate(told) if cell in heads(sheet))]
    page.get_by_label("找农户").fill(head)
    page.get_by_label("找农户").press("Enter")
    page.locator("tbody a").first.click()
    shown = page.locator("main").inner_text()
    assert "看出了什么" in shown
    assert "农户花名册.xlsx" in shown
    said = [text.split("\n")[1].split("依据")[0] for text in page.locator(".finding > div").all_inner_texts()]
    assert any(text in "".join(told) for text in said), (said, told)
    assert head not in shown  # masked
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="English").click()
    assert "What was found" in page.locator("main").inner_text()
    assert faults == []


def heads(sheet: Any) -> set[str]:
    """The names in the column of heads of households."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value and "户主" in str(cell.value):
                return {
                    str(below[0].value)
                    for below in sheet.iter_rows(
                        min_row=cell.row + 1, min_col=cell.column, max_col=cell.column
                    )
                    if below[0].value
                }
    raise AssertionError("no column of heads")
