"""``python -m tests.oracle_quality.differences [FIRST] [COUNT] [RULE…]``: where oracle and pack differ, by rule."""

from __future__ import annotations

import sys
from collections import defaultdict
from pprint import pformat

from tests.oracle.logic import Truth

from .comparing import through_pack
from .judge import Cell, judge
from .made_up import random_world
from .world import World


def differences(world: World) -> dict[Cell, tuple[Truth, Truth, Truth]]:
    """Cells on which the oracle, DuckDB and the closure do not agree, with the three answers."""
    ours = judge(world)
    duckdb, closure = through_pack(world)
    return {
        cell: (ours.get(cell), duckdb.get(cell), closure.get(cell))
        for cell in ours.keys() | duckdb.keys()
        if not (ours.get(cell) is duckdb.get(cell) is closure.get(cell))
    }


def told(world: World, cell: Cell, *tables: str) -> str:
    """The facts of the cell's household (or row), without what is empty."""
    lines = []
    for table, rows in world.tables.items():
        if rows is None or (tables and table not in tables):
            continue
        keep = [{k: v for k, v in r.items() if v is not None} for r in rows if cell[0] in (r.get("household_id"), table)]
        lines += [f"  {table}: {pformat(row, width=150, compact=True)}" for row in keep[:12]]
    return "\n".join(lines)


def main(first: int, count: int, rules: list[str]) -> None:
    by_rule: dict[str, list[tuple[int, Cell, tuple[Truth, Truth, Truth]]]] = defaultdict(list)
    for seed in range(first, first + count):
        world = random_world(seed)
        for cell, answers in differences(world).items():
            by_rule[cell[-1]].append((seed, cell, answers))
    for name, found in sorted(by_rule.items()):
        if rules and name not in rules:
            continue
        kinds: dict[tuple[Truth, Truth, Truth], int] = defaultdict(int)
        for _seed, _cell, answers in found:
            kinds[answers] += 1
        print(f"{name}: {len(found)}  (oracle, DuckDB, closure) {dict(kinds)}")
        if rules:
            for seed, cell, answers in found[:3]:
                print(f" seed {seed} {cell} {answers}\n{told(random_world(seed), cell)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
