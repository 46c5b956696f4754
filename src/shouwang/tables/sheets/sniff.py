"""What a file is, by its content: the name on it decides nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.sheets.limits import check_file, check_zip, damaged, protected

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_START = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)


def kind_of(path: Path) -> str:
    """``xlsx``, ``xlsb``, ``ods``, ``xls``, ``html``, ``xml`` or ``csv``; a clear error for anything else."""
    check_file(path)
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith((ZIP, b"PK\x05\x06")):
        return _zip_kind(path)
    if start.startswith(OLE):
        return _ole_kind(path)
    if start.startswith(_BIFF_START) and len(start) > 8:
        return "xls"
    for magic, name in _FOREIGN:
        if start.startswith(magic):
            raise not_a_table(path, name)
    return _text_kind(start)


def not_a_table(path: Path, name: str) -> InputError:
    """The sentence for a file of another kind, whatever its extension says."""
    return InputError(
        _("这是 {kind} 文件，不是表格（看的是内容，不是扩展名）。").format(kind=name),
        where=path.name,
        remedy=_("请导入 .xlsx、.xls 或 .csv 表格。"),
    )


def _zip_kind(path: Path) -> str:
    check_zip(path)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.lower().lstrip("/") == "xl/workbook.xml" for name in names) or (
        "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
    ):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise not_a_table(path, "Word")
    if any(name.startswith("ppt/") for name in names):
        raise not_a_table(path, "PowerPoint")
    if not names:
        raise damaged(path)
    raise not_a_table(path, "ZIP")


def _ole_kind(path: Path) -> str:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise protected(path)
    if "WordDocument".encode("utf-16-le") in data:
        raise not_a_table(path, "Word")
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise not_a_table(path, "PowerPoint")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise not_a_table(path, "OLE2")


def _text_kind(start: bytes) -> str:
    head = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and head.startswith(b"<?xml"):
        return "xml"
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body")) or (
        head.startswith((b"<?xml", b"<!--")) and b"<html" in head
    ):
        return "html"
    return "csv"
