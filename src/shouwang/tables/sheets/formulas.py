"""Formula cells whose result was never stored, or is an error: they look empty and are not.

Programs that write workbooks without calculating them leave such cells; a reader of values sees nothing.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from pathlib import Path

from shouwang.tables.sheets.limits import BROKEN_ZIP, LIMITS, Limits, bomb, damaged

Places = set[tuple[int, int]]
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_STORED = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?<!/)>[^<]")
_CHUNK = 1 << 20


def check_and_find(path: Path, limits: Limits = LIMITS) -> dict[str, Places]:
    """Unpacks every entry once, with its check sum, and gives the uncached formula cells by sheet name.

    A size that was forged, a damaged entry or a document type definition (entities) is refused here, before
    the reader of values sees the file.
    """
    parts: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                data = _unpack(archive, entry, path, limits.unpacked - total)
                total += entry.file_size
                if entry.filename.endswith((".xml", ".rels")) and (
                    b"<!DOCTYPE" in data or b"<!ENTITY" in data
                ):
                    raise damaged(path)
                if _wanted(entry.filename, data):
                    parts[entry.filename.lstrip("/")] = data
    except BROKEN_ZIP as error:
        raise damaged(path) from error
    return _by_sheet(parts)


def _wanted(name: str, data: bytes) -> bool:
    name = name.lstrip("/")
    if name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        return True
    return (
        name.startswith("xl/")
        and name.endswith(".xml")
        and (b"<f" in data or b":f" in data or b't="e"' in data)
    )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, left: int) -> bytes:
    import zlib

    chunks: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > left:
                    raise bomb(path, size)
                chunks.append(chunk)
    except zlib.error as error:
        raise damaged(path) from error
    return b"".join(chunks)


def _by_sheet(parts: dict[str, bytes]) -> dict[str, Places]:
    book, rels = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if not book or not rels:
        return {}
    try:
        targets = {
            element.get("Id", ""): element.get("Target", "")
            for element in ElementTree.fromstring(rels)  # noqa: S314 - documents with a DTD were refused
        }
        sheets = [e for e in ElementTree.fromstring(book).iter() if e.tag.endswith("}sheet")]  # noqa: S314
    except ElementTree.ParseError:
        return {}
    found = {}
    for sheet in sheets:
        link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        target = targets.get(link, "").lstrip("/")
        data = parts.get(target if target.startswith("xl/") else f"xl/{target}")
        if data:
            found[sheet.get("name", "")] = _uncached(data)
    return found


def _uncached(data: bytes) -> Places:
    places = set()
    for match in _CELL.finditer(data):
        attributes, body = match.groups()
        if not _ERROR.search(attributes):
            if b"<f" not in body and b":f" not in body:
                continue
            if _STORED.search(body) or _TEXT_RESULT.search(attributes):
                continue
        reference = _REFERENCE.search(attributes)
        if reference:
            places.add((int(reference[2]) - 1, _column(reference[1])))
    return places


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


# ---- old .xls: the record stream --------------------------------------------------------------------------

_FILEPASS, _BOUNDSHEET, _FORMULA, _BOOLERR, _EOF = 0x2F, 0x85, 0x06, 0x205, 0x0A


def biff_stream(data: bytes) -> bytes:
    """The record stream: the file itself for BIFF2-4, else the stream Workbook of the compound file."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    sector = 1 << int(struct.unpack_from("<H", data, 30)[0])
    fat = _fat(data, sector)
    first_directory = struct.unpack_from("<I", data, 48)[0]
    directory = b"".join(_chain(data, sector, fat, first_directory))
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, size = struct.unpack_from("<II", directory, place + 116)
            if size < struct.unpack_from("<I", data, 56)[0]:
                return b""  # in the mini stream: far too small for a table with formulas
            return b"".join(_chain(data, sector, fat, start))[:size]
    return b""


def _fat(data: bytes, sector: int) -> list[int]:
    numbers = [n for n in struct.unpack_from("<109I", data, 76) if n < 0xFFFFFFFA]
    fat: list[int] = []
    for number in numbers:
        place = (number + 1) * sector
        if place + sector <= len(data):
            fat.extend(struct.unpack_from(f"<{sector // 4}I", data, place))
    return fat


def _chain(data: bytes, sector: int, fat: list[int], start: int) -> Iterator[bytes]:
    seen = 0
    while start < len(fat) and seen <= len(fat):
        yield data[(start + 1) * sector : (start + 2) * sector]
        start = fat[start]
        seen += 1


def biff_records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, number and body of each record."""
    place = 0
    while place + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, place)
        yield place, number, stream[place + 4 : place + 4 + length]
        place += 4 + length


def biff_protected(data: bytes) -> bool:
    """Whether the .xls is encrypted (FILEPASS)."""
    for _place, number, _body in biff_records(biff_stream(data)):
        if number == _FILEPASS:
            return True
        if number == _EOF:
            return False
    return False


def biff_formulas(data: bytes) -> dict[int, Places]:
    """Cells with a formula whose result is no text, by sheet; the reader shows which came out empty."""
    starts: list[int] = []
    found: dict[int, Places] = {}
    empty: dict[int, Places] = {}
    sheet = -1
    for place, number, body in biff_records(biff_stream(data)):
        if number == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif place in starts:
            sheet = starts.index(place)
        elif sheet >= 0 and number == _FORMULA and len(body) >= 14:
            kind = body[6] if body[12:14] == b"\xff\xff" else 1
            if kind != 0:  # 0: a text, which follows in a record of its own
                (empty if kind == 3 else found).setdefault(sheet, set()).add(struct.unpack_from("<HH", body))
        elif sheet >= 0 and number == _BOOLERR and len(body) >= 8 and body[7] == 1:
            found.setdefault(sheet, set()).add(struct.unpack_from("<HH", body))
    _whole_columns(found, empty)
    return found


def _whole_columns(found: dict[int, Places], empty: dict[int, Places]) -> None:
    """An empty text is an honest result; where a whole column of formulas has none other, it is not."""
    for sheet, places in empty.items():
        calculated = {column for _row, column in found.get(sheet, ())}
        found.setdefault(sheet, set()).update(place for place in places if place[1] not in calculated)
