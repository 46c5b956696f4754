"""Counts by village, household type and monitoring status in three ledgers (match.counts, 账账相符)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shouwang.tables.intake.model import Record
from shouwang.tables.lists.compare import Row
from shouwang.tables.lists.ours import Ours
from shouwang.tables.lists.theirs import Theirs

MONITORED = ("unresolved", "resolved")
Group = tuple[str, str, str]  # village, household type, monitoring status


@dataclass(frozen=True)
class Total:
    """Households and people of one group; ``cases`` are households with a case that is not withdrawn."""

    village: str
    household_type: str
    monitoring_status: str
    national_households: int
    our_households: int
    cases: int
    national_people: int
    our_people: int


def totals(ours: Ours, theirs: Theirs) -> list[Total]:
    """One line per group that occurs in a ledger, by village; '' is a type or status that nobody said."""
    national, mine, cases, their_people, our_people = (Counter[Group]() for _ in range(5))
    for row in theirs.tables["national_households"]:
        group = _group(ours, row)
        national[group] += 1
        their_people[group] += int(row.get("people", 0))
    for home in ours.monitored():
        group = _group(ours, home)
        mine[group] += 1
        our_people[group] += len(ours.people(home["household_id"]))
    for number, case in ours.cases.items():
        home = ours.households[number]
        status = case_status(case) or home.get("monitoring_status", "")
        if status in MONITORED:
            cases[ours.village(home.get("area_code", "")), home.get("household_type", ""), status] += 1
    return [
        Total(*group, national[group], mine[group], cases[group], their_people[group], our_people[group])
        for group in sorted({*national, *mine, *cases})
    ]


def case_status(case: Record) -> str:
    """What the dates of a case say: resolved, unresolved, none (withdrawn or not yet approved); '' without dates."""
    removed, back = case.get("removal_approved_on", ""), case.get("rolled_back_on", "")
    if removed and back <= removed:
        return "resolved"
    if case.get("approved_on"):
        return "unresolved"
    return "none" if case.get("discovered_on") else ""


def _group(ours: Ours, row: Row) -> Group:
    return (
        ours.village(row.get("area_code", "")),
        row.get("household_type", ""),
        row.get("monitoring_status", ""),
    )
