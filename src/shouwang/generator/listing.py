"""Differences planted between the registry and the lists of others: the national system and the departments.

Only the list is changed, never the registry, so that nothing else looks wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shouwang.generator.choosing import Desk
from shouwang.generator.details import invented_number

Kind = tuple[str, str, str, float, Callable[[Desk, str], None]]
_NATIONAL = "SELECT household_id, national_id FROM national_households WHERE {free}"


def _households(desk: Desk, kind: str) -> None:
    """Half of them are missing there; half are there and not here. The counts of the village follow."""
    for at, (household, national) in enumerate(desk.some(kind, _NATIONAL)):
        area = household[:12]
        if at % 2 == 0:
            desk.run("DELETE FROM national_members WHERE national_id = ?", national)
            desk.run("DELETE FROM national_households WHERE national_id = ?", national)
            desk.mark(kind, kind, household, row=household)
        else:
            number = f"{national}X"
            desk.run(
                "INSERT INTO national_households SELECT * REPLACE (? AS national_id, NULL AS household_id, '查无此人' AS head_name) "
                "FROM national_households WHERE national_id = ?", number, national,
            )  # fmt: skip
            desk.mark(kind, kind, None, "national_households", number, area)
        _counts_follow(desk, kind, area)


def _counts_follow(desk: Desk, kind: str, area: str) -> None:
    if not desk.rows(f"SELECT 1 FROM planted WHERE finding = 'match.counts' AND area_code = '{area}'"):
        desk.mark(kind, "match.counts", None, "villages", None, area)


def _people(desk: Desk, kind: str) -> None:
    for household, national in desk.some(kind, _NATIONAL + " AND people > 1"):
        (member,) = desk.rows(
            f"SELECT max(member_id) FROM national_members WHERE national_id = '{national}'"
        )[0]
        desk.run("DELETE FROM national_members WHERE member_id = ?", member)
        desk.mark(kind, kind, household, "members", member)


def _facts(desk: Desk, kind: str) -> None:
    for household, national in desk.some(kind, _NATIONAL):
        desk.run("UPDATE national_households SET head_name = '曾用名' WHERE national_id = ?", national)
        desk.mark(kind, kind, household, row=household)


def _income(desk: Desk, kind: str) -> None:
    for household, national in desk.some(kind, _NATIONAL + " AND net_income_per_capita IS NOT NULL"):
        desk.run(
            "UPDATE national_households SET net_income_per_capita = net_income_per_capita * 1.2 + 500 WHERE national_id = ?",
            national,
        )
        desk.mark(kind, kind, household)


def _counts(desk: Desk, kind: str) -> None:
    for household, national in desk.some(kind, _NATIONAL):
        desk.run("UPDATE national_households SET people = people + 1 WHERE national_id = ?", national)
        desk.run("INSERT INTO troubled VALUES (?)", household)
        _counts_follow(desk, kind, household[:12])


def _row(desk: Desk, source: str, kind: str, member: tuple[Any, ...], *, holds: bool = True) -> None:
    """A row about a member: (household_id, member_id, id_number, name)."""
    (count,) = desk.rows(f"SELECT count(*) FROM listed WHERE list_id = 'L-{source}'")[0]
    desk.run(
        "INSERT INTO listed (listed_id, list_id, id_number, name, area_code, household_id, member_id, match, kind, holds) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'confirmed', ?, ?)",
        f"L-{source}-{count + 1:06d}", f"L-{source}", member[2], member[3], member[0][:12], member[0], member[1], kind, holds,
    )  # fmt: skip


def _heads(more: str) -> str:
    return f"SELECT household_id, member_id, id_number, name FROM members WHERE {{free}} AND right(member_id, 2) = '01' AND {more}"


def _benefits(desk: Desk, kind: str) -> None:
    """On the list for dibao, and no such income."""
    paid = "household_id NOT IN (SELECT household_id FROM income_items WHERE kind IN ('transfer.dibao', 'transfer.tekun'))"
    for member in desk.some(kind, _heads(paid)):
        _row(desk, "civil_affairs", "dibao", member)
        desk.mark(kind, kind, member[0])


def _health(desk: Desk, kind: str) -> None:
    """On the list of serious illness, and the registry says no."""
    for member in desk.some(kind, _heads("NOT serious_illness")):
        _row(desk, "health", "serious_illness", member)
        desk.mark(kind, kind, member[0], "members", member[1])


def _guarantees(desk: Desk, kind: str) -> None:
    """The medical insurance says that an insured member is not."""
    for member in desk.some(kind, _heads("medical_insurance")):
        _row(desk, "medical_insurance", "medical_insurance", member, holds=False)
        desk.mark(kind, kind, member[0], "members", member[1])


def _deceased(desk: Desk, kind: str) -> None:
    for member in desk.some(kind, _heads("true")):
        _row(desk, "deceased", "deceased", member)
        desk.mark(kind, kind, member[0], "members", member[1])


def _list_quality(desk: Desk, kind: str) -> None:
    """People whom nobody knows on a list."""
    for area, list_id in desk.some(
        kind, "SELECT area_code, list_id FROM lists WHERE source IN ('moved_out', 'housing', 'water')"
    ):
        (count,) = desk.rows(f"SELECT count(*) FROM listed WHERE list_id = '{list_id}'")[0]
        for at in range(count // 5 + 2):
            desk.run(
                "INSERT INTO listed (listed_id, list_id, id_number, name, area_code, match, kind) VALUES (?, ?, ?, '查无此人', ?, 'none', 'unknown')",
                f"{list_id}-9{at:05d}", list_id, invented_number(at), area,
            )  # fmt: skip
        desk.mark(kind, kind, None, "lists", list_id, area)


KINDS: tuple[Kind, ...] = (
    ("match.households", "只有一边有这一户", "lifted or monitored", 0.004, _households),
    ("match.people", "全国系统少一人", "lifted or monitored", 0.004, _people),
    ("match.facts", "全国系统户主姓名不同", "lifted or monitored", 0.004, _facts),
    ("match.income", "全国系统收入多两成", "lifted or monitored", 0.004, _income),
    ("match.counts", "全国系统人口多一人", "lifted or monitored", 0.001, _counts),
    ("match.benefits", "在低保名单而没有低保金", "household", 0.0008, _benefits),
    ("match.health", "在大病名单而登记为否", "household", 0.0008, _health),
    ("match.guarantees", "医保名单说未参保", "household", 0.0008, _guarantees),
    ("match.deceased", "在死亡名单上", "household", 0.0008, _deceased),
    ("match.list_quality", "名单上有查无此人的", "list of a department", 0.2, _list_quality),
)
