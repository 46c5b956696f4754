"""A what-if as an Excel workbook: overview, by village, the list of households with reasons, parameters, the curve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwang.documents.ledger_layout import wrapped_lines
from shouwang.documents.suspected_ledger import SHEET_ROWS
from shouwang.documents.whatif_words import answer, because, headline, lead, side, way, words
from shouwang.language import _, current
from shouwang.policy.whatif.result import Count, WhatIf
from shouwang.policy.wording import clause_in_words


@dataclass(frozen=True)
class _Styles:
    title: Format
    note: Format
    head: Format
    text: Format
    number: Format
    strong: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> _Styles:
        base: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        ruled = {**base, "border": 1, "text_wrap": True}
        return cls(
            title=book.add_format({**base, "font_size": 16, "bold": True}),
            note=book.add_format({**base, "font_color": "#5c574e"}),
            head=book.add_format({**ruled, "bold": True, "align": "center", "bg_color": "#f3f0e9"}),
            text=book.add_format({**ruled, "num_format": "@"}),
            number=book.add_format({**ruled, "num_format": "#,##0"}),
            strong=book.add_format({**ruled, "bold": True, "num_format": "@"}),
        )


Rows = Iterable[Sequence[Any]]
_LINE = 15.0  # points
_OVERVIEW = (44, 26, 10, 10, 10, 10, 12, 14, 14, 14, 44)


def write_book(path: Path, found: WhatIf, sheet_rows: int = SHEET_ROWS) -> None:
    """Writes the workbook. The list of households goes on to further sheets where one does not hold it."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    styles, w = _Styles.of(book), words()
    book.set_properties({"title": headline(found)})
    _overview(book, styles, found)
    _table(
        book,
        styles,
        w["villages"],
        _village_head(),
        _village_rows(found),
        (16, 15, 9, 34, 24, 9, 9, 9, 9, 12, 12),
        sheet_rows,
    )
    _table(
        book,
        styles,
        w["list"],
        _list_head(),
        _list_rows(found),
        (20, 14, 9, 11, 34, 9, 9, 14, 40, 52),
        sheet_rows,
    )
    _table(
        book,
        styles,
        w["parameters"],
        _parameter_head(),
        _parameter_rows(found),
        (24, 24, 22, 40, 22, 40, 8),
        sheet_rows,
    )
    if found.sweep is not None:
        sweep = found.sweep
        head = [
            sweep.label,
            *(f"{target.label}{suffix}" for target in sweep.targets for suffix in ("", _("（不知道）"))),
        ]
        rows = (
            [
                value,
                *(
                    counts[at]
                    for place in range(len(sweep.targets))
                    for counts in (sweep.fired[place], sweep.unknown[place])
                ),
            ]
            for at, value in enumerate(sweep.values)
        )
        _table(book, styles, w["curve"], head, rows, (14, *([16] * (len(head) - 1))), sheet_rows)
    book.close()


def _overview(book: xlsxwriter.Workbook, styles: _Styles, found: WhatIf) -> None:
    w = words()
    sheet = _sheet(book, w["overview"], _OVERVIEW)
    sheet.write_string(0, 0, headline(found), styles.title)
    notes = [f"{w['before']}：{side(found.before)}", f"{w['after']}：{side(found.after)}", lead(found)]
    for line, note in enumerate(notes, 1):
        sheet.write_string(line, 0, note, styles.note)
    head = [
        w["rule"], w["id"], w["before"], w["after"], w["in"], w["out"], w["became_unknown"], w["became_known"],
        w["unknown_before"], w["unknown_after"], w["clause"],
    ]  # fmt: skip
    line = _write_rows(sheet, styles, len(notes) + 2, head, _total_rows(found))
    changes = [[m.change.said, m.change.name, m.households, m.pairs] for m in found.by_change]
    line = _write_rows(
        sheet, styles, line + 1, [w["change"], w["id"], w["alone_households"], w["alone_pairs"]], changes
    )
    if found.village_moves:
        moves = [[m.label, m.name or m.area_code, answer(m.was), answer(m.is_)] for m in found.village_moves]
        line = _write_rows(
            sheet, styles, line + 1, [w["village_rules"], w["village"], w["before"], w["after"]], moves
        )
    if found.untouched:
        untouched = [[target.label, target.id] for target in found.untouched]
        _write_rows(sheet, styles, line + 1, [w["untouched"].rstrip("：:"), w["id"]], untouched)


def _total_rows(found: WhatIf) -> Iterator[list[Any]]:
    for place, target in enumerate(found.targets):
        c = found.totals[place]
        pack = found.after.pack if target.id in found.after.pack.rules else found.before.pack
        clause = clause_in_words(pack, target.clause, current())
        yield [
            target.label, target.id, c.before, c.after, c.came_in, c.went_out, c.became_unknown, c.became_known,
            c.before_unknown, c.after_unknown, clause,
        ]  # fmt: skip


def _village_head() -> list[str]:
    w = words()
    return [
        w[name]
        for name in (
            "village",
            "code",
            "households",
            "rule",
            "id",
            "before",
            "after",
            "in",
            "out",
            "became_unknown",
            "became_known",
        )
    ]


def _village_rows(found: WhatIf) -> Iterator[list[Any]]:
    """One row per village and target with a move."""
    for village in found.villages:
        for place, target in enumerate(found.targets):
            c = village.counts.get(place, Count())
            if c.moved or c.became_unknown or c.became_known:
                yield [
                    village.name, village.area_code, village.households, target.label, target.id, c.before, c.after,
                    c.came_in, c.went_out, c.became_unknown, c.became_known,
                ]  # fmt: skip


def _list_head() -> list[str]:
    w = words()
    return [
        w[name]
        for name in (
            "household",
            "village",
            "group",
            "head",
            "rule",
            "before",
            "after",
            "way",
            "because",
            "facts",
        )
    ]


def _list_rows(found: WhatIf) -> Iterator[list[Any]]:
    """One row per household and target that moves."""
    names = {village.area_code: village.name or village.area_code for village in found.villages}
    for move in found.moves:
        yield [
            move.household_id, names.get(move.area_code, move.area_code), move.group_name, move.head_name,
            found.targets[move.target].label, answer(move.was), answer(move.is_), way(move), because(found, move), move.facts,
        ]  # fmt: skip


def _parameter_head() -> list[str]:
    w = words()
    return [
        w[name] for name in ("parameter", "id", "before", "clause_before", "after", "clause_after", "differs")
    ]


def _parameter_rows(found: WhatIf) -> Iterator[list[Any]]:
    """Pack and day, every parameter on both sides, and what else differs."""
    mark = "●"
    for label, name, one, other in (
        (_("政策包"), "pack", found.before.pack.id, found.after.pack.id),
        (_("筛查日"), "day", found.before.on.isoformat(), found.after.on.isoformat()),
    ):
        yield [label, name, one, "", other, "", mark if one != other else ""]
    for row in found.parameters:
        yield [
            row["label"],
            row["name"],
            row["before"],
            row["clause_before"],
            row["after"],
            row["clause_after"],
            mark if row["differs"] else "",
        ]
    for change in found.changes:
        if change.part not in ("parameter", "day"):
            yield [
                change.label,
                change.name,
                change.before,
                change.clause_before,
                change.after,
                change.clause_after,
                mark,
            ]


# sheets


def _sheet(book: xlsxwriter.Workbook, name: str, widths: Sequence[int]) -> Worksheet:
    sheet = book.add_worksheet(name)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    return sheet


def _table(
    book: xlsxwriter.Workbook, styles: _Styles, name: str, head: Sequence[str], rows: Rows, widths: Sequence[int], sheet_rows: int
) -> None:  # fmt: skip
    """A sheet that is one table, with filters and a head that stays; further sheets where it is longer than one."""
    sheet, line, number = None, 0, 0
    for row in rows:
        if sheet is None or line >= sheet_rows:
            if sheet is not None:
                sheet.autofilter(0, 0, line - 1, len(head) - 1)
            number += 1
            sheet, line = (
                _headed(book, styles, name if number == 1 else f"{name}（{number}）", head, widths),
                1,
            )
        _write_row(sheet, styles, line, row, widths)
        line += 1
    if sheet is None:
        sheet, line = _headed(book, styles, name, head, widths), 1
    sheet.autofilter(0, 0, max(line - 1, 1), len(head) - 1)


def _headed(
    book: xlsxwriter.Workbook, styles: _Styles, name: str, head: Sequence[str], widths: Sequence[int]
) -> Worksheet:
    sheet = _sheet(book, name, widths)
    for at, word in enumerate(head):
        sheet.write_string(0, at, word, styles.head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    return sheet


def _write_rows(sheet: Worksheet, styles: _Styles, line: int, head: Sequence[str], rows: Rows) -> int:
    """A table of the overview from a line on; gives the line after it."""
    for at, word in enumerate(head):
        sheet.write_string(line, at, word, styles.head)
    line += 1
    for row in rows:
        _write_row(sheet, styles, line, row, _OVERVIEW)
        line += 1
    return line


def _write_row(
    sheet: Worksheet, styles: _Styles, line: int, row: Sequence[Any], widths: Sequence[int]
) -> None:
    sheet.set_row(
        line,
        _LINE * max(wrapped_lines(str(value), width) for value, width in zip(row, widths, strict=False)) + 3,
    )
    for at, value in enumerate(row):
        if value == "":
            sheet.write_blank(line, at, None, styles.text)
        elif isinstance(value, str):
            sheet.write_string(line, at, value, styles.text)
        else:
            sheet.write_number(line, at, value, styles.number if value == int(value) else styles.text)
