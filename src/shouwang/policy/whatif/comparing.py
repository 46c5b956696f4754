"""Goes through the households partition by partition and keeps those whose answer differs, with what explains it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouwang.language import _
from shouwang.policy.plan import Plan
from shouwang.policy.whatif.changes import Change
from shouwang.policy.whatif.evidence import Fact, Seen, facts, said, shown_sql
from shouwang.policy.whatif.ground import GROUND, Ground
from shouwang.policy.whatif.reasons import Explaining, Pair, Reasons
from shouwang.policy.whatif.result import Count, Move, Moved, Village, WhatIf
from shouwang.policy.whatif.sides import Side
from shouwang.policy.whatif.targets import Target
from shouwang.policy.whatif.villages import keep_for_villages, village_columns, village_moves, village_names

Step = Callable[[int, str], None]


@dataclass
class Comparing:
    """One comparison: ``targets`` are those that differ somewhere, ``villages`` the rules about villages that do."""

    before: Side
    after: Side
    changes: Sequence[Change]
    targets: Sequence[Target]
    differing: set[str]
    villages: Sequence[str]
    limit: int | None
    step: Step
    partition: int
    households: int = 0
    counts: dict[str, dict[int, Count]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Count))
    )
    sizes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.connection = self.before.facts.connection
        self.ground = Ground(self.before, self.after, self.differing)
        changed = {change.name for change in self.changes if change.part == "parameter"}
        self.facts: dict[int, list[Fact]] = {}
        for place, target in enumerate(self.targets):
            listed = [
                f
                for side in (self.after, self.before)
                for f in facts(side.plan, target, self.differing, changed)
            ]
            self.facts[place] = list(dict.fromkeys(listed))
        self.values = sorted({fact.name for listed in self.facts.values() for fact in listed})

    def answer(self) -> WhatIf:
        """Works everything out; ``untouched``, ``parameters`` and ``sweep`` are left to the caller."""
        if self.targets or self.villages:
            self._lay_out()
            bounds = self.before.engine().bounds(self.partition)
            for place, (low, high) in enumerate(bounds, 1):
                self.ground.lay(low, high)
                self._one_partition()
                self.step(place * 80 // len(bounds), _("{n} 户").format(n=self.households))
        else:
            row = self.connection.execute(
                f"SELECT count(*) FROM {self.before.facts.relations['households']}"
            ).fetchone()
            self.households = int(row[0]) if row else 0
        names = village_names(self.before.facts)
        reasons = self._reasons()
        self.step(95, "")
        return WhatIf(
            self.before.terms, self.after.terms, self.households, self.changes, self.targets, [], self._totals(),
            self._villages(names), self._moves(reasons), village_moves((self.before, self.after), self.villages, names), self._by_change(reasons),
            len(reasons.together), len(reasons.open),
        )  # fmt: skip

    # partition by partition

    def _names(self, side: Side) -> list[str]:
        """What a side works out: the targets, the facts shown beside a move, and what villages read."""
        found = [target.value for target in self.targets] + self.values
        return found + (village_columns(side) if self.villages else [])

    def _lay_out(self) -> None:
        for side in (self.before, self.after):
            self.ground.need(self._names(side), side)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE moved (household_id VARCHAR, area_code VARCHAR, target INTEGER, before_was BOOLEAN, after_is BOOLEAN)"
        )

    def _one_partition(self) -> None:
        for side in (self.before, self.after):
            self.ground.judge(side, self._names(side), f"judged_{side.name}")
        first = not self.households
        if self.targets:
            self._compare()
            self._keep(first)
        self._count()
        if self.villages:
            for side in (self.before, self.after):
                keep_for_villages(side, first)

    def _compare(self) -> None:
        """The table ``compared``: both answers to every target; those that differ go to ``moved``."""
        pairs = [
            f"{target.sql(side.plan).replace(_quoted(target.value), f'{side.name[0]}.{_quoted(target.value)}')} AS {side.name[0]}{place}"
            for place, target in enumerate(self.targets) for side in (self.before, self.after)
        ]  # fmt: skip
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE compared AS SELECT b.household_id, b.area_code, {', '.join(pairs)} "
            "FROM judged_before AS b JOIN judged_after AS a USING (household_id)"
        )
        selects = " UNION ALL ".join(
            f"SELECT household_id, area_code, {place}, b{place}, a{place} FROM compared WHERE b{place} IS DISTINCT FROM a{place}"
            for place in range(len(self.targets))
        )
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE moved_here AS SELECT * FROM ({selects}) AS m(household_id, area_code, target, before_was, after_is)"
        )
        self.connection.execute("INSERT INTO moved FROM moved_here")

    def _keep(self, first: bool) -> None:
        """Keeps, of the households that move, what is shown of them and what mixtures of the changes will read."""
        only = "WHERE household_id IN (SELECT household_id FROM moved_here)"
        shown = {
            side.name: ", ".join(
                [
                    "household_id",
                    *(f'{shown_sql(side.plan, name)} AS "{side.name}__{name}"' for name in self.values),
                ]
            )
            for side in (self.before, self.after)
        }
        kind = "CREATE OR REPLACE TEMP TABLE {} AS" if first else "INSERT INTO {}"
        self.connection.execute(
            f"{kind.format('kept_values')} SELECT * FROM (SELECT {shown['before']} FROM judged_before {only}) "
            f"JOIN (SELECT {shown['after']} FROM judged_after {only}) USING (household_id)"
        )
        if len(self.changes) > 1:
            self.connection.execute(f"{kind.format('kept_ground')} SELECT * FROM {GROUND} {only}")

    def _count(self) -> None:
        """Adds up the totals of both sides by village."""
        columns = [
            f"count(*) FILTER ({side}{place}), count(*) FILTER ({side}{place} IS NULL)"
            for place in range(len(self.targets)) for side in ("b", "a")
        ]  # fmt: skip
        source = "compared" if self.targets else "judged_before"
        rows = self.connection.execute(
            f"SELECT coalesce(area_code, ''), {', '.join(['count(*)', *columns])} FROM {source} GROUP BY 1"
        )
        for area, households, *numbers in rows.fetchall():
            self.households += households
            self.sizes[area] += households
            for place in range(len(self.targets)):
                count = self.counts[area][place]
                before, before_unknown, after, after_unknown = numbers[4 * place : 4 * place + 4]
                count.before, count.before_unknown = (
                    count.before + before,
                    count.before_unknown + before_unknown,
                )
                count.after, count.after_unknown = count.after + after, count.after_unknown + after_unknown

    # at the end

    def _reasons(self) -> Reasons:
        if not self.targets:
            return Reasons()
        pairs: list[Pair] = [
            (row[0], row[1])
            for row in self.connection.execute("SELECT household_id, target FROM moved").fetchall()
        ]
        if not pairs:
            return Reasons()
        if len(self.changes) > 1:
            self.connection.execute(
                "CREATE OR REPLACE TEMP TABLE kept_households AS SELECT DISTINCT household_id FROM moved"
            )
        return Explaining(self.ground, self.changes, self.targets, "kept_ground", self.limit).reasons(pairs)

    def _moves(self, reasons: Reasons) -> list[Move]:
        if not self.targets:
            return []
        own = self.before.facts.present["households"]
        own_names = ", ".join(
            f"h.{name}" if name in own else f"NULL AS {name}" for name in ("group_name", "head_name")
        )
        cursor = self.connection.execute(
            f"SELECT m.*, {own_names}, v.* EXCLUDE (household_id) FROM moved AS m JOIN kept_values AS v USING (household_id) "
            f"LEFT JOIN {self.before.facts.relations['households']} AS h USING (household_id) ORDER BY m.target, m.area_code, m.household_id"
        )
        columns = [entry[0] for entry in cursor.description][7:]
        width = len(self.values)
        assert columns[:width] == [f"before__{name}" for name in self.values]
        found = []
        bounds: dict[str, dict[str, tuple[Any, Any]]] = {}
        while batch := cursor.fetchmany(10_000):
            for household_id, area, target, was, is_, group, head, *values in batch:
                if area not in bounds:
                    bounds[area] = self._bounds(area)
                halves = [
                    dict(zip(self.values, half, strict=True)) for half in (values[:width], values[width:])
                ]
                plan = self._plan_with(self.targets[target])
                places, together = _because(reasons, (household_id, target))
                names = {
                    self.changes[place].name for place in places if self.changes[place].part == "parameter"
                }
                shown = said(plan, self.facts[target], Seen(halves[0], halves[1], bounds[area]), names)
                found.append(
                    Move(
                        household_id,
                        area or "",
                        group or "",
                        head or "",
                        target,
                        was,
                        is_,
                        places,
                        together,
                        shown,
                    )
                )
        return found

    def _plan_with(self, target: Target) -> Plan:
        """The plan whose words are used for a target: the later one that has it."""
        return (self.after if self.after.plan.step(target.value) is not None else self.before).plan

    def _bounds(self, area: str | None) -> dict[str, tuple[Any, Any]]:
        """The values of the changed parameters in a place, before and after."""
        found = {}
        for change in self.changes:
            if change.part == "parameter":
                sides = (self.before.plan, self.after.plan)
                held = [
                    s.parameters[change.name].at(area or s.pack.area) if change.name in s.parameters else None
                    for s in sides
                ]
                found[change.name] = (held[0], held[1])
        return found

    def _totals(self) -> dict[int, Count]:
        self._count_moves()
        return {
            place: _sum(counts[place] for counts in self.counts.values())
            for place in range(len(self.targets))
        }

    def _count_moves(self) -> None:
        """How many come in and go out, by village."""
        if self.targets:
            query = "SELECT coalesce(area_code, ''), target, before_was, after_is, count(*) FROM moved GROUP BY ALL"
            for area, target, was, is_, households in self.connection.execute(query).fetchall():
                self.counts[area][target].add(was, is_, households)

    def _villages(self, names: dict[str, str]) -> list[Village]:
        return [
            Village(area, names.get(area, ""), self.sizes[area], dict(self.counts[area]))
            for area in sorted(self.sizes)
        ]

    def _by_change(self, reasons: Reasons) -> list[Moved]:
        pairs: dict[int, int] = defaultdict(int)
        households: dict[int, set[str]] = defaultdict(set)
        for (household_id, _target), places in reasons.alone.items():
            for place in places:
                pairs[place] += 1
                households[place].add(household_id)
        return [
            Moved(change, len(households[place]), pairs[place]) for place, change in enumerate(self.changes)
        ]


def _because(reasons: Reasons, pair: Pair) -> tuple[tuple[int, ...], bool]:
    if pair in reasons.alone:
        return tuple(reasons.alone[pair]), False
    return tuple(sorted(reasons.together.get(pair, ()))), pair in reasons.together


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(count, name))
    return total


def _quoted(name: str) -> str:
    return f'"{name}"'
