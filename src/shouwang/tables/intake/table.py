"""One table on a sheet, and the sheet with its merged ranges at hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from shouwang.tables.intake.wording import squeezed
from shouwang.tables.sheets import Sheet, Value, cell_name


@dataclass
class Table:
    """One table: where it stands, which column holds which field, the numbers of its data rows (from 0)."""

    sheet: Sheet
    title: str  # everything above the head, joined
    head_row: int
    first_row: int
    columns: dict[str, int]
    heads: dict[int, str]  # column → the whole head, parents first
    rows: list[int] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)  # row → lone text above it (a village, a part)
    left_out: Counter[str] = field(default_factory=Counter)
    filled: dict[tuple[int, int], Value] = field(default_factory=dict)
    file_stem: str = ""
    lost_merges: bool = False

    def value(self, row: int, field_name: str) -> Value:
        """The cell of a field in a row, merged cells filled down; None where the table lacks the field."""
        column = self.columns.get(field_name)
        if column is None:
            return None
        return self.filled.get((row, column), self.sheet.value(row, column))

    def text(self, row: int, field_name: str) -> str:
        """The same as text without any blanks."""
        return squeezed(self.value(row, field_name))

    def place(self, row: int, field_name: str) -> str:
        """The name of the cell that holds the field, the first one of a merged range."""
        column = self.columns[field_name]
        while row > self.first_row and self.sheet.value(row, column) is None and (row, column) in self.filled:
            row -= 1
        return cell_name(row, column)

    def head(self, field_name: str) -> str:
        """The head of that field, '' where the table lacks it."""
        return self.heads.get(self.columns.get(field_name, -1), "")


class Grid:
    """A sheet with the merged ranges at hand."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.width = sheet.width
        self.down: dict[tuple[int, int], tuple[int, int]] = {}
        self.across: dict[tuple[int, int], tuple[int, int]] = {}
        height = len(sheet.rows)
        for top, left, bottom, right in sheet.merged:
            for row in range(top, min(bottom, height - 1) + 1):
                for column in range(left, min(right, self.width - 1) + 1):
                    if (row, column) != (top, left):
                        self.across[row, column] = (top, left)
                        if column == left:
                            self.down[row, column] = (top, left)

    def head_text(self, row: int, column: int) -> str:
        top = self.across.get((row, column), (row, column))
        return squeezed(self.sheet.value(*top))

    def cells(self, row: int) -> list[tuple[int, Value]]:
        """The cells of a row that are not empty."""
        values = self.sheet.rows[row] if row < len(self.sheet.rows) else []
        return [(column, value) for column, value in enumerate(values) if value is not None]


@dataclass
class Head:
    row: int
    depth: int
    columns: dict[str, int]
    heads: dict[int, str]


def repeats(grid: Grid, head: Head, row: int) -> bool:
    """Whether a row says what the head says in the same columns."""
    cells = {column: squeezed(value) for column, value in grid.cells(row)}
    lines = range(head.row, head.row + head.depth)
    same = sum(
        1 for column, text in cells.items() if any(grid.head_text(line, column) == text for line in lines)
    )
    return bool(cells) and same * 5 >= len(cells) * 4
