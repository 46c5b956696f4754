"""How people write things: identity numbers, dates, amounts, names, groups. What a right reading finds is
beside.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouwang.generator.people import PREFIX, check_character

Cell = str | int | float | date | None
_FULL = str.maketrans("0123456789X.,", "０１２３４５６７８９Ｘ．，")
_CHINESE = "零一二三四五六七八九十"
UNREADABLE_DATES = ("去年底", "待补", "不清楚", "年初")
UNREADABLE_AMOUNTS = ("约5000", "待定", "见凭证")


@dataclass(frozen=True)
class Written:
    """A cell and what it holds: ``value`` is right reading or None; ``status`` one of ``as_written``
    ``repaired`` ``missing`` ``words`` ``quarantined``; ``how`` says in what way it was written."""

    cell: Cell
    value: str | None
    status: str
    how: str


_WAYS = (
    ("plain", 780),
    ("lower_x", 40),
    ("full_width", 22),
    ("blanks", 42),
    ("quotes", 14),
    ("old_15", 10),
    ("hyphens", 6),
    ("number", 24),
    ("short", 8),
    ("check", 12),
    ("date", 5),
    ("blank", 22),
    ("words", 5),
)
_WORDS = ("无", "未办证", "户口待办", "办理中")


def identity(number: str, chance: random.Random, *, numbers: bool = True) -> Written:
    """One identity number as an office writes it; ``numbers`` is False where a cell can only be text."""
    way = chance.choices([name for name, _w in _WAYS], [weight for _n, weight in _WAYS])[0]
    if way == "lower_x":
        return Written(number.lower(), number, "repaired", way) if number.endswith("X") else _plain(number)
    if way == "number":
        usable = numbers and number.isdigit()
        return Written(int(number), None, "quarantined", way) if usable else _plain(number)
    if way == "old_15":
        usable = number[6:8] == "19"
        return Written(number[:6] + number[8:17], number, "repaired", way) if usable else _plain(number)
    if way in ("short", "check", "date"):
        return Written(_broken(number, way, chance), None, "quarantined", way)
    if way == "blank":
        return Written(None, None, "missing", way)
    if way == "words":
        return Written(chance.choice(_WORDS), None, "words", way)
    return (
        _plain(number) if way == "plain" else Written(_dressed(number, way, chance), number, "repaired", way)
    )


def _plain(number: str) -> Written:
    return Written(number, number, "as_written", "plain")


def _dressed(number: str, way: str, chance: random.Random) -> str:
    if way == "full_width":
        return number.translate(_FULL)
    if way == "quotes":
        return chance.choice(("'{}", "‘{}’", '"{}"')).format(number)
    if way == "hyphens":
        return f"{number[:6]}-{number[6:14]}-{number[14:]}"
    return chance.choice(
        (
            f" {number}",
            f"{number}　",
            f"{number[:6]} {number[6:14]} {number[14:]}",
            f"\u00a0{number}",
            f"{number}\u200b",
        )
    )


def _broken(number: str, way: str, chance: random.Random) -> str:
    if way == "short":
        place = chance.randint(8, 16)
        return number[:place] + number[place + 1 :]
    if way == "check":
        return number[:17] + chance.choice([c for c in "0123456789X" if c != number[17]])
    first = f"{PREFIX}{number[6:10]}1{chance.randint(3, 9)}{number[12:17]}"
    return first + check_character(first)


def day(value: date, chance: random.Random) -> Cell:
    """A date as people write it; a cell that is a real date stays one."""
    numbered = value.year * 10000 + value.month * 100 + value.day
    return chance.choice(
        (
            f"{value.year}.{value.month}.{value.day}",
            numbered,
            value.isoformat(),
            value,
            str(numbered),
            f"{value.year}年{value.month}月{value.day}日",
            f"{value.year}/{value.month}/{value.day}",
            (value - date(1899, 12, 30)).days,
        )
    )


def text_day(value: date, chance: random.Random) -> str:
    """A date in a text file."""
    return chance.choice(
        (
            f"{value.year}.{value.month}.{value.day}",
            value.isoformat(),
            f"{value.year}/{value.month:02d}/{value.day:02d}",
            f"{value.year}年{value.month}月{value.day}日",
        )
    )


def amount(value: Decimal, chance: random.Random) -> Cell:
    """An amount of yuan as people write it; always the same sum."""
    plain = f"{value:.2f}"
    ways: list[Cell] = [
        float(value),
        plain,
        f"{plain}元",
        f"{value:,.2f}",
        f"￥{value:,.2f}",
        plain.translate(_FULL),
    ]
    if value % 100 == 0 and value >= 1000:
        ways.append(f"{(value / 10000).normalize():f}万元")
    return chance.choice(ways)


def name(text: str, chance: random.Random) -> str:
    """A name; two characters often with a blank between, a middle dot of one kind or another."""
    if "·" in text:
        return text.replace("·", chance.choice("·•・‧"))
    if len(text) == 2 and chance.random() < 0.3:
        return text[0] + chance.choice((" ", "　", "  ")) + text[1]
    return text


def group(text: str, chance: random.Random) -> Cell:
    """``3组`` in one of the ways of writing it."""
    number = int(text.removesuffix("组"))
    return chance.choice(
        (
            text,
            f"{number}社",
            f"{_CHINESE[number]}组",
            f"{_CHINESE[number]}社",
            f"第{_CHINESE[number]}村民小组",
            text.translate(_FULL),
        )
    )


def same_name(text: str) -> str:
    """A name for comparing: without blanks, every middle dot made one."""
    kept = "".join(text.split())
    for dot in "•・‧":
        kept = kept.replace(dot, "·")
    return kept
