"""The plan as DuckDB SQL. Builders return text and run nothing; ``duckdb_engine`` is the one place that executes.

The text is made from lowered SQLGlot trees and from names of our own, never from input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import Dialect, exp

from shouwang.policy.columns.base import Surroundings
from shouwang.policy.duckdb_prepared import prepared_sql, surroundings
from shouwang.policy.expressions import Node, Primitive, Value
from shouwang.policy.gaps import columns_of_rows, gap_aggregates
from shouwang.policy.plan import Plan, RowSet, Step, reads
from shouwang.policy.prepared import PREPARED
from shouwang.policy.types import TEXT, Type, of_column
from shouwang.tables.dictionary import TABLES

_GENERATOR = Dialect.get_or_raise("duckdb").generator(identify=True)
WORD = 60  # bits in one word of a bit set; below 63, so that a signed BIGINT holds it


def sql(node: Node) -> str:
    """A lowered tree as DuckDB SQL, every name quoted."""
    return str(_GENERATOR.generate(node, copy=False))


def sql_type(kind: Type) -> str:
    """How a value of this type is kept between layers."""
    if kind.base == "number":
        return "INTEGER" if kind.scale == 0 else f"DECIMAL(18,{min(kind.scale, 6)})"
    return {"bool": "BOOLEAN", "text": "VARCHAR", "date": "DATE", "null": "BOOLEAN", "ratio": "DOUBLE"}[
        kind.base
    ]


@dataclass(frozen=True)
class Part:
    """One named relation of the query, in order."""

    name: str
    text: str


def partition_query(
    plan: Plan,
    relations: Mapping[str, str],
    low: str | None,
    high: str | None,
    *,
    wanted: set[str] | None = None,
    only: str = "",
) -> str:
    """The query that works out the steps for the households with ``low`` ≤ household_id < ``high`` (None: no bound).

    ``relations`` maps present tables to relations with the dictionary's columns; one row per household comes back,
    with the given columns, the primitives, and a column per step (two, ``name__n`` and ``name__d``, for a quotient);
    only those ``wanted``, if that is said. Without it there are also the columns that say what rows lack. ``only``
    names a relation of household numbers to which everything is held.
    """
    parts: list[Part] = []
    with_gaps = wanted is None
    bounds = _Bounds(low, high, only)
    for row_set in plan.row_sets.values():
        if not row_set.present or not (row_set.primitives or row_set.given or row_set.grouped_steps):
            continue
        parts += (
            _grouped(plan, row_set)
            if row_set.of
            else _table_rows(plan, row_set, relations, bounds, with_gaps)
        )
        if row_set.primitives:
            parts.append(
                _aggregated(
                    row_set.name,
                    f"{row_set.name}__last",
                    row_set.primitives.values(),
                    ("household_id",),
                    gaps=gap_aggregates(row_set) if with_gaps else {},
                )
            )
    parts.append(_household_rows(plan, relations, bounds))
    columns = _household_columns(plan, with_gaps)
    parts += _joined(plan, with_gaps)
    parts += _layers(
        "h",
        "h__0",
        plan.household,
        columns,
        columns | step_names(plan.household) if wanted is None else wanted,
    )
    with_clause = ",\n".join(f'"{part.name}" AS (\n{part.text}\n)' for part in parts)
    return f'WITH {with_clause}\nSELECT * FROM "{parts[-1].name}"'


@dataclass(frozen=True)
class _Bounds:
    """Which households: a range of numbers, and those of a relation."""

    low: str | None
    high: str | None
    only: str

    def where(self, alias: str) -> str:
        found = [
            f"{alias}.household_id {op} {_text(bound)}"
            for op, bound in ((">=", self.low), ("<", self.high))
            if bound is not None
        ]
        if self.only:
            found.append(f"{alias}.household_id IN (SELECT household_id FROM {self.only})")
        return f" WHERE {' AND '.join(found)}" if found else ""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _table_rows(
    plan: Plan, row_set: RowSet, relations: Mapping[str, str], bounds: _Bounds, with_gaps: bool
) -> list[Part]:
    wanted = _read_above(plan, row_set) | (columns_of_rows(row_set) if with_gaps else set())
    return _rows_and_layers(plan, row_set, relations, bounds, wanted)


def _rows_and_layers(
    plan: Plan, row_set: RowSet, relations: Mapping[str, str], bounds: _Bounds, wanted: set[str]
) -> list[Part]:
    around = surroundings(plan, relations)
    columns = {"household_id", *row_set.given}
    there = plan.present[row_set.table]
    chosen = [f't."{name}"' if name in there else _lacking(row_set.table, name) for name in sorted(columns)]
    joins: list[str] = []
    for name in sorted(row_set.prepared):
        prepared = prepared_sql(row_set.table, name, around)
        chosen.append(f'{prepared.expression} AS "{name}"')
        joins += [join for join in prepared.joins if join not in joins]
    source = f"{relations[row_set.table]} AS t"
    text = f"SELECT {', '.join(chosen)} FROM {source} {' '.join(joins)}{bounds.where('t')}"
    base = columns | row_set.prepared
    return [
        Part(f"{row_set.name}__0", text),
        *_layers(
            row_set.name,
            f"{row_set.name}__0",
            row_set.steps,
            base,
            wanted,
        ),
    ]


def row_rules_query(
    plan: Plan,
    table: str,
    relations: Mapping[str, str],
    low: str | None,
    high: str | None,
    *,
    wanted: set[str],
    only: str = "",
) -> str:
    """The rows of one table with the ``wanted`` columns and results of rules, for the households in a range.

    None as a bound is no bound; ``only`` names a relation of household numbers to which the rows are held.
    """
    parts = _rows_and_layers(plan, plan.row_rules[table], relations, _Bounds(low, high, only), wanted)
    with_clause = ",\n".join(f'"{part.name}" AS (\n{part.text}\n)' for part in parts)
    return f'WITH {with_clause}\nSELECT * FROM "{parts[-1].name}"'


def _lacking(table: str, name: str) -> str:
    """A column that the data lacks as a whole but a grouping names: not known in any row."""
    entry = TABLES[table].by_name.get(name)
    kind = (of_column(entry) if entry else None) or TEXT
    return f'CAST(NULL AS {sql_type(kind)}) AS "{name}"'


def _read_above(plan: Plan, row_set: RowSet) -> set[str]:
    """The columns of a row set that are read by its aggregates and by groups of it."""
    found = {"household_id"}
    for primitive in row_set.primitives.values():
        found |= reads(primitive.argument) if primitive.argument is not None else set()
    for group in plan.row_sets.values():
        if group.of == row_set.name and group.grouped_steps:
            found |= {group.by} | (reads(group.where) if group.where is not None else set())
            for primitive in group.grouped.values():
                found |= reads(primitive.argument) if primitive.argument is not None else set()
    return found


def _grouped(plan: Plan, row_set: RowSet) -> list[Part]:
    if not row_set.grouped_steps:
        return []
    source = f"{row_set.of}__last"
    where = f" WHERE {sql(row_set.where.node)}" if row_set.where is not None else ""
    keys = ("household_id", row_set.by)
    inner = _aggregated(f"{row_set.name}__g", source, row_set.grouped.values(), keys, where)
    named = ", ".join(f'{sql(step.value.node)} AS "{step.name}"' for step in row_set.grouped_steps)
    base = Part(f"{row_set.name}__0", f'SELECT household_id, "{row_set.by}", {named} FROM "{inner.name}"')
    columns = {"household_id", row_set.by, *(step.name for step in row_set.grouped_steps)}
    return [
        inner,
        base,
        *_layers(row_set.name, base.name, row_set.steps, columns, _read_above(plan, row_set)),
    ]


def _aggregated(
    name: str,
    source: str,
    primitives: Iterable[Primitive],
    keys: Sequence[str],
    where: str = "",
    gaps: Mapping[str, str] | None = None,
) -> Part:
    shown = ", ".join(f'"{key}"' for key in keys)
    values = [f'{_primitive(primitive)} AS "{primitive.name}"' for primitive in primitives]
    computed = ", ".join([*values, *(f'{text} AS "{column}"' for column, text in (gaps or {}).items())])
    suffix = "" if name.endswith("__g") else "__a"
    return Part(name + suffix, f'SELECT {shown}, {computed} FROM "{source}"{where} GROUP BY {shown}')


def _primitive(primitive: Primitive) -> str:
    """One aggregate. ``any`` and ``every`` count 2 for the deciding answer, 1 for unknown, 0 for the other."""
    if primitive.argument is None:
        return "CAST(count(*) AS INTEGER)"
    argument, kind = sql(primitive.argument.node), primitive.argument.type
    if primitive.function in ("any", "every"):
        decides = argument if primitive.function == "any" else f"NOT ({argument})"
        return f"max(CASE WHEN {decides} THEN 2 WHEN ({argument}) IS NULL THEN 1 ELSE 0 END)"
    if primitive.function == "count":
        return f"CAST(count({argument}) AS INTEGER)"
    if primitive.function == "sum":
        return f"CAST(sum({argument}) AS {sql_type(Type('number', max(kind.scale, 2)))})"
    return f"{primitive.function}({argument})"


def _decoded(primitive: Primitive, alias: str) -> str:
    """What a primitive is for a household without rows: none counted, no yes, every yes, nothing summed."""
    column = f'{alias}."{primitive.name}"'
    if primitive.function == "any":
        return f"CASE coalesce({column}, 0) WHEN 0 THEN false WHEN 2 THEN true END"
    if primitive.function == "every":
        return f"CASE coalesce({column}, 0) WHEN 0 THEN true WHEN 2 THEN false END"
    return f"coalesce({column}, 0)" if primitive.function == "count" else column


def _household_rows(plan: Plan, relations: Mapping[str, str], bounds: _Bounds) -> Part:
    around = surroundings(plan, relations)
    chosen = [f't."{name}"' for name in sorted({"household_id", *plan.household_given})]
    joins: list[str] = []
    for name in sorted(plan.household_prepared):
        prepared = prepared_sql("households", name, around)
        chosen.append(f'{prepared.expression} AS "{name}"')
        joins += [join for join in prepared.joins if join not in joins]
    chosen += [f'{by_area} AS "{name}"' for name, by_area in _parameters_by_area(plan)]
    return Part(
        "households__0",
        f"SELECT {', '.join(chosen)} FROM {relations['households']} AS t {' '.join(joins)}{bounds.where('t')}",
    )


def _parameters_by_area(plan: Plan) -> list[tuple[str, str]]:
    """A column for each parameter whose value differs by place; a household without area stands in the pack's."""
    found = []
    area = (
        f"coalesce(t.area_code, {_text(plan.pack.area)})"
        if "area_code" in plan.household_given
        else _text(plan.pack.area)
    )
    for resolved in plan.parameters.values():
        if not resolved.by_area:
            continue
        from shouwang.policy.parameters import literal

        cases = " ".join(
            f"WHEN starts_with({area}, {_text(prefix)}) THEN {sql(literal(value.value))}"
            for prefix, value in resolved.by_area
        )
        default = sql(literal(resolved.everywhere.value if resolved.everywhere else None))
        found.append(
            (
                f"parameter__{resolved.name}",
                f"CAST(CASE {cases} ELSE {default} END AS {sql_type(resolved.type)})",
            )
        )
    return found


def _household_columns(plan: Plan, with_gaps: bool) -> set[str]:
    """The columns that stand below the first household step."""
    found = {
        "household_id",
        *plan.household_given,
        *plan.household_prepared,
        *(name for name, _sql in _parameters_by_area(plan)),
    }
    for row_set in plan.row_sets.values():
        if row_set.present and row_set.primitives:
            found |= {primitive.name for primitive in row_set.primitives.values()}
            found |= set(gap_aggregates(row_set)) if with_gaps else set()
    return found


def _joined(plan: Plan, with_gaps: bool) -> list[Part]:
    chosen, joins = ["households__0.*"], []
    for row_set in plan.row_sets.values():
        if not row_set.present or not row_set.primitives:
            continue
        alias = f"{row_set.name}__a"
        joins.append(f'LEFT JOIN "{alias}" ON "{alias}".household_id = households__0.household_id')
        chosen += [
            f'{_decoded(primitive, alias)} AS "{primitive.name}"' for primitive in row_set.primitives.values()
        ]
        chosen += [f'"{alias}"."{name}"' for name in gap_aggregates(row_set)] if with_gaps else []
    return [Part("h__0", f"SELECT {', '.join(chosen)} FROM households__0 {' '.join(joins)}")]


def step_names(steps: Iterable[Step]) -> set[str]:
    """The columns in which steps stand: one each, two for a quotient."""
    return {
        name
        for step in steps
        for name in (
            (f"{step.name}__n", f"{step.name}__d") if step.value.denominator is not None else (step.name,)
        )
    }


def _layers(name: str, base: str, steps: Sequence[Step], columns: set[str], wanted: set[str]) -> list[Part]:
    """One relation per layer, each passing on only what later ones read; the last is also called ``NAME__last``."""
    layers = sorted({step.layer for step in steps})
    reading: dict[int, set[str]] = {}  # layer → what is read after it
    after = set(wanted)
    for layer in reversed(layers):
        reading[layer] = set(after)
        for step in steps:
            if step.layer == layer:
                after |= reads(step.value)
    parts, previous, there = [], base, set(columns)
    for layer in layers:
        passed = [f'"{column}"' for column in sorted(there & reading[layer])]
        now = [step for step in steps if step.layer == layer]
        parts.append(
            Part(
                f"{name}__{layer}",
                f'SELECT {", ".join([*passed, *(c for step in now for c in step_columns(step))])} FROM "{previous}"',
            )
        )
        there = (there & reading[layer]) | step_names(now)
        previous = parts[-1].name
    if name != "h":
        parts.append(Part(f"{name}__last", f'SELECT * FROM "{previous}"'))
    return parts


def household_steps_query(steps: Sequence[Step], source: str, columns: set[str], wanted: set[str]) -> str:
    """The query that works out household steps over a relation that has what they read (its ``columns``)."""
    parts = _layers("h", source, steps, columns, wanted)
    with_clause = ",\n".join(f'"{part.name}" AS (\n{part.text}\n)' for part in parts)
    return f'WITH {with_clause}\nSELECT * FROM "{parts[-1].name}"' if parts else f'SELECT * FROM "{source}"'


def step_columns(step: Step) -> list[str]:
    """The select list of one step: a column, or numerator and denominator."""
    value = step.value
    if value.denominator is not None:
        return [f'{sql(value.node)} AS "{step.name}__n"', f'{sql(value.denominator)} AS "{step.name}__d"']
    text = sql(value.node)
    if value.type.base == "number" and not isinstance(value.node, exp.Column):
        text = f"CAST({text} AS {sql_type(value.type)})"
    elif isinstance(value.node, exp.Null):
        text = f"CAST(NULL AS {sql_type(value.type)})"
    return [f'{text} AS "{step.name}"']


def bit_words(plan: Plan) -> list[str]:
    """Select list of the bit sets: ``fired_0, unknown_0, fired_1 …``, a bit per rule in the pack's order."""
    columns = []
    aliases = [(rule.alias if rule.when is not None else None) for rule in plan.per_household.values()]
    for start in range(0, len(aliases), WORD):
        chunk = [
            (place, alias) for place, alias in enumerate(aliases[start : start + WORD]) if alias is not None
        ]
        for kind, test in (
            ("fired", "CASE WHEN {} THEN {} ELSE 0 END"),
            ("unknown", "CASE WHEN {} IS NULL THEN {} ELSE 0 END"),
        ):
            terms = " | ".join(
                test.format(f'"{alias}"', f"CAST({1 << place} AS BIGINT)") for place, alias in chunk
            )
            columns.append(f"({terms or 'CAST(0 AS BIGINT)'}) AS {kind}_{start // WORD}")
    return columns


def shown_indicator(name: str, value: Value, places: int) -> str:
    """An indicator as it is shown: exact, rounded half away from zero at the very end (never before)."""
    if value.type.base == "ratio":
        return quotient(
            f'"{name}__n"', f'"{name}__d"', _scale_of(value.node), _scale_of(value.denominator), places
        )
    if value.type.base == "number" and value.type.scale > places:
        return f'CAST(round("{name}", {places}) AS DECIMAL(18,{places}))'
    return f'"{name}"'


def _scale_of(node: Node | None) -> int:
    return 6 if node is not None else 0


def quotient(top: str, bottom: str, top_scale: int, bottom_scale: int, places: int) -> str:
    """``top / bottom`` rounded half away from zero, by whole numbers alone; NULL where the bottom is 0."""
    n = f"CAST(CAST({top} AS DECIMAL(38,{top_scale})) * {10**top_scale} AS HUGEINT)"
    d = f"CAST(CAST({bottom} AS DECIMAL(38,{bottom_scale})) * {10**bottom_scale} AS HUGEINT)"
    lift = 10 ** (places + bottom_scale - top_scale) if places + bottom_scale >= top_scale else 1
    whole = f"((2 * abs({n}) * {lift} + abs({d})) // (2 * abs({d})))"
    sign = f"(CASE WHEN ({top} < 0) <> ({bottom} < 0) THEN -1 ELSE 1 END)"
    return f"CASE WHEN {bottom} <> 0 THEN CAST({sign} * {whole} AS DECIMAL(38,0)) * CAST({format(10**-places, f'.{places}f')} AS DECIMAL({places + 1},{places})) END"


def village_query(plan: Plan, households: str, alerts: str | None) -> str:
    """The query that works out every village step from the households' values: one row per village."""
    sets = plan.village_sets
    parts = [Part("v__keys", f"SELECT DISTINCT area_code FROM {households} WHERE area_code IS NOT NULL")]
    keys = {"villages": "area_code", "towns": "left(area_code, 9)", "unmatched_alerts": "area_code"}
    chosen, joins = ["v__keys.area_code"], []
    if alerts is not None:
        parts[0] = Part(
            "v__keys",
            f"{parts[0].text} UNION SELECT DISTINCT area_code FROM {alerts} WHERE household_id IS NULL AND area_code IS NOT NULL",
        )
    for name, row_set in sets.items():
        if not row_set.primitives or (name == "unmatched_alerts" and alerts is None):
            continue
        if name == "unmatched_alerts":
            around = surroundings(plan, {"alerts": str(alerts)})
            needed = set().union(
                *(reads(p.argument) for p in row_set.primitives.values() if p.argument is not None)
            )
            parts += _alert_rows(plan, needed, around)
            source = "unmatched__last"
        else:
            source = households
        computed = ", ".join(
            f'{_primitive(primitive)} AS "{primitive.name}"' for primitive in row_set.primitives.values()
        )
        parts.append(
            Part(
                f"{name}__a",
                f"SELECT {keys[name]} AS key, {computed} FROM {source} WHERE area_code IS NOT NULL GROUP BY 1",
            )
        )
        joins.append(
            f'LEFT JOIN "{name}__a" ON "{name}__a".key = {keys[name].replace("area_code", "v__keys.area_code")}'
        )
        chosen += [
            f'{_decoded(primitive, f"{name}__a")} AS "{primitive.name}"'
            for primitive in row_set.primitives.values()
        ]
    parts.append(Part("h__0", f"SELECT {', '.join(chosen)} FROM v__keys {' '.join(joins)}"))
    columns = {
        "area_code",
        *(primitive.name for row_set in sets.values() for primitive in row_set.primitives.values()),
    }
    parts += _layers("h", "h__0", plan.village, columns, columns | step_names(plan.village))
    with_clause = ",\n".join(f'"{part.name}" AS (\n{part.text}\n)' for part in parts)
    return f'WITH {with_clause}\nSELECT * FROM "{parts[-1].name}" ORDER BY area_code'


def _alert_rows(plan: Plan, needed: set[str], around: Surroundings) -> list[Part]:
    row_set = plan.row_sets["alerts"]
    given = sorted(
        {name for name in needed if name in TABLES["alerts"].by_name} | {"area_code", "household_id"}
    )
    prepared = sorted(name for name in needed if name in PREPARED["alerts"])
    chosen, joins = [f't."{name}"' for name in given], []
    for name in prepared:
        text = prepared_sql("alerts", name, around)
        chosen.append(f'{text.expression} AS "{name}"')
        joins += [join for join in text.joins if join not in joins]
    steps = [step for step in row_set.steps if step.name in needed]
    base = Part(
        "unmatched__0",
        f"SELECT {', '.join(chosen)} FROM {around.relations['alerts']} AS t {' '.join(joins)} WHERE t.household_id IS NULL",
    )
    return [base, *_layers("unmatched", "unmatched__0", steps, {*given, *prepared}, {*given, *needed})]
