"""Where a pack may be mutated: each of its expressions, with the names it may use and the rules that reach it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shouwang.policy.expressions import Node, Scope, Value, column, lower, parse
from shouwang.policy.pack import Expression, Pack, Place
from shouwang.policy.plan import VILLAGE_SETS, Plan, _Builder
from shouwang.policy.types import Type

Cell = tuple[str, str]
"""A value by floor and name: a table, a group, ``h`` for households, ``v`` for villages; ``*`` is a group's rows."""

HOUSEHOLD, VILLAGE, ROWS = "h", "v", "*"
OF_HOUSEHOLD = ("aggregate", "indicator", "focus", "rule", "quality")


@dataclass(frozen=True)
class Site:
    """One expression of a pack. ``floors`` are where its value is worked out: the tables of a rule about rows, or one."""

    kind: str  # row, where, group, grouprow, aggregate, indicator, focus, rule, quality, rowrule, village, villagerule
    floors: tuple[str, ...]
    name: str
    source: str  # the table or group whose rows an aggregate goes over, or that a group is made of
    place: Place
    text: str

    @property
    def owner(self) -> str:
        """What people call it: ``rows.members.present``, ``rules.income.fall``."""
        if self.kind in ("row", "grouprow"):
            return f"rows.{self.floors[0]}.{self.name}"
        if self.kind in ("aggregate", "village"):
            return f"aggregates.{self.source}.{self.name}"
        if self.kind in ("where", "group"):
            return f"groups.{self.floors[0]}.{self.name if self.kind == 'group' else 'where'}"
        parts = {"indicator": "indicators", "focus": "focus"}
        return f"{parts.get(self.kind, 'rules')}.{self.name}"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The values that it makes."""
        if self.kind == "where":
            return ((self.floors[0], ROWS),)
        return tuple((floor, self.alias) for floor in self.floors)

    @property
    def alias(self) -> str:
        """The name of its value."""
        if self.kind == "focus":
            return f"focus_{self.name}"
        of_rule = self.kind in ("rule", "quality", "rowrule", "villagerule")
        return "found_" + self.name.replace(".", "_") if of_rule else self.name

    @property
    def tree(self) -> Node:
        return parse(self.text)


def sites_of(pack: Pack) -> list[Site]:
    """Every expression of a pack, in the order of its floors."""
    return [
        Site(kind, floors, name, source, expression.place, str(expression.text))
        for kind, floors, name, source, expression in _written(pack)
        if not isinstance(expression.text, bool)
    ]


def _written(pack: Pack) -> Iterator[tuple[str, tuple[str, ...], str, str, Expression]]:
    for table, listed in pack.rows.items():
        yield from (("row", (table,), name, table, entry) for name, entry in listed.items())
    for group in pack.groups.values():
        if group.where is not None:
            yield "where", (group.name,), "where", group.of, group.where
        yield from (
            ("group", (group.name,), name, group.of, entry) for name, entry in group.aggregates.items()
        )
        yield from (
            ("grouprow", (group.name,), name, group.name, entry) for name, entry in group.rows.items()
        )
    for source, listed in pack.aggregates.items():
        kind, floor = ("village", VILLAGE) if source in VILLAGE_SETS else ("aggregate", HOUSEHOLD)
        yield from ((kind, (floor,), name, source, entry) for name, entry in listed.items())
    for name, indicator in pack.indicators.items():
        yield "indicator", (HOUSEHOLD,), name, HOUSEHOLD, indicator.expression
    for name, focus in pack.focus.items():
        yield "focus", (HOUSEHOLD,), name, HOUSEHOLD, focus.when
    for rule in pack.rules.values():
        if rule.when is not None:
            yield "rule", (HOUSEHOLD,), rule.name, HOUSEHOLD, rule.when
        if rule.when_village is not None:
            yield "villagerule", (VILLAGE,), rule.name, VILLAGE, rule.when_village
    for quality in pack.quality.values():
        if quality.of_household:
            yield "quality", (HOUSEHOLD,), quality.name, HOUSEHOLD, quality.when
        if quality.row_tables:
            yield "rowrule", quality.row_tables, quality.name, "", quality.when


class Names:
    """What the expressions of one plan may name, floor by floor; lowers them, mutated or not."""

    def __init__(self, builder: _Builder, plan: Plan) -> None:
        self._builder, self.plan = builder, plan
        village = {
            step.name: Value(step.value.type, column(step.name), absent=step.value.absent)
            for step in plan.village
        }
        self._columns: dict[str, Mapping[str, Value]] = {
            **builder.symbols,
            HOUSEHOLD: builder.names,
            VILLAGE: village,
        }

    def of(self, site: Site, floor: str) -> Mapping[str, Value]:
        """The names that the site's expression may use on a floor; inside an aggregate, those of the rows."""
        if site.kind == "village":
            return self._columns["alerts" if site.source == "unmatched_alerts" else HOUSEHOLD]
        return self._columns.get(site.source or floor, {})

    def parameters(self, site: Site) -> Mapping[str, Value]:
        """The parameters that the site's expression may use."""
        whole = site.floors == (HOUSEHOLD,) and site.kind != "aggregate"
        return self._builder.parameters if whole else self._builder.rowwise

    def lower(
        self, site: Site, floor: str, tree: Node, more: Mapping[str, Value] | None = None
    ) -> tuple[Value, dict[str, tuple[str, str, Value | None]]]:
        """The lowered tree, and the aggregates it needs: name → rows, function, argument. ExpressionMistake if it is none."""
        columns, parameters = self.of(site, floor), {**self.parameters(site), **(more or {})}
        if site.kind not in ("aggregate", "group", "village"):
            return lower(tree, Scope(columns, parameters)), {}
        scope = Scope({}, parameters, rows=columns, prefix="mutant")
        value = lower(tree, scope)
        needed = {p.name: (site.source, p.function, p.argument) for p in scope.primitives.values()}
        return value, needed

    def type_of(self, site: Site, name: str) -> Type | None:
        """The type of a name that the site uses."""
        found = self.of(site, site.floors[0]).get(name)
        return found.type if found else None
