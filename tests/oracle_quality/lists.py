"""match.*"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from tests.oracle.logic import Truth, all3, any3, is_one_of, not3
from tests.oracle.money import per_capita

from .identity import digits
from .lifecycle import is_open
from .registry import of_members, of_nobodys, rule
from .sheets import newest
from .world import Household, Row, World, codes, days_between, more


def newest_lists(world: World, source: str) -> list[Row]:
    """Of each area the newest list of the department."""
    found: dict[str, Row] = {}
    for row in world.rows("lists") or []:
        area = row.get("area_code") or ""
        if row.get("source") == source:
            held = found.get(area)
            if held is None or _age(row) > _age(held):
                found[area] = row
    return list(found.values())


def _age(row: Row) -> tuple[date, str]:
    return row.get("received_on") or date.min, row["list_id"]


def on_list(h: Household, source: str, member: Row | None = None) -> list[Row] | None:
    """Confirmed rows about the household (the member) in the newest lists, of each area; ``None`` without any list."""
    newest = {row["list_id"] for row in newest_lists(h.world, source)}
    if not newest or h.world.rows("listed") is None:
        return None
    return [
        row
        for row in h.rows("listed") or []
        if row.get("list_id") in newest
        and row.get("match") == "confirmed"
        and (member is None or row.get("member_id") == member["member_id"])
    ]


def complete(h: Household, source: str) -> bool:
    """Whether a newest list says that it lists everybody of an area that holds the household."""
    area = h.get("area_code") or ""
    return any(
        row.get("complete") is True and area.startswith(row.get("area_code") or "")
        for row in newest_lists(h.world, source)
    )


# ---- the national list


def national(h: Household) -> Row | None:
    rows = h.rows("national_households") or []
    return min(rows, key=lambda r: r["national_id"], default=None)


def holds_lifted(world: World) -> bool:
    return any(
        r.get("household_type") == "lifted" and r.get("monitoring_status") in (None, "none")
        for r in world.rows("national_households") or []
    )


@rule("match.households")
def _households(h: Household) -> Truth:
    if h.rows("national_households") is None:
        return None
    if h.rows("national_households"):
        return False
    lifted = h.lifted if holds_lifted(h.world) else False
    return any3([h.monitored, lifted])


@of_nobodys("match.households", "national_households")
def _not_ours(world: World, row: Row) -> Truth:
    return row.get("household_id") not in world.households


@rule("match.people")
def _people(h: Household) -> Truth:
    theirs = h.rows("national_members")
    if theirs is None or h.members is None or h.rows("national_households") is None:
        return None
    if national(h) is None or not theirs:
        return False  # a household without any people there: its people were not exported
    return any(not any(_same_person(m, o) for o in theirs) for m in h.members) or any(
        not any(_same_person(m, o) for m in h.members) for o in theirs
    )


def plain(name: str | None) -> str | None:
    return None if name is None else normalize("NFC", "".join(name.split()))


def _differ(a: object, b: object) -> Truth:
    return None if a is None or b is None else a != b


def _month(day: date | None) -> tuple[int, int] | None:
    return None if day is None else (day.year, day.month)


def known(truth: Truth) -> bool:
    """A fact that one side does not know is no difference."""
    return truth is True


@rule("match.facts")
def _facts(h: Household) -> Truth:
    """Who is on one side only is no difference of facts."""
    row = national(h)
    if h.rows("national_households") is None or row is None:
        return None
    risks, theirs = (set(r) if r is not None else None for r in (h.risks, codes(row.get("risks"))))
    found: list[Truth] = [
        any(
            known(t)
            for t in (
                _differ(plain(h.get("head_name")), plain(row.get("head_name"))),
                _differ(h.get("monitoring_status"), row.get("monitoring_status")),
                _differ(h.get("monitoring_type"), row.get("monitoring_type")),
                _differ(risks, theirs),
                _differ(_month(h.get("identified_on")), _month(row.get("identified_on"))),
                _differ(_month(h.get("resolved_on")), _month(row.get("resolved_on"))),
            )
        )
    ]
    for m in h.members or []:
        pairs = [o for o in h.rows("national_members") or [] if _same_person(m, o)]
        found.append(any(_differs(m, o) for o in pairs) if pairs else None)
    return any3([*found, *([None] if len(h.members_and_left) > len(h.members or []) else [])])


def _differs(m: Row, other: Row) -> bool:
    found = [_differ(plain(m.get("name")), plain(other.get("name"))), _differ(_number(m), _number(other))]
    return any(
        known(t)
        for t in [*found, *(_differ(m.get(n), other.get(n)) for n in ("sex", "relation", "labour_capacity"))]
    )


def _number(m: Row) -> str | None:
    return m["id_number"].strip().upper() if m.get("id_number") else None


def _same_person(m: Row, other: Row) -> bool:
    if other.get("member_id") is not None and other["member_id"] == m["member_id"]:
        return True
    key = _key(m)
    return key is not None and key == _key(other)


def _key(m: Row) -> str | None:
    """The 17 digits of the person key, its check character left to other rules; else the number as it stands."""
    text = (m.get("id_number") or "").strip()
    if len(text) == 15 and digits(text):
        return text[:6] + "19" + text[6:]
    return text[:17] if len(text) in (18, 20, 22) and digits(text[:17]) else _text(m)


def _text(m: Row) -> str | None:
    """A number that is none, as it stands."""
    return m["id_number"].strip().upper()[:18] if m.get("id_number") else None


@rule("match.income")
def _income(h: Household) -> Truth:
    if h.rows("national_households") is None:
        return None
    row = national(h)
    if row is None:
        return None
    year = row.get("income_year")
    if year is None:
        return None
    back = {1: "last_year", 2: "two_years_ago", 3: "three_years_ago"}.get(h.on.year - year)
    own: Fraction | None = None
    if year == h.on.year:
        own = per_capita(h.earned.net, h.person_months)
    elif back:
        value = h.get(f"income_per_capita_{back}")
        own = None if value is None else Fraction(value)
    theirs = row.get("net_income_per_capita")
    if own is None or theirs is None:
        return None
    gap = abs(own - Fraction(theirs))
    return gap > h.par("income_gap") and gap > Fraction(h.par("income_gap_share")) * abs(Fraction(theirs))


@of_nobodys("match.counts", "villages")
def _counts(world: World, sheet: Row) -> Truth:
    """Of the newest sheet: households and people by type and status, where the national list holds them."""
    area = sheet["area_code"]
    rows = world.rows("national_households")
    if not newest(world, sheet):
        return False
    by = ("area_code", "household_type", "monitoring_status")
    if rows is None or not (world.has("national_households", *by) and world.has("households", *by)):
        return None
    lifted = holds_lifted(world)
    theirs: dict[tuple[str, str], list[Any]] = {}
    for r in rows:
        status, kind = r.get("monitoring_status"), r.get("household_type")
        if r.get("area_code") == area and (status in ("unresolved", "resolved") or kind == "lifted"):
            _count(theirs, kind or "", status or "", r.get("people"))
    ours: dict[tuple[str, str], list[Any]] = {}
    by_status, by_case = {"unresolved": 0, "resolved": 0}, {"unresolved": 0, "resolved": 0}
    for h in world.households.values():
        if h.get("area_code") != area:
            continue
        status, kind = h.get("monitoring_status"), h.get("household_type")
        if status in ("unresolved", "resolved") or (lifted and kind == "lifted"):
            _count(ours, kind or "", status or "", None if h.members is None else len(h.members))
        if status in by_status:
            by_status[status] += 1
        case = h.case
        if case is not None and case.get("approved_on") is not None:
            by_case["unresolved" if is_open(case) else "resolved"] += 1
    if world.has("cases", "approved_on", "removal_approved_on") and by_status != by_case:
        return True
    for cell in theirs.keys() | ours.keys():
        a, b = theirs.get(cell, [0, 0]), ours.get(cell, [0, 0])
        if a[0] != b[0] or (cell in theirs and cell in ours and None not in (a[1], b[1]) and a[1] != b[1]):
            return True
    return False


def _count(cells: dict[tuple[str, str], list[Any]], kind: str, status: str, people: int | None) -> None:
    cell = cells.setdefault((kind, status), [0, None])
    cell[0] += 1
    cell[1] = cell[1] if people is None else (cell[1] or 0) + people


# ---- lists of departments


@rule("match.benefits")
def _benefits(h: Household) -> Truth:
    rows = on_list(h, "civil_affairs")
    if rows is None or h.rows("income_items") is None:
        return None
    found: list[Truth] = []
    for kind in ("dibao", "tekun"):
        listed = any(r.get("kind") == kind and r.get("holds") is not False for r in rows)
        since = h.on - timedelta(days=h.par("benefit_days"))
        paid = any3(
            False
            if i.get("realised") is False or i["kind"] != f"transfer.{kind}"
            else None
            if i.get("received_on") is None
            else since <= i["received_on"] <= h.on
            for i in h.rows("income_items") or []
        )
        found.append(all3([listed, not3(paid)]))
        found.append(all3([not listed, complete(h, "civil_affairs"), paid]))
    return any3(found)


@of_members("match.health")
def _health(h: Household, m: Row) -> Truth:
    found: list[Truth] = []
    disability, health = on_list(h, "disability", m), on_list(h, "health", m)
    level = m.get("disability_level")
    if disability is None:
        found.append(None)
    else:
        listed = max(
            [r["level"] for r in disability if r.get("kind") == "disability_level" and r.get("level")],
            default=0,
        )
        found.append(
            not3(is_one_of(level, listed)) if listed else all3([complete(h, "disability"), more(level, 0)])
        )
    if health is None:
        found.append(None)
    elif any(r.get("kind") == "serious_illness" and r.get("holds") is not False for r in health):
        found.append(not3(m.get("serious_illness")))
    else:
        found.append(all3([complete(h, "health"), m.get("serious_illness")]))
    return any3(found)


@rule("match.guarantees")
def _guarantees(h: Household) -> Truth:
    """What one row of a newest list says against another leaves a fact as it is: all of a person's, one of a house."""
    found: list[bool] = [False]
    for source, column in (("medical_insurance", "medical_insurance"), ("education", "in_school")):
        for m in h.members_and_left:
            said = [
                r["holds"]
                for r in on_list(h, source, m) or []
                if r.get("kind") == column and r.get("holds") is not None
            ]
            found.append(bool(said) and m.get(column) is not None and all(said) != m[column])
    for source, column in (("housing", "housing_unsafe"), ("water", "water_unsafe")):
        said = [
            r["holds"]
            for r in on_list(h, source) or []
            if r.get("kind") == column and r.get("holds") is not None
        ]
        found.append(bool(said) and h.get(column) is not None and any(said) != h.get(column))
    return any(found)


@of_members("match.deceased")
def _deceased(h: Household, m: Row) -> Truth:
    rows = [on_list(h, source, m) for source in ("deceased", "moved_out")]
    if rows == [None, None]:
        return None
    return any(r.get("holds") is not False for found in rows for r in found or [])


@of_nobodys("match.list_quality", "lists")
def _poor_list(world: World, row: Row) -> Truth:
    """Only of the newest list of its area."""
    if row not in newest_lists(world, row["source"]):
        return False
    listed = world.rows("listed")
    if listed is None:
        return None
    mine = [r for r in listed if r.get("list_id") == row["list_id"]]
    numbers = [(r["id_number"], r.get("kind")) for r in mine if r.get("id_number") is not None]
    lost = [r for r in mine if r.get("match") == "none"]
    late = [
        r
        for r in mine
        if r.get("event_on")
        and row.get("received_on")
        and (row["received_on"] - r["event_on"]).days > world.par("alert_lag_days")
    ]
    old = more(days_between(row.get("received_on"), world.on), world.par("list_days"))
    return any3(
        [
            old,
            len(set(numbers)) < len(numbers),
            Decimal(len(lost)) > world.par("unmatched_share") * len(mine),
            bool(late),
        ]
    )
