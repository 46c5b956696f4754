"""Which unknown facts keep a value unknown: edges over the same lowered trees, for any backend to follow.

:func:`edges` says of one step which facts, or which earlier steps, are the reason when it is unknown: in ``a and b``
only the unknown side, in a case only the branch that was taken. Following the edges from a rule down gives the facts
to ask for. Facts that the data lack as a whole have no edge; they are said once for the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from shouwang.policy.expressions import Node, Primitive, Value, column
from shouwang.policy.plan import Plan, RowSet, Step, reads
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import TABLES


@dataclass(frozen=True)
class Edge:
    """A reason: a fact (``table.column``, or a table) or an earlier ``step``, where all of ``guard`` hold."""

    fact: str
    step: str
    guard: tuple[Node, ...]


@dataclass
class _Walk:
    plan: Plan
    primitives: dict[str, tuple[RowSet, Primitive]]
    found: list[Edge] = field(default_factory=list)


def all_edges(plan: Plan) -> dict[str, list[Edge]]:
    """Step → its reasons for being unknown, for every household step of the plan."""
    primitives = {
        primitive.name: (row_set, primitive)
        for row_set in plan.row_sets.values() for primitive in row_set.primitives.values()
    }  # fmt: skip
    return {step.name: _edges(plan, step, primitives) for step in plan.household}


def _edges(plan: Plan, step: Step, primitives: dict[str, tuple[RowSet, Primitive]]) -> list[Edge]:
    walk = _Walk(plan, primitives)
    _visit(walk, step.value.node, ())
    if step.value.denominator is not None:
        _visit(walk, step.value.denominator, ())
    return _unique(walk.found)


def _unique(found: list[Edge]) -> list[Edge]:
    """Each reason once; the text of guards is compared only where two edges lead to the same place."""
    places: dict[tuple[str, str], list[Edge]] = {}
    for edge in found:
        places.setdefault((edge.fact, edge.step), []).append(edge)
    return [
        edge
        for edges in places.values()
        for edge in ({tuple(map(_text, e.guard)): e for e in edges}.values() if len(edges) > 1 else edges)
    ]


def _text(node: Node) -> str:
    return str(node.sql(dialect="duckdb"))


def facts(edges: dict[str, list[Edge]]) -> list[str]:
    """Every fact that some edge names, in a fixed order: a bit each."""
    return sorted({edge.fact for found in edges.values() for edge in found if edge.fact})


def gap_aggregates(row_set: RowSet) -> dict[str, str]:
    """Household columns that say where in its rows a fact lacks: name → DuckDB aggregate over the row set.

    For each ``any`` and ``every``: whether a row left it open for want of a column, and whether a row decided it
    because a column is empty (``… is null``).
    """
    found = {}
    for primitive in row_set.primitives.values():
        argument = _text(primitive.argument.node) if primitive.argument is not None else ""
        for name in nullable_columns(row_set, primitive):
            found[open_name(primitive, name)] = f'bool_or(({argument}) IS NULL AND "{name}" IS NULL)'
        for name in tested_columns(row_set, primitive):
            found[decided_name(primitive, name)] = f'bool_or(({argument}) AND "{name}" IS NULL)'
    return dict(sorted(found.items()))


def open_name(primitive: Primitive, column_name: str) -> str:
    """The household column that says whether a row left an aggregate open for want of a column."""
    return f"{primitive.name}__open__{column_name}"


def decided_name(primitive: Primitive, column_name: str) -> str:
    """The household column that says whether a row decided an aggregate because a column is empty."""
    return f"{primitive.name}__decided__{column_name}"


def columns_of_rows(row_set: RowSet) -> set[str]:
    """The given columns that :func:`gap_aggregates` reads beside the arguments."""
    primitives = row_set.primitives.values()
    return set().union(*(nullable_columns(row_set, p) | tested_columns(row_set, p) for p in primitives))


def tested_columns(row_set: RowSet, primitive: Primitive) -> set[str]:
    """Given columns that the argument of ``any`` or ``every`` tests by ``is null``, itself or through its steps."""
    if primitive.argument is None or primitive.function not in ("any", "every") or row_set.of:
        return set()
    steps = {step.name: step.value for step in row_set.steps}
    found: set[str] = set()
    stack = [primitive.argument]
    seen: set[str] = set()
    while stack:
        value = stack.pop()
        found |= {node.name for test in value.node.find_all(exp.Is) for node in test.find_all(exp.Column)}
        inner = reads(value) & set(steps) - seen
        seen |= inner
        stack += [steps[name] for name in inner]
    return {name for name in found if name in row_set.given}


def nullable_columns(row_set: RowSet, primitive: Primitive) -> set[str]:
    """Given columns whose being unknown makes the argument of ``any`` or ``every`` unknown (defaults are no gaps)."""
    if primitive.argument is None or primitive.function not in ("any", "every") or row_set.of:
        return set()
    steps = {step.name: step.value for step in row_set.steps}
    found: set[str] = set()
    stack, seen = [primitive.argument], set()
    while stack:
        for name in _undefaulted(stack.pop()):
            if name in seen:
                continue
            seen.add(name)
            if name in steps:
                stack.append(steps[name])
            elif name in TABLES[row_set.table].by_name:
                found.add(name)
            elif name in PREPARED[row_set.table]:
                found |= set(PREPARED[row_set.table][name].needs)
    return {name for name in found if name in row_set.given}


def _undefaulted(value: Value) -> Iterator[str]:
    """The columns a value reads outside ``coalesce(…, default)`` and ``is null``, where unknown cannot pass."""
    stack = [value.node, *([value.denominator] if value.denominator is not None else [])]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Coalesce) and isinstance(node.expressions[-1], (exp.Literal, exp.Boolean)):
            continue
        if isinstance(node, exp.Is):
            continue
        if isinstance(node, exp.Column):
            yield node.name
        stack += list(node.iter_expressions())


def _visit(walk: _Walk, node: Node, guard: tuple[Node, ...]) -> None:
    if isinstance(node, exp.Column):
        _column(walk, node, guard)
    elif isinstance(node, exp.Case):
        _case(walk, node, guard)
    elif isinstance(node, exp.Is) or not list(node.iter_expressions()):
        return
    elif isinstance(node, (exp.Paren, exp.Not, exp.Neg, exp.Abs, exp.Coalesce)):
        for inner in node.iter_expressions():
            _visit(walk, inner, guard)
    else:
        for child in node.iter_expressions():
            if child.find(exp.Column):
                _visit(walk, child, (*guard, _is_unknown(child)))


def _column(walk: _Walk, node: Node, guard: tuple[Node, ...]) -> None:
    name = node.name
    if name in walk.primitives:
        _primitive(walk, name, guard)
        return
    step = walk.plan.step(name) or walk.plan.step(name.removesuffix("__n").removesuffix("__d"))
    if step is not None:
        walk.found.append(Edge("", step.name, guard))
    elif name in walk.plan.household_given:
        walk.found.append(Edge(f"households.{name}", "", (*guard, _is_unknown(node))))
    elif name in PREPARED["households"]:
        for need in PREPARED["households"][name].needs:
            walk.found.append(Edge(f"households.{need}", "", (*guard, _is_unknown(node))))


def _primitive(walk: _Walk, name: str, guard: tuple[Node, ...], decided: bool = False) -> None:
    """An aggregate that is open, or that decided something on purpose: the columns its rows lack, else the table."""
    row_set, primitive = walk.primitives[name]
    columns = tested_columns(row_set, primitive) if decided else nullable_columns(row_set, primitive)
    place = decided_name if decided else open_name
    for column_name in sorted(columns):
        walk.found.append(
            Edge(f"{row_set.table}.{column_name}", "", (*guard, column(place(primitive, column_name))))
        )
    # any and every without such a column: the columns lack as a whole, which is said once for the run
    if not columns and primitive.function not in ("any", "every"):
        walk.found.append(Edge(row_set.table, "", guard))


def _case(walk: _Walk, node: Node, guard: tuple[Node, ...]) -> None:
    passed: tuple[Node, ...] = ()
    for branch in node.args["ifs"]:
        condition, result = branch.this, branch.args["true"]
        _visit(walk, condition, (*guard, *passed, _is_unknown(condition)))
        taken = (*guard, *passed, exp.Paren(this=condition))
        if isinstance(result, exp.Null):
            _reasons(walk, condition, taken)
        elif result.find(exp.Column):
            _visit(walk, result, (*taken, _is_unknown(result)))
        not_taken = exp.Not(this=exp.Paren(this=exp.Coalesce(this=condition, expressions=[exp.false()])))
        passed = (*passed, exp.Paren(this=not_taken))
    default = node.args.get("default")
    if default is None or isinstance(default, exp.Null):
        for branch in node.args["ifs"]:
            _reasons(walk, branch.this, (*guard, *passed), holds=False)
    elif default.find(exp.Column):
        _visit(walk, default, (*guard, *passed, _is_unknown(default)))


def _reasons(
    walk: _Walk, condition: Node, guard: tuple[Node, ...], depth: int = 0, *, holds: bool = True
) -> None:
    """A condition made the value unknown on purpose, by holding or by not holding: what it reads is the reason.

    A step that is itself unknown passes the question on; one that is known (nothing counted) names its tables.
    """
    if isinstance(condition, exp.Paren):
        _reasons(walk, condition.this, guard, depth, holds=holds)
        return
    if isinstance(condition, exp.Or) and holds:  # of two reasons only the one that holds
        for side in (condition.this, condition.expression):
            _reasons(walk, side, (*guard, exp.Paren(this=side)), depth)
        return
    for name in sorted({node.name for node in condition.find_all(exp.Column)}):
        step = walk.plan.step(name) or walk.plan.step(name.removesuffix("__n").removesuffix("__d"))
        if name in walk.primitives:
            _primitive(walk, name, guard, decided=walk.primitives[name][1].function in ("any", "every"))
        elif step is not None:
            walk.found.append(Edge("", step.name, guard))
            if depth < 2:
                for read in sorted(reads(step.value)):
                    _reasons(walk, column(read), guard, depth + 1)
        elif name in walk.plan.household_given:
            walk.found.append(Edge(f"households.{name}", "", (*guard, _is_unknown(column(name)))))


def _is_unknown(node: Node) -> Node:
    return exp.Is(this=exp.Paren(this=node), expression=exp.Null())
