"""The findings about the data as DuckDB SQL; builders only, ``quality`` runs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shouwang.policy.duckdb_outputs import json_object, said_as, says, text, value_names, values_json
from shouwang.policy.duckdb_sql import partition_query, row_rules_query, step_names
from shouwang.policy.pack import QualityRule, Rule
from shouwang.policy.plan import Plan, placeholders
from shouwang.policy.prepared import PREPARED
from shouwang.policy.types import TEXT, Type, of_column
from shouwang.policy.wording import pieces, say, unit_of
from shouwang.tables.dictionary import TABLES

# rows without a household of ours, or that compare with all others of their table: worked out once, not in partitions
AT_ONCE = (
    "alerts",
    "villages",
    "accounts",
    "lists",
    "listed",
    "national_households",
    "national_members",
    "problems",
    "interviews",
)


def rules_of(plan: Plan, table: str) -> list[str]:
    """The rules of the rows of a table."""
    return [rule.name for rule in plan.pack.quality.values() if table in rule.row_tables]


def tables_in_partitions(plan: Plan) -> list[str]:
    """Tables with rules that are worked out household range by household range."""
    return [name for name, row_set in plan.row_rules.items() if row_set.present and name not in AT_ONCE]


def tables_at_once(plan: Plan) -> list[str]:
    """Tables with rules that are worked out in one go."""
    return [name for name, row_set in plan.row_rules.items() if row_set.present and name in AT_ONCE]


def households(plan: Plan, relations: Mapping[str, str], low: str | None, high: str | None) -> str:
    """The table ``judged``: a row per household with the result of every rule."""
    wanted = {"household_id", *(rule.alias for rule in plan.per_household.values())}
    return (
        f"CREATE OR REPLACE TEMP TABLE judged AS {partition_query(plan, relations, low, high, wanted=wanted)}"
    )


def fired(rules: Iterable[QualityRule | Rule]) -> str:
    """Whether one of these rules fired, as SQL."""
    return " OR ".join(f'"{rule.alias}"' for rule in rules) or "false"


def columns_told(plan: Plan) -> set[str]:
    """The household columns from which the findings are told: results, and the values that sentences name."""
    names = {"household_id", "area_code"}
    for rule in plan.per_household.values():
        names |= {rule.alias, *value_names(plan, rule), *placeholders(rule.says_en)}
    wanted = set[str]()
    for name in names:
        step = plan.step(name)
        wanted |= step_names([step]) if step is not None else {name, f"parameter__{name}"}
    return wanted


def told_households(plan: Plan, judged: str) -> str:
    """The table ``told``: what the sentences say, of the households of ``judged`` on which a rule fired."""
    rules = plan.per_household.values()
    names = {name for rule in rules for name in (*value_names(plan, rule), *placeholders(rule.says_en))}
    shown = "".join(f', {sql} AS "shown__{name}"' for name in sorted(names) if (sql := _quotient(plan, name)))
    columns = ", ".join(f'"{name}"' for name in sorted(columns_told(plan) & _there(plan)))
    return f"CREATE OR REPLACE TEMP TABLE told AS SELECT {columns}{shown} FROM {judged} WHERE {fired(rules)}"


def _there(plan: Plan) -> set[str]:
    """The columns that a query of the plan can give."""
    by_place = {f"parameter__{name}" for name, resolved in plan.parameters.items() if resolved.by_area}
    given = {"household_id"} | plan.household_given | plan.household_prepared | by_place
    return given | step_names(plan.household)


def _quotient(plan: Plan, name: str) -> str:
    from shouwang.policy.duckdb_sql import shown_indicator

    step, entry = plan.step(name), plan.pack.indicators.get(name)
    if step is None or step.value.denominator is None:
        return ""
    return shown_indicator(name, step.value, entry.places if entry else 2)


def findings_of_households(plan: Plan, language: str) -> str:
    """One row per household and fired rule."""
    area = "area_code" if "area_code" in plan.household_given else "CAST(NULL AS VARCHAR)"
    return " UNION ALL ".join(
        f"SELECT household_id, {area} AS area_code, {_fixed(plan, rule, 'households')}, '' AS \"row\", {says(plan, rule, language)} AS says, "
        f'{values_json(plan, value_names(plan, rule))} AS "values" FROM told WHERE "{rule.alias}"'
        for rule in plan.per_household.values()
        if isinstance(rule, QualityRule)
    )


def _fixed(plan: Plan, rule: QualityRule, table: str) -> str:
    place = list(plan.pack.quality).index(rule.name)
    return (
        f"{text(rule.name)} AS finding, {text(rule.severity)} AS severity, {text(rule.mends)} AS mends, "
        f'{text(table)} AS "table", {text(rule.clause)} AS clause, {place} AS place'
    )


def rows(plan: Plan, table: str, relations: Mapping[str, str], low: str | None, high: str | None) -> str:
    """The table ``judged_TABLE``: a row per row of the table with the result of every rule."""
    aliases = {plan.pack.quality[name].alias for name in rules_of(plan, table)}
    wanted = {"household_id", *aliases} | ({TABLES[table].key} & plan.row_rules[table].given)
    return f"CREATE OR REPLACE TEMP TABLE judged_{table} AS {row_rules_query(plan, table, relations, low, high, wanted=wanted)}"


def found(plan: Plan, table: str) -> str:
    """Household ('' for none), rule, table and row number of what fired in ``judged`` or ``judged_TABLE``, without a sentence."""
    judged = "judged" if table == "households" else f"judged_{table}"
    key = "" if table == "households" else TABLES[table].key
    number = f"coalesce(\"{key}\", '')" if key and key in plan.present[table] else "''"
    household = "coalesce(household_id, '')" if "household_id" in TABLES[table].by_name else "''"
    return " UNION ALL ".join(
        f'SELECT {household} AS household_id, {text(rule.name)} AS finding, {text(table)} AS "table", {number} AS "row" '
        f'FROM {judged} WHERE "{rule.alias}"'
        for rule in plan.pack.quality.values()
        if table in rule.of
    )


FOUND_IN = "found_in_area"


def told_rows(plan: Plan, table: str, relations: Mapping[str, str], low: str | None, high: str | None) -> str:
    """The table ``told_TABLE``: the rows of a range with what the sentences say; of ``fired_households`` only, where rows have one."""
    row_set = plan.row_rules[table]
    wanted = row_set.given | row_set.prepared | {step.name for step in row_set.steps}
    only = "" if table in AT_ONCE else "fired_households"
    query = row_rules_query(plan, table, relations, low, high, wanted=wanted, only=only)
    return f"CREATE OR REPLACE TEMP TABLE told_{table} AS {query}"


def findings_of_rows(plan: Plan, table: str, relations: Mapping[str, str], language: str) -> str:
    """One row per row of the table and fired rule; the area is that of the row, else that of its household."""
    columns = plan.present[table]
    own = "r.area_code" if "area_code" in columns else "CAST(NULL AS VARCHAR)"
    join = ""
    if "household_id" in columns and "area_code" in plan.present["households"]:
        own = f"coalesce({own}, h.area_code)"
        of_fired = f"SELECT household_id, area_code FROM {relations['households']} WHERE household_id IN (SELECT household_id FROM told_{table})"
        join = f" LEFT JOIN ({of_fired}) AS h ON h.household_id = r.household_id"
    household = "coalesce(r.household_id, '')" if "household_id" in TABLES[table].by_name else "''"
    key = TABLES[table].key
    number = f"coalesce(r.\"{key}\", '')" if key and key in columns else "''"
    rules = [rule for rule in plan.pack.quality.values() if table in rule.row_tables]
    found = " UNION ALL ".join(
        f'SELECT {household} AS household_id, r.{FOUND_IN} AS area_code, {_fixed(plan, rule, table)}, {number} AS "row", '
        f'{_row_says(plan, table, rule, language)} AS says, {_row_values(plan, table, rule)} AS "values" '
        f'FROM fired_rows AS r WHERE r."{rule.alias}"'
        for rule in rules
    )
    # the households are joined once, not once for each rule
    return f"WITH fired_rows AS MATERIALIZED (SELECT r.*, {own} AS {FOUND_IN} FROM told_{table} AS r{join} WHERE {fired(rules)}) {found}"


def type_of_row_value(plan: Plan, table: str, name: str) -> Type:
    """The type of a value of a row: a step, a prepared column, a column, or a parameter."""
    for step in plan.row_rules[table].steps:
        if step.name == name:
            return step.value.type
    if name in PREPARED[table]:
        return PREPARED[table][name].type
    column = TABLES[table].by_name.get(name)
    if column is not None:
        return of_column(column) or TEXT
    return plan.parameters[name].type if name in plan.parameters else TEXT


def _is_of_row(plan: Plan, table: str, name: str) -> bool:
    """Whether a name is a value of the row (which goes before a parameter of the same name)."""
    steps = {step.name for step in plan.row_rules[table].steps}
    return name in TABLES[table].by_name or name in PREPARED[table] or name in steps


def _row_column(plan: Plan, table: str, name: str) -> str:
    row_set = plan.row_rules[table]
    there = (
        name in row_set.given or name in row_set.prepared or any(step.name == name for step in row_set.steps)
    )
    return f'r."{name}"' if there else "NULL"


def _row_says(plan: Plan, table: str, rule: QualityRule, language: str) -> str:
    template = (rule.says_en or rule.says) if language == "en" else rule.says
    parts = [
        text(piece.text) if piece.text else _row_said(plan, table, piece.name, language)
        for piece in pieces(template)
    ]
    return " || ".join(parts) or "''"


def _row_said(plan: Plan, table: str, name: str, language: str) -> str:
    kind = type_of_row_value(plan, table, name)
    if not _is_of_row(plan, table, name) and name in plan.parameters:
        resolved = plan.parameters[name]
        value = resolved.everywhere.value if resolved.everywhere else None
        return text(say(value, kind, language, share=unit_of(plan, name) == "share"))
    return said_as(kind, _row_column(plan, table, name), language)


def _row_values(plan: Plan, table: str, rule: QualityRule) -> str:
    names = [name for name in dict.fromkeys(placeholders(rule.says)) if _is_of_row(plan, table, name)]
    return json_object(
        [(name, type_of_row_value(plan, table, name), _row_column(plan, table, name)) for name in names]
    )
