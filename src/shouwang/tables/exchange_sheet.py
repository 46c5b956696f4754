"""The sheet of a workbook as texts of the exchange format, with the cell of every value kept."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import Column, Table, Type
from shouwang.tables.exchange_types import expectation, shown

_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number; an identity number stored as one has lost its end


@dataclass(frozen=True)
class Sheet:
    """Header and, per row of data, its row in the sheet; ``place`` names a cell."""

    file: str
    name: str
    header: list[str]
    rows: Sequence[int]

    def place(self, row: int, column: str) -> str:
        """The cell of row ``row`` (from 1) of the data, like ``households.xlsx，工作表“农户”，C5``."""
        at = self.header.index(column) if column in self.header else 0
        return cell_place(self.file, self.name, self.rows[row - 1], at)


def cell_place(file: str, sheet: str, row: int, column: int) -> str:
    """Names a cell: ``row`` counts from 1, ``column`` from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return _("{file} 工作表“{sheet}”单元格 {cell}").format(file=file, sheet=sheet, cell=f"{letters}{row}")


def read_sheet(table: Table, path: Path, texts: Path) -> Sheet:
    """Writes the first sheet of ``path`` as CSV to ``texts``; empty rows are left out.

    InputError with sheet and cell for a cell that holds no value of its column's type.
    """
    name, cells = _first_sheet(path)
    header = [str(cell).strip() for cell in cells[0]] if cells else []
    while header and not header[-1]:
        header.pop()
    columns = [table.by_name.get(word) for word in header]
    rows: list[int] = []
    with texts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for number, line in enumerate(cells[1:], start=2):
            if any(cell != "" for cell in line):
                rows.append(number)
                writer.writerow(_texts(line, columns, path.name, name, number))
    return Sheet(path.name, name, header, rows)


def _first_sheet(path: Path) -> tuple[str, list[list[object]]]:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        name = workbook.sheet_names[0]
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        return name, [list(line) for line in cells]
    except (CalamineError, OSError, IndexError) as error:
        raise InputError(
            _("不是可读的 Excel 工作簿"), where=path.name, remedy=_("请用 Excel 打开后另存为 .xlsx")
        ) from error


def _texts(
    line: Sequence[object], columns: Sequence[Column | None], file: str, sheet: str, row: int
) -> list[str]:
    texts = []
    for at, column in enumerate(columns):
        cell = line[at] if at < len(line) else ""
        if column is None or cell == "" or cell is None:
            texts.append("" if cell is None else str(cell))
            continue
        text = _text(cell, column)
        if text is None:
            where = cell_place(file, sheet, row, at)
            raise InputError(
                _("{name}（{column}）列的值“{value}”不是应有的写法").format(
                    name=column.label, column=column.name, value=shown(cell)
                ),
                where=where,
                remedy=expectation(column) if column.type is not Type.TEXT else _as_text(),
            )
        texts.append(text)
    return texts


def _as_text() -> str:
    return _("请把单元格设为文本格式后重新输入；长号码存成数字会丢失末尾几位")


def _text(cell: object, column: Column) -> str | None:
    """The exchange format's text of a cell, None where the cell cannot be one."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return _flag(cell, column)
    if isinstance(cell, int | float):
        return _number(cell, column)
    if isinstance(cell, dt.datetime | dt.date):
        return _moment(cell, column)
    return None


def _flag(cell: bool, column: Column) -> str | None:
    return str(cell).lower() if column.type is Type.BOOL else None


def _number(cell: int | float, column: Column) -> str | None:
    """Digits as the sheet shows them, by the shortest decimal of the number, never by arithmetic."""
    if isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf"))):
        return None
    if column.type is Type.FLOAT:
        return repr(float(cell))
    value = Decimal(str(cell)).normalize()
    if column.type is Type.TEXT and not (value == int(value) and 0 <= value < 10**_EXACT_DIGITS):
        return None
    return None if column.type in (Type.DATE, Type.DATETIME) else f"{value:f}"


def _moment(cell: dt.datetime | dt.date, column: Column) -> str | None:
    if not isinstance(cell, dt.datetime):
        cell = dt.datetime.combine(cell, dt.time())
    if column.type is Type.DATETIME:
        return cell.isoformat()
    if column.type is Type.DATE and cell.time() == dt.time():
        return cell.date().isoformat()
    return None
