"""What two sides of a what-if differ in, change by change, and packs in which only some of the changes are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy import parameters
from shouwang.policy.explained_formula import label_of
from shouwang.policy.pack import Pack, Parameter, ParameterValue
from shouwang.policy.types import Type
from shouwang.policy.whatif.signatures import calendar_signature
from shouwang.policy.wording import clause_in_words, say

NEVER = date.max  # the first day of a value that does not hold


@dataclass(frozen=True)
class Change:
    """One thing in which "after" differs from "before".

    ``part`` is ``parameter``, ``day``, ``kind`` (what an item counts as), ``text`` (how the pack works something
    out), ``calendar`` or ``area``; ``section`` says where in the pack. ``before`` and ``after`` are for people.
    """

    part: str
    name: str
    label: str
    before: str
    after: str
    section: str = ""
    clause_before: str = ""
    clause_after: str = ""

    @property
    def said(self) -> str:
        """The change in a few words, as it stands in lists."""
        if self.part == "text" or self.before == self.after:
            return _("{label}（写法不同）").format(label=self.label)
        return _("{label} {before} → {after}").format(label=self.label, before=self.before, after=self.after)


@dataclass(frozen=True)
class Terms:
    """One side: a pack, a day, and parameters set otherwise (values of the pack's own types).

    ``asked`` is the name or folder by which the pack was asked for.
    """

    pack: Pack
    on: date
    settings: Mapping[str, Any]
    asked: str = ""

    def fixed(self) -> Terms:
        """The same with every parameter as it holds on the day, dated and set no more: parts of it can be exchanged."""
        held = {name: self._held(entry) for name, entry in self.pack.parameters.items()}
        return Terms(replace(self.pack, parameters=held), self.on, {})

    def _held(self, parameter: Parameter) -> Parameter:
        if parameter.name in self.settings:
            values = [ParameterValue(self.settings[parameter.name], _("本次运行设定"))]
            return replace(parameter, values=tuple(values) + tuple(_never(parameter.values)))
        holding = [
            replace(held, area=area, first=None, last=None)
            for area in ("", *parameter.areas(self.on))
            if (held := parameter.at(self.on, area)) is not None
        ]
        others = [value for value in parameter.values if value.value is not None]
        return replace(parameter, values=tuple(holding) + tuple(_never(others)))


def _never(values: Iterable[ParameterValue]) -> Iterable[ParameterValue]:
    """Values that hold no more, kept because they say of what kind the parameter is."""
    return (replace(value, first=NEVER, last=NEVER, area="-") for value in values if value.value is not None)


def changes_between(before: Terms, after: Terms) -> list[Change]:
    """Every difference that can change a result, in the order in which people ask for them."""
    found = _parameters(before, after)
    if before.on != after.on:
        found.append(Change("day", "day", _("筛查日"), before.on.isoformat(), after.on.isoformat()))
    if before.pack.hash != after.pack.hash:
        found += _kinds(before.pack, after.pack)
        found += _texts(before.pack, after.pack)
        if calendar_signature(before.pack) != calendar_signature(after.pack):
            found.append(Change("calendar", "calendar", _("工作日历"), "", ""))
        if before.pack.area != after.pack.area:
            found.append(Change("area", "area", _("政策包的地区"), before.pack.area, after.pack.area))
    return found


def _change(
    part: str, name: str, label: str, shown: Sequence[str], section: str, clauses: Sequence[str]
) -> Change:
    return Change(part, name, label, shown[0], shown[1], section, clauses[0], clauses[1])


# parameters


def _parameters(before: Terms, after: Terms) -> list[Change]:
    sides = [parameters.resolve(side.pack, side.on, side.settings) for side in (before, after)]
    names = [
        *before.pack.parameters,
        *(name for name in after.pack.parameters if name not in before.pack.parameters),
    ]
    found = []
    for name in names:
        one, other = sides[0].get(name), sides[1].get(name)
        if _values(one) == _values(other):
            continue
        pack = (after if other is not None else before).pack
        shown = [said_parameter(side.pack, resolved) for side, resolved in ((before, one), (after, other))]
        clauses = [clause_of(side.pack, resolved) for side, resolved in ((before, one), (after, other))]
        found.append(_change("parameter", name, parameters.label(pack, name), shown, "parameters", clauses))
    return found


def _values(resolved: parameters.Resolved | None) -> Any:
    if resolved is None:
        return ()
    everywhere = resolved.everywhere.value if resolved.everywhere else None
    return tuple((area, held.value) for area, held in resolved.by_area), everywhere


def said_parameter(pack: Pack, resolved: parameters.Resolved | None) -> str:
    """The value of a parameter for people; with the place where it differs by place."""
    if resolved is None:
        return _("没有这个参数")
    unit = pack.parameters[resolved.name].unit if resolved.name in pack.parameters else ""
    everywhere = resolved.everywhere.value if resolved.everywhere else None
    if not resolved.by_area:
        return said_value(everywhere, resolved.type, unit)
    if len(resolved.by_area) == 1 and everywhere is None:
        return said_value(resolved.by_area[0][1].value, resolved.type, unit)
    parts = [f"{area}：{said_value(held.value, resolved.type, unit)}" for area, held in resolved.by_area]
    return "；".join([*parts, _("其他：{value}").format(value=said_value(everywhere, resolved.type, unit))])


def said_value(value: Any, kind: Type, unit: str = "") -> str:
    """A value for people: shares in per cent, numbers with thousands commas; unset is said as such."""
    if value is None:
        return _("未设定")
    if unit == "share" or isinstance(value, (bool, date, str)):
        return say(value, kind, current(), share=unit == "share")
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    number = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return _("{number} 元").format(number=number) if unit.startswith("yuan") else number


def clause_of(pack: Pack, resolved: parameters.Resolved | None) -> str:
    """The clauses that a parameter's values come from."""
    if resolved is None:
        return ""
    held = [value for _area, value in resolved.by_area]
    held += (
        [resolved.everywhere]
        if resolved.everywhere and (resolved.everywhere.value is not None or not held)
        else []
    )
    clauses = dict.fromkeys(clause_in_words(pack, value.clause, current()) for value in held if value.clause)
    return "；".join(clauses)


# kinds and texts


def _kinds(before: Pack, after: Pack) -> list[Change]:
    found = []
    for code in dict.fromkeys([*before.kinds, *after.kinds]):
        sides = [pack.kinds.get(code) for pack in (before, after)]
        counted = [(k.counts_as, k.place_of_work, k.total) if k else None for k in sides]
        if counted[0] != counted[1]:
            pack = after if sides[1] else before
            shown = [_counts_as(kind.counts_as) if kind else _("没有这一类") for kind in sides]
            clauses = [
                clause_in_words(p, k.clause, current()) if k else ""
                for p, k in zip((before, after), sides, strict=True)
            ]
            found.append(_change("kind", code, pack.label(code, current()), shown, "kinds", clauses))
    return found


def _counts_as(name: str) -> str:
    """What a kind counts as, for people."""
    words = {
        "wage": _("工资性收入"), "employment_cost": _("务工成本"), "travel_subsidy": _("交通补助"), "property": _("财产性收入"),
        "transfer": _("转移性收入"), "production": _("生产经营性收入"), "production_expense": _("生产经营性支出"),
        "dedicated_subsidy": _("专项补贴"), "not_counted": _("不计入"),
    }  # fmt: skip
    return words.get(name, name)


def _texts(before: Pack, after: Pack) -> list[Change]:
    found = []
    one, other = written(before), written(after)
    for key in dict.fromkeys([*one, *other]):
        if one.get(key) == other.get(key):
            continue
        section, name = key
        pack = after if key in other else before
        label = (
            pack.label(name, current())
            if section in ("rules", "focus", "indicators")
            else label_of(pack, name)
        )
        shown = [one.get(key, _("没有")), other.get(key, _("没有"))]
        clauses = [_clause(p, section, name) for p in (before, after)]
        found.append(_change("text", name, label, shown, section, clauses))
    return found


def _clause(pack: Pack, section: str, name: str) -> str:
    groups: Mapping[str, Mapping[str, Any]] = {
        "rules": pack.rules,
        "focus": pack.focus,
        "indicators": pack.indicators,
    }
    entry = groups.get(section, {}).get(name)
    return clause_in_words(pack, entry.clause, current()) if entry is not None else ""


def written(pack: Pack) -> dict[tuple[str, str], str]:
    """Every text by which the pack works something out: (section, name) → text on one line."""
    found = {("focus", name): _line(entry.when) for name, entry in pack.focus.items()}
    found |= {("indicators", name): _line(entry.expression) for name, entry in pack.indicators.items()}
    for table, rows in pack.rows.items():
        found |= {(f"rows.{table}", name): _line(entry) for name, entry in rows.items()}
    for table, rows in pack.aggregates.items():
        found |= {(f"aggregates.{table}", name): _line(entry) for name, entry in rows.items()}
    for name, group in pack.groups.items():
        inner = [*group.aggregates.items(), *group.rows.items()]
        texts = [group.of, group.by, _line(group.where), *(f"{key}: {_line(entry)}" for key, entry in inner)]
        found["groups", name] = "; ".join(texts)
    for name, rule in pack.rules.items():
        found["rules", name] = " / ".join(
            _line(entry) for entry in (rule.when, rule.when_village) if entry is not None
        )
    return found


def _line(entry: Any) -> str:
    return "" if entry is None else " ".join(str(entry.text).split())


# some of the changes


def mixed(before: Terms, after: Terms, chosen: Iterable[Change]) -> Terms:
    """ "Before" with only the chosen changes made. Both sides must be :meth:`Terms.fixed`."""
    pack, on = replace(before.pack), before.on
    for change in chosen:
        if change.part == "day":
            on = after.on
        elif change.part == "calendar":
            pack = replace(pack, calendar=after.pack.calendar)
        elif change.part == "area":
            pack = replace(pack, area=after.pack.area)
        else:
            pack = _exchanged(pack, after.pack, change)
    return Terms(pack, on, {})


def _exchanged(pack: Pack, source: Pack, change: Change) -> Pack:
    """The pack with one entry of a section as another pack has it, or without it where that one has none."""
    section, _dot, table = change.section.partition(".")
    entries, others = getattr(pack, section), getattr(source, section)
    fresh = (
        {**entries, table: _with(entries.get(table, {}), others.get(table, {}), change.name)}
        if table
        else _with(entries, others, change.name)
    )
    exchanged = replace(pack)
    setattr(exchanged, section, fresh)
    return exchanged


def _with(entries: Mapping[str, Any], others: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = dict(entries)
    if name in others:
        found[name] = others[name]
    else:
        found.pop(name, None)
    return found
