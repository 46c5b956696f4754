"""Why one household comes out as it does: made when somebody looks, from the expressions themselves (INC-8, RSK-2).

``explain_household`` reads the folder as a screening does, fetches the rows of that one household and says, as
plain values: who they are; every income item with what it counts as or why it does not; every shown figure with its
formula filled in; every finding with its sentence, clause and the tree of values down to facts; what is not known
and which facts to ask for; the parameters used. Identity numbers, phones and names are masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.language import current
from shouwang.policy import parameters, wording
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.explained_fetch import fetch_households
from shouwang.policy.explained_formula import masked, masked_name, say_fact
from shouwang.policy.explained_gaps import unknown_rules
from shouwang.policy.explained_household import Household
from shouwang.policy.explained_income import items, member_name, sums
from shouwang.policy.explained_tree import Forest
from shouwang.policy.explanation_sheet import explanation_text
from shouwang.policy.explanation_words import levels
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack, Rule
from shouwang.policy.plan import placeholders
from shouwang.tables.dictionary import CODES, TABLES, labels

__all__ = ["explain_household", "explanation_text"]


def explain_household(
    folder: Path, pack_name: str, on: date, settings: Mapping[str, str], household_id: str
) -> dict[str, Any]:
    """Everything behind the results of one household of the exchange folder, screened on ``on``.

    Amounts are Decimal yuan, days are dates; unknown is None. InputError for a folder, pack or setting that cannot
    be used, and for a household that is not there (with the nearest numbers that are).
    """
    pack = load(pack_name)
    engine = Engine.open(folder, pack, on, parameters.read_settings(pack, settings))
    try:
        household = next(fetch_households(engine, folder, [household_id]))
    finally:
        engine.connection.close()
    return _explanation(household, engine)


def _explanation(household: Household, engine: Engine) -> dict[str, Any]:
    plan, forest = household.plan, Forest(household)
    listed = items(household)
    figures = [forest.tree(name) for name in _shown(household)]
    findings = [_finding(forest, rule) for rule in _rules(household, True)]
    unknown = unknown_rules(household, forest, _rules(household, None), engine.edges)
    forest.used |= {"window"} & set(plan.parameters)
    context = household.closure.context
    return {
        "household": _who(household),
        "pack": {"id": plan.pack.id, "title": _title(plan.pack), "hash": plan.pack.hash},
        "on": plan.on,
        "window": {"name": plan.window, "first": context.window_first, "last": context.window_last},
        "income": {"items": listed, "sums": sums(listed), "earners": _earners(household), "figures": figures},
        "focus": _focus(household),
        "findings": findings,
        "unknown": unknown,
        "not_found": [rule.name for rule in _rules(household, False)],
        "parameters": [forest.parameter(name) for name in sorted(forest.used)],
    }


def _title(pack: Pack) -> str:
    return pack.title_en if current() == "en" else pack.title


def _shown(household: Household) -> list[str]:
    plan = household.plan
    return [
        name for name, entry in plan.pack.indicators.items() if entry.shown and plan.step(name) is not None
    ]


def _rules(household: Household, result: bool | None) -> list[Rule]:
    return [
        rule
        for rule in household.plan.pack.rules.values()
        if rule.when is not None and household.values[rule.alias] is result
    ]


def _focus(household: Household) -> list[dict[str, str]]:
    pack = household.plan.pack
    return [
        {"name": name, "label": pack.label(name, current()), "clause": wording.clause_in_words(pack, focus.clause, current())}
        for name, focus in pack.focus.items() if household.values[f"focus_{name}"] is True
    ]  # fmt: skip


# the facts of the household


def _who(household: Household) -> dict[str, Any]:
    row, entry = household.row, TABLES["households"].by_name
    told = (
        "area_code",
        "group_name",
        "household_type",
        "monitoring_status",
        "monitoring_type",
        "identified_on",
        "resolved_on",
        "away",
    )
    facts = [
        {
            "name": name,
            "label": entry[name].label,
            "value": row[name],
            "said": say_fact(entry[name], row[name]),
        }
        for name in told
        if row.get(name) is not None
    ]
    return {
        "household_id": masked(row["household_id"]),
        "head": masked_name(row.get("head_name")),
        "phone": masked(row["phone"]) if row.get("phone") else "",
        "facts": facts,
        "members": [_member(member) for member in household.rows.get("members", [])],
        "members_known": household.tables.get("members") is not None,
    }


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    columns = TABLES["members"].by_name
    return {
        "name": masked_name(member["name"]),
        "relation": say_fact(columns["relation"], member["relation"]),
        "id_number": masked(member["id_number"]) if member["id_number"] else "",
        "birth_date": member["birth_date"],
        "months": member["months"],
        "labour_capacity": say_fact(columns["labour_capacity"], member["labour_capacity"]),
    }


def _earners(household: Household) -> list[dict[str, Any]]:
    """Per member who works, the values that the pack works out before it adds them up (cost taken off by place)."""
    found = []
    for row_set in household.plan.row_sets.values():
        if row_set.of != "income_items":
            continue
        group = household.plan.pack.groups[row_set.name]
        written = {**group.aggregates, **group.rows}
        for row in household.rows[row_set.name]:
            names = [step.name for step in (*row_set.grouped_steps, *row_set.steps)]
            values = {name: row[name] for name in names if row[name] is not None}
            formulas = {name: " ".join(str(written[name].text).split()) for name in values}
            found.append(
                {
                    "group": row_set.name,
                    "member": member_name(household, row[row_set.by]),
                    "values": values,
                    "formulas": formulas,
                }
            )
    return found


def _finding(forest: Forest, rule: Rule) -> dict[str, Any]:
    household = forest.household
    plan, language = household.plan, current()
    says = (rule.says_en or rule.says) if language == "en" else rule.says
    values = {name: household.shown(name) for name in placeholders(says)}
    codes = "household_problem" if rule.level == "household" else "place_problem"
    tree = forest.tree(rule.alias)
    return {
        "finding": rule.name,
        "name": plan.pack.label(rule.name, language),
        "level": rule.level,
        "level_label": levels()[rule.level],
        "problem": rule.problem,
        "problem_label": labels(codes, language).get(rule.problem, "")
        if rule.problem and codes in CODES
        else "",
        "says": masked(wording.sentence(plan, rule.name, values, language)),
        "clause": wording.clause_in_words(plan.pack, rule.clause, language),
        "condition": tree["expression"],
        "place": tree["place"],
        "tree": tree,
    }
