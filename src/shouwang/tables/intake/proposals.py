"""Identifiers of rows, and matches that a person has to confirm."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from shouwang.tables.intake.model import RowReading, put
from shouwang.tables.intake.registry import Match

if TYPE_CHECKING:
    from shouwang.tables.intake.intake import Intake


def stable_id(what: str, file: str, entry: RowReading) -> str:
    """An identifier made of file, sheet and row: the same row of the same file keeps it."""
    digest = hashlib.blake2s(f"{file}\n{entry.sheet}\n{entry.row}".encode(), digest_size=8).hexdigest()
    return f"{what}-{digest}"


def propose(intake: Intake, file: str, matches: list[tuple[int, RowReading, Match]], table: str) -> None:
    """Matches by name and village, and ambiguous ones, go to a person: one line per roster row."""
    for _row, entry, match in matches:
        if match.how not in ("by_name_village", "ambiguous"):
            continue
        record_id = "" if table == "members" else stable_id(_ID_WORDS[table], file, entry)
        for person in match.persons:
            intake.proposals.append(
                put(
                    {},
                    table=table,
                    record_id=record_id,
                    match=match.how,
                    file=file,
                    sheet=entry.sheet,
                    row=entry.row,
                    name=entry.name,
                    village=entry.village,
                    area_code=intake.villages.code(entry.village),
                    id_status=entry.id.status,
                    household_id=person.household.household_id,
                    member_id=person.record["member_id"],
                    roster_row=person.ref,
                )
            )


_ID_WORDS = {"alerts": "alert", "problems": "problem", "income_items": "item"}
