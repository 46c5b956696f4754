"""How large a file may be, and what a zip says of itself before anything is unpacked."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _

MEGABYTE = 1 << 20
BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError)


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes unless said otherwise; time in seconds."""

    file: int = 64 * MEGABYTE
    unpacked: int = 192 * MEGABYTE
    ratio: int = 200  # unpacked to packed, for entries above ``ratio_from``
    ratio_from: int = 8 * MEGABYTE
    entries: int = 5_000
    cells: int = 4_000_000
    memory: int = 512 * MEGABYTE
    seconds: int = 30


LIMITS = Limits()


def check_file(path: Path, limits: Limits = LIMITS) -> None:
    """Refuses what is missing, empty or larger than an office table can be."""
    if not path.exists():
        raise InputError(_("没有这个文件。"), where=str(path), remedy=_("请检查文件名和路径。"))
    size = path.stat().st_size
    if size == 0:
        raise InputError(
            _("文件是空的（0 字节）。"), where=path.name, remedy=_("请重新导出或重新发送该文件。")
        )
    if size > limits.file:
        raise InputError(
            _("文件有 {size} MB，超过 {limit} MB 的上限。").format(
                size=size // MEGABYTE, limit=limits.file // MEGABYTE
            ),
            where=path.name,
            remedy=_("请按村拆分后再导入。"),
        )


def check_zip(path: Path, limits: Limits = LIMITS) -> None:
    """Reads only the directory of the zip: number of entries, unpacked sizes, ratio. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except BROKEN_ZIP as error:
        raise damaged(path) from error
    total = sum(entry.file_size for entry in entries)
    steep = any(
        entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > limits.entries or total > limits.unpacked or steep:
        raise bomb(path, total)
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected(path)


def bomb(path: Path, size: int) -> InputError:
    """The sentence for a file that would unpack to far more than it should."""
    return InputError(
        _("文件解压后有 {size} MB，远大于正常表格，像是“压缩炸弹”，没有打开。").format(size=size // MEGABYTE),
        where=path.name,
        remedy=_("请核实文件来源；确为正常表格的，请删除空白区域后另存，或按村拆分。"),
    )


def damaged(path: Path) -> InputError:
    """The sentence for a file that is not what its content begins like."""
    return InputError(
        _("文件已损坏，不能完整读出。"),
        where=path.name,
        remedy=_("请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。"),
    )


def protected(path: Path) -> InputError:
    """The sentence for a workbook under a password."""
    return InputError(
        _("工作簿有打开密码，不能读取。"),
        where=path.name,
        remedy=_("请在 Excel 或 WPS 中取消密码后另存，再导入。"),
    )
