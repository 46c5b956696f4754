"""Files that are broken, locked, disguised or made to hurt: one clear sentence, nobody harmed."""

from __future__ import annotations

import random
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from shouwang.errors import InputError
from shouwang.tables.intake import Intake
from shouwang.tables.sheets import open_book

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
ROSTER, OLD, CSV = (
    SAMPLES / "教育_疑似辍学名单.xlsx",
    SAMPLES / "残联_持证人员.xls",
    SAMPLES / "人社_失业名单.csv",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def repacked(target: Path, part: str, megabytes: int) -> Path:
    """The sample workbook with one part blown up by blanks."""
    with zipfile.ZipFile(ROSTER) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name != part:
                out.writestr(name, source.read(name))
        with out.open(part, "w", force_zip64=True) as stream:
            for _ in range(megabytes):
                stream.write(b" " * (1 << 20))
    return target


@pytest.mark.req("REG-6")
def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = repacked(tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", 600)
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="600 MB"):
        open_book(bomb)


@pytest.mark.req("REG-6")
def test_a_bomb_with_a_forged_size_is_not_opened(tmp_path: Path) -> None:
    bomb = repacked(tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", 300)
    data = bytearray(bomb.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 5000)
    bomb.write_bytes(data)
    with pytest.raises(InputError):
        open_book(bomb)


@pytest.mark.req("REG-6")
def test_a_zip_of_a_version_that_nobody_knows(tmp_path: Path) -> None:
    data = bytearray(ROSTER.read_bytes())
    struct.pack_into("<H", data, data.find(b"PK\x01\x02") + 6, 197)
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match="损坏"):
        open_book(path)


@pytest.mark.req("REG-6")
def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(ROSTER) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml":
                data = data.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "bbbb">]><workbook', 1)
            out.writestr(name, data)
    with pytest.raises(InputError, match="损坏"):
        open_book(path)


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.xlsx", b"", "空的"),
        ("通知.xlsx", b"%PDF-1.7\n...", "PDF"),
        ("照片.xls", b"\x89PNG\r\n\x1a\n....", "PNG"),
        ("加密.xlsx", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("文档.xls", OLE + bytes(500) + "WordDocument".encode("utf-16-le"), "Word"),
        ("乱码.csv", b"\xff\xd9\x80\x81" * 50 + b"\xff", "半个汉字"),
        ("空白.csv", b"\n\n,,,\n", "什么也没有"),
    ],
)
def test_one_clear_sentence(
    tmp_path: Path, read: Callable[..., Intake], name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read(path)
    assert name in caught.value.where
    assert caught.value.remedy


@pytest.mark.req("REG-6")
def test_an_old_workbook_under_a_password(tmp_path: Path) -> None:
    data = bytearray(OLD.read_bytes())
    start = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    body = start + 4 + 16
    length = struct.unpack_from("<H", data, body + 2)[0]
    struct.pack_into("<HH", data, body, 0x2F, length)  # the record after BOF becomes FILEPASS
    path = tmp_path / "锁.xls"
    path.write_bytes(data)
    with pytest.raises(InputError, match="密码"):
        open_book(path)


@pytest.mark.req("REG-6")
def test_an_empty_folder_and_a_folder_of_files(tmp_path: Path, read: Callable[..., Intake]) -> None:
    with pytest.raises(InputError, match="没有表格文件"):
        read(tmp_path)
    shutil.copy(CSV, tmp_path / "a.csv")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    intake = read(tmp_path)
    assert [reading.file for reading in intake.files] == ["a.csv"]
    assert "README.md" in intake.notes[0]


@pytest.mark.req("REG-6")
def test_a_csv_cut_in_a_character_says_where(text_file: Callable[..., Path]) -> None:
    path = text_file("断.csv", "姓名,证件号码,失业日期\n张三,,2024-01-02\n李四㛃,,", "gb18030")
    data = path.read_bytes()
    path.write_bytes(data[:-3])
    with pytest.raises(InputError, match="第 3 行"):
        open_book(path)


@pytest.mark.req("REG-6")
def test_the_content_decides_not_the_extension(tmp_path: Path) -> None:
    html = "<html><meta charset=gbk><table><tr><td>姓名</td><td>村</td></tr><tr><td rowspan=2>甲<td>云山村</tr></table>"
    (tmp_path / "网页.xls").write_bytes(html.encode("gbk"))
    xml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table><Row>'
        '<Cell><Data ss:Type="String">姓名</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">2</Data></Cell>'
        "</Row></Table></Worksheet></Workbook>"
    )
    (tmp_path / "旧.xls").write_text(xml, encoding="utf-8")
    for source, name, kind in ((ROSTER, "a.xls", "xlsx"), (OLD, "b.xlsx", "xls"), (CSV, "c.xlsx", "csv")):
        shutil.copy(source, tmp_path / name)
        assert open_book(tmp_path / name).kind == kind
    page = open_book(tmp_path / "网页.xls")
    assert page.sheets[0].rows == [["姓名", "村"], ["甲", "云山村"]]
    assert page.sheets[0].merged == [(1, 0, 2, 0)]
    assert open_book(tmp_path / "旧.xls").sheets[0].rows == [["姓名", None, 2.0]]


@pytest.mark.req("REG-6")
def test_formulas_of_an_old_workbook_without_results(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    for row in range(200):
        sheet.write(row, 0, f"甲{row}")
        sheet.write(row, 1, xlwt.Formula("1+45000"))
    book.save(str(tmp_path / "f.xls"))
    assert len(open_book(tmp_path / "f.xls").sheets[0].uncached) == 200


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("source", [ROSTER, OLD, CSV])
def test_mutated_files_give_a_book_or_a_sentence(tmp_path: Path, source: Path) -> None:
    draw = random.Random(20240901)
    data = source.read_bytes()
    for number in range(8):
        changed = bytearray(data)
        for _ in range(draw.choice((1, 8, 64))):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        if number % 3 == 0:
            changed = changed[: draw.randrange(1, len(changed))]
        path = tmp_path / f"{number}{source.suffix}"
        path.write_bytes(changed)
        told, book = "", None
        try:
            book = open_book(path)
        except InputError as error:
            told = error.where
        assert told == path.name or (book is not None and book.sheets)
