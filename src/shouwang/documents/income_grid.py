"""One sheet of the income paper as a grid: widths, formats, merged text, numbers and formulas with their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from shouwang.documents.income_words import heading
from shouwang.policy.explanation_sheet import width

WIDTHS = (5, 10.5, 9, 9, 10.5, 10.5, 10.5, 11.5, 11.5, 11, 11, 9)
LAST = len(WIDTHS) - 1
MONEY, QUIET_ZERO = "#,##0.00_ ", "#,##0.00_ ;-#,##0.00_ ;–_ "  # a blank before the line
YEARS, SHARE = "0.0000", "0.0%"
_LINE, _LOWEST, _HIGHEST = 13.2, 17.0, 409.0  # points; the last is what Excel allows
_CELL_LIMIT = 32_767  # characters that a cell of Excel holds


class Styles:
    """The formats of a workbook by name, made when first asked for: official fonts, thin lines, wrapped text."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Format] = {}

    def __call__(self, *names: str, number: str = "@") -> Format:
        """Format of ``names``: title, mark, band, head, label, sum, note, right, center, bare."""
        key = (*names, number)
        if key not in self.made:
            base: dict[str, Any] = {
                "font_name": "仿宋",
                "font_size": 10,
                "text_wrap": True,
                "valign": "vcenter",
            }
            base |= {"num_format": number, "border": 1, "border_color": "#7f7f7f"}
            for name in names:
                base |= _LOOKS[name]
            self.made[key] = self.book.add_format(base)
        return self.made[key]


_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "宋体", "font_size": 17, "bold": True, "align": "center", "border": 0},
    "bare": {"border": 0},
    "band": {"font_name": "黑体", "bold": True, "bg_color": "#efefef"},
    "section": {"font_name": "黑体", "font_size": 11, "bold": True, "border": 0, "bottom": 2, "bottom_color": "#000000", "valign": "bottom"},
    "head": {"font_name": "宋体", "bold": True, "align": "center", "font_size": 9.5},
    "label": {"font_name": "宋体", "bg_color": "#f7f7f7"},
    "sum": {"bold": True, "font_name": "宋体"},
    "small": {"font_size": 9},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "quiet": {"font_color": "#555555"},
    "line": {"border": 0, "bottom": 1},
}  # fmt: skip


class Grid:
    """Writes a sheet from top to bottom; ``row`` is the row that is being written, counted from 0."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0
        self.lines = 1
        for at, wide in enumerate(WIDTHS):
            sheet.set_column(at, at, wide)

    def end(self, least: float = _LOWEST) -> int:
        """Ends the row at the height its texts need; gives the row that ended."""
        self.sheet.set_row(self.row, min(_HIGHEST, max(least, self.lines * _LINE + 4)))
        self.row, self.lines = self.row + 1, 1
        return self.row - 1

    def section(self, place: int, label: str) -> None:
        """The numbered head of a section over the whole width."""
        self.text(0, LAST, heading(place, label), "section")
        self.end(24)

    def text(self, first: int, last: int, words: str, *looks: str) -> None:
        """A text over the columns ``first`` to ``last``; never a formula."""
        style, words = self.styles(*looks), words[:_CELL_LIMIT]
        room = max(2.0, (sum(WIDTHS[first : last + 1]) - 0.7) * (1.1 if "small" in looks else 1.0))
        self.lines = max(self.lines, sum(max(1, ceil(width(line) / room)) for line in words.split("\n")))
        if first < last:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        if words:
            self.sheet.write_string(self.row, first, words, style)
        else:
            self.sheet.write_blank(self.row, first, None, style)

    def number(self, at: int, value: Decimal | int, *looks: str, number: str = MONEY) -> str:
        """A number in a cell; gives the cell's name."""
        self.sheet.write_number(self.row, at, float(value), self.styles("right", *looks, number=number))
        return self.name(at)

    def formula(self, at: int, text: str, value: Decimal | int, *looks: str, number: str = MONEY) -> str:
        """A formula with the value that it comes to; gives the cell's name."""
        style = self.styles("right", *looks, number=number)
        self.sheet.write_formula(self.row, at, f"={text}", style, float(value))
        return self.name(at)

    def figure(
        self,
        at: int,
        text: str | None,
        value: Decimal | int | None,
        unknown: str,
        *looks: str,
        number: str = MONEY,
    ) -> str | None:
        """A formula where there is one, else the number, else the word for unknown; the cell's name where it counts."""
        if value is None:
            self.text(at, at, unknown, "right", *looks)
            return None
        if text is None:
            return self.number(at, value, *looks, number=number)
        return self.formula(at, text, value, *looks, number=number)

    def blanks(self, columns: Iterable[int], *looks: str) -> None:
        """Ruled cells without content."""
        for at in columns:
            self.sheet.write_blank(self.row, at, None, self.styles(*looks))

    def name(self, at: int) -> str:
        """The name of a cell of this row, such as ``I12``."""
        return str(xl_rowcol_to_cell(self.row, at))


def cell(row: int, at: int) -> str:
    """The name of any cell."""
    return str(xl_rowcol_to_cell(row, at))


def total(cells: Sequence[str]) -> str:
    """``SUM(…)`` of cells, neighbours drawn together; 0 of none."""
    runs: list[list[str]] = []
    for name in cells:
        column, row = name.rstrip("0123456789"), int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if runs and runs[-1][-1] == f"{column}{row - 1}":
            runs[-1].append(name)
        else:
            runs.append([name])
    return (
        f"SUM({','.join(run[0] if len(run) == 1 else f'{run[0]}:{run[-1]}' for run in runs)})"
        if runs
        else "0"
    )
