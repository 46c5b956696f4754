"""The results a :class:`shouwang.policy.rescreening.Screening` holds: one row per household, one per village, one hash.

They lie in DuckDB with the types of a run; the hash of the whole is a sum, so that a household's share can be taken out
and put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shouwang.policy.cases import Facts
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_rows import insert_rows
from shouwang.policy.runs import results

_SIZE = 1 << 64


class Kept:
    """The table ``kept`` on the engine's connection, the villages, and the areas of households."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection = engine.connection
        self.columns = results.result_columns(engine)
        self.areas: dict[str, str | None] = {}
        self.villages: dict[str, tuple[Any, ...]] = {}
        self._hash = 0
        self._made = False

    def take(self, query: str) -> None:
        """Takes the results of a partition."""
        hashed = f"SELECT *, {results.result_hash(self.engine.plan)} AS hash FROM ({query})"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE taken AS {hashed}")
        kind = "INSERT INTO kept" if self._made else "CREATE OR REPLACE TEMP TABLE kept AS"
        self.connection.execute(f"{kind} SELECT * FROM taken")
        self._made = True
        self._add("taken", 1)
        names = self.connection.execute("SELECT household_id, area_code FROM taken").fetchall()
        self.areas.update(names)

    def _add(self, relation: str, sign: int) -> None:
        row = self.connection.execute(f"SELECT sum(CAST(hash AS HUGEINT)) FROM {relation}").fetchone()
        self._hash = (self._hash + sign * int(row[0] or 0 if row else 0)) % _SIZE

    @property
    def result_hash(self) -> str:
        """As ``run.json`` has it."""
        return f"{self._hash:016x}"

    def households_of(self, areas: Iterable[str], changes: Mapping[str, Facts | None]) -> set[str]:
        """The households of some villages, of those that did not change themselves."""
        found = self.connection.execute(
            "SELECT household_id FROM kept WHERE area_code IN (SELECT unnest(?::VARCHAR[]))", [sorted(areas)]
        )
        return {row[0] for row in found.fetchall()} - changes.keys()

    def forget(self, household_ids: Sequence[str]) -> list[str]:
        """Takes households out; gives those that were there."""
        chosen = "household_id IN (SELECT unnest(?::VARCHAR[]))"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE taken AS SELECT * FROM kept WHERE {chosen}", [list(household_ids)]
        )
        self._add("taken", -1)
        found = [row[0] for row in self.connection.execute("SELECT household_id FROM taken").fetchall()]
        if found:
            self.connection.execute(f"DELETE FROM kept WHERE {chosen}", [found])
        for household_id in found:
            self.areas.pop(household_id, None)
        return found

    def replace(self, rows: Sequence[Sequence[Any]]) -> list[str]:
        """Puts results in the place of earlier ones (or new); gives the households whose results are not what they were."""
        ids = [row[0] for row in rows]
        chosen = ", ".join(f'"{name}"' for name in self.columns)
        cursor = self.connection.execute(
            f"SELECT {chosen} FROM kept WHERE household_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        )
        before = {row[0]: row for row in cursor.fetchall()}
        fresh = [row for row in rows if before.get(row[0]) != tuple(row)]
        if not fresh:
            return []
        self.forget([row[0] for row in fresh])
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE fresh AS SELECT * EXCLUDE (hash) FROM kept LIMIT 0"
        )
        insert_rows(self.connection, "fresh", fresh)
        self.take("SELECT * FROM fresh")
        return [row[0] for row in fresh]

    def read_villages(self, alerts: str | None, towns: Iterable[str] | None) -> list[str]:
        """Works out the villages of some towns (all: None) from the results; gives those that are not what they were."""
        listed = None if towns is None else sorted(set(towns))
        if listed == []:
            return []
        self.connection.execute("CREATE OR REPLACE TEMP TABLE near_towns (town VARCHAR)")
        where = ""
        if listed is not None:
            self.connection.execute("INSERT INTO near_towns SELECT unnest(?::VARCHAR[])", [listed])
            where = "WHERE left(area_code, 9) IN (SELECT town FROM near_towns)"
        query = results.villages(
            self.engine,
            f"(SELECT * FROM kept {where})",
            f"(SELECT * FROM {alerts} {where})" if alerts else None,
        )
        if not query:
            return []
        now = {row[0]: row[1:] for row in self.connection.execute(query).fetchall()}
        was = {area: row for area, row in self.villages.items() if listed is None or area[:9] in listed}
        self.villages = {area: row for area, row in self.villages.items() if area not in was} | now
        return sorted(area for area in was.keys() | now.keys() if was.get(area) != now.get(area))

    def village_findings(self) -> list[tuple[str, str]]:
        """Village and rule for every rule that fired on a village."""
        rules = self.engine.plan.rules
        count = 2 * results.word_count(len(rules))
        found = []
        for area, row in sorted(self.villages.items()):
            fired = results.joined(list(row[-count:][::2]))
            found += [(area, rule) for place, rule in enumerate(rules) if fired >> place & 1]
        return found

    def bits(self) -> dict[str, tuple[int, int]]:
        """Household → fired and unknown rules as bit sets."""
        words = results.words(self.engine.plan)
        cursor = self.connection.execute(f"SELECT household_id, {', '.join(words)} FROM kept")
        return {
            row[0]: (results.joined(list(row[1::2])), results.joined(list(row[2::2])))
            for row in cursor.fetchall()
        }

    def rows(self) -> list[tuple[Any, ...]]:
        """Every household's results, ordered as a run keeps them."""
        chosen = ", ".join(f'"{name}"' for name in self.columns)
        return self.connection.execute(
            f"SELECT {chosen} FROM kept ORDER BY area_code, household_id"
        ).fetchall()
