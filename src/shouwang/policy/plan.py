"""One plan: every value a pack asks for, checked, in order, with only what is needed; what the builders work from.

Values live on three floors. *Row sets* are the rows of a table, or rows put together within a household; they have
columns given, prepared and worked out. *Household* values are aggregates over row sets, indicators, focus
categories and the results of rules. *Village* values are aggregates over households, over the households of the
town, and over alerts that belong to no household.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heapify, heappop, heappush
from typing import Any

from sqlglot import exp

from shouwang.language import _
from shouwang.policy import parameters as parameters_
from shouwang.policy.expressions import Node, Primitive, Scope, Value, column, lower, names, parse
from shouwang.policy.mistakes import ExpressionMistake, Mistake
from shouwang.policy.pack import Expression, Pack, ParameterValue, Place, QualityRule, Rule
from shouwang.policy.prepared import PREPARED
from shouwang.policy.types import BOOL, NULL, Type, of_column
from shouwang.tables.dictionary import TABLES

VILLAGE_SETS = ("villages", "towns", "unmatched_alerts")
Present = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Step:
    """One named value, worked out in ``layer`` (1 is after the given columns)."""

    name: str
    value: Value
    layer: int
    source: Expression
    kind: str = "value"  # value, aggregate, indicator, focus, rule, quality


@dataclass
class RowSet:
    """The rows of a table (``table``), or of another row set put together by a column (``of``, ``by``)."""

    name: str
    table: str
    present: bool = True
    of: str = ""
    by: str = ""
    where: Value | None = None
    given: set[str] = field(default_factory=set)
    prepared: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    primitives: dict[str, Primitive] = field(
        default_factory=dict
    )  # aggregates to one row per household (or village)
    grouped: dict[str, Primitive] = field(
        default_factory=dict
    )  # aggregates that make this row set from ``of``
    grouped_steps: list[Step] = field(default_factory=list)


@dataclass
class Plan:
    """Everything that the builders need, pruned to what is used and ordered so that each step reads earlier ones."""

    pack: Pack
    on: date
    window: str
    present: Present
    parameters: dict[str, parameters_.Resolved]
    row_sets: dict[str, RowSet] = field(default_factory=dict)
    household_given: set[str] = field(default_factory=set)
    household_prepared: set[str] = field(default_factory=set)
    household: list[Step] = field(default_factory=list)
    village_sets: dict[str, RowSet] = field(default_factory=dict)
    village: list[Step] = field(default_factory=list)
    quality: bool = False  # worked out are the findings about the data, not those about the household
    with_quality: bool = (
        False  # beside those about the household also those about the data, of a household as a whole
    )
    row_rules: dict[str, RowSet] = field(
        default_factory=dict
    )  # table → its rows with quality rules of their own

    @property
    def per_household(self) -> Mapping[str, Rule | QualityRule]:
        """The rules that are worked out per household, in the order of their bits."""
        if self.quality:
            return {name: rule for name, rule in self.pack.quality.items() if rule.of_household}
        return self.pack.rules

    @property
    def ranges(self) -> tuple[ParameterValue, ...]:
        """Every monitoring range, whenever and wherever it held; the one set by hand, if one is."""
        resolved, parameter = (
            self.parameters.get("monitoring_range"),
            self.pack.parameters.get("monitoring_range"),
        )
        if resolved is None or parameter is None:
            return ()
        return (resolved.everywhere,) if resolved.set_by_hand and resolved.everywhere else parameter.values

    @property
    def rules(self) -> list[str]:
        """Rule ids in the order of their bits."""
        return list(self.per_household)

    def step(self, name: str) -> Step | None:
        """The household step of that name."""
        return self._by_name.get(name)

    @property
    def _by_name(self) -> dict[str, Step]:
        cached: dict[str, Step] | None = self.__dict__.get("_steps")
        if cached is None:
            cached = self.__dict__["_steps"] = {step.name: step for step in self.household}
        return cached


def check(pack: Pack) -> list[Mistake]:
    """Every mistake in the expressions of a pack, with file, line and remedy; an empty list where there is none."""
    builder = _Builder(pack, pack.first or date.today(), {}, None)
    pack.__dict__["_whole"] = builder.build()
    if pack.quality and not builder.mistakes:
        builder.mistakes += _quality_mistakes(pack)
    return builder.mistakes + parameters_.mistakes(pack)


def _quality_mistakes(pack: Pack) -> list[Mistake]:
    builder = _Builder(pack, pack.first or date.today(), {}, None, quality=True)
    builder.build()
    return builder.mistakes


def build(
    pack: Pack, on: date, settings: Mapping[str, Any] | None = None, present: Present | None = None,
    *, quality: bool = False, with_quality: bool = False,
) -> Plan:  # fmt: skip
    """The plan for one day, with parameters set otherwise and only the tables and columns that are there.

    ``quality`` asks for the findings about the data instead of those about the household; ``with_quality`` for the
    former's household rules beside the latter, so that what both read is worked out once. The pack must be free of
    mistakes (see :func:`check`).
    """
    builder = _Builder(pack, on, settings or {}, present, quality=quality)
    builder.plan.with_quality = with_quality
    builder.written = builder.written.reached(pack, quality=quality, with_quality=with_quality)
    plan = builder.build()
    if builder.mistakes:
        from shouwang.policy.mistakes import PackError

        raise PackError(pack.id, builder.mistakes)
    return plan


def whole_plan(pack: Pack) -> Plan:
    """The plan over every table and column: what a pack reads if it is all there."""
    if "_whole" not in pack.__dict__:
        check(pack)
    plan: Plan = pack.__dict__["_whole"]
    return plan


def absent(type_: Type) -> Value:
    """The value of a column that the data lacks as a whole."""
    return Value(type_, exp.Null(), absent=True)


@dataclass(frozen=True)
class Written:
    """The expressions of a pack by floor and name: rows and aggregates by table, household steps by kind."""

    rows: Mapping[str, Mapping[str, Expression]]
    aggregates: Mapping[str, Mapping[str, Expression]]
    steps: Mapping[str, Mapping[str, Expression]]

    @classmethod
    def of(cls, pack: Pack) -> Written:
        """Everything that a pack says."""
        anyone = " or ".join(f"focus_{name}" for name in pack.focus) or "false"
        indicators = {name: entry.expression for name, entry in pack.indicators.items()}
        steps = {
            "indicator": {**indicators, "in_focus": Expression(anyone, Place("focus.yaml", 1))},
            "focus": {f"focus_{name}": focus.when for name, focus in pack.focus.items()},
            "rule": {rule.alias: rule.when for rule in pack.rules.values() if rule.when is not None},
            "quality": {rule.alias: rule.when for rule in pack.quality.values() if rule.of_household},
        }
        return cls(pack.rows, pack.aggregates, steps)

    def reached(self, pack: Pack, *, quality: bool, with_quality: bool = False) -> Written:
        """Only what the results of a plan can read, told from the texts alone; the rest need not be lowered."""
        texts = {name: entry for kind in self.steps.values() for name, entry in kind.items()}
        wanted = set(self.steps["quality"]) if quality else {*self.steps["rule"], *self.steps["focus"]}
        if with_quality:
            wanted |= _told_of_data(pack)
        rules: Iterable[Rule | QualityRule] = pack.quality.values() if quality else pack.rules.values()
        for rule in rules:
            wanted |= {*placeholders(rule.says), *placeholders(rule.says_en)}
        if not quality:
            wanted |= {name for name, entry in pack.indicators.items() if entry.shown}
            for village in VILLAGE_SETS:
                wanted |= _read_by(self.aggregates.get(village, {}).values())
        _spread(wanted, texts)
        aggregates = {
            table: {name: entry for name, entry in listed.items() if table in VILLAGE_SETS or name in wanted}
            for table, listed in self.aggregates.items()
        }
        steps = {
            kind: {name: entry for name, entry in listed.items() if name in wanted}
            for kind, listed in self.steps.items()
        }
        return Written(self._rows_reached(pack, aggregates, quality=quality), aggregates, steps)

    def _rows_reached(
        self, pack: Pack, aggregates: Mapping[str, Mapping[str, Expression]], *, quality: bool
    ) -> dict[str, dict[str, Expression]]:
        found = {}
        for table, listed in self.rows.items():
            wanted = _read_by(aggregates.get(table, {}).values())
            if table == "alerts":
                wanted |= _read_by(aggregates.get("unmatched_alerts", {}).values())
            for group in pack.groups.values():
                if group.of == table:
                    wanted |= _read_by([*group.aggregates.values(), *([group.where] if group.where else [])])
            for rule in pack.quality.values() if quality else ():
                if table in rule.row_tables:
                    wanted |= {*_read_by([rule.when]), *placeholders(rule.says), *placeholders(rule.says_en)}
            _spread(wanted, listed)
            found[table] = {name: entry for name, entry in listed.items() if name in wanted}
        return found


def _told_of_data(pack: Pack) -> set[str]:
    """The household values that the findings about the data of a household as a whole are told by."""
    found = set[str]()
    for rule in pack.quality.values():
        if rule.of_household:
            found |= {rule.alias, *placeholders(rule.says), *placeholders(rule.says_en)}
    return found


def _read_by(expressions: Iterable[Expression]) -> set[str]:
    return set().union(*(names(parse(expression.text)) for expression in expressions))


def _spread(wanted: set[str], texts: Mapping[str, Expression]) -> None:
    """Adds to ``wanted`` every name that the texts of wanted names read."""
    waiting = [name for name in wanted if name in texts]
    while waiting:
        for name in _read_by([texts[waiting.pop()]]):
            if name not in wanted:
                wanted.add(name)
                if name in texts:
                    waiting.append(name)


class _Builder:
    """Builds the plan floor by floor and gathers mistakes on the way, so that all are told at once."""

    def __init__(
        self,
        pack: Pack,
        on: date,
        settings: Mapping[str, Any],
        present: Present | None,
        *,
        quality: bool = False,
    ) -> None:
        self.pack = pack
        self.written = Written.of(pack)
        self.mistakes: list[Mistake] = []
        everything = {name: frozenset(table.by_name) for name, table in TABLES.items()}
        self.present = everything if present is None else present
        resolved = parameters_.resolve(pack, on, settings)
        self.plan = Plan(
            pack, on, parameters_.window(pack, on, settings), self.present, resolved, quality=quality
        )
        self.parameters = {name: value.value for name, value in resolved.items()}
        self.rowwise = {name: value.value for name, value in resolved.items() if not value.by_area}
        self.symbols: dict[str, dict[str, Value]] = {}
        self.names: dict[str, Value] = {}

    def build(self) -> Plan:
        for table in TABLES:
            if table != "households":
                self._table(table)
        for group in self.pack.groups.values():
            self._group(group)
        self._households()
        if self.plan.quality:
            self._row_rules()
        else:
            self._villages()
        if not self.mistakes:
            _prune(self.plan)
        return self.plan

    # the floor of rows

    def _table(self, table: str) -> None:
        there = table in self.present
        symbols = self._given(table)
        row_set = RowSet(table, table, present=there)
        written = self.written.rows.get(table, {})
        row_set.steps = self._ordered(written, symbols, Scope(symbols, self.rowwise))
        self.symbols[table] = symbols
        self.plan.row_sets[table] = row_set

    def _given(self, table: str) -> dict[str, Value]:
        columns = self.present.get(table, frozenset())
        symbols = {}
        for entry in TABLES[table].columns:
            kind = of_column(entry)
            if kind is not None:
                symbols[entry.name] = (
                    Value(kind, column(entry.name)) if entry.name in columns else absent(kind)
                )
        for prepared in PREPARED[table].values():
            known = table in self.present and all(need in columns for need in prepared.needs)
            if prepared.copies is not None:
                known = known and prepared.copies[1] in self.present.get(prepared.copies[0], frozenset())
            symbols[prepared.name] = (
                Value(prepared.type, column(prepared.name)) if known else absent(prepared.type)
            )
        return symbols

    def _group(self, group: Any) -> None:
        source = self.plan.row_sets.get(group.of)
        if source is None:
            self._tell(
                group.place,
                _("没有叫 {name} 的表").format(name=group.of),
                _nearest(group.of, self.plan.row_sets),
            )
            return
        symbols = self.symbols[group.of]
        if group.by not in symbols:
            self._tell(
                group.place,
                _("表 {table} 没有列 {name}").format(table=group.of, name=group.by),
                _nearest(group.by, symbols),
            )
            return
        row_set = RowSet(group.name, source.table, source.present, of=group.of, by=group.by)
        if group.where is not None:
            row_set.where = self._lowered(group.where, Scope(symbols, self.rowwise), BOOL)
        scope = Scope({}, self.rowwise, rows=symbols, prefix=group.name, primitives=row_set.grouped)
        inner: dict[str, Value] = {group.by: symbols[group.by]}
        for name, expression in group.aggregates.items():
            value = self._lowered(expression, scope)
            if value is not None:
                row_set.grouped_steps.append(Step(name, value, 1, expression, "aggregate"))
                inner[name] = Value(value.type, column(name)) if source.present else absent(value.type)
        row_set.steps = self._ordered(group.rows, inner, Scope(inner, self.rowwise))
        self.symbols[group.name] = inner
        self.plan.row_sets[group.name] = row_set

    # the floor of households

    def _households(self) -> None:
        computed = set(self.pack.indicators) | {"in_focus"}
        self.names = {
            name: value for name, value in self._given("households").items() if name not in computed
        }
        written: dict[str, tuple[Expression, str]] = {}
        for set_name, aggregates in self.written.aggregates.items():
            if set_name in VILLAGE_SETS:
                continue
            if set_name not in self.plan.row_sets:
                place = next(iter(aggregates.values())).place
                self._tell(
                    place,
                    _("没有叫 {name} 的表或分组").format(name=set_name),
                    _nearest(set_name, self.plan.row_sets),
                )
                continue
            self._aggregates(set_name, aggregates)
        for kind in ("indicator", "focus", "rule", "quality"):
            if kind != "quality" or self.plan.quality or self.plan.with_quality:
                written |= {name: (entry, kind) for name, entry in self.written.steps[kind].items()}
        for name, (expression, _kind) in written.items():
            if name in self.names:
                self._tell(expression.place, _("名字 {name} 已经有了").format(name=name), _("换一个名字"))
        scope = Scope(self.names, self.parameters)
        expressions = {name: expression for name, (expression, _kind) in written.items()}
        steps = self._ordered(
            expressions, self.names, scope, {name: kind for name, (_e, kind) in written.items()}
        )
        self.plan.household += steps
        self._check_says()

    def _aggregates(self, set_name: str, aggregates: Mapping[str, Expression]) -> None:
        row_set = self.plan.row_sets[set_name]
        scope = Scope(
            {}, self.rowwise, rows=self.symbols[set_name], prefix=set_name, primitives=row_set.primitives
        )
        for name, expression in aggregates.items():
            value = self._lowered(expression, scope)
            if value is None:
                continue
            if not row_set.present:
                value = absent(value.type)
            if name in self.names:
                self._tell(expression.place, _("名字 {name} 已经有了").format(name=name), _("换一个名字"))
            self.plan.household.append(Step(name, value, 1, expression, "aggregate"))
            self.names[name] = Value(value.type, column(name), absent=not row_set.present)

    def _check_says(self) -> None:
        known = set(self.names) | set(self.parameters)
        for rule in self.plan.per_household.values():
            village = {step.name for step in self.plan.village} | {"village_name"}
            for name in (*placeholders(rule.says), *placeholders(rule.says_en)):
                if rule.when is not None and name not in known | village:
                    self._tell(
                        rule.place,
                        _("规则 {rule} 的说明里 {{{name}}} 没有这个名字").format(rule=rule.name, name=name),
                        _nearest(name, known),
                    )

    # rules about the rows of a table

    def _row_rules(self) -> None:
        """The quality rules that are worked out per row: each table's rows once more, with a step per rule."""
        for rule in self.pack.quality.values():
            for table in rule.row_tables:
                self._row_rule(rule, table)

    def _row_rule(self, rule: QualityRule, table: str) -> None:
        symbols = self.symbols[table]
        value = self._lowered(rule.when, Scope(symbols, self.rowwise), BOOL)
        known = symbols.keys() | self.parameters.keys()
        for name in (*placeholders(rule.says), *placeholders(rule.says_en)):
            if name not in known:
                self._tell(
                    rule.place,
                    _("规则 {rule} 的说明里 {{{name}}} 没有这个名字").format(rule=rule.name, name=name),
                    _nearest(name, known),
                )
        if value is None:
            return
        source = self.plan.row_sets[table]
        if table not in self.plan.row_rules:
            self.plan.row_rules[table] = RowSet(table, table, source.present, steps=list(source.steps))
        steps = self.plan.row_rules[table].steps
        layer = 1 + max((step.layer for step in source.steps if step.name in reads(value)), default=0)
        steps.append(Step(rule.alias, value, layer, rule.when, "quality"))

    # the floor of villages

    def _villages(self) -> None:
        names: dict[str, Value] = {}
        rows = {"villages": self.names, "towns": self.names, "unmatched_alerts": self.symbols["alerts"]}
        for set_name in VILLAGE_SETS:
            row_set = RowSet(set_name, "alerts" if set_name == "unmatched_alerts" else "households")
            row_set.present = row_set.table in self.present
            scope = Scope(
                {}, self.rowwise, rows=rows[set_name], prefix=set_name, primitives=row_set.primitives
            )
            for name, expression in self.pack.aggregates.get(set_name, {}).items():
                value = self._lowered(expression, scope)
                if value is not None:
                    value = value if row_set.present else absent(value.type)
                    self.plan.village.append(Step(name, value, 1, expression, "aggregate"))
                    names[name] = Value(value.type, column(name), absent=not row_set.present)
            self.plan.village_sets[set_name] = row_set
        written = {
            rule.alias: rule.when_village
            for rule in self.pack.rules.values()
            if rule.when_village is not None
        }
        self.plan.village += self._ordered(
            written, names, Scope(names, self.rowwise), dict.fromkeys(written, "rule")
        )

    # what all floors share

    def _ordered(
        self,
        written: Mapping[str, Expression],
        symbols: dict[str, Value],
        scope: Scope,
        kinds: Mapping[str, str] | None = None,
    ) -> list[Step]:
        """Lowers expressions that may name one another, in an order in which each reads only earlier ones."""
        trees = {}
        for name, expression in written.items():
            try:
                trees[name] = parse(expression.text)
            except ExpressionMistake as mistake:
                self._tell(expression.place, mistake.what, mistake.remedy)
                symbols[name] = Value(NULL, exp.Null())  # told once: who reads it is not wrong too
        needs = {name: names(tree) & set(trees) for name, tree in trees.items()}
        for circle in _circles(needs):
            self._tell(
                written[circle[0]].place,
                _("{names} 互相引用，成了圈").format(names=" → ".join((*circle, circle[0]))),
                _("改掉其中一个引用"),
            )
            for name in circle:
                needs.pop(name, None)
                symbols[name] = Value(NULL, exp.Null())
        steps: list[Step] = []
        layers: dict[str, int] = {}
        for name in _topological(needs):
            wanted = BOOL if kinds and kinds.get(name) in ("focus", "rule", "quality") else None
            value = self._lowered(written[name], scope, wanted, trees[name])
            if value is None:
                symbols[name] = Value(NULL, exp.Null())
                continue
            layers[name] = 1 + max((layers.get(need, 0) for need in needs[name]), default=0)
            steps.append(
                Step(name, value, layers[name], written[name], kinds.get(name, "value") if kinds else "value")
            )
            symbols[name] = reference(name, value)
        return steps

    def _lowered(
        self, expression: Expression, scope: Scope, wanted: Type | None = None, tree: Node | None = None
    ) -> Value | None:
        try:
            value = lower(parse(expression.text) if tree is None else tree, scope)
        except ExpressionMistake as mistake:
            self._tell(expression.place, mistake.what, mistake.remedy)
            return None
        if wanted is not None and value.type.base not in (wanted.base, "null"):
            self._tell(
                expression.place,
                _("这里要一个条件，得到的却是{type}").format(type=value.type),
                _("写成比较，例如 net_income <= 10000"),
            )
            return None
        return value

    def _tell(self, place: Place, what: str, remedy: str) -> None:
        self.mistakes.append(Mistake(place.file, place.line, what, remedy))


def reference(name: str, value: Value) -> Value:
    """How later expressions read a step: by its column, or by two columns where it is a quotient."""
    if value.type.base == "ratio":
        return Value(value.type, column(f"{name}__n"), column(f"{name}__d"))
    return Value(value.type, column(name))


def placeholders(text: str) -> list[str]:
    """The ``{names}`` in the sentence of a rule."""
    import string

    return [name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name]


def _nearest(word: str, words: Iterable[str]) -> str:
    from shouwang.policy.mistakes import nearest

    return nearest(word, words)


def _topological(needs: Mapping[str, set[str]]) -> list[str]:
    """The names that stand in no circle, each after those it needs; of those that could come next, the first listed."""
    place = {name: number for number, name in enumerate(needs)}
    left = {name: sum(need in needs for need in wanted) for name, wanted in needs.items()}
    readers: dict[str, list[str]] = {}
    for name, wanted in needs.items():
        for need in wanted:
            readers.setdefault(need, []).append(name)
    ready = [place[name] for name, count in left.items() if not count]
    heapify(ready)
    ordered, listed = [], list(needs)
    while ready:
        name = listed[heappop(ready)]
        ordered.append(name)
        for reader in readers.get(name, ()):
            left[reader] -= 1
            if not left[reader]:
                heappush(ready, place[reader])
    return ordered


def _circles(needs: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """One circle for each knot of names that read one another."""
    left = set(needs) - set(_topological(needs))
    circles = []
    while left:
        path = [min(left)]
        while True:
            following = sorted(needs[path[-1]] & left)
            if not following:
                left.discard(path.pop())
                if not path:
                    break
                continue
            if following[0] in path:
                circles.append(tuple(path[path.index(following[0]) :]))
                left -= set(path)
                break
            path.append(following[0])
    return circles


def reads(value: Value) -> set[str]:
    """The columns that a lowered value reads."""
    found = names(value.node)
    return found | names(value.denominator) if value.denominator is not None else found


def _prune(plan: Plan) -> None:
    """Keeps only what the results read, from the top floor down."""
    village_steps = {step.name: step for step in plan.village}
    needed = {step.name for step in plan.village if step.kind == "rule"}
    _reach(needed, village_steps)
    plan.village = [step for step in plan.village if step.name in needed]
    wanted = {"household_id", "area_code"}
    for row_set in plan.village_sets.values():
        used = _used_primitives(row_set.primitives, _reading(plan.village))
        row_set.primitives = used
        reading = set().union(*(reads(p.argument) for p in used.values() if p.argument is not None))
        if row_set.table == "households":
            wanted |= reading
        else:
            _need_rows(plan.row_sets[row_set.table], reading)
    steps = {step.name: step for step in plan.household}
    wanted |= {rule.alias for rule in plan.per_household.values()}
    if plan.with_quality:
        wanted |= _told_of_data(plan.pack)
    if not plan.quality:
        wanted |= {f"focus_{name}" for name in plan.pack.focus}
        wanted |= {name for name, indicator in plan.pack.indicators.items() if indicator.shown}
    for rule in plan.per_household.values():
        wanted |= set(placeholders(rule.says)) | set(placeholders(rule.says_en))
    _reach(wanted, steps)
    plan.household = [step for step in plan.household if step.name in wanted]
    columns = set(TABLES["households"].by_name)
    plan.household_given = {
        name
        for name in wanted
        if name in columns and name not in steps and name in plan.present.get("households", ())
    }
    there = plan.present.get("households", frozenset())
    plan.household_prepared = {
        name
        for name in wanted
        if name in PREPARED["households"] and set(PREPARED["households"][name].needs) <= there
    }
    reading = _reading(plan.household)
    for row_set in reversed(list(plan.row_sets.values())):
        _prune_rows(plan, row_set, reading)
    for row_set in plan.row_rules.values():
        _prune_row_rules(plan, row_set)


def narrowed(plan: Plan, names: Iterable[str]) -> Plan:
    """The same plan with only what these household values read; nothing for villages, no rules of rows."""
    wanted = {"household_id", "area_code", *names}
    steps = {step.name: step for step in plan.household}
    _reach(wanted, steps)
    row_sets = {
        name: replace(row_set, given=set(), prepared=set()) for name, row_set in plan.row_sets.items()
    }
    found = replace(plan, row_sets=row_sets, village=[], row_rules={})
    found.household = [step for step in plan.household if step.name in wanted]
    found.household_given = plan.household_given & wanted
    found.household_prepared = plan.household_prepared & wanted
    reading = _reading(found.household)
    for row_set in reversed(list(row_sets.values())):
        _prune_rows(found, row_set, reading)
    return found


def _reach(wanted: set[str], steps: Mapping[str, Step]) -> None:
    """Adds to ``wanted`` everything that the wanted steps read."""
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        step = steps.get(name) or steps.get(name.removesuffix("__n").removesuffix("__d"))
        if step is None:
            continue
        for read in {step.name} | reads(step.value):
            if read not in wanted:
                wanted.add(read)
                waiting.append(read)


def _reading(steps: Iterable[Step]) -> set[str]:
    return set().union(*(reads(step.value) for step in steps))


def _used_primitives(primitives: Mapping[str, Primitive], reading: set[str]) -> dict[str, Primitive]:
    return {key: primitive for key, primitive in primitives.items() if primitive.name in reading}


def _need_rows(row_set: RowSet, reading: set[str]) -> None:
    row_set.given |= reading  # sorted into given, prepared and steps by _prune_rows


def _prune_rows(plan: Plan, row_set: RowSet, reading: set[str]) -> None:
    """Keeps of a row set what the household values read (their columns are ``reading``)."""
    row_set.primitives = _used_primitives(row_set.primitives, reading)
    wanted = set(row_set.given)
    for primitive in row_set.primitives.values():
        wanted |= reads(primitive.argument) if primitive.argument is not None else set()
    steps = {step.name: step for step in row_set.steps}
    _reach(wanted, steps)
    row_set.steps = [step for step in row_set.steps if step.name in wanted]
    if row_set.of:
        row_set.grouped_steps = [step for step in row_set.grouped_steps if step.name in wanted]
        row_set.grouped = _used_primitives(row_set.grouped, _reading(row_set.grouped_steps))
        below: set[str] = {row_set.by} if row_set.grouped_steps else set()
        for primitive in row_set.grouped.values():
            below |= reads(primitive.argument) if primitive.argument is not None else set()
        if row_set.where is not None and row_set.grouped_steps:
            below |= reads(row_set.where)
        _need_rows(plan.row_sets[row_set.of], below)
        return
    _sort_columns(plan, row_set, wanted)


def _prune_row_rules(plan: Plan, row_set: RowSet) -> None:
    """Keeps the rules of a table, what they read, what their sentences say, and what names a row."""
    rules = [rule for rule in plan.pack.quality.values() if row_set.table in rule.row_tables]
    wanted = {TABLES[row_set.table].key, "household_id", "area_code"} - {""}
    for rule in rules:
        wanted |= {rule.alias, *placeholders(rule.says), *placeholders(rule.says_en)}
    steps = {step.name: step for step in row_set.steps}
    _reach(wanted, steps)
    row_set.steps = [step for step in row_set.steps if step.name in wanted]
    _sort_columns(plan, row_set, wanted)


def _sort_columns(plan: Plan, row_set: RowSet, wanted: set[str]) -> None:
    """Which of the wanted columns are given and which prepared; what prepared ones need is wanted too."""
    columns = TABLES[row_set.table].by_name
    row_set.given = {name for name in wanted if name in columns}
    there = plan.present.get(row_set.table, frozenset())
    prepared = PREPARED[row_set.table]
    row_set.prepared = {name for name in wanted if name in prepared and set(prepared[name].needs) <= there}
    row_set.given |= set().union(*(prepared[name].needs for name in row_set.prepared))
