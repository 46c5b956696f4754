"""Writes one untidy sheet and remembers in which cell what was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from shouwang.generator.untidy.mangling import Cell, Written

FIXED_TIME = date(2024, 8, 26)  # so that the same seed gives the same file


class Book:
    """A workbook; sheets are written cell by cell."""

    def __init__(self, path: Path) -> None:
        self.book: Any = xlsxwriter.Workbook(str(path))
        self.book.set_properties({"created": FIXED_TIME})
        self._formats = {
            "title": self.book.add_format({"bold": True, "align": "center", "font_size": 16}),
            "head": self.book.add_format(
                {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
            ),
            "cell": self.book.add_format({"border": 1, "valign": "vcenter"}),
            "date": self.book.add_format({"border": 1, "num_format": "yyyy/m/d"}),
        }

    def sheet(self, name: str) -> Sheet:
        """A new sheet."""
        return Sheet(self.book.add_worksheet(name), name, self._formats)

    def close(self) -> None:
        self.book.close()


class Sheet:
    """One sheet; rows and columns count from 0 here, ``place`` gives ``C7``."""

    def __init__(self, sheet: Any, name: str, formats: dict[str, Any]) -> None:
        self._sheet, self.name, self._formats = sheet, name, formats

    def write(self, row: int, column: int, value: Cell, style: str = "cell") -> None:
        """One cell; texts stay texts, numbers numbers, dates dates, None an empty cell."""
        if isinstance(value, date):
            self._sheet.write_datetime(row, column, value, self._formats["date"])
        elif isinstance(value, int | float):
            self._sheet.write_number(row, column, value, self._formats[style])
        elif value is None:
            self._sheet.write_blank(row, column, None, self._formats[style])
        else:
            self._sheet.write_string(row, column, value, self._formats[style])

    def merge(
        self, first: int, last: int, column: int, value: Cell, *, to: int | None = None, style: str = "cell"
    ) -> None:
        """One cell over rows ``first`` to ``last`` and columns ``column`` to ``to``; a single cell is
        just written.
        """
        to = column if to is None else to
        if first == last and column == to:
            self.write(first, column, value, style)
        else:
            self._sheet.merge_range(first, column, last, to, value, self._formats[style])

    def table(self, row: int, heads: list[str]) -> None:
        """A head of one row."""
        for column, head in enumerate(heads):
            self.write(row, column, head, "head")


def place(row: int, column: int) -> str:
    """``C7`` for row 6 and column 2."""
    return str(xl_rowcol_to_cell(row, column))


def count_ids(written: list[tuple[str, str, Written]]) -> dict[str, Any]:
    """The ID part of a file's truth, from (sheet, cell, what was written)."""
    repaired: dict[str, int] = {}
    for _sheet, _cell, one in written:
        if one.status == "repaired":
            repaired[one.how] = repaired.get(one.how, 0) + 1
    status = [one.status for _sheet, _cell, one in written]
    return {
        "accepted": sum(one.value is not None for _sheet, _cell, one in written),
        "of_these_as_written": status.count("as_written"),
        "of_these_repaired": dict(sorted(repaired.items())),
        "missing": status.count("missing"),
        "words": status.count("words"),
        "quarantined": status.count("quarantined"),
        "quarantine": [
            {"sheet": sheet, "cell": cell, "why": one.how}
            for sheet, cell, one in written
            if one.status == "quarantined"
        ],
    }


def id_truth(one: Written) -> dict[str, Any]:
    """The ID part of a row's truth."""
    return {"id": one.value, "id_status": one.status, "id_how": one.how}
