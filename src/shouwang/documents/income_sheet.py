"""The income paper in Excel: a sheet per household, A4 upright, with formulas that an officer can follow.

Every amount is a number, every text a string; subtotals, deductions, the line per person and the changes are real
formulas whose stored values are the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from shouwang.documents import income_sheet_compare, income_sheet_parts
from shouwang.documents import income_words as say
from shouwang.documents.income_grid import LAST, MONEY, YEARS, Grid, Styles, cell
from shouwang.policy.explanation_words import named
from shouwang.policy.income_paper.data import Paper

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def write_income_sheets(path: Path, papers: Iterable[Paper]) -> int:
    """Writes one workbook with a sheet per paper, an index before them where there are several; gives their number.

    The file stands whole or not at all.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        count = _write(unfinished, list(papers))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _write(path: Path, papers: list[Paper]) -> int:
    book = xlsxwriter.Workbook(str(path))
    words = say.words()
    book.set_properties({"title": words["title"]})
    styles = Styles(book)
    names = sheet_names(papers, words["index"])
    index = book.add_worksheet(words["index"]) if len(papers) > 1 else None
    written = []
    for paper, name in zip(papers, names, strict=True):
        sheet = book.add_worksheet(name)
        written.append(_paper(book, sheet, paper, styles, words))
        _set_up_print(sheet, words)
    if index is not None:
        _index(index, list(zip(papers, names, written, strict=True)), styles, words)
        _set_up_print(index, words)
    book.close()
    return len(papers)


def sheet_names(papers: Iterable[Paper], taken: str) -> list[str]:
    """A name per sheet: number and head of household, without what Excel forbids, at most 31 characters, no two alike."""
    used, names = {taken.lower()}, []
    for paper in papers:
        whole = _FORBIDDEN.sub("", f"{paper.head.household_id} {paper.head.name}").strip() or "1"
        name, count = whole[:31], 1
        while name.lower() in used:
            count += 1
            name = f"{whole[: 28 - len(str(count))]} ({count})"
        used.add(name.lower())
        names.append(name)
    return names


def _set_up_print(sheet: Worksheet, words: dict[str, str]) -> None:
    """A4 upright, one page wide, numbered pages."""
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&L{words['foot']}&R{words['page'].format(page='&P', pages='&N')}")


def _paper(
    book: xlsxwriter.Workbook, sheet: Worksheet, paper: Paper, styles: Styles, words: dict[str, str]
) -> dict[str, str]:
    """Writes one paper; gives the names of the cells that the index shows."""
    grid = Grid(sheet, styles)
    months = _head(grid, paper, words)
    subtotals = income_sheet_parts.parts(grid, paper, words)
    cells = income_sheet_parts.per_capita(grid, paper, words, subtotals, months)
    income_sheet_parts.expense(grid, paper, words, cells)
    income_sheet_parts.excluded(grid, paper, words)
    income_sheet_compare.comparison(book, grid, paper, words, cells)
    income_sheet_compare.agreement(grid, paper, words)
    grid.section(12, words["missing"])
    for text in paper.lacking or (words["missing_none"],):
        grid.text(0, LAST, ("□ " if paper.lacking else "") + text, "bare")
        grid.end()
    _signatures(grid, words)
    return {name: found for name, found in cells.items() if found}


def _head(grid: Grid, paper: Paper, words: dict[str, str]) -> str | None:
    """Title, who and when, members with their months; gives the cell of the person-months."""
    head = paper.head
    grid.text(0, LAST, words["title"], "title")
    grid.end(34)
    grid.text(0, 8, named(words["pack"], head.pack), "bare", "small", "quiet")
    grid.text(9, LAST, words["unit"], "bare", "small", "right")
    grid.end()
    window = f"{head.first} — {head.last}"
    for left, right in (
        (("household_id", head.household_id), ("head", head.name)),
        (("place", head.place or head.area), ("group", head.group)),
        (("type", head.type), ("monitoring", head.monitoring)),
        (("on", str(head.on)), ("window", window)),
    ):
        grid.text(0, 1, words[left[0]], "label")
        grid.text(2, 5, left[1] or words["unknown"])
        grid.text(6, 7, words[right[0]], "label")
        grid.text(8, LAST, right[1] or words["unknown"])
        grid.end()
    return _members(grid, paper, words)


def _members(grid: Grid, paper: Paper, words: dict[str, str]) -> str | None:
    head = paper.head
    for first, last, name in ((0, 2, "member"), (3, 5, "relation"), (6, 7, "months"), (8, LAST, "note")):
        grid.text(first, last, words[name], "head")
    first_row = grid.end() + 1
    for member in head.members or ():
        grid.text(0, 2, member.name or words["unknown"])
        grid.text(3, 5, member.relation, "center")
        grid.text(6, 6, "")
        grid.figure(7, None, member.months, words["unknown"], number="0")
        grid.text(8, LAST, member.note, "small")
        grid.end()
    if head.members is None:
        grid.text(0, LAST, words["no_members"])
        grid.end()
    months = sum(member.months or 0 for member in head.members or ())
    span = f"SUM({cell(first_row, 7)}:{cell(grid.row - 1, 7)})" if head.members else None
    grid.text(0, 6, words["person_months"], "sum")
    found = grid.figure(
        7,
        span if months == head.person_months else None,
        head.person_months,
        words["unknown"],
        "sum",
        number="0",
    )
    grid.text(8, 10, words["person_years"], "sum", "right")
    grid.figure(
        11,
        f"ROUND({found}/12,4)" if found else None,
        head.person_years,
        words["unknown"],
        "sum",
        number=YEARS,
    )
    grid.end()
    return found


def _signatures(grid: Grid, words: dict[str, str]) -> None:
    grid.end(12)
    for first, name in ((0, "householder"), (4, "accountant"), (8, "date")):
        grid.text(first, first + 3, words[name], "line")
    grid.end(40)
    grid.text(0, LAST, words["made"], "bare", "small", "quiet")
    grid.end()


def _index(
    sheet: Worksheet, entries: list[tuple[Paper, str, dict[str, str]]], styles: Styles, words: dict[str, str]
) -> None:
    """The papers one per row: linked to their sheets, with figures that are taken from them."""
    grid = Grid(sheet, styles)
    grid.text(0, LAST, words["title"], "title")
    grid.end(34)
    columns = ((0, 0, "number"), (1, 4, "household_id"), (5, 6, "head"), (7, 7, "person_months"), (8, 8, "net_income"),
               (9, 9, "per_person"), (10, LAST, "band"))  # fmt: skip
    for first, last, name in columns:
        grid.text(first, last, words[name], "head")
    grid.end(28)
    for place, (paper, name, cells) in enumerate(entries, 1):
        grid.number(0, place, "center", number="0")
        grid.text(1, 4, "")
        sheet.write_url(grid.row, 1, f"internal:'{name}'!A1", styles(), paper.head.household_id)
        grid.text(5, 6, paper.head.name)
        figures = (
            (7, "months", paper.head.person_months),
            (8, "net", paper.per_capita.net),
            (9, "value", paper.per_capita.value),
        )
        for at, key, value in figures:
            taken = f"'{name}'!{cells[key]}" if key in cells else None
            grid.figure(at, taken, value, words["unknown"], number="0" if at == 7 else MONEY)
        ticked = next((text for tick, text in say.bands(paper) if tick), words["unknown"])
        grid.text(10, LAST, ticked, "small")
        grid.end()
