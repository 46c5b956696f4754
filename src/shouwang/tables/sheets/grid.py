"""Books, sheets and cells, as plain values: what every later step reads, whatever the file was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Value = str | int | float | bool | date | datetime | None
"""One cell. Empty is None; text is as the file has it; numbers of .xlsx come as float."""

MergedRange = tuple[int, int, int, int]
"""First row, first column, last row, last column; all from 0."""


@dataclass
class Sheet:
    """One sheet as a dense grid.

    ``name`` is '' for a CSV; ``uncached`` holds the cells whose formula has no stored result, which look
    empty and are not.
    """

    name: str
    rows: list[list[Value]]
    merged: list[MergedRange] = field(default_factory=list)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The cell at that place (from 0); None beyond the edge."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass
class Book:
    """One file: the sheets it holds, what its content is, and for text the encoding."""

    kind: str  # xlsx, xls, xlsb, ods, csv, html, xml
    sheets: list[Sheet]
    encoding: str = ""


def cell_name(row: int, column: int) -> str:
    """``(0, 0)`` → ``A1``; row and column count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def encode(value: Value) -> Any:
    """A cell as JSON knows it: dates become ``{"d": …}``."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return None if value == "" else value
    return str(value)


def decode(value: Any) -> Value:
    """The opposite of :func:`encode`."""
    if isinstance(value, dict):
        if "t" in value:
            return datetime.fromisoformat(value["t"])
        return date.fromisoformat(value["d"])
    result: Value = value
    return result


def book_to_json(book: Book) -> dict[str, Any]:
    """The whole book as JSON values, for the way from the worker."""
    return {
        "kind": book.kind,
        "encoding": book.encoding,
        "sheets": [
            {
                "name": sheet.name,
                "rows": [[encode(value) for value in row] for row in sheet.rows],
                "merged": sheet.merged,
                "uncached": sorted(sheet.uncached),
                "hidden": sheet.hidden,
            }
            for sheet in book.sheets
        ],
    }


def book_from_json(data: dict[str, Any]) -> Book:
    """The opposite of :func:`book_to_json`."""
    sheets = [
        Sheet(
            name=sheet["name"],
            rows=[[decode(value) for value in row] for row in sheet["rows"]],
            merged=[(a, b, c, d) for a, b, c, d in sheet["merged"]],
            uncached={(row, column) for row, column in sheet["uncached"]},
            hidden=sheet["hidden"],
        )
        for sheet in data["sheets"]
    ]
    return Book(data["kind"], sheets, data["encoding"])
