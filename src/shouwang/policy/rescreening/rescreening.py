"""Screening that stays up: when facts of some households change, only those are screened again, with the same result.

:meth:`Screening.change` screens one household at once, in memory, with what is known of its neighbours; what rests on
neighbours is marked stale until :meth:`Screening.refresh` has worked out the groups that the changes touched. After a
refresh everything (indicators, bit sets, villages, the hash of the results) is as if all had been screened anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy import parameters
from shouwang.policy.cases import Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_outputs import text
from shouwang.policy.explained_formula import masked
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.rescreening.alerts import LooseAlerts
from shouwang.policy.rescreening.facts import FactTables
from shouwang.policy.rescreening.gaps import Reasons
from shouwang.policy.rescreening.quality import DataFindings
from shouwang.policy.rescreening.result import Finding, Screened, Told
from shouwang.policy.rescreening.state import Kept
from shouwang.policy.runs import results
from shouwang.policy.runs.store import StoredRun

__all__ = ["Finding", "Refreshed", "Screened", "Screening"]

BATCH = 500  # households whose facts are in memory at once


@dataclass(frozen=True)
class Refreshed:
    """What a refresh came to: who was screened again, whose results are not what they were, and which villages'."""

    households: tuple[str, ...]
    changed: tuple[str, ...]
    villages: tuple[str, ...]


class Screening:
    """The state of a screening: facts, results, and what is known of neighbours. Use :meth:`open` or :meth:`of_run`."""

    def __init__(self, engine: Engine, kept: Kept, resources: ExitStack) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.closure = compile_plan(engine.plan, with_rows=True)
        self.facts = FactTables(engine.connection, engine.sources, engine.plan.pack)
        self._resources = resources
        self._kept = kept
        self._told = Told(self.closure, Reasons(engine.plan, engine.edges))
        self._loose = LooseAlerts(
            engine.connection, engine.sources.get("alerts"), engine.sources.get("members")
        )
        self._fences = self._read_fences()
        self._changes: dict[str, Facts | None] = {}
        self._pending: set[str] = set()  # households whose alerts by number moved
        self._areas: set[str] = set()  # villages that a change touched
        self._data: DataFindings | None = None
        kept.read_villages(self._loose.unmatched(), None)

    @classmethod
    def open(
        cls, folder: Path, pack: Pack, on: date, settings: Mapping[str, str] | None = None, *, quality: bool = False,
    ) -> Screening:  # fmt: skip
        """Screens an exchange folder and stays up, with the findings about the data too where ``quality`` asks for them.

        InputError for anything unusable.
        """
        chosen = parameters.read_settings(pack, settings or {})
        engine = Engine.open(folder, pack, on, chosen)
        kept = Kept(engine)
        for _households in engine.partitions():
            kept.take(f"SELECT {results.results_select(engine)} FROM screened")
        screening = cls(engine, kept, ExitStack())
        if quality and pack.quality:
            screening._data = DataFindings(engine, chosen, screening.facts)
        return screening

    @classmethod
    def of_run(cls, run: StoredRun) -> Screening:
        """Goes on from a stored run without screening anew. InputError where something of it is damaged."""
        with ExitStack() as resources:
            pack = load(run.pack())
            folder = resources.enter_context(run.facts())
            day = date.fromisoformat(run.told["on"])
            engine = Engine.open(folder, pack, day, parameters.read_settings(pack, run.settings))
            kept = Kept(engine)
            columns = ", ".join(f'"{name}"' for name in results.result_columns(engine))
            kept.take(f"SELECT {columns} FROM read_parquet({text(str(run.file('results.parquet')))})")
            if kept.result_hash != run.told["result_hash"]:
                raise InputError(
                    _("存下的结果和它的指纹对不上"), where=run.id, remedy=_("用同样的事实重新筛查")
                )
            return cls(engine, kept, resources.pop_all())
        raise AssertionError  # ExitStack lets nothing pass

    def close(self) -> None:
        """Lets go of the connection and of what was opened."""
        self.engine.connection.close()
        self._resources.close()

    def __enter__(self) -> Screening:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # one household

    def facts_of(self, household_id: str) -> Facts:
        """The facts of a household as they stand now; InputError where there is none of that number."""
        if household_id in self._changes:
            found = self._changes[household_id]
        else:
            found = self.facts.fetch([household_id]).get(household_id)
        if found is None:
            raise InputError(
                _("没有户编号为 {id} 的农户").format(id=masked(household_id)),
                where="household_id",
                remedy=_("先把这一户加进来"),
            )
        return found

    def change(self, facts: Facts) -> Screened:
        """Takes the facts of a household as they are from now on (new, changed or moved) and screens it at once.

        ``facts`` are all its facts, not only what changed. InputError for values that the tables may not hold.
        """
        self.facts.check(facts)
        household_id = str(facts.household["household_id"])
        self._note(household_id, facts)
        return self._screened(facts, self._evaluate(facts))

    def remove(self, household_id: str) -> None:
        """Takes a household and everything that is known of it away. InputError where there is none."""
        self._must_be_there(household_id)
        self._note(household_id, None)

    def result(self, household_id: str) -> Screened:
        """The results of a household as they are known now."""
        facts = self.facts_of(household_id)
        return self._screened(facts, self._evaluate(facts))

    def _must_be_there(self, household_id: str) -> None:
        there = self._changes.get(household_id) is not None
        if not there and (household_id in self._changes or household_id not in self._kept.areas):
            self.facts_of(household_id)  # says so

    def _note(self, household_id: str, facts: Facts | None) -> None:
        """Remembers a change and what it touches: the villages left and entered, and whose alerts moved."""
        before = self._changes.get(household_id)
        areas = {self._kept.areas.get(household_id)}
        areas |= {found.household.get("area_code") for found in (before, facts) if found is not None}
        households, alert_areas = self._loose.change(household_id, facts)
        self._changes[household_id] = facts
        self._pending |= households - {household_id}
        self._areas |= {area for area in areas if area} | alert_areas

    def _evaluate(self, facts: Facts) -> dict[str, Any]:
        return self.closure.evaluate(facts.household, self._with_alerts(facts), self._fences)

    def _with_alerts(self, facts: Facts) -> Mapping[str, Any]:
        """The household's tables, with the alerts that are its own by number."""
        loose = self._loose.of(str(facts.household["household_id"]))
        return (
            {**facts.tables, "alerts": [*(facts.tables.get("alerts") or ()), *loose]}
            if loose
            else facts.tables
        )

    def _screened(self, facts: Facts, values: Mapping[str, Any]) -> Screened:
        household_id, area = str(facts.household["household_id"]), facts.household.get("area_code")
        stale = self._told.resting if area in self._areas else frozenset()
        if household_id in self._pending:
            stale = self._told.everything
        if self._data is None:
            return self._told.of(facts, values, stale)
        stale |= self._data.stale if self._changes else frozenset()
        return self._told.of(facts, values, stale, self._data.judge(self._whole(facts)))

    def _whole(self, facts: Facts) -> Facts:
        return Facts(facts.household, dict(self._with_alerts(facts)))

    # everything

    @property
    def result_hash(self) -> str:
        """The hash of the results as of the last refresh; that of a run over the same facts."""
        return self._kept.result_hash

    def bits(self) -> dict[str, tuple[int, int]]:
        """Household → fired and unknown rules as bit sets, as of the last refresh."""
        return self._kept.bits()

    def rows(self) -> list[tuple[Any, ...]]:
        """What a run keeps of every household (see ``run_results``), ordered, as of the last refresh."""
        return self._kept.rows()

    def villages(self) -> dict[str, tuple[Any, ...]]:
        """Village → its values and bit sets, as of the last refresh."""
        return dict(self._kept.villages)

    def village_findings(self) -> list[tuple[str, str]]:
        """Village and rule for every rule that fired on a village, as of the last refresh."""
        return self._kept.village_findings()

    def refresh(self) -> Refreshed:
        """Brings what rests on neighbours up to date: only the villages and towns that changes touched are worked out.

        InputError (and everything as before) where the changes gave one number to two rows.
        """
        changes, areas = dict(self._changes), sorted(self._areas)
        self.facts.put(changes)
        moved = self._renew_fences(areas)
        again = {name for name, facts in changes.items() if facts is not None}
        again |= self._pending | self._kept.households_of(moved, changes)
        again -= {name for name, facts in changes.items() if facts is None}
        gone = [name for name, facts in changes.items() if facts is None]
        changed = self._kept.forget(gone)
        for batch in _batches(sorted(again)):
            rows = [self._row(facts) for facts in self.facts.fetch(batch).values()]
            changed += self._kept.replace(rows)
        if self._data is not None:
            again |= self._renew_data(self._data, changes, again)
        villages = self._kept.read_villages(self._loose.unmatched(), {area[:9] for area in areas})
        self._changes, self._pending, self._areas = {}, set(), set()
        return Refreshed(tuple(sorted(again)), tuple(sorted(changed)), tuple(villages))

    def _renew_data(
        self, data: DataFindings, changes: Mapping[str, Facts | None], again: set[str]
    ) -> set[str]:
        """Brings the findings about the data up to date; gives the households that were judged again."""
        moved = (data.refresh(changes) | again) - {name for name, facts in changes.items() if facts is None}
        for batch in _batches(sorted(moved)):
            found = self.facts.fetch(batch)
            data.take((name, data.judge(self._whole(facts))) for name, facts in found.items())
        return moved

    def data_findings(self) -> set[tuple[str, ...]]:
        """Household ('' for rows of none), rule, table and row of every finding about the data, as of the last refresh."""
        return self._data.all() if self._data is not None else set()

    def _row(self, facts: Facts) -> list[Any]:
        """What a run keeps of a household, in the order of ``run_results.result_columns``."""
        values = self._evaluate(facts)
        shown = self.closure.shown(values)
        shown["focus_categories"] = ";".join(shown["focus_categories"])
        area = values.get("area_code") if "area_code" in self.plan.household_given else None
        columns: dict[str, Any] = {
            **shown,
            "household_id": facts.household["household_id"],
            "area_code": area,
        }
        columns |= {f"village__{name}": values[name] for name in results.village_inputs(self.engine)}
        count = results.word_count(len(self.plan.rules))
        for kind, bits in zip(("fired", "unknown"), self.closure.bits(values), strict=True):
            columns |= {f"{kind}_{word}": part for word, part in enumerate(results.split(bits, count))}
        return [columns[name] for name in self._kept.columns]

    # neighbours

    def _has_fences(self) -> bool:
        return any(name.startswith("cost_fence_") for name in self.plan.household_prepared)

    def _read_fences(self) -> dict[tuple[str, str], Any]:
        if not self._has_fences():
            return {}
        found = self.engine.connection.execute(
            "SELECT area_code, work_place, fence FROM cost_fences"
        ).fetchall()
        return {(area, place): fence for area, place, fence in found}

    def _renew_fences(self, areas: list[str]) -> set[str]:
        """Works out the fences of some villages again; gives the villages where one is not what it was."""
        if not self._has_fences() or not areas:
            return set()
        relations = self._near(areas)
        Engine(self.engine.connection, self.engine.sources, self.plan, relations).lay_out_fences()
        now, touched = self._read_fences(), set(areas)
        was = {key: fence for key, fence in self._fences.items() if key[0] in touched}
        moved = {key[0] for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        self._fences = {key: fence for key, fence in self._fences.items() if key[0] not in touched} | now
        return moved

    def _near(self, areas: list[str]) -> dict[str, str]:
        """The facts of the households of some villages, table by table."""
        connection = self.engine.connection
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE near_ids AS SELECT household_id FROM now_households "
            "WHERE area_code IN (SELECT unnest(?::VARCHAR[]))",
            [areas],
        )
        relations = dict(self.facts.relations)
        for name in self.facts.columns:
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW near_{name} AS SELECT * FROM now_{name} SEMI JOIN near_ids USING (household_id)"
            )
            relations[name] = f"near_{name}"
        return relations


def _batches(names: list[str]) -> Iterable[list[str]]:
    for first in range(0, len(names), BATCH):
        yield names[first : first + BATCH]
