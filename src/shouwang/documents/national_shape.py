"""Our monitored households as a workbook in the shape that the national system takes in (ALR-6)."""

from __future__ import annotations

import datetime
from pathlib import Path

import xlsxwriter

from shouwang.tables.lists.national_shape import HEADS, TITLE, export_line, sheet_rows
from shouwang.tables.lists.ours import Ours


def write_national_shape(path: Path, ours: Ours, income_year: int | None = None) -> int:
    """Writes title rows, the head on row 3 and one row per person, every cell text; gives the number of rows.

    The same folder and day give the same bytes; the file stands whole or not at all.
    """
    rows = sheet_rows(ours, income_year)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        book = xlsxwriter.Workbook(str(unfinished), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": datetime.datetime.combine(ours.on, datetime.time())})
        head = book.add_format({"bold": True, "align": "center"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_string(0, 0, TITLE)
        sheet.write_string(1, 0, export_line(ours))
        for column, name in enumerate(HEADS):
            sheet.write_string(2, column, name, head)
        for at, row in enumerate(rows, start=3):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, text)
        book.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(rows)
