"""A store of runs: a folder in which every run stands with the facts and the pack it rests on.

``runs/ID/`` has ``run.json``, ``results.parquet`` and what else the run came to; ``facts/`` has Parquet files and
``packs/`` the YAML of packs, both named by a hash of their content, so that what two runs share is there once.
Nothing is read from it without being held against its hash first.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.mistakes import nearest

MARK = "shouwang-runs.json"
FORMAT = 1
_NOT_NAMED = ("id", "kept_at", "from")  # what says nothing about the content of a run


@dataclass(frozen=True)
class StoredRun:
    """One run of a store; ``told`` is its ``run.json``."""

    store: Path
    id: str
    told: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return self.store / "runs" / self.id

    @property
    def rules(self) -> list[str]:
        """Rule ids in the order of their bits."""
        return list(self.told["rules"])

    @property
    def pack_folder(self) -> Path:
        """The pack as it was."""
        return self.store / "packs" / str(self.told["pack_hash"]) / str(self.told["pack_folder"])

    @property
    def settings(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.told["set"].items()}

    def file(self, name: str) -> Path:
        """One file of the run, held against its hash; InputError where it lacks or has changed."""
        if name not in self.told["files"]:
            raise _damaged(self.folder / name, _("文件不见了"))
        return checked(self.folder / name, self.told["files"][name])

    def fact_files(self) -> dict[str, Path]:
        """Table → its Parquet file, each held against its hash."""
        return {
            table: checked(self.store / "facts" / f"{entry['sha256']}.parquet", entry["sha256"])
            for table, entry in self.told["facts"].items()
        }

    def check(self) -> None:
        """InputError unless everything the run rests on is there and unchanged."""
        for name in self.told["files"]:
            self.file(name)
        self.fact_files()
        self.pack()

    def pack(self) -> str:
        """The folder of the stored pack, held against the pack's hash."""
        if pack_hash(self.pack_folder.parent, self.told["pack_files"]) != self.told["pack_hash"]:
            raise _damaged(self.pack_folder, _("政策包和当时的不一样"))
        return str(self.pack_folder)

    @contextmanager
    def facts(self) -> Iterator[Path]:
        """The facts as an exchange folder, for as long as it is needed."""
        with tempfile.TemporaryDirectory(prefix="shouwang-facts-") as scratch:
            for table, path in self.fact_files().items():
                (Path(scratch) / f"{table}.parquet").symlink_to(path.resolve())
            yield Path(scratch)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack_hash(folder: Path, names: list[str]) -> str:
    """The hash of a pack over its files, as :func:`shouwang.policy.loading.read` has it; '' where one lacks."""
    found = hashlib.sha256()
    for name in names:
        if not (folder / name).is_file():
            return ""
        found.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return found.hexdigest()


def checked(path: Path, expected: str) -> Path:
    """The path of a file that has the hash it should have; InputError where it lacks or has changed."""
    if not path.is_file():
        raise _damaged(path, _("文件不见了"))
    if digest(path) != expected:
        raise _damaged(path, _("内容和存下时不一样"))
    return path


def _damaged(path: Path, what: str) -> InputError:
    return InputError(
        _("运行库损坏：{what}").format(what=what),
        where=str(path),
        remedy=_("从备份恢复这个文件；或用原来的事实重新筛查并存入"),
    )


def name_of(told: Mapping[str, Any]) -> str:
    """The id of a run: day, pack, and a hash over everything it says of itself."""
    text = json.dumps(
        {k: v for k, v in told.items() if k not in _NOT_NAMED}, sort_keys=True, ensure_ascii=False
    )
    return f"{told['on']}-{told['pack']}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def prepare(store: Path) -> None:
    """Makes a store, or accepts one that is there; InputError for a folder with other things in it."""
    try:
        if store.exists() and not (store / MARK).is_file() and (not store.is_dir() or any(store.iterdir())):
            raise InputError(
                _("这个位置已有别的内容，不是运行库"), where=str(store), remedy=_("换一个空文件夹")
            )
        for folder in ("runs", "facts", "packs"):
            (store / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (store / MARK).exists():
            store.chmod(0o700)  # facts are about people: for the owner alone
            (store / MARK).write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            _("写不进运行库：{reason}").format(reason=error.strerror),
            where=str(store),
            remedy=_("换一个能写的位置"),
        ) from None


def _accept(store: Path) -> None:
    if not (store / MARK).is_file():
        raise InputError(
            _("这里没有运行库"), where=str(store), remedy=_("先用 shouwang screen … --store 存一次运行")
        )
    try:
        mark = json.loads((store / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _damaged(store / MARK, _("读不出来")) from None
    if not isinstance(mark, dict) or mark.get("format") != FORMAT:
        raise InputError(
            _("运行库的格式这一版读不了"), where=str(store / MARK), remedy=_("用存下它的那一版或更新的版本")
        )


def read_run(store: Path, run_id: str) -> StoredRun:
    """One run by id, its ``run.json`` held against the id; InputError where it is damaged."""
    path = store / "runs" / run_id / "run.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        right = isinstance(told, dict) and name_of(told) == run_id
    except (OSError, ValueError, KeyError):
        raise _damaged(path, _("读不出来")) from None
    if not right:
        raise _damaged(path, _("内容和存下时不一样"))
    return StoredRun(store, run_id, told)


def find_run(store: Path, name: str) -> StoredRun:
    """A run by its id, by the beginning of one, or ``latest``; InputError for none, and for several."""
    _accept(store)
    known = run_ids(store)
    if name == "latest" and known:
        kept = [run for run in list_runs(store) if isinstance(run, StoredRun)]
        if kept:
            return kept[-1]
    fitting = [run_id for run_id in known if run_id == name] or [i for i in known if i.startswith(name)]
    if not fitting:
        raise InputError(
            _("没有叫 {name} 的运行").format(name=name), where=str(store), remedy=nearest(name, known)
        )
    if len(fitting) > 1:
        raise InputError(
            _("有 {n} 次运行以 {name} 开头").format(n=len(fitting), name=name),
            where=str(store),
            remedy=_("写全一点：{words}").format(words="、".join(fitting[:5])),
        )
    return read_run(store, fitting[0])


def run_ids(store: Path) -> list[str]:
    """The ids of the runs of a store."""
    folder = store / "runs"
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def list_runs(store: Path) -> list[StoredRun | InputError]:
    """Every run, the one kept last at the end; what is damaged is told in its place."""
    _accept(store)
    found: list[StoredRun | InputError] = []
    for run_id in run_ids(store):
        try:
            found.append(read_run(store, run_id))
        except InputError as error:
            found.append(error)
    return sorted(found, key=lambda run: str(run.told["kept_at"]) if isinstance(run, StoredRun) else "")


def move_into(file: Path, target: Path) -> None:
    """Moves a finished file or folder to where it belongs, over one that is there."""
    if target.is_dir():
        shutil.rmtree(target)
    file.replace(target)
