"""The income paper of a household: the facts and the engine's values as the plain data of the official working paper.

``income_papers`` reads an exchange folder as a screening does and gives one :class:`Paper` per household: income item
by item in the five parts of XH annex 5, what does not count and why, the formula, quarters and years side by side,
basis and agreement. Identity numbers and phones never stand on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy import parameters
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.explained_fetch import fetch_households
from shouwang.policy.explained_formula import masked, masked_name
from shouwang.policy.explained_household import Household
from shouwang.policy.income_paper.basis import agreement
from shouwang.policy.income_paper.compare import a_year_before, comparison
from shouwang.policy.income_paper.data import Paper
from shouwang.policy.income_paper.head import expense, head, lacking, per_capita
from shouwang.policy.income_paper.items import (
    Fate,
    Name,
    Sorted,
    excluded,
    excluded_groups,
    numbered,
    sorted_items,
)
from shouwang.policy.income_paper.parts import parts
from shouwang.policy.loading import load
from shouwang.policy.plan import build


def income_papers(
    folder: Path, pack_name: str, on: date, settings: Mapping[str, str], *,
    households: Sequence[str] = (), villages: Sequence[str] = (), mask_names: bool = False,
) -> Iterator[Paper]:  # fmt: skip
    """The papers of the ``households``, then of all households of the ``villages`` (codes), in order of their numbers.

    InputError for a folder, pack or setting that cannot be used, a folder without income items, and a household or
    village that is not there. Names stand in full, as on the forms that a household signs, unless ``mask_names``.
    """
    pack = load(pack_name)
    chosen = parameters.read_settings(pack, settings)
    engine = Engine.open(folder, pack, on, chosen)
    try:
        if "income_items" not in engine.relations:
            raise InputError(
                _("没有收支条目表 income_items，核算不了收入"),
                where=str(folder),
                remedy=_("用 shouwang intake 把收入明细转成交换格式，或把 income_items 放进这个文件夹"),
            )
        wanted = list(dict.fromkeys([*households, *_in_villages(engine, folder, villages)]))
        places = _places(engine)
        before = compile_plan(build(pack, a_year_before(on), chosen, engine.plan.present))
        name = masked_name if mask_names else _whole_name
        for household in fetch_households(engine, folder, wanted):
            yield income_paper(household, before, places.get(household.area, ""), name)
    finally:
        engine.connection.close()


def income_paper(household: Household, before: Closure, place: str = "", name: Name | None = None) -> Paper:
    """The paper of one household; ``before`` is the plan of the day a year before, ``place`` its town and village."""
    name = name or _whole_name
    listed = _in_order(household, sorted_items(household, name))
    past = Household(before, household.row, household.tables)
    own_parts = parts(household, listed)
    paper_head = head(household, place, name)
    return Paper(
        paper_head,
        own_parts,
        per_capita(household, own_parts, paper_head),
        expense(household, paper_head),
        excluded_groups(listed),
        tuple(excluded(entry) for entry in listed if entry.fate is Fate.OUTSIDE),
        comparison(household, past),
        agreement(household, listed),
        tuple(lacking(household, listed, own_parts)),
    )


def _in_order(household: Household, listed: list[Sorted]) -> list[Sorted]:
    """The items with numbers that run as the paper shows them: part by part, excluded, outside, without a kind."""
    lines = [line.item for part in parts(household, listed) for line in part.lines if line.item is not None]
    groups = [entry.item for group in excluded_groups(listed) for entry in group.items]
    rest = [entry.item for fate in (Fate.OUTSIDE, Fate.NO_KIND) for entry in listed if entry.fate is fate]
    return numbered(listed, [*lines, *groups, *rest])


def _whole_name(name: str | None) -> str:
    return masked((name or "").strip())


def _in_villages(engine: Engine, folder: Path, villages: Sequence[str]) -> Iterator[str]:
    there = "area_code" in engine.plan.present["households"]
    for code in villages:
        found = (
            engine.connection.execute(
                f"SELECT household_id FROM {engine.relations['households']} WHERE area_code = ? ORDER BY household_id",
                [code],
            ).fetchall()
            if there
            else []
        )
        if not found:
            raise _no_village(engine, folder, code, there)
        yield from (str(row[0]) for row in found)


def _no_village(engine: Engine, folder: Path, code: str, there: bool) -> InputError:
    remedy = _("农户表没有 area_code 列，请用 --household")
    if there:
        near = engine.connection.execute(
            f"SELECT area_code FROM {engine.relations['households']} WHERE area_code IS NOT NULL GROUP BY area_code "
            "ORDER BY levenshtein(area_code, ?), area_code LIMIT 3",
            [code],
        ).fetchall()
        remedy = _("最接近的村代码：{codes}").format(codes="、".join(str(row[0]) for row in near) or "—")
    return InputError(
        _("没有村代码为 {code} 的农户").format(code=masked(code)), where=str(folder), remedy=remedy
    )


def _places(engine: Engine) -> dict[str, str]:
    """Village code → county, town and village as people write them."""
    columns = engine.plan.present.get("villages", frozenset())
    if not {"area_code", "county", "town", "village"} <= columns:
        return {}
    rows = engine.connection.execute(
        "SELECT area_code, any_value(county), any_value(town), any_value(village) "
        f"FROM {engine.relations['villages']} GROUP BY area_code"
    ).fetchall()
    joint = " " if current() == "en" else ""
    return {str(code): joint.join(str(word) for word in words if word) for code, *words in rows}


def unknown_of(papers: Sequence[Paper]) -> list[Paper]:
    """The papers whose income per person is not known, or that have no range to stand beside."""
    return [paper for paper in papers if paper.per_capita.value is None or paper.per_capita.range is None]


__all__ = ["Paper", "income_paper", "income_papers", "unknown_of"]
