"""The SQL that turns the models into the exchange tables, one streaming query for each table.

Every query reads the villages in order, numbers their households, takes each one's model and writes its
rows: no sort and nothing kept, so that memory does not grow with the number of households. What differs from
household to household (names, numbers, positions, a few per cent of every amount) comes from
``hash(number, salt and seed)``.
"""

from __future__ import annotations

from collections.abc import Callable

from shouwang.generator import people
from shouwang.generator.templates import NUMBERS_PER_DAY, SQL_TYPES, model_columns, stride
from shouwang.tables.dictionary import TABLES, Type

_SCALED = ("households", "income_items", "alerts", "cases")  # tables whose amounts vary with the household
_ID_LETTERS = {
    "income_items": "I",
    "alerts": "A",
    "visits": "V",
    "cases": "C",
    "measures": "M",
    "projects": "P",
}
_BANDS = (
    (8300, "at_or_below_range"),
    (10000, "to_10000"),
    (12000, "to_12000"),
    (16000, "to_16000"),
    (20000, "to_20000"),
    (30000, "to_30000"),
)


def households(seed: int, stock: int) -> str:
    """One row per household with its place, number and model; the base of every other query."""
    return f"""
        SELECT p.*, m.*,
               CASE WHEN m.exact THEN 1.0
                    ELSE 0.97 + ({_hash("p.n", "factor", seed)} % 6001) / 1e5 END AS factor
        FROM (
            SELECT *, first + k AS n, (first + k) // {stock} AS block,
                   (((first + k) % {stock}) * {stride(stock)} + (first + k) // {stock} * 7919)
                       % {stock} AS model,
                   code || lpad((k + 1)::VARCHAR, 4, '0') AS hid
            FROM (SELECT *, unnest(range(size)) AS k FROM (FROM village ORDER BY code))
        ) p JOIN model_households m ON m.t = p.model"""


def select(table: str, seed: int, stock: int) -> str:
    """The query of one exchange table, its columns in the order of the dictionary."""
    base = households(seed, stock)
    if table == "households":
        source, special = f"({base}) h", _household_cells(seed)
    else:
        source = f"""(
            SELECT *, unnest(range(first_{table}, first_{table} + count_{table})) AS at FROM ({base})
        ) h JOIN model_{table} c ON c.k = h.at"""
        special = _key(table) | (_CELLS[table](seed) if table in _CELLS else {})
    if table == "members":
        source = _with_birthdays(source)
    cells = ", ".join(
        f"{special.get(c.name) or _plain(table, c.name, c.type)} AS {c.name}" for c in TABLES[table].columns
    )
    return f"SELECT {cells} FROM {source}"


def findings(seed: int, stock: int) -> str:
    """One row per finding that must follow from what was planted: trouble, finding, area_code, household_id, table, row."""
    letters = " ".join(f"WHEN '{table}' THEN '{letter}'" for table, letter in _ID_LETTERS.items())
    number = f"h.hid || coalesce(CASE c.tbl {letters} END, '') || lpad(c.place::VARCHAR, 2, '0')"
    source = f"({households(seed, stock)}) h JOIN model_marks c ON c.t = h.t"
    columns = (
        "c.kind AS trouble, c.finding, h.code AS area_code, {} AS household_id, c.tbl AS table, {} AS row"
    )
    own = columns.format("h.hid", f"CASE WHEN c.place > 0 THEN {number} END")
    before = columns.format("h.code || lpad(h.k::VARCHAR, 4, '0')", "NULL")
    return (
        f"SELECT {own} FROM {source} WHERE {_REAL} UNION ALL "
        f"SELECT {before} FROM {source} WHERE h.fault = 'twin' AND {_REAL}"
    )


# the first household of a village has none before it, and so no twin
_REAL = "(h.fault IS DISTINCT FROM 'twin' OR h.k > 0)"


def accounts(seed: int) -> str:
    """The accounts of those who make the round: one for forty households."""
    return f"""
        SELECT h.code || 'R' || lpad((i + 1)::VARCHAR, 3, '0') AS account_id, {_cadre(seed, "h.first + i + 100000")} AS name,
               {_phone(f"({_TOTAL} * 2 + h.first + i)")} AS phone, h.code AS area_code, 'visitor' AS role
        FROM (SELECT *, unnest(range((size - 1) // 40 + 1)) AS i FROM (FROM village ORDER BY code)) h"""


def truth(seed: int, stock: int) -> str:
    """One row per household with an intended trouble: household_id, trouble, findings joined by ;"""
    source = households(seed, stock)
    return f"SELECT hid AS household_id, trouble, findings FROM ({source}) h WHERE trouble IS NOT NULL AND {_REAL}"


def village_people(seed: int, stock: int) -> str:
    """area_code, households, people of each village."""
    source = households(seed, stock)
    return f"SELECT code, count(*), sum(count_members) FROM ({source}) GROUP BY code ORDER BY code"


def _plain(table: str, name: str, kind: Type) -> str:
    owner = "h" if table == "households" else "c"
    if kind is Type.MONEY:
        factor = " * h.factor" if table in _SCALED else ""
        return f"round({owner}.{name}{factor}, 2)::{SQL_TYPES[kind]}"
    return f"{owner}.{name}::{SQL_TYPES[kind]}" if kind is Type.NUMBER else f"{owner}.{name}"


def _key(table: str) -> dict[str, str]:
    cells = {"household_id": "h.hid"}
    if table in _ID_LETTERS:
        place = f"(h.at - h.first_{table} + 1)::VARCHAR"
        cells[TABLES[table].key] = f"h.hid || '{_ID_LETTERS[table]}' || lpad({place}, 2, '0')"
    return cells


def _hash(number: str, salt: str, seed: int) -> str:
    return f"hash({number}, '{salt}/{seed}')"


def _from(words: tuple[str, ...], draw: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][({draw} % {len(words)})::INTEGER + 1]"


def _name(seed: int, key: str, line: str, sex: str, dotted: str) -> str:
    """SQL for a name: ``line`` is the number behind the surname, ``key`` the one behind the given name."""
    first, second = _hash(key, "given", seed), _hash(key, "second", seed)
    male, female = (
        f"{_from(words, first)} || CASE WHEN {second} % 100 < 17 THEN ''"
        f" ELSE {_from(words, f'({second} // 128)')} END"
        for words in (people.MALE, people.FEMALE)
    )
    surname = _from(people.SURNAMES, _hash(line, "surname", seed))
    plain = f"{surname} || CASE {sex} WHEN 'male' THEN {male} ELSE {female} END"
    far = f"{_from(people.DOTTED_FIRST, first)} || '·' || {_from(people.DOTTED_LAST, second)}"
    return f"CASE WHEN {dotted} THEN {far} ELSE {plain} END"


def _head(seed: int) -> str:
    return _name(seed, f"{_WHO} * 16 + 1", f"{_WHO} * 16", "h.head_sex", "h.dotted")


_TWIN = "(h.fault = 'twin' AND h.k > 0)"
_WHO = (
    f"(h.n - coalesce({_TWIN}, false)::INTEGER)"  # a twin's head is called like that of the household before
)
_TOTAL = "(SELECT sum(size)::BIGINT FROM village)"


def _cadre(seed: int, who: str) -> str:
    """SQL for the name of a cadre, by the number ``who``.

    As many numbers in a row as there are names have names of their own; a male and a female character together, so
    that no member of a household is ever called so.
    """
    surnames, first, second = (len(words) for words in (people.SURNAMES, people.MALE, people.FEMALE))
    place = f"((({who}) * 104729 + {seed % 1000}) % {surnames * first * second})"
    parts = (
        _from(people.SURNAMES, place),
        _from(people.MALE, f"({place} // {surnames})"),
        _from(people.FEMALE, f"({place} // {surnames * first})"),
    )
    return " || ".join(parts)


def _contact(seed: int, owner: str) -> str:
    """One contact for the households that need one among thirty neighbours: two or three, never ten."""
    return f"CASE WHEN {owner}.has_contact THEN {_cadre(seed, _CONTACT)} END"


def _contact_of_household(seed: int) -> str:
    return f"CASE WHEN h.fault = 'contact' THEN {_head(seed)} ELSE {_contact(seed, 'h')} END"


_CONTACT, _VISITOR = "h.first + h.k // 30", "h.first + h.k // 40 + 100000"
_OWN = "h.n + 200000"  # somebody who came only to this household


def _phone(serial: str) -> str:
    """The phone of a serial number, no two alike: 1990000xxxx in a mixed order, then the range 154, which no operator
    has.
    """
    mixed = f"'{people.PHONE_PREFIX}' || lpad((({serial} * 7919 + 4242) % 9999 + 1)::VARCHAR, 4, '0')"
    further = f"'{people.PHONE_RANGE}' || lpad(({serial} + 12000000)::VARCHAR, 8, '0')"
    return f"CASE WHEN {serial} < 9999 THEN {mixed} ELSE {further} END"


def _own_phone() -> str:
    return _phone("(h.n * 2)")


def _household_phone() -> str:
    return f"""CASE h.fault WHEN 'phone_short' THEN left({_own_phone()}, 10)
        WHEN 'phone_cadre' THEN {_phone(f"({_TOTAL} * 2 + h.first + h.k // 40)")}
        WHEN 'twin' THEN {_phone(f"({_WHO} * 2)")} ELSE {_own_phone()} END"""


def _position(seed: int, axis: str) -> str:
    """Around the middle of the household's group (社), the groups around that of the village: within about 1.5 km."""
    group = f"(h.first * 16 + {_GROUP})"
    middle = f"(({_hash(group, axis, seed)} % 1601)::BIGINT - 800) / 1e5"
    own = f"(({_hash('h.n', axis, seed)} % 601)::BIGINT + ({_hash('h.n', axis + '+', seed)} % 601)::BIGINT - 600) / 1e5"
    return f"round(h.{axis} + {middle} + {own}, 6)"


_GROUP = "(h.k * (4 + h.first % 4) // h.size + 1)"


def _band() -> str:
    steps = " ".join(f"WHEN h.net * h.factor <= {upper} THEN '{band}'" for upper, band in _BANDS)
    return f"CASE WHEN NOT h.band_known THEN NULL {steps} ELSE 'over_30000' END"


def _household_cells(seed: int) -> dict[str, str]:
    group = f"{_GROUP}::VARCHAR || '组'"
    lng, lat = _position(seed, "lng"), _position(seed, "lat")
    swapped = "CASE WHEN h.fault = 'swapped' THEN {} ELSE {} END"
    other = _name(seed, "h.n * 16 + 15", "h.n * 16 + 15", "h.head_sex", "h.dotted")
    return {
        "household_id": "h.hid",
        "area_code": "h.code",
        "group_name": f"CASE WHEN h.fault IS DISTINCT FROM 'no_group' THEN {group} END",
        "head_name": f"CASE WHEN h.fault = 'head_name' THEN {other} ELSE {_head(seed)} END",
        "phone": _household_phone(),
        "contact": _contact_of_household(seed),
        "address": f"h.county || h.town || h.name || {group} || (h.k + 1)::VARCHAR || '号'",
        "lng": swapped.format(lat, lng),
        "lat": swapped.format(lng, lat),
        "income_band": _band(),
        "below_13000": "CASE WHEN h.band_known AND h.net * h.factor > 12000 AND h.net * h.factor <= 16000"
        " THEN h.net * h.factor < 13000 END",
    }


def _with_birthdays(source: str) -> str:
    """Adds ``birth`` and ``digits`` (birthday and order number as one integer) to the members' source.

    Members of one age and sex are numbered through all blocks; the number gives one of the birthdays of that
    age and one of the 500 order numbers of that day and sex, so that no identity number comes twice.
    """
    names = ", ".join(f"c.{name} AS m_{name}" for name in model_columns("members"))
    return f"""(
        SELECT *, (((year(birth) * 10000 + month(birth) * 100 + day(birth))::BIGINT * 1000)
                  + order_number * 2 + (m_number_sex = 'male')::INTEGER) AS digits
        FROM (SELECT *, m_anchor - (turn % m_days)::INTEGER AS birth, turn // m_days AS order_number
              FROM (SELECT h.*, {names}, ((h.block * c.cohort + c.rank) * 76543 + year(c.anchor) * 12345)
                           % (c.days * {NUMBERS_PER_DAY}) AS turn FROM {source}))
    ) h"""


def _member_cells(seed: int) -> dict[str, str]:
    slot = "(h.m_slot + coalesce(h.m_same_as, 0))"
    who = f"(CASE WHEN h.m_slot = 1 THEN {_WHO} ELSE h.n END)"
    line = f"{who} * 16 + CASE h.m_line WHEN 0 THEN 0 WHEN 1 THEN 12 ELSE {slot} END"
    number = f"'{people.PREFIX}' || h.digits::VARCHAR || {people.check_character_sql('h.digits')}"
    cells = {column.name: f"h.m_{column.name}" for column in TABLES["members"].columns}
    draw = _hash("h.n * 16 + h.m_slot", "phone", seed)
    return cells | {
        "household_id": "h.hid",
        "member_id": "h.hid || lpad(h.m_slot::VARCHAR, 2, '0')",
        "name": _name(seed, f"{who} * 16 + {slot}", line, "h.m_number_sex", "h.dotted"),
        "id_number": f"""CASE h.m_fault WHEN 'missing' THEN NULL WHEN 'form' THEN left({number}, 17)
            WHEN 'check_digit' THEN left({number}, 17) || CASE right({number}, 1) WHEN '1' THEN '2' ELSE '1' END
            WHEN 'old_number' THEN '{people.PREFIX}' || substr(h.digits::VARCHAR, 3) ELSE {number} END""",
        "birth_date": "CASE WHEN h.m_fault = 'birth_date' THEN h.birth - 1 ELSE h.birth END",
        "ethnic_group": "h.nation",
        "disability_certificate": f"CASE WHEN h.m_disability_level > 0 THEN {number}"
        f" || CASE h.m_fault WHEN 'certificate_form' THEN 0 ELSE {draw} % 7 + 1 END::VARCHAR"
        " || CASE h.m_fault WHEN 'certificate_level' THEN h.m_disability_level % 4 + 1"
        " ELSE h.m_disability_level END::VARCHAR END",
        "phone": f"CASE WHEN h.m_fault = 'phone' OR (h.m_slot = 1 AND h.fault IS NULL) THEN {_own_phone()}"
        f" WHEN h.m_slot = 2 AND h.m_anchor.year() < 2006 AND {draw} % 10 < 7 THEN {_phone('(h.n * 2 + 1)')} END",
    }


# Forty households of one visitor, five a day and one every 100 minutes; a contact's thirty, one every 25 minutes: so
# nobody is in two places at once.
_DAY = "CASE WHEN c.campaign THEN c.visited_on - (h.k % 40 // 5)::INTEGER ELSE c.visited_on END"
_START = f"""(({_DAY})::TIMESTAMP + to_minutes(CASE WHEN c.start IS NOT NULL THEN c.start WHEN c.campaign THEN 510 + h.k % 5 * 100 + c.jitter
    ELSE 450 + h.k % 30 * 25 + c.jitter % 5 END))"""


def _visit_cells(seed: int) -> dict[str, str]:
    seen = "CASE WHEN c.mode = 'in_person' THEN {} END"
    called = "CASE WHEN c.mode = 'remote' THEN {} END"
    near = "round(" + "{} + (" + _hash("h.n", "near", seed) + " % 41)::BIGINT / 1e6, 6)"
    return {
        "visitor": f"CASE c.who WHEN 'round' THEN {_cadre(seed, _VISITOR)} WHEN 'contact' THEN {_cadre(seed, _CONTACT)}"
        f" ELSE {_cadre(seed, _OWN)} END",
        "visited_on": _DAY,
        "started_at": _START,
        "ended_at": f"{_START} + to_minutes(c.minutes)",
        "received_at": f"{_START} + to_minutes(c.minutes + c.jitter % 7 * 30 + c.late_days * 1440)",
        "income_band": f"CASE WHEN c.campaign THEN coalesce(c.income_band, {_band()}) END",
        "signed_by": f"CASE WHEN c.unsigned IS NULL THEN {_head(seed)} END",
        "lng": seen.format(near.format(_position(seed, "lng"))),
        "lat": seen.format(near.format(f"{_position(seed, 'lat')} + coalesce(c.away, 0)")),
        "accuracy_m": seen.format(
            f"coalesce(c.accuracy_m, {_hash('h.n', 'accuracy', seed)} % 22 + 4)::DECIMAL(12,2)"
        ),
        "contact_name": called.format(_head(seed)),
        "contact_phone": called.format(_own_phone()),
    }


_CELLS: dict[str, Callable[[int], dict[str, str]]] = {
    "members": _member_cells,
    "income_items": lambda _seed: {"member_id": "h.hid || lpad(c.slot::VARCHAR, 2, '0')"},
    "alerts": lambda seed: {"area_code": "h.code", "name": _head(seed)},
    "visits": _visit_cells,
    "cases": lambda seed: {"contact": _contact(seed, "c")},
    "leaflets": lambda seed: {"given_by": _cadre(seed, _VISITOR)},
}
