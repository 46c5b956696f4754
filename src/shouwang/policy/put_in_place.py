"""A folder of results is written beside its place and put there whole: nothing stands half written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _


@contextmanager
def beside(out: Path, mark: str) -> Iterator[Path]:
    """A folder beside ``out`` that takes its place at the end; left as it was where something goes wrong.

    An earlier result is known by its file ``mark`` and replaced; a folder with anything else is refused (InputError).
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / mark).exists())):
        raise InputError(_("输出位置已有别的内容，没有动它"), where=str(out), remedy=_("换一个空文件夹"))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    except OSError as error:
        raise InputError(
            _("写不进输出文件夹：{reason}").format(reason=error.strerror),
            where=str(out),
            remedy=_("换一个能写的位置"),
        ) from None
    try:
        yield folder
        if out.exists():
            shutil.rmtree(out)
        folder.chmod(0o755)
        folder.replace(out)
    finally:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
