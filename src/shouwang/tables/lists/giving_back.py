"""A workbook that was worked through, read back: what was decided in which row (ALR-5).

Rows may be sorted, filtered, deleted and gathered from copies, columns widened, moved and added. What cannot be
meant is refused with sheet and cell, all of it at once, and nothing is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.intake.wording import squeezed, text_of, tidy
from shouwang.tables.lists.rows import (
    DECISION,
    DECISIONS,
    KEY,
    META,
    OTHER,
    REMARK,
    SHEETS,
    VALUE,
    Book,
    KeyOfRow,
    read_book,
    read_key,
)
from shouwang.tables.sheets import Sheet, Value, cell_name, open_book

_HEAD_WITHIN = 20  # rows in which the head must stand
_SHOWN = 5


@dataclass(frozen=True)
class Decided:
    """One decided row. ``letter`` is one of :data:`DECISIONS`; ``cells`` is what the row shows, by head."""

    key: KeyOfRow
    letter: str
    value: Value
    remark: str
    place: str  # 人!J5, the cell of the decision
    value_place: str
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GivenBack:
    """The workbook's identity, its decisions in the order of the sheets, and how many rows are still open."""

    book: Book
    decided: list[Decided]
    open: int


class Faults:
    """Gathers what is wrong, each with its place, so that one round of mending is enough."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[tuple[str, str]] = []

    def add(self, place: str, what: str) -> None:
        """One fault at ``sheet!cell``."""
        self.found.append((place, what))

    def check(self) -> None:
        """Raises the :class:`InputError` that names the first faults and the number of the others."""
        if not self.found:
            return
        told = "；".join(
            _("{place} {what}").format(place=place, what=what) for place, what in self.found[:_SHOWN]
        )
        more = len(self.found) - _SHOWN
        if more > 0:
            told += _("；另有 {count} 处").format(count=more)
        remedy = _("请改正这些单元格后再交回；什么都没有改动")
        raise InputError(told, where=self.file, remedy=remedy)


def read_workbook(path: Path) -> GivenBack:
    """Reads a workbook that was given back; raises :class:`InputError` where it is none or cannot be meant."""
    sheets = {sheet.name: sheet for sheet in open_book(path).sheets}
    book = _identity(path, sheets.get(META))
    faults = Faults(path.name)
    decided: list[Decided] = []
    still_open = 0
    for name in SHEETS:
        if name in sheets:
            still_open += _read_sheet(sheets[name], book, decided, faults)
    decided = _once(decided, faults)
    faults.check()
    return GivenBack(book, decided, still_open)


def _identity(path: Path, sheet: Sheet | None) -> Book:
    lines = {text_of(sheet.value(row, 0)): text_of(sheet.value(row, 1)) for row in range(12)} if sheet else {}
    book = read_book(lines)
    if book is None:
        raise InputError(
            _("这不是名单比对的工作簿，或其中隐藏的“{sheet}”表被删改了").format(sheet=META),
            where=path.name,
            remedy=_("请用 shouwang lists compare 写出的工作簿，填好后保存为 .xlsx"),
        )
    return book


def _read_sheet(sheet: Sheet, book: Book, decided: list[Decided], faults: Faults) -> int:
    """Adds the sheet's decisions and gives the number of rows that are still open."""
    head = next((row for row in range(_HEAD_WITHIN) if KEY in _texts(sheet, row)), None)
    if head is None:
        faults.add(f"{sheet.name}!A2", _("没有“{head}”这一列，行对不上了").format(head=KEY))
        return 0
    columns: dict[str, int] = {}
    for column, text in enumerate(_texts(sheet, head)):
        columns.setdefault(text, column)
    if DECISION not in columns:
        faults.add(f"{sheet.name}!{cell_name(head, 0)}", _("没有“{head}”这一列").format(head=DECISION))
        return 0
    return sum(
        _read_row(sheet, row, columns, book, decided, faults) for row in range(head + 1, len(sheet.rows))
    )


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [_head_of(value) for value in (sheet.rows[row] if row < len(sheet.rows) else [])]


def _head_of(value: Value) -> str:
    """A head without blanks; its brackets stay as they are written."""
    return "".join(text_of(value).split())


def _read_row(
    sheet: Sheet, row: int, columns: dict[str, int], book: Book, decided: list[Decided], faults: Faults
) -> bool:
    """Reads one row; whether it is one of ours that nobody decided."""

    def cell(head: str) -> Value:
        return sheet.value(row, columns[head]) if head in columns else None

    def place(head: str) -> str:
        return f"{sheet.name}!{cell_name(row, columns.get(head, 0))}"

    word, value = squeezed(cell(DECISION)), cell(VALUE)
    filled = value is not None and tidy(value) != ""
    text = text_of(cell(KEY)).strip()
    if not text:
        if word in DECISIONS.values():
            faults.add(place(KEY), _("这一行没有行键，不知道是哪一户哪一人"))
        return False
    key = read_key(text, book.number)
    if key is None or key.sheet != sheet.name:
        faults.add(place(KEY), _("行键被改过，或这一行来自另一份工作簿（另一天、另一份名单）"))
        return False
    if not word and not filled:
        return True
    letter = next((letter for letter, known in DECISIONS.items() if known == word), "")
    fault = _fault(key, word, letter, filled)
    if fault:
        faults.add(place(VALUE if letter == "c" or (not word and filled) else DECISION), fault)
        return False
    cells = {
        head: _as_written(sheet.value(row, column))
        for head, column in columns.items()
        if head not in (KEY, "")
    }
    decided.append(
        Decided(key, letter, value, _as_written(cell(REMARK)), place(DECISION), place(VALUE), cells)
    )
    return False


def _as_written(value: Value) -> str:
    return text_of(value).strip()


def _fault(key: KeyOfRow, word: str, letter: str, filled: bool) -> str:
    if not word:
        return _("填了“{value}”，没有选“{decision}”").format(value=VALUE, decision=DECISION)
    options = _("、").join(DECISIONS[option] for option in key.options)
    if not letter:
        return _("“{word}”不是可选的处理，可填：{options}").format(word=word, options=options)
    if letter not in key.options:
        return _("这一行不能选“{word}”，可选：{options}").format(word=word, options=options)
    if word == OTHER and not filled:
        return _("选了“{word}”，没有写“{value}”").format(word=OTHER, value=VALUE)
    if word != OTHER and filled:
        return _("选了“{word}”，又写了“{value}”：请选“{other}”或清空").format(
            word=word, value=VALUE, other=OTHER
        )
    return ""


def _once(decided: list[Decided], faults: Faults) -> list[Decided]:
    """A row that stands twice counts once; decided in two ways it is refused."""
    first: dict[str, Decided] = {}
    for one in decided:
        known = first.setdefault(one.key.raw, one)
        if (known.letter, tidy(known.value)) != (one.letter, tidy(one.value)):
            faults.add(one.place, _("同一行在 {other} 的处理不一样").format(other=known.place))
    return list(first.values())
