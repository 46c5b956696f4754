"""Villages in a what-if: their names, and the rules about villages (shares, rates) worked out on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shouwang.language import current
from shouwang.policy.whatif.result import VillageMove
from shouwang.policy.whatif.sides import OpenedFacts, Side


def village_columns(side: Side) -> list[str]:
    """The household values that a side's rules about villages read."""
    return [name for name in side.engine().village_columns() if name not in ("household_id", "area_code")]


def keep_for_villages(side: Side, first: bool) -> None:
    """Adds the households of ``judged_SIDE`` to ``villages_SIDE``; the first partition makes that table."""
    columns = ", ".join(f'"{name}"' for name in ("household_id", "area_code", *village_columns(side)))
    table = f"villages_{side.name}"
    kind = f"CREATE OR REPLACE TEMP TABLE {table} AS" if first else f"INSERT INTO {table}"
    side.facts.connection.execute(
        f"{kind} SELECT {columns} FROM judged_{side.name} WHERE area_code IS NOT NULL"
    )


def village_names(facts: OpenedFacts) -> dict[str, str]:
    """Area code → name, as far as the table of villages is there."""
    if not {"area_code", "village"} <= facts.present.get("villages", frozenset()):
        return {}
    relation = facts.relations["villages"]
    query = f"SELECT area_code, any_value(village) FROM {relation} WHERE village IS NOT NULL GROUP BY 1"
    return dict(facts.connection.execute(query).fetchall())


def village_moves(
    sides: Sequence[Side], aliases: Sequence[str], names: Mapping[str, str]
) -> list[VillageMove]:
    """The villages in which one of these rules has another answer than before."""
    if not aliases or "area_code" not in sides[0].facts.present["households"]:
        return []
    answers: list[dict[str, dict[str, Any]]] = []
    for side in sides:
        side.enter()
        rows = side.engine().village_rows(f"villages_{side.name}")
        answers.append({row["area_code"]: row for row in rows})
    rules = {rule.alias: (side.plan.pack, rule) for side in sides for rule in side.plan.pack.rules.values()}
    found = []
    for alias in aliases:
        pack, rule = rules[alias]
        for area in sorted(answers[0] | answers[1]):
            was, is_ = (_answer(side, area, alias) for side in answers)
            if was is not is_:
                label = pack.label(rule.name, current())
                found.append(VillageMove(area, names.get(area, ""), rule.name, label, was, is_))
    return found


def _answer(rows: Mapping[str, Mapping[str, Any]], area: str, alias: str) -> bool | None:
    """The answer for a village; no where the side does not have the rule or the village."""
    answer: bool | None = rows.get(area, {}).get(alias, False)
    return answer
