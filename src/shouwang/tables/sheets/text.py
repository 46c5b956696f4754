"""Text files: which encoding, then records. Encodings: BOM, then UTF-8, then GB18030; nothing is replaced."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.sheets.grid import Book, Sheet, Value

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_DELIMITERS = (",", "\t", ";", "，", "|")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text and the name of its encoding; an error with line and byte where no encoding fits whole."""
    for bom, codec, label in _BOMS:
        if data.startswith(bom):
            return _strict(data, codec, label, name), label
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as utf8:
        try:
            return data.decode("gb18030"), "GB18030"
        except UnicodeDecodeError as gb:
            # The one that got further is what the file was meant to be.
            worst = utf8 if utf8.start >= gb.start else gb
            raise _broken(data, worst, "UTF-8" if worst is utf8 else "GB18030", name) from None


def _strict(data: bytes, codec: str, label: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _broken(data, error, label, name) from None


def _broken(data: bytes, error: UnicodeDecodeError, label: str, name: str) -> InputError:
    return InputError(
        _("按 {encoding} 读到第 {line} 行、第 {byte} 字节处断在半个汉字上，文件不完整或编码混杂。").format(
            encoding=label, line=data.count(b"\n", 0, error.start) + 1, byte=error.start + 1
        ),
        where=name,
        remedy=_("请重新导出该文件，或用 Excel 另存为 .xlsx 后再导入。"),
    )


def read_csv(path: Path) -> Book:
    """One sheet named ''; a record is a row, also an empty line; quoted line ends stay in their record."""
    text, encoding = decode(path.read_bytes(), path.name)
    if "\x00" in text:
        raise InputError(
            _("文件内容不是文字，也不是认得的表格格式。"),
            where=path.name,
            remedy=_("请导入 .xlsx、.xls 或 .csv 表格。"),
        )
    return Book("csv", [Sheet("", _records(text, path.name))], encoding)


def _records(text: str, name: str) -> list[list[Value]]:
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[list[Value]] = []
    try:
        for record in reader:
            rows.append([cell if cell.strip() else None for cell in record])
    except csv.Error as error:
        raise InputError(
            _("第 {line} 行不是完整的 CSV 记录。").format(line=reader.line_num),
            where=name,
            remedy=_("请检查该行的引号是否成对。"),
        ) from error
    return rows


def _delimiter(text: str) -> str:
    """The delimiter that most of the first lines agree on; a comma where none does."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))
