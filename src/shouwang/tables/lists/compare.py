"""Two lists compared row by row and value by value: pure functions over rows, without files and without SQL.

A row is a mapping of column to text as the exchange format writes it. A value that one side does not know is no
contradiction: such a difference is told as one-sided and never counts for the quality rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shouwang.tables.lists.fields import HOUSEHOLD_FIELDS, MEMBER_FIELDS, Field, comparable

Row = Mapping[str, str]
Kind = Literal["differs", "only_left", "only_right"]
_MIRRORED: dict[Kind, Kind] = {"differs": "differs", "only_left": "only_right", "only_right": "only_left"}


@dataclass(frozen=True)
class Difference:
    """One value of one row: what either list says (None = not known)."""

    key: str
    field: Field
    kind: Kind
    left: str | None
    right: str | None

    def mirrored(self) -> Difference:
        """The same difference with the sides changed."""
        return Difference(self.key, self.field, _MIRRORED[self.kind], self.right, self.left)


@dataclass(frozen=True)
class Comparison:
    """Keys that only one list has, in its order, and the differences of those that both have."""

    only_left: list[str]
    only_right: list[str]
    differences: list[Difference]


def compare(left: Mapping[str, Row], right: Mapping[str, Row], fields: Sequence[Field]) -> Comparison:
    """Compares two lists by key. Differences come in the order of the keys as text, then of the fields."""
    both = sorted(left.keys() & right.keys())
    return Comparison(
        [key for key in left if key not in right],
        [key for key in right if key not in left],
        [found for key in both for found in differences(key, left[key], right[key], fields)],
    )


def differences(key: str, left: Row, right: Row, fields: Sequence[Field]) -> list[Difference]:
    """The fields in which two rows differ; fields that neither knows do not."""
    found = []
    for field in fields:
        one, other = left.get(field.column) or None, right.get(field.column) or None
        mine, theirs = comparable(field.how, one), comparable(field.how, other)
        if mine == theirs:
            continue
        kind: Kind = "only_right" if mine is None else "only_left" if theirs is None else "differs"
        found.append(Difference(key, field, kind, one, other))
    return found


def shared(left: Iterable[Row], right: Iterable[Row], fields: Sequence[Field]) -> list[Field]:
    """The fields that both lists know of at least one row each: the others cannot be compared at all."""
    known = []
    for rows in (left, right):
        known.append({column for row in rows for column, value in row.items() if value})
    return [field for field in fields if all(field.column in columns for columns in known)]


# ---- columns for the quality rules match.* ---------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a row of ours stands in the other list: ``found``, and the fields that contradict, joined by ``;``.

    ``differs`` is '' where nothing contradicts and None where the row is not in the list.
    """

    found: bool
    differs: str | None


def standing_of_households(
    households: Iterable[Row], cases: Mapping[str, Row], national_households: Iterable[Row]
) -> dict[str, Standing]:
    """``national_found`` and ``national_differs`` of every household of ours, by household_id.

    ``cases`` gives the latest case of a household that is not withdrawn, which holds its risks.
    """
    ours = {row["household_id"]: with_risks(row, cases) for row in households}
    return _standing(ours, by_key(national_households, "household_id"), HOUSEHOLD_FIELDS)


def standing_of_members(members: Iterable[Row], national_members: Iterable[Row]) -> dict[str, Standing]:
    """``national_found`` and ``national_differs`` of every member of ours, by member_id."""
    ours = {row["member_id"]: row for row in members}
    return _standing(ours, by_key(national_members, "member_id"), MEMBER_FIELDS)


def registry_found(national_households: Iterable[Row]) -> dict[str, bool]:
    """By national_id, whether a household of the national list is one of ours."""
    return {row["national_id"]: bool(row.get("household_id")) for row in national_households}


def _standing(
    ours: Mapping[str, Row], theirs: Mapping[str, Row], fields: Sequence[Field]
) -> dict[str, Standing]:
    facts = [field for field in fields if field.fact]
    result = {}
    for key, row in ours.items():
        if key not in theirs:
            result[key] = Standing(False, None)
            continue
        found = (d for d in differences(key, row, theirs[key], facts) if d.kind == "differs")
        result[key] = Standing(True, ";".join(difference.field.column for difference in found))
    return result


def by_key(rows: Iterable[Row], column: str) -> dict[str, Row]:
    """Rows by a column that names rows of ours; those without are left out, of several the first counts."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.get(column):
            found.setdefault(row[column], row)
    return found


def with_risks(household: Row, cases: Mapping[str, Row]) -> Row:
    """A household with the risks of its case."""
    risks = cases.get(household["household_id"], {}).get("risks", "")
    return {**household, "risks": risks} if risks else household


# ---- amounts ---------------------------------------------------------------------------------------------


def far_apart(one: Decimal, other: Decimal, gap: Decimal, share: Decimal) -> bool:
    """Whether two amounts differ by more than ``gap`` yuan and by more than ``share`` of the other."""
    distance = abs(one - other)
    return distance > gap and distance > share * abs(other)
