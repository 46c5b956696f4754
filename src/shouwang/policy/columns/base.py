"""What a prepared column is: a named, typed value that the expression language cannot say, in Python and in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from shouwang.policy.types import Type

if TYPE_CHECKING:
    from shouwang.calendar.workdays import Calendar
    from shouwang.policy.pack import IncomeKind, ParameterValue
    from shouwang.policy.parameters import Resolved

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row] | None]


@dataclass(frozen=True)
class Context:
    """What prepared columns may look at besides the row: the day, the window, the kinds, the calendar, parameters."""

    on: date
    window_first: date
    window_last: date
    kinds: Mapping[str, IncomeKind]
    calendar: Calendar
    fences: Mapping[tuple[str, str], Any] = field(default_factory=dict)  # (area_code, place of work) → yuan
    parameters: Mapping[str, Any] = field(default_factory=dict)  # values that hold everywhere, by name
    ranges: tuple[ParameterValue, ...] = ()  # every monitoring range with its place and days
    area: str = ""  # where a household without a place of its own stands


WorkOut = Callable[[Row, Tables, Context], Any]


@dataclass(frozen=True)
class Prepared:
    """One prepared column. ``needs`` are columns of its own table without which it is not known.

    ``tables["households"]`` holds the one household of the row. A column of ``neighbours`` is worked out over many
    households at once, in SQL from its ``layouts``; every other backend is given it as a fact (see :func:`given`).
    """

    table: str
    name: str
    type: Type
    needs: tuple[str, ...]
    zh: str
    en: str
    work_out: WorkOut
    neighbours: bool = False
    layouts: tuple[str, ...] = ()
    copies: tuple[str, str] | None = None  # the table and column whose value it is; lacking where that lacks


def given(name: str) -> WorkOut:
    """How a column of neighbours is had for one household: it was worked out over all and is given with the facts."""
    return lambda row, tables, context: row.get(name)


@dataclass(frozen=True)
class Sql:
    """One prepared column as SQL: the expression, and the joins it needs (kept once each)."""

    expression: str
    joins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What the expressions rest on: the day, the window, and for each table its relation within the partition."""

    on: date
    window: str
    relations: Mapping[str, str]
    columns: Mapping[str, frozenset[str]]
    parameters: Mapping[str, Resolved] = field(default_factory=dict)
    ranges: tuple[ParameterValue, ...] = ()
    area: str = ""

    @property
    def day(self) -> str:
        """The day as SQL."""
        return sql_date(self.on)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table is there with these columns."""
        return table in self.relations and set(columns) <= self.columns[table]

    def column(self, table: str, name: str, alias: str = "t", kind: str = "VARCHAR") -> str:
        """A column of a table, or NULL of the kind where the data lacks it."""
        return (
            f'{alias}."{name}"' if name in self.columns.get(table, frozenset()) else f"CAST(NULL AS {kind})"
        )

    def parameter(self, name: str) -> Any:
        """The value of a parameter that is the same everywhere; None where it is unset."""
        resolved = self.parameters.get(name)
        return resolved.everywhere.value if resolved is not None and resolved.everywhere else None


Builder = Callable[[Surroundings], Sql]
Layout = Callable[[Surroundings], str]


def sql_date(day: date) -> str:
    """A day as SQL."""
    return f"DATE '{day.isoformat()}'"


def sql_text(value: str) -> str:
    """A text as SQL."""
    return "'" + value.replace("'", "''") + "'"
