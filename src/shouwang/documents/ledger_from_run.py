"""Annex 3 filled in from a screening: every finding of a problem type is one row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shouwang.documents.suspected_ledger import LedgerRow, write_suspected_ledger
from shouwang.language import _, current
from shouwang.policy.screening import Run
from shouwang.policy.wording import clause_in_words

LEDGER = "suspected-ledger.xlsx"


def write_ledger(run: Run) -> None:
    """Writes ``suspected-ledger.xlsx`` into the folder of a run that is being finished (LED-1)."""
    rows = write_suspected_ledger(run.folder / LEDGER, ledger_rows(run), title=run.plan.pack.ledger_title)
    run.summary["counts"]["ledger_rows"] = rows


def ledger_rows(run: Run) -> Iterator[LedgerRow]:
    """The rows in the order of the villages: the household's own problems, and what is the village's or town's."""
    pack, language = run.plan.pack, current()
    cursor = run.engine.connection.execute(_query(run))
    while batch := cursor.fetchmany(2000):
        for finding, says, clause, *rest in batch:
            described = _("{name}：{says}").format(name=pack.label(finding, language), says=says)
            yield _row(
                described, _("依据：{clause}").format(clause=clause_in_words(pack, clause, language)), *rest
            )


def _query(run: Run) -> str:
    """Findings of a problem type with the household's place, group, head and kind."""
    there = run.plan.present["households"]

    def column(name: str) -> str:
        return f'h."{name}"' if name in there else "NULL"

    findings = str(run.folder / "findings.csv").replace("'", "''")
    names = run.plan.present.get("villages", frozenset())
    place = (
        ["v.county", "v.town", "v.village"]
        if {"county", "town", "village"} <= names
        else ["NULL", "NULL", "NULL"]
    )
    columns = ["f.finding", "f.says", "f.clause", "f.level", "f.problem", "f.household_id", "f.area_code", *place, column("group_name"), column("head_name"),
               column("household_type"), column("monitoring_status")]  # fmt: skip
    join = ""
    if place[0] != "NULL":
        join = (f"LEFT JOIN (SELECT area_code, any_value(county) AS county, any_value(town) AS town, any_value(village) AS village "
                f"FROM {run.engine.relations['villages']} GROUP BY area_code) AS v ON v.area_code = f.area_code")  # fmt: skip
    kinds = (
        "{"
        + ", ".join(
            f"'{name}': 'VARCHAR'"
            for name in (
                "household_id",
                "area_code",
                "finding",
                "level",
                "problem",
                "clause",
                "says",
                "values",
            )
        )
        + "}"
    )
    return (
        f"SELECT {', '.join(columns)} FROM read_csv('{findings}', header = true, columns = {kinds}) AS f "
        f"LEFT JOIN {run.engine.relations['households']} AS h ON h.household_id = f.household_id {join} "
        "WHERE f.problem <> '' AND f.problem IS NOT NULL ORDER BY f.area_code, f.household_id NULLS LAST, f.finding"
    )


def _row(
    described: str, remark: str, level: str, problem: str, household_id: str | None, area_code: str | None, county: str | None,
    town: str | None, village: str | None, group: str | None, head: str | None, kind: str | None, status: str | None,
) -> LedgerRow:  # fmt: skip
    place: dict[str, Any] = {"county": county, "town": town, "village": village or area_code}
    if level != "household":
        if household_id is not None:
            described = _("{says}（户编号 {id}）").format(says=described, id=household_id)
        return LedgerRow(level=level, problem=problem, description=described, remark=remark, **place)
    return LedgerRow(
        level="household",
        group_name=group,
        head_name=head,
        household_kind=household_kind(kind, status),
        problem=problem,
        description=described,
        remark=remark,
        **place,
    )


def household_kind(kind: str | None, status: str | None) -> str | None:
    """The kind of household as annex 3 counts it: monitored ones first, then lifted, then all others; None where not known."""
    if status in ("resolved", "unresolved"):
        return status
    if kind is None:
        return None
    return "lifted" if kind == "lifted" else "other"
