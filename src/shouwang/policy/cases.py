"""Cases: households with the answer that the documents give; run through the closure and DuckDB alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy import yaml_source
from shouwang.policy.mistakes import Mistake
from shouwang.tables.dictionary import TABLES, Column, Table
from shouwang.tables.dictionary import Type as ColumnType

_TABLES = (
    "members",
    "income_items",
    "alerts",
    "visits",
    "measures",
    "satisfaction",
    "leaflets",
    "loans",
    "projects",
    "problems",
    "answers",
    "photos",
    "given",
    "villages",
    "accounts",
    "lists",
    "listed",
    "national_households",
    "national_members",
)
_OF_NOBODY = ("villages", "accounts", "lists", "listed", "national_households", "national_members")
"""Tables whose rows need not belong to the household; ``household_id: self`` says that one does."""


@dataclass(frozen=True)
class Facts:
    """The facts of one household: its row (only the columns that are known of), and rows by table (None: no table)."""

    household: dict[str, Any]
    tables: dict[str, list[dict[str, Any]] | None]

    @property
    def present(self) -> dict[str, frozenset[str]]:
        """What there is: the household's own columns, and every column of the tables that are there."""
        there = {
            name: frozenset(TABLES[name].by_name) for name, rows in self.tables.items() if rows is not None
        }
        return {"households": frozenset(self.household), **there}


@dataclass(frozen=True)
class Case:
    """One case: facts of a household (and of the others of its village), the day, and what must come out."""

    name: str
    pack: str
    on: date
    settings: dict[str, Any]
    facts: Facts
    village: tuple[Facts, ...]
    indicators: dict[str, Any]
    findings: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    file: str
    line: int
    quality: tuple[str, ...] = ()
    quality_absent: tuple[str, ...] = ()
    quality_unknown: tuple[str, ...] = ()
    lacking: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alone: bool = False
    ruled_out: tuple[str, ...] = ()
    quality_ruled_out: tuple[str, ...] = ()

    @property
    def about_quality(self) -> tuple[str, ...]:
        """The rules about the data of which the case says something."""
        return (*self.quality, *self.quality_absent, *self.quality_unknown, *self.quality_ruled_out)

    @property
    def about_household(self) -> bool:
        """Whether it says something of indicators or of findings about the household."""
        return bool(self.indicators or self.findings or self.absent or self.unknown or self.ruled_out)


@dataclass
class Failure:
    """What a case expected and what came out; ``where`` names the backend."""

    case: Case
    where: str
    messages: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        head = f"{self.case.file}:{self.case.line}: {self.case.name} ({self.where})"
        return head + "".join(f"\n  {message}" for message in self.messages)


def read_cases(path: Path) -> list[Case]:
    """The cases of one file; InputError with file and line for a case that cannot be read."""
    mistakes: list[Mistake] = []
    document = yaml_source.read(path, path.name, mistakes.append)
    if mistakes:
        raise InputError("\n".join(str(mistake) for mistake in mistakes), where=str(path))
    cases = []
    for entry in document or []:
        if not isinstance(entry, yaml_source.Mapping):
            raise InputError(_("用例文件应是一串用例"), where=path.name, remedy=_("每个用例以 - name: 开头"))
        cases.append(_case(entry, path))
    return cases


def _case(entry: yaml_source.Mapping, path: Path) -> Case:
    where = f"{path.name}:{entry.line}"
    for key in ("name", "on", "household", "expect"):
        if key not in entry:
            raise InputError(
                _("用例缺少 {key}").format(key=key), where=where, remedy=_("格式见 packs/README.md")
            )
    expect = entry["expect"] or {}
    area = (entry["household"] or {}).get("area_code") or "500151122201"
    facts = read_facts(entry, "1", area, where)
    pack = path.parent.parent.parent.name if path.parent.name == "quality" else path.parent.parent.name
    village = tuple(_village(entry.get("village") or [], area, where))
    if village and "area_code" not in facts.household:
        facts.household["area_code"] = area
    return Case(
        str(entry["name"]), str(entry.get("pack", pack)), entry["on"], dict(entry.get("set") or {}),
        facts, village, dict(expect.get("indicators") or {}), tuple(expect.get("findings") or ()),
        tuple(expect.get("absent") or ()), tuple(expect.get("unknown") or ()), path.name, entry.line,
        tuple(expect.get("quality") or ()), tuple(expect.get("quality_absent") or ()), tuple(expect.get("quality_unknown") or ()),
        {table: frozenset(columns) for table, columns in (entry.get("lacking") or {}).items()}, bool(entry.get("alone")),
        tuple(expect.get("ruled_out") or ()), tuple(expect.get("quality_ruled_out") or ()),
    )  # fmt: skip


def _village(entries: Sequence[Any], area: str, where: str) -> Iterator[Facts]:
    number = 1
    for entry in entries:
        for _time in range(entry.get("repeat", 1)):
            number += 1
            facts = read_facts(entry, str(number), area, where)
            facts.household.setdefault("area_code", area)
            yield facts


def read_facts(entry: Mapping[str, Any], number: str, area: str, where: str) -> Facts:
    """The facts of one household as a case writes them; ids left out are given here."""
    household_id = (entry.get("household") or {}).get("household_id") or f"{area}{int(number):04d}"
    household = _row(
        TABLES["households"], {**(entry.get("household") or {}), "household_id": household_id}, where
    )
    tables: dict[str, list[dict[str, Any]] | None] = {}
    for name in _TABLES:
        # a table that is left out is not known; [] is a table without a row of this household
        tables[name] = [dict(row) for row in entry[name] or ()] if name in entry else None
    if "case" in entry or "cases" in entry:
        cases = entry.get("cases", entry.get("case")) or []
        tables["cases"] = [dict(row) for row in (cases if isinstance(cases, list) else [cases])]
    else:
        tables["cases"] = None
    for name, rows in tables.items():
        if rows is not None:
            tables[name] = [
                _given_ids(name, row, household_id, place, where) for place, row in enumerate(rows, 1)
            ]
    return Facts(household, tables)


def _given_ids(name: str, row: dict[str, Any], household_id: str, place: int, where: str) -> dict[str, Any]:
    table = TABLES[name]
    if "member" in row:
        row["member_id"] = f"{household_id}-{row.pop('member')}"
    if row.get("household_id") == "self":
        row["household_id"] = household_id
    if name not in _OF_NOBODY and "household_id" in table.by_name:
        row.setdefault("household_id", household_id)
    if table.key:
        row.setdefault(table.key, f"{household_id}-{place}")
    return _row(table, row, where)


def _row(table: Table, row: Mapping[str, Any], where: str) -> dict[str, Any]:
    columns = table.by_name
    unknown = [name for name in row if name not in columns]
    if unknown:
        raise InputError(_("表 {table} 没有列 {name}").format(table=table.name, name=unknown[0]), where=where)
    return {name: _value(columns[name], value) for name, value in row.items()}


def _value(column: Column, value: Any) -> Any:
    if column.type is ColumnType.LIST and value is not None:
        value = ";".join(value) if isinstance(value, (list, tuple)) else value
    if value == "":  # an empty cell says nothing, an empty list in it no more
        return None
    if column.type in (ColumnType.MONEY, ColumnType.NUMBER) and value is not None:
        return Decimal(value)
    if column.type is ColumnType.DATETIME and value is not None:
        return datetime.fromisoformat(str(value))
    if column.type is ColumnType.TEXT and value is not None:
        return str(value)
    return value


def compare(case: Case, indicators: Mapping[str, Any], results: Mapping[str, bool | None]) -> list[str]:
    """What differs between what the case expects and what came out: a sentence each."""
    messages = []
    for name, wanted in case.indicators.items():
        if name not in indicators:
            messages.append(_("没有叫 {name} 的指标").format(name=name))
        elif not _same(indicators[name], wanted):
            messages.append(
                _("{name} 应为 {wanted}，得到 {got}").format(name=name, wanted=wanted, got=indicators[name])
            )
    return messages + compare_rules((case.findings, case.absent, case.unknown, case.ruled_out), results)


def compare_rules(
    expected: tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]],
    results: Mapping[str, bool | None],
) -> list[str]:
    """What differs between the rules that must fire, must not, must be unknown, must be ruled out, and what came out.

    What must not fire may be unknown; what is ruled out may not.
    """
    messages = []
    fired, absent, unknown, ruled_out = expected
    for ids, wanted, word in (
        (fired, (True,), _("应触发")),
        (absent, (False, None), _("不应触发")),
        (unknown, (None,), _("应为未知")),
        (ruled_out, (False,), _("应为否")),
    ):
        for name in ids:
            if name not in results:
                messages.append(_("没有叫 {name} 的规则").format(name=name))
                continue
            got = results[name]
            if got not in wanted:
                messages.append(f"{name} {word}" + (_("，得到未知") if got is None else ""))
    return messages


def _same(got: Any, wanted: Any) -> bool:
    if wanted is None or got is None:
        return got is None and wanted is None
    if isinstance(wanted, (list, tuple)):
        return set(got) == set(wanted)
    if isinstance(wanted, (int, Decimal)) and not isinstance(wanted, bool):
        tolerance = Decimal("0.00005") if abs(Decimal(wanted)) < 10 else Decimal("0.005")
        return abs(Decimal(got) - Decimal(wanted)) <= tolerance
    return bool(got == wanted)
