"""The mutants of a pack's parameters: a number or a day one step beside, a list without one of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scripts.mutation.mutants import step_of
from shouwang.policy.pack import Pack, Parameter, Place
from shouwang.policy.yaml_source import scalar


@dataclass(frozen=True)
class ParameterMutant:
    """One value of one parameter changed; ``place`` is the line of the parameter, ``owner`` its name."""

    name: str
    number: int  # which of its values
    before: Any
    after: Any
    place: Place
    operator: str = "parameter"

    @property
    def owner(self) -> str:
        return f"parameters.{self.name}"

    def applied(self, pack: Pack) -> Pack:
        """The pack with that value; the same pack where it does not have the value."""
        parameter = pack.parameters.get(self.name)
        if parameter is None or parameter.place != self.place:
            return pack
        values = list(parameter.values)
        values[self.number] = replace(values[self.number], value=self.after)
        return replace(
            pack, parameters={**pack.parameters, self.name: replace(parameter, values=tuple(values))}
        )


def parameter_mutants(pack: Pack) -> list[ParameterMutant]:
    """Every single mutant of every parameter that has a value."""
    return [
        ParameterMutant(parameter.name, number, held.value, after, parameter.place)
        for parameter in pack.parameters.values()
        for number, held in enumerate(parameter.values)
        for after in _others(parameter, held.value)
    ]


def _others(parameter: Parameter, value: Any) -> list[Any]:
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, date):
        return [value + timedelta(days=1), value - timedelta(days=1)]
    if isinstance(value, (int, Decimal)):
        return [value + step_of(value), value - step_of(value)]
    if "|" in parameter.unit:
        return [choice for choice in map(str.strip, parameter.unit.split("|")) if choice != value]
    if ";" in value:
        words = value.split(";")
        return [";".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
    return _days_beside(value)


def _days_beside(text: str) -> list[str]:
    """A day of the year (``04-01``), one day on either side; nothing for any other word."""
    day = scalar(f"2023-{text}")
    if not isinstance(day, date):
        return []
    return [(day + timedelta(days=1)).isoformat()[5:], (day - timedelta(days=1)).isoformat()[5:]]
