"""Keeps a run: its results, the facts and the pack it rests on, so that it can be compared and explained later.

``with keeping(store) as keeper: screen(…, each=keeper.each, finish=keeper.finish)`` keeps what the screening works out
on the way. A run is put in place when everything of it stands; a file whose content is in the store already is not
written again.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_outputs import text
from shouwang.policy.loading import files
from shouwang.policy.runs import results
from shouwang.policy.runs.store import StoredRun, checked, digest, move_into, name_of, pack_hash, prepare
from shouwang.policy.screening import Run
from shouwang.tables.exchange import Source

_PARQUET = "FORMAT parquet, COMPRESSION zstd"
_OF_THE_MOMENT = ("seconds", "cpu_seconds", "facts")


@dataclass
class Keeper:
    """What :func:`shouwang.policy.screening.screen` calls while it works; ``kept`` is the run at the end."""

    store: Path
    scratch: Path
    pack_name: str
    parts: int = 0
    kept: StoredRun | None = None

    def each(self, engine: Engine) -> None:
        """Keeps the results of one partition."""
        target = self.scratch / f"part-{self.parts:05}.parquet"
        query = f"SELECT {results.results_select(engine)} FROM screened ORDER BY area_code, household_id"
        engine.connection.execute(f"COPY ({query}) TO {text(str(target))} ({_PARQUET})")
        self.parts += 1

    def finish(self, run: Run) -> None:
        """Puts the run into the store."""
        folder = self.scratch / "run"
        folder.mkdir(mode=0o700)
        told = {name: value for name, value in run.summary.items() if name not in _OF_THE_MOMENT}
        told["set"] = {name: "unset" if value == "None" else value for name, value in told["set"].items()}
        told |= {"rules": run.plan.rules, "facts": self._facts(run.engine), **self._pack(run)}
        self._results(run, folder, _metadata(told))
        told["files"] = {path.name: digest(path) for path in sorted(folder.iterdir())}
        run_id = name_of(json.loads(json.dumps(told)))
        told |= {
            "id": run_id,
            "kept_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "from": str(run.facts),
        }
        (folder / "run.json").write_text(
            json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        for path in folder.iterdir():
            path.chmod(0o600)
        move_into(folder, self.store / "runs" / run_id)
        self.kept = StoredRun(self.store, run_id, told)

    def _results(self, run: Run, folder: Path, metadata: str) -> None:
        """``results.parquet`` over all partitions, the villages, and the findings about the data if there are any."""
        connection = run.engine.connection
        parts = f"read_parquet({text(str(self.scratch / 'part-*.parquet'))})"
        target = folder / "results.parquet"
        connection.execute(
            f"COPY (SELECT * FROM {parts} ORDER BY area_code, household_id) TO {text(str(target))} "
            f"({_PARQUET}, KV_METADATA {metadata})"
        )
        kept = f"read_parquet({text(str(target))})"
        villages = results.villages(run.engine, kept)
        if villages:
            path = text(str(folder / "villages.parquet"))
            connection.execute(f"COPY ({villages} ORDER BY area_code) TO {path} ({_PARQUET})")
        quality = run.folder / "quality.csv"
        if quality.is_file():
            columns = 'household_id, area_code, finding, severity, mends, "table", "row"'
            source = f"read_csv({text(str(quality))}, header = true, all_varchar = true)"
            path = text(str(folder / "quality.parquet"))
            connection.execute(f"COPY (SELECT {columns} FROM {source} ORDER BY ALL) TO {path} ({_PARQUET})")

    def _facts(self, engine: Engine) -> dict[str, Any]:
        """Table → hash, rows and columns; every table is written, and kept unless the store has it."""
        found = {}
        engine.connection.execute(
            "SET preserve_insertion_order = true"
        )  # rows of a household stay as they came
        for name, source in engine.sources.items():
            columns = [column.name for column in source.table.columns if column.name in source.columns]
            path = self.scratch / f"{name}.parquet"
            query = _in_order(engine, source, columns)
            engine.connection.execute(f"COPY ({query}) TO {text(str(path))} ({_PARQUET})")
            sha256 = digest(path)
            found[name] = {"sha256": sha256, "rows": source.rows, "columns": columns}
            self._keep_once(path, self.store / "facts" / f"{sha256}.parquet", sha256)
        return found

    def _keep_once(self, path: Path, target: Path, sha256: str) -> None:
        """Keeps a file, unless it is there as it should be (a damaged one is mended by the way)."""
        try:
            checked(target, sha256)
            path.unlink()
        except InputError:
            path.chmod(0o600)
            move_into(path, target)

    def _pack(self, run: Run) -> dict[str, Any]:
        """Keeps the YAML of the pack under its hash; InputError where it was changed while the screening ran."""
        pack, listed = run.plan.pack, files(self.pack_name)
        names = [name for name, _content in listed]
        target = self.store / "packs" / pack.hash
        if pack_hash(target, names) != pack.hash:
            folder = self.scratch / "pack"
            for name, content in listed:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            if pack_hash(folder, names) != pack.hash:
                raise InputError(
                    _("筛查还没做完，政策包就改了"), where=self.pack_name, remedy=_("改完后重新筛查")
                )
            move_into(folder, target)
        return {"pack_folder": pack.lineage[-1], "pack_files": names}


@contextmanager
def keeping(store: Path, pack_name: str) -> Iterator[Keeper]:
    """A keeper for one screening; whatever it wrote and did not put in place is gone at the end."""
    prepare(store)
    scratch = Path(tempfile.mkdtemp(dir=store, prefix=".unfinished-"))
    try:
        yield Keeper(store, scratch, pack_name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _in_order(engine: Engine, source: Source, columns: list[str]) -> str:
    """The rows of a table by area and household, those of one household as they came.

    The same facts make the same file, in whatever format and order of households they came.
    """
    chosen = ", ".join(f't."{name}"' for name in columns)
    rows = f'(SELECT *, row_number() OVER () AS "#" FROM {source.relation})'
    households = engine.sources["households"]
    order, join = ['t."#"'], ""
    if "household_id" in source.columns:
        order.insert(0, "t.household_id")
        if "area_code" in households.columns:
            join = f"LEFT JOIN {households.relation} AS h ON h.household_id = t.household_id"
            order.insert(0, "h.area_code")
    return f"SELECT {chosen} FROM {rows} AS t {join} ORDER BY {', '.join(order)}"


def _metadata(told: Mapping[str, Any]) -> str:
    """What the results say of themselves, as key-value metadata of the Parquet file."""
    names = (
        "pack",
        "pack_hash",
        "extends",
        "on",
        "window",
        "rules",
        "parameters",
        "set",
        "result_hash",
        "versions",
    )
    pairs = {name: told[name] for name in names}
    return (
        "{"
        + ", ".join(
            f"'{name}': {text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}"
            for name, value in pairs.items()
        )
        + "}"
    )


def explain_run(run: StoredRun, household_id: str) -> dict[str, Any]:
    """What ``shouwang screen --explain`` said of a household, from the stored facts and the stored pack.

    InputError where something is damaged or the household was not among those screened.
    """
    from shouwang.policy.explanation import explain_household

    pack = run.pack()
    _must_know(run, household_id)
    with run.facts() as folder:
        return explain_household(folder, pack, date.fromisoformat(run.told["on"]), run.settings, household_id)


def _must_know(run: StoredRun, household_id: str) -> None:
    import duckdb

    from shouwang.policy.explained_formula import masked

    with duckdb.connect() as connection:
        source = f"read_parquet({text(str(run.file('results.parquet')))})"
        known = connection.execute(
            f"SELECT 1 FROM {source} WHERE household_id = ?", [household_id]
        ).fetchone()
        near = connection.execute(
            f"SELECT household_id FROM {source} ORDER BY levenshtein(household_id, ?), household_id LIMIT 3",
            [household_id],
        ).fetchall()
    if not known:
        words = "、".join(masked(row[0]) for row in near)
        raise InputError(
            _("这次运行里没有户编号为 {id} 的农户").format(id=masked(household_id)),
            where=run.id,
            remedy=_("最接近的户编号：{words}").format(words=words),
        )
