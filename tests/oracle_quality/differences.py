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

# Rules of which the oracle and the pack may differ between unknown and no; neither fires (READING.md says why).
UNKNOWN_IS_NO = frozenset(
    (
        "asset.official_size", "dates.discovery", "dates.status", "fresh.contact_visit", "guarantee.alert_disagrees",
        "guarantee.old_alone", "guarantee.open_long", "household.twice", "identity.certificate_form", "identity.duplicate",
        "job.cost", "job.under_16", "match.guarantees", "match.health", "match.list_quality", "match.people", "measure.benefit_unpaid",
        "measure.weak_untried", "money.band_disagrees", "money.not_itemised", "money.unlinked", "removed.record",
        "removed.unanswered", "risk.no_labour", "risk.number", "risk.visit_answer", "safeguard.not_covered",
        "school.flag_disagrees",
    )
)  # fmt: skip


def differences(world: World) -> dict[Cell, tuple[Truth, Truth, Truth]]:
    """Cells on which the oracle, DuckDB and the closure do not agree, with the three answers."""
    ours = judge(world)
    duckdb, closure = through_pack(world)
    if world.lacks_columns:
        closure = duckdb  # the closure does not know which columns other tables lack
    rough = world.lacks_columns  # what a missing column leaves open is looked at in the cases
    return {
        cell: (ours.get(cell), duckdb.get(cell), closure.get(cell))
        for cell in ours.keys() | duckdb.keys()
        if not (
            _same(cell, ours.get(cell), duckdb.get(cell), rough) and duckdb.get(cell) is closure.get(cell)
        )
    }


def _same(cell: Cell, ours: Truth, theirs: Truth, rough: bool) -> bool:
    return ours is theirs or ((rough or cell[-1] in UNKNOWN_IS_NO) and True not in (ours, theirs))


def told(world: World, cell: Cell, *tables: str) -> str:
    """The facts of the cell's household (or row), without what is empty."""
    lines = []
    for table, rows in world.tables.items():
        if rows is None or (tables and table not in tables):
            continue
        own = [r for r in rows if cell[0] in (r.get("household_id"), table)]
        keep = [{k: v for k, v in r.items() if v is not None and k != "household_id"} for r in own]
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
