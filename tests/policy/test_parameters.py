"""Parameters are dated and by place, may be unset, and may be set otherwise for one run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shouwang.errors import InputError
from shouwang.policy import parameters
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from tests.policy.comparing import national
from tests.policy.trial_packs import household, income, screened, trial_pack

pytestmark = pytest.mark.req("INC-6")

VALUES = """monitoring_range:
  values:
    - {from: 2023-01-01, to: 2023-12-31, value: 7900, clause: 去年}
    - {from: 2024-01-01, value: 8300, clause: 今年}
    - {from: 2024-07-01, value: 8400, clause: 年中}
    - {from: 2024-01-01, area: "500199", value: 8600, clause: 本县}
    - {from: 2024-01-01, area: "500199101", value: 9000, clause: 本镇}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return trial_pack(tmp_path / "trial", parameters=VALUES)


@pytest.mark.parametrize(
    ("on", "area", "value"),
    [
        ("2022-12-31", "110000000000", None),
        ("2023-12-31", "110000000000", 7900),
        ("2024-01-01", "110000000000", 8300),
        ("2024-06-30", "110000000000", 8300),
        ("2024-07-01", "110000000000", 8400),
        ("2024-07-01", "500199100001", 8600),  # the more local value wins over the later one
        ("2024-07-01", "500199101001", 9000),
        ("2023-06-01", "500199101001", 7900),
    ],
)
def test_the_value_that_holds_on_a_day_in_a_place(pack: Pack, on: str, area: str, value: int | None) -> None:
    resolved = parameters.resolve(pack, date.fromisoformat(on), {})["monitoring_range"]
    assert resolved.at(area) == value


def test_households_of_two_places_meet_their_own_value(pack: Pack) -> None:
    crowd = [household(n, {"area_code": area}, income_items=[income(8700)])
             for n, area in enumerate(("500199100001", "500199101001", "110101001001"), 1)]  # fmt: skip
    results = screened(pack, crowd)
    assert [findings["income.below_range"] for _i, findings in results] == [False, True, False]
    by_hand = screened(pack, crowd, {"monitoring_range": Decimal(8700)})
    assert [findings["income.below_range"] for _i, findings in by_hand] == [True, True, True]


def test_an_unset_value_makes_what_rests_on_it_unknown() -> None:
    ((indicators, findings),) = screened(national(), [household(1, income_items=[income(100)])])
    assert indicators["net_income_per_capita"] == Decimal(100)
    assert indicators["income_band"] is None
    assert findings["income.below_range"] is None
    ((_indicators, findings),) = screened(
        load("chongqing-xihe-2024"),
        [household(1, {"area_code": "500151122201"}, income_items=[income(100)])],
        {"monitoring_range": None},
    )
    assert findings["income.below_range"] is None


def test_the_window_of_the_year_is_a_parameter() -> None:
    item = {"kind": "transfer.other", "amount": Decimal(500), "received_on": date(2023, 9, 30)}
    facts = [household(1, income_items=[item, income(100)])]
    on = date(2024, 9, 5)
    ((visit, _findings),) = screened(national(), facts, {"window": "visit"}, on)
    ((year, _findings),) = screened(national(), facts, {"window": "year"}, on)
    assert (visit["net_income"], year["net_income"]) == (Decimal(600), Decimal(100))


@pytest.mark.parametrize(
    ("name", "text", "what", "remedy"),
    [
        ("monitoring_rang", "8300", "没有叫 monitoring_rang 的参数", "monitoring_range"),
        ("monitoring_range", "much", "要的是数", "monitoring_range=8300"),
        ("monitoring_range", "true", "要的是数", "monitoring_range=8300"),
        ("monitoring_range", "2024-01-01", "要的是数", "monitoring_range=8300"),
        ("campaign_from", "8300", "要的是日期", "campaign_from=2024-09-01"),
        ("campaign_from", "2024-02-30", "要的是日期", "campaign_from=2024-09-01"),
        ("window", "month", "window 不能是 month", "visit、year"),
    ],
)
def test_settings_that_are_refused(name: str, text: str, what: str, remedy: str) -> None:
    with pytest.raises(InputError) as error:
        parameters.read_settings(national(), {name: text})
    assert what in error.value.what
    assert error.value.where == f"--set {name}={text}" or name in error.value.where
    assert remedy in error.value.remedy


def test_settings_that_are_taken() -> None:
    texts = {
        "monitoring_range": "8300.50",
        "campaign_from": "2024-08-23",
        "window": "year",
        "income_fall_ratio": "unset",
    }
    found = parameters.read_settings(national(), texts)
    assert found == {
        "monitoring_range": Decimal("8300.50"),
        "campaign_from": date(2024, 8, 23),
        "window": "year",
        "income_fall_ratio": None,
    }


def test_what_was_used_is_listed_with_its_clause(pack: Pack) -> None:
    resolved = parameters.resolve(pack, date(2024, 9, 5), {})
    rows = parameters.used(resolved, {"monitoring_range", "income_fall_ratio"}, {"500199101"})
    assert {(row["name"], row["area"], str(row["value"])) for row in rows} >= {
        ("monitoring_range", "500199101", "9000"), ("monitoring_range", "500199", "8600"), ("income_fall_ratio", "", "0.20"),
    }  # fmt: skip
    assert all(row["clause"] for row in rows)
