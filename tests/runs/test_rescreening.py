"""Screened again after changes: the same as screening everything, however the changes come."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.errors import InputError
from shouwang.policy.cases import Facts
from shouwang.policy.rescreening.rescreening import Screening
from shouwang.policy.runs.store import find_run
from shouwang.tables.dictionary import TABLES
from tests.oracle.households import AREAS
from tests.policy.comparing import national
from tests.policy.folders import read_csv, write_folder
from tests.runs.folders import ON, SETTINGS, crowd, household, kept

TOWN = "500199100"
NUMBERS = ["500199198001010010", "500199198001010029", "500199198001010037"]
SET = {**SETTINGS, "few_households": "3", "unresolved_share": "0.3"}
Households = dict[str, Facts]


def named(facts: Facts, household_id: str, **columns: Any) -> Facts:
    """A household's facts under another number."""
    tables = {name: [{**row, "household_id": household_id} for row in rows or ()] for name, rows in facts.tables.items()}  # fmt: skip
    return Facts({**facts.household, "household_id": household_id, **columns}, tables)


def loose(number: str, place: int) -> dict[str, Any]:
    """An alert without a household, late and never studied."""
    return {
        "alert_id": f"loose-{place}", "id_number": number, "area_code": AREAS[place % 3], "kind": "dibao_applied",
        "source": "rescue_platform", "event_on": date(2024, 7, 1), "received_on": date(2024, 7, 2),
    }  # fmt: skip


def folder_of(households: Households, folder: Path) -> Path:
    alerts = [row for facts in households.values() for row in facts.tables["alerts"] or ()]
    alerts += [loose(number, place) for place, number in enumerate(NUMBERS)]
    return write_folder(folder, list(households.values()), alerts=alerts)


def opened(households: Households, folder: Path, *, quality: bool = False) -> Screening:
    return Screening.open(folder_of(households, folder), national(), ON, SET, quality=quality)


def assert_as_anew(screening: Screening, households: Households, folder: Path) -> None:
    with opened(households, folder) as anew:
        assert screening.rows() == anew.rows()
        assert screening.bits() == anew.bits()
        assert screening.result_hash == anew.result_hash
        assert screening.villages() == anew.villages()
        assert screening.village_findings() == anew.village_findings()
        for household_id in list(households)[:12]:
            assert screening.result(household_id) == anew.result(household_id)


class Changes:
    """Draws changes as they come in an office, and keeps what the facts are in the end."""

    def __init__(self, households: Households, seed: int) -> None:
        self.households = households
        self.random = Random(seed)
        self.next = 1000 + seed * 100

    def draw(self, screening: Screening) -> None:
        kinds = (self.other_facts, self.new, self.move, self.cost, self.number, self.status, self.remove)
        self.random.choice(kinds)(screening)

    def _one(self) -> str:
        return self.random.choice(sorted(self.households))

    def _change(self, screening: Screening, facts: Facts) -> None:
        household_id = facts.household["household_id"]
        self.households[household_id] = facts
        result = screening.change(copy.deepcopy(facts))
        assert result.household_id == household_id
        assert result == screening.result(household_id)

    def _fresh(self) -> Facts:
        self.next += 1
        return household(self.next)

    def other_facts(self, screening: Screening) -> None:
        self._change(screening, named(self._fresh(), self._one()))

    def new(self, screening: Screening) -> None:
        self._change(screening, self._fresh())

    def move(self, screening: Screening) -> None:
        facts = self.households[self._one()]
        area = self.random.choice([*AREAS, f"{TOWN}009", None])
        self._change(screening, Facts({**facts.household, "area_code": area}, facts.tables))

    def cost(self, screening: Screening) -> None:
        facts = copy.deepcopy(self.households[self._one()])
        members = [row["member_id"] for row in facts.tables["members"] or ()]
        self.next += 1
        item = {
            "item_id": f"cost-{self.next}", "household_id": facts.household["household_id"],
            "kind": self.random.choice(["cost.in_county", "cost.in_province"]),
            "amount": Decimal(self.random.randrange(100, 90000)), "received_on": date(2024, 5, 1),
            "member_id": self.random.choice([*members, None]),
        }  # fmt: skip
        (facts.tables["income_items"] or []).append(item)
        self._change(screening, facts)

    def number(self, screening: Screening) -> None:
        facts = copy.deepcopy(self.households[self._one()])
        for member in facts.tables["members"] or ():
            member["id_number"] = self.random.choice([*NUMBERS, None])
        self._change(screening, facts)

    def status(self, screening: Screening) -> None:
        facts = self.households[self._one()]
        columns = {
            "monitoring_status": self.random.choice(["unresolved", "resolved", "none"]),
            "identified_on": self.random.choice([date(2024, 3, 1), date(2023, 3, 1), None]),
        }
        self._change(screening, Facts({**facts.household, **columns}, facts.tables))

    def remove(self, screening: Screening) -> None:
        if len(self.households) > 8:
            household_id = self._one()
            del self.households[household_id]
            screening.remove(household_id)
            with pytest.raises(InputError):
                screening.facts_of(household_id)


@pytest.mark.req("RSK-1", "RSK-2", "RSK-4")
@settings(max_examples=4)
@given(seed=st.integers(0, 1000), rounds=st.lists(st.integers(1, 8), min_size=2, max_size=3))
def test_any_changes_come_to_the_same_as_screening_all(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rounds: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    households = {facts.household["household_id"]: facts for facts in crowd(range(30))}
    changes = Changes(households, seed)
    with opened(households, folder / "before") as screening:
        for number in rounds:
            for _change in range(number):
                changes.draw(screening)
            screening.refresh()
        assert_as_anew(screening, changes.households, folder / "after")
        quiet = screening.refresh()
        assert (quiet.households, quiet.changed, quiet.villages) == ((), (), ())


def earner(number: int, cost: int, area: str = AREAS[0]) -> Facts:
    """A household with one member who works in the county at a cost (yuan)."""
    household_id = f"e{number:03}"
    items = [
        {"item_id": f"{household_id}-{kind}", "household_id": household_id, "kind": kind, "amount": Decimal(amount),
         "received_on": date(2024, 5, 1), "member_id": f"{household_id}-m"}
        for kind, amount in (("wage.in_county", 60000), ("cost.in_county", cost))
    ]  # fmt: skip
    member = {"member_id": f"{household_id}-m", "household_id": household_id, "relation": "head", "birth_date": date(1985, 5, 5),
              "months_in_household": 12, "labour_capacity": "ordinary"}  # fmt: skip
    tables: dict[str, list[dict[str, Any]] | None] = {name: [] for name in crowd([0])[0].tables}
    tables |= {"members": [member], "income_items": items}
    own = {
        "household_id": household_id,
        "area_code": area,
        "household_type": "general",
        "monitoring_status": "none",
    }
    return Facts(own, tables)


@pytest.mark.req("RSK-2")
def test_a_neighbour_makes_another_household_an_outlier_no_more(tmp_path: Path) -> None:
    rule = "income.cost_outlier"
    households = {f"e{n:03}": earner(n, cost) for n, cost in enumerate([1000, 1100, 1200, 1300, 5000], 1)}
    households |= {f"e{n:03}": earner(n, 1000, AREAS[1]) for n in range(11, 15)}
    with opened(households, tmp_path / "before") as screening:
        assert rule in {finding.rule for finding in screening.result("e005").findings}
        assert screening.result("e005").stale == frozenset()
        for number in (3, 4):
            households[f"e{number:03}"] = earner(number, 6000)
            changed = screening.change(households[f"e{number:03}"])
            assert changed.household_id == f"e{number:03}"
            assert rule in changed.stale
        waiting = screening.result("e005")
        assert rule in {finding.rule for finding in waiting.findings}  # as last known
        assert rule in waiting.stale
        assert "net_income" not in waiting.stale
        assert screening.result("e011").stale == frozenset()  # the other village is as it was
        refreshed = screening.refresh()
        assert set(refreshed.households) == {f"e{n:03}" for n in range(1, 6)}
        assert {"e003", "e004", "e005"} <= set(refreshed.changed)
        assert rule not in {finding.rule for finding in screening.result("e005").findings}
        assert screening.result("e005").stale == frozenset()


@pytest.mark.req("RSK-2")
def test_who_moves_touches_both_villages(tmp_path: Path) -> None:
    households = {f"e{n:03}": earner(n, cost) for n, cost in enumerate([1000, 1100, 1200, 1300, 5000], 1)}
    households |= {f"e{n:03}": earner(n, 1000 + n, AREAS[2]) for n in range(11, 16)}
    with opened(households, tmp_path / "before") as screening:
        households["e005"] = earner(5, 5000, AREAS[2])
        screening.change(households["e005"])
        refreshed = screening.refresh()
        assert set(refreshed.households) == set(households)
        assert {AREAS[0], AREAS[2]} <= set(refreshed.villages)
        assert_as_anew(screening, households, tmp_path / "after")


@pytest.mark.req("RSK-4")
def test_villages_of_the_town_are_judged_again(tmp_path: Path) -> None:
    """Few new identifications in one village follow from many in another village of the town."""
    rule = "region.few_identified"
    households = {f"e{n:03}": earner(n, 1000, AREAS[n % 2]) for n in range(1, 9)}
    with opened(households, tmp_path / "before") as screening:
        assert rule not in {name for _area, name in screening.village_findings()}
        for number in (2, 4, 6):
            facts = earner(number, 1000, AREAS[0])
            own = {**facts.household, "monitoring_status": "unresolved", "identified_on": date(2024, 6, 1)}
            households[f"e{number:03}"] = Facts(own, facts.tables)
            screening.change(households[f"e{number:03}"])
        refreshed = screening.refresh()
        assert (AREAS[1], rule) in screening.village_findings()
        assert AREAS[1] in refreshed.villages  # no household of it changed


@pytest.mark.req("RSK-2")
def test_an_alert_finds_its_household_when_the_number_is_mended(tmp_path: Path) -> None:
    households = {f"e{n:03}": earner(n, 1000, AREAS[0]) for n in range(1, 5)}
    with opened(households, tmp_path / "before") as screening:
        assert (AREAS[0], "alert.overdue") in screening.village_findings()
        households["e001"].tables["members"][0]["id_number"] = NUMBERS[0]  # type: ignore[index]
        found = screening.change(households["e001"])
        assert "alert.overdue" in {finding.rule for finding in found.findings}
        screening.refresh()
        assert (AREAS[0], "alert.overdue") not in screening.village_findings()
        households["e002"].tables["members"][0]["id_number"] = NUMBERS[0]  # type: ignore[index]
        screening.change(households["e002"])
        assert screening.result("e001").stale  # two have the number now: it is nobody's again
        screening.refresh()
        assert "alert.overdue" not in {finding.rule for finding in screening.result("e001").findings}
        assert_as_anew(screening, households, tmp_path / "after")


@pytest.mark.req("RSK-2")
def test_results_are_those_of_the_normal_output(tmp_path: Path) -> None:
    households = crowd(range(40))
    run, summary = kept(tmp_path / "store", households, tmp_path)
    with Screening.of_run(find_run(tmp_path / "store", run.id)) as screening:
        assert screening.result_hash == summary["result_hash"]
        listed = {name: read_csv(tmp_path / "out" / f"{name}.csv") for name in ("findings", "unknown")}
        for facts in households:
            household_id = facts.household["household_id"]
            result = screening.result(household_id)
            findings = {row["finding"]: (row["says"], row["level"], row["problem"]) for row in listed["findings"] if row["household_id"] == household_id}  # fmt: skip
            assert {f.rule: (f.says, f.level, f.problem or "") for f in result.findings} == findings
            missing = {row["finding"]: tuple(row["missing"].split(";")) for row in listed["unknown"] if row["household_id"] == household_id}  # fmt: skip
            assert {rule: facts for rule, facts in result.unknown.items() if facts} == missing
        assert any(screening.result(facts.household["household_id"]).unknown for facts in households)


@pytest.mark.req("RSK-2")
def test_from_a_stored_run_on(tmp_path: Path) -> None:
    """A stored run is gone on from without screening anew, after its folder of facts is gone."""
    households = {facts.household["household_id"]: facts for facts in crowd(range(30))}
    alerts = [row for facts in households.values() for row in facts.tables["alerts"] or ()]
    alerts += [loose(number, place) for place, number in enumerate(NUMBERS)]
    run, _summary = kept(tmp_path / "store", list(households.values()), tmp_path, settings=SET, alerts=alerts)
    changes = Changes(households, 7)
    with Screening.of_run(run) as screening:
        for _change in range(10):
            changes.draw(screening)
        screening.refresh()
        assert_as_anew(screening, changes.households, tmp_path / "after")


@pytest.mark.req("QLT-1", "QLT-2")
def test_findings_about_the_data_come_to_the_same(tmp_path: Path) -> None:
    """Whom it concerns too when somebody else takes the same identity number, and gives it back."""
    households = {facts.household["household_id"]: facts for facts in crowd(range(20))}
    changes = Changes(households, 3)
    with opened(households, tmp_path / "before", quality=True) as screening:
        start = screening.data_findings()
        for household_id in ("h000001", "h000002"):
            facts = copy.deepcopy(changes.households[household_id])
            assert facts.tables["members"]
            facts.tables["members"][0]["id_number"] = NUMBERS[0]
            changes.households[household_id] = facts
            assert screening.change(facts).stale
            screening.refresh()
        shared = {(row[0], row[1]) for row in screening.data_findings()} - {(row[0], row[1]) for row in start}
        assert {household_id for household_id, _rule in shared} >= {"h000001", "h000002"}
        for _change in range(8):
            changes.draw(screening)
        screening.refresh()
        with opened(changes.households, tmp_path / "after", quality=True) as anew:
            assert screening.data_findings() == anew.data_findings()
            assert len(anew.data_findings()) > 20


REFUSED = [
    ("a kind that is none", "income_items", {"kind": "wage.in_conty"}, "没有收支类别"),
    ("money as a float", "income_items", {"amount": 12.5}, "amount 不能是 12.5"),
    ("a third of a cent", "income_items", {"amount": Decimal("0.001")}, "amount 不能是"),
    ("a code that is none", "members", {"labour_capacity": "strong"}, "labour_capacity 不能是 strong"),
    ("a day as a text", "members", {"birth_date": "1985-05-05"}, "birth_date 不能是"),
    ("a row of another household", "members", {"household_id": "e002"}, "不是户 e001 的"),
    ("a column that is none", "members", {"colour": "red"}, "没有列 colour"),
    ("a row without its number", "members", {"member_id": None}, "编号为空"),
    ("a village code that is none", "households", {"area_code": "5001"}, "area_code 不能是 5001"),
]


@pytest.mark.req("RSK-2")
def test_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    households = {f"e{n:03}": earner(n, 1000) for n in (1, 2)}
    with opened(households, tmp_path / "before") as screening:
        for _name, table, columns, sentence in REFUSED:
            facts = copy.deepcopy(households["e001"])
            row = facts.household if table == "households" else (facts.tables[table] or [])[0]
            row.update(columns)
            with pytest.raises(InputError) as told:
                screening.change(facts)
            assert sentence in str(told.value)
            assert "→" in str(told.value)
        for call in (screening.remove, screening.result, screening.facts_of):
            with pytest.raises(InputError, match="没有户编号为 e009 的农户"):
                call("e009")
        before = screening.result_hash
        assert screening.refresh().households == ()
        assert screening.result_hash == before


@pytest.mark.req("RSK-2")
def test_a_number_that_two_rows_would_have_is_refused_until_it_is_mended(tmp_path: Path) -> None:
    households = {f"e{n:03}": earner(n, 1000) for n in (1, 2)}
    with opened(households, tmp_path / "before") as screening:
        before = screening.result_hash
        facts = copy.deepcopy(households["e001"])
        assert facts.tables["members"] is not None
        facts.tables["members"][0][TABLES["members"].key] = "e002-m"
        screening.change(facts)
        with pytest.raises(InputError, match="编号重复"):
            screening.refresh()
        screening.change(households["e001"])
        screening.refresh()
        assert screening.result_hash == before
