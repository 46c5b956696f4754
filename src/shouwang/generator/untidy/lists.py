"""The frame of a department's list: rows of cells with their truth, written as .xlsx, .xls or CSV."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.generator.people import FEMALE, MALE, PREFIX, SURNAMES, check_character
from shouwang.generator.township import Row, Township
from shouwang.generator.untidy import mangling
from shouwang.generator.untidy.mangling import Cell, Written
from shouwang.generator.untidy.matching import Matcher
from shouwang.generator.untidy.sheet import Book, count_ids, id_truth, place


@dataclass
class Case:
    """One person or household that a list is about; ``alert`` is the row of alerts it comes from, where
    it does.
    """

    person: Row
    home: Row
    village: str
    kind: str | None
    event_on: date
    alert: Row = field(default_factory=dict)
    outsider: bool = False


@dataclass
class Entry:
    """One row: cells by key, and what is true of it beside ID and match."""

    cells: dict[str, Cell]
    truth: dict[str, Any]
    number: Written | None = None


@dataclass
class List:
    """One sheet or file: heads by key in order, entries, the lines above and below."""

    heads: dict[str, str]
    entries: list[Entry]
    above: list[str] = field(default_factory=list)
    total: dict[str, Cell] = field(default_factory=dict)


class Desk:
    """What every department needs: the township, chance, and the roster to match with."""

    def __init__(self, town: Township, matcher: Matcher, chance: random.Random) -> None:
        self.town, self.matcher, self.chance = town, matcher, chance
        self.homes = {row["household_id"]: row for row in town.tables["households"]}
        self.members = town.by_household("members")
        self.names = {village.code: village.name for village in town.villages}
        self.place = town.villages[0]
        self.numbers = {row["id_number"] for row in town.tables["members"]}

    def alerts(self, *kinds: str, who: Callable[[Row], bool] = lambda _person: True) -> list[Case]:
        """The cases of the township's alerts of these kinds, each with a member that fits, and a few
        outsiders.
        """
        found = []
        for alert in self.town.tables["alerts"]:
            if alert["kind"] in kinds:
                home = self.homes[alert["household_id"]]
                people = self.members[home["household_id"]]
                person = next((one for one in people if who(one)), people[0])
                found.append(self.case(person, alert["kind"], alert["event_on"], alert))
        return found

    def case(self, person: Row, kind: str | None, event_on: date, alert: Row | None = None) -> Case:
        """A case about a member of the township."""
        home = self.homes[person["household_id"]]
        return Case(person, home, self.names[home["area_code"]], kind, event_on, alert or {})

    def some(self, share: float, fits: Callable[[Row], bool]) -> list[Row]:
        """A share of the members that fit."""
        return [row for row in self.town.tables["members"] if fits(row) and self.chance.random() < share]

    def with_outsiders(self, cases: list[Case]) -> list[Case]:
        """The cases shuffled, and one in twelve about somebody who is on no roster."""
        chance, full = self.chance, list(cases)
        for case in cases:
            if chance.random() < 0.08:
                full.append(self._outsider(case))
        chance.shuffle(full)
        return full

    def _outsider(self, like: Case) -> Case:
        sex = like.person["sex"]
        name = self.chance.choice(SURNAMES) + "".join(
            self.chance.choices(MALE if sex == "male" else FEMALE, k=2)
        )
        born = like.person["birth_date"]
        number = ""
        while not number or number in self.numbers:
            order = 2 * self.chance.randint(0, 499) + (sex == "male")
            first = f"{PREFIX}{born:%Y%m%d}{order:03d}"
            number = first + check_character(first)
        person = like.person | {"name": name, "id_number": number, "phone": None}
        return Case(person, like.home, like.village, like.kind, like.event_on, like.alert, True)

    def entry(
        self,
        case: Case,
        cells: dict[str, Cell],
        *,
        group: bool = True,
        identity: bool = True,
        share_missing: float = 0.0,
        numbers: bool = True,
        **truth: Any,
    ) -> Entry:
        """An entry with name, ID and match; ``group``: the list gives the group; ``share_missing``:
        without an ID.
        """
        number = None
        if identity:
            missing = self.chance.random() < share_missing
            number = (
                Written(None, None, "missing", "blank")
                if missing
                else mangling.identity(case.person["id_number"], self.chance, numbers=numbers)
            )
            cells = {"id": number.cell, **cells}
        its_group = case.home["group_name"] if group else None
        match = self.matcher.match(case.village, case.person["name"], its_group, number)
        cells = {"name": mangling.name(case.person["name"], self.chance), "village": case.village, **cells}
        if group:
            cells = {"group": mangling.group(case.home["group_name"], self.chance), **cells}
        stated = {"name": case.person["name"], "village": case.village, "kind": case.kind} | truth
        if case.kind and "event_on" not in truth:
            stated["event_on"] = case.event_on.isoformat()
        stated |= {"match": match.how, "match_rows": list(match.rows)}
        return Entry(cells, stated | (id_truth(number) if number else {}), number)


def write_xlsx(path: Path, sheets: dict[str, List]) -> list[tuple[str, int, Entry]]:
    """Writes a workbook; gives back (sheet, row from 1, entry)."""
    book, placed = Book(path), []
    for name, one in sheets.items():
        sheet, row = book.sheet(name), 0
        for number, line in enumerate(one.above):
            if number == 0:
                sheet.merge(0, 0, 0, line, to=len(one.heads) - 1, style="title")
            elif line:
                sheet.write(row, 0, line)
            row += 1
        sheet.table(row, list(one.heads.values()))
        for count, entry in enumerate(one.entries, 1):
            row += 1
            for column, key in enumerate(one.heads):
                sheet.write(row, column, count if key == "seq" else entry.cells.get(key))
            placed.append((name, row + 1, entry))
        if one.total:
            for column, key in enumerate(one.heads):
                sheet.write(row + 1, column, one.total.get(key))
    book.close()
    return placed


def write_xls(path: Path, sheets: dict[str, List]) -> list[tuple[str, int, Entry]] | None:
    """Writes a real old .xls; None where xlwt, which only developers have, is not there."""
    try:
        import xlwt  # type: ignore[import-untyped]
    except ImportError:
        return None
    book, placed = xlwt.Workbook(), []
    for name, one in sheets.items():
        sheet, row = book.add_sheet(name), len(one.above)
        for number, line in enumerate(one.above):
            sheet.write(number, 0, line)
        for column, head in enumerate(one.heads.values()):
            sheet.write(row, column, head)
        for count, entry in enumerate(one.entries, 1):
            row += 1
            for column, key in enumerate(one.heads):
                value = count if key == "seq" else entry.cells.get(key)
                sheet.write(row, column, "" if value is None else value)
            placed.append((name, row + 1, entry))
    book.save(str(path))
    return placed


def write_csv(path: Path, one: List, encoding: str) -> list[tuple[str, int, Entry]]:
    """Writes a CSV; rows are records from 1, the head being the first."""
    placed = []
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(one.heads.values())
        for count, entry in enumerate(one.entries, 1):
            writer.writerow(
                ["" if (v := count if k == "seq" else entry.cells.get(k)) is None else v for k in one.heads]
            )
            placed.append(("", count + 1, entry))
    return placed


def truth(
    file: str, what: str, source: str, placed: list[tuple[str, int, Entry]], lists: list[List]
) -> dict[str, Any]:
    """The file's part of truth.json."""
    columns = {
        id(entry): list(one.heads).index("id") for one in lists if "id" in one.heads for entry in one.entries
    }
    ids = [
        (sheet, place(row - 1, columns[id(e)]), e.number) for sheet, row, e in placed if e.number is not None
    ]
    rows = [{"sheet": sheet, "row": row} | entry.truth for sheet, row, entry in placed]
    part: dict[str, Any] = {
        "file": file,
        "what": what,
        "source": source,
        "data_rows": len(rows),
        "alerts": dict(sorted(Counter(row["kind"] for row in rows if row["kind"]).items())),
        "rows_that_are_no_alert": sum(not row["kind"] for row in rows),
        "match": dict(sorted(Counter(row["match"] for row in rows).items())),
        "rows": rows,
    }
    return part | ({"ids": count_ids(ids)} if ids else {})
