"""A made-up township in memory: the exchange tables as rows, for those who write it in other shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from shouwang.generator import expansion, layout, streams, templates
from shouwang.generator.troubles import TROUBLES

Row = dict[str, Any]


@dataclass(frozen=True)
class Township:
    """``tables``: rows by table name, values in the types of the dictionary (date, bool, Decimal, int,
    str).
    """

    on: date
    villages: list[layout.Village]
    tables: dict[str, list[Row]]
    troubles: dict[str, str]  # household_id → intended trouble

    def by_household(self, table: str) -> dict[str, list[Row]]:
        """The rows of a table by household_id."""
        found: dict[str, list[Row]] = {row["household_id"]: [] for row in self.tables["households"]}
        for row in self.tables[table]:
            found[row["household_id"]].append(row)
        return found


def township(households: int, seed: int, *, area: str = "500151122", on: date = date(2024, 9, 1)) -> Township:
    """The same households that :func:`shouwang.generator.streams.generate` writes for that size, seed and shares.

    Only what befalls households, no faults in the data: untidy files bring their own.
    """
    shares = {kind.name: kind.share for kind in TROUBLES}
    villages = layout.villages(households, area, seed)
    connection = streams.connect(villages)
    try:
        stock = templates.build(connection, households, seed, on, shares)
        tables = {}
        for table in ("households", *templates.CHILDREN):
            found = connection.execute(expansion.select(table, seed, stock))
            names = [column[0] for column in found.description or ()]
            tables[table] = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        troubles = {row[0]: row[1] for row in connection.execute(expansion.truth(seed, stock)).fetchall()}
    finally:
        connection.close()
    return Township(on, villages, tables, troubles)
