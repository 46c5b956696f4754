"""The single mutants of one expression: a comparison, a bound, a word, a column, a branch or a default changed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlglot import exp

from scripts.mutation.sites import Names, Site
from shouwang.policy.expressions import Node, Value, column
from shouwang.policy.mistakes import ExpressionMistake
from shouwang.policy.pack import Place
from shouwang.policy.parameters import literal
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import TABLES

MORE, LESS = "__more", "__less"
"""Endings of the made-up parameters that are one step beside a parameter."""

_COMPARED: dict[Any, Any] = {
    exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ,
}  # fmt: skip
_EXCHANGED: dict[Any, Any] = {
    exp.Sum: exp.Max, exp.Max: exp.Min, exp.Min: exp.Max, exp.Greatest: exp.Least, exp.Least: exp.Greatest,
}  # fmt: skip
_AGGREGATES = (exp.Sum, exp.Max, exp.Min, exp.Any, exp.Anonymous, exp.Count)
Change = Callable[[Any], Node]


@dataclass(frozen=True)
class Mutant:
    """One change of one site: what stood there, what stands there now, and the whole tree with it."""

    site: Site
    operator: str
    before: str
    after: str
    tree: Node

    @property
    def owner(self) -> str:
        return self.site.owner

    @property
    def place(self) -> Place:
        return self.site.place


def mutants_of(site: Site, names: Names) -> list[Mutant]:
    """Every single mutant of a site that is still a right expression, each once, in the order of its text."""
    tree: Any = site.tree
    found: dict[str, Mutant] = {}
    kind = names.lower(site, site.floors[0], tree)[0]
    seen = {tree.sql(dialect="duckdb")}
    for place, node in enumerate(tree.walk(bfs=False)):
        for operator, change in _changes(node, site, names, tree):
            changed = _changed(tree, place, change)
            text = changed.sql(dialect="duckdb")
            if text in seen or not _right(site, names, changed, kind):
                continue
            seen.add(text)
            before, after = _said(operator, node, _changed(node, 0, change))
            same = sum((before, after) == (m.before.partition(" #")[0], m.after) for m in found.values())
            found[text] = Mutant(site, operator, f"{before} #{same + 1}" if same else before, after, changed)
    return list(found.values())


def sql(node: Node) -> str:
    """A part of an expression for people; a made-up parameter as the sum it is."""
    return node.sql(dialect="duckdb").replace(MORE, " + 1 step").replace(LESS, " - 1 step").replace("$", ":")


def _said(operator: str, node: Any, changed: Any) -> tuple[str, str]:
    """What stood there and what stands there now: only as much of it as tells the place."""
    if operator == "and / or":
        last, words = sql(node.expression), ("AND", "OR") if isinstance(node, exp.And) else ("OR", "AND")
        return f"… {words[0]} {last}", f"… {words[1]} {last}"
    if operator == "branch" and isinstance(node, exp.Case):
        kept = {sql(branch) for branch in changed.args.get("ifs") or ()}
        gone = [sql(branch) for branch in node.args["ifs"] if sql(branch) not in kept]
        return " ".join(gone) or f"ELSE {sql(node.args['default'])}", "nothing"
    return sql(node), sql(changed)


def _changed(tree: Node, place: int, change: Change) -> Node:
    copied = tree.copy()
    target = list(copied.walk(bfs=False))[place]
    made = change(target.copy())
    if target is copied:
        return made
    target.replace(made)
    return copied


def _right(site: Site, names: Names, tree: Node, wanted: Value) -> bool:
    try:
        value = names.lower(site, site.floors[0], tree, beside(site, names))[0]
    except ExpressionMistake:
        return False
    same = value.type.base in (wanted.type.base, "null")
    return same and (value.denominator is None) == (wanted.denominator is None)


def beside(site: Site, names: Names) -> dict[str, Value]:
    """For each parameter of a site the two made-up ones that are a step beside it."""
    found = {}
    for node in site.tree.find_all(exp.Placeholder):
        name = str(node.this)
        value = names.parameters(site).get(name)
        if value is not None and value.type.base in ("number", "date"):
            resolved = names.plan.parameters[name]
            held = resolved.everywhere.value if resolved.everywhere else None
            found[f"{name}{MORE}"] = _stepped(value, held, 1)
            found[f"{name}{LESS}"] = _stepped(value, held, -1)
    return found


def _stepped(value: Value, held: Any, sign: int) -> Value:
    if value.type.base == "date":
        return value if held is None else Value(value.type, literal(held + sign * timedelta(days=1)))
    operator = exp.Add if sign > 0 else exp.Sub
    return Value(value.type, exp.Paren(this=operator(this=value.node, expression=literal(step_of(held)))))


def step_of(held: Any) -> Decimal | int:
    """The smallest sensible step of a number: one, or one in the last place that is written."""
    return Decimal(1).scaleb(int(held.as_tuple().exponent)) if isinstance(held, Decimal) else 1


# what may be changed in a node


def _changes(node: Any, site: Site, names: Names, tree: Node) -> Iterator[tuple[str, Change]]:
    kind = type(node)
    if kind in _COMPARED:
        yield "comparison", lambda n: _COMPARED[type(n)](this=n.this, expression=n.expression)
    elif kind in (exp.And, exp.Or):
        other = exp.Or if kind is exp.And else exp.And
        yield "and / or", partial(_joined, by=other)
    elif kind is exp.Not:
        yield "not", lambda n: n.this
    elif kind is exp.Literal and not node.is_string:
        yield from _beside_number(str(node.this))
    elif kind is exp.Placeholder:
        yield from _beside_parameter(str(node.this), site, names)
    elif kind is exp.In and len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            yield "list", partial(_without, key="expressions", place=place)
    elif kind is exp.Between:
        yield "comparison", lambda n: _within(n, exp.GT, exp.LTE)
        yield "comparison", lambda n: _within(n, exp.GTE, exp.LT)
    elif kind is exp.Case:
        yield from _fewer_branches(node)
    elif kind is exp.Coalesce:
        for place in range(len(node.expressions)):
            yield "default", partial(_fewer_defaults, place=place)
    elif kind is exp.Column:
        yield from _other_columns(node, site, names, tree)
    yield from _exchanges(node)


def _exchanges(node: Any) -> Iterator[tuple[str, Change]]:
    if type(node) in _EXCHANGED:
        yield "function", lambda n: _EXCHANGED[type(n)](**n.args)
    elif isinstance(node, exp.Any):
        yield "function", lambda n: exp.Anonymous(this="every", expressions=[n.this])
    elif isinstance(node, exp.Anonymous):
        yield "function", lambda n: exp.Any(this=n.expressions[0])


def _instead(made: Node) -> Change:
    """Puts ``made`` in the place of whatever stands there."""
    return lambda _old: made.copy()


def _beside_number(text: str) -> Iterator[tuple[str, Change]]:
    number = Decimal(text)
    step = Decimal(1).scaleb(-len(text.partition(".")[2]))
    for value in (number + step, number - step):
        made = exp.Literal.number(format(abs(value), "f"))
        yield "bound", _instead(exp.Paren(this=exp.Neg(this=made)) if value < 0 else made)


def _beside_parameter(name: str, site: Site, names: Names) -> Iterator[tuple[str, Change]]:
    known = names.parameters(site)
    base = known[name].type.base if name in known else ""
    if base == "bool":
        yield "bound", lambda n: exp.Not(this=n)
    elif base == "text":  # a quarter: the other quarter
        alike = (
            other for other, value in known.items() if value.type.base == "text" and other[:2] == name[:2]
        )
        for other in sorted(set(alike) - {name})[:1]:
            yield "bound", _instead(exp.Placeholder(this=other))
    else:
        for ending in (MORE, LESS):
            yield "bound", _instead(exp.Placeholder(this=f"{name}{ending}"))


def _joined(node: Any, by: Any) -> Node:
    return exp.Paren(this=by(this=node.this, expression=node.expression))


def _without(node: Any, key: str, place: int) -> Any:
    node.set(key, [entry for number, entry in enumerate(node.args[key]) if number != place])
    return node


def _within(node: Any, low: Any, high: Any) -> Node:
    first = low(this=node.this, expression=node.args["low"])
    return exp.Paren(
        this=exp.And(this=first, expression=high(this=node.this.copy(), expression=node.args["high"]))
    )


def _fewer_branches(node: Any) -> Iterator[tuple[str, Change]]:
    many = len(node.args["ifs"]) > 1
    default = node.args.get("default")
    for place in range(len(node.args["ifs"])):
        if many:
            yield "branch", partial(_without, key="ifs", place=place)
        else:
            yield "branch", lambda n: n.args["default"] if n.args.get("default") is not None else exp.Null()
    if default is not None and not isinstance(default, exp.Null):
        yield "branch", lambda n: exp.Case(ifs=n.args["ifs"])


def _fewer_defaults(node: Any, place: int) -> Node:
    left = [entry for number, entry in enumerate(node.expressions) if number != place]
    first: Node = node.this
    return exp.Coalesce(this=first, expressions=left) if left else exp.Paren(this=first)


# another column


def _other_columns(node: Any, site: Site, names: Names, tree: Node) -> Iterator[tuple[str, Change]]:
    kind = names.type_of(site, node.name)
    if kind is None:
        return
    under_test = isinstance(node.parent, (exp.Is, exp.Count))
    if kind.base == "bool" and not under_test:
        if not isinstance(node.parent, exp.Not):
            yield "column", lambda n: exp.Paren(this=exp.Not(this=n))
        return
    other = _other_name(node.name, kind, site, names, tree)
    if other:
        yield "column", _instead(column(other))


def _other_name(name: str, kind: Any, site: Site, names: Names, tree: Node) -> str:
    """The next column of the same kind in the expression (after the last, the first), else the nearest name there is."""
    scope = names.of(site, site.floors[0])

    def alike(other: str) -> bool:
        value = scope.get(other)
        return (
            value is not None
            and other != name
            and (value.type.base, value.type.codes) == (kind.base, kind.codes)
        )

    listed = list(dict.fromkeys(entry.name for entry in tree.find_all(exp.Column, bfs=False)))
    place = listed.index(name)
    for other in (*listed[place + 1 :], *listed[:place]):
        if alike(other):
            return other
    near = [other for other in sorted(_given(site)) if alike(other)]
    return max(near, key=lambda other: difflib.SequenceMatcher(None, name, other).ratio(), default="")


def _given(site: Site) -> set[str]:
    """The columns that rows have as they come, in each of the tables that the site is about; nothing of neighbours."""
    tables = site.floors if site.kind == "rowrule" else (site.source,)
    if tables[0] in ("h", "villages", "towns"):
        tables = ("households",)
    if tables[0] == "unmatched_alerts":
        tables = ("alerts",)
    found = [
        set(TABLES[table].by_name) | {name for name, entry in PREPARED[table].items() if not entry.neighbours}
        for table in tables if table in TABLES
    ]  # fmt: skip
    return set.intersection(*found) if found else set()
