"""The rows under a head: which are data, and what the cells of merged ranges say in each."""

from __future__ import annotations

import re

from shouwang.tables.intake.table import Grid, Head, Table, repeats
from shouwang.tables.intake.wording import is_dash, is_ellipsis, squeezed
from shouwang.tables.sheets import Value

_TOTAL = re.compile(
    r"(本?页|本?[村组社镇乡]|全[村镇乡县区]|[^、]{0,8}[村镇组社])?(小计|合计|总计|共计|累计|合\s*计)([:：(].*|[0-9].*)?"
)
_EXAMPLE = re.compile(r"[(\[【]?(示例|样例|举例|范例|例如|例)[)\]】:：0-9]?.{0,2}")
_FOOT = re.compile(
    r"(填表|制表|填报|审核|审批|复核|负责|经办|统计|联系|登记|上报|签字|制单|核实|村支部书记|单位|主管|分管)[^:]{0,12}[:].*|"
    r"(注|说明|备注|填表说明|注意|附注|填写说明)[0-9]?[::.].*|\*.*|以下空白|此表.*|本表.*|.*盖章\)?:?"
)


def fill(table: Table, grid: Grid, end: int) -> None:
    """Fills merged cells down, not into the rows of the head."""
    for (row, column), top in grid.down.items():
        if table.first_row <= row < end and top[0] >= table.first_row:
            value = grid.sheet.value(*top)
            if value is not None and grid.sheet.value(row, column) is None:
                table.filled[row, column] = value
    for (row, column), top in grid.across.items():
        # A value merged across two columns belongs to the first of them alone; nothing to fill.
        if row >= table.first_row and (row, column) not in grid.down and top[1] != column:
            table.filled.pop((row, column), None)


def fill_lost_merges(table: Table) -> None:
    """Village cells that were merged before the sheet became a CSV: named once, empty down to the next name.

    Only where the first row has a name, no name stands twice and most cells are empty: then nothing else can
    be meant.
    """
    for name in ("village", "town"):
        column = table.columns.get(name)
        if column is None or table.sheet.merged or not table.rows:
            continue
        values = [table.sheet.value(row, column) for row in table.rows]
        named = [squeezed(value) for value in values if value is not None]
        if (
            values[0] is None
            or len(set(named)) != len(named)
            or len(named) * 2 > len(values)
            or len(values) < 3
        ):
            continue
        current: Value = None
        for row, value in zip(table.rows, values, strict=True):
            if value is not None:
                current = value
            else:
                table.filled[row, column] = current
                table.lost_merges = True


def sort_rows(table: Table, grid: Grid, end: int) -> None:
    """Sorts the rows under a head into data and everything that is none."""
    blank = 0
    section = ""
    own_head = Head(table.head_row, table.first_row - table.head_row, table.columns, table.heads)
    for row in range(table.first_row, end):
        cells = [(column, squeezed(value)) for column, value in grid.cells(row)]
        kind = _row_kind(table, grid, own_head, row, cells)
        if kind == "blank":
            blank += 1
        elif kind == "section":
            section = cells[0][1]
            table.left_out["text_rows"] += 1
        elif kind == "data":
            table.left_out["blank_rows"] += blank if table.rows else 0
            blank = 0
            table.rows.append(row)
            if section:
                table.sections[row] = section
        else:
            if table.rows and kind != "note_rows":
                table.left_out["blank_rows"] += blank
                blank = 0
            table.left_out[kind] += 1


def _row_kind(table: Table, grid: Grid, head: Head, row: int, cells: list[tuple[int, str]]) -> str:
    if not cells:
        return "blank"
    texts = [text for _column, text in cells]
    bare = [text for text in texts if not is_dash(text)]
    if not bare or all(is_ellipsis(text) for text in bare):
        return "ellipsis_rows" if any(is_ellipsis(text) for text in texts) else "blank"
    if any(_TOTAL.fullmatch(text) for text in texts[:3]):
        return "subtotal_rows"
    if (
        _EXAMPLE.fullmatch(texts[0])
        or re.search(r"[(\[【]?示例|样例", texts[0])
        or sum("某某" in t for t in texts) > 1
    ):
        return "example_rows"
    if repeats(grid, head, row) and len(cells) > 1:
        return "repeated_header_rows"
    seq = table.columns.get("seq")
    if seq is not None and cells[0][0] == seq and len(bare) == 1 and re.fullmatch(r"[0-9]+", bare[0]):
        return "numbered_empty_rows"
    if len(cells) <= 4 and _FOOT.fullmatch(texts[0]):
        return "note_rows"
    if len(cells) == 1 and not any(column == cells[0][0] for column in _telling(table)):
        return "section"
    if len(cells) == 1 and len(texts[0]) > 12:
        return "note_rows"
    if len(cells) == 1 and re.fullmatch(r"[^0-9]{1,10}(村|社区|居委会)", texts[0]):
        return "section"
    return "data"


def _telling(table: Table) -> list[int]:
    """Columns of which one cell alone makes a row of data."""
    names = ("name", "head_name", "id", "cert", "item", "description", "address", "household_no")
    return [table.columns[name] for name in names if name in table.columns]
