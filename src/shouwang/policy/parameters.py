"""Parameters on a day: what value holds where, what is unset, what somebody set otherwise for this run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy.builtins import builtins
from shouwang.policy.expressions import Node, Value, column
from shouwang.policy.mistakes import Mistake, nearest
from shouwang.policy.pack import Pack, Parameter, ParameterValue
from shouwang.policy.types import Type
from shouwang.policy.yaml_source import scalar


@dataclass(frozen=True)
class Resolved:
    """A parameter on one day. ``by_area`` maps area prefixes (longest first, '' last) to values, where they differ."""

    name: str
    type: Type
    value: Value
    by_area: tuple[tuple[str, ParameterValue], ...]
    everywhere: ParameterValue | None
    set_by_hand: bool = False

    def at(self, area: str) -> Any:
        """The value in a place; None where it is unset there."""
        for prefix, value in self.by_area:
            if area.startswith(prefix):
                return value.value
        return self.everywhere.value if self.everywhere else None


def window(pack: Pack, on: date, settings: Mapping[str, Any]) -> str:
    """``visit`` or ``year``: the income window that holds on a day."""
    if "window" in settings:
        return str(settings["window"])
    parameter = pack.parameters.get("window")
    value = parameter.at(on, pack.area) if parameter else None
    return str(value.value) if value and value.value else "visit"


def resolve(pack: Pack, on: date, settings: Mapping[str, Any]) -> dict[str, Resolved]:
    """Every parameter of the pack and every built-in one, as it holds on ``on`` with ``settings`` applied."""
    found = {}
    for name, builtin in builtins(on, window(pack, on, settings)).items():
        value = ParameterValue(builtin.value, _("由筛查日得出"))
        found[name] = Resolved(name, builtin.type, Value(builtin.type, literal(builtin.value)), (), value)
    for parameter in pack.parameters.values():
        found[parameter.name] = _resolve(parameter, on, settings)
    return found


def _resolve(parameter: Parameter, on: date, settings: Mapping[str, Any]) -> Resolved:
    kind = parameter.type
    if parameter.name in settings:
        value = settings[parameter.name]
        if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > kind.scale:
            kind = Type("number", -int(value.as_tuple().exponent))
        by_hand = ParameterValue(value, _("本次运行设定"))
        return Resolved(parameter.name, kind, Value(kind, literal(value)), (), by_hand, set_by_hand=True)
    areas = parameter.areas(on)
    everywhere = parameter.at(on, "")
    if not areas:
        value = everywhere.value if everywhere else None
        return Resolved(parameter.name, kind, Value(kind, literal(value)), (), everywhere)
    by_area = tuple((area, held) for area in areas if (held := parameter.at(on, area)) is not None)
    return Resolved(
        parameter.name, kind, Value(kind, column(f"parameter__{parameter.name}")), by_area, everywhere
    )


def literal(value: Any) -> Node:
    """A value as a node: exact numbers with their places, ISO dates, words; NULL for unset."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        return exp.Cast(this=exp.Literal.string(value.isoformat()), to=exp.DataType.build("date"))
    if isinstance(value, (int, Decimal)):
        number = exp.Literal.number(
            format(abs(value), "f") if isinstance(value, Decimal) else str(abs(value))
        )
        return exp.Neg(this=number) if value < 0 else number
    return exp.Literal.string(str(value))


def read_settings(pack: Pack, texts: Mapping[str, str]) -> dict[str, Any]:
    """``--set NAME=VALUE`` as values; InputError for a name that is none or a value of the wrong kind."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        found[name] = checked(pack, name, scalar(text) if isinstance(text, str) else text)
    return found


def checked(pack: Pack, name: str, value: Any) -> Any:
    """A value for a parameter, if it is of the right kind."""
    where = f"--set {name}={value}"
    if name not in pack.parameters:
        raise InputError(
            _("没有叫 {name} 的参数").format(name=name), where=where, remedy=nearest(name, pack.parameters)
        )
    parameter = pack.parameters[name]
    if value is None or value == "unset":
        return None
    choices = [choice.strip() for choice in parameter.unit.split("|")] if "|" in parameter.unit else []
    if choices and value not in choices:
        raise InputError(
            _("{name} 不能是 {value}").format(name=name, value=value),
            where=where,
            remedy=_("可用的有：{words}").format(words="、".join(choices)),
        )
    kinds: dict[str, tuple[type, ...]] = {
        "number": (int, Decimal),
        "date": (date,),
        "text": (str,),
        "bool": (bool,),
    }
    right = kinds[parameter.type.base]
    if not isinstance(value, right) or (isinstance(value, bool) and bool not in right):
        raise InputError(
            _("{name} 要的是{type}，给的却是 {value}").format(name=name, type=parameter.type, value=value),
            where=where,
            remedy=_("写成 {name}={example} 这样").format(name=name, example=_example(parameter)),
        )
    return value


def _example(parameter: Parameter) -> str:
    return {"number": "0.2" if parameter.unit == "share" else "8300", "date": "2024-09-01"}.get(
        parameter.type.base, "…"
    )


def mistakes(pack: Pack) -> list[Mistake]:
    """Values of a parameter that differ in kind, or two that hold at once."""
    found = []
    for parameter in pack.parameters.values():
        kinds = {type(value.value) for value in parameter.values if value.value is not None}
        if len(kinds - {int, Decimal}) + bool(kinds & {int, Decimal}) > 1:
            found.append(
                Mistake(
                    parameter.place.file,
                    parameter.place.line,
                    _("参数 {name} 的值种类不一").format(name=parameter.name),
                    _("都写成数，或都写成日期，或都写成词"),
                )
            )
        for index, one in enumerate(parameter.values):
            for other in parameter.values[index + 1 :]:
                if one.area == other.area and one.first == other.first:
                    found.append(
                        Mistake(
                            parameter.place.file,
                            parameter.place.line,
                            _("参数 {name} 有两个值在同一天、同一地生效").format(name=parameter.name),
                            _("各写各的 from 或 area，或删去一个"),
                        )
                    )
    return found


def used(plan_parameters: Mapping[str, Resolved], names: set[str], areas: set[str]) -> list[dict[str, Any]]:
    """The parameters of a run with their clause, for ``run.json``; built-in ones included."""
    rows = []
    for name in sorted(names):
        resolved = plan_parameters[name]
        pairs = [*resolved.by_area, *([("", resolved.everywhere)] if resolved.everywhere else [])]
        if not pairs:
            rows.append({"name": name, "value": None, "area": "", "clause": ""})
        for area, value in pairs:
            if (
                not area
                or not areas
                or any(known.startswith(area) or area.startswith(known) for known in areas)
            ):
                shown = value.value.isoformat() if isinstance(value.value, date) else value.value
                rows.append(
                    {
                        "name": name,
                        "value": str(shown) if isinstance(shown, Decimal) else shown,
                        "area": area,
                        "clause": value.clause,
                    }
                )
    return rows


def label(pack: Pack, name: str) -> str:
    """What people call a parameter, in the language now spoken."""
    if name in pack.parameters:
        return pack.label(name, current())
    builtin = builtins(date.today()).get(name)
    return (builtin.en if current() == "en" else builtin.zh) if builtin else name
