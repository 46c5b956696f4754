"""The columns in which a run keeps its results, as DuckDB SQL; builders only.

One row per household: its number, its area, the indicators that are shown, what the villages' values add up
(``village__NAME``), and the words of both bit sets, a bit per rule in the order of the plan.
"""

from __future__ import annotations

from shouwang.policy import duckdb_outputs as outputs
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_sql import WORD, village_query
from shouwang.policy.plan import Plan


def word_count(rules: int) -> int:
    """How many words a bit set over so many rules has."""
    return (rules + WORD - 1) // WORD


def words(plan: Plan) -> list[str]:
    """The columns of the bit sets: ``fired_0, unknown_0, fired_1 …``."""
    count = word_count(len(plan.rules))
    return [f"{kind}_{word}" for word in range(count) for kind in ("fired", "unknown")]


def split(bits: int, count: int) -> list[int]:
    """A bit set as words, the lowest first."""
    return [(bits >> (WORD * word)) & ((1 << WORD) - 1) for word in range(count)]


def joined(parts: list[int]) -> int:
    """Words as one bit set."""
    return sum(part << (WORD * word) for word, part in enumerate(parts))


def village_inputs(engine: Engine) -> list[str]:
    """The household values that village values add up, besides number and area; none where there are no areas."""
    if "area_code" not in engine.plan.household_given:
        return []
    return [name for name in engine.village_columns() if name not in ("household_id", "area_code")]


def results_select(engine: Engine) -> str:
    """Select list of a run's results over the table ``screened``."""
    plan = engine.plan
    area = "area_code" if "area_code" in plan.household_given else "CAST(NULL AS VARCHAR) AS area_code"
    inputs = [f'"{name}" AS "village__{name}"' for name in village_inputs(engine)]
    return ", ".join(["household_id", area, outputs.indicators_select(plan), *inputs, *words(plan)])


def result_columns(engine: Engine) -> list[str]:
    """The columns of :func:`results_select` by name."""
    indicators = outputs.indicator_names(engine.plan)[1:]
    inputs = [f"village__{name}" for name in village_inputs(engine)]
    return ["household_id", "area_code", *indicators, *inputs, *words(engine.plan)]


def result_hash(plan: Plan) -> str:
    """The hash of one household over the kept columns; the same number as over ``screened``."""
    shown = [name for name, entry in plan.pack.indicators.items() if entry.shown]
    parts = ["household_id", *(f"coalesce(CAST(\"{name}\" AS VARCHAR), '')" for name in shown)]
    parts += ["focus_categories", *(f"CAST({word} AS VARCHAR)" for word in words(plan))]
    return f"md5_number_lower(concat_ws('|', {', '.join(parts)}))"


def village_source(engine: Engine, results: str) -> str:
    """The households of ``results`` as :func:`village_query` reads them."""
    inputs = [f'"village__{name}" AS "{name}"' for name in village_inputs(engine)]
    return f"(SELECT {', '.join(['household_id', 'area_code', *inputs])} FROM {results} WHERE area_code IS NOT NULL)"


def villages(engine: Engine, results: str, alerts: str | None = None) -> str:
    """The query of the villages' values over kept results, with both bit sets; '' where the data have no areas."""
    plan = engine.plan
    if "area_code" not in plan.household_given:
        return ""
    given = alerts if alerts is not None else engine.relations.get("alerts")
    query = village_query(plan, village_source(engine, results), given)
    chosen = ["area_code", *(f'"{name}"' for name in village_values(plan)), *_village_words(plan)]
    return f"SELECT {', '.join(chosen)} FROM ({query})"


def village_values(plan: Plan) -> list[str]:
    """The values of villages that are kept: every step that is one column (quotients are none)."""
    return [step.name for step in plan.village if step.value.denominator is None and step.kind != "rule"]


def _village_words(plan: Plan) -> list[str]:
    """The bit sets of villages: the same places as those of households, filled by ``when_village``."""
    rules = [rule.alias if rule.when_village is not None else "" for rule in plan.pack.rules.values()]
    columns = []
    for word in range(word_count(len(rules))):
        chunk = [
            (place, alias) for place, alias in enumerate(rules[word * WORD : (word + 1) * WORD]) if alias
        ]
        for kind, test in (("fired", '"{}"'), ("unknown", '"{}" IS NULL')):
            terms = [
                f"CASE WHEN {test.format(alias)} THEN CAST({1 << place} AS BIGINT) ELSE 0 END"
                for place, alias in chunk
            ]
            columns.append(f"({' | '.join(terms) or 'CAST(0 AS BIGINT)'}) AS {kind}_{word}")
    return columns
