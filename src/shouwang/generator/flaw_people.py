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


def _members(home: Home, test: Test) -> Iterator[Person]:
    return (one for one in home.people if test(one))


def _plain(one: Person) -> bool:
    """Neither disabled nor without a number of their own."""
    return not one.cells["disability_level"]


def _healthy(one: Person) -> bool:
    return _plain(one) and not any(one.cells[c] for c in ("serious_illness", "mental_disorder", "chronic_illness"))


def member(finding: str, test: Test, change: Callable[[Person], Row]) -> Callable[[Home, random.Random], bool]:
    """A plant that changes cells of one member who passes the test."""

    def plant(home: Home, _chance: random.Random) -> bool:
        one = next(_members(home, test), None)
        if one is None:
            return False
        one.cells |= change(one)
        home.mark(finding, "members", one.cells)
        return True

    return plant


def household(finding: str, test: Callable[[Home], bool], change: Callable[[Home], Row]) -> Callable[[Home, random.Random], bool]:
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
    one = next(_members(home, lambda p: p.word in words and _plain(p)), None)
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
    cells = one.cells | {"relation": "other", "relation_word": None, "months_in_household": 0, "copy_of": at + 1}
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
    one = next(_members(home, lambda p: p.relation == "spouse" and _plain(p)), None)
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
    return bool(one.cells["in_school"]) and one.cells["school_stage"] in ("senior", "vocational") and _healthy(one)


def child_at_work(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, pupil), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "county", "months_worked": 2}
    for finding in ("job.under_16", "labour.unable_works", "school.student_works"):
        home.mark(finding, "members", one.cells)
    return True


def unable_works(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, lambda p: p.cells["labour_capacity"] in ("none", "lost") and p.age > 16), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "county", "months_worked": 2}
    home.mark("labour.unable_works", "members", one.cells)
    return True


def dropout_flag(home: Home, _chance: random.Random) -> bool:
    """The visit says that a child is out of school, and every child is in school."""
    return _guarantee(home, "school_dropout", "schooling", "education.out_of_school", "school.flag_disagrees")


def insurance_flag(home: Home, _chance: random.Random) -> bool:
    return _guarantee(home, "uninsured_member", "illness", "medical.uninsured", "health.insurance_flag")


def uninsured_but_paid(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, adult), None)
    if one is None or not _guarantee(home, "uninsured_member", "illness", "medical.uninsured"):
        return False
    one.cells |= {"medical_insurance": False, "insurance_kinds": None}
    economy.item(home, "excluded.insurance_premium", 380, one, received_on=home.back(60))
    home.mark("health.uninsured_but_paid", "members", one.cells)
    return True


def serving_uninsured(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, conscript), None)
    if one is None or not _guarantee(home, "uninsured_member", "illness", "medical.uninsured"):
        return False
    one.cells |= {"medical_insurance": False, "insurance_kinds": None, "serving": True}
    home.mark("health.serving_uninsured", "members", one.cells)
    return True


def conscript(one: Person) -> bool:
    return 18 <= one.age <= 33 and not one.cells["in_school"] and one.relation == "child" and _healthy(one)


def _guarantee(home: Home, flag: str, cause: str, found: str, *more: str) -> bool:
    """A yes in one of the four questions, seen by the visitor, so that the household is left out as well."""
    if home.visit is None or not home.visit["campaign"]:
        return False
    home.cells[flag] = True
    visiting.at_risk(home, cause)
    home.visit |= {} if home.cells["away"] else {"mode": "in_person", "study_place": None, "study_people": None}
    for finding in (*more, found, "identify.left_out"):
        home.mark(finding)
    return True


def pension_unpaid(home: Home, _chance: random.Random) -> bool:
    for slot, one in enumerate(home.people, 1):
        paid = [row for row in home.items if row["slot"] == slot and row["kind"] == "transfer.pension"]
        if one.age >= 61 and paid and len([r for r in home.items if r["kind"] == "transfer.pension"]) == 1:
            for row in paid:
                row["kind"] = "transfer.other"
            home.mark("health.pension_unpaid", "members", one.cells)
            return True
    return False


def wages(home: Home, one: Person) -> list[Row]:
    """The wage items of a member."""
    slot = home.people.index(one) + 1
    return [row for row in home.items if row["slot"] == slot and row["kind"].startswith("wage.")]


def no_work_but_wage(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, lambda p: working(p) and bool(wages(home, p))), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "none", "months_worked": 0}
    home.mark("job.work_and_wage", "members", one.cells)
    return True


def wage_place(home: Home, _chance: random.Random) -> bool:
    one = next(_members(home, lambda p: working(p) and p.cells["employment_place"] == "outside" and bool(wages(home, p))), None)
    if one is None or one.cells["public_post"]:
        return False
    one.cells["employment_place"] = "county"
    home.mark("job.wage_place", "members", one.cells)
    return True


def month_wage(home: Home, _chance: random.Random) -> bool:
    for one in _members(home, working):
        if sum(float(row["amount"]) for row in wages(home, one)) > 32000:
            one.cells["months_worked"] = 1
            home.mark("job.month_wage", "members", one.cells)
            return True
    return False


def old_in_post(home: Home, _chance: random.Random) -> bool:
    """Somebody over 69 holds a public post; money of another kind becomes its wage."""
    one = next(_members(home, lambda p: p.age >= 71 and not p.works), None)
    kinds = ("transfer.support", "transfer.other", "property.house_rent", "property.land_transfer")
    row = next((row for row in home.items if row["kind"] in kinds and row["amount"] > 500), None)
    if one is None or row is None or any(r["kind"] == "wage.public_post" for r in home.items):
        return False
    one.cells["public_post"] = True
    row |= {"kind": "wage.public_post", "slot": home.people.index(one) + 1}
    home.mark("job.public_post_person", "members", one.cells)
    return True


def travel_subsidy(home: Home, _chance: random.Random) -> bool:
    away = any(one.cells["employment_place"] in ("province", "outside") for one in home.people)
    one = next(_members(home, lambda p: p.cells["employment_place"] == "county" and bool(wages(home, p))), None)
    if away or one is None:
        return False
    economy.item(home, "cost.travel_subsidy", 300, one, received_on=home.back(120))
    home.mark("job.cost")
    return True


def phone_of_two(home: Home, _chance: random.Random) -> bool:
    """Head and the second member have one phone and work in different places."""
    if len(home.people) < 2:
        return False
    places = [one.cells["employment_place"] for one in home.people[:2]]
    if "none" in places or places[0] == places[1] or home.people[1].age < 25:
        return False
    home.people[1].cells["fault"] = "phone"
    home.mark("phone.shared")
    return True
