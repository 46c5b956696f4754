"""The text of an expression for people: in words, and with the values of one household filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from shouwang.language import _, current
from shouwang.policy import parameters
from shouwang.policy.explained_household import Household
from shouwang.policy.expressions import Node
from shouwang.policy.inner_names import inner_name
from shouwang.policy.mistakes import ExpressionMistake
from shouwang.policy.pack import Pack
from shouwang.policy.prepared import PREPARED
from shouwang.policy.wording import WORDS, say, type_of, unit_of
from shouwang.tables.dictionary import CODES, TABLES, Column, labels
from shouwang.tables.dictionary import Type as ColumnType
from shouwang.tables.exchange_types import shown as masked_text

_NAMES_OF_PEOPLE = frozenset(
    {
        "name",
        "head_name",
        "contact",
        "contact_name",
        "visitor",
        "study_people",
        "signed_by",
        "given_by",
        "asked_by",
    }
)
MARKS = {True: "✓", False: "✗", None: "?"}
_OPERATORS: dict[Any, str] = {
    exp.Add: "+", exp.Sub: "−", exp.Mul: "×", exp.Div: "÷", exp.EQ: "=", exp.NEQ: "≠",
    exp.LT: "<", exp.LTE: "≤", exp.GT: ">", exp.GTE: "≥",
}  # fmt: skip
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def masked_name(name: str | None) -> str:
    """A person's name as a sheet may show it: 张*三, 李*, 欧**华."""
    text = (name or "").strip()
    if len(text) <= 1:
        return text
    return text[0] + "*" if len(text) == 2 else text[0] + "*" * (len(text) - 2) + text[-1]


def masked(text: Any) -> str:
    """A text with identity numbers and phones masked."""
    return masked_text(text, 200)


def say_fact(entry: Column | None, value: Any) -> str:
    """A fact as people say it: labels of codes and lists, people's names and numbers masked."""
    language = current()
    if value is None:
        return WORDS[language][None]
    if isinstance(value, (bool, date)):
        return WORDS[language][value] if isinstance(value, bool) else value.isoformat()
    if entry is not None and entry.codes in CODES:
        known = labels(str(entry.codes), language)
        parts = str(value).split(";") if entry.type is ColumnType.LIST else [str(value)]
        return "、".join(known.get(part, part) for part in parts) if str(value) else _("无")
    if entry is not None and entry.name in _NAMES_OF_PEOPLE:
        return masked_name(str(value)) if str(value) else _("无")
    return f"{value:f}" if isinstance(value, Decimal) else masked(value)


def label_of(pack: Pack, name: str, table: str = "households") -> str:
    """What people call a value, fact, rule, focus category or parameter; its own name where nobody named it."""
    language = current()
    for rule in pack.rules.values():
        if rule.alias == name:
            return pack.label(rule.name, language)
    if name.startswith("focus_") and name.removeprefix("focus_") in pack.focus:
        return pack.label(name.removeprefix("focus_"), language)
    if table == "households" and pack.label(name, language) != name:
        return pack.label(name, language)
    entry = TABLES[table].by_name.get(name) if table in TABLES else None
    if entry is not None:
        return entry.label
    prepared = PREPARED.get(table, {}).get(name)
    if prepared is not None:
        return prepared.en if language == "en" else prepared.zh
    label = parameters.label(pack, name) if table == "households" else name
    return inner_name(name, language) if label == name else label


def said(household: Household, name: str) -> str:
    """A household value or parameter as people say it; ≈ where it is rounded for showing."""
    plan, value = household.plan, household.shown(name)
    entry = TABLES["households"].by_name.get(name)
    if entry is not None and plan.step(name) is None:
        return say_fact(entry, value)
    text = say(
        value,
        type_of(plan, name),
        current(),
        share=unit_of(plan, name) == "share" and isinstance(value, (int, Decimal)),
    )
    return ("≈" if household.is_rounded(name) else "") + masked(text)


class _Renderer:
    """Writes a tree as text; ``name`` says how a column is written, ``parameter`` how a parameter is."""

    def __init__(
        self,
        name: Callable[[str], str],
        parameter: Callable[[str], str],
        household: Household | None = None,
        codes: str | None = None,
    ) -> None:
        self.name, self.parameter, self.household = name, parameter, household
        self.codes = labels(codes, current()) if codes else {}

    def write(self, tree: Node) -> str:
        writer = _WRITE.get(type(tree))
        return writer(self, tree) if writer else tree.sql(dialect="duckdb")

    def inner(self, tree: Node) -> str:
        """Text that stands within more: a case, which has lost its ``end``, in brackets."""
        text = self.write(tree)
        simple = (exp.Column, exp.Literal, exp.Placeholder, exp.Boolean, exp.Null, exp.Paren, exp.Func)
        whole = isinstance(tree, simple) and not (isinstance(tree, exp.Case) and self._open(tree))
        return text if whole else f"({text})"

    def _open(self, tree: Any) -> bool:
        return self.household is None or self._taken(tree) is None

    def listed(self, trees: Any) -> str:
        return ", ".join(self.write(tree) for tree in trees)

    def marked(self, tree: Node, text: str) -> str:
        """A comparison followed by whether it holds, where a household is looked at."""
        if self.household is None:
            return text
        try:
            return f"{text} {MARKS[self.household.worked(tree)]}"
        except (ExpressionMistake, KeyError):
            return text

    def binary(self, tree: Any) -> str:
        operator = _OPERATORS[type(tree)]
        sides = [self._side(tree, side) for side in (tree.this, tree.expression)]
        text = f" {operator} ".join(sides)
        return self.marked(tree, text) if isinstance(tree, _COMPARISONS) else text

    def _side(self, tree: Any, side: Node) -> str:
        sums, products = (exp.Add, exp.Sub), (exp.Mul, exp.Div)
        loose = isinstance(side, (*sums, *products)) and (
            isinstance(tree, (*_COMPARISONS, *sums)) or isinstance(side, products)
        )
        second = side is tree.expression and isinstance(tree, (exp.Sub, exp.Div))
        code = self._code(tree, side)
        return code or (self.write(side) if loose and not second else self.inner(side))

    def _code(self, tree: Any, side: Node) -> str:
        """A code that a column is compared with, by its label."""
        other = tree.expression if side is tree.this else tree.this
        return self._code_of(other, side)

    def _code_of(self, other: Node, side: Node) -> str:
        if not (isinstance(side, exp.Literal) and side.is_string and isinstance(other, exp.Column)):
            return ""
        for table in TABLES.values():
            entry = table.by_name.get(other.name)
            if entry is not None and entry.codes:
                label = labels(entry.codes, current()).get(side.this)
                if label:
                    return label
        return ""

    def logical(self, tree: Any) -> str:
        word = _("且") if isinstance(tree, exp.And) else _("或")
        parts, stack = [], [tree]
        while stack:
            top = stack.pop()
            if type(top) is type(tree):
                stack += [top.expression, top.this]
            else:
                parts.append(top)
        return f" {word} ".join(
            self.write(part) if not isinstance(part, (exp.And, exp.Or)) else f"({self.write(part)})"
            for part in parts
        )

    def negation(self, tree: Any) -> str:
        if isinstance(tree.this, exp.Is):
            return self.marked(tree, _("{value} 已知").format(value=self.write(tree.this.this)))
        return _("不是 {value}").format(value=self.inner(tree.this))

    def is_null(self, tree: Any) -> str:
        return self.marked(tree, _("{value} 未知").format(value=self.inner(tree.this)))

    def member(self, tree: Any) -> str:
        options = ", ".join(
            self._code_of(tree.this, option) or self.write(option) for option in tree.expressions
        )
        return self.marked(
            tree, _("{value} 属于（{options}）").format(value=self.inner(tree.this), options=options)
        )

    def between(self, tree: Any) -> str:
        low, high = self.inner(tree.args["low"]), self.inner(tree.args["high"])
        return self.marked(tree, f"{low} ≤ {self.inner(tree.this)} ≤ {high}")

    def case(self, tree: Any) -> str:
        taken = self._taken(tree) if self.household is not None else None
        if taken is not None:
            return self.write(taken) if isinstance(taken, exp.Expression) else WORDS[current()][None]
        parts = [
            _("若 {condition} 则 {value}").format(
                condition=self.write(b.this), value=self.inner(b.args["true"])
            )
            for b in tree.args["ifs"]
        ]
        if tree.args.get("default") is not None:
            parts.append(_("否则 {value}").format(value=self.inner(tree.args["default"])))
        return _("；").join(parts)

    def _taken(self, tree: Any) -> Any:
        """The branch that this household takes, False where it takes none, None where that cannot be told."""
        assert self.household is not None
        try:
            for branch in tree.args["ifs"]:
                if self.household.worked(branch.this) is True:
                    return branch.args["true"]
        except (ExpressionMistake, KeyError):
            return None
        default = tree.args.get("default")
        return False if default is None else default

    def function(self, tree: Any) -> str:
        words = {
            exp.Coalesce: _("首个已知"), exp.Greatest: _("较大者"), exp.Least: _("较小者"), exp.Abs: _("绝对值"), exp.Sum: _("合计"),
            exp.Count: _("个数"), exp.Min: _("最小"), exp.Max: _("最大"), exp.Any: _("任一"),
        }  # fmt: skip
        if isinstance(tree, exp.Anonymous):
            return (
                f"{_('每个') if tree.name.lower() == 'every' else tree.name}({self.listed(tree.expressions)})"
            )
        parts = [tree.this, *(tree.expressions or [])]
        inside = ", ".join(
            _("行") if isinstance(part, exp.Star) else self.write(part) for part in parts if part is not None
        )
        return f"{words[type(tree)]}({inside})"


_WRITE: dict[Any, Callable[[_Renderer, Any], str]] = {
    exp.Column: lambda renderer, tree: renderer.name(tree.name),
    exp.Placeholder: lambda renderer, tree: renderer.parameter(str(tree.this)),
    exp.Literal: lambda renderer, tree: renderer.codes.get(tree.this, str(tree.this)),
    exp.Boolean: lambda _renderer, tree: WORDS[current()][bool(tree.this)],
    exp.Null: lambda _renderer, _tree: WORDS[current()][None],
    exp.Paren: lambda renderer, tree: f"({renderer.write(tree.this)})",
    exp.Neg: lambda renderer, tree: f"−{renderer.inner(tree.this)}",
    exp.And: _Renderer.logical, exp.Or: _Renderer.logical, exp.Not: _Renderer.negation, exp.Is: _Renderer.is_null,
    exp.In: _Renderer.member, exp.Between: _Renderer.between, exp.Case: _Renderer.case,
    **dict.fromkeys(_OPERATORS, _Renderer.binary),
    **dict.fromkeys((exp.Coalesce, exp.Greatest, exp.Least, exp.Abs, exp.Sum, exp.Count, exp.Min, exp.Max, exp.Any, exp.Anonymous),
                    _Renderer.function),
}  # fmt: skip


def in_words(pack: Pack, tree: Node, table: str = "households", codes: str | None = None) -> str:
    """An expression with what people call its parts: 12 × 家庭纯收入 ÷ 人月数; ``codes`` is the code set of its result."""
    return _Renderer(
        lambda name: label_of(pack, name, table), lambda name: parameters.label(pack, name), codes=codes
    ).write(tree)


def filled_in(household: Household, tree: Node, codes: str | None = None) -> str:
    """The same with this household's values; of a case only the branch that it takes; ✓ ✗ ? after comparisons."""

    def name(name: str) -> str:
        text = said(household, name)
        return (
            f"{label_of(household.plan.pack, name)}={text}"
            if household.symbols[name].type.base == "bool"
            else text
        )

    renderer = _Renderer(name, lambda parameter: said(household, parameter), household, codes)
    return renderer.write(tree)
