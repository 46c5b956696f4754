"""Turns the merged YAML of a pack into its values, entry by entry; what is wrong is told, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.language import _
from shouwang.policy import pack as values
from shouwang.policy.mistakes import Mistake, nearest
from shouwang.policy.pack import Expression, Pack, Place
from shouwang.policy.sections import Entry, Section, Sources
from shouwang.tables.dictionary import CODES, TABLES

Tell = Callable[[Mistake], None]


def build(sources: Sources) -> Pack:
    """The pack that ``sources`` describe; mistakes of form go to ``sources.mistakes``."""
    tell, sections = sources.tell, sources.sections
    pack = _head(sections.get("pack", {}), sources.lineage, tell)
    pack.parameters = _each(sections.get("parameters", {}), _parameter, tell)
    pack.kinds = _each(sections.get("income.kinds", {}), _kind, tell)
    pack.calendar = _calendar(sections.get("calendar.years", {}), tell)
    pack.rows = _tables_of_expressions(sections.get("indicators.rows", {}))
    pack.aggregates = _tables_of_expressions(sections.get("indicators.aggregates", {}))
    pack.groups = _each(sections.get("indicators.groups", {}), _group, tell)
    pack.indicators = _each(sections.get("indicators.indicators", {}), _indicator, tell)
    focus = _each(sections.get("focus", {}), _focus, tell)
    pack.rules = _each(sections.get("rules", {}), _rule, tell)
    pack.quality = _each(sections.get("quality", {}), _quality, tell)
    _same_names(pack, tell)
    _unknown_parts(sections, tell)
    pack.focus = _chosen_focus(sections.get("pack", {}), focus, tell)
    return pack


def _same_names(pack: Pack, tell: Tell) -> None:
    """A finding about the data may not be called like one about the household."""
    for name in pack.quality.keys() & pack.rules.keys():
        tell(
            _mistake(
                pack.quality[name].place,
                _("规则 {name} 在 rules.yaml 里已经有了").format(name=name),
                _("换一个名字"),
            )
        )


def _unknown_parts(sections: dict[str, Section], tell: Tell) -> None:
    known = {
        "indicators": ("rows", "groups", "aggregates", "indicators"), "income": ("kinds",), "calendar": ("years",), "quality": ("rules",),
    }  # fmt: skip
    for name, section in sections.items():
        file, _dot, part = name.partition(".")
        if part and part not in known[file]:
            place = next((entry.place for entry in section.values()), Place(f"{file}.yaml", 1))
            tell(_mistake(place, _("不认识的部分 {part}").format(part=part), nearest(part, known[file])))


def _mistake(place: Place, what: str, remedy: str = "") -> Mistake:
    return Mistake(place.file, place.line, what, remedy)


def _each(section: Section, make: Callable[[str, Entry, Tell], Any], tell: Tell) -> dict[str, Any]:
    made = {}
    for name, entry in section.items():
        value = make(name, entry, tell)
        if value is not None:
            made[name] = value
    return made


def _only(entry: Entry, keys: tuple[str, ...], tell: Tell) -> None:
    for key in entry.fields:
        if key not in keys and key != "":
            tell(_mistake(entry.at(key), _("不认识的字段 {key}").format(key=key), nearest(key, keys)))


def _text(entry: Entry, key: str, tell: Tell, *, needed: str = "") -> str:
    value = entry.fields.get(key)
    if value is None or value == "":
        if needed:
            tell(_mistake(entry.place, needed, _("补上 {key}: …").format(key=key)))
        return ""
    if isinstance(value, (dict, list)):
        tell(
            _mistake(entry.at(key), _("{key} 应是一句话").format(key=key), _("写在一行里，或用 | 起头写多行"))
        )
        return ""
    return str(value)


def _clause(entry: Entry, name: str, tell: Tell) -> str:
    return _text(entry, "clause", tell, needed=_("{name} 没有写依据（clause）").format(name=name))


def _one_of(
    entry: Entry, key: str, known: tuple[str, ...], tell: Tell, *, needed: bool = False
) -> str | None:
    value = entry.fields.get(key)
    if value is None:
        if needed:
            tell(
                _mistake(
                    entry.place,
                    _("缺少 {key}").format(key=key),
                    _("可用的有：{words}").format(words="、".join(known)),
                )
            )
        return None
    if value not in known:
        tell(
            _mistake(
                entry.at(key),
                _("{key} 不能是 {value}").format(key=key, value=value),
                nearest(str(value), known),
            )
        )
        return None
    return str(value)


def _expression(entry: Entry, key: str) -> Expression | None:
    if key not in entry.fields:
        return None
    return Expression(entry.fields[key], entry.at(key))


def _head(section: Section, lineage: list[str], tell: Tell) -> Pack:
    entry = section.get("pack")
    name = lineage[-1] if lineage else ""
    if entry is None:
        tell(Mistake(f"{name}/pack.yaml", 1, _("pack.yaml 是空的"), _("至少写上 id 和 title")))
        return Pack(name)
    pack = Pack(_text(entry, "id", tell, needed=_("政策包没有 id")) or name, lineage=tuple(lineage))
    if pack.id != name and entry.at("id").file.startswith(f"{name}/"):
        tell(
            _mistake(
                entry.at("id"),
                _("id 是 {id}，文件夹却叫 {folder}").format(id=pack.id, folder=name),
                _("让两者一致"),
            )
        )
    pack.title = _text(entry, "title", tell, needed=_("政策包没有 title"))
    pack.title_en = _text(entry, "title_en", tell) or pack.title
    pack.ledger_title = _text(entry, "ledger_title", tell) or _("疑似问题核实台账")
    pack.area = _text(entry, "area", tell)
    sources = entry.fields.get("sources") or {}
    if isinstance(sources, dict):
        pack.sources = {str(key): str(value) for key, value in sources.items()}
    holds = entry.fields.get("holds") or {}
    if isinstance(holds, dict):
        pack.first, pack.last = (
            _day(holds.get("from"), entry.at("holds"), tell),
            _day(holds.get("to"), entry.at("holds"), tell),
        )
    return pack


def _day(value: Any, place: Place, tell: Tell) -> date | None:
    if value is None or isinstance(value, date):
        return value
    tell(_mistake(place, _("{value} 不是日期").format(value=value), _("写成 2024-09-01 这样")))
    return None


def _parameter(name: str, entry: Entry, tell: Tell) -> values.Parameter | None:
    _only(entry, ("name", "en", "unit", "values", "value", "clause"), tell)
    rows = entry.fields.get("values")
    if rows is None and "value" in entry.fields:
        rows = [{key: entry.fields[key] for key in ("value", "clause") if key in entry.fields}]
    if not isinstance(rows, list) or not rows:
        tell(
            _mistake(
                entry.place,
                _("参数 {name} 没有 values").format(name=name),
                _("写成 values: [{value: 0.2, clause: …}]；还没有文件定的写 value: unset"),
            )
        )
        return None
    parsed = [_parameter_value(name, row, entry, tell) for row in rows]
    return values.Parameter(
        name, _text(entry, "name", tell), _text(entry, "en", tell), _text(entry, "unit", tell),
        tuple(value for value in parsed if value is not None), entry.place,
    )  # fmt: skip


def _parameter_value(name: str, row: Any, entry: Entry, tell: Tell) -> values.ParameterValue | None:
    place = entry.at("values")
    if not isinstance(row, dict) or "value" not in row:
        tell(
            _mistake(
                place,
                _("参数 {name} 的一个值写法不对").format(name=name),
                _("写成 {value: …, clause: …}，可加 from、to、area"),
            )
        )
        return None
    line = getattr(row, "line", place.line)
    place = Place(place.file, line)
    for key in row:
        if key not in ("value", "clause", "area", "from", "to"):
            tell(
                _mistake(
                    place,
                    _("不认识的字段 {key}").format(key=key),
                    nearest(key, ("value", "clause", "area", "from", "to")),
                )
            )
    if not row.get("clause"):
        tell(
            _mistake(
                place,
                _("参数 {name} 的值没有写依据（clause）").format(name=name),
                _("补上 clause: 文件和条款，没有出处的写 ours"),
            )
        )
    value = None if row["value"] == "unset" else row["value"]
    if not isinstance(value, (int, Decimal, str, date, type(None))):
        tell(
            _mistake(
                place,
                _("参数 {name} 的值 {value} 不能用").format(name=name, value=value),
                _("写数、日期、词，或 unset"),
            )
        )
        return None
    return values.ParameterValue(
        value, str(row.get("clause") or ""), str(row.get("area") or ""),
        _day(row.get("from"), place, tell), _day(row.get("to"), place, tell),
    )  # fmt: skip


def _kind(name: str, entry: Entry, tell: Tell) -> values.IncomeKind | None:
    _only(entry, ("name", "en", "counts_as", "place", "class", "total", "clause"), tell)
    counts_as = _one_of(entry, "counts_as", values.COUNTS_AS, tell, needed=True)
    excluded = _one_of(entry, "class", values.CLASSES, tell, needed=counts_as == "not_counted")
    place = _one_of(entry, "place", values.PLACES, tell)
    if counts_as is None:
        return None
    return values.IncomeKind(
        name, _text(entry, "name", tell, needed=_("收支类别 {name} 没有中文名（name）").format(name=name)), _text(entry, "en", tell),
        counts_as, place, excluded, entry.fields.get("total") is True, _clause(entry, name, tell), entry.place,
    )  # fmt: skip


def _calendar(section: Section, tell: Tell) -> dict[int, dict[str, list[date]]]:
    table: dict[int, dict[str, list[date]]] = {}
    for year, entry in section.items():
        _only(entry, ("holidays", "workdays", "clause"), tell)
        if not year.isdigit():
            tell(_mistake(entry.place, _("{year} 不是年份").format(year=year), _("写成 2027: {…}")))
            continue
        days = {key: entry.fields.get(key) or [] for key in ("holidays", "workdays")}
        for key, listed in days.items():
            for day in listed:
                if not isinstance(day, date) or day.year != int(year):
                    tell(
                        _mistake(
                            entry.at(key),
                            _("{day} 不是 {year} 年的日期").format(day=day, year=year),
                            _("写成 2027-01-01 这样"),
                        )
                    )
        table[int(year)] = days
    return table


def _tables_of_expressions(section: Section) -> dict[str, dict[str, Expression]]:
    return {
        table: {name: Expression(text, entry.at(name)) for name, text in entry.fields.items() if name}
        for table, entry in section.items()
    }


def _group(name: str, entry: Entry, tell: Tell) -> values.Grouping | None:
    _only(entry, ("of", "by", "where", "aggregates", "rows"), tell)
    of, by = (
        _text(entry, "of", tell, needed=_("分组 {name} 没有 of").format(name=name)),
        _text(entry, "by", tell, needed=_("分组 {name} 没有 by").format(name=name)),
    )
    if not of or not by:
        return None
    return values.Grouping(
        name, of, by, _expression(entry, "where"), _inner(entry, "aggregates"), _inner(entry, "rows"), entry.place,
    )  # fmt: skip


def _inner(entry: Entry, key: str) -> dict[str, Expression]:
    content = entry.fields.get(key) or {}
    place = entry.at(key)
    lines = getattr(content, "lines", {})
    return {
        name: Expression(text, Place(place.file, lines.get(name, place.line)))
        for name, text in content.items()
    }


def _indicator(name: str, entry: Entry, tell: Tell) -> values.Indicator | None:
    if "" in entry.fields:
        return values.Indicator(name, "", "", Expression(entry.fields[""], entry.at("")))
    _only(entry, ("is", "name", "en", "places", "shown", "codes", "clause"), tell)
    expression = _expression(entry, "is")
    if expression is None:
        tell(_mistake(entry.place, _("指标 {name} 没有算式（is）").format(name=name), _("补上 is: …")))
        return None
    codes = _one_of(entry, "codes", tuple(CODES), tell)
    places = entry.fields.get("places", 2)
    return values.Indicator(
        name, _text(entry, "name", tell), _text(entry, "en", tell), expression,
        places if isinstance(places, int) else 2, entry.fields.get("shown") is True, codes, _text(entry, "clause", tell),
    )  # fmt: skip


def _focus(name: str, entry: Entry, tell: Tell) -> values.Focus | None:
    _only(entry, ("name", "en", "when", "clause"), tell)
    when = _expression(entry, "when")
    if when is None:
        tell(
            _mistake(entry.place, _("重点对象 {name} 没有条件（when）").format(name=name), _("补上 when: …"))
        )
        return None
    return values.Focus(
        name, _text(entry, "name", tell), _text(entry, "en", tell), when, _clause(entry, name, tell)
    )


def _chosen_focus(section: Section, focus: dict[str, values.Focus], tell: Tell) -> dict[str, values.Focus]:
    entry = section.get("pack")
    chosen = entry.fields.get("focus_categories") if entry else None
    if entry is None or chosen is None:
        return focus
    for name in chosen:
        if name not in focus:
            tell(
                _mistake(
                    entry.at("focus_categories"),
                    _("没有叫 {name} 的重点对象").format(name=name),
                    nearest(str(name), focus),
                )
            )
    return {name: focus[name] for name in chosen if name in focus}


def _rule(name: str, entry: Entry, tell: Tell) -> values.Rule | None:
    _only(
        entry,
        ("name", "en", "when", "when_village", "level", "problem", "says", "says_en", "clause", "off"),
        tell,
    )
    if entry.fields.get("off") is True:
        return None
    when, when_village = _expression(entry, "when"), _expression(entry, "when_village")
    if when is None and when_village is None:
        tell(_mistake(entry.place, _("规则 {name} 没有条件（when）").format(name=name), _("补上 when: …")))
        return None
    level = _one_of(entry, "level", values.LEVELS, tell, needed=True) or "household"
    problems = tuple(
        code.code for code in CODES["household_problem" if level == "household" else "place_problem"]
    )
    problem = _one_of(entry, "problem", problems, tell, needed=level in ("household", "village", "town"))
    return values.Rule(
        name, _text(entry, "name", tell, needed=_("规则 {name} 没有中文名（name）").format(name=name)), _text(entry, "en", tell),
        level, problem, when, when_village,
        _text(entry, "says", tell, needed=_("规则 {name} 没有说明（says）").format(name=name)), _text(entry, "says_en", tell),
        _clause(entry, name, tell), entry.place,
    )  # fmt: skip


def _tables(entry: Entry, tell: Tell) -> tuple[str, ...]:
    """The tables that a quality rule judges: one, a list, or the households where none is said."""
    named = entry.fields.get("of", "households")
    listed = [str(table) for table in named] if isinstance(named, list) else [str(named)]
    for table in listed:
        if table not in TABLES:
            tell(_mistake(entry.at("of"), _("没有叫 {name} 的表").format(name=table), nearest(table, TABLES)))
    return tuple(table for table in listed if table in TABLES)


def _quality(name: str, entry: Entry, tell: Tell) -> values.QualityRule | None:
    _only(entry, ("name", "en", "of", "when", "severity", "mends", "says", "says_en", "clause", "off"), tell)
    if entry.fields.get("off") is True:
        return None
    when = _expression(entry, "when")
    if when is None:
        tell(_mistake(entry.place, _("规则 {name} 没有条件（when）").format(name=name), _("补上 when: …")))
        return None
    of = _tables(entry, tell)
    return values.QualityRule(
        name, _text(entry, "name", tell, needed=_("规则 {name} 没有中文名（name）").format(name=name)), _text(entry, "en", tell),
        _one_of(entry, "severity", values.SEVERITIES, tell, needed=True) or "look",
        _one_of(entry, "mends", values.MENDS, tell, needed=True) or "village",
        of, when, _text(entry, "says", tell, needed=_("规则 {name} 没有说明（says）").format(name=name)),
        _text(entry, "says_en", tell), _clause(entry, name, tell), entry.place,
    )  # fmt: skip
