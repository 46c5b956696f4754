"""Annex 3, the ledger of suspected problems (疑似问题核实台账), as the official Excel table.

Columns, order and words of the head are those of annex 3 (XH, SS); the five numbered columns stand under one
head as offices see them. Every cell is text: nothing that somebody wrote can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwang.documents.ledger_layout import COLUMNS, GROUP, HEAD_ROWS, Styles, prepare_sheet, row_height
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import labels

SHEET_ROWS = 1_048_576  # what a sheet of Excel holds
_CELL_LIMIT = 32_767  # UTF-16 units that a cell of Excel holds
_NONE = "——"  # annex 3's own sign for "does not apply at this level"
_SPARE_ROWS = 8  # ruled rows of an empty ledger, so that it prints as a form


@dataclass(frozen=True)
class LedgerRow:
    """One suspected problem, in the codes of the dictionary's table ``problems``; None = not known yet.

    ``problem`` is a code of ``household_problem`` for a household and of ``place_problem`` for a town or
    village; ``type_label`` is the type as written, kept beside ``other``. ``verification`` is
    ``not_a_problem``, ``problem`` or None.
    """

    level: str
    county: str | None = None
    town: str | None = None
    village: str | None = None
    group_name: str | None = None
    head_name: str | None = None
    household_kind: str | None = None
    problem: str | None = None
    type_label: str | None = None
    description: str | None = None
    verification: str | None = None
    remark: str | None = None


def write_suspected_ledger(
    path: Path,
    rows: Iterable[LedgerRow],
    *,
    title: str,
    annex: str = "附件3",
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Writes annex 3 to ``path`` and gives the number of its rows, which are numbered from 1.

    Rows are streamed. What does not fit one sheet goes on the next, with its own head and running numbers.
    InputError for a text longer than a cell holds; ValueError for a code the dictionary does not know. The
    file stands whole or not at all.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        count = _write(unfinished, rows, title, annex, sheet_rows, path.name)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _write(path: Path, rows: Iterable[LedgerRow], title: str, annex: str, sheet_rows: int, name: str) -> int:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"title": title})
    styles = Styles.of(book)
    count, line = 0, HEAD_ROWS
    sheet = prepare_sheet(book, annex, title, annex, styles)
    for row in rows:
        if line >= sheet_rows:
            sheet, line = (
                prepare_sheet(book, f"{annex}（{_sheets(book) + 1}）", title, annex, styles),
                HEAD_ROWS,
            )
        count += 1
        _write_row(sheet, line, (str(count), *_cells(row)), styles, name)
        line += 1
    if not count:
        _rule_blank_rows(sheet, styles)
    book.close()
    return count


def _sheets(book: xlsxwriter.Workbook) -> int:
    return len(book.worksheets())


def _write_row(sheet: Worksheet, line: int, cells: tuple[str, ...], styles: Styles, name: str) -> None:
    sheet.set_row(line, row_height(cells))
    for at, (text, style) in enumerate(zip(cells, _styles(styles), strict=True)):
        if len(text) * 2 > _CELL_LIMIT and len(text.encode("utf-16-le")) // 2 > _CELL_LIMIT:
            raise InputError(
                _("第 {row} 行“{column}”有 {length} 字，超过单元格上限 {limit} 字").format(
                    row=line + 1, column=COLUMNS[at].words, length=len(text), limit=_CELL_LIMIT
                ),
                where=name,
                remedy=_("请缩短这一条问题的文字"),
            )
        if text:
            sheet.write_string(line, at, text, style)
        else:
            sheet.write_blank(line, at, None, style)


def _styles(styles: Styles) -> Iterator[Format]:
    return (styles.text if column.running_text else styles.cell for column in COLUMNS)


def _rule_blank_rows(sheet: Worksheet, styles: Styles) -> None:
    for line in range(HEAD_ROWS, HEAD_ROWS + _SPARE_ROWS):
        for at, style in enumerate(_styles(styles)):
            sheet.write_blank(line, at, None, style)


def _cells(row: LedgerRow) -> tuple[str, ...]:
    """The words of a row after its number, in the order of annex 3."""
    at_household = row.level == "household"
    group, head, kind = (
        (row.group_name or "", row.head_name or "", _label("household_kind", row.household_kind))
        if at_household
        else (_NONE, _NONE, _NONE)
    )
    return (
        row.county or "",
        _label("level", row.level),
        row.town or "",
        _NONE if row.level == "town" else row.village or "",
        group,
        head,
        kind,
        _problem(row, "household_problem" if at_household else "place_problem"),
        row.description or "",
        _label("verification", row.verification)[:1],  # ① or ②: the head says what they mean
        row.remark or "",
    )


def _problem(row: LedgerRow, codes: str) -> str:
    """The official label; under ``other`` the type as it was written stands beside it (请注明)."""
    official = _label(codes, row.problem)
    return f"{official}（{row.type_label}）" if row.problem == "other" and row.type_label else official


def _label(codes: str, code: str | None) -> str:
    """The official Chinese words of a code: an official form does not follow the language of the screen."""
    if code is None:
        return ""
    found = labels(codes).get(code)
    if found is None:
        raise ValueError(f"{codes} has no code {code!r}")
    return found


__all__ = ["COLUMNS", "GROUP", "LedgerRow", "write_suspected_ledger"]
