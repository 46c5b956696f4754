"""Identity numbers (GB 11643) out of office cells: mended where nothing is guessed, else kept out.

Mending may only strip blanks, quotes, hyphens and invisible characters, turn full width to ASCII and x to X,
and put 19 before the year of a number of 15 digits. A number cell of more than 15 digits has lost its last
digits: it is kept out even where the check character happens to fit (9 in 100 do).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shouwang.language import _
from shouwang.tables.intake.wording import is_dash
from shouwang.tables.sheets import Value

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_QUOTES = "'\"‘’‚‛“”„‟`´′″＇＂「」『』"
_HYPHENS = "-‐‑‒–—―−﹣－"
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_EXPONENT = re.compile(r"[0-9]+(\.[0-9]+)?[Ee]\+?[0-9]+")


@dataclass(frozen=True)
class IdReading:
    """What an identity cell says.

    ``status``: ``accepted``, ``missing`` (empty), ``words`` (未办证 and the like) or ``quarantined``.
    ``number`` is set only where accepted; ``certificate`` is the whole disability certificate where the cell
    held one, ``level`` its last digit. ``how`` tells what was done or what is wrong.
    """

    status: str
    number: str = ""
    how: str = "plain"
    certificate: str = ""
    level: int | None = None

    @property
    def repaired(self) -> bool:
        return self.status == "accepted" and self.how != "plain"


def check_character(first17: str) -> str:
    """The 18th character for 17 digits."""
    return CHECKS[sum(w * int(d) for w, d in zip(WEIGHTS, first17, strict=True)) % 11]


def birth_date(number: str) -> date:
    """The birthday in an accepted number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> str:
    """``male`` or ``female``, by the 17th digit of an accepted number."""
    return "male" if int(number[16]) % 2 else "female"


def zeros_lost(values: Iterable[Value]) -> bool:
    """Whether a column's texts of 18 digits ending in 000 look like numbers that lost their last digits.

    They do where one of them fails its check character, or where they are a tenth of the column: of true
    numbers one in a thousand ends so.
    """
    texts = [_strip(value)[0] for value in values if isinstance(value, str)]
    whole = [text for text in texts if re.fullmatch(r"[0-9]{18}", text)]
    zeros = [text for text in whole if text.endswith("000")]
    return len(zeros) * 10 >= max(len(whole), 1) or any(check_character(t[:17]) != t[17] for t in zeros)


def read_id(value: Value, on: date, *, zeros_doubtful: bool = True) -> IdReading:
    """Reads one identity cell.

    ``on`` is the day after which nobody can have been born; ``zeros_doubtful`` says that a text ending in 000
    may be a number that lost its last digits (see :func:`zeros_lost`).
    """
    if value is None or isinstance(value, bool):
        return IdReading("missing", how="blank")
    if isinstance(value, date):
        return IdReading("quarantined", how="length")
    if isinstance(value, (int, float)):
        return _number_cell(value, on)
    reading = _text_cell(value, on)
    if (
        zeros_doubtful
        and reading.number.endswith("000")
        and not reading.certificate
        and reading.how != "old_15"
    ):
        return IdReading("quarantined", how="zeros")
    return reading


def _number_cell(value: int | float, on: date) -> IdReading:
    if abs(value) >= 1e15:
        return IdReading("quarantined", how="number")
    if value != int(value) or value < 0:
        return IdReading("quarantined", how="characters")
    return _judge(str(int(value)), "old_15", on)


def _text_cell(text: str, on: date) -> IdReading:
    plain, how = _strip(text)
    if not plain or is_dash(plain):
        return IdReading("missing", how="blank")
    if not any(c.isdigit() for c in plain):
        return IdReading("words", how="words")
    if _EXPONENT.fullmatch(plain):
        return IdReading("quarantined", how="exponent")
    return _judge(plain, how, on)


def _strip(text: str) -> tuple[str, str]:
    """The bare characters, and the last thing that had to be done to get them."""
    how, kept = "plain", []
    if text.startswith("="):  # ="…" as written into CSV to keep a number text
        text, how = text[1:], "quotes"
    for c in text:
        if "！" <= c <= "～":
            c = chr(ord(c) - 0xFEE0)
            how = "full_width"
        if c in _QUOTES:
            how = "apostrophe" if c == "'" and text.count("'") == 1 else "quotes"
        elif c in _HYPHENS:
            how = "hyphens"
        elif c.isspace() or unicodedata.category(c) in ("Cf", "Cc", "Zs", "Zl", "Zp") or c == "\u3164":
            how = "blanks" if how == "plain" else how
        else:
            kept.append(c)
    plain = "".join(kept)
    if plain[17:18] == "x":
        plain = plain[:17] + "X" + plain[18:]
        how = "lower_x" if how == "plain" else how
    return plain, how


def _judge(plain: str, how: str, on: date) -> IdReading:
    if not re.fullmatch(r"[0-9A-Z]+", plain):
        return IdReading("quarantined", how="characters")
    if len(plain) == 15 and plain.isdigit():
        first17 = f"{plain[:6]}19{plain[6:]}"
        return _dated(first17 + check_character(first17), "old_15", on)
    if len(plain) in (20, 22) and _NUMBER.fullmatch(plain[:18]) and plain[18:20].isdigit():
        return _certificate(plain, how, on)
    if len(plain) != 18:
        return IdReading("quarantined", how="length")
    if not _NUMBER.fullmatch(plain):
        return IdReading("quarantined", how="characters")
    return _dated(plain, how, on)


def _certificate(plain: str, how: str, on: date) -> IdReading:
    inner = _dated(plain[:18], how, on)
    level = int(plain[19])
    if inner.status != "accepted":
        return inner
    return IdReading("accepted", inner.number, how, plain, level if 1 <= level <= 4 else None)


def _dated(number: str, how: str, on: date) -> IdReading:
    try:
        born = birth_date(number)
    except ValueError:
        return IdReading("quarantined", how="date")
    if not born.year >= 1880 or born > on:
        return IdReading("quarantined", how="date")
    if check_character(number[:17]) != number[17]:
        return IdReading("quarantined", how="check")
    return IdReading("accepted", number, how)


def reason(how: str) -> str:
    """Why a cell was kept out, and what mends it, as a sentence."""
    sentences = {
        "number": _("证件号码存成了数值，末几位已丢失，校验位碰巧相符也不能用；请按文本重新填写。"),
        "exponent": _("证件号码成了科学计数法，后几位已丢失；请按文本重新填写。"),
        "zeros": _("证件号码以 000 结尾，像是按数值保存后丢了末三位；请核对原件。"),
        "length": _("证件号码位数不对，应为 18 位（残疾人证 20 或 22 位）；请核对原件。"),
        "date": _("证件号码中的出生日期不存在或晚于今天；请核对原件。"),
        "check": _("证件号码校验位不符，至少有一位写错；请核对原件。"),
        "characters": _("证件号码含有不该有的字符；请核对原件。"),
    }
    return sentences[how]


def masked(text: str) -> str:
    """An identity number or phone as it may be shown.

    First three and last two characters stay for identity numbers, 199****1234 for phones; other text with six
    or more digits keeps its first three and last two characters too.
    """
    bare = text.strip()
    if re.fullmatch(r"1[0-9]{10}", bare):
        return f"{bare[:3]}****{bare[-4:]}"
    if sum(c.isdigit() for c in bare) >= 9 and len(bare) > 5:
        return bare[:3] + "*" * (len(bare) - 5) + bare[-2:]
    return bare
