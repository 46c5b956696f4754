"""Writing an intake: a whole folder or nothing."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import TABLES
from shouwang.tables.intake.intake import Intake
from shouwang.tables.intake.listings import TABLES as LISTINGS
from shouwang.tables.intake.model import Record
from shouwang.tables.intake.report import as_json, workbook

WRITTEN = (
    *("households", "members", "income_items", "alerts", "problems", "cases", "measures", "villages"),
    *LISTINGS,
)
PROPOSALS = (
    "table",
    "record_id",
    "match",
    "file",
    "sheet",
    "row",
    "name",
    "village",
    "area_code",
    "id_status",
    "household_id",
    "member_id",
    "roster_row",
)
REPORT, PROPOSED = "report.json", "proposals.csv"


def write_folder(intake: Intake, folder: Path, report_xlsx: Path | None) -> None:
    """Writes into a new folder beside the target and swaps it in at the end.

    An earlier intake in the target is replaced as a whole; a folder with anything else in it is refused.
    """
    _check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        for name, content in contents(intake).items():
            (fresh / name).write_bytes(content)
        fresh.chmod(0o755)
        if report_xlsx is not None:
            _replace_file(report_xlsx, workbook(intake))
        _swap(fresh, folder)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def contents(intake: Intake) -> dict[str, bytes]:
    """File name → bytes of everything that goes into the folder."""
    files = {}
    for name in WRITTEN:
        rows = intake.tables.get(name)
        if rows:
            files[f"{name}.csv"] = _table(name, rows)
    if intake.proposals:
        files[PROPOSED] = _csv(PROPOSALS, intake.proposals)
    files[REPORT] = as_json(intake).encode("utf-8")
    return files


def _table(name: str, rows: list[Record]) -> bytes:
    """Columns of the dictionary that are known for a row at least, and the keys."""
    table = TABLES[name]
    known = {column for row in rows for column in row}
    columns = [c.name for c in table.columns if c.name in known or c.name in (table.key, "household_id")]
    if name == "problems" and "household_id" not in known:
        columns.remove("household_id")
    return _csv(columns, rows)


def _csv(columns: tuple[str, ...] | list[str], rows: list[Record]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _check_target(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(
            _("这是一个文件，不是文件夹。"), where=str(folder), remedy=_("请用 --into 另给一个文件夹。")
        )
    if not folder.is_dir():
        return
    ours = {f"{name}.csv" for name in WRITTEN} | {PROPOSED, REPORT}
    others = sorted(p.name for p in folder.iterdir() if p.name not in ours and p.suffix.lower() != ".xlsx")
    others += sorted(p.name for p in folder.iterdir() if p.suffix.lower() == ".xlsx" and p.stem in TABLES)
    present = any(p.name in ours for p in folder.iterdir())
    if others or (present and not (folder / REPORT).exists()):
        names = "、".join(others[:3]) or _("别处来的数据表")
        raise InputError(
            _("文件夹里已有其他东西（{names}），没有覆盖。").format(names=names),
            where=str(folder),
            remedy=_("请用 --into 给一个新文件夹，或先把里面的东西移走。"),
        )


def _swap(fresh: Path, folder: Path) -> None:
    """Puts the new folder in the place of the old one; report workbooks beside the tables move along."""
    if not folder.exists():
        fresh.rename(folder)
        return
    for kept in folder.glob("*.xlsx"):
        shutil.copy2(kept, fresh / kept.name)
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.replace(old / folder.name)
        try:
            fresh.replace(folder)
        except OSError:
            (old / folder.name).replace(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _replace_file(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _cannot_write(folder: Path, error: OSError) -> InputError:
    return InputError(
        _("不能写入：{why}。").format(why=error.strerror or error),
        where=str(folder),
        remedy=_("请检查磁盘空间和文件夹权限；原有内容没有变。"),
    )
