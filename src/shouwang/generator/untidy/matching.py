"""Which roster rows a right reading finds for a row of another list, by the rules that truth.json states."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from shouwang.generator.untidy.mangling import Written, same_name
from shouwang.generator.untidy.roster import Roster

RULES = {
    "id.accepted": "18 characters after repair, or 20 of a disability certificate whose first 18 are the "
    "number; check character and date right; 15 digits are converted with 19 before the year. Repair may "
    "only strip blanks, quotes, hyphens and invisible characters, turn full-width to ASCII and x to X. "
    "Nothing is guessed.",
    "id.quarantined": "everything else that is not empty; a number cell of 18 digits has lost its last ones.",
    "match.by_id": "accepted number found on exactly one roster row.",
    "match.by_name_village": "to be confirmed by a person. No accepted number in the row: exactly one roster "
    "row of that village has the name (in the same group, where the row gives one). Accepted number that is "
    "not on the roster: exactly one roster row of that village with the name and without an accepted number "
    "of its own.",
    "match.ambiguous": "more than one roster row in either case.",
    "match.none": "no roster row.",
    "names": "compared after NFKC, without blanks, every kind of middle dot made one.",
    "blank": "an empty cell is not known, never no.",
}


@dataclass(frozen=True)
class Match:
    """``how``: by_id, by_name_village, ambiguous, none; ``rows``: roster rows such as 双柏村!5."""

    how: str
    rows: tuple[str, ...]


class Matcher:
    """Looks people up on the roster."""

    def __init__(self, roster: Roster, groups: dict[str, str]) -> None:
        """``groups``: household_id → group name."""
        self._by_id: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[tuple[str, str, bool]]] = defaultdict(list)
        for reference, village, person, number in roster.people:
            if number.value:
                self._by_id[number.value].append(reference)
            key = (village.name, same_name(person["name"]))
            self._by_name[key].append((reference, groups[person["household_id"]], number.value is not None))

    def match(self, village: str, name: str, group: str | None, number: Written | None) -> Match:
        """The match of a row with this village, name and group (``3组``, None where the row gives none)."""
        if number is not None and number.value:
            found = self._by_id.get(number.value, [])
            if len(found) == 1:
                return Match("by_id", tuple(found))
            named = [row for row, _group, known in self._by_name[village, same_name(name)] if not known]
        else:
            named = [
                row
                for row, its, _known in self._by_name[village, same_name(name)]
                if group is None or its == group
            ]
        how = "by_name_village" if len(named) == 1 else "ambiguous" if named else "none"
        return Match(how, tuple(named))
