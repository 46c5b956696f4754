"""What if: two packs, days or sets of parameters on the same facts, and who comes in or goes out because of what (RSK-5).

The folder is opened once. Targets that rest on nothing that changed are not worked out; of the others only the steps
that differ are worked out twice (see ``whatif_ground``). Only the differences are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy import parameters
from shouwang.policy.duckdb_engine import PARTITION
from shouwang.policy.loading import read
from shouwang.policy.mistakes import PackError
from shouwang.policy.pack import Pack
from shouwang.policy.whatif.changes import Terms, changes_between, clause_of, said_parameter
from shouwang.policy.whatif.comparing import Comparing
from shouwang.policy.whatif.reasons import MIXTURES
from shouwang.policy.whatif.result import WhatIf
from shouwang.policy.whatif.sides import OpenedFacts, Side
from shouwang.policy.whatif.signatures import differing, differing_villages
from shouwang.policy.whatif.sweep import SweepOrder, sweep
from shouwang.policy.whatif.targets import Target, targets

Step = Callable[[int, str], None]


def _silent(_done: int, _text: str = "") -> None:
    """Nobody watches."""


def terms(pack_name: str, on: date, settings: Mapping[str, str], known: Terms | None = None) -> Terms:
    """One side as it is asked for; the pack of ``known`` is not read again. InputError for what cannot be used."""
    pack = known.pack if known is not None and pack_name == known.asked else _read(pack_name)
    return Terms(pack, on, parameters.read_settings(pack, settings), pack_name)


def _read(pack_name: str) -> Pack:
    """A pack whose form is right; its expressions are checked as it is planned."""
    pack, mistakes = read(pack_name)
    mistakes = mistakes or parameters.mistakes(pack)
    if mistakes:
        raise PackError(pack.id, mistakes)
    return pack


def what_if(
    folder: Path, before: Terms, after: Terms, *, only: Sequence[str] = (), order: SweepOrder | None = None,
    explain_all: bool = False, scratch: Path | None = None, step: Step = _silent, partition: int = PARTITION,
) -> WhatIf:  # fmt: skip
    """Works out both sides over the exchange folder and keeps the differences.

    ``only`` names the rules, focus categories or indicators to watch. With ``order`` one parameter is also swept. For
    more than one change the reasons take mixtures of them; ``explain_all`` lifts the bound on their number.
    InputError where nothing differs (and nothing is swept), and for anything unusable.
    """
    changes = changes_between(before, after)
    if not changes and order is None:
        raise InputError(
            _("换了之后和原来一样，没有什么可比的"),
            where="--then-set / --then-on / --then-pack",
            remedy=_("换一个与原来不同的值、日期或政策包"),
        )
    watched = targets([before.pack, after.pack], only)
    rules = _village_rules(before.pack, after.pack, only)
    facts = OpenedFacts.open(folder, scratch)
    try:
        one, other = Side.of("before", before, facts), Side.of("after", after, facts)
        differ = differing(one.signatures, other.signatures)
        aliases = [
            rule.alias for rule in {**before.pack.rules, **after.pack.rules}.values() if rule.name in rules
        ]
        comparing = Comparing(
            one, other, changes, [target for target in watched if target.value in differ], differ,
            differing_villages(one.signatures, other.signatures, aliases),
            limit=None if explain_all else MIXTURES, step=step, partition=partition,
        )  # fmt: skip
        found = comparing.answer()
        found.untouched = [target for target in watched if target.value not in differ]
        found.parameters = _both_sides(before, after)
        if order is not None:
            found.sweep = sweep(one, order, watched, after, step, partition)
        return found
    finally:
        facts.connection.close()


def _village_rules(before: Pack, after: Pack, only: Sequence[str]) -> set[str]:
    """The rules about villages that are watched."""
    rules = {**before.rules, **after.rules}.values()
    return {rule.name for rule in rules if rule.when_village is not None and (not only or rule.name in only)}


def _both_sides(before: Terms, after: Terms) -> list[dict[str, Any]]:
    """Every parameter with its value and clause on both sides, those that differ first."""
    sides = [parameters.resolve(side.pack, side.on, side.settings) for side in (before, after)]
    rows = []
    for name in dict.fromkeys([*before.pack.parameters, *after.pack.parameters]):
        pack = after.pack if name in after.pack.parameters else before.pack
        pairs = [
            (side.pack, resolved.get(name)) for side, resolved in zip((before, after), sides, strict=True)
        ]
        shown = [said_parameter(p, r) for p, r in pairs]
        rows.append(
            {
                "name": name, "label": pack.label(name, current()), "before": shown[0], "after": shown[1],
                "clause_before": clause_of(*pairs[0]), "clause_after": clause_of(*pairs[1]), "differs": shown[0] != shown[1],
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: not row["differs"])


__all__ = ["Target", "Terms", "terms", "what_if"]
