"""Every operator and function of the language, with examples that are worked out when the page is made.

All examples are steps of one small pack and are worked out over one household by the closure, as screening does it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from shouwang.policy.closure import compile_plan
from shouwang.policy.loading import load
from shouwang.policy.plan import whole_plan
from shouwang.policy.reference_text import header, row, spoken
from shouwang.policy.types import Type

DAY = date(2024, 9, 5)
HOUSEHOLD: dict[str, Any] = {
    "household_type": "lifted", "farmland_mu": Decimal("3.50"), "cattle_stock": 2, "sheep_stock": None, "cars": 0,
    "housing_unsafe": False, "water_unsafe": None, "identified_on": date(2023, 5, 1),
}  # fmt: skip
MEMBERS: tuple[dict[str, Any], ...] = (
    {"name": "甲", "birth_date": date(1970, 3, 2), "in_school": False, "months_worked": 10},
    {"name": "乙", "birth_date": date(2013, 5, 1), "in_school": True, "months_worked": 0},
    {"name": "丙", "birth_date": date(2020, 6, 1), "in_school": None, "months_worked": None},
)


@dataclass(frozen=True)
class Function:
    """One way of writing: what it takes, what it means (zh, en), examples; ``rows`` for those over rows."""

    written: str
    takes: tuple[str, str]
    means: tuple[str, str]
    examples: tuple[str, ...]
    rows: bool = False


_NUMBERS, _ANY, _TRUTHS = ("数", "numbers"), ("任意一种", "anything"), ("真假", "yes or no")
_ALIKE = ("同一种的两个", "two of one kind")
FUNCTIONS: tuple[Function, ...] = (
    Function("a + b  a - b  a * b", _NUMBERS, ("加、减、乘；有一个未知就未知", "plus, minus, times; unknown where one is"),
             ("cattle_stock * 2 + 1", "cattle_stock + sheep_stock")),
    Function("a / b", _NUMBERS, ("商：留作分子分母，比较时不除，给人看时才除；除以 0 是未知",
             "quotient: kept as two numbers, divided only when shown; by 0 it is unknown"),
             ("farmland_mu / 3", "farmland_mu / 7 * 7 = farmland_mu", "farmland_mu / cars")),
    Function("-a", _NUMBERS, ("相反数", "the opposite"), ("-cattle_stock",)),
    Function("a = b  a <> b", _ALIKE, ("相等、不等", "equal, not equal"),
             ("household_type = 'lifted'", "cattle_stock <> 2", "sheep_stock = 0")),
    Function("a < b  a <= b  a > b  a >= b", _ALIKE, ("小于、不大于、大于、不小于；日期比先后", "less, at most, more, at least; days by time"),
             ("farmland_mu >= :own_line", "identified_on < :year_start")),
    Function("a and b", _TRUTHS, ("都成立；有一个否就是否，哪怕别的未知", "both; one no is no, whatever else is unknown"),
             ("cattle_stock = 2 and farmland_mu > 3", "housing_unsafe and water_unsafe", "cattle_stock = 2 and water_unsafe")),
    Function("a or b", _TRUTHS, ("至少一个成立；有一个是就是是，哪怕别的未知", "one of them; one yes is yes, whatever else is unknown"),
             ("cattle_stock = 2 or water_unsafe", "housing_unsafe or water_unsafe")),
    Function("not a", _TRUTHS, ("反过来；未知还是未知", "the contrary; unknown stays unknown"), ("not housing_unsafe", "not water_unsafe")),
    Function("x in (…)  x not in (…)", _ANY, ("是其中之一、不是", "is one of, is none of"),
             ("household_type in ('lifted', 'general')", "cattle_stock not in (1, 3)")),
    Function("x between a and b", ("数、日期", "numbers, days"), ("介于两者，含两端", "between, both ends inside"),
             ("cattle_stock between 2 and 5", "cattle_stock not between 2 and 5")),
    Function("x is null  x is not null", _ANY, ("这一格空着、不空；从不未知（整列都没有时才未知）",
             "the cell is empty, is not; never unknown (but where the whole column lacks)"), ("sheep_stock is null", "sheep_stock is not null")),
    Function("case when a then x … else y end", ("条件；结果要同一种", "conditions; results of one kind"), ("第一个成立的分支；没有成立的又没有 else 时未知",
             "the first branch that holds; unknown where none does and there is no else"),
             ("case when cattle_stock > 5 then 'many' when cattle_stock > 0 then 'some' else 'none' end", "case when cars > 0 then 1 end")),
    Function("coalesce(a, b, …)", ("同一种的几个", "some of one kind"), ("第一个已知的", "the first that is known"),
             ("coalesce(sheep_stock, 0)", "coalesce(water_unsafe, housing_unsafe)")),
    Function("abs(x)", ("数", "a number"), ("去掉正负号", "without its sign"), ("abs(cattle_stock - 5)",)),
    Function("least(a, b, …)", ("数、日期", "numbers, days"), ("最小的；有一个未知就未知", "the smallest; unknown where one is"),
             ("least(cattle_stock, farmland_mu)", "least(cattle_stock, sheep_stock)")),
    Function("greatest(a, b, …)", ("数、日期", "numbers, days"), ("最大的；有一个未知就未知", "the largest; unknown where one is"),
             ("greatest(cattle_stock, 5)", "greatest(identified_on, :year_start)")),
    Function("sum(x)", ("数", "numbers"), ("各行相加，未知的行跳过；没有已知的行时未知", "added up over rows, unknown ones passed over; unknown where no row is known"),
             ("sum(months_worked)", "sum(case when age > 60 then months_worked end)"), rows=True),
    Function("count(*)", ("—", "—"), ("行数", "how many rows"), ("count(*)",), rows=True),
    Function("count(x)", _ANY, ("x 已知的行数；常写 count(case when 条件 then 1 end)", "rows where x is known; mostly count(case when … then 1 end)"),
             ("count(months_worked)", "count(case when age < 18 then 1 end)"), rows=True),
    Function("min(x)", ("数、日期、文字", "numbers, days, words"), ("最小、最早的；未知的行跳过", "the smallest, the first; unknown rows passed over"),
             ("min(age)",), rows=True),
    Function("max(x)", ("数、日期、文字", "numbers, days, words"), ("最大、最晚的；未知的行跳过", "the largest, the last; unknown rows passed over"),
             ("max(birth_date)",), rows=True),
    Function("any(a)", _TRUTHS, ("有一行成立；没有成立的而有未知的，是未知；没有行时为“否”", "in some row; unknown where none holds and one is unknown; no where there is no row"),
             ("any(in_school)", "any(months_worked > 11)"), rows=True),
    Function("every(a)", _TRUTHS, ("行行成立；有一行否就是否；没有行时为“是”", "in every row; one no is no; yes where there is no row"),
             ("every(age > 3)", "every(in_school)", "every(coalesce(months_worked, 0) < 12)"), rows=True),
)  # fmt: skip


def made() -> Iterator[str]:
    """The household of the examples, and a table of all functions."""
    facts = (f"`{name}` {said(value)}" for name, value in HOUSEHOLD.items())
    yield (
        spoken("例子都用这一户算（筛查日 ", "All examples are about this household (on ")
        + f"{DAY}"
        + spoken("；`:own_line` 是 3.5）：", "; `:own_line` is 3.5):")
    )
    yield ""
    yield spoken("- 户：", "- household: ") + spoken("，", ", ").join(facts)
    for member in MEMBERS:
        own = (f"`{name}` {said(value)}" for name, value in member.items())
        yield spoken("- 成员：", "- member: ") + spoken("，", ", ").join(own)
    yield ""
    yield from header(
        spoken("写法", "written"),
        spoken("取什么", "takes"),
        spoken("含义", "meaning"),
        spoken("例子 → 结果（种类）", "example → result (type)"),
    )
    results = iter(_results())
    for function in FUNCTIONS:
        told = [
            f"`{text}` → **{said(value)}** ({kind})"
            for text, (value, kind) in zip(function.examples, results, strict=False)
        ]
        yield row(_written(function), spoken(*function.takes), spoken(*function.means), "<br>".join(told))


def _written(function: Function) -> str:
    ways = "<br>".join(f"`{way}`" for way in function.written.split("  "))
    return ways + (spoken("<br>（只在 aggregates 里）", "<br>(in aggregates only)") if function.rows else "")


def said(value: Any) -> str:
    """A value as the page says it."""
    if value is None:
        return spoken("未知", "unknown")
    if isinstance(value, bool):
        return spoken("是", "yes") if value else spoken("否", "no")
    return str(value)


@lru_cache(maxsize=1)
def _results() -> tuple[tuple[Any, Type], ...]:
    """The value and the type of every example, in order."""
    aggregates, indicators, names = "", "", []
    pairs = [(function, text) for function in FUNCTIONS for text in function.examples]
    for place, (function, text) in enumerate(pairs):
        names.append(f"example_{place}")
        if function.rows:
            aggregates += f'    rows_{place}: "{text}"\n'
        indicators += (
            f'  example_{place}: {{is: "{f"rows_{place}" if function.rows else text}", shown: true}}\n'
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "examples"
        folder.mkdir()
        for file, content in (
            ("pack", f"id: examples\ntitle: examples\nholds: {{from: {DAY}}}\n"),
            ("parameters", "own_line: {name: own line, values: [{value: 3.5, clause: ours}]}\n"),
            ("indicators", f"aggregates:\n  members:\n{aggregates}indicators:\n{indicators}"),
        ):
            (folder / f"{file}.yaml").write_text(content, encoding="utf-8")
        closure = compile_plan(whole_plan(load(str(folder))))
    values, steps = (
        closure.evaluate(HOUSEHOLD, {"members": MEMBERS}),
        {step.name: step for step in closure.plan.household},
    )
    return tuple((closure.shown_one(name, values), steps[name].value.type) for name in names)
