"""One row of work: what the two lists say, what a person may decide, and the key by which it is found again.

The key stands in a hidden column. It names the household and the member, the column of ours, a checksum of our
value and what their list says. An identity number never stands in it: only a checksum of four digits, enough to
see that a number changed and too short to find the number by trying.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

OURS, THEIRS, OTHER, NOTHING = "以我方为准", "以对方为准", "另填", "不处理"
DECISIONS = {"a": OURS, "b": THEIRS, "c": OTHER, "d": NOTHING}
KEY, DECISION, VALUE, REMARK = "行键（勿改）", "处理", "另填值", "备注"
META = "识别"
FORMAT = "1"  # of the workbook: raised when its keys change
_SECRET = ("id_number", "disability_certificate")
Cell = str | Decimal

SHEETS: dict[str, tuple[str, ...]] = {
    "户": (
        "村",
        "户主",
        "在哪边",
        "我方户编号",
        "全国系统户编号",
        "我方监测状态",
        "全国系统监测状态",
        "说明",
    ),
    "人": ("村", "户主", "户编号", "姓名", "证件号码", "与户主关系", "在哪边", "说明"),
    "字段差异": ("村", "户主", "户编号", "姓名", "项目", "我方", "全国系统", "说明"),
    "收入": (
        "村",
        "户主",
        "户编号",
        "年度",
        "我方（元）",
        "全国系统（元）",
        "相差（元）",
        "相差（%）",
        "说明",
    ),
    "部门名单": ("来源", "名单位置", "村", "姓名", "证件号码", "比对", "项目", "名单上", "我方", "说明"),
}


@dataclass(frozen=True)
class Subject:
    """Whom a row is about; '' where a side has nobody."""

    household_id: str = ""
    member_id: str = ""
    national_id: str = ""
    national_member_id: str = ""
    listed_id: str = ""


@dataclass(frozen=True)
class WorkRow:
    """One row of a sheet. ``table`` and ``column`` name the value of ours that a decision sets, '' for none.

    ``what`` is ``value`` for a value that differs, ``only_ours`` or ``only_theirs`` for a household or person of
    one list, ``told`` for what can only be looked at. ``options`` are letters of :data:`DECISIONS`.
    """

    sheet: str
    what: str
    subject: Subject
    cells: tuple[Cell, ...]
    options: str
    table: str = ""
    column: str = ""
    ours: str = ""
    theirs: str = ""

    def key(self, book: str) -> str:
        """The row's key in the workbook ``book``."""
        about = vars(self.subject)
        content: dict[str, Any] = {
            "s": self.sheet,
            "w": self.what,
            "x": self.options,
            **{name: value for name, value in about.items() if value},
        }
        if self.column:
            content |= {"t": self.table, "c": self.column, "o": checksum(self.ours, self.column)}
            secret = self.column in _SECRET
            content["d" if secret else "v"] = checksum(self.theirs, self.column) if secret else self.theirs
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return f"{text}#{seal(text, book)}"


@dataclass(frozen=True)
class KeyOfRow:
    """A key read back; ``theirs`` is None where it must be looked up (an identity number)."""

    sheet: str
    what: str
    options: str
    subject: Subject
    table: str = ""
    column: str = ""
    ours: str = ""  # checksum
    theirs: str | None = None
    secret: str = ""  # checksum of their number
    raw: str = field(default="", compare=False)


def read_key(text: str, book: str) -> KeyOfRow | None:
    """The key of a row of ``book``; None for a text that is none, or that belongs to another workbook."""
    content, mark, sign = text.rpartition("#")
    if not mark or sign != seal(content, book):
        return None
    try:
        data = json.loads(content)
        subject = Subject(**{name: data[name] for name in vars(Subject()) if name in data})
        return KeyOfRow(
            data["s"], data["w"], data["x"], subject, data.get("t", ""), data.get("c", ""),
            data.get("o", ""), data.get("v"), data.get("d", ""), content,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def checksum(value: str, column: str) -> str:
    """Twelve digits of a value, four of an identity number, '' of nothing."""
    if not value:
        return ""
    digest = hashlib.blake2s(f"{column}\n{value}".encode(), digest_size=6).hexdigest()
    return digest[:4] if column in _SECRET else digest


def seal(text: str, book: str) -> str:
    """Ties a key to its workbook."""
    return hashlib.blake2s(f"{book}\n{text}".encode(), digest_size=5).hexdigest()


@dataclass(frozen=True)
class Book:
    """What a workbook is about: the day, our registry and their lists, as checksums."""

    on: str
    registry: str
    lists: str
    files: str = ""

    @property
    def number(self) -> str:
        """Ties rows to this workbook: the same comparison gives the same number."""
        return seal("|".join((FORMAT, self.on, self.registry, self.lists)), "shouwang")

    def lines(self) -> list[tuple[str, str]]:
        """The lines of the sheet :data:`META`."""
        return [
            ("格式", FORMAT), ("比对日期", self.on), ("登记册", self.registry), ("名单", self.lists),
            ("编号", self.number), ("文件", self.files),
        ]  # fmt: skip


def read_book(lines: dict[str, str]) -> Book | None:
    """The book that a sheet :data:`META` describes; None where it is none of ours or was changed."""
    book = Book(*(lines.get(name, "") for name in ("比对日期", "登记册", "名单", "文件")))
    return book if lines.get("格式") == FORMAT and lines.get("编号") == book.number else None
