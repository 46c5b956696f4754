"""The rules about the data as sections of a pack's page: by theme, each with severity, who mends, condition, clause."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath

from shouwang.language import _, current
from shouwang.policy.explanation_words import bracketed, menders, severities
from shouwang.policy.pack import Pack, QualityRule
from shouwang.policy.page_parts import cell, clause_of, code, parameters_of, table
from shouwang.tables.dictionary import TABLES


def quality_rules(pack: Pack) -> Iterator[str]:
    """The section: how many by severity, then every rule under the file that says it."""
    yield f"## {_('数据质量规则')}"
    yield ""
    if not pack.quality:
        yield _("没有。")
        yield ""
        return
    rules = list(pack.quality.values())
    rows = (
        [name, words, sum(rule.severity == severity for rule in rules)]
        for severity, (name, words) in severities().items()
    )
    yield from table([_("严重程度"), _("意思"), _("规则数")], rows)
    for theme, listed in groupby(rules, lambda rule: PurePosixPath(rule.place.file).stem):
        yield f"### {_('数据质量')}{bracketed(f'`{theme}`')}"
        yield ""
        for rule in listed:
            yield from _rule(pack, rule)


def _rule(pack: Pack, rule: QualityRule) -> Iterator[str]:
    yield f"#### {pack.label(rule.name, current())}{bracketed(f'`{rule.name}`')}"
    yield ""
    yield _("- 严重程度：{severity}；由{who}改").format(
        severity=severities()[rule.severity][0], who=menders()[rule.mends]
    )
    yield _("- 判断：{what}").format(what=_judged(rule))
    yield _("- 条件：{when}").format(when=code(rule.when.text))
    read = parameters_of(pack, rule.when)
    if read:
        yield _("- 参数：{parameters}").format(parameters=read)
    says = (rule.says_en or rule.says) if current() == "en" else rule.says
    yield _("- 说明：{says}").format(says=cell(says))
    yield _("- 依据：{clause}").format(clause=clause_of(pack, rule.clause))
    yield _("- 位置：`{place}`").format(place=rule.place)
    yield ""


def _judged(rule: QualityRule) -> str:
    if rule.of_household and not rule.row_tables:
        return _("每户一次")
    named = [TABLES[table].en if current() == "en" else TABLES[table].zh for table in rule.of]
    return _("{tables}（每行一次）").format(tables="、".join(named))
