"""How values are said to people: labels of codes, yes and no, yuan, dates; in Chinese and English, for any backend."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan
from shouwang.policy.prepared import PREPARED
from shouwang.policy.types import Type
from shouwang.tables.dictionary import CODES, TABLES, labels

WORDS = {
    "zh": {True: "是", False: "否", None: "不知道"},
    "en": {True: "yes", False: "no", None: "not known"},
}


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: literal ``text``, or the value called ``name``."""

    text: str
    name: str = ""


def pieces(sentence: str) -> Iterator[Piece]:
    """The parts of a sentence with ``{names}``."""
    for text, name, _spec, _conversion in string.Formatter().parse(sentence):
        if text:
            yield Piece(text)
        if name:
            yield Piece("", name)


def type_of(plan: Plan, name: str) -> Type:
    """The type of a household value, village value or parameter."""
    step = plan.step(name)
    if step is not None:
        indicator = plan.pack.indicators.get(name)
        if indicator is not None and indicator.codes:
            return Type("text", codes=indicator.codes)
        if name == "visit_mode" or name == "visit_respondent":
            return Type("text", codes=name)
        return step.value.type
    for village in plan.village:
        if village.name == name:
            return village.value.type
    if name in plan.parameters:
        return plan.parameters[name].type
    from shouwang.policy.types import of_column

    if name in PREPARED["households"]:
        return PREPARED["households"][name].type
    column = TABLES["households"].by_name.get(name)
    return (of_column(column) if column else None) or Type("text")


def unit_of(plan: Plan, name: str) -> str:
    parameter = plan.pack.parameters.get(name)
    return parameter.unit if parameter else ""


def say(value: Any, kind: Type, language: str, *, share: bool = False) -> str:
    """One value for people: 是 / yes, 8300.00, 2024-09-01, the label of a code; unknown is said as such."""
    words = WORDS[language]
    if value is None:
        return words[None]
    if isinstance(value, bool):
        return words[value]
    if isinstance(value, date):
        return value.isoformat()
    if share:
        return f"{(Decimal(value) * 100).normalize():f}%"
    if kind.codes in CODES:
        return labels(str(kind.codes), language).get(str(value), str(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def clause_in_words(pack: Pack, clause: str, language: str) -> str:
    """A clause with its source and annex as offices write them: ``XH annex 1`` → 西河府〔2024〕90号 附件1."""
    named = re.sub(r"\b([A-Z]{2})\b", lambda found: pack.sources.get(found[1], found[1]), clause)
    if language == "en":
        return named
    named = re.sub(
        r"income ((?:\(\d\))+)", lambda found: "收入" + found[1].replace("(", "（").replace(")", "）"), named
    )
    return named.replace("annex ", "附件").replace("; ", "；").replace(", ", "，")


def sentence(plan: Plan, rule_name: str, values: dict[str, Any], language: str) -> str:
    """What a rule says, filled in; ``values`` are shown values by name."""
    rule = plan.pack.rules[rule_name]
    text = (rule.says_en or rule.says) if language == "en" else rule.says
    return "".join(
        piece.text
        or say(
            values.get(piece.name),
            type_of(plan, piece.name),
            language,
            share=unit_of(plan, piece.name) == "share",
        )
        for piece in pieces(text)
    )
