"""match.*"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3
from tests.oracle.money import per_capita

from .identity import person_key
from .registry import of_members, of_world, rule
from .world import Household, Row, World, any_of, codes, days_between, more


def newest_list(world: World, source: str, area: str | None) -> Row | None:
    """The newest list of a department that covers the area; one without an area covers all."""
    if area is None:
        return None
    fit = [
        row
        for row in world.rows("lists") or []
        if row.get("source") == source and row.get("received_on") and area.startswith(row.get("area_code") or "")
    ]
    return max(fit, key=lambda row: (row["received_on"], row["list_id"]), default=None)


def on_list(h: Household, source: str, member: Row | None = None) -> list[Row] | None:
    """Confirmed rows about the household (about the member) in the newest list; ``None`` where there is no list."""
    newest = newest_list(h.world, source, h.get("area_code"))
    if newest is None or h.world.rows("listed") is None:
        return None
    return [
        row
        for row in h.rows("listed") or []
        if row.get("list_id") == newest["list_id"]
        and row.get("match") == "confirmed"
        and (member is None or row.get("member_id") == member["member_id"])
    ]


def complete(h: Household, source: str) -> Truth:
    newest = newest_list(h.world, source, h.get("area_code"))
    return None if newest is None else newest.get("complete") is True


# ---- the national list


def national(h: Household) -> Row | None:
    rows = h.rows("national_households") or []
    return min(rows, key=lambda r: r["national_id"], default=None)


def holds_lifted(world: World) -> bool:
    return any(
        r.get("household_type") == "lifted" and r.get("monitoring_status") == "none"
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


@of_world("match.households")
def _not_ours(world: World) -> Truth:
    return any_of(world.rows("national_households"), lambda r: r.get("household_id") not in world.households)


@rule("match.people")
def _people(h: Household) -> Truth:
    theirs = h.rows("national_members")
    if theirs is None or h.members is None or h.rows("national_households") is None:
        return None
    if national(h) is None:
        return False
    own_keys = [person_key(m) for m in h.members]
    their_keys = [person_key(m) for m in theirs]
    return any3(
        [
            *[None if k is None else k not in their_keys for k in own_keys],
            *[None if k is None else k not in own_keys for k in their_keys],
        ]
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
    if h.rows("national_households") is None:
        return None
    row = national(h)
    if row is None:
        return False
    risks = set(h.risks) if h.risks is not None else None
    theirs = codes(row.get("risks"))
    found = [
        _differ(plain(h.get("head_name")), plain(row.get("head_name"))),
        _differ(h.get("monitoring_status"), row.get("monitoring_status")),
        _differ(h.get("monitoring_type"), row.get("monitoring_type")),
        _differ(risks, set(theirs) if theirs is not None else None),
        _differ(_month(h.get("identified_on")), _month(row.get("identified_on"))),
        _differ(_month(h.get("resolved_on")), _month(row.get("resolved_on"))),
    ]
    for m in h.members or []:
        for other in h.rows("national_members") or []:
            if not _same_person(m, other):
                continue
            found.append(_differ(plain(m.get("name")), plain(other.get("name"))))
            found.append(_differ(_number(m), _number(other)))
            found += [_differ(m.get(n), other.get(n)) for n in ("sex", "relation", "labour_capacity")]
    return any(known(t) for t in found)


def _number(m: Row) -> str | None:
    return person_key(m) or m.get("id_number")


def _same_person(m: Row, other: Row) -> bool:
    if other.get("member_id") is not None:
        return bool(other["member_id"] == m["member_id"])
    key = person_key(m)
    return key is not None and key == person_key(other)


@rule("match.income")
def _income(h: Household) -> Truth:
    if h.rows("national_households") is None:
        return None
    row = national(h)
    if row is None:
        return False
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


@of_world("match.counts")
def _counts(world: World) -> Truth:
    """Per village of the newest sheet: households and people by type and status, where the national list holds them."""
    if world.rows("villages") is None:
        return None
    areas = {v["area_code"] for v in world.rows("villages") or []}
    return any3(_counts_differ(world, area) for area in areas)


def _counts_differ(world: World, area: str) -> Truth:
    rows = world.rows("national_households")
    if rows is None:
        return None
    lifted = holds_lifted(world)
    theirs: dict[tuple[str, str], list[int]] = {}
    for r in rows:
        if r.get("area_code") == area:
            cell = theirs.setdefault((r.get("household_type") or "", r.get("monitoring_status") or ""), [0, 0])
            cell[0] += 1
            cell[1] += r.get("people") or 0
    ours: dict[tuple[str, str], list[int]] = {}
    for h in world.households.values():
        if h.get("area_code") == area and (h.monitored or (lifted and h.lifted)):
            cell = ours.setdefault((h.get("household_type") or "", h.get("monitoring_status") or ""), [0, 0])
            cell[0] += 1
            cell[1] += len(h.members or [])
    return ours != theirs


# ---- lists of departments


@rule("match.benefits")
def _benefits(h: Household) -> Truth:
    rows = on_list(h, "civil_affairs")
    newest = newest_list(h.world, "civil_affairs", h.get("area_code"))
    if h.world.rows("lists") is None or h.rows("income_items") is None:
        return None
    if rows is None or newest is None:
        return False
    found = []
    for kind in ("dibao", "tekun"):
        listed = any(kind in (r.get("kind") or "") and r.get("holds") is not False for r in rows)
        since = h.on - timedelta(days=h.par("benefit_days"))
        paid = any3(
            False if i.get("realised") is False or i["kind"] != f"transfer.{kind}" else None if i.get("received_on") is None else since <= i["received_on"] <= h.on
            for i in h.rows("income_items") or []
        )
        found.append(all3([listed, not3(paid)]))
        found.append(all3([not listed, newest.get("complete") is True, paid]))
    return any3(found)


@of_members("match.health")
def _health(h: Household, m: Row) -> Truth:
    found: list[Truth] = []
    disability, health = on_list(h, "disability", m), on_list(h, "health", m)
    if h.world.rows("lists") is None:
        return None
    if disability is not None:
        found += [not3(is_one_of(m.get("disability_level"), r["level"])) if r.get("level") is not None else None for r in disability]
        if not disability:
            found.append(all3([complete(h, "disability"), more(m.get("disability_level"), 0)]))
    if health is not None:
        ill = any(r.get("kind") == "serious_illness" and r.get("holds") is not False for r in health)
        if ill:
            found.append(not3(m.get("serious_illness")))
        else:
            found.append(all3([complete(h, "health"), m.get("serious_illness")]))
    return any3(found) if found else False


@rule("match.guarantees")
def _guarantees(h: Household) -> Truth:
    if h.world.rows("lists") is None:
        return None
    found: list[Truth] = [False]
    for source, column in (("medical_insurance", "medical_insurance"), ("education", "in_school")):
        for m in h.members or []:
            for r in on_list(h, source, m) or []:
                found.append(_contradicts(r, m.get(column)))
    for source, column in (("housing", "housing_unsafe"), ("water", "water_unsafe")):
        for r in on_list(h, source) or []:
            found.append(_contradicts(r, h.get(column)))
    return any3(found)


def _contradicts(row: Row, own: Truth) -> Truth:
    return None if row.get("holds") is None or own is None else row["holds"] != own


@of_members("match.deceased")
def _deceased(h: Household, m: Row) -> Truth:
    rows = [on_list(h, source, m) for source in ("deceased", "moved_out")]
    if h.world.rows("lists") is None or h.world.rows("listed") is None:
        return None
    return any(bool(r) for r in rows)


@of_world("match.list_quality")
def _list_quality(world: World) -> Truth:
    return any_of(world.rows("lists"), lambda row: _poor_list(world, row))


def _poor_list(world: World, row: Row) -> Truth:
    par = lambda name: world.settings.get(name, _defaults()[name])  # noqa: E731
    old = more(days_between(row.get("received_on"), world.on), par("list_days"))
    if newest_list(world, row.get("source") or "", row.get("area_code") or "") is not row:
        old = False
    listed = world.rows("listed")
    if listed is None:
        return any3([old, None])
    mine = [r for r in listed if r.get("list_id") == row["list_id"]]
    keys = [(person_key(r), r.get("kind")) for r in mine if person_key(r) is not None]
    twice = len(set(keys)) < len(keys)
    lost = [r for r in mine if r.get("match") != "confirmed"]
    many = Decimal(len(lost)) > par("unmatched_share") * len(mine) if mine else False
    lag = any3(
        None if r.get("event_on") is None or row.get("received_on") is None else (row["received_on"] - r["event_on"]).days > par("alert_lag_days")
        for r in mine
    )
    return any3([old, twice, many, lag])


def _defaults() -> dict[str, object]:
    from .world import DEFAULTS

    return DEFAULTS


_ = (less, known)
