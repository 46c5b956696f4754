"""Two lists against each other as a workbook that an office works through and gives back (ALR-5).

One row is one thing to decide: a drop-down 处理, a value of one's own, a remark. The workbook is Chinese whatever
the screen speaks, since it is read back by its words. Every row carries a hidden key (``tables.lists.rows``), so
rows may be sorted, filtered and deleted, and columns added.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from shouwang.documents.comparison_words import ABOUT, GUIDE
from shouwang.documents.ledger_layout import wrapped_lines
from shouwang.tables.dictionary import labels
from shouwang.tables.lists.rows import (
    DECISION,
    DECISIONS,
    KEY,
    META,
    REMARK,
    SHEETS,
    VALUE,
    Book,
    WorkRow,
)
from shouwang.tables.lists.totals import Total
from shouwang.tables.lists.work import Work

HEAD_ROW, FIRST_ROW = 1, 2  # a line of instruction, the head, then rows
_WIDTHS = {
    "村": 10, "户主": 9, "姓名": 9, "户编号": 19, "我方户编号": 19, "全国系统户编号": 19, "证件号码": 21,
    "与户主关系": 11, "在哪边": 13, "项目": 16, "我方": 20, "全国系统": 20, "名单上": 14, "说明": 34,
    "我方监测状态": 22, "全国系统监测状态": 22, "年度": 7, "我方（元）": 12, "全国系统（元）": 15, "相差（元）": 12,
    "相差（%）": 10, "来源": 8, "名单位置": 24, "比对": 8, DECISION: 13, VALUE: 18, REMARK: 20,
}  # fmt: skip
_CENTRED = {"村", "户主", "姓名", "与户主关系", "在哪边", "年度", "来源", "比对", DECISION}
_FROZEN = {"户": "户主", "人": "姓名", "字段差异": "姓名", "收入": "户主", "部门名单": "姓名"}
_TOTALS: tuple[tuple[str, float], ...] = (
    ("村", 12), ("农户类型", 12), ("监测状态", 24), ("全国系统户数", 13), ("我方户数", 11), ("监测档案户数", 13),
    ("户数差（全国－我方）", 13), ("档案差（档案－我方）", 13), ("全国系统人数", 13), ("我方人数", 11),
    ("人数差（全国－我方）", 13),
)  # fmt: skip
_LINE = 15.5


@dataclass(frozen=True)
class _Styles:
    about: Format
    head: Format
    fill_head: Format
    cell: Format
    centred: Format
    amount: Format
    fill: Format
    fill_centred: Format
    total: Format
    wrong: Format
    done: Format
    title: Format
    plain: Format
    strong: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> _Styles:
        """All cells to fill are text, so that a number stays as it is typed."""
        base: dict[str, Any] = {
            "font_name": "宋体",
            "font_size": 10.5,
            "valign": "vcenter",
            "text_wrap": True,
        }
        ruled = {**base, "border": 1, "border_color": "#9AA5B1"}
        head = {**ruled, "bold": True, "align": "center"}
        middle = {"align": "center"}

        def make(**more: Any) -> Format:
            return book.add_format({**ruled, "num_format": "@", **more})

        return cls(
            about=book.add_format({**base, "bold": True, "text_wrap": False, "font_color": "#1F3A5F"}),
            head=book.add_format({**head, "bg_color": "#D6E0EC"}),
            fill_head=book.add_format({**head, "bg_color": "#F5D76E"}),
            cell=make(),
            centred=make(**middle),
            amount=book.add_format({**ruled, "num_format": "#,##0.00"}),
            fill=make(bg_color="#FFF9DB"),
            fill_centred=make(bg_color="#FFF9DB", **middle),
            total=book.add_format({**ruled, "bold": True, "bg_color": "#EEF2F6", "align": "center"}),
            wrong=book.add_format({"bold": True, "font_color": "#B42318"}),
            done=book.add_format({"font_color": "#7A869A"}),
            title=book.add_format({**base, "bold": True, "font_size": 16, "text_wrap": False}),
            plain=book.add_format({**base, "valign": "top"}),
            strong=book.add_format({**base, "bold": True, "valign": "top"}),
        )


def write_comparison(path: Path, work: Work, book: Book, findings: Sequence[str] = ()) -> None:
    """Writes the workbook; the same comparison gives the same bytes. The file stands whole or not at all.

    ``findings`` are sentences about what the files hold and nobody can read.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        workbook = xlsxwriter.Workbook(
            str(unfinished), {"strings_to_formulas": False, "strings_to_urls": False}
        )
        year, month, day = map(int, book.on.split("-"))
        workbook.set_properties({"title": "名单比对", "created": datetime.datetime(year, month, day)})
        styles = _Styles.of(workbook)
        _guide(workbook, work, book, findings, styles)
        for name in SHEETS:
            _sheet(workbook, name, work.of(name), book.number, styles)
        _totals(workbook, work.totals, styles)
        _meta(workbook, book)
        workbook.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _guide(
    workbook: xlsxwriter.Workbook, work: Work, book: Book, findings: Sequence[str], styles: _Styles
) -> None:
    sheet = workbook.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 92)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "两份名单比对", styles.title)
    lines = [
        ("比对日期", book.on),
        ("比的是", book.files or "文件夹里的全国系统名单"),
        ("", ""),
        *GUIDE,
        ("", ""),
    ]
    row = 1
    for row, (name, text) in enumerate(lines, start=1):
        sheet.write_string(row, 0, name, styles.strong)
        sheet.write_string(row, 1, text, styles.strong if name == DECISION else styles.plain)
        sheet.set_row(row, _LINE * max(1, wrapped_lines(text, 92)) + 2)
    row = _progress(sheet, work, row + 1, styles)
    for name, text in [
        *(("没有比的", note) for note in work.notes),
        *(("读不出的", text) for text in findings),
    ]:
        sheet.write_string(row, 0, name, styles.strong)
        sheet.write_string(row, 1, text, styles.plain)
        sheet.set_row(row, _LINE * max(1, wrapped_lines(text, 92)) + 2)
        row += 1
    _print(sheet, 0, 0, portrait=True)


def _progress(sheet: Worksheet, work: Work, row: int, styles: _Styles) -> int:
    """How many rows each sheet has, and how many of them are decided (a formula, so that it follows the work)."""
    sheet.write_string(row, 0, "进度", styles.strong)
    for at, name in enumerate(SHEETS, start=row + 1):
        count = len(work.of(name))
        sheet.write_string(at, 0, name, styles.plain)
        if not count:
            sheet.write_string(at, 1, "没有要定的", styles.plain)
            continue
        column = xl_col_to_name(_heads(name).index(DECISION))
        cells = f"'{name}'!{column}{FIRST_ROW + 1}:{column}{FIRST_ROW + count}"
        sheet.write_formula(
            at, 1, f'="共 {count} 行，已定 "&COUNTA({cells})&" 行"', styles.plain, f"共 {count} 行，已定 0 行"
        )
    return row + len(SHEETS) + 2


def _heads(name: str) -> list[str]:
    value = [VALUE] if name != "户" else []
    return [KEY, *SHEETS[name], DECISION, *value, REMARK]


def _sheet(workbook: xlsxwriter.Workbook, name: str, rows: list[WorkRow], book: str, styles: _Styles) -> None:
    sheet = workbook.add_worksheet(name)
    heads = _heads(name)
    options = "".join(sorted({letter for row in rows for letter in row.options})) or "ad"
    sheet.set_column(0, 0, 12, None, {"hidden": True})
    for at, head in enumerate(heads[1:], start=1):
        sheet.set_column(at, at, _WIDTHS[head])
    sheet.set_row(0, 22)
    sheet.set_row(HEAD_ROW, 34)
    sheet.write_string(0, 1, ABOUT[name] if rows else "没有要定的。", styles.about)
    for at, head in enumerate(heads):
        filled = head in (DECISION, VALUE, REMARK)
        sheet.write_string(HEAD_ROW, at, head, styles.fill_head if filled else styles.head)
    for at, row in enumerate(rows, start=FIRST_ROW):
        _row(sheet, at, row, heads, options, book, styles)
    last = FIRST_ROW + max(len(rows), 1) - 1
    sheet.autofilter(HEAD_ROW, 0, last, len(heads) - 1)
    sheet.freeze_panes(FIRST_ROW, heads.index(_FROZEN[name]) + 1)
    _offer(sheet, heads, options, last, styles)
    _print(sheet, 0, HEAD_ROW)


def _row(
    sheet: Worksheet, at: int, row: WorkRow, heads: list[str], options: str, book: str, styles: _Styles
) -> None:
    cells = list(row.cells)
    if len(row.options) < len(options):  # the drop-down is that of the column, since rows get sorted
        barred = [DECISIONS[letter] for letter in options if letter not in row.options]
        choice = f"不能选{'、'.join(barred)}"
        cells[-1] = "；".join(filter(None, (str(cells[-1]), choice)))
    sheet.write_string(at, 0, row.key(book), styles.cell)
    for column, (head, cell) in enumerate(zip(heads[1:], cells, strict=False), start=1):
        if isinstance(cell, Decimal):
            sheet.write_number(at, column, float(cell), styles.amount)
        else:
            sheet.write_string(at, column, cell, styles.centred if head in _CENTRED else styles.cell)
    for column in range(len(cells) + 1, len(heads)):
        centred = heads[column] == DECISION
        sheet.write_blank(at, column, None, styles.fill_centred if centred else styles.fill)
    lines = max(
        wrapped_lines(cell, _WIDTHS[head])
        for head, cell in zip(heads[1:], cells, strict=False)
        if isinstance(cell, str)
    )
    sheet.set_row(at, _LINE * max(1, lines) + 6)


def _offer(sheet: Worksheet, heads: list[str], options: str, last: int, styles: _Styles) -> None:
    column = heads.index(DECISION)
    words = [DECISIONS[letter] for letter in options]
    sheet.data_validation(
        FIRST_ROW, column, last, column,
        {
            "validate": "list",
            "source": words,
            "error_title": "请从下拉框中选择",
            "error_message": f"只能填：{'、'.join(words)}",
        },
    )  # fmt: skip
    letter = xl_col_to_name(column)
    done = {"type": "formula", "criteria": f'=${letter}{FIRST_ROW + 1}<>""', "format": styles.done}
    sheet.conditional_format(FIRST_ROW, 1, last, column - 1, done)


def _totals(workbook: xlsxwriter.Workbook, totals: list[Total], styles: _Styles) -> None:
    sheet = workbook.add_worksheet("汇总")
    sheet.set_row(0, 22)
    sheet.set_row(HEAD_ROW, 34)
    sheet.write_string(0, 0, "监测对象三本账：全国系统、我方、监测档案。红色的不一致。", styles.about)
    for at, (head, width) in enumerate(_TOTALS):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD_ROW, at, head, styles.head)
    types, statuses = labels("household_type"), labels("monitoring_status")
    row = FIRST_ROW
    for total in totals:
        kind = types.get(total.household_type, "未注明")
        status = statuses.get(total.monitoring_status, "未注明")
        _total_row(sheet, row, (total.village, kind, status), [total], styles.centred)
        row += 1
    _total_row(sheet, row, ("合计", "", ""), totals, styles.total)
    for column in (6, 7, 10):
        sheet.conditional_format(
            FIRST_ROW,
            column,
            row,
            column,
            {"type": "cell", "criteria": "!=", "value": 0, "format": styles.wrong},
        )
    sheet.freeze_panes(FIRST_ROW, 3)
    _print(sheet, 0, HEAD_ROW)


def _total_row(
    sheet: Worksheet, row: int, names: tuple[str, str, str], totals: list[Total], style: Format
) -> None:
    counts = [
        sum(getattr(total, name) for total in totals)
        for name in ("national_households", "our_households", "cases", "national_people", "our_people")
    ]
    national, ours, cases, their_people, our_people = counts
    numbers = (
        national, ours, cases, national - ours, cases - ours, their_people, our_people, their_people - our_people,
    )  # fmt: skip
    for at, text in enumerate(names):
        sheet.write_string(row, at, text, style)
    for at, number in enumerate(numbers, start=3):
        sheet.write_number(row, at, number, style)


def _meta(workbook: xlsxwriter.Workbook, book: Book) -> None:
    sheet = workbook.add_worksheet(META)
    for row, (name, value) in enumerate(book.lines()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    sheet.very_hidden()


def _print(sheet: Worksheet, first: int, last: int, *, portrait: bool = False) -> None:
    """A4, one page wide, the head on every page, numbered pages."""
    sheet.set_paper(9)
    if not portrait:
        sheet.set_landscape()
        sheet.repeat_rows(first, last)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页　&A")
