"""Files into tables: each file is opened, its tables are found, and each is told by its kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.intake.kinds import kind_of_table
from shouwang.tables.intake.layout import Table, tables_of
from shouwang.tables.intake.model import FileReading, Finding
from shouwang.tables.sheets import cell_name, open_book

SUFFIXES = frozenset(
    (".xlsx", ".xls", ".xlsm", ".xlsb", ".csv", ".txt", ".tsv", ".ods", ".et", ".htm", ".html", ".xml")
)


@dataclass
class Part:
    """One table of one file, with what it was taken for."""

    reading: FileReading
    table: Table
    kind: str


def expand(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Files as given, folders as the spreadsheets in them; and the names in folders that were left out."""
    files: list[Path] = []
    skipped: list[str] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
        good = [p for p in inside if p.suffix.lower() in SUFFIXES]
        skipped += [p.name for p in inside if p not in good]
        if not good:
            raise InputError(
                _("文件夹里没有表格文件（.xlsx、.xls、.csv）。"),
                where=str(path),
                remedy=_("请指明表格文件或装有表格的文件夹。"),
            )
        files += good
    if not files:
        raise InputError(
            _("没有给出要导入的文件。"), remedy=_("例如 shouwang intake 花名册.xlsx --into 结果文件夹")
        )
    unique = list(dict.fromkeys(path.resolve() for path in files))
    return unique, skipped


def shown(path: Path, files: list[Path]) -> str:
    """The file's name, with its folder where two files have the same name."""
    twins = sum(1 for other in files if other.name == path.name)
    return path.name if twins == 1 else f"{path.parent.name}/{path.name}"


def open_file(path: Path, shown_as: str, parts: list[Part]) -> FileReading:
    """Opens one file and adds its tables to ``parts``; the reading tells what was not understood."""
    reading = FileReading(shown_as, str(path))
    book = open_book(path)
    reading.content, reading.encoding = book.kind, book.encoding
    if not any(value is not None for sheet in book.sheets for row in sheet.rows for value in row):
        raise InputError(_("表格里什么也没有。"), where=path.name, remedy=_("请确认导出的是有内容的表。"))
    for sheet in book.sheets:
        if not any(value is not None for row in sheet.rows for value in row):
            continue
        found = tables_of(sheet)
        if not found and len(sheet.rows) > 0:
            reading.not_understood.append(Finding(sheet.name, "", _("没有找到认得的表头。"), "head", row=1))
        for table in found:
            _take(reading, table, parts)
        if sheet.hidden and found:
            reading.note(_("工作表“{sheet}”是隐藏的，也读了。").format(sheet=sheet.name))
    return reading


def _take(reading: FileReading, table: Table, parts: list[Part]) -> None:
    kind = kind_of_table(table, reading.file)
    if kind is None:
        why = _("表头认得一部分，看不出是哪一种表，没有导入。")
        reading.not_understood.append(Finding(table.sheet.name, "", why, "head", row=table.head_row + 1))
        return
    if kind.code not in reading.kinds:
        reading.kinds.append(kind.code)
    reading.left_out.update(table.left_out)
    used = set(table.columns.values())
    reading.unused_heads += [
        h for c, h in table.heads.items() if c not in used and h not in reading.unused_heads
    ]
    table.file_stem = Path(reading.file).stem
    if table.lost_merges:
        reading.note(_("村一栏像是合并单元格存成了文本，空格按上一个村读。"))
    _uncached(reading, table)
    parts.append(Part(reading, table, kind.code))


def _uncached(reading: FileReading, table: Table) -> None:
    """A formula without a stored result looks empty and is not: it is told, never taken for empty."""
    columns = set(table.heads)
    last = max(table.rows, default=-1)
    for row, column in sorted(table.sheet.uncached):
        if column in columns and table.first_row <= row <= max(last, row if row in table.rows else last):
            why = _("公式没有计算结果，或结果是错误值，没有采用；请在 Excel 中打开、重新计算并保存。")
            reading.quarantined.append(
                Finding(table.sheet.name, cell_name(row, column), why, "formula", row=row + 1)
            )
