"""Spreadsheets that are markup underneath: HTML saved as .xls, and XML Spreadsheet 2003."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.sheets.grid import Book, MergedRange, Sheet, Value
from shouwang.tables.sheets.limits import LIMITS, damaged
from shouwang.tables.sheets.text import decode

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


class _Tables(HTMLParser):
    """Collects every outer table with its spans; text of nested tables joins the cell around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif tag in ("script", "style"):
            self._silent = True
        elif self._depth == 1 and tag == "tr":
            self._close()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._close()
            values = dict(attrs)
            self._span = (_span(values.get("rowspan")), _span(values.get("colspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = False
        if self._depth == 1 and tag in ("td", "th", "tr", "table"):
            self._close()
        if tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None:
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append(("".join(self._cell).strip(), *self._span))
        self._cell = None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 2000) if text and text.strip().isdigit() else 1


def read_html(path: Path) -> Book:
    """Every table of the page as one sheet; all cells are text, spans are merged ranges."""
    text, encoding = decode(path.read_bytes(), path.name)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if not parser.tables:
        raise InputError(_("网页文件里没有表格。"), where=path.name, remedy=_("请另存为 .xlsx 后再导入。"))
    many = len(parser.tables) > 1
    sheets = [
        _spread(f"table{number}" if many else "", table) for number, table in enumerate(parser.tables, 1)
    ]
    return Book("html", sheets, encoding)


def _spread(name: str, table: list[list[tuple[str, int, int]]]) -> Sheet:
    """Lays cells with row and column spans out on a grid."""
    rows: list[list[Value]] = []
    merged: list[MergedRange] = []
    taken: set[tuple[int, int]] = set()
    for number, cells in enumerate(table):
        row: list[Value] = []
        column = 0
        for text, tall, wide in cells:
            while (number, column) in taken:
                column += 1
            row.extend([None] * (column + wide - len(row)))
            row[column] = text or None
            if tall > 1 or wide > 1:
                merged.append((number, column, number + tall - 1, column + wide - 1))
                if len(taken) + tall * wide > LIMITS.cells:
                    raise InputError(_("表格的合并单元格过多，没有读取。"), where=name)
                taken |= {(number + down, column + across) for down in range(tall) for across in range(wide)}
            column += wide
        rows.append(row)
    return Sheet(name, rows, merged)


def read_xml(path: Path) -> Book:
    """XML Spreadsheet 2003; documents with a DTD are refused, so that entities cannot grow."""
    data = path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise damaged(path)
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no DTD, no entities: checked above
    except ElementTree.ParseError as error:
        raise damaged(path) from error
    sheets = [_xml_sheet(element) for element in root.iter(f"{_SS}Worksheet")]
    return Book("xml", sheets, "")


def _xml_sheet(element: ElementTree.Element) -> Sheet:
    rows: list[list[Value]] = []
    merged: list[MergedRange] = []
    for row in element.iter(f"{_SS}Row"):
        wanted = int(row.get(f"{_SS}Index", len(rows) + 1))
        if wanted > LIMITS.cells // 16:
            break
        rows.extend([] for _ in range(wanted - 1 - len(rows)))
        rows.append(_xml_row(row, len(rows), merged))
    return Sheet(element.get(f"{_SS}Name", ""), rows, merged)


def _xml_row(row: ElementTree.Element, number: int, merged: list[MergedRange]) -> list[Value]:
    values: list[Value] = []
    for cell in row.iter(f"{_SS}Cell"):
        wanted = min(int(cell.get(f"{_SS}Index", len(values) + 1)), 2000)
        values.extend([None] * (wanted - 1 - len(values)))
        across = min(int(cell.get(f"{_SS}MergeAcross", 0)), 2000)
        down = int(cell.get(f"{_SS}MergeDown", 0))
        if across or down:
            merged.append((number, len(values), number + down, len(values) + across))
        values.append(_xml_value(cell.find(f"{_SS}Data")))
        values.extend([None] * across)
    return values


def _xml_value(data: ElementTree.Element | None) -> Value:
    if data is None:
        return None
    text = "".join(data.itertext())
    if data.get(f"{_SS}Type") == "Number":
        return float(text)
    return text or None
