"""The types of the expression language, and what a column of the dictionary is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shouwang.language import _
from shouwang.tables.dictionary import Column
from shouwang.tables.dictionary import Type as ColumnType

Base = Literal["bool", "number", "ratio", "text", "date", "null"]


@dataclass(frozen=True)
class Type:
    """``number`` is exact with ``scale`` places; ``ratio`` a quotient that is never divided before it is shown.

    ``codes`` names the code set that a text is held to.
    """

    base: Base
    scale: int = 0
    codes: str | None = None

    @property
    def numeric(self) -> bool:
        return self.base in ("number", "ratio")

    def __str__(self) -> str:
        names = {
            "bool": _("真假"),
            "number": _("数"),
            "ratio": _("商"),
            "text": _("文字"),
            "date": _("日期"),
            "null": _("未知"),
        }
        return names[self.base]


BOOL = Type("bool")
INT = Type("number", 0)
MONEY = Type("number", 2)
RATIO = Type("ratio")
TEXT = Type("text")
DATE = Type("date")
NULL = Type("null")

_OF_COLUMN = {
    ColumnType.DATE: DATE,
    ColumnType.DATETIME: TEXT,
    ColumnType.BOOL: BOOL,
    ColumnType.INT: INT,
    ColumnType.MONEY: MONEY,
    ColumnType.NUMBER: MONEY,
    ColumnType.TEXT: TEXT,
    ColumnType.LIST: TEXT,
}


def of_column(column: Column) -> Type | None:
    """The type of a dictionary column in expressions; None for degrees, which no expression may read."""
    if column.type is ColumnType.CODE:
        return Type("text", codes=column.codes)
    return _OF_COLUMN.get(column.type)
