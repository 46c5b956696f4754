"""Screening the registry: facts are laid out once for the engine, results come back as rows."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import models, transaction

from shouwang.documents.ledger_from_run import write_ledger
from shouwang.policy.screening import screen
from shouwang.server.accounts.services import audit
from shouwang.server.config.place import data_folder
from shouwang.server.screening.models import Finding, Indicators, Run, Unknown
from shouwang.server.screening.providers import providers
from shouwang.tables.dictionary import TABLES, Column, Type

PART = 20_000  # rows that are in memory at once
_ARROW: Mapping[Type, pa.DataType] = {
    Type.DATE: pa.date32(), Type.DATETIME: pa.timestamp("us"), Type.BOOL: pa.bool_(), Type.INT: pa.int32(),
    Type.MONEY: pa.decimal128(12, 2), Type.NUMBER: pa.decimal128(12, 2), Type.FLOAT: pa.float64(),
}  # fmt: skip


def run_screening(pack: str, on: date, area_code: str, by: str) -> Run:
    """Screens all households of an area with a pack on a day, and keeps the run with its findings.

    InputError from the pack or the facts. Nothing is kept of a run that does not end.
    """
    with tempfile.TemporaryDirectory(dir=data_folder(), prefix="screening-") as scratch:
        facts, out = Path(scratch) / "facts", Path(scratch) / "out"
        facts.mkdir()
        for table, rows in providers().items():
            _lay_out(table, rows([area_code]), facts / f"{table}.parquet")
        summary = screen(facts, pack, on, out, finish=write_ledger, quality=False)
        summary.pop("facts", None)
        with transaction.atomic():
            run = Run.objects.create(
                pack=pack, on=on, area_code=area_code, by=by, at=datetime.now(UTC), summary=summary
            )  # fmt: skip
            _keep(Finding, _findings(run, out / "findings.csv"))
            _keep(Unknown, _unknowns(run, out / "unknown.csv"))
            _keep(Indicators, _indicators(run, out / "indicators.csv"))
            audit(
                by, "screening", area_code=run.area_code, thing=f"run {run.pk}", pack=pack, on=on.isoformat()
            )
        shutil.copyfile(out / "suspected-ledger.xlsx", ledger_of(run))
        ledger_of(run).chmod(0o600)
    return run


def ledger_of(run: Run) -> Path:
    """Where the suspected ledger of a run lies."""
    folder = data_folder() / "ledgers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{run.pk}.xlsx"


def _lay_out(table: str, rows: Any, path: Path) -> None:
    """Writes the rows as Parquet with the dictionary's types, some at a time; columns that nobody gives are left out."""
    rows = iter(rows)
    first = next(rows, None)
    columns = [column for column in TABLES[table].columns if first is None or column.name in first]
    schema = pa.schema([(column.name, _type(column)) for column in columns])
    with pq.ParquetWriter(path, schema) as writer:
        part = [first, *islice(rows, PART - 1)] if first is not None else []
        while part:
            writer.write_table(pa.Table.from_pylist(part, schema))
            part = list(islice(rows, PART))


def _type(column: Column) -> pa.DataType:
    return _ARROW.get(column.type, pa.string())


def _keep(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    while part := list(islice(rows, 2000)):
        model._default_manager.bulk_create(part)


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _findings(run: Run, path: Path) -> Iterator[Finding]:
    for row in _read(path):
        yield Finding(run=run, **{**row, "values": json.loads(row["values"] or "{}")})


def _unknowns(run: Run, path: Path) -> Iterator[Unknown]:
    for row in _read(path):
        yield Unknown(run=run, **row)


def _indicators(run: Run, path: Path) -> Iterator[Indicators]:
    for row in _read(path):
        number = row.pop("household_id")
        yield Indicators(
            run=run, household_id=number, values={name: value for name, value in row.items() if value}
        )
