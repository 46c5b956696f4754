"""Who lives in a household: ages, relations, and what follows from an age (work, school, health,
insurance).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TRADES = ("housekeeper", "cook", "massage", "car_repair", "concrete", "rebar", "welder", "electrician")
SECTORS = {
    "outside": ("制造业", "建筑业", "物流快递"),
    "province": ("建筑业", "餐饮服务", "制造业"),
    "county": ("种养殖", "零工", "商贸服务"),
}
WORKPLACES = {
    "outside": ("浙江某电子厂", "广东某制衣厂", "福建某工地"),
    "province": ("重庆主城某工地", "重庆主城某餐馆", "璧山某配件厂"),
    "county": ("本镇", "城区", "邻村合作社"),
}


@dataclass
class Person:
    """One member; ``line`` says whose surname: 0 the head's, 1 the spouse's, else one of their own.

    ``newborn_months`` (0-11) is set where ``age`` is 0. ``cells`` are columns of the table members.
    """

    relation: str
    word: str
    sex: str
    age: int
    line: int
    newborn_months: int | None = None
    cells: dict[str, Any] = field(default_factory=dict)

    @property
    def able(self) -> bool:
        return self.cells["labour_capacity"] in ("skilled", "ordinary")

    @property
    def works(self) -> bool:
        return bool(self.cells["months_worked"])

    @property
    def pupil_age(self) -> bool:
        """Of an age at which every child goes to school, whichever day of the year it is."""
        return 7 <= self.age <= 15


def family(chance: random.Random) -> list[Person]:
    """The members of one household, the head first; about 3.3 on average."""
    makers, weights = zip(*_SHAPES, strict=True)
    people: list[Person] = chance.choices(makers, weights)[0](chance)
    for person in people:
        describe(person, chance)
    return people


def _couple(chance: random.Random, low: int, high: int) -> list[Person]:
    """Head and spouse; one head in eight is a woman."""
    age = chance.randint(low, high)
    head, spouse = ("female", "male") if chance.random() < 0.12 else ("male", "female")
    other = max(20, age + chance.randint(-5, 2) * (1 if head == "male" else -1))
    return [Person("head", "户主", head, age, 0), Person("spouse", "配偶", spouse, other, 1)]


def _children(
    chance: random.Random, count: int, parent_age: int, line: int, relation: str = "child"
) -> list[Person]:
    """Children 22 to 32 years younger, three years apart or more; those not yet born are left out."""
    ages = (parent_age - chance.randint(22, 32) - order * 3 for order in range(count))
    return [child(chance, age, line, relation) for age in sorted(ages, reverse=True) if age >= 0]


def child(chance: random.Random, age: int, line: int, relation: str) -> Person:
    """A son or daughter (or grandchild) of that age."""
    sex = "male" if chance.random() < 0.52 else "female"
    words = {"child": {"male": "之子", "female": "之女"}, "grandchild": {"male": "孙子", "female": "孙女"}}
    months = chance.randint(0, 11) if age == 0 else None
    return Person(relation, words[relation][sex], sex, age, line, months)


def _line(people: list[Person]) -> int:
    """Children carry the father's surname."""
    return 0 if people[0].sex == "male" else 1


def _elder_alone(chance: random.Random) -> list[Person]:
    sex = "male" if chance.random() < 0.5 else "female"
    return [Person("head", "户主", sex, chance.randint(62, 88), 0)]


def _elder_couple(chance: random.Random) -> list[Person]:
    return _couple(chance, 58, 82)


def _young_couple(chance: random.Random) -> list[Person]:
    return _couple(chance, 26, 57)


def _couple_children(chance: random.Random) -> list[Person]:
    people = _couple(chance, 29, 48)
    return people + _children(chance, chance.choice((1, 1, 2, 2, 3)), _younger(people), _line(people))


def _couple_adult_children(chance: random.Random) -> list[Person]:
    people = _couple(chance, 45, 59)
    return people + _children(chance, chance.choice((1, 1, 2)), _younger(people), _line(people))


def _three_generations(chance: random.Random) -> list[Person]:
    people = _couple_children(chance)
    return people + _parents(chance, people[0].age)


def _parents(chance: random.Random, head_age: int) -> list[Person]:
    father = Person("parent", "父亲", "male", min(94, head_age + chance.randint(21, 34)), 0)
    mother = Person("parent", "母亲", "female", min(95, head_age + chance.randint(20, 33)), 2)
    return chance.choice(([father, mother], [father], [mother], [mother]))


def _elder_with_son(chance: random.Random) -> list[Person]:
    people = _couple(chance, 56, 74)
    son = Person("child", "之子", "male", min(47, _younger(people) - chance.randint(21, 28)), _line(people))
    wife = Person("other", "儿媳", "female", max(22, son.age + chance.randint(-4, 1)), 3)
    young = min(son.age, wife.age)
    return [
        *people,
        son,
        wife,
        *_children(chance, chance.choice((0, 1, 1, 2)), young, son.line, "grandchild"),
    ]


def _left_behind(chance: random.Random) -> list[Person]:
    people = _couple(chance, 58, 73)
    count = chance.choice((1, 1, 2))
    return people + [
        child(chance, chance.randint(3, 15), _line(people), "grandchild") for _one in range(count)
    ]


def _single(chance: random.Random) -> list[Person]:
    return [Person("head", "户主", "male", chance.randint(28, 59), 0)]


def _lone_parent(chance: random.Random) -> list[Person]:
    head = Person("head", "户主", chance.choice(("male", "female")), chance.randint(30, 52), 0)
    return [head, *_children(chance, chance.choice((1, 1, 2)), head.age, 0)]


def _younger(people: list[Person]) -> int:
    return min(person.age for person in people[:2])


_SHAPES: tuple[tuple[Callable[[random.Random], list[Person]], int], ...] = (
    (_elder_alone, 9),
    (_elder_couple, 13),
    (_young_couple, 8),
    (_couple_children, 17),
    (_couple_adult_children, 15),
    (_three_generations, 20),
    (_elder_with_son, 9),
    (_left_behind, 5),
    (_single, 2),
    (_lone_parent, 2),
)


def describe(person: Person, chance: random.Random) -> None:
    """Fills the columns that follow from age: school, health, labour capacity, work, insurance."""
    person.cells = {
        "relation": person.relation,
        "relation_word": person.word,
        "sex": person.sex,
        "id_type": "resident",
        "months_in_household": 12 if person.newborn_months is None else person.newborn_months,
        "shares_income": True,
        "serving": False,
        "home_teaching": False,
        "cannot_attend": False,
    }
    _school(person, chance)
    _health(person, chance)
    set_labour(person, chance)
    _work(person, chance)
    _insurance(person, chance)


def _school(person: Person, chance: random.Random) -> None:
    age, draw = person.age, chance.random()
    stage = None
    if 3 <= age <= 6:  # the age on the last 31 August, by which school begins, is this or one less
        stage = "preschool" if draw < 0.85 or age == 6 else None
    elif 7 <= age <= 12:
        stage = "primary"
    elif 13 <= age <= 15:
        stage = "junior"
    elif 16 <= age <= 18:
        stage = "senior" if draw < 0.48 else "vocational" if draw < 0.82 else None
    elif 19 <= age <= 22:
        stage = "college" if draw < 0.22 else "university" if draw < 0.42 else None
    person.cells |= {"in_school": stage is not None, "school_stage": stage}


def _health(person: Person, chance: random.Random) -> None:
    age = person.age
    disabled = chance.random() < (0.012 if age < 45 else 0.035 if age < 60 else 0.07)
    chronic = chance.random() < (0.01 if age < 35 else 0.07 if age < 60 else 0.36)
    person.cells |= {
        "disability_level": chance.choice((2, 3, 3, 4, 4, 4)) if disabled else 0,
        "serious_illness": age >= 16 and chance.random() < (0.004 if age < 60 else 0.015),
        "mental_disorder": 16 <= age < 75 and chance.random() < 0.003,
        "chronic_illness": chronic,
        "family_doctor": chronic or chance.random() < 0.3,
    }


def set_labour(person: Person, chance: random.Random) -> None:
    """Labour capacity and its reason by the note of XH annex 1: 16 to 60, health, disability, certificate."""
    capacity, reason = _capacity(person, chance)
    skilled = capacity == "ordinary" and 20 <= person.age <= 55 and not person.cells["in_school"]
    trade = chance.choice(TRADES) if skilled and chance.random() < 0.08 else None
    person.cells |= {
        "labour_capacity": "skilled" if trade else capacity,
        "labour_reason": reason,
        "trade": trade,
        "skill_certificate": "职业技能等级证书（五级）" if trade else None,
    }


def _capacity(person: Person, chance: random.Random) -> tuple[str, str | None]:
    cells, age = person.cells, person.age
    severe = cells["disability_level"] in (1, 2)
    grave = cells["serious_illness"] or cells["mental_disorder"]
    if age < 16:
        return "none", None
    if age >= 60:
        unable = severe or grave or chance.random() < (0.08 if age < 75 else 0.6)
        return ("none", None) if unable else ("weak", "over_60")
    if severe or (grave and chance.random() < 0.4):
        return "lost", None
    if cells["disability_level"]:
        return "weak", "disability"
    if grave or (cells["chronic_illness"] and chance.random() < 0.4):
        return "weak", "illness"
    return "ordinary", None


def _work(person: Person, chance: random.Random) -> None:
    able = person.able and not person.cells["in_school"] and 17 <= person.age <= 60
    weak = person.cells["labour_capacity"] == "weak" and person.age < 68 and not person.cells["in_school"]
    place = "none"
    if able:
        place = chance.choices(("outside", "province", "county", "none"), (36, 18, 30, 16))[0]
    elif weak:
        place = chance.choices(("county", "none"), (22, 78))[0]
    set_work(person, place, chance)


def set_work(person: Person, place: str, chance: random.Random) -> None:
    """Where somebody works and for how many months; ``place`` is a code of employment_place."""
    works = place != "none"
    person.cells |= {
        "employment_place": place,
        "months_worked": chance.randint(5, 11) if works else 0,
        "public_post": False,
        "sector": chance.choice(SECTORS[place]) if works else None,
        "workplace": chance.choice(WORKPLACES[place]) if works else None,
        "board_provided": (chance.random() < 0.35) if works else None,
    }


def _insurance(person: Person, chance: random.Random) -> None:
    employee = person.works and person.able and chance.random() < 0.12
    adult = person.age >= 16 and not person.cells["in_school"]
    person.cells |= {
        "medical_insurance": True,
        "insurance_kinds": "employee" if employee else "resident",
        "pension_enrolled": (person.age >= 60 or chance.random() < 0.9) if adult else None,
    }
