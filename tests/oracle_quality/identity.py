"""identity.*"""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.oracle.logic import Truth, all3, any3, is_one_of, not3

from .registry import of_members
from .world import Household, Row, World, add_years, disabled

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DIGITS = "0123456789"


def number(member: Row) -> str | None:
    text = member.get("id_number")
    return None if text is None else text.strip()


def foreign(member: Row) -> bool:
    """A kind of document that is not said is the resident's card."""
    return member.get("id_type") == "foreign"


def apart(member: Row) -> bool:
    """Foreign, or a number that stands in for one (of that identity.missing tells)."""
    return foreign(member) or (number(member) or "").startswith("999999")


def digits(text: str) -> bool:
    return bool(text) and all(c in DIGITS for c in text)


def readable(text: str) -> bool:
    """15 digits, or 18, 20 or 22 characters of which the first 17 are digits."""
    return digits(text) if len(text) == 15 else len(text) in (18, 20, 22) and digits(text[:17])


def check_character(first17: str) -> str:
    return "10X98765432"[sum(int(c) * w for c, w in zip(first17, WEIGHTS, strict=True)) % 11]


def judged(member: Row) -> str | None:
    """The number where its characters can be read: none of a foreign document, none that stands in for a number."""
    text = number(member)
    return None if text is None or apart(member) else text


def person_key(member: Row) -> str | None:
    """Characters 1-18, a 15-digit number made 18 long."""
    text = number(member)
    if text is None or well_formed(text) is False:
        return None
    if len(text) == 15:
        longer = text[:6] + "19" + text[6:]
        return longer + check_character(longer)
    return text[:18].upper()


@of_members("identity.missing")
def _missing(h: Household, m: Row) -> Truth:
    empty = [h.world.empty("members", m, c) for c in ("name", "sex", "birth_date")]
    text = number(m)
    bad = h.world.empty("members", m, "id_number") if text is None else text.startswith("999999")
    return any3([*empty, all3([bad, m.get("id_type") not in ("foreign", "none")])])


@of_members("identity.form")
def _form(_h: Household, m: Row) -> Truth:
    text = judged(m)
    if text is None:
        return False if apart(m) else None
    return not well_formed(text)


def well_formed(text: str) -> bool:
    if len(text) not in (15, 18, 20, 22):
        return False
    body = text[:20] if len(text) == 22 else text
    if len(body) >= 18 and body[17] in "Xx":
        body = body[:17] + "0" + body[18:]
    return digits(body)


@of_members("identity.check_digit")
def _check(_h: Household, m: Row) -> Truth:
    text = judged(m)
    if text is None:
        return False if apart(m) else None
    if not readable(text) or len(text) == 15:
        return None  # what has no 17 digits has no check character; identity.form tells
    return check_character(text[:17]) != text[17].upper()


@of_members("identity.old_number")
def _old(_h: Household, m: Row) -> Truth:
    text = judged(m)
    if text is None:
        return False if apart(m) else None
    return len(text) == 15 and digits(text)


def _birth_in(text: str) -> str | None:
    if len(text) == 15:
        return "19" + text[6:12]
    return text[6:14] if len(text) in (18, 20, 22) else None


@of_members("identity.birth_date")
def _birth(h: Household, m: Row) -> Truth:
    text = judged(m)
    if text is None:
        return False if apart(m) else None
    inside = _birth_in(text)
    if inside is None or not readable(text):
        return None
    try:
        born = date(int(inside[:4]), int(inside[4:6]), int(inside[6:]))
    except ValueError:
        return True
    if born > h.on or add_years(born, h.par("age_max")) < h.on:
        return True
    return not3(is_one_of(m.get("birth_date"), born))


@of_members("identity.sex")
def _sex(_h: Household, m: Row) -> Truth:
    text = judged(m)
    if text is None:
        return False if apart(m) else None
    if not readable(text):
        return None
    digit = text[14] if len(text) == 15 else text[16]
    return not3(is_one_of(m.get("sex"), "male" if int(digit) % 2 else "female"))


def keys_of(world: World) -> Counter[str]:
    """How many present members have each person key; numbers that stand in for one have none."""
    if world.person_keys is None:
        keys = [person_key(m) for home in world.households.values() for m in home.members or []]
        world.person_keys = Counter(key for key in keys if key is not None and not key.startswith("999999"))
    return world.person_keys


@of_members("identity.duplicate")
def _duplicate(h: Household, m: Row) -> Truth:
    if number(m) is None:
        return None
    key = person_key(m)
    return not apart(m) and key is not None and keys_of(h.world)[key] > 1


def certificate(m: Row) -> str | None:
    """The certificate, or the number where it is one."""
    text = m.get("disability_certificate")
    if text is not None:
        return text.strip()
    own = judged(m)
    return own if own is not None and len(own) in (20, 22) else None


@of_members("identity.certificate_form")
def _certificate_form(h: Household, m: Row) -> Truth:
    text = certificate(m)
    if text is None:
        known = h.world.has("members", "disability_certificate")
        return False if known else None
    if len(text) not in (20, 22) or text[18] not in "1234567" or text[19] not in "1234":
        return True
    return not3(is_one_of(person_key(m), text[:18].upper()))


@of_members("identity.certificate_level")
def _certificate_level(h: Household, m: Row) -> Truth:
    text = certificate(m)
    if text is None:
        missing = True if h.world.has("members", "disability_certificate") else None
        return all3([disabled(m), missing])
    level = m.get("disability_level")
    if level is None:
        return h.world.empty("members", m, "disability_level")
    if level == 0:
        return True
    if len(text) < 20 or text[19] not in "1234":
        return None  # identity.certificate_form tells
    return int(text[19]) != level
