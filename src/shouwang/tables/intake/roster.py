"""Rosters: one row per member, household cells on the first row of the household or merged over its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from shouwang.language import _, current
from shouwang.tables.intake import codes
from shouwang.tables.intake.areas import Villages, code_in, village_of
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.members import member_record
from shouwang.tables.intake.model import FileReading, Record, RowReading, put
from shouwang.tables.intake.registry import Household, Person, Registry
from shouwang.tables.intake.wording import group_key, is_dash, person_name, squeezed, text_of, tidy
from shouwang.tables.places import division_name


@dataclass
class RosterReader:
    """Reads roster tables into the registry. ``on`` is the day of the reading; ``area`` that of the user."""

    registry: Registry
    villages: Villages
    on: date
    area: str = ""
    current: Household | None = None
    seen: set[tuple[str, str]] = field(default_factory=set)

    def read(self, reading: FileReading, table: Table) -> None:
        """Reads one table: households in the order of the file, members under them."""
        self.current, self.seen = None, set()
        sizes: dict[int, tuple[Household, int, int]] = {}  # stated size: household, row, value
        again: set[int] = set()
        for row in table.rows:
            started = self._household(reading, table, row, again)
            household = self.current
            if household is None:
                reading.misunderstood(table, row, None, _("这一行不知属于哪一户，没有导入。"), "household")
                reading.rows.append(RowReading(table.sheet.name, row + 1, "roster"))
                continue
            if started and id(household) not in again:
                self._household_values(reading, table, row, household)
                size = _size(table, row)
                if size is not None:
                    sizes[id(household)] = (household, row, size)
            self._member(reading, table, row, household, id(household) in again)
        if "relation" in table.columns:
            _check_sizes(reading, table, list(sizes.values()))

    # ---- households --------------------------------------------------------------------------------------

    def _household(self, reading: FileReading, table: Table, row: int, again: set[int]) -> bool:
        """Sets the household that the row belongs to; whether it is the first row of one."""
        number = household_number(reading, table, row)
        if number is None or (number == "" and not self._begins(table, row)):
            if number is None and self._begins(table, row):
                number = ""
            else:
                return False
        village = village_of(table, row, self.villages)
        code = self._code(table, row, number, village)
        self.villages.tie(code, village, _town(table, row))
        if not number:
            number = self._made_number(reading, table, village)
        key = (code or village, number)
        if (
            self.current is not None
            and key in self.seen
            and self.registry.households.get(key) is self.current
        ):
            return False
        known = self.registry.households.get(key)
        if known is not None:
            self.current = known
            if key not in self.seen:
                self.seen.add(key)
                again.add(id(known))
                self._compare(reading, table, row, known)
            return False
        self.seen.add(key)
        self.current = self._new(table, row, number, code, village, key)
        return True

    def _begins(self, table: Table, row: int) -> bool:
        """Whether a row without a household number begins a household: a head, or another head's name."""
        if "household_no" in table.columns and self.current is not None and "relation" not in table.columns:
            return bool(table.text(row, "head_name")) and self.current.record.get("head_name") != person_name(
                table.value(row, "head_name")
            )
        if codes.relation(table.value(row, "relation")) == "head":
            return True
        own = table.value(row, "head_name")
        if "relation" in table.columns and self.current is not None:
            column = table.columns.get("head_name", -1)
            merged = (row, column) in table.filled
            return not merged and own is not None and person_name(own) != self.current.record.get("head_name")
        return own is not None or self.current is None or "head_name" not in table.columns

    def _code(self, table: Table, row: int, number: str, village: str) -> str:
        said = table.text(row, "area_code")
        if re.fullmatch(r"[1-9][0-9]{11}", said):
            return said
        return code_in(number) or self.villages.code(village) or (self.area if len(self.area) == 12 else "")

    def _made_number(self, reading: FileReading, table: Table, village: str) -> str:
        """A household without a usable number gets one from its place among the households of its village."""
        reading.note(_("有的户没有户编号，按村和表内顺序编了号；补上户编号后请重新导入。"))
        count = sum(1 for key in self.seen) + 1
        return f"{village or table.sheet.name or table.file_stem}-{count:04}"

    def _new(
        self, table: Table, row: int, number: str, code: str, village: str, key: tuple[str, str]
    ) -> Household:
        unique = number if code_in(number) else f"{code or village}-{number}".strip("-")
        if "-" in number:
            unique = number if not code else f"{code}-{number.rpartition('-')[2]}"
        head_name = person_name(table.value(row, "head_name")) or (
            person_name(table.value(row, "name")) if "relation" not in table.columns else ""
        )
        record: Record = put({}, household_id=unique, area_code=code, head_name=head_name)
        household = Household(number, code, village, group_key(table.value(row, "group")), record)
        self.registry.add_household(household, key)
        return household

    def _household_values(self, reading: FileReading, table: Table, row: int, household: Household) -> None:
        record = household.record
        put(record, group_name=group_name(table, row), address=tidy(table.value(row, "address")))
        number = codes.phone(table.value(row, "phone"))
        put(record, phone=number)
        kind, status = household_words(reading, table, row)
        put(record, household_type=kind, monitoring_status=status)
        put(
            record,
            monitoring_type=codes.monitoring_type(table.value(row, "monitoring_type"))
            or codes.monitoring_type(table.value(row, "household_type")),
        )
        if "contact" in table.columns:
            put(record, contact=person_name(table.value(row, "contact")))
        for column in ("household_type", "monitoring_status"):
            source = "household_type" if "household_type" in table.columns else "monitored"
            if column in record and source in table.columns:
                household.places[column] = place(reading, table, row, source)

    def _compare(self, reading: FileReading, table: Table, row: int, known: Household) -> None:
        """Another roster has the same household: what it says differently is kept out on both sides."""
        kind, status = household_words(reading, table, row)
        field_name = "household_type" if "household_type" in table.columns else "monitored"
        for column, value in (("household_type", kind), ("monitoring_status", status)):
            before = known.record.get(column)
            if value and before and value != before:
                here = place(reading, table, row, field_name)
                reading.quarantine(
                    table,
                    row,
                    field_name,
                    contradiction(column, before, known.places.get(column, ""), value, here),
                    "contradiction",
                )
                del known.record[column]
            elif value and not before and column not in known.places:
                put(known.record, **{column: value})

    # ---- members -----------------------------------------------------------------------------------------

    def _member(
        self, reading: FileReading, table: Table, row: int, household: Household, again: bool
    ) -> None:
        name = person_name(table.value(row, "name")) or person_name(table.value(row, "head_name"))
        entry = RowReading(table.sheet.name, row + 1, "roster", name, household.village, household.group)
        entry.values["household"] = household.household_id
        record = member_record(reading, table, row, entry, self._context(household), self.on)
        reading.rows.append(entry)
        seen_on = read_date(table.value(row, "date"))
        if "date" in table.columns and not seen_on.blank and seen_on.precision != "day":
            reading.quarantine(table, row, "date", _("日期读不出年月日。"), "date")
        elif seen_on.day:
            entry.values["date"] = seen_on.day
            latest = max(household.record.get("last_changed_on", ""), seen_on.day.isoformat())
            household.record["last_changed_on"] = latest
        if again and self._already(reading, table, household, entry):
            return
        person = Person(reading.file, table.sheet.name, row + 1, name, entry.id.number, household, record)
        number = squeezed(table.value(row, "person_no"))
        record["member_id"] = number or f"{household.household_id}{len(household.members) + 1:02}"
        record["household_id"] = household.household_id
        if record.get("relation") == "head" and "head_name" not in household.record:
            household.record["head_name"] = name
        self._double(reading, table, row, entry)
        self.registry.add_person(person)

    def _context(self, household: Household) -> tuple[str, str]:
        """Names of the household's own province and county."""
        return division_name(household.area_code[:2]), division_name(household.area_code[:6])

    def _double(self, reading: FileReading, table: Table, row: int, entry: RowReading) -> None:
        others = self.registry.by_id.get(entry.id.number) if entry.id.number else None
        if others:
            where = f"{others[0].file} {others[0].ref}"
            reading.quarantine(
                table,
                row,
                "id",
                _("同一证件号码已在 {where} 出现，两行请核对。").format(where=where),
                "double",
            )

    def _already(self, reading: FileReading, table: Table, household: Household, entry: RowReading) -> bool:
        """Whether a row of a second roster is a member that the first one has."""
        for person in household.members:
            if person.file == reading.file and person.sheet == table.sheet.name:
                continue
            if (entry.id.number and person.id_number == entry.id.number) or person.name == entry.name:
                return True
        return False


def household_number(reading: FileReading, table: Table, row: int) -> str | None:
    """The household's number as text; '' where empty, None where a number cell lost its last digits."""
    value = table.value(row, "household_no")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= 1e15:
        reading.quarantine(
            table, row, "household_no", _("户编号存成了数值，末位可能已丢失；请按文本重新填写。"), "household"
        )
        return None
    text = squeezed(text_of(value)).strip("'\"‘’“”`")
    if re.search(r"[0-9]\.?[0-9]*[eE]\+", text):
        reading.quarantine(
            table, row, "household_no", _("户编号成了科学计数法；请按文本重新填写。"), "household"
        )
        return None
    return "" if is_dash(text) else text


def household_words(reading: FileReading, table: Table, row: int) -> tuple[str | None, str | None]:
    """Household type and monitoring status, out of one column or several."""
    kind = status = None
    if table.text(row, "household_type") and not is_dash(table.text(row, "household_type")):
        kind, status = codes.household_type(table.value(row, "household_type"))
        unsaid = kind is not None and status is None and not {"resolved", "monitored"} & set(table.columns)
        if kind is None or unsaid:
            why = (
                _("说是监测对象，没说风险是否消除，没有采用。") if unsaid else _("看不懂的户类型，没有采用。")
            )
            reading.misunderstood(table, row, "household_type", why, "household_type")
    lifted = codes.yes_no(table.value(row, "lifted"))
    if lifted is not None:
        kind = "lifted" if lifted else kind or "general"
    return kind, _monitoring(reading, table, row, status)


def _monitoring(reading: FileReading, table: Table, row: int, status: str | None) -> str | None:
    said = table.text(row, "monitored")
    if said:
        plain = codes.yes_no(said)
        words = (
            codes.household_type(said if "监测" in said else f"监测对象{said}")[1] if plain is None else None
        )
        if plain is False:
            status = "none"
        elif words:
            status = words
        elif plain and status in (None, "none"):
            status = None
    resolved = codes.yes_no(table.value(row, "resolved"))
    if resolved is None and re.search("消除", table.text(row, "resolved")):
        resolved = not table.text(row, "resolved").startswith(("未", "没"))
    if resolved is not None and (status != "none" or table.text(row, "monitoring_type")):
        status = "resolved" if resolved else "unresolved"
    elif said and status is None:
        reading.misunderstood(
            table, row, "monitored", _("说是监测对象，没说风险是否消除，没有采用。"), "household_type"
        )
    return status


def group_name(table: Table, row: int) -> str:
    """The group as people say it: ``3组`` or ``3社``, a name as it is written."""
    key = group_key(table.value(row, "group"))
    if not key.isdigit():
        return tidy(table.value(row, "group")) if key else ""
    spoken = squeezed(table.value(row, "group")) + (
        "" if "组" in table.head("group") else table.head("group")
    )
    return f"{key}社" if "社" in spoken and "组" not in spoken else f"{key}组"


def place(reading: FileReading, table: Table, row: int, field_name: str) -> str:
    """``农户花名册.xlsx 双柏村!E5``."""
    sheet = f"{table.sheet.name}!" if table.sheet.name else ""
    return f"{reading.file} {sheet}{table.place(row, field_name)}"


def contradiction(column: str, first: str, where_first: str, second: str, where_second: str) -> str:
    """The sentence for two files that say different things of one household."""
    from shouwang.tables.dictionary import TABLES, labels

    names = labels(column, current())
    return _("{what}互相矛盾：{first_where} 是“{first}”，{second_where} 是“{second}”，请核对。").format(
        what=TABLES["households"].column(column).label,
        first=names.get(first, first),
        first_where=where_first,
        second=names.get(second, second),
        second_where=where_second,
    )


def _size(table: Table, row: int) -> int | None:
    found = re.fullmatch(r"([0-9]{1,2})(\.0)?(人|口)?", table.text(row, "size"))
    return int(found[1]) if found else None


def _town(table: Table, row: int) -> str:
    text = table.text(row, "town")
    if text:
        return text
    found = re.search(r"(?:[区县旗市])([^区县旗市镇乡]{1,8}(?:镇|乡|街道))", squeezed(table.title))
    return found[1] if found else ""


def _check_sizes(reading: FileReading, table: Table, sizes: list[tuple[Household, int, int]]) -> None:
    for household, row, size in sizes:
        here = [p for p in household.members if p.file == reading.file and p.sheet == table.sheet.name]
        if len(here) != size:
            why = _("填的人口数是 {stated}，成员有 {rows} 行。").format(stated=size, rows=len(here))
            reading.quarantine(table, row, "size", why, "size")
