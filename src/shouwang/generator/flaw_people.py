"""How a fault in the data about people is planted: numbers, relations, labour, school, health, work.

Every function plants into a household that is otherwise in order and marks each finding that must follow; it
returns False, with nothing changed, where the household cannot have the fault.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from shouwang.generator import economy, person, visiting
from shouwang.generator.home import RANGE, Home, Row
from shouwang.generator.person import Person

Test = Callable[[Person], bool]


def members(home: Home, test: Test) -> Iterator[Person]:
    """The members who pass a test."""
    return (one for one in home.people if test(one))


def _plain(one: Person) -> bool:
    """Neither disabled nor without a number of their own."""
    return not one.cells["disability_level"]


def _healthy(one: Person) -> bool:
    return _plain(one) and not any(
        one.cells[c] for c in ("serious_illness", "mental_disorder", "chronic_illness")
    )


def member(
    finding: str, test: Test, change: Callable[[Person], Row]
) -> Callable[[Home, random.Random], bool]:
    """A plant that changes cells of one member who passes the test."""

    def plant(home: Home, _chance: random.Random) -> bool:
        one = next(members(home, test), None)
        if one is None:
            return False
        one.cells |= change(one)
        home.mark(finding, "members", one.cells)
        return True

    return plant


def household(
    finding: str, test: Callable[[Home], bool], change: Callable[[Home], Row]
) -> Callable[[Home, random.Random], bool]:
    """A plant that changes cells of the household."""

    def plant(home: Home, _chance: random.Random) -> bool:
        if not test(home):
            return False
        home.cells |= change(home)
        home.mark(finding)
        return True

    return plant


def number(fault: str, test: Test = _plain) -> Callable[[Home, random.Random], bool]:
    """A plant that writes the identity number or the certificate wrongly (:mod:`shouwang.generator.expansion`)."""
    names = {
        "missing": "identity.missing",
        "form": "identity.form",
        "check_digit": "identity.check_digit",
        "old_number": "identity.old_number",
        "birth_date": "identity.birth_date",
        "certificate_form": "identity.certificate_form",
        "certificate_level": "identity.certificate_level",
    }
    return member(names[fault], test, lambda _one: {"fault": fault})


def adult(one: Person) -> bool:
    return _plain(one) and 30 <= one.age <= 55


def disabled(one: Person) -> bool:
    return bool(one.cells["disability_level"])


def other_sex(home: Home, _chance: random.Random) -> bool:
    """A child entered with the other sex and its word, the number being right."""
    words = {"之子": "之女", "之女": "之子", "孙子": "孙女", "孙女": "孙子"}
    one = next(members(home, lambda p: p.word in words and _plain(p)), None)
    if one is None:
        return False
    sex = "female" if one.sex == "male" else "male"
    one.cells |= {"sex": sex, "relation_word": words[one.word], "number_sex": one.sex}
    home.mark("identity.sex", "members", one.cells)
    return True


def entered_twice(home: Home, _chance: random.Random) -> bool:
    """A pupil is there twice, with the same number."""
    at = next((at for at, p in enumerate(home.people) if p.pupil_age and _plain(p)), None)
    if at is None or len(home.people) > 9:
        return False
    one = home.people[at]
    cells = one.cells | {
        "relation": "other",
        "relation_word": None,
        "months_in_household": 0,
        "copy_of": at + 1,
    }
    again = Person("other", "", one.sex, one.age, one.line, None, cells)
    home.people.append(again)
    home.mark("identity.duplicate", "members", one.cells)
    home.mark("identity.duplicate", "members", again.cells)
    return True


def no_head(home: Home, _chance: random.Random) -> bool:
    home.people[0].cells |= {"relation": "other", "relation_word": None}
    home.mark("household.one_head")
    return True


def same_sex(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, lambda p: p.relation == "spouse" and _plain(p)), None)
    if one is None:
        return False
    one.sex = home.people[0].sex
    one.cells["sex"] = one.sex
    home.mark("household.spouse")
    return True


def wrong_word(one: Person) -> Row:
    return {"relation_word": {"之子": "之女", "之女": "之子", "孙子": "孙女", "孙女": "孙子"}[one.word]}


def months(home: Home, _chance: random.Random) -> bool:
    """Thirteen months in the household; the income per person and the visit's band follow."""
    if not home.items or home.net_per_capita < 1.3 * RANGE:
        return False
    home.people[0].cells["months_in_household"] = 13
    home.net_per_capita = round(economy.net(home) * 12 / home.months, 2)
    home.mark("household.months", "members", home.people[0].cells)
    return True


def crowd(home: Home, chance: random.Random) -> bool:
    """Thirteen members: grandchildren of others who were entered here."""
    if home.people[0].age < 60 or len(home.people) > 6:
        return False
    line = home.people[0].line
    while len(home.people) < 13:
        one = person.child(chance, chance.randint(7, 15), line, "grandchild")
        person.describe(one, chance)
        one.cells["months_in_household"] = 0
        home.people.append(one)
    home.mark("household.size")
    return True


def working(one: Person) -> bool:
    return one.works and _healthy(one)


def pupil(one: Person) -> bool:
    return one.pupil_age and _healthy(one)


def senior(one: Person) -> bool:
    return (
        bool(one.cells["in_school"])
        and one.cells["school_stage"] in ("senior", "vocational")
        and _healthy(one)
    )


def dropout_flag(home: Home, _chance: random.Random) -> bool:
    """The visit says that a child is out of school, and every child is in school."""
    return _guarantee(home, "school_dropout", "schooling", "education.out_of_school", "school.flag_disagrees")


def insurance_flag(home: Home, _chance: random.Random) -> bool:
    return _guarantee(home, "uninsured_member", "illness", "medical.uninsured", "health.insurance_flag")


def uninsured_but_paid(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, adult), None)
    if one is None or not _guarantee(home, "uninsured_member", "illness", "medical.uninsured"):
        return False
    one.cells |= {"medical_insurance": False, "insurance_kinds": None}
    economy.item(home, "excluded.insurance_premium", 380, one, received_on=home.back(60))
    home.mark("health.uninsured_but_paid", "members", one.cells)
    return True


def serving_uninsured(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, conscript), None)
    if one is None or not _guarantee(home, "uninsured_member", "illness", "medical.uninsured"):
        return False
    one.cells |= {"medical_insurance": False, "insurance_kinds": None, "serving": True}
    home.mark("health.serving_uninsured", "members", one.cells)
    return True


def conscript(one: Person) -> bool:
    return 18 <= one.age <= 33 and not one.cells["in_school"] and one.relation == "child" and _healthy(one)


def _guarantee(home: Home, flag: str, cause: str, found: str, *more: str) -> bool:
    """A yes in one of the four questions, seen by the visitor, so that the household is left out as well."""
    if home.visit is None or not home.visit["campaign"] or home.alerts or home.cells["away"]:
        return False
    home.cells[flag] = True
    visiting.at_risk(home, cause)
    home.visit |= {"mode": "in_person", "study_place": None, "study_people": None}
    for finding in (*more, found, "identify.left_out"):
        home.mark(finding)
    return True
