"""The child process that opens a file: little memory, little time, nothing but a file to write its answer to.

``python -m shouwang.tables.sheets.worker FILE ANSWER LANGUAGE``. What kills it (memory, time, a fault in a
reader) kills nobody else.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from shouwang import language
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.sheets.grid import Book, Sheet, book_to_json
from shouwang.tables.sheets.limits import LIMITS, damaged, protected
from shouwang.tables.sheets.sniff import kind_of


def confine() -> None:
    """Limits address space and processor time where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMITS.seconds, LIMITS.seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_here(path: Path) -> Book:
    """Reads the file in this process; errors are sentences."""
    kind = kind_of(path)
    if kind == "csv":
        from shouwang.tables.sheets.text import read_csv

        return read_csv(path)
    if kind in ("html", "xml"):
        from shouwang.tables.sheets.markup import read_html, read_xml

        return read_html(path) if kind == "html" else read_xml(path)
    return _workbook(path, kind)


def _workbook(path: Path, kind: str) -> Book:
    import python_calamine as calamine

    from shouwang.tables.sheets import formulas

    uncached: dict[str, set[tuple[int, int]]] = {}
    if kind == "xls":
        data = path.read_bytes()
        if formulas.biff_protected(data):
            raise protected(path)
    else:
        uncached = formulas.check_and_find(path)
    try:
        # By content: from_path would believe the extension.
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        sheets = [_sheet(book, number, path) for number in range(len(book.sheet_names))]
    except calamine.PasswordError as error:
        raise protected(path) from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        raise damaged(path) from error
    if kind == "xls":
        _mark_biff(sheets, formulas.biff_formulas(data))
    for sheet in sheets:
        sheet.uncached |= {p for p in uncached.get(sheet.name, ()) if sheet.value(*p) is None}
    return Book(kind, sheets)


def _mark_biff(sheets: list[Sheet], found: dict[int, set[tuple[int, int]]]) -> None:
    for number, places in found.items():
        if number < len(sheets):
            sheets[number].uncached |= {place for place in places if sheets[number].value(*place) is None}


def _sheet(book: object, number: int, path: Path) -> Sheet:
    import python_calamine as calamine

    assert isinstance(book, calamine.CalamineWorkbook)
    data = book.sheets_metadata[number]
    if data.typ != calamine.SheetTypeEnum.WorkSheet:
        return Sheet(data.name, [], hidden=True)
    sheet = book.get_sheet_by_index(number)
    if sheet.total_height * sheet.total_width > LIMITS.cells:
        raise InputError(
            _("工作表“{sheet}”有 {rows} 行 × {columns} 列，超过上限。").format(
                sheet=data.name, rows=sheet.total_height, columns=sheet.total_width
            ),
            where=path.name,
            remedy=_("请删除数据区以外的行列后另存。"),
        )
    rows = [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
    return Sheet(data.name, rows, merged, hidden=data.visible != calamine.SheetVisibleEnum.Visible)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.strip() else None
    return value


def main(arguments: list[str]) -> int:
    """Writes the book, or what is wrong with the file, as JSON."""
    source, answer, speech = arguments
    language.use(speech)
    confine()
    path = Path(source)
    result: dict[str, Any]
    try:
        result = {"book": book_to_json(open_here(path))}
    except InputError as error:
        result = {"error": [error.what, error.where, error.remedy]}
    except MemoryError:
        return 3
    Path(answer).write_text(json.dumps(result, ensure_ascii=True, separators=(",", ":")), encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
