"""Income ledgers, one row per item: a row counts only if household, kind, amount and day can all be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shouwang.language import _
from shouwang.tables.intake.amounts import plain, read_amount, unit_factor
from shouwang.tables.intake.areas import Villages, village_of
from shouwang.tables.intake.dates import DateReading, read_date
from shouwang.tables.intake.kindwords import KindWords
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.model import FileReading, Record, RowReading, put
from shouwang.tables.intake.registry import Household, Match, Registry
from shouwang.tables.intake.roster import household_number
from shouwang.tables.intake.wording import group_key, person_name, squeezed, tidy

_BASIS = (
    ("contract", "合同|协议"),
    ("payment_record", "流水|转账|发放|凭证|明细|一卡通|存折"),
    ("local_price", "市场价|市价"),
    ("statement", "自述|口述|农户说|本人说"),
)


@dataclass
class IncomeReader:
    """Reads income ledgers against the registry; without a roster household numbers are taken as written."""

    registry: Registry
    villages: Villages
    words: KindWords
    on: date

    def read(self, reading: FileReading, table: Table) -> list[tuple[int, RowReading, Match]]:
        """Adds one entry per row: ``values['ok']`` tells whether it is imported, ``['record']`` the item."""
        matches = []
        for row in table.rows:
            entry = RowReading(
                table.sheet.name,
                row + 1,
                "income",
                person_name(table.value(row, "name")),
                village_of(table, row, self.villages),
                group_key(table.value(row, "group")),
            )
            household_id, match = self._household(reading, table, row, entry)
            if match is not None:
                matches.append((row, entry, match))
            kind = self._kind(reading, table, row)
            amount = self._amount(reading, table, row)
            when = self._when(reading, table, row)
            entry.values.update(
                income_kind=kind,
                amount=amount,
                date=when.day,
                household=household_id,
                ok=bool(household_id and kind and amount is not None and (when.day or when.quarter)),
            )
            if entry.values["ok"]:
                entry.values["record"] = self._record(table, row, entry, when)
            reading.rows.append(entry)
        return matches

    def _record(self, table: Table, row: int, entry: RowReading, when: DateReading) -> Record:
        values = entry.values
        return put(
            {},
            household_id=values["household"],
            member_id=self._member(values["household"], entry),
            kind=values["income_kind"],
            amount=values["amount"],
            received_on=when.day,
            quarter=when.quarter,
            basis=_basis(table.text(row, "basis")),
            note="；".join(filter(None, (tidy(table.value(row, "item")), tidy(table.value(row, "note"))))),
        )

    def _household(
        self, reading: FileReading, table: Table, row: int, entry: RowReading
    ) -> tuple[str | None, Match | None]:
        number = household_number(reading, table, row)
        if number is None:
            return None, None
        if number:
            return self._numbered(reading, table, row, number, entry), None
        if "id" in table.columns:
            entry.id = reading.read_id(table, row, "id", self.on)
        match = self.registry.match(entry.id, entry.name, entry.village, entry.group)
        entry.match, entry.match_rows = match.how, [person.ref for person in match.persons]
        if match.how == "by_id":
            return match.persons[0].household.household_id, match
        source = (
            "household_no" if "household_no" in table.columns else "name" if "name" in table.columns else None
        )
        reading.misunderstood(
            table, row, source, _("没有户编号，按证件号码也找不到人，没有导入。"), "household"
        )
        return None, match

    def _numbered(
        self, reading: FileReading, table: Table, row: int, number: str, entry: RowReading
    ) -> str | None:
        if not self.registry.households:
            return number
        household = self.registry.household(number) or self._by_village(number, entry.village)
        if household is not None:
            return household.household_id
        reading.quarantine(table, row, "household_no", _("花名册里没有这个户编号，没有导入。"), "household")
        return None

    def _by_village(self, number: str, village: str) -> Household | None:
        found = [h for h in self.registry.by_number.get(number, ()) if village and h.village == village]
        return found[0] if len(found) == 1 else None

    def _member(self, household_id: str, entry: RowReading) -> str | None:
        """The one member of that household with the name."""
        found = [
            person.record["member_id"]
            for persons in self._households_named(entry.name)
            for person in persons
            if person.household.household_id == household_id
        ]
        return found[0] if len(found) == 1 else None

    def _households_named(self, name: str) -> list[list]:  # type: ignore[type-arg]
        return [persons for (_village, known), persons in self.registry.by_name.items() if known == name]

    def _kind(self, reading: FileReading, table: Table, row: int) -> str | None:
        word = squeezed(table.value(row, "item"))
        kind = self.words.kind(word)
        if kind is None:
            why = _("没有填项目。") if not word else _("这个项目名说不清是哪一类收支，没有导入。")
            reading.misunderstood(table, row, "item", why, "kind")
        return kind

    def _amount(self, reading: FileReading, table: Table, row: int) -> str | None:
        amount = read_amount(table.value(row, "amount"), unit_factor(table.head("amount"), table.title))
        if amount.yuan is None:
            why = _("没有填金额，没有导入。") if amount.blank else _("金额读不出，或是负数，没有导入。")
            reading.quarantine(table, row, "amount", why, "amount")
            return None
        return plain(amount.yuan)

    def _when(self, reading: FileReading, table: Table, row: int) -> DateReading:
        source = next((name for name in ("income_date", "date", "event_on") if name in table.columns), None)
        if source is None:
            reading.misunderstood(table, row, None, _("表里没有日期列，没有导入。"), "date")
            return DateReading(None)
        when = read_date(table.value(row, source))
        if when.precision == "month":
            reading.note(_("有的日期只到月，按当月 1 日记。"))
        if when.day is None and not when.quarter:
            why = _("没有填日期，没有导入。") if when.blank else _("日期读不出年月日，没有导入。")
            reading.quarantine(table, row, source, why, "date")
        return when


def _basis(text: str) -> str | None:
    import re

    return next((code for code, pattern in _BASIS if re.search(pattern, text)), None) if text else None
