"""What a run writes, as DuckDB SQL over the screened households of one partition; builders only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shouwang.policy import gaps
from shouwang.policy.duckdb_sql import WORD, shown_indicator, sql, step_names
from shouwang.policy.expressions import Node
from shouwang.policy.pack import QualityRule, Rule
from shouwang.policy.plan import Plan, placeholders
from shouwang.policy.types import Type
from shouwang.policy.wording import WORDS, pieces, say, type_of, unit_of
from shouwang.tables.dictionary import CODES, labels


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def shown(plan: Plan, name: str) -> str:
    """One household value as it is shown: exact and rounded at the very end; a parameter as the value that holds."""
    step = plan.step(name)
    if step is not None:
        return f'"shown__{name}"' if step.value.denominator is not None else _shown_once(plan, name)
    resolved = plan.parameters.get(name)
    if resolved is not None:
        return f'"parameter__{name}"' if resolved.by_area else sql(resolved.value.node)
    there = name in plan.household_given or name in plan.household_prepared
    return f'"{name}"' if there else "NULL"


def _shown_once(plan: Plan, name: str) -> str:
    step, entry = plan.step(name), plan.pack.indicators.get(name)
    return shown_indicator(name, step.value, entry.places if entry else 2) if step is not None else "NULL"


def shown_columns(plan: Plan) -> list[str]:
    """Select list of what is shown of each household, once: ``shown__NAME`` for quotients, and the list of categories."""
    quotients = [
        name
        for name in plan.pack.indicators
        if (step := plan.step(name)) is not None and step.value.denominator is not None
    ]
    columns = [f'{_shown_once(plan, name)} AS "shown__{name}"' for name in quotients]
    return [*columns, f"{focus_list(plan)} AS focus_categories"]


def indicators_select(plan: Plan) -> str:
    """Select list of indicators.csv after household_id."""
    columns = [
        f'{shown(plan, name)} AS "{name}"' for name, entry in plan.pack.indicators.items() if entry.shown
    ]
    columns.insert(_before_last(plan), "focus_categories")
    return ", ".join(columns)


def indicator_names(plan: Plan) -> list[str]:
    """The columns of indicators.csv in order."""
    names = [name for name, entry in plan.pack.indicators.items() if entry.shown]
    names.insert(_before_last(plan), "focus_categories")
    return ["household_id", *names]


def _before_last(plan: Plan) -> int:
    names = [name for name, entry in plan.pack.indicators.items() if entry.shown]
    return names.index("required_mode") if "required_mode" in names else len(names)


def focus_list(plan: Plan) -> str:
    """The focus categories that hold, joined by semicolons."""
    parts = ", ".join(f'CASE WHEN "focus_{name}" THEN {text(name)} END' for name in plan.pack.focus)
    return f"concat_ws(';', {parts})" if parts else "''"


def says(plan: Plan, rule: Rule | QualityRule, language: str) -> str:
    """The sentence of a rule as one SQL expression."""
    template = (rule.says_en or rule.says) if language == "en" else rule.says
    parts = [
        text(piece.text) if piece.text else said(plan, piece.name, language) for piece in pieces(template)
    ]
    return " || ".join(parts) or "''"


def said(plan: Plan, name: str, language: str) -> str:
    """One household value for people, as SQL; mirrors :func:`shouwang.policy.wording.say`."""
    return _fixed(plan, name, language) or said_as(type_of(plan, name), shown(plan, name), language)


def _fixed(plan: Plan, name: str, language: str) -> str:
    """A parameter that is the same everywhere, said once; '' for anything else."""
    resolved = plan.parameters.get(name)
    if resolved is None or resolved.by_area:
        return ""
    value = resolved.everywhere.value if resolved.everywhere else None
    return text(say(value, type_of(plan, name), language, share=unit_of(plan, name) == "share"))


def said_as(kind: Type, column: str, language: str) -> str:
    """A column of a type for people: yes and no, labels of codes; unknown is said as such."""
    words = WORDS[language]
    unknown = text(words[None])
    if kind.base == "bool":
        return f"CASE WHEN {column} THEN {text(words[True])} WHEN NOT {column} THEN {text(words[False])} ELSE {unknown} END"
    if kind.codes in CODES:
        cases = " ".join(
            f"WHEN {text(code)} THEN {text(label)}"
            for code, label in labels(str(kind.codes), language).items()
        )
        return f"coalesce(CASE {column} {cases} ELSE {column} END, {unknown})"
    return f"coalesce(CAST({column} AS VARCHAR), {unknown})"


def value_names(plan: Plan, rule: Rule | QualityRule) -> list[str]:
    """The values that a finding carries: those its sentence names and those its condition reads directly."""
    names = dict.fromkeys(placeholders(rule.says))
    step = plan.step(rule.alias)
    if step is not None:
        from shouwang.policy.expressions import names as read_names
        from shouwang.policy.expressions import parameters as read_parameters
        from shouwang.policy.expressions import parse

        tree = parse(step.source.text)
        known = [name for name in sorted(read_names(tree)) if plan.step(name) or name in plan.household_given]
        names |= dict.fromkeys([*known, *sorted(read_parameters(tree))])
    return list(names)


def columns_written(plan: Plan, more: Iterable[str] = ()) -> set[str]:
    """The columns of ``screened`` that what a run writes is made from."""
    names = {"household_id", "area_code", *more, *(f"focus_{name}" for name in plan.pack.focus)}
    names |= {name for name, entry in plan.pack.indicators.items() if entry.shown}
    for rule in plan.per_household.values():
        if rule.when is not None:
            names |= {rule.alias, *value_names(plan, rule), *placeholders(rule.says_en)}
    found = set()
    for name in names:
        step = plan.step(name)
        found |= step_names([step]) if step is not None else {name, f"parameter__{name}"}
    return found


def values_json(plan: Plan, names: Sequence[str]) -> str:
    """Those values as a JSON object, as one SQL expression; unknown is null."""
    return json_object([(name, type_of(plan, name), shown(plan, name)) for name in names])


def json_object(values: Sequence[tuple[str, Type, str]]) -> str:
    """Columns of given types as a JSON object, as one SQL expression; unknown is null."""
    parts = [
        f"{text(('{' if place == 0 else ', ') + _quoted(name) + ': ')} || {_json_of(kind, column)}"
        for place, (name, kind, column) in enumerate(values)
    ]
    return " || ".join([*parts, text("}")]) if parts else text("{}")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _json_of(kind: Type, column: str) -> str:
    if kind.base in ("number", "ratio", "bool"):
        return f"coalesce(CAST({column} AS VARCHAR), 'null')"
    return (
        "coalesce('\"' || replace(replace(CAST("
        + column
        + " AS VARCHAR), '\\', '\\\\'), '\"', '\\\"') || '\"', 'null')"
    )


def findings_query(plan: Plan, language: str) -> str:
    """One row per household and fired rule: household_id, area_code, finding, level, problem, clause, says, values, place."""
    area = "area_code" if "area_code" in plan.household_given else "CAST(NULL AS VARCHAR) AS area_code"
    selects = []
    for place, rule in enumerate(plan.pack.rules.values()):
        if rule.when is None:
            continue
        fixed = f"{text(rule.name)} AS finding, {text(rule.level)} AS level, {text(rule.problem or '')} AS problem, {text(rule.clause)} AS clause"
        selects.append(
            f"SELECT household_id, {area}, {fixed}, {says(plan, rule, language)} AS says, "
            f'{values_json(plan, value_names(plan, rule))} AS "values", {place} AS place FROM screened WHERE "{rule.alias}"'
        )
    return " UNION ALL ".join(selects)


def canonical(plan: Plan) -> str:
    """One household's results as text, for the hash over a run: everything shown and both bit sets."""
    names = [name for name, entry in plan.pack.indicators.items() if entry.shown]
    parts = [
        "household_id",
        *(f"coalesce(CAST({shown(plan, name)} AS VARCHAR), '')" for name in names),
        "focus_categories",
    ]
    words = (len(plan.per_household) + WORD - 1) // WORD
    parts += [f"CAST({kind}_{word} AS VARCHAR)" for word in range(words) for kind in ("fired", "unknown")]
    return f"concat_ws('|', {', '.join(parts)})"


# what is missing


def gaps_query(plan: Plan, edges: dict[str, list[gaps.Edge]], facts: list[str], source: str) -> str:
    """Per household of ``source`` (rows of ``screened``): a mask of missing facts for each rule, a bit per fact.

    Worked out from below: the mask of a step is the facts and the masks of the steps that keep it unknown.
    """
    place = {fact: number for number, fact in enumerate(facts)}
    parts = [f'"g__0" AS (SELECT * FROM {source})']
    previous = "g__0"
    for layer in sorted({step.layer for step in plan.household}):
        columns = [
            _mask(step.name, step.value.denominator is not None, edges[step.name], place)
            for step in plan.household if step.layer == layer
        ]  # fmt: skip
        name = f"g__{layer}"
        parts.append(f'"{name}" AS (SELECT *, {", ".join(columns)} FROM "{previous}")')
        previous = name
    rules = [rule for rule in plan.per_household.values() if rule.when is not None]
    chosen = ", ".join(f'"mask__{rule.alias}"' for rule in rules)
    return f'WITH {", ".join(parts)} SELECT household_id, {chosen} FROM "{previous}"'


def _mask(name: str, quotient: bool, edges: list[gaps.Edge], place: dict[str, int]) -> str:
    unknown = (
        f'("{name}__n" IS NULL OR "{name}__d" IS NULL OR "{name}__d" = 0)'
        if quotient
        else f'"{name}" IS NULL'
    )
    together: dict[str, int] = {}  # facts with the same guard share one term
    terms = []
    for edge in edges:
        condition = _all_of(edge.guard)
        if edge.fact:
            together[condition] = together.get(condition, 0) | 1 << place[edge.fact]
        else:
            terms.append(_when(condition, f'"mask__{edge.step}"'))
    terms += [_when(condition, _bits(bits)) for condition, bits in together.items()]
    return f'CASE WHEN {unknown} THEN {" | ".join(terms) or _bits(0)} ELSE {_bits(0)} END AS "mask__{name}"'


def _bits(bits: int) -> str:
    return f"CAST({bits} AS HUGEINT)"


def _all_of(guard: tuple[Node, ...]) -> str:
    return " AND ".join(f"({sql(node)})" for node in guard)


def _when(condition: str, mask: str) -> str:
    return f"CASE WHEN {condition} THEN {mask} ELSE {_bits(0)} END" if condition else mask


def unknown_query(plan: Plan, facts: list[str]) -> str:
    """One row per household and unknown rule with a missing fact: household_id, finding, missing, place."""
    selects = []
    for place, rule in enumerate(plan.per_household.values()):
        if rule.when is None:
            continue
        mask = f'"mask__{rule.alias}"'
        selects.append(
            f"SELECT household_id, {text(rule.name)} AS finding, {mask} AS mask, {place} AS place FROM gaps WHERE {mask} <> 0"
        )
    names = ", ".join(
        f"CASE WHEN (mask & {_bits(1 << number)}) <> 0 THEN {text(fact.removeprefix('households.'))} END"
        for number, fact in enumerate(facts)
    )
    return f"SELECT household_id, finding, concat_ws(';', {names}) AS missing, place FROM ({' UNION ALL '.join(selects)})"
