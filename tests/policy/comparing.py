"""The oracle, the closure and DuckDB judge the same households; what differs is said cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from shouwang.policy.case_runner import through_duckdb
from shouwang.policy.cases import Facts
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.duckdb_sql import WORD
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.plan import build
from shouwang.tables.dictionary import TABLES
from tests.oracle.facts import Facts as OracleFacts
from tests.oracle.facts import Row
from tests.oracle.households import ON, PARAMETERS
from tests.oracle.judge import Judgement, VillageFacts, judge

ALL_COLUMNS = {name: frozenset(table.by_name) for name, table in TABLES.items()}
SETTINGS: dict[str, Any] = {"monitoring_range": Decimal(8300), "campaign_from": date(2024, 8, 25)}
PLACES = {"person_years": 4, "income_change": 4, "last_year_change": 4}
HOUSEHOLD_TABLES = (
    "members", "income_items", "alerts", "visits", "cases", "measures", "satisfaction", "leaflets", "loans", "projects",
)  # fmt: skip


@lru_cache
def national() -> Pack:
    """The pack that all places share, read once."""
    return load("national")


def facts_of(oracle: OracleFacts) -> Facts:
    """The oracle's household as the policy layer has it: lists joined, empty texts none, one dict of tables."""
    tables = {"members": oracle.members, **oracle.tables}
    return Facts(_row(oracle.household), {name: _rows(tables.get(name)) for name in HOUSEHOLD_TABLES})


def _rows(rows: Sequence[Row] | None) -> list[dict[str, Any]] | None:
    return None if rows is None else [_row(row) for row in rows]


def _row(row: Row) -> dict[str, Any]:
    joined = {name: ";".join(value) if isinstance(value, list) else value for name, value in row.items()}
    return {name: None if value == "" else value for name, value in joined.items()}


def present_in(facts: Facts) -> dict[str, frozenset[str]]:
    """Every column of the tables that this household has; the household's own row is whole."""
    there = {name for name, rows in facts.tables.items() if rows is not None}
    return {name: columns for name, columns in ALL_COLUMNS.items() if name in there or name == "households"}


@dataclass
class Answer:
    """What one of the three says about one household. Bit sets are None for the oracle, who has none."""

    indicators: dict[str, Any]
    findings: dict[str, bool | None]
    focus: dict[str, bool | None]
    bits: tuple[int, int] | None = None


def by_oracle(
    facts: OracleFacts, *, on: date, parameters: Row, village: VillageFacts | None = None
) -> Answer:
    """The oracle's answer, rounded as it is shown. The contact's column is there, so an empty one is none."""
    whole = OracleFacts({"contact": "", **facts.household}, facts.members, facts.tables)
    judged: Judgement = judge(whole, on=on, parameters={**parameters, "focus": "all"}, village=village)
    indicators = {name: _shown(name, value) for name, value in judged.indicators.items()}
    return Answer(indicators, judged.findings, judged.focus)


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return frozenset(value)
    if isinstance(value, (Fraction, Decimal)):
        return rounded(Fraction(value), PLACES.get(name, 2))
    return value


def rounded(value: Fraction, places: int) -> Decimal:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def by_closure(facts: Facts, closure: Closure, fences: Mapping[tuple[str, str], Any] | None = None) -> Answer:
    """The closure's answer."""
    values = closure.evaluate(facts.household, facts.tables, fences)
    rules = [rule for rule in closure.plan.pack.rules.values() if rule.when is not None]
    focus = {name: values[f"focus_{name}"] for name in closure.plan.pack.focus}
    indicators = closure.shown(values)
    indicators["focus_categories"] = frozenset(indicators["focus_categories"])
    return Answer(indicators, {rule.name: values[rule.alias] for rule in rules}, focus, closure.bits(values))


@dataclass
class Batch:
    """DuckDB's answers in order, the closure of the same plan, and the fences that it must be given."""

    answers: list[Answer]
    closure: Closure
    fences: dict[tuple[str, str], Any] = field(default_factory=dict)


def by_duckdb(
    households: Sequence[Facts], pack: Pack, on: date, settings: Mapping[str, Any],
    present: Mapping[str, frozenset[str]] | None = None,
) -> Batch:  # fmt: skip
    """DuckDB's answers for many households at once."""
    results, (engine, fences) = through_duckdb(
        households, pack, on, settings, present or present_in(households[0])
    )
    words = (len(pack.rules) + WORD - 1) // WORD
    names = [f"{kind}_{word}" for kind in ("fired", "unknown") for word in range(words)]
    focus = [f'"focus_{name}"' for name in pack.focus]
    query = f"SELECT household_id, {', '.join([*names, *focus])} FROM screened"
    rows = {row[0]: row[1:] for row in engine.connection.execute(query).fetchall()}
    answers = []
    for facts, (indicators, findings) in zip(households, results, strict=True):
        row = rows[facts.household["household_id"]]
        fired, unknown = (
            sum(word << (WORD * place) for place, word in enumerate(part))
            for part in (row[:words], row[words : 2 * words])
        )
        categories = dict(zip(pack.focus, row[2 * words :], strict=True))
        shown = {**indicators, "focus_categories": frozenset(indicators["focus_categories"])}
        answers.append(Answer(shown, findings, categories, (fired, unknown)))
    return Batch(answers, compile_plan(engine.plan), fences)


def closure_for(facts: Facts, pack: Pack, on: date, settings: Mapping[str, Any]) -> Closure:
    """The closure of the plan for the tables that this household has; kept, since compiling takes long."""
    tables = tuple(sorted(name for name, rows in facts.tables.items() if rows is not None))
    return _closure(pack.hash, tables, on, tuple(settings.items()))


@lru_cache(maxsize=256)
def _closure(
    _pack_hash: str, tables: tuple[str, ...], on: date, settings: tuple[tuple[str, Any], ...]
) -> Closure:
    present = {name: ALL_COLUMNS[name] for name in ("households", *tables)}
    return compile_plan(build(national(), on, dict(settings), present))


def differences(
    one: Answer, other: Answer, *, ignore: frozenset[str] = frozenset()
) -> dict[str, tuple[Any, Any]]:
    """Cells in which two answers differ; money compares as numbers, lists as sets."""
    found: dict[str, tuple[Any, Any]] = {}
    for kind in ("indicators", "findings", "focus"):
        left, right = getattr(one, kind), getattr(other, kind)
        for name in (left.keys() | right.keys()) - ignore:
            if name not in left or name not in right or not _same(left[name], right[name]):
                found[name] = (left.get(name, "—"), right.get(name, "—"))
    if one.bits is not None and other.bits is not None and one.bits != other.bits:
        found["bits"] = (one.bits, other.bits)
    return found


def _same(left: Any, right: Any) -> bool:
    return bool((left is None) == (right is None) and left == right)


def in_batches(
    crowd: Sequence[OracleFacts], *, on: date = ON, parameters: Row = PARAMETERS
) -> dict[str, list[str]]:
    """Where the three differ over a crowd with the same tables: cell → examples, empty where they agree."""
    households = [facts_of(facts) for facts in crowd]
    settings = {
        "monitoring_range": parameters["monitoring_range"],
        "campaign_from": parameters["campaign_from"],
    }
    batch = by_duckdb(households, national(), on, settings)
    villages: dict[str, VillageFacts] = {}
    for facts in crowd:
        villages.setdefault(facts.household["area_code"], VillageFacts([])).households.append(facts)
    found: dict[str, list[str]] = {}
    for oracle, facts, duck in zip(crowd, households, batch.answers, strict=True):
        closure = by_closure(facts, batch.closure, batch.fences)
        judged = by_oracle(
            oracle, on=on, parameters=parameters, village=villages[oracle.household["area_code"]]
        )
        for pair, cells in (
            ("DuckDB/closure", differences(duck, closure)),
            ("oracle/closure", differences(judged, closure)),
        ):
            for name, values in cells.items():
                found.setdefault(f"{pair} {name}", []).append(
                    f"{facts.household['household_id']}: {values[0]} ≠ {values[1]}"
                )
    return found
