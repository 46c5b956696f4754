"""Faults that only the rows of neighbours show: of cases of one village, visits of one visitor, photos, answers.

Each kind is named after its finding; its share is of the group that it says. They are planted where all tables stand in
one database (:mod:`shouwang.generator.details`), into households without other trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shouwang.generator import details, listing
from shouwang.generator.choosing import Desk

_SOCIAL = ("illness", "schooling", "disability", "disaster", "accident", "no_labour", "other")


@dataclass(frozen=True)
class Spoil:
    """``plant`` spoils as much as the share asks for; ``group`` says of what the share is one."""

    name: str
    zh: str
    group: str
    share: float
    plant: Callable[[Desk, str], None]


def spoil(desk: Desk) -> None:
    """Plants every kind: first into the registry and the visits, then into the lists, which are laid out here."""
    for kind in NEIGHBOURS:
        kind.plant(desk, kind.name)
    details.lay_out_lists(desk.connection, desk.on)
    for kind in LISTS:
        kind.plant(desk, kind.name)


def _cases_of(desk: Desk, kind: str, least: int, test: str) -> list[list[tuple[Any, ...]]]:
    """Of as many villages as asked for, the untroubled cases that pass the test, where there are ``least`` of them."""
    villages = desk.some(
        kind,
        "SELECT area_code FROM households JOIN cases USING (household_id) WHERE {free} AND "
        f"{test} GROUP BY area_code HAVING count(*) >= {least}",
    )
    cases = (
        "SELECT household_id, case_id, discovered_on, approved_on, risks FROM cases JOIN households USING (household_id) "
        f"WHERE area_code = '{{}}' AND {test} AND household_id NOT IN (SELECT household_id FROM troubled) ORDER BY approved_on, case_id"
    )
    return [desk.rows(cases.format(area)) for (area,) in villages]


def _same_day(desk: Desk, kind: str) -> None:
    """Five removed cases take all steps of the earliest of them."""
    steps = "discovered_on applied_on verified_on reviewed_on notice_from notice_to town_reviewed_on approved_on plan_on"
    for cases in _cases_of(desk, kind, 5, "monitoring_status = 'resolved'"):
        first, chosen = cases[0], cases[:5]
        for household, case, found, _approved, _risks in chosen:
            taken = ", ".join(f"{step} = f.{step}" for step in steps.split())
            desk.run(
                f"UPDATE cases SET {taken} FROM (SELECT * FROM cases WHERE case_id = ?) f WHERE cases.case_id = ?",
                first[1],
                case,
            )
            desk.run("UPDATE households SET identified_on = ? WHERE household_id = ?", first[3], household)
            desk.run("UPDATE visits SET visited_on = ?, started_at = started_at - to_days(?), ended_at = ended_at - to_days(?), "
                     "received_at = received_at - to_days(?) WHERE household_id = ? AND visited_on = ?",
                     first[2], *[(found - first[2]).days] * 3, household, found)  # fmt: skip
            desk.mark(kind, kind, household, "cases", case)


def _batch(desk: Desk, kind: str) -> None:
    """All removals of a village within five days, a month ago."""
    for cases in _cases_of(desk, kind, 10, "monitoring_status = 'resolved'"):
        others = desk.rows(
            f"SELECT count(*) FROM cases JOIN households USING (household_id) WHERE area_code = '{cases[0][0][:12]}' "
            f"AND year(removal_approved_on) = {desk.on.year} AND household_id IN (SELECT household_id FROM troubled)"
        )
        if others[0][0] >= len(cases):
            continue
        for at, (household, case, *_rest) in enumerate(cases):
            day = desk.on - timedelta(days=30 + at % 5)
            moved = f"{{}} = DATE '{day}' - {{}}"
            ago = {
                "removal_approved_on": 0,
                "removal_consent_on": 13,
                "removal_proposed_on": 14,
                "last_studied_on": 15,
                "above_range_since": 200,
            }
            desk.run(
                f"UPDATE cases SET {', '.join(moved.format(name, days) for name, days in ago.items())} WHERE case_id = ?",
                case,
            )
            desk.run("UPDATE households SET resolved_on = ? WHERE household_id = ?", day, household)
            desk.mark(kind, kind, household, "cases", case)


def _same_plan(desk: Desk, kind: str) -> None:
    """Ten households or more with other risks get one and the same measure on one day."""
    causes = ", ".join(f"'{risk}'" for risk in _SOCIAL)
    fits = f"len(list_intersect(string_split(risks, ';'), [{causes}])) > 0"
    for cases in _cases_of(desk, kind, 10, fits):
        if len({risks for *_rest, risks in cases}) < 2:
            continue
        day = desk.on - timedelta(days=45)
        for household, _case, _found, _approved, risks in cases:
            risk = next(one for one in risks.split(";") if one in _SOCIAL)
            desk.run("INSERT INTO measures (measure_id, household_id, kind, risk, planned_on, done_on, amount, unit) "
                     "VALUES (?, ?, 'social', ?, ?, ?, 500, '民政局')", f"{household}M90", household, risk, day, day)  # fmt: skip
            desk.mark(kind, kind, household)


def _rounds(least: int, columns: str = "visitor, area_code") -> str:
    """Visitors with so many visits of the campaign, of households without trouble, in one village."""
    return (
        f"SELECT {columns} FROM latest WHERE {{free}} AND focus_ticked IS NULL AND data_taken_on IS NOT NULL "
        f"GROUP BY {columns} HAVING count(*) >= {least}"
    )


def _of_round(desk: Desk, visitor: str, area: str, more: str = "") -> list[tuple[Any, ...]]:
    return desk.rows(
        "SELECT l.household_id, l.visit_id, v.visited_on FROM latest l JOIN visits v USING (visit_id) "
        f"WHERE l.visitor = '{visitor}' AND l.area_code = '{area}' AND l.data_taken_on IS NOT NULL {more} ORDER BY v.visited_on, visit_id"
    )


_FREE = "AND l.household_id NOT IN (SELECT household_id FROM troubled)"


def _bulk(desk: Desk, kind: str) -> None:
    """A visitor enters the visits of a week in half an hour; that the early ones are late follows."""
    for visitor, area in desk.some(kind, _rounds(30)):
        for at, (household, visit, day) in enumerate(_of_round(desk, visitor, area, _FREE)):
            moment = datetime.combine(desk.on, datetime.min.time()) + timedelta(hours=20, minutes=at)
            desk.run("UPDATE visits SET received_at = ? WHERE visit_id = ?", moment, visit)
            desk.mark(kind, kind, household, "visits", visit)
            if (desk.on - day).days > 3:
                desk.mark(kind, "fresh.late_entry", household, "visits", visit)


def _one_point(desk: Desk, kind: str) -> None:
    """Five households of one day, all entered from the house of the first."""
    for visitor, area, day in desk.some(kind, _rounds(5, "visitor, area_code, visited_on")):
        visits = desk.rows(
            "SELECT l.household_id, visit_id, h.lng, h.lat FROM latest l JOIN households h USING (household_id) "
            f"WHERE l.visitor = '{visitor}' AND l.area_code = '{area}' AND l.visited_on = DATE '{day}' {_FREE} ORDER BY visit_id"
        )
        if any(_metres(one, other) < 230 for at, one in enumerate(visits) for other in visits[at + 1 :]):
            continue
        for household, visit, _lng, _lat in visits:
            desk.run("UPDATE visits SET mode = 'in_person', lng = ?, lat = ?, accuracy_m = 8, contact_name = NULL, contact_phone = NULL, "
                     "study_place = NULL, study_people = NULL WHERE visit_id = ?", visits[0][2], visits[0][3], visit)  # fmt: skip
            desk.mark(kind, kind, household, "visits", visit)
            if visit != visits[0][1]:
                desk.mark(kind, "paradata.far", household, "visits", visit)


def _metres(one: tuple[Any, ...], other: tuple[Any, ...]) -> float:
    """About how far two (…, …, lng, lat) are from each other."""
    return float((((one[2] - other[2]) * 96500) ** 2 + ((one[3] - other[3]) * 111000) ** 2) ** 0.5)


def _overlap(desk: Desk, kind: str) -> None:
    """A visit that ends only after the next one has begun, somewhere else."""
    pairs = """
        SELECT household_id, visit_id, next_id, next_start, next_household FROM (
            SELECT *, lead(visit_id) OVER w AS next_id, lead(started_at) OVER w AS next_start, lead(household_id) OVER w AS next_household,
                   lead(lng) OVER w AS x, lead(lat) OVER w AS y
            FROM visits WHERE mode = 'in_person' AND data_taken_on IS NOT NULL WINDOW w AS (PARTITION BY visitor, visited_on ORDER BY started_at, visit_id))
        WHERE sqrt(pow((x - lng) * 96500, 2) + pow((y - lat) * 111000, 2)) > 150 AND next_start > ended_at AND {free}
        AND next_household NOT IN (SELECT household_id FROM troubled)"""
    seen = set[str]()
    for household, visit, after, start, other in desk.some(kind, pairs):
        if household in seen or other in seen:
            continue
        seen |= {household, other}
        desk.run(
            "UPDATE visits SET ended_at = ?, received_at = greatest(received_at, ?) WHERE visit_id = ?",
            start + timedelta(minutes=5),
            start + timedelta(minutes=5),
            visit,
        )
        desk.mark(kind, kind, other, "visits", after)
        desk.run("INSERT INTO troubled VALUES (?)", household)


def _pairs(desk: Desk, kind: str, source: str) -> list[tuple[Any, ...]]:
    """Visits of one visitor in one village, next to each other: (household, visit, household, visit)."""
    found = desk.some(
        kind,
        f"""SELECT household_id, visit_id, other, other_visit FROM (
            SELECT l.household_id, l.visit_id, lead(l.household_id) OVER w AS other, lead(l.visit_id) OVER w AS other_visit,
                   row_number() OVER w AS place
            FROM latest l WHERE data_taken_on IS NOT NULL AND visit_id IN (SELECT visit_id FROM {source}) AND {{free}}
            WINDOW w AS (PARTITION BY visitor, area_code ORDER BY visit_id)) WHERE place % 2 = 1 AND other IS NOT NULL""",
    )
    for household, visit, other, other_visit in found:
        desk.mark(kind, kind, household, "visits", visit)
        desk.mark(kind, kind, other, "visits", other_visit)
    return found


def _alike(desk: Desk, kind: str) -> None:
    """The answers of one household copied to the next; the four questions of annex 1 stay as they are."""
    for _household, visit, _other, other_visit in _pairs(desk, kind, "answers"):
        desk.run(
            "UPDATE answers SET answer = f.answer FROM (SELECT question, answer FROM answers WHERE visit_id = ?) f "
            "WHERE answers.visit_id = ? AND answers.question = f.question", visit, other_visit,
        )  # fmt: skip


def _same_photo(desk: Desk, kind: str) -> None:
    for _household, visit, _other, other_visit in _pairs(desk, kind, "photos"):
        desk.run(
            "UPDATE photos SET photo_hash = (SELECT photo_hash FROM photos WHERE visit_id = ?) WHERE visit_id = ?",
            visit,
            other_visit,
        )


def _all_of_visitor(statement: str) -> Callable[[Desk, str], None]:
    """Spoils the answers of all visits of one visitor; the finding stands on the newest."""

    def plant(desk: Desk, kind: str) -> None:
        for visitor, area in desk.some(kind, _rounds(22)):
            visits = _of_round(desk, visitor, area)
            for _household, visit, _day in visits:
                desk.run(statement, visit)
            household, visit, _day = max(visits, key=lambda row: (row[2], row[1]))
            desk.mark(kind, kind, household, "visits", visit)

    return plant


_NO = "UPDATE answers SET answer = 'no' WHERE visit_id = ? AND question IN ('land_contract', 'knows_contact')"
_ROUND = (
    "UPDATE answers SET answer = (round(answer::BIGINT / 1000.0) * 1000)::BIGINT::VARCHAR "
    "WHERE visit_id = ? AND regexp_full_match(answer, '[0-9]{4,}')"
)


def _expired(desk: Desk, kind: str) -> None:
    """A pupil's stage of school was given before the school year began."""
    found = desk.some(
        kind,
        "SELECT household_id, min(member_id) FROM given WHERE column_name = 'school_stage' AND {free} GROUP BY household_id",
    )
    for household, member in found:
        desk.run(
            "UPDATE given SET given_on = given_on - 200 WHERE member_id = ? AND column_name = 'school_stage'",
            member,
        )
        desk.run("UPDATE given SET given_on = least(given_on, make_date(?, 8, 20)) WHERE member_id = ? AND column_name = 'school_stage'",
                 desk.on.year - (desk.on.month < 9), member)  # fmt: skip
        desk.mark(kind, kind, household, "members", member)


NEIGHBOURS: tuple[Spoil, ...] = (
    Spoil("dates.same_day", "五份档案各步同一天", "village", 0.02, _same_day),
    Spoil("removed.batch", "一周内集中消除", "village", 0.02, _batch),
    Spoil("measure.same_for_all", "风险不同而计划相同", "village", 0.02, _same_plan),
    Spoil("fresh.entered_in_bulk", "一小时内录入一周的走访", "visitor", 0.02, _bulk),
    Spoil("paradata.one_point", "一天五户在同一点", "visitor and day", 0.01, _one_point),
    Spoil("paradata.speed", "与下一次走访重叠", "visit", 0.001, _overlap),
    Spoil("paradata.alike", "回答照抄邻户", "visit", 0.001, _alike),
    Spoil("paradata.all_no", "走访人全填否", "visitor", 0.02, _all_of_visitor(_NO)),
    Spoil("paradata.little_variation", "走访人金额都是整千", "visitor", 0.02, _all_of_visitor(_ROUND)),
    Spoil("paradata.same_photo", "两户同一张照片", "visit", 0.001, _same_photo),
    Spoil("fresh.expired", "学段是上学年的", "lifted or monitored with pupils", 0.01, _expired),
)
LISTS: tuple[Spoil, ...] = tuple(Spoil(*kind) for kind in listing.KINDS)
SPOILS = NEIGHBOURS + LISTS
