"""What the other side must change, as a list to hand in: one sheet, one row per change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from shouwang.documents.ledger_layout import wrapped_lines
from shouwang.tables.lists.deciding import TheirChange

_COLUMNS = (
    ("序号", 6), ("对方", 14), ("名单位置", 22), ("村", 10), ("户编号", 19), ("人编号", 21), ("姓名", 10),
    ("项目", 16), ("现在", 22), ("应为", 30), ("备注", 22),
)  # fmt: skip


def write_their_changes(path: Path, changes: Iterable[TheirChange], on: str) -> None:
    """Writes the list; every cell is text. ``on`` is the day of the comparison (2024-09-01)."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    year, month, day = map(int, on.split("-"))
    book.set_properties({"created": datetime.datetime(year, month, day)})
    base = {"font_name": "宋体", "font_size": 10.5, "text_wrap": True, "valign": "vcenter"}
    head = book.add_format({**base, "bold": True, "border": 1, "align": "center", "bg_color": "#D6E0EC"})
    cell = book.add_format({**base, "border": 1, "num_format": "@"})
    title = book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False})
    sheet = book.add_worksheet("请对方更正")
    sheet.write_string(0, 0, f"请对方更正的内容（{on} 比对，经核实）", title)
    for at, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, name, head)
    last = 1
    for last, one in enumerate(changes, start=2):
        texts = (
            str(last - 1), one.whose, one.place, one.village, one.household, one.person_number, one.name,
            one.item, one.now, one.wanted, one.remark,
        )  # fmt: skip
        for at, text in enumerate(texts):
            sheet.write_string(last, at, text, cell)
        lines = max(wrapped_lines(text, width) for text, (_n, width) in zip(texts, _COLUMNS, strict=True))
        sheet.set_row(last, 15.5 * lines + 6)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, last, len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    book.close()
