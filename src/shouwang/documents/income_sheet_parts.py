"""The rows of the income sheet that make up the income: the five parts, the line per person, expense, exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shouwang.documents import income_words as say
from shouwang.documents.income_grid import LAST, MONEY, Grid, cell, total
from shouwang.policy.income_paper.data import Excluded, Item, Line, Paper, Part, SetOff, State

AMOUNT, COUNTED = 7, 8
Words = dict[str, str]


def parts(grid: Grid, paper: Paper, words: Words) -> dict[str, str | None]:
    """The five parts item by item; gives the cells of their subtotals."""
    _item_head(grid, words, "why")
    return {part.name: _part(grid, place, part, words) for place, part in enumerate(paper.parts, 1)}


def _item_head(grid: Grid, words: Words, last: str) -> None:
    heads = ((0, 0, "number"), (1, 1, "day"), (2, 2, "who"), (3, 4, "kind"), (5, 5, "basis"), (6, 6, "agreed"),
             (AMOUNT, AMOUNT, "amount"), (COUNTED, COUNTED, "counted"), (9, LAST, last))  # fmt: skip
    for first, end, name in heads:
        grid.text(first, end, words[name], "head")
    grid.end(20)


def _item(grid: Grid, item: Item, words: Words) -> None:
    """The cells of an item up to its amount."""
    grid.number(0, item.number, "center", number="0")
    grid.text(1, 1, str(item.day) if item.day else words["unknown"], "center")
    grid.text(2, 2, item.member, "center")
    grid.text(3, 4, item.kind)
    grid.text(5, 5, say.basis(item.basis), "center", "small")
    grid.text(6, 6, say.agreed(item.agreed), "center", "small")
    grid.figure(AMOUNT, None, item.amount, words["unknown"])


def _part(grid: Grid, place: int, part: Part, words: Words) -> str | None:
    grid.text(0, LAST, say.heading(place, part.label), "band")
    first = grid.end() + 1
    for line in part.lines:
        if line.item is not None:
            _item(grid, line.item, words)
        else:
            name = {State.DEDUCTION: "deduction", State.FLOOR: "floor", State.ADJUSTMENT: "floor"}[line.state]
            grid.text(0, 2, words[name], "center")
            grid.text(3, AMOUNT, line.text, "small")
        _counted(grid, line, first, words)
        grid.text(9, LAST, say.line_note(line, part), "small")
        grid.end()
    if not part.lines:
        grid.text(0, LAST, words["none"], "quiet")
        grid.end()
    grid.text(0, AMOUNT, say.subtotal_label(part), "sum", "right")
    span = f"SUM({cell(first, COUNTED)}:{cell(grid.row - 1, COUNTED)})" if part.lines else None
    found = grid.figure(COUNTED, span, part.subtotal, words["unknown"], "sum")
    grid.text(9, LAST, part.why_unknown, "small")
    grid.end()
    return found


def _counted(grid: Grid, line: Line, first: int, words: Words) -> None:
    """What a line adds: the amount beside it, a deduction as a formula, or a word."""
    if line.counted is None:
        grid.text(COUNTED, COUNTED, say.counted(line) or words["unknown"], "center", "small")
    elif line.state is State.COUNTED and line.item is not None and line.item.amount:
        sign = "-" if line.counted < 0 else ""
        grid.formula(COUNTED, f"{sign}{grid.name(AMOUNT)}", line.counted)
    elif line.set_off is not None and line.state is State.DEDUCTION:
        grid.formula(COUNTED, _deduction(line.set_off, first), line.counted)
    elif line.set_off is not None:
        sums = (_sum(line.set_off.subsidies, first, AMOUNT), _sum(line.set_off.costs, first, AMOUNT))
        grid.formula(COUNTED, f"MAX({sums[0]}-{sums[1]},0)", line.counted)
    else:
        grid.number(COUNTED, line.counted)


def _sum(places: Sequence[int], first: int, column: int) -> str:
    return total([cell(first + place, column) for place in places])


def _deduction(found: SetOff, first: int) -> str:
    """Cost less what is left of the subsidy, at most the wage of the place."""
    rest = _sum(found.subsidies, first, AMOUNT)
    for earlier in found.earlier:
        rest = f"MAX({rest}-{_sum(earlier, first, AMOUNT)},0)"
    cost, wage = _sum(found.costs, first, AMOUNT), _sum(found.wages, first, COUNTED)
    return f"-MIN({wage},MAX({cost}-{rest},0))"


def _row(
    grid: Grid, label: str, formula: str | None, value: Decimal | int | None, note: str, unknown: str, *looks: str, number: str = MONEY
) -> str | None:  # fmt: skip
    """A line of the working: label, figure, note."""
    grid.text(0, AMOUNT, label, *looks)
    found = grid.figure(COUNTED, formula, value, unknown, *looks, number=number)
    grid.text(9, LAST, note, "small")
    grid.end()
    return found


def per_capita(
    grid: Grid, paper: Paper, words: Words, subtotals: dict[str, str | None], months: str | None
) -> dict[str, str | None]:
    """The formula with numbers, the range beside it, the band; gives the cells of net income, months and value."""
    found, unknown, follows = paper.per_capita, words["unknown"], paper.per_capita.follows
    grid.section(6, words["per_capita"])
    for text in (say.formula(), say.working(paper)):
        grid.text(0, LAST, text, "bare")
        grid.end()
    if not follows:
        grid.text(0, LAST, words["differs"], "bare", "small")
        grid.end()
    *plus, minus = [subtotals[part.name] or "" for part in paper.parts]
    sum_of = f"{'+'.join(plus)}-{minus}" if follows and all((*plus, minus)) else None
    net = _row(grid, words["net"], sum_of, found.net, "", unknown, "sum")
    own = _row(grid, words["person_months"], months, paper.head.person_months, "", unknown, number="0")
    each = f"ROUND(12*{net}/{own},2)" if follows and net and own and found.value is not None else None
    value = _row(grid, words["per_person"], each, found.value, found.clause, unknown, "sum")
    held = _row(grid, words["range"], None, found.range, found.range_clause, words["range_unset"])
    if value and held and found.value is not None and found.range is not None:
        _row(grid, words["against_range"], f"{value}-{held}", found.value - found.range, "", unknown)
    grid.text(0, 2, words["band"])
    grid.text(3, LAST, say.bands_in_lines(paper))
    grid.end()
    return {"net": net, "months": own, "value": value}


def expense(grid: Grid, paper: Paper, words: Words, cells: dict[str, str | None]) -> None:
    """Compliant expense, payout, and income per person after both."""
    found, unknown = paper.expense, words["unknown"]
    grid.section(7, words["expense"])
    asked = [
        _row(grid, words[name], None, getattr(found, name), "", unknown) or grid_cell(grid)
        for name in ("education", "medical", "medical_listed", "other")
    ]
    whole = f"SUM({asked[0]},MAX({asked[1]},{asked[2]}),{asked[3]})" if found.follows else None
    compliant = _row(grid, words["compliant"], whole, found.compliant, found.clause, unknown, "sum")
    payout = _row(grid, words["payout"], None, found.payout, "", unknown)
    net, months = cells["net"], cells["months"]
    left = None
    if found.follows and net and months and compliant and payout:
        left = f"ROUND(12*({net}-{compliant}+{payout})/{months},2)"
    _row(grid, words["after"], left, found.after, words["after_how"], unknown, "sum")


def grid_cell(grid: Grid) -> str:
    """The figure's cell of the row that has just ended: text there counts as nothing in SUM and MAX."""
    return cell(grid.row - 1, COUNTED)


def excluded(grid: Grid, paper: Paper, words: Words) -> None:
    """What does not count, by class, and what lies outside the window, each with why and clause."""
    grid.section(8, words["excluded"])
    if paper.excluded:
        _item_head(grid, words, "reason")
    for group in paper.excluded:
        grid.text(0, 6, say.group_title(group), "band")
        span = f"SUM({cell(grid.row + 1, AMOUNT)}:{cell(grid.row + len(group.items), AMOUNT)})"
        grid.formula(AMOUNT, span, group.amount, "band")
        grid.text(COUNTED, COUNTED, words["not_counted"], "band", "center")
        grid.text(9, LAST, "", "band")
        grid.end()
        _excluded(grid, group.items, group.clause, words)
    if not paper.excluded:
        _nothing(grid, words["excluded_none"])
    grid.section(9, words["outside"])
    if paper.outside:
        grid.text(0, LAST, say.window_note(paper), "bare", "small")
        grid.end()
        _item_head(grid, words, "outside_why")
        _excluded(grid, paper.outside, paper.head.window_clause, words)
    else:
        _nothing(grid, words["outside_none"])


def _excluded(grid: Grid, entries: Sequence[Excluded], clause: str, words: Words) -> None:
    for entry in entries:
        _item(grid, entry.item, words)
        grid.text(COUNTED, COUNTED, words["not_counted"], "center")
        grid.text(9, LAST, say.excluded_note(entry, clause), "small")
        grid.end()


def _nothing(grid: Grid, text: str) -> None:
    grid.text(0, LAST, text, "bare", "quiet")
    grid.end()
