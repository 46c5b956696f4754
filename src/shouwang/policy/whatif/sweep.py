"""Households per finding over a range of values of one parameter, without screening every value by itself.

The parameter is made a column: what does not read it is worked out once, the few steps that do over every value at
once. Where a parameter is read row by row (an age, a window) that cannot be, and every value is screened by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy import parameters
from shouwang.policy.duckdb_sql import household_steps_query, sql_type
from shouwang.policy.mistakes import PackError
from shouwang.policy.pack import Pack, ParameterValue
from shouwang.policy.whatif.changes import NEVER, Terms
from shouwang.policy.whatif.ground import Ground, columns_of, reading
from shouwang.policy.whatif.result import Sweep
from shouwang.policy.whatif.sides import Side
from shouwang.policy.whatif.signatures import differing
from shouwang.policy.whatif.targets import Target

MOST = 200  # values in one sweep
Step = Callable[[int, str], None]
Counts = list[list[int]]  # target → value → households


@dataclass(frozen=True)
class SweepOrder:
    """A parameter and the values to try, in order."""

    name: str
    values: tuple[Any, ...]

    @classmethod
    def read(cls, pack: Pack, text: str) -> SweepOrder:
        """``NAME=FROM:TO:STEP`` (FROM and TO are inside); InputError for anything else."""
        name, equals, span = text.partition("=")
        parts = span.split(":")
        if not equals or len(parts) != 3:
            raise InputError(
                _("“{text}”写法不对").format(text=text), where="--sweep",
                remedy=_("写成 名字=从:到:步长，例如 monitoring_range=7000:10000:100"),
            )  # fmt: skip
        first, last, width = (cls._number(pack, name.strip(), part) for part in parts)
        if width <= 0 or last < first:
            raise InputError(
                _("从 {first} 到 {last} 每次加 {width} 走不到").format(first=first, last=last, width=width), where="--sweep",
                remedy=_("步长要大于零，“到”不能小于“从”"),
            )  # fmt: skip
        count = int((last - first) // width) + 1
        if count > MOST:
            raise InputError(
                _("一次最多试 {most} 个值，这里有 {count} 个").format(most=MOST, count=count), where="--sweep",
                remedy=_("把步长放大，或把范围缩小"),
            )  # fmt: skip
        return cls(name.strip(), tuple(first + width * place for place in range(count)))

    @staticmethod
    def _number(pack: Pack, name: str, text: str) -> Decimal:
        value = parameters.read_settings(pack, {name: text.strip()})[name]
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise InputError(
                _("{name} 不是数，不能一个一个值地试").format(name=name), where="--sweep",
                remedy=_("只能试数值参数，例如 monitoring_range"),
            )  # fmt: skip
        return Decimal(value)


def sweep(
    before: Side, order: SweepOrder, watched: Sequence[Target], after: Terms, step: Step, partition: int
) -> Sweep:
    """Counts the targets that read the parameter, for every value of it with all else as it is before."""
    terms = before.terms
    probe = Side.of("probe", _with(terms, order.name, _another(before, order)), before.facts)
    moving = differing(before.signatures, probe.signatures)
    chosen = [target for target in watched if target.value in moving]
    pack = terms.pack
    found = Sweep(
        order.name, pack.label(order.name, current()), pack.parameters[order.name].unit, order.values, chosen, [], [],
        (_mark(terms, order.name), _mark(after, order.name)),
    )  # fmt: skip
    if not chosen:
        return found
    try:
        column = Side.of("sweep", Terms(_as_column(terms, order), terms.on, {}), before.facts)
    except PackError:  # read row by row
        found.planned_once = False
        found.fired, found.unknown = _one_by_one(terms, order, chosen, before, step, partition)
        return found
    found.fired, found.unknown = _all_at_once(before, column, order, chosen, partition)
    return found


def _with(terms: Terms, name: str, value: Any) -> Terms:
    return replace(terms, settings={**terms.settings, name: value})


def _another(side: Side, order: SweepOrder) -> Any:
    """A value that the parameter does not have, to see what rests on it."""
    resolved = side.plan.parameters[order.name]
    held = {value.value for _area, value in resolved.by_area} | {
        resolved.everywhere.value if resolved.everywhere else None
    }
    return next(Decimal(value) for value in range(1, 9) if Decimal(value) not in held)


def _mark(terms: Terms, name: str) -> Any:
    """The parameter's value where it is one for all; else that of the one place that has its own."""
    resolved = parameters.resolve(terms.pack, terms.on, terms.settings).get(name)
    if resolved is None:
        return None
    if len(resolved.by_area) == 1:
        return resolved.by_area[0][1].value
    return resolved.everywhere.value if resolved.everywhere and not resolved.by_area else None


def _as_column(terms: Terms, order: SweepOrder) -> Pack:
    """The pack with the parameter as one that differs by place, which plans read from a column."""
    fixed = terms.fixed().pack
    parameter = fixed.parameters[order.name]
    swept = ParameterValue(order.values[0], "", area="-")
    kinds = tuple(ParameterValue(value, "", first=NEVER, last=NEVER, area="-") for value in order.values[1:])
    others = tuple(value for value in parameter.values if value.first == NEVER)
    entry = replace(parameter, values=(swept, *kinds, *others))
    return replace(fixed, parameters={**fixed.parameters, order.name: entry})


def _all_at_once(
    before: Side, column: Side, order: SweepOrder, chosen: Sequence[Target], partition: int
) -> tuple[Counts, Counts]:
    moving = differing(before.signatures, column.signatures)
    names = [target.value for target in chosen]
    ground = Ground(before, column, moving)
    found = reading(column.plan, moving, names)
    swept = f"parameter__{order.name}"
    ground.need_columns(found.columns - {swept}, before)
    kind = sql_type(column.plan.parameters[order.name].type)
    values = ", ".join(f"(CAST({value} AS {kind}))" for value in order.values)
    fired, unknown = ([[0] * len(order.values) for _target in chosen] for _side in range(2))
    place = {value: number for number, value in enumerate(order.values)}
    for low, high in before.engine().bounds(partition):
        ground.lay(low, high)
        read = [
            f'{ground.columns[before.signatures.of(c)]} AS "{c}"' for c in sorted(found.columns - {swept})
        ]
        before.facts.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW read_by_sweep AS SELECT {', '.join([*read, _quoted(swept)])} "
            f"FROM ground CROSS JOIN (VALUES {values}) AS v({_quoted(swept)})"
        )
        query = household_steps_query(found.steps, "read_by_sweep", found.columns, {*found.wanted, swept})
        counts = ", ".join(
            f"count(*) FILTER ({sql}), count(*) FILTER (({sql}) IS NULL)"
            for sql in (target.sql(column.plan) for target in chosen)
        )
        rows = before.facts.connection.execute(
            f"SELECT {_quoted(swept)}, {counts} FROM ({query}) GROUP BY 1"
        ).fetchall()
        for value, *numbers in rows:
            for target in range(len(chosen)):
                fired[target][place[Decimal(value)]] += numbers[2 * target]
                unknown[target][place[Decimal(value)]] += numbers[2 * target + 1]
    return fired, unknown


def _one_by_one(
    terms: Terms, order: SweepOrder, chosen: Sequence[Target], before: Side, step: Step, partition: int
) -> tuple[Counts, Counts]:  # fmt: skip
    fired, unknown = ([[0] * len(order.values) for _target in chosen] for _side in range(2))
    names = [target.value for target in chosen]
    for number, value in enumerate(order.values):
        side = Side.of("sweep", _with(terms, order.name, value), before.facts)
        wanted = {column: _quoted(column) for column in columns_of(side.plan, names)}
        counts = ", ".join(
            f"count(*) FILTER ({sql}), count(*) FILTER (({sql}) IS NULL)"
            for sql in (target.sql(side.plan) for target in chosen)
        )
        for low, high in side.engine().bounds(partition):
            side.engine().make("judged_sweep", side.rows(names, wanted, low, high))
            numbers = before.facts.connection.execute(f"SELECT {counts} FROM judged_sweep").fetchone() or ()
            for target in range(len(chosen)):
                fired[target][number] += numbers[2 * target]
                unknown[target][number] += numbers[2 * target + 1]
        step(95, _("{n} 个值").format(n=number + 1))
    return fired, unknown


def _quoted(name: str) -> str:
    return f'"{name}"'
