"""The rows of the income sheet that set quarters, years and bases side by side."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

from shouwang.documents import income_words as say
from shouwang.documents.income_grid import LAST, QUIET_ZERO, SHARE, Grid, cell, total
from shouwang.policy.income_paper.data import Compared, Paper

_FIRST = 4  # the column of the first quarter; five fit before the sum
_SUM, _CHANGE, _RATIO = 9, 10, 11
_CHART_ROWS = 11
Words = dict[str, str]


def comparison(
    book: xlsxwriter.Workbook, grid: Grid, paper: Paper, words: Words, cells: dict[str, str | None]
) -> None:
    """Kinds by quarter, the parts by the rules, the years, and a chart of the quarters."""
    grid.section(10, words["comparison"])
    head = _quarter_head(grid, paper, words)
    rows = []
    for row in paper.comparison.rows:
        first = _compared(grid, row.label, row.this, row.last, words)
        if row.income:
            rows.append(first)
    sums = _sums(grid, paper, rows, words)
    if any(row.this or row.last for row in paper.comparison.rows):
        _chart(book, grid, head, sums, len(paper.comparison.quarters), words)
    _pairs(grid, paper, words)
    _years(grid, paper, words, cells)


def _quarter_head(grid: Grid, paper: Paper, words: Words) -> int:
    grid.text(0, 2, words["kind"], "head")
    grid.text(3, 3, "", "head")
    quarters = paper.comparison.quarters
    for place in range(_SUM - _FIRST):
        text = quarters[place][0] if place < len(quarters) else ""
        grid.text(_FIRST + place, _FIRST + place, text, "head")
    for at, name in ((_SUM, "sum"), (_CHANGE, "change"), (_RATIO, "ratio")):
        grid.text(at, at, words[name], "head")
    return grid.end(28)


def _compared(
    grid: Grid, label: str, this: Sequence[Decimal] | None, last: Sequence[Decimal] | None, words: Words,
    formulas: tuple[Sequence[str], Sequence[str]] | None = None, *looks: str,
) -> int:  # fmt: skip
    """Two rows of one label: this window with the change, the window a year before below it."""
    top = grid.row
    for below, (name, amounts) in enumerate((("this", this), ("last", last))):
        grid.text(0, 2, "" if below else label, *looks)
        grid.text(3, 3, words[name], "small", "center", *looks)
        for place in range(_SUM - _FIRST):
            at = _FIRST + place
            if amounts is None or place >= len(amounts):
                grid.text(at, at, "?" if amounts is None else "", "right", *looks)
            elif formulas is not None:
                grid.formula(at, formulas[below][place], amounts[place], "small", *looks, number=QUIET_ZERO)
            else:
                grid.number(at, amounts[place], "small", *looks, number=QUIET_ZERO)
        whole = None if amounts is None else sum(amounts, Decimal("0.00"))
        span = f"SUM({grid.name(_FIRST)}:{grid.name(_SUM - 1)})"
        grid.figure(_SUM, span, whole, words["unknown"], "small", *looks)
        known = not below and this is not None and last is not None
        new, old = (sum(amounts or (), Decimal("0.00")) for amounts in (this, last))
        _change(grid, known, new, old, (cell(top, _SUM), cell(top + 1, _SUM)), *looks)
        grid.end()
    return top


def _change(
    grid: Grid, known: bool, new: Decimal | None, old: Decimal | None, cells: tuple[str, str], *looks: str
) -> None:
    """Difference and share against the year before; nothing where one of the two is not known."""
    if not known or new is None or old is None:
        grid.text(_CHANGE, _CHANGE, "", *looks)
        grid.text(_RATIO, _RATIO, "", *looks)
        return
    grid.formula(_CHANGE, f"{cells[0]}-{cells[1]}", new - old, "small", *looks)
    if old > 0:
        grid.formula(_RATIO, f"{cells[0]}/{cells[1]}-1", new / old - 1, "small", *looks, number=SHARE)
    else:
        grid.text(_RATIO, _RATIO, "—", "right", *looks)


def _sums(grid: Grid, paper: Paper, rows: Sequence[int], words: Words) -> int:
    """The sum of the income kinds by quarter; gives its first row."""
    kinds = [row for row in paper.comparison.rows if row.income]
    this, last = (income_sums(kinds, name, len(paper.comparison.quarters)) for name in ("this", "last"))
    formulas = tuple(
        [
            total([cell(row + below, _FIRST + place) for row in rows])
            for place in range(len(paper.comparison.quarters))
        ]
        for below in (0, 1)
    )
    return _compared(grid, words["income_items"], this, last, words, (formulas[0], formulas[1]), "sum")


def income_sums(kinds: Sequence[Compared], name: str, quarters: int) -> tuple[Decimal, ...] | None:
    """What the income kinds come to by quarter in ``this`` or ``last`` window; None where none is known."""
    known = [amounts for row in kinds if (amounts := getattr(row, name)) is not None]
    if not known:
        return None
    return tuple(sum((amounts[place] for amounts in known), Decimal("0.00")) for place in range(quarters))


def _chart(book: xlsxwriter.Workbook, grid: Grid, head: int, sums: int, quarters: int, words: Words) -> None:
    chart = book.add_chart({"type": "column"})
    end = _FIRST + quarters - 1
    sheet = grid.sheet.get_name()
    for below, name in ((0, "this"), (1, "last")):
        chart.add_series(
            {
                "name": words[name],
                "categories": [sheet, head, _FIRST, head, end],
                "values": [sheet, sums + below, _FIRST, sums + below, end],
                "fill": {"color": say.SERIES[below]},
                "border": {"color": "#4d4d4d"},
                "gap": 80,
            }
        )
    chart.set_title({"name": words["chart"], "name_font": {"size": 10, "bold": False}, "overlay": False})
    chart.set_legend({"position": "right"})
    chart.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#d9d9d9"}}}
    )
    chart.set_size({"width": 860, "height": _CHART_ROWS * 22})
    grid.end(6)
    grid.sheet.insert_chart(grid.row, 0, chart, {"object_position": 1})
    for _row in range(_CHART_ROWS):
        grid.end()


def _pairs(grid: Grid, paper: Paper, words: Words) -> None:
    found = paper.comparison
    last = f"{words['last']}\n{found.last_first} — {found.last_last}"
    _table_head(grid, words["by_rules"], (words["this"], last), words)
    for pair in found.pairs:
        _two(grid, pair.label, pair.this, pair.last, words)


def _table_head(grid: Grid, label: str, columns: tuple[str, str], words: Words) -> None:
    grid.text(0, 4, label, "head")
    grid.text(5, 7, columns[0], "head")
    grid.text(8, 9, columns[1], "head")
    grid.text(_CHANGE, _CHANGE, words["change"], "head")
    grid.text(_RATIO, _RATIO, words["ratio"], "head")
    grid.end(20)


def _two(grid: Grid, label: str, this: Decimal | None, last: Decimal | None, words: Words) -> None:
    grid.text(0, 4, label)
    for first, end, value in ((5, 7, this), (8, 9, last)):
        grid.text(first, end, "" if value is not None else words["unknown"], "right")
        if value is not None:
            grid.number(first, value)
    known = this is not None and last is not None
    _change(grid, known, this, last, (grid.name(5), grid.name(8)))
    grid.end()


def _years(grid: Grid, paper: Paper, words: Words, cells: dict[str, str | None]) -> None:
    """Income per person year by year; the first change is taken from the figure before it is rounded."""
    grid.text(0, 7, words["year"], "head")
    grid.text(8, 9, words["per_person"], "head")
    grid.text(_CHANGE, _CHANGE, words["change"], "head")
    grid.text(_RATIO, _RATIO, words["ratio"], "head")
    first = grid.end(20) + 1
    years = paper.comparison.years
    for place, year in enumerate(years):
        older = years[place + 1].value if place + 1 < len(years) else None
        grid.text(0, 7, year.label)
        grid.text(8, 9, "" if year.value is not None else words["unknown"], "right")
        if year.value is not None:
            grid.figure(8, cells["value"] if not place else None, year.value, "")
        own, before = cell(first + place, 8), cell(first + place + 1, 8)
        if year.value is None or older is None:
            grid.text(_CHANGE, _CHANGE, "")
        else:
            grid.formula(_CHANGE, f"{own}-{before}", year.value - older, "small")
        exact = place == 0 and paper.per_capita.follows and cells["net"] and cells["months"]
        new = f"12*{cells['net']}/{cells['months']}" if exact else own
        ratio = f"ROUND({new}/{before}-1,4)" if year.change is not None else None
        grid.figure(_RATIO, ratio, year.change, "", "small", number=SHARE)
        grid.end()


def agreement(grid: Grid, paper: Paper, words: Words) -> None:
    """Shares by basis, and the items that want a look (INC-9)."""
    grid.section(11, words["agreement"])
    for first, end, name in ((0, 5, "basis"), (6, 7, "items"), (8, 9, "amount"), (10, LAST, "share")):
        grid.text(first, end, words[name], "head")
    first_row = grid.end() + 1
    shares = paper.agreement.shares
    last_row = first_row + len(shares) - 1
    for share in shares:
        _share(grid, share.label, share.items, share.amount, share.share, (first_row, last_row))
    for text in say.agreement_notes(paper):
        grid.text(0, LAST, text, "bare")
        grid.end()


def _share(
    grid: Grid, label: str, items: int, amount: Decimal, share: Decimal | None, rows: tuple[int, int]
) -> None:
    grid.text(0, 5, label)
    for first, end in ((6, 7), (8, 9), (10, LAST)):
        grid.text(first, end, "")
    grid.number(6, items, number="0")
    own = grid.number(8, amount)
    whole = f"SUM({cell(rows[0], 8)}:{cell(rows[1], 8)})"
    grid.figure(10, f"ROUND({own}/{whole},4)" if share is not None else None, share, "—", number=SHARE)
    grid.end()
