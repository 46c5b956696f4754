"""What a reading holds: findings with their place, one entry per data row, records per table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouwang.tables.intake.idnumbers import IdReading, masked, read_id, reason, zeros_lost
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.wording import text_of

Record = dict[str, str]
"""One row of an exchange table, cells as they are written; a column that is not known is absent."""


@dataclass(frozen=True)
class Finding:
    """Something doubtful: where it stands, what it says (masked), why it was kept out or flagged.

    ``about`` names the kind of cell: id, date, amount, sex, size, level, household, contradiction and so on.
    """

    sheet: str
    cell: str
    reason: str
    about: str
    value: str = ""
    row: int = 0

    def as_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "reason": self.reason,
        }
        if not self.cell:
            del entry["cell"]
            entry["row"] = self.row
        return entry | {"about": self.about}


@dataclass
class RowReading:
    """What became of one data row. ``row`` counts from 1, as the file shows it."""

    sheet: str
    row: int
    kind: str
    name: str = ""
    village: str = ""
    group: str = ""
    id: IdReading = field(default_factory=lambda: IdReading("none"))
    match: str = ""
    match_rows: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class FileReading:
    """One file: what it was taken for, its rows, and everything that needs a look."""

    file: str
    path: str
    content: str = ""
    encoding: str = ""
    kinds: list[str] = field(default_factory=list)
    rows: list[RowReading] = field(default_factory=list)
    quarantined: list[Finding] = field(default_factory=list)
    not_understood: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    no_alert: int = 0
    imported: Counter[str] = field(default_factory=Counter)
    unused_heads: list[str] = field(default_factory=list)
    _zeros: dict[tuple[int, int], bool] = field(default_factory=dict)

    def quarantine(self, table: Table, row: int, field_name: str, why: str, about: str) -> None:
        """Keeps a cell out (or flags it) with its place and its masked value."""
        value = masked(text_of(table.value(row, field_name)))
        cell = table.place(row, field_name)
        _add(self.quarantined, Finding(table.sheet.name, cell, why, about, value, row + 1))

    def misunderstood(self, table: Table, row: int, field_name: str | None, why: str, about: str) -> None:
        """A word or a row that says nothing we know; the row or the cell is not used."""
        cell = table.place(row, field_name) if field_name else ""
        value = masked(text_of(table.value(row, field_name))) if field_name else ""
        _add(self.not_understood, Finding(table.sheet.name, cell, why, about, value, row + 1))

    def note(self, text: str) -> None:
        """Something to know that needs no mending."""
        if text not in self.notes:
            self.notes.append(text)

    def read_id(self, table: Table, row: int, field_name: str, on: date) -> IdReading:
        """Reads an identity cell and quarantines it with its place where it must not be used."""
        column = table.columns[field_name]
        if (id(table), column) not in self._zeros:
            self._zeros[id(table), column] = zeros_lost(table.value(line, field_name) for line in table.rows)
        reading = read_id(table.value(row, field_name), on, zeros_doubtful=self._zeros[id(table), column])
        if reading.status == "quarantined":
            self.quarantine(table, row, field_name, reason(reading.how), "id")
        return reading


def _add(findings: list[Finding], entry: Finding) -> None:
    """A merged cell is told once, however many rows it covers."""
    last = findings[-8:]
    if not entry.cell or not any(
        (old.sheet, old.cell, old.about, old.reason) == (entry.sheet, entry.cell, entry.about, entry.reason)
        for old in last
    ):
        findings.append(entry)


def put(record: Record, **values: Any) -> Record:
    """Sets the columns whose value is known; True and False become true and false."""
    for name, value in values.items():
        if value is None or value == "":
            continue
        record[name] = _written(value)
    return record


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
