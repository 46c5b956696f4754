"""The registry that rosters make, and how rows of other lists are matched to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from shouwang.tables.intake.idnumbers import IdReading
from shouwang.tables.intake.model import Record


@dataclass
class Household:
    """One household: its record, its members, and where each of its values stands."""

    number: str  # as the file wrote it
    area_code: str
    village: str
    group: str
    record: Record
    members: list[Person] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # column → "file sheet!cell"
    case: Record = field(default_factory=dict)
    measures: list[Record] = field(default_factory=list)

    @property
    def household_id(self) -> str:
        return self.record["household_id"]


@dataclass
class Person:
    """One roster row."""

    file: str
    sheet: str
    row: int
    name: str
    id_number: str
    household: Household
    record: Record

    @property
    def ref(self) -> str:
        """``双柏村!5``: sheet and row as the file shows them; the file's name where the sheet has none."""
        return f"{self.sheet or self.file}!{self.row}"


@dataclass
class Match:
    """``by_id``, ``by_name_village`` (a proposal), ``ambiguous`` or ``none``, with the roster rows."""

    how: str
    persons: list[Person] = field(default_factory=list)


@dataclass
class Registry:
    """Households and persons, found by number, by identity number, and by village and name."""

    households: dict[tuple[str, str], Household] = field(default_factory=dict)
    by_number: dict[str, list[Household]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Person]] = field(default_factory=lambda: defaultdict(list))

    def add_household(self, household: Household, key: tuple[str, str]) -> None:
        """Takes a household in under its village and number."""
        self.households[key] = household
        self.by_number[household.number].append(household)

    def add_person(self, person: Person) -> None:
        """Takes a roster row in."""
        person.household.members.append(person)
        if person.id_number:
            self.by_id[person.id_number].append(person)
        self.by_name[person.household.village, person.name].append(person)

    def household(self, number: str) -> Household | None:
        """The one household of that number; None where there is none or several villages use it."""
        found = self.by_number.get(number, [])
        return found[0] if len(found) == 1 else None

    def match(self, reading: IdReading, name: str, village: str, group: str) -> Match:
        """Finds the roster rows of a person.

        By an accepted number where it stands on exactly one row. Without one, by name and village, in the
        same group where the row gives a group. With a number that is not on the roster, by name and village
        among the rows without a number of their own. More than one row is ambiguous; a person with another
        accepted number is another person.
        """
        if reading.status == "accepted":
            found = self.by_id.get(reading.number, [])
            if found:
                return Match("by_id" if len(found) == 1 else "ambiguous", list(found))
            named = [person for person in self._named(name, village) if not person.id_number]
        else:
            named = [
                person
                for person in self._named(name, village)
                if not group or person.household.group == group
            ]
        if not named:
            return Match("none")
        return Match("by_name_village" if len(named) == 1 else "ambiguous", named)

    def _named(self, name: str, village: str) -> list[Person]:
        return self.by_name.get((village, name), []) if name and village else []
