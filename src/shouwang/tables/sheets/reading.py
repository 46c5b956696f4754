"""Opening a file from outside: always in a worker process, so that a hostile one harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shouwang import language
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.sheets.grid import Book, book_from_json
from shouwang.tables.sheets.limits import LIMITS, MEGABYTE
from shouwang.tables.sheets.sniff import kind_of

_ANSWER_LIMIT = 256 * MEGABYTE


def open_book(path: Path) -> Book:
    """The sheets of a spreadsheet of any kind we know.

    The content decides what it is, not the extension. Raises :class:`InputError` for what is missing, empty,
    too large, under a password, damaged, of another kind, or kills its worker (512 MB, 30 s).
    """
    kind_of(path)  # cheap refusals need no worker
    with tempfile.TemporaryDirectory(prefix="shouwang-") as folder:
        answer = Path(folder) / "answer.json"
        _run(path, answer)
        result = json.loads(answer.read_text(encoding="ascii"))
    if "error" in result:
        what, where, remedy = result["error"]
        raise InputError(what, where=where, remedy=remedy)
    return book_from_json(result["book"])


def _run(path: Path, answer: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "shouwang.tables.sheets.worker",
        str(path.resolve()),
        str(answer),
        language.current(),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, timeout=LIMITS.seconds, capture_output=True, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            _("打开文件超过 {seconds} 秒，已停止。").format(seconds=LIMITS.seconds),
            where=path.name,
            remedy=_("请核实文件来源，或另存为 .xlsx、按村拆分后再导入。"),
        ) from None
    if done.returncode != 0 or not answer.exists() or answer.stat().st_size > _ANSWER_LIMIT:
        raise InputError(
            _("打开文件所需的内存超过 {memory} MB，或文件内容异常，已停止。").format(
                memory=LIMITS.memory // MEGABYTE
            ),
            where=path.name,
            remedy=_("请核实文件来源；确为正常表格的，请删除空白区域后另存，或按村拆分。"),
        )


def _environment() -> dict[str, str]:
    """The worker needs to find our package and nothing else of ours."""
    kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "TMPDIR", "TEMP", "TMP")
    source = str(Path(__file__).resolve().parents[3])
    return {k: os.environ[k] for k in kept if k in os.environ} | {"PYTHONPATH": source, "PYTHONUTF8": "1"}
