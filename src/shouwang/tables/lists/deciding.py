"""Decisions → what changes in our registry, what the other side must change, and what is in the way (ALR-5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwang.language import _
from shouwang.tables.intake.idnumbers import birth_date
from shouwang.tables.intake.model import Record, put
from shouwang.tables.lists.fields import column_of, comparable, parse, shown
from shouwang.tables.lists.giving_back import Decided, Faults, GivenBack
from shouwang.tables.lists.ours import Ours
from shouwang.tables.lists.rows import DECISIONS, checksum

_NATIONAL = "全国系统"
_KEYS = {"households": "household_id", "members": "member_id", "cases": "case_id"}
_MONTHS = ("identified_on", "resolved_on")
_ADDED = (
    *("area_code", "head_name", "household_type", "monitoring_status", "monitoring_type"),
    *("identified_on", "resolved_on", "phone", "group_name"),
)


@dataclass(frozen=True)
class Change:
    """One value of our registry that a decision changes; ``column`` '' for a row that is added."""

    household_id: str
    member_id: str
    table: str
    key: str
    column: str
    old: str
    new: str
    decided: str
    remark: str
    place: str


@dataclass(frozen=True)
class TheirChange:
    """Something that the other side must change. ``now`` is masked, ``wanted`` is not: somebody has to type it."""

    whose: str
    place: str
    village: str
    household: str
    person_number: str
    name: str
    item: str
    now: str
    wanted: str
    remark: str


@dataclass(frozen=True)
class Conflict:
    """A row that was not applied, and why."""

    place: str
    why: str


@dataclass
class Outcome:
    """What the decisions come to; nothing is written yet."""

    changes: list[Change] = field(default_factory=list)
    added: dict[str, list[Record]] = field(default_factory=dict)
    theirs: list[TheirChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    untouched: int = 0


class _InTheWay(Exception):
    """The registry is no longer what the workbook was made of."""


class _Wrong(Exception):
    """What somebody wrote cannot be used; ``args[0]`` says why."""


def decide(ours: Ours, national: dict[str, list[Record]], given: GivenBack, file: str) -> Outcome:
    """Works out every decision. ``national`` holds ``national_households`` and ``national_members``, or nothing.

    Raises :class:`InputError` with the cells of values that are of the wrong kind and of decisions that
    contradict each other; a row whose value of ours changed meanwhile is a conflict and is left alone.
    """
    outcome, faults = Outcome(), Faults(file)
    people = {row["national_member_id"]: row for row in national.get("national_members", [])}
    homes = {row["national_id"]: row for row in national.get("national_households", [])}
    desk = _Desk(ours, homes, people, outcome)
    for one in given.decided:
        try:
            desk.take(one)
        except _InTheWay as error:
            outcome.conflicts.append(Conflict(one.place, str(error)))
        except _Wrong as error:
            faults.add(one.value_place if one.letter == "c" else one.place, str(error))
    _no_two_values(outcome, faults)
    faults.check()
    return outcome


def _no_two_values(outcome: Outcome, faults: Faults) -> None:
    """Two rows may mean the same value of ours; they must then say the same."""
    first: dict[tuple[str, str, str], Change] = {}
    for change in list(outcome.changes):
        if not change.column:
            continue
        known = first.setdefault((change.table, change.key, change.column), change)
        if known is not change and known.new != change.new:
            faults.add(change.place, _("与 {other} 要改的是同一项，内容不一样").format(other=known.place))
        elif known is not change:
            outcome.changes.remove(change)


@dataclass
class _Desk:
    ours: Ours
    homes: dict[str, Record]
    people: dict[str, Record]
    outcome: Outcome

    def take(self, one: Decided) -> None:
        if one.letter == "d":
            self.outcome.untouched += 1
            return
        self._check_subject(one)
        if one.key.column and (one.key.what == "value" or one.letter == "c"):
            self._value(one)
        elif one.letter == "b":
            self._add(one)
        else:
            self._tell_row(one)

    def _check_subject(self, one: Decided) -> None:
        subject = one.key.subject
        if subject.household_id and subject.household_id not in self.ours.households:
            raise _InTheWay(_("登记册里已经没有这一户"))
        if one.key.what != "told" and subject.member_id and subject.member_id not in self.ours.members:
            raise _InTheWay(_("登记册里已经没有这个人，或已经不在户"))

    # ---- one value ----------------------------------------------------------------------------------------

    def _value(self, one: Decided) -> None:
        key = one.key
        record, number = self._record(one)
        old = record.get(key.column, "")
        if checksum(old, key.column) != key.ours:
            raise _InTheWay(_("做工作簿以后，我方的内容变了，请重新比对这一行"))
        theirs = self._their_value(one) if one.letter != "a" else key.theirs or ""
        new = {"a": old, "b": theirs}[one.letter] if one.letter in "ab" else self._written(one)
        if one.letter != "a" and new != old:
            subject = key.subject
            self.outcome.changes.append(
                Change(
                    subject.household_id, subject.member_id, key.table, number, key.column, old, new,
                    DECISIONS[one.letter], one.remark, one.place,
                )
            )  # fmt: skip
        if one.letter == "a" or (one.letter == "c" and not _same(key.column, new, theirs)):
            self._tell_value(one, new)

    def _record(self, one: Decided) -> tuple[Record, str]:
        subject, table = one.key.subject, one.key.table
        if table == "cases":
            case = self.ours.cases.get(subject.household_id)
            if case is None:
                raise _InTheWay(_("登记册里已经没有这一户的监测档案"))
            return case, case["case_id"]
        if table == "members":
            return self.ours.members[subject.member_id], subject.member_id
        return self.ours.households[subject.household_id], subject.household_id

    def _their_value(self, one: Decided) -> str:
        """Their value; an identity number is not in the workbook and must come from the list itself."""
        if one.key.theirs is not None:
            return one.key.theirs
        row = self.people.get(one.key.subject.national_member_id, {})
        number = row.get(one.key.column, "")
        if checksum(number, one.key.column) != one.key.secret:
            if one.letter == "c":
                return ""
            raise _Wrong(_("工作簿里没有证件号码全号，请加 --national，给出比对时用的那份全国系统导出表"))
        return number

    def _written(self, one: Decided) -> str:
        try:
            return parse(column_of(one.key.table, one.key.column), one.value) or ""
        except ValueError as error:
            raise _Wrong(str(error)) from error

    # ---- whole rows ---------------------------------------------------------------------------------------

    def _add(self, one: Decided) -> None:
        """A household or person of the national list is taken into our registry."""
        subject = one.key.subject
        if one.key.sheet == "户":
            home = self.homes.get(subject.national_id)
            if home is None:
                raise _Wrong(_("补录这一户要用全国系统导出表，请加 --national"))
            if subject.national_id in self.ours.households:
                raise _InTheWay(_("登记册里已经有这个户编号"))
            record = put({}, household_id=subject.national_id, **{name: home.get(name) for name in _ADDED})
            members = [row for row in self.people.values() if row["national_id"] == subject.national_id]
        else:
            record, members = {}, [self.people.get(subject.national_member_id, {})]
            if not members[0]:
                raise _Wrong(_("补录这个人要用全国系统导出表，请加 --national"))
        for row in members:
            self._check_new(row)
        if record:
            self._added("households", record, "", one)
        for row in members:
            person = self._person(row, subject.household_id or subject.national_id)
            self._added("members", person, person["member_id"], one)

    def _check_new(self, row: Record) -> None:
        number = row.get("id_number", "")
        known = (*self.ours.members.values(), *self.outcome.added.get("members", []))
        if number and any(number == person.get("id_number") for person in known):
            raise _InTheWay(_("登记册里已经有这个证件号码"))

    def _person(self, row: Record, household_id: str) -> Record:
        number = row.get("id_number", "")
        columns = ("name", "relation", "id_number", "sex", "labour_capacity")
        return put(
            {},
            member_id=self._free_number(household_id),
            household_id=household_id,
            **{name: row.get(name) for name in columns},
            birth_date=birth_date(number) if len(number) == 18 else None,
        )

    def _free_number(self, household_id: str) -> str:
        added = {row["member_id"] for row in self.outcome.added.get("members", [])}
        taken = self.ours.members.keys() | self.ours.departed | added
        return next(number for at in range(1, 1000) if (number := f"{household_id}{at:02}") not in taken)

    def _added(self, table: str, record: Record, member_id: str, one: Decided) -> None:
        self.outcome.added.setdefault(table, []).append(record)
        name = record.get("name") or record.get("head_name", "")
        self.outcome.changes.append(
            Change(
                record["household_id"], member_id, table, record[_KEYS[table]], "", "", name,
                DECISIONS[one.letter], one.remark, one.place,
            )
        )  # fmt: skip

    # ---- the other side -----------------------------------------------------------------------------------

    def _tell_value(self, one: Decided, wanted: str) -> None:
        column, cells = column_of(one.key.table, one.key.column), one.cells
        now = cells.get("名单上") or cells.get("全国系统") or cells.get("全国系统（元）") or "在户"
        full = wanted if column.name == "id_number" and wanted else None
        text = full or shown(column, wanted, month=column.name in _MONTHS)
        self._tell(one, cells.get("项目") or column.zh, now, text)

    def _tell_row(self, one: Decided) -> None:
        side, sheet = one.cells.get("在哪边", ""), one.key.sheet
        what = "这一户" if sheet == "户" else "这个人"
        wanted = {
            "only_ours": f"请补录{what}",
            "only_theirs": f"请核减{what}（我方没有）",
        }.get(one.key.what, "请按我方核对更正")
        now = {"only_ours": "没有", "only_theirs": "有"}.get(one.key.what, one.cells.get("名单上") or side)
        member = self.ours.members.get(one.key.subject.member_id, {})
        if one.key.what == "only_ours" and member.get("id_number"):
            wanted += f"：{member['id_number']}"
        self._tell(one, one.cells.get("项目") or what, now, wanted)

    def _tell(self, one: Decided, item: str, now: str, wanted: str) -> None:
        cells, subject = one.cells, one.key.subject
        name = cells.get("姓名") or cells.get("户主", "")
        household = subject.national_id or subject.household_id
        self.outcome.theirs.append(
            TheirChange(
                cells.get("来源") or _NATIONAL, cells.get("名单位置", ""), cells.get("村", ""), household,
                subject.national_member_id, name, item, now, wanted, one.remark,
            )
        )  # fmt: skip


def _same(column: str, one: str, other: str) -> bool:
    how = {"risks": "set", "id_number": "id", "phone": "phone"}.get(
        column, "month" if column in _MONTHS else "text"
    )
    return comparable(how, one) == comparable(how, other)
