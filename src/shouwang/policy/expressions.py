"""The expression language: one SQL scalar expression, read with SQLGlot's DuckDB grammar and held to a list.

:func:`parse` turns text into a tree; :func:`lower` checks names and types against a :class:`Scope` and turns the
tree into the few nodes that every builder knows. What is pinned here holds on every backend:

- a quotient is kept as numerator and denominator; comparisons multiply crosswise instead of dividing, and a
  denominator of zero is unknown (``12 * net_income <= range * person_months``, never a rounded double);
- ``x is null`` is unknown where ``x`` is a column that the data lacks as a whole: lacking is not empty;
- ``any`` and ``every`` have three values: one yes is yes, else one unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from shouwang.language import _
from shouwang.policy.mistakes import ExpressionMistake, nearest
from shouwang.policy.types import BOOL, DATE, INT, NULL, RATIO, TEXT, Type
from shouwang.tables.dictionary import CODES

MAX_DEPTH = 40
MAX_LENGTH = 4000
AGGREGATES = ("sum", "count", "min", "max", "any", "every")

Node = exp.Expression


@dataclass(frozen=True)
class Value:
    """A lowered expression: its type and tree; a ratio has a numerator and a denominator instead of one tree."""

    type: Type
    node: Node
    denominator: Node | None = None
    absent: bool = False  # reads a column that the data lacks as a whole


@dataclass(frozen=True)
class Primitive:
    """One aggregate over the rows of a household: ``function`` of ``argument`` (None for ``count(*)``)."""

    function: str
    argument: Value | None
    name: str


@dataclass
class Scope:
    """The names that an expression may use. ``primitives`` collects the aggregates, where they are allowed."""

    columns: Mapping[str, Value]
    parameters: Mapping[str, Value]
    rows: Mapping[str, Value] | None = (
        None  # names inside sum(…), count(…) and the like; None: no aggregates here
    )
    prefix: str = ""
    primitives: dict[str, Primitive] = field(default_factory=dict)
    inside: bool = False


def column(name: str) -> Node:
    """A reference to a computed or given column."""
    return exp.column(exp.to_identifier(name))


def parse(text: Any) -> Node:
    """The tree of one expression; ExpressionMistake for anything that is not one, or is too long or too deep."""
    return exp.Boolean(this=text) if isinstance(text, bool) else _parsed(str(text))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Node:
    if not text.strip():
        raise ExpressionMistake(_("表达式是空的"), _("写一个条件或算式，例如 net_income <= 10000"))
    if len(text) > MAX_LENGTH:
        raise ExpressionMistake(
            _("表达式超过 {n} 个字符").format(n=MAX_LENGTH), _("拆成几个指标，各取一个名字")
        )
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except RecursionError:
        raise _too_deep() from None
    except sqlglot.errors.SqlglotError:
        raise ExpressionMistake(
            _("表达式读不懂：{text}").format(text=text[:80]), _("检查括号、引号、运算符两边和 and / or")
        ) from None
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionMistake(_("这里只能写一个表达式"), _("去掉分号和后面的内容"))
    # SQLGlot reads "(:p and …)" as an alias without a name (its prefix aliases); it is the expression in brackets
    tree: Node = trees[0].transform(
        lambda node: node.this if isinstance(node, exp.Alias) and not node.alias else node
    )
    if _depth(tree) > MAX_DEPTH:
        raise _too_deep()
    return tree


def _too_deep() -> ExpressionMistake:
    return ExpressionMistake(_("表达式嵌套超过 {n} 层").format(n=MAX_DEPTH), _("拆成几个指标，各取一个名字"))


def _depth(tree: Node) -> int:
    """How deep the tree is; a chain of ``and`` (or of ``or``) counts once, however long it is."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in _inner(node)]
    return deepest


def _inner(node: Node) -> list[Node]:
    children: list[Node] = []
    chain = [node]
    while chain:
        for child in chain.pop().iter_expressions():
            same = isinstance(node, (exp.And, exp.Or)) and type(child) is type(node)
            (chain if same else children).append(child)
    return children


def names(tree: Node) -> set[str]:
    """The column names that an expression reads."""
    return {node.name for node in tree.find_all(exp.Column)}


def parameters(tree: Node) -> set[str]:
    """The ``:parameters`` that an expression reads."""
    return {str(node.this) for node in tree.find_all(exp.Placeholder)}


def lower(tree: Node, scope: Scope) -> Value:
    """Checks ``tree`` against ``scope`` and lowers it; ExpressionMistake says what is wrong and how to mend it."""
    handler = _HANDLERS.get(type(tree))
    if handler is None:
        raise ExpressionMistake(
            _("这里不能用 {what}").format(what=_described(tree)),
            _(
                "只能用列名、:参数、数、文字、+ - * /、比较、and / or / not、in、between、is null、case、coalesce、abs、least、greatest；汇总里另有 sum、count、min、max、any、every"
            ),
        )
    return handler(tree, scope)


def _described(tree: Node) -> str:
    if isinstance(tree, (exp.Subquery, exp.Select)):
        return _("子查询")
    if isinstance(tree, exp.Cast):
        return _("类型转换")
    return str(tree.sql(dialect="duckdb"))[:60]


def _refuse(what: str, remedy: str = "") -> ExpressionMistake:
    return ExpressionMistake(what, remedy)


def _column(tree: Any, scope: Scope) -> Value:
    if tree.args.get("table"):
        raise _refuse(
            _("不能用带点的名字 {name}").format(name=tree.sql()),
            _("只写列名；引用规则写 found_ 加下划线，例如 found_income_below_range"),
        )
    names = scope.rows if scope.inside and scope.rows is not None else scope.columns
    if tree.name not in names:
        raise _refuse(_("没有叫 {name} 的列或指标").format(name=tree.name), nearest(tree.name, names))
    return names[tree.name]


def _placeholder(tree: Any, scope: Scope) -> Value:
    name = str(tree.this)
    if name not in scope.parameters:
        raise _refuse(_("没有叫 :{name} 的参数").format(name=name), nearest(name, scope.parameters))
    return scope.parameters[name]


def _literal(tree: Any, scope: Scope) -> Value:
    if tree.is_string:
        return Value(TEXT, tree)
    text = str(tree.this)
    whole, _dot, places = text.partition(".")
    if not (whole.isdigit() and (places.isdigit() or not places)):
        raise _refuse(_("数 {text} 写法不对").format(text=text), _("写成 12 或 0.5 这样"))
    return Value(Type("number", len(places)), tree)


def _boolean(tree: Any, scope: Scope) -> Value:
    return Value(BOOL, tree)


def _null(tree: Any, scope: Scope) -> Value:
    return Value(NULL, tree)


def _paren(tree: Any, scope: Scope) -> Value:
    return lower(tree.this, scope)


def _wrap(node: Node) -> Node:
    atoms = (
        exp.Column,
        exp.Literal,
        exp.Boolean,
        exp.Null,
        exp.Paren,
        exp.Placeholder,
        exp.Case,
        exp.Coalesce,
    )
    # trees are shared, never changed: a column may stand in many (its parent pointer is not used)
    return node if isinstance(node, atoms) else exp.Paren(this=node)


def _needs(value: Value, bases: tuple[str, ...], where: str, text: Node) -> None:
    if value.type.base not in (*bases, "null"):
        raise _refuse(
            _("{where}：{text} 是{type}，用不了").format(
                where=where, text=text.sql(dialect="duckdb")[:60], type=value.type
            ),
            _("换成合适的列，或先做比较"),
        )


def _logical(tree: Any, scope: Scope) -> Value:
    # a long chain of and/or is a deep left tree: walk it flat, so that its length is no depth
    parts: list[Node] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if type(node) is type(tree):
            stack += [node.expression, node.this]
        else:
            parts.append(node)
    values = [lower(part, scope) for part in parts]
    for value, part in zip(values, parts, strict=True):
        _needs(value, ("bool",), "and / or", part)
    joined = type(tree)(this=_wrap(values[0].node), expression=_wrap(values[1].node))
    for value in values[2:]:
        joined = type(tree)(this=joined, expression=_wrap(value.node))
    return Value(BOOL, joined, absent=any(value.absent for value in values))


def _not(tree: Any, scope: Scope) -> Value:
    value = lower(tree.this, scope)
    _needs(value, ("bool",), "not", tree.this)
    return Value(BOOL, exp.Not(this=_wrap(value.node)), absent=value.absent)


def _fraction(value: Value) -> tuple[Node, Node | None]:
    return value.node, value.denominator


def _product(*nodes: Node | None) -> Node:
    """The product of those that are there; 1 where none is."""
    factors = [_wrap(node) for node in nodes if node is not None]
    if not factors:
        return exp.Literal.number(1)
    result = factors[0]
    for factor in factors[1:]:
        result = exp.Mul(this=result, expression=factor)
    return result


def _arithmetic(tree: Any, scope: Scope) -> Value:
    left, right = lower(tree.this, scope), lower(tree.expression, scope)
    for value, part in ((left, tree.this), (right, tree.expression)):
        _needs(value, ("number", "ratio"), "+ - * /", part)
    absent = left.absent or right.absent
    if isinstance(tree, exp.Div):
        # (a/b) / (c/d) = add / bcd: never divided here; the second d keeps it unknown where d is 0
        top = _product(left.node, right.denominator, right.denominator)
        return Value(RATIO, top, _product(left.denominator, right.node, right.denominator), absent)
    if left.denominator is None and right.denominator is None:
        joined = type(tree)(this=_wrap(left.node), expression=_wrap(right.node))
        return Value(_scale(tree, left, right), joined, absent=absent)
    if isinstance(tree, exp.Mul):
        return Value(
            RATIO, _product(left.node, right.node), _product(left.denominator, right.denominator), absent
        )
    top = type(tree)(
        this=_wrap(_product(left.node, right.denominator)),
        expression=_wrap(_product(right.node, left.denominator)),
    )
    return Value(RATIO, top, _product(left.denominator, right.denominator), absent)


def _scale(tree: Node, left: Value, right: Value) -> Type:
    if isinstance(tree, exp.Mul):
        return Type("number", left.type.scale + right.type.scale)
    return Type("number", max(left.type.scale, right.type.scale))


def _negative(tree: Any, scope: Scope) -> Value:
    value = lower(tree.this, scope)
    _needs(value, ("number", "ratio"), "-", tree.this)
    return Value(value.type, exp.Neg(this=_wrap(value.node)), value.denominator, value.absent)


_FLIPPED: dict[Any, Any] = {
    exp.LT: exp.GT,
    exp.GT: exp.LT,
    exp.LTE: exp.GTE,
    exp.GTE: exp.LTE,
    exp.EQ: exp.EQ,
    exp.NEQ: exp.NEQ,
}


def _comparison(tree: Any, scope: Scope) -> Value:
    left, right = lower(tree.this, scope), lower(tree.expression, scope)
    return _compare(type(tree), left, right, tree)


def _compare(operator: Any, left: Value, right: Value, tree: Node) -> Value:
    _comparable(left, right, tree)
    absent = left.absent or right.absent
    if left.denominator is None and right.denominator is None:
        return Value(BOOL, operator(this=_wrap(left.node), expression=_wrap(right.node)), absent=absent)
    crosswise = (_wrap(_product(left.node, right.denominator)), _wrap(_product(right.node, left.denominator)))
    sign = _product(left.denominator, right.denominator)
    zero = exp.Literal.number(0)
    case = exp.Case(
        ifs=[
            exp.If(
                this=exp.GT(this=_wrap(sign), expression=zero),
                true=operator(this=crosswise[0], expression=crosswise[1]),
            ),
            exp.If(
                this=exp.LT(this=_wrap(sign), expression=zero),
                true=_FLIPPED[operator](this=crosswise[0], expression=crosswise[1]),
            ),
        ]
    )
    return Value(BOOL, case, absent=absent)


def _comparable(left: Value, right: Value, tree: Node) -> None:
    bases = {left.type.base, right.type.base} - {"null"}
    if bases <= {"number", "ratio"} or len(bases) <= 1:
        _same_codes(left, right)
        _same_codes(right, left)
        return
    raise _refuse(
        _("{text}：{left}和{right}不能比较").format(
            text=tree.sql(dialect="duckdb")[:80], left=left.type, right=right.type
        ),
        _("两边要是同一种：数和数、日期和日期、文字和文字"),
    )


def _same_codes(side: Value, other: Value) -> None:
    if side.type.codes and isinstance(other.node, exp.Literal) and other.node.is_string:
        known = [code.code for code in CODES[side.type.codes]]
        if other.node.this not in known:
            raise _refuse(
                _("没有叫 '{code}' 的代码").format(code=other.node.this), nearest(other.node.this, known)
            )


def _between(tree: Any, scope: Scope) -> Value:
    low = exp.GTE(this=tree.this, expression=tree.args["low"])
    high = exp.LTE(this=tree.this.copy(), expression=tree.args["high"])
    return lower(exp.And(this=low, expression=high), scope)


def _in(tree: Any, scope: Scope) -> Value:
    if tree.args.get("query") or tree.args.get("unnest") or tree.args.get("field"):
        raise _refuse(_("in 后面只能写一串值"), _("例如 kind in ('dibao_new', 'tekun_new')"))
    value = lower(tree.this, scope)
    options = [lower(option, scope) for option in tree.expressions]
    for option, text in zip(options, tree.expressions, strict=True):
        _comparable(value, option, tree)
        if option.denominator is not None or value.denominator is not None:
            raise _refuse(_("in 不能用于商：{text}").format(text=text.sql()), _("用 between 或比较"))
    node = exp.In(this=_wrap(value.node), expressions=[option.node for option in options])
    return Value(BOOL, node, absent=value.absent)


def _is(tree: Any, scope: Scope) -> Value:
    if not isinstance(tree.expression, exp.Null):
        raise _refuse(_("is 后面只能写 null 或 not null"), _("真假列直接写列名，例如 away 或 not away"))
    value = lower(tree.this, scope)
    node = value.node
    if value.denominator is not None:
        top = exp.NEQ(this=_wrap(value.denominator), expression=exp.Literal.number(0))
        node = exp.Case(ifs=[exp.If(this=top, true=value.node)])
    empty = exp.Is(this=_wrap(node), expression=exp.Null())
    if (
        value.absent
    ):  # lacking is not empty: it can only be said that something is there, never that nothing is
        there = exp.Not(this=exp.Paren(this=empty))
        return Value(BOOL, exp.Case(ifs=[exp.If(this=there, true=exp.false())]), absent=True)
    return Value(BOOL, empty)


def _case(tree: Any, scope: Scope) -> Value:
    if tree.this is not None:
        raise _refuse(_("case 后面要直接写 when"), _("例如 case when away then 'remote' else 'any' end"))
    conditions = [lower(branch.this, scope) for branch in tree.args["ifs"]]
    for condition, branch in zip(conditions, tree.args["ifs"], strict=True):
        _needs(condition, ("bool",), "when", branch.this)
    results = [lower(branch.args["true"], scope) for branch in tree.args["ifs"]]
    default = lower(tree.args["default"], scope) if tree.args.get("default") is not None else None
    kind = _one_type([*results, *([default] if default else [])], tree)
    ifs = [exp.If(this=c.node, true=r.node) for c, r in zip(conditions, results, strict=True)]
    node = exp.Case(ifs=ifs, default=default.node if default else None)
    absent = any(value.absent for value in (*conditions, *results, *([default] if default else [])))
    return Value(kind, node, absent=absent)


def _one_type(values: list[Value], tree: Node) -> Type:
    kinds = {value.type.base for value in values} - {"null"}
    if "ratio" in kinds:
        raise _refuse(
            _("商不能放进 case、coalesce、least、greatest：{text}").format(
                text=tree.sql(dialect="duckdb")[:60]
            ),
            _("把被除数和除数分别算成指标，最后再除"),
        )
    if len(kinds) > 1:
        raise _refuse(
            _("各分支的种类不同：{text}").format(text=tree.sql(dialect="duckdb")[:60]),
            _("让每个分支都是数、文字、日期或真假中的同一种"),
        )
    if not kinds:
        return NULL
    codes = {value.type.codes for value in values if value.type.base == "text"}
    scale = max(value.type.scale for value in values)
    return Type(kinds.pop(), scale, codes.pop() if len(codes) == 1 else None)


def _variadic(tree: Any, scope: Scope) -> Value:
    parts = [tree.this, *tree.expressions]
    values = [lower(part, scope) for part in parts]
    kind = _one_type(values, tree)
    if not isinstance(tree, exp.Coalesce):
        for value, part in zip(values, parts, strict=True):
            _needs(value, ("number", "date"), tree.sql_name().lower(), part)
    nodes = [value.node for value in values]
    node: Node = type(tree)(this=nodes[0], expressions=nodes[1:])
    if not isinstance(tree, exp.Coalesce):
        node = _only_where_known(node, nodes)
    absent = (
        all(value.absent for value in values)
        if isinstance(tree, exp.Coalesce)
        else any(v.absent for v in values)
    )
    return Value(kind, node, absent=absent)


def _only_where_known(node: Node, operands: list[Node]) -> Node:
    """least and greatest are unknown where an operand is (SQL would pass over it, and unknown would become a number)."""
    known = [
        exp.Not(this=exp.Is(this=_wrap(operand), expression=exp.Null()))
        for operand in operands
        if not isinstance(operand, exp.Literal)
    ]
    if not known:
        return node
    condition: Node = known[0]
    for more in known[1:]:
        condition = exp.And(this=condition, expression=more)
    return exp.Case(ifs=[exp.If(this=condition, true=node)])


def _abs(tree: Any, scope: Scope) -> Value:
    value = lower(tree.this, scope)
    _needs(value, ("number",), "abs", tree.this)
    return Value(value.type, exp.Abs(this=value.node), absent=value.absent)


def _aggregate(tree: Any, scope: Scope) -> Value:
    function = tree.name.lower() if isinstance(tree, exp.Anonymous) else type(tree).__name__.lower()
    if function not in AGGREGATES:
        raise _refuse(
            _("没有叫 {name} 的函数").format(name=function),
            nearest(function, (*AGGREGATES, "coalesce", "abs", "least", "greatest")),
        )
    if scope.rows is None:
        raise _refuse(
            _("{name} 是汇总，只能写在 aggregates 里").format(name=function),
            _("先在 aggregates 里取个名字，再在这里引用"),
        )
    if scope.inside:
        raise _refuse(
            _("汇总里不能再套汇总：{text}").format(text=tree.sql(dialect="duckdb")[:60]), _("拆成两步")
        )
    argument = _argument(tree, function, scope)
    kind = _aggregate_type(function, argument, tree)
    key = f"{function}({argument.node.sql(dialect='duckdb') if argument else '*'})"
    if key not in scope.primitives:
        scope.primitives[key] = Primitive(function, argument, f"{scope.prefix}__{len(scope.primitives)}")
    return Value(kind, column(scope.primitives[key].name), absent=argument.absent if argument else False)


def _argument(tree: Any, function: str, scope: Scope) -> Value | None:
    inner = tree.expressions[0] if isinstance(tree, exp.Anonymous) and tree.expressions else tree.this
    if isinstance(inner, exp.Star) and function == "count":
        return None
    if inner is None or isinstance(inner, (exp.Star, exp.Distinct, str)):
        raise _refuse(
            _("{name} 里要写一个列或算式").format(name=function),
            _("例如 sum(case when counted then amount else 0 end)"),
        )
    scope.inside = True
    try:
        return lower(inner, scope)
    finally:
        scope.inside = False


def _aggregate_type(function: str, argument: Value | None, tree: Node) -> Type:
    if function == "count" or argument is None:
        return INT
    wanted: dict[str, tuple[str, ...]] = {
        "any": ("bool",),
        "every": ("bool",),
        "sum": ("number",),
        "min": ("number", "date", "text"),
        "max": ("number", "date", "text"),
    }
    _needs(argument, wanted[function], function, tree)
    return argument.type


_HANDLERS: dict[Any, Callable[[Any, Scope], Value]] = {
    exp.Column: _column, exp.Placeholder: _placeholder, exp.Literal: _literal, exp.Boolean: _boolean, exp.Null: _null,
    exp.Paren: _paren, exp.And: _logical, exp.Or: _logical, exp.Not: _not, exp.Neg: _negative,
    exp.Add: _arithmetic, exp.Sub: _arithmetic, exp.Mul: _arithmetic, exp.Div: _arithmetic,
    exp.EQ: _comparison, exp.NEQ: _comparison, exp.LT: _comparison, exp.LTE: _comparison, exp.GT: _comparison, exp.GTE: _comparison,
    exp.Between: _between, exp.In: _in, exp.Is: _is, exp.Case: _case, exp.Coalesce: _variadic,
    exp.Least: _variadic, exp.Greatest: _variadic, exp.Abs: _abs,
    exp.Sum: _aggregate, exp.Count: _aggregate, exp.Min: _aggregate, exp.Max: _aggregate, exp.Any: _aggregate, exp.Anonymous: _aggregate,
}  # fmt: skip

__all__ = [
    "AGGREGATES", "BOOL", "DATE", "Node", "Primitive", "Scope", "Value", "column", "lower", "names", "parameters", "parse",
]  # fmt: skip
