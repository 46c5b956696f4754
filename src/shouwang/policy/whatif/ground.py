"""What both sides of a what-if stand on: one narrow table per partition with the values that are alike on both.

Only steps that differ are worked out twice. What they read and what is alike (income, guarantees …) is worked out once;
aggregates that differ are worked out per side. Columns are kept by signature, so that any mixture of the two sides
finds what it needs, if it is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shouwang.policy.duckdb_sql import household_steps_query
from shouwang.policy.plan import Plan, Step, reads
from shouwang.policy.whatif.sides import Side

GROUND = "ground"


def columns_of(plan: Plan, names: Iterable[str]) -> set[str]:
    """The columns in which values stand: two for a quotient. Values that the plan does not have are left out."""
    found = set()
    for name in names:
        step = plan.step(name)
        if step is not None:
            found |= {f"{name}__n", f"{name}__d"} if step.value.denominator is not None else {name}
        elif (
            name in plan.household_given
            or name in plan.household_prepared
            or _step(plan, name) is not None
            or name.startswith("parameter__")
        ):
            found.add(name)
    return found


def _step(plan: Plan, column: str) -> Step | None:
    return plan.step(column) or plan.step(column.removesuffix("__n").removesuffix("__d"))


@dataclass
class Reading:
    """What a side works out on the ground for some values: the steps in order, and the columns they read."""

    steps: list[Step]
    columns: set[str]
    wanted: set[str]


def reading(plan: Plan, differing: set[str], names: Iterable[str]) -> Reading:
    """Follows ``names`` down to what is not to be worked out on the ground: what is alike, and aggregates."""
    wanted = columns_of(plan, names)
    waiting, seen = list(wanted), set(wanted)
    steps: dict[str, Step] = {}
    columns = set()
    while waiting:
        column = waiting.pop()
        step = _step(plan, column)
        if step is None or step.kind == "aggregate" or step.name not in differing:
            columns.add(column)
            continue
        steps[step.name] = step
        fresh = reads(step.value) - seen
        seen |= fresh
        waiting += fresh
    ordered = [step for step in plan.household if step.name in steps]
    return Reading(ordered, columns, wanted)


@dataclass
class Ground:
    """The table ``ground`` of one partition: household_id, area_code, and a column per signature."""

    before: Side
    after: Side
    differing: set[str]
    columns: dict[str, str] = field(default_factory=dict)  # signature → column
    _own: tuple[dict[str, str], dict[str, str]] = field(
        default_factory=lambda: ({}, {})
    )  # per side: column there → here

    def need(self, names: Iterable[str], side: Side) -> None:
        """Makes the ground hold what ``side`` reads to work out ``names``; before the first partition is laid."""
        self.need_columns(reading(side.plan, self.differing, names).columns, side)

    def need_columns(self, columns: Iterable[str], side: Side) -> None:
        """The same for columns; what the ground has already is not worked out again."""
        other = 0 if side is self.before else 1
        for column in sorted(columns):
            signature = side.signatures.of(column)
            if signature not in self.columns:
                self.columns[signature] = f"c{len(self.columns)}"
                self._own[other][column] = self.columns[signature]

    def lay(self, low: str | None, high: str | None) -> None:
        """Works out the ground of one range of households."""
        first, second = self._own
        engine = self.before.engine()
        engine.make("ground_before", self.before.rows(first, first, low, high))
        query = "FROM ground_before"
        if second:
            self.after.engine().make("ground_after", self.after.rows(second, second, low, high))
            query = "SELECT b.*, a.* EXCLUDE (household_id, area_code) FROM ground_before AS b JOIN ground_after AS a USING (household_id)"
        engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {GROUND} AS {query}")

    def holds(self, side: Side, names: Iterable[str]) -> bool:
        """Whether a side finds here everything that it reads to work out ``names``."""
        found = reading(side.plan, self.differing, names)
        return all(side.signatures.of(column) in self.columns for column in found.columns)

    def judge(self, side: Side, names: Iterable[str], into: str, ground: str = GROUND) -> None:
        """Works out values of a side over the ground (or the part of it in ``ground``) into the table ``into``."""
        found = reading(side.plan, self.differing, names)
        chosen = [
            f'{self.columns[side.signatures.of(c)]} AS "{c}"'
            for c in sorted(found.columns - {"area_code", "household_id"})
        ]
        source = f"read_by_{side.name}"
        engine = side.engine()
        engine.connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{source}" AS SELECT {", ".join(["household_id", "area_code", *chosen])} FROM {ground}'
        )
        columns = {"household_id", "area_code", *found.columns}
        query = household_steps_query(
            found.steps, source, columns, {"household_id", "area_code", *found.wanted}
        )
        engine.make(into, query)
