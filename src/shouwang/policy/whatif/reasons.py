"""Because of what a household moves: which single change gives it the new result, or which together.

Worked out, not guessed: "before" is worked out again with only some of the changes made, for the households that move.
Where a mixture reads a value exactly as one side does (same signature), its result is that side's, and nothing needs
to be worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shouwang.policy.mistakes import PackError
from shouwang.policy.whatif.changes import Change, mixed
from shouwang.policy.whatif.ground import Ground, columns_of
from shouwang.policy.whatif.sides import Side
from shouwang.policy.whatif.targets import Target

MIXTURES = 60  # mixtures of changes worked out unless all are asked for
Pair = tuple[str, int]  # household number, place of the target
Chosen = frozenset[int]  # places of changes


@dataclass
class Reasons:
    """Pair → the changes (by place) that move it alone; or, where none does, a set that does together.

    ``open`` pairs were not worked out, because that would have taken too many mixtures.
    """

    alone: dict[Pair, list[int]] = field(default_factory=dict)
    together: dict[Pair, Chosen] = field(default_factory=dict)
    open: set[Pair] = field(default_factory=set)


@dataclass
class Explaining:
    """Works out :class:`Reasons` for the pairs in the table ``moved``, on the kept ground of these households."""

    ground: Ground
    changes: Sequence[Change]
    targets: Sequence[Target]
    kept: str
    limit: int | None = MIXTURES
    _reached: dict[Chosen, set[Pair]] = field(default_factory=dict)

    def reasons(self, pairs: Iterable[Pair]) -> Reasons:
        """The reasons of these pairs (all of ``moved``)."""
        found, waiting = Reasons(), set(pairs)
        if len(self.changes) == 1:
            found.alone = {pair: [0] for pair in waiting}
            return found
        for place in range(len(self.changes)):
            for pair in self._reaches(frozenset({place})) & waiting:
                found.alone.setdefault(pair, []).append(place)
        self._together(waiting - found.alone.keys(), found)
        return found

    def _together(self, waiting: set[Pair], found: Reasons) -> None:
        """Takes away one change after the other while the result stays that of "after"."""
        everything: Chosen = frozenset(range(len(self.changes)))
        groups: dict[Chosen, set[Pair]] = {everything: waiting} if waiting else {}
        for place in range(len(self.changes)):
            smaller: dict[Chosen, set[Pair]] = {}
            for chosen, pairs in groups.items():
                less = chosen - {place}
                if self.limit is not None and len(self._reached) >= self.limit and less not in self._reached:
                    found.open |= pairs
                    continue
                without = pairs & self._reaches(less)
                for key, some in ((less, without), (chosen, pairs - without)):
                    if some:
                        smaller.setdefault(key, set()).update(some)
            groups = smaller
        for chosen, pairs in groups.items():
            found.together |= dict.fromkeys(pairs - found.open, chosen)

    def _reaches(self, chosen: Chosen) -> set[Pair]:
        """The pairs that have the result of "after" when only these changes are made."""
        if chosen not in self._reached:
            self._reached[chosen] = self._worked_out(chosen)
        return self._reached[chosen]

    def _worked_out(self, chosen: Chosen) -> set[Pair]:
        before, after = self.ground.before, self.ground.after
        terms = mixed(
            before.terms.fixed(), after.terms.fixed(), [self.changes[place] for place in sorted(chosen)]
        )
        try:
            side = Side.of("mixture", terms, before.facts)
        except PackError:  # a text that needs another one: it cannot stand alone
            return set()
        same, asked = self._sorted_out(side)
        found = set(self._moved(f"target IN ({', '.join(map(str, same))})")) if same else set()
        if asked:
            names = {self.targets[place].value for place in asked}
            if self.ground.holds(side, names):
                self.ground.judge(side, names, "judged_mixture", self.kept)
            else:
                wanted = {column: f'"{column}"' for column in columns_of(side.plan, names)}
                side.engine().make("judged_mixture", side.rows(names, wanted, only="kept_households"))
            answers = " UNION ALL ".join(
                f"SELECT household_id, {place} AS target, {self.targets[place].sql(side.plan)} AS answer FROM judged_mixture"
                for place in asked
            )
            found |= set(
                self._moved(
                    "j.answer IS NOT DISTINCT FROM m.after_is",
                    f"JOIN ({answers}) AS j USING (household_id, target)",
                )
            )
        return found

    def _sorted_out(self, side: Side) -> tuple[list[int], list[int]]:
        """Targets that the mixture works out as "after" does, and those that it works out as neither side does."""
        same, asked = [], []
        for place, target in enumerate(self.targets):
            there = [
                s.plan.step(target.value) is not None for s in (self.ground.before, self.ground.after, side)
            ]
            signatures = [
                s.signatures.of(target.value) if known else ""
                for s, known in zip((self.ground.before, self.ground.after, side), there, strict=True)
            ]
            if signatures[2] == signatures[1]:
                same.append(place)
            elif signatures[2] != signatures[0]:
                asked.append(place)
        return same, asked

    def _moved(self, condition: str, join: str = "") -> list[Pair]:
        query = f"SELECT m.household_id, m.target FROM moved AS m {join} WHERE {condition}"
        return [(row[0], row[1]) for row in self.ground.before.facts.connection.execute(query).fetchall()]
