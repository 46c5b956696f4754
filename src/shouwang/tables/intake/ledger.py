"""Annex 3, the ledger of suspected problems, as offices fill it in by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwang.language import _
from shouwang.tables.dictionary import CODES
from shouwang.tables.intake import codes
from shouwang.tables.intake.areas import Villages, village_of
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.model import FileReading, RowReading, put
from shouwang.tables.intake.registry import Match, Registry
from shouwang.tables.intake.wording import group_key, is_dash, person_name, text_of, tidy

_HOUSEHOLD_WORDS = {
    "income": "收入",
    "education": "教育|就学|上学|辍学",
    "medical": "医疗|医保|参保",
    "housing": "住房|危房",
    "water": "饮水|用水",
    "development_help": "开发式|帮扶措施",
    "employment": "就业|稳岗|务工|岗位",
    "risk_removal": "风险消除|消除",
    "satisfaction": "满意",
    "other": "^其他$|^其它$",
}
_PLACE_WORDS = {
    "local_knowledge": "辖区|情况了解|基本情况",
    "publicity": "宣传",
    "identification": "识别|应纳未纳",
    "help_and_removal": "帮扶与|帮扶和|风险消除",
    "alert_handling": "预警|处置",
    "secretary_visits": "遍访",
    "mass_risk": "规模性",
    "other": "^其他$|^其它$",
}


@dataclass
class LedgerReader:
    """Reads ledgers; household rows are matched by name and village, as proposals."""

    registry: Registry
    villages: Villages

    def read(self, reading: FileReading, table: Table) -> list[tuple[int, RowReading, Match]]:
        """One entry per row, its problem in ``values['record']``; the matches of household rows."""
        matches = []
        for row in table.rows:
            entry = RowReading(
                table.sheet.name,
                row + 1,
                "problem_ledger",
                _name(table, row),
                village_of(table, row, self.villages),
                group_key(table.value(row, "group")),
            )
            level = self._level(reading, table, row, entry)
            problem = self._problem(reading, table, row, level)
            verified = self._verification(reading, table, row)
            entry.values.update(level=level, problem_type=problem, verified=verified)
            entry.values["record"] = self._record(reading, table, row, entry)
            reading.rows.append(entry)
            if level == "household":
                match = self.registry.match(entry.id, entry.name, entry.village, entry.group)
                entry.match, entry.match_rows = match.how, [person.ref for person in match.persons]
                matches.append((row, entry, match))
        return matches

    def _level(self, reading: FileReading, table: Table, row: int, entry: RowReading) -> str | None:
        text = table.text(row, "level")
        if re.search("户", text):
            return "household"
        if re.search("村|社区", text):
            return "village"
        if re.search("镇|乡|街道", text):
            return "town"
        if not text and entry.name:
            return "household"
        reading.misunderstood(
            table, row, "level" if "level" in table.columns else None, _("看不懂的问题层级。"), "level"
        )
        return None

    def _problem(self, reading: FileReading, table: Table, row: int, level: str | None) -> str | None:
        value = table.value(row, "problem_type")
        number, words = codes.numbered(value)
        official = [
            code.code for code in CODES["household_problem" if level == "household" else "place_problem"]
        ]
        by_number = official[number - 1] if number and 1 <= number <= len(official) else None
        named = _named(words, _HOUSEHOLD_WORDS if level == "household" else _PLACE_WORDS) if words else None
        if by_number and named and by_number != named and "other" not in (by_number, named):
            reading.misunderstood(
                table, row, "problem_type", _("问题类型的序号和文字对不上，按文字记。"), "problem_type"
            )
        if named or words:
            return named or "other"  # a label that is not on the official list is kept as text under other
        if by_number:
            return by_number
        if "problem_type" in table.columns:
            reading.misunderstood(table, row, "problem_type", _("看不懂的问题类型。"), "problem_type")
        return None

    def _verification(self, reading: FileReading, table: Table, row: int) -> str | None:
        value = table.value(row, "verification")
        number, words = codes.numbered(value)
        text = table.text(row, "verification")
        if value is None or is_dash(text):
            return None
        if re.search(r"不是问题|不属于问题|非问题|不纳入|不存在问题", words):
            return "not_a_problem" if number in (None, 1) else _unclear(reading, table, row)
        if re.search(r"是问题|有问题|确有|属实|属于问题|存在问题|纳入", words):
            return "problem" if number in (None, 2) else _unclear(reading, table, row)
        if number in (1, 2) and not words:
            return "not_a_problem" if number == 1 else "problem"
        return _unclear(reading, table, row)

    def _record(self, reading: FileReading, table: Table, row: int, entry: RowReading) -> dict[str, str]:
        values = entry.values
        record = put(
            {},
            level=values["level"],
            county=_said(table, row, "county"),
            town=_said(table, row, "town"),
            village=entry.village,
            head_name=entry.name,
            problem=values["problem_type"],
            type_label=" ".join(text_of(table.value(row, "problem_type")).split()),
            description=tidy(table.value(row, "description")),
            origin=_said(table, row, "origin"),
            found_by=_said(table, row, "found_by"),
            verified_by=_said(table, row, "verified_by"),
            verification=values["verified"],
            remark=_said(table, row, "note"),
        )
        if values["level"] == "household":
            put(record, group_name=_said(table, row, "group"), household_kind=self._kind(reading, table, row))
        for column in ("found_on", "verified_on"):
            said = read_date(table.value(row, column))
            if said.day:
                put(record, **{column: said.day})
            elif not said.blank and column in table.columns:
                reading.quarantine(table, row, column, _("日期读不出年月日。"), "date")
        return record

    def _kind(self, reading: FileReading, table: Table, row: int) -> str | None:
        text = table.text(row, "household_type")
        if not text or is_dash(text):
            return None
        kind, status = codes.household_type(text)
        if status in ("resolved", "unresolved"):
            return status
        if kind and status == "none":
            return "lifted" if kind == "lifted" else "other"
        reading.misunderstood(table, row, "household_type", _("看不懂的户类型。"), "household_type")
        return None


def _unclear(reading: FileReading, table: Table, row: int) -> str | None:
    reading.misunderstood(table, row, "verification", _("看不懂的核实情况，按未核实记。"), "verification")
    return None


def _name(table: Table, row: int) -> str:
    name = person_name(table.value(row, "head_name")) or person_name(table.value(row, "name"))
    return "" if is_dash(name) else name


def _said(table: Table, row: int, field_name: str) -> str:
    text = tidy(table.value(row, field_name))
    return "" if is_dash(text) else text


def _named(words: str, table: dict[str, str]) -> str | None:
    return next((code for code, pattern in table.items() if re.search(pattern, words)), None)
