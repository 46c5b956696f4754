"""A policy pack as one readable page of Markdown, in the language now spoken: what ``shouwang pack show`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy.explained_income import classes, excluded_classes
from shouwang.policy.explanation_words import bracketed, levels, places
from shouwang.policy.loading import read
from shouwang.policy.pack import COUNTS_AS, Expression, Pack, Parameter, ParameterValue, Rule
from shouwang.policy.page_parts import cell, clause_of, code, parameters_of, span, table, value_of
from shouwang.policy.page_quality import quality_rules
from shouwang.tables.dictionary import CODES, labels


def page(pack: Pack) -> str:
    """The whole pack: head, parameters, income kinds, indicators, focus categories, rules, rules about the data,
    and what it switches off."""
    parts = (_head, _parameters, _kinds, _indicators, _focus, _rules, quality_rules, _switched_off)
    return "\n".join(line for part in parts for line in part(pack)).rstrip() + "\n"


def _head(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title_en if current() == 'en' else pack.title}"
    yield ""
    yield _("- 政策包：`{id}`").format(id=pack.id)
    if pack.lineage[:-1]:
        yield _("- 继承：{names}").format(names=" → ".join(f"`{name}`" for name in pack.lineage[:-1]))
    yield _("- 适用地区：{area}").format(area=f"`{pack.area}`" if pack.area else _("不限"))
    yield _("- 适用时间：{time}").format(time=span(pack.first, pack.last))
    yield _("- 台账标题：{title}").format(title=pack.ledger_title)
    yield _("- 指纹（SHA-256）：`{hash}`").format(hash=pack.hash)
    yield ""
    yield f"## {_('来源')}"
    yield ""
    yield from table([_("简称"), _("文件")], sorted(pack.sources.items()))


def _parameters(pack: Pack) -> Iterator[str]:
    yield f"## {_('参数')}"
    yield ""
    rows = [
        _parameter_row(pack, entry, value) for entry in pack.parameters.values() for value in entry.values
    ]
    yield from table([_("参数"), _("名字"), _("单位"), _("值"), _("时间"), _("地区"), _("依据")], rows)


def _parameter_row(pack: Pack, entry: Parameter, value: ParameterValue) -> list[str]:
    return [
        f"`:{entry.name}`", pack.label(entry.name, current()), entry.unit, value_of(entry, value),
        span(value.first, value.last), value.area or _("不限"), clause_of(pack, value.clause),
    ]  # fmt: skip


def _kinds(pack: Pack) -> Iterator[str]:
    yield f"## {_('收支类别')}"
    yield ""
    words, why, where = classes(), excluded_classes(), places()
    for counts_as in COUNTS_AS:
        kinds = [kind for kind in pack.kinds.values() if kind.counts_as == counts_as]
        if not kinds:
            continue
        yield f"### {words[counts_as]}{bracketed(f'`{counts_as}`')}"
        yield ""
        rows = [
            [f"`{kind.code}`", pack.label(kind.code, current()),
             "；".join(filter(None, [where.get(kind.place_of_work or "", ""), why.get(kind.excluded_class or "", ""), _("合计数") if kind.total else ""])),
             clause_of(pack, kind.clause)]
            for kind in kinds
        ]  # fmt: skip
        yield from table([_("类别"), _("名字"), _("说明"), _("依据")], rows)


def _indicators(pack: Pack) -> Iterator[str]:
    yield f"## {_('指标')}"
    yield ""
    yield _("写进 indicators.csv 的：")
    yield ""
    shown = [entry for entry in pack.indicators.values() if entry.shown]
    yield from table(
        [_("指标"), _("名字"), _("算式"), _("依据")],
        (
            [
                f"`{entry.name}`",
                pack.label(entry.name, current()),
                code(entry.expression.text),
                clause_of(pack, entry.clause),
            ]
            for entry in shown
        ),
    )
    yield _("只在算式里用的：")
    yield ""
    yield from table([_("指标"), _("名字"), _("算式")], _inner(pack))
    for rows_of, listed in pack.rows.items():
        yield _("`{table}` 每行算一个值的：").format(table=rows_of)
        yield ""
        yield from _named_expressions(listed)
    for group in pack.groups.values():
        yield _("`{table}` 的行按 `{by}` 分组（`{name}`）的：").format(
            table=group.of, by=group.by, name=group.name
        )
        yield ""
        yield from _named_expressions({**group.aggregates, **group.rows})
    for rows_of, listed in pack.aggregates.items():
        yield _("由 `{table}` 汇总的：").format(table=rows_of)
        yield ""
        yield from _named_expressions(listed)


def _named_expressions(listed: Mapping[str, Expression]) -> Iterator[str]:
    rows = ([f"`{name}`", code(entry.text)] for name, entry in listed.items())
    yield from table([_("名字"), _("算式")], rows)


def _inner(pack: Pack) -> Iterator[list[str]]:
    for entry in pack.indicators.values():
        if not entry.shown:
            label = pack.label(entry.name, current())
            yield [f"`{entry.name}`", label if label != entry.name else "", code(entry.expression.text)]


def _focus(pack: Pack) -> Iterator[str]:
    yield f"## {_('重点对象')}"
    yield ""
    rows = (
        [
            f"`{entry.name}`",
            pack.label(entry.name, current()),
            code(entry.when.text),
            clause_of(pack, entry.clause),
        ]
        for entry in pack.focus.values()
    )
    yield from table([_("代码"), _("名字"), _("条件"), _("依据")], rows)


def _rules(pack: Pack) -> Iterator[str]:
    yield f"## {_('规则')}"
    yield ""
    for rule in pack.rules.values():
        yield from _rule(pack, rule)


def _rule(pack: Pack, rule: Rule) -> Iterator[str]:
    yield f"### {pack.label(rule.name, current())}{bracketed(f'`{rule.name}`')}"
    yield ""
    yield _("- 层级：{level}").format(level=levels()[rule.level])
    if rule.problem:
        codes = "household_problem" if rule.level == "household" else "place_problem"
        yield _("- 问题类型：{problem}").format(
            problem=labels(codes, current()).get(rule.problem, rule.problem)
            if codes in CODES
            else rule.problem
        )
    if rule.when is not None:
        yield _("- 条件：{when}").format(when=code(rule.when.text))
    if rule.when_village is not None:
        yield _("- 村的条件：{when}").format(when=code(rule.when_village.text))
    values = "；".join(
        filter(None, (parameters_of(pack, when) for when in (rule.when, rule.when_village) if when))
    )
    if values:
        yield _("- 参数：{parameters}").format(parameters=values)
    yield _("- 说明：{says}").format(
        says=cell((rule.says_en or rule.says) if current() == "en" else rule.says)
    )
    yield _("- 依据：{clause}").format(clause=clause_of(pack, rule.clause))
    yield _("- 位置：`{place}`").format(place=rule.place)
    yield ""


def _switched_off(pack: Pack) -> Iterator[str]:
    """What the parent has and this pack has not; nothing where the parent cannot be found by its name."""
    if not pack.lineage[:-1]:
        return
    try:
        parent, _mistakes = read(pack.lineage[-2])
    except InputError:
        return
    yield f"## {_('与上一级政策包相比关掉的')}"
    yield ""
    rows = [
        *_gone(_("规则"), parent.rules, pack.rules, parent),
        *_gone(_("重点对象"), parent.focus, pack.focus, parent),
        *_gone(_("数据质量规则"), parent.quality, pack.quality, parent),
    ]
    yield from table([_("种类"), _("代码"), _("名字")], rows)


def _gone(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], parent: Pack) -> list[list[str]]:
    return [[kind, f"`{name}`", parent.label(name, current())] for name in before if name not in after]
