"""How annex 3 looks on paper: head, widths, fonts, lines, print set-up and the lists one can choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwang.language import _
from shouwang.tables.dictionary import labels


@dataclass(frozen=True)
class LedgerColumn:
    """One column: the official words of its head, its width in characters, whether it is running text."""

    words: str
    width: float
    grouped: bool = False
    running_text: bool = False


_KIND = (
    "3.农户类型\n"
    "【监测户（已消除风险）、监测户（未消除风险）、一般脱贫户（监测户之外的其他脱贫户）、其他一般农户】"
)
_PROBLEM = (
    "4.问题类型\n"
    "（1）户问题：①收入方面、②基本教育、③基本医疗、④住房安全、⑤饮水安全、⑥开发式帮扶、"
    "⑦稳岗就业（尤其是公益性岗位）、⑧风险消除、⑨群众满意度、⑩其他（请注明）\n"
    "（2）乡镇和村级问题：①辖区情况了解；②政策宣传情况；③监测对象识别；④帮扶与风险消除；"
    "⑤预警信息处置；⑥书记遍访；⑦规模性返贫风险；⑧其他（请注明）"
)
_VERIFIED = "疑似问题核实情况\n（①经核实不是问题，不纳入问题整改台账；②经核实确有问题，纳入问题整改台账）"

GROUP = "疑似问题情况"
COLUMNS = (
    LedgerColumn("序号", 6),
    LedgerColumn("区县", 9),
    LedgerColumn("问题层级（乡镇、村、户）", 9),
    LedgerColumn("乡镇", 10),
    LedgerColumn("村", 10),
    LedgerColumn("1.所在村民小组", 9, grouped=True),
    LedgerColumn("2.户主姓名", 9, grouped=True),
    LedgerColumn(_KIND, 22, grouped=True),
    LedgerColumn(_PROBLEM, 36, grouped=True),
    LedgerColumn("5.问题描述", 36, grouped=True, running_text=True),
    LedgerColumn(_VERIFIED, 18),
    LedgerColumn("备注", 15, running_text=True),
)
_MARK, _TITLE, _GROUPS, _HEAD = 0, 1, 2, 3
HEAD_ROWS = 4  # annex mark, title, two rows of head
_HEIGHTS = {_MARK: 20, _TITLE: 34, _GROUPS: 22, _HEAD: 128}
_LAST = len(COLUMNS) - 1
_LINE, _LOWEST, _HIGHEST = 15.0, 24.0, 409.0  # points; the last is what Excel allows
_NARROW = 0x2E7F  # up to here a character is as narrow as a digit
_SHEET_END = 1_048_575


@dataclass(frozen=True)
class Styles:
    """The formats of a ledger: official fonts, thin black lines, wrapped text."""

    mark: Format
    title: Format
    head: Format
    cell: Format
    text: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> Styles:
        """Makes the formats in a workbook; all are text (``@``), so that a typed ``=`` stays text too."""
        base: dict[str, Any] = {
            "font_name": "宋体",
            "text_wrap": True,
            "valign": "vcenter",
            "num_format": "@",
        }
        ruled = {**base, "border": 1, "align": "center"}
        body = {**ruled, "font_name": "仿宋", "font_size": 11}
        return cls(
            mark=book.add_format({**base, "font_name": "黑体", "font_size": 12, "text_wrap": False}),
            title=book.add_format({**base, "font_size": 18, "bold": True, "align": "center"}),
            head=book.add_format({**ruled, "font_size": 10, "bold": True}),
            cell=book.add_format(body),
            text=book.add_format({**body, "align": "left", "indent": 1}),
        )


def prepare_sheet(book: xlsxwriter.Workbook, name: str, title: str, annex: str, styles: Styles) -> Worksheet:
    """A sheet with annex mark, title, head, widths, lists and print set-up; data start at ``HEAD_ROWS``."""
    sheet = book.add_worksheet(name)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width)
    for row, height in _HEIGHTS.items():
        sheet.set_row(row, height)
    sheet.write_string(_MARK, 0, annex, styles.mark)
    _write_head(sheet, title, styles)
    _set_up_print(sheet)
    _offer_lists(sheet)
    return sheet


def _write_head(sheet: Worksheet, title: str, styles: Styles) -> None:
    """Title and head, row by row, since rows go out as they are written."""
    first, last = _group_span()
    sheet.write_string(_TITLE, 0, title, styles.title)
    for at in range(1, len(COLUMNS)):
        sheet.write_blank(_TITLE, at, None, styles.title)
    for at, column in enumerate(COLUMNS):
        words = (GROUP if at == first else "") if column.grouped else column.words
        _write(sheet, _GROUPS, at, words, styles.head)
    for at, column in enumerate(COLUMNS):
        _write(sheet, _HEAD, at, column.words if column.grouped else "", styles.head)
    # merge_range() refuses cells of two rows while rows are streamed, so the ranges are named directly.
    sheet.merge.append([_TITLE, 0, _TITLE, _LAST])
    sheet.merge.append([_GROUPS, first, _GROUPS, last])
    sheet.merge += [[_GROUPS, at, _HEAD, at] for at, column in enumerate(COLUMNS) if not column.grouped]


def row_height(texts: Iterable[str]) -> float:
    """The height in points that shows every line of a row; not every program finds it by itself."""
    lines = max(wrapped_lines(text, column.width) for text, column in zip(texts, COLUMNS, strict=True))
    return min(_HIGHEST, max(_LOWEST, lines * _LINE + 6))


def wrapped_lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes; a Chinese character is as wide as two digits."""
    room = max(2.0, (width - 2) * 0.92)  # margins of the cell; 仿宋 11 is a little wider than the unit
    if len(text) * 2 <= room and "\n" not in text:  # most cells are short, and there may be 100,000 rows
        return 1
    widths = (sum(2 if ord(sign) > _NARROW else 1 for sign in line) for line in text.split("\n"))
    return sum(max(1, ceil(wide / room)) for wide in widths)


def _write(sheet: Worksheet, row: int, at: int, words: str, style: Format) -> None:
    if words:
        sheet.write_string(row, at, words, style)
    else:
        sheet.write_blank(row, at, None, style)


def _group_span() -> tuple[int, int]:
    grouped = [at for at, column in enumerate(COLUMNS) if column.grouped]
    return grouped[0], grouped[-1]


def _set_up_print(sheet: Worksheet) -> None:
    """A4 across, one page wide, the head on every page, numbered pages."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(_GROUPS, _HEAD)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(HEAD_ROWS, 0)


def _offer_lists(sheet: Worksheet) -> None:
    """Lists to choose from. A problem type may also be written (请注明), so there the list only advises."""
    none = "——"
    problems = [*labels("household_problem").values(), *labels("place_problem").values()]
    for at, choices, strict in (
        (2, [*labels("level").values()], True),
        (7, [*labels("household_kind").values(), none], True),
        (8, problems, False),
        (10, ["①", "②"], True),
    ):
        sheet.data_validation(
            HEAD_ROWS,
            at,
            _SHEET_END,
            at,
            {
                "validate": "list",
                "source": choices,
                "show_error": strict,
                "error_title": _("请从下拉列表中选择"),
                "error_message": _("这一列只能填下拉列表中的内容"),
            },
        )
