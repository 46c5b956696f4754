"""Where the tables of a sheet are: title rows, heads over one to three rows, data rows, and what is no data.

1. Merged cells are filled: down for data, down and across for heads.
2. A head is the block of one to three rows whose columns name the most known fields.
3. The rows to the next head are its data. Left out, and counted: empty rows, totals, examples, rows with only
   a number, rows of dots, repeated heads, signatures and notes.
"""

from __future__ import annotations

import re

from shouwang.tables.intake import rows
from shouwang.tables.intake.heads import field_of
from shouwang.tables.intake.table import Grid, Head, Table, repeats
from shouwang.tables.intake.wording import squeezed, text_of
from shouwang.tables.sheets import Sheet, Value

__all__ = ["Table", "tables_of"]

_LONGEST_HEAD = 60


def tables_of(sheet: Sheet) -> list[Table]:
    """Every table of the sheet, from top to bottom; side by side ones from left to right."""
    found: list[Table] = []
    for part in _side_by_side(sheet):
        found.extend(_stacked(part))
    return found


def _side_by_side(sheet: Sheet) -> list[Sheet]:
    """Cuts a sheet at empty columns where the pieces have heads of their own."""
    used = [any(row[c] is not None for row in sheet.rows if c < len(row)) for c in range(sheet.width)]
    runs: list[tuple[int, int]] = []
    for column, full in enumerate(used):
        if full and runs and runs[-1][1] == column:
            runs[-1] = (runs[-1][0], column + 1)
        elif full:
            runs.append((column, column + 1))
    pieces = [_cut(sheet, *run) for run in runs]
    good = [piece for piece in pieces if _best_head(Grid(piece), 0) is not None]
    return good if len(good) > 1 and len(good) == len(runs) else [sheet]


def _cut(sheet: Sheet, first: int, last: int) -> Sheet:
    rows: list[list[Value]] = [
        [value if first <= column < last else None for column, value in enumerate(row)] for row in sheet.rows
    ]
    merged = [box for box in sheet.merged if first <= box[1] and box[3] < last]
    return Sheet(sheet.name, rows, merged, sheet.uncached, sheet.hidden)


def _stacked(sheet: Sheet) -> list[Table]:
    grid = Grid(sheet)
    tables: list[Table] = []
    row, title_from = 0, 0
    while (head := _best_head(grid, row)) is not None:
        following = _next_head(grid, head)
        table = Table(
            sheet,
            _title(grid, title_from, head.row) or (tables[-1].title if tables else ""),
            head.row,
            head.row + head.depth,
            head.columns,
            head.heads,
        )
        end = _title_above(grid, following.row, table.first_row) if following else len(sheet.rows)
        rows.fill(table, grid, end)
        rows.sort_rows(table, grid, end)
        rows.fill_lost_merges(table)
        tables.append(table)
        if following is None:
            break
        row, title_from = following.row, end
    return tables


def _title_above(grid: Grid, head_row: int, first: int) -> int:
    """Where the title of a table further down begins: empty rows and lone texts right above its head."""
    row = head_row
    while row > first and (
        not grid.cells(row - 1)
        or (len(grid.cells(row - 1)) == 1 and isinstance(grid.cells(row - 1)[0][1], str))
    ):
        row -= 1
    return row


def _title(grid: Grid, first: int, last: int) -> str:
    texts = [text_of(value) for row in range(first, last) for _column, value in grid.cells(row)]
    return " ".join(text.strip() for text in texts)


def _best_head(grid: Grid, start: int) -> Head | None:
    """The first good head from a row on: at least three fields, two of them in the row's own words."""
    for row in range(start, len(grid.sheet.rows)):
        head = _head_at(grid, row)
        if head is not None:
            return _deepest(grid, head)
    return None


def _head_at(grid: Grid, row: int) -> Head | None:
    best: Head | None = None
    words = {squeezed(value) for _column, value in grid.cells(row)}
    if len(words) < 2 or not any(field_of(word, loose=False) for word in words):
        return None  # a title, or the row of unit and date
    for depth in (1, 2, 3):
        if row + depth > len(grid.sheet.rows) or not _may_be_head(grid, row + depth - 1):
            break
        head = _read_head(grid, row, depth)
        if best is None or len(head.columns) > len(best.columns):
            best = head
    return best if best is not None and _is_head(best, grid) else None


def _deepest(grid: Grid, head: Head) -> Head:
    """Takes in head rows below whose merged ranges begin in this head."""
    bottom = head.row + head.depth
    for top, left, low, _right in grid.sheet.merged:
        if head.row <= top < bottom and low >= bottom and low - head.row < 4 and grid.head_text(top, left):
            rows = range(bottom, low + 1)
            if all(_may_be_head(grid, row) for row in rows) and field_of(grid.head_text(top, left)):
                return _read_head(grid, head.row, low - head.row + 1)
    return head


def _is_head(head: Head, grid: Grid) -> bool:
    names = set(head.columns)
    filled = len({column for row in range(head.row, head.row + head.depth) for column, _v in grid.cells(row)})
    return (
        len(names) >= 3
        and len(names) * 3 >= filled
        and bool(
            names
            & {
                "name",
                "head_name",
                "household_no",
                "id",
                "cert",
                "item",
                "description",
                "problem_type",
                "address",
            }
        )
    )


def _may_be_head(grid: Grid, row: int) -> bool:
    """Head rows hold text alone: no dates, no numbers, nothing long made of digits."""
    cells = grid.cells(row)
    if not cells:
        return False
    for _column, value in cells:
        if not isinstance(value, str):
            return False
        text = squeezed(value)
        if sum(c.isdigit() for c in text) > 8 or re.fullmatch(r"[0-9.,]+", text) or text in ("√", "×"):
            return False
    return True


def _read_head(grid: Grid, row: int, depth: int) -> Head:
    columns: dict[str, int] = {}
    heads: dict[int, str] = {}
    for column in range(grid.width):
        texts: list[str] = []
        for line in range(row, row + depth):
            text = grid.head_text(line, column)
            if text and (not texts or text != texts[-1]):
                texts.append(text)
        if not texts:
            continue
        heads[column] = "".join(texts)
        if sum(map(len, texts)) > _LONGEST_HEAD * 3:
            continue
        name = _field(texts)
        if name and name not in columns:
            columns[name] = column
        elif name == "phone" and "phone" in columns:
            columns.setdefault("phone2", column)
    if "head_id" in columns and not {"id", "relation"} & set(columns):
        columns["id"] = columns.pop("head_id")  # a list of households: the head is the person
    return Head(row, depth, columns, heads)


def _field(texts: list[str]) -> str | None:
    """The lowest text that is known, else a parent with its leaf: 户主 over 姓名."""
    leaf = texts[-1]
    if len(texts) > 1:
        joined = field_of(texts[-2] + leaf, loose=False)
        if joined:
            return joined
        if field_of(leaf) in ("name", "id", "phone") and re.search(
            r"监护人|联系人|责任人|家长|帮扶", texts[-2]
        ):
            return {"name": "contact"}.get(field_of(leaf) or "") if "监护" not in texts[-2] else None
    known = field_of(leaf)
    if known or len(texts) == 1:
        return known
    return field_of(texts[-2]) if len(leaf) > 12 or leaf.startswith(("(", "【")) else None


def _next_head(grid: Grid, head: Head) -> Head | None:
    """The head of another table further down; the same head repeated is not one."""
    for row in range(head.row + head.depth, len(grid.sheet.rows)):
        if len(grid.cells(row)) < 3 or not _may_be_head(grid, row):
            continue
        found = _head_at(grid, row)
        if found is None or repeats(grid, head, row):
            continue
        if len(found.columns) >= 4 or set(found.columns) != set(head.columns):
            return _deepest(grid, found)
    return None
