"""An exchange folder with a full household, a bare one and one whose name is hostile, for looking at and for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.policy.cases import Facts
from tests.policy.folders import write_folder

XIHE, DAY, VILLAGE = "chongqing-xihe-2024", "2024-09-05", "500151122201"
FULL, BARE, HOSTILE = "T-001", "T-002", "T-003"
HOSTILE_NAME = "<b>赵&六</b>"

DAY_OF_EXAMPLE = date.fromisoformat(DAY)

Row = dict[str, Any]
_Item = tuple[str, str, str, str, str, Any, str]

# kind, member, amount, day, basis, agreed, note
_ITEMS: tuple[_Item, ...] = (
    ("wage.public_post", "2", "6000", "2024-06-30", "payment_record", True, "村保洁员，600 元/月，到账 10 个月"),
    ("wage.outside_province", "3", "30000", "2024-02-05", "contract", True, "焊工"),
    ("wage.in_county", "3", "11400", "2024-07-31", "statement", True, ""),
    ("cost.outside_province", "3", "9180", "2024-02-05", "statement", True, "食宿 8,100、往返交通 1,080"),
    ("cost.travel_subsidy", "3", "500", "2024-03-10", "payment_record", True, ""),
    ("cost.in_county", "3", "600", "2024-07-31", "statement", None, "居住地离工地 40 公里"),
    ("wage.in_province", "4", "800", "2023-11-20", "", True, ""),
    ("cost.in_province", "4", "1200", "2023-11-20", "statement", True, ""),
    ("wage.total", "", "40000", "2024-08-01", "statement", True, ""),
    ("property.land_transfer", "", "840", "2024-01-15", "contract", True, "2.1 亩 × 400 元"),
    ("property.house_rent", "", "600", "2024-05-01", "local_price", True, ""),
    ("property.collective_dividend", "", "120", "2024-02-02", "payment_record", True, ""),
    ("transfer.farm_subsidy", "", "386.4", "2024-04-20", "payment_record", True, "4.2 亩 × 92 元"),
    ("transfer.industry_award", "", "600", "2024-06-11", "payment_record", True, "生猪以奖代补 4 头"),
    ("production.crops", "", "2680", "2023-10-07", "statement", True, "稻谷出售 1,000 公斤"),
    ("production.livestock", "", "9200", "2024-01-23", "statement", False, "生猪出栏 4 头"),
    ("production.self_used", "", "2760", "2023-12-01", "local_price", True, "稻谷 560 公斤口粮、玉米 500 公斤作饲料"),
    ("expense.operating", "", "4920", "2024-03-05", "statement", True, "种子化肥、仔猪饲料"),
    ("expense.self_used_input", "", "1260", "2023-12-01", "local_price", True, "玉米 500 公斤"),
    ("expense.dedicated_subsidy", "", "300", "2023-12-18", "payment_record", True, "先补后养"),
    ("excluded.medical_reimbursement", "1", "42300", "2024-08-20", "payment_record", None, ""),
    ("excluded.gift", "", "6800", "2024-03-20", "statement", None, "满月随礼"),
    ("excluded.unsold_stock", "", "5400", "2024-09-01", "statement", None, "存栏生猪 3 头"),
    ("excluded.insurance_claim", "1", "5000", "2024-08-21", "payment_record", None, "另列在理赔收入"),
    ("excluded.insurance_premium", "", "380", "2024-01-10", "payment_record", None, ""),
    ("excluded.lottery", "", "20", "2024-01-10", "statement", None, ""),
    ("excluded.work_study", "5", "200", "2024-01-10", "statement", None, ""),
    ("wage.in_county", "6", "9999", "2024-05-01", "payment_record", True, ""),
    ("wage.outside_province", "3", "28000", "2023-02-05", "contract", True, ""),
    ("production.livestock", "", "11000", "2023-01-20", "statement", True, ""),
    ("transfer.farm_subsidy", "", "386.4", "2023-04-20", "payment_record", True, ""),
    ("production.crops", "", "2500", "2022-10-07", "statement", True, ""),
    ("cost.outside_province", "3", "8000", "2023-02-05", "statement", True, ""),
)  # fmt: skip


def full() -> Facts:
    """Six members and every kind of line, except what is unknown."""
    household: Row = {
        "household_id": FULL, "area_code": VILLAGE, "head_name": "陈建国", "group_name": "3社", "household_type": "lifted",
        "monitoring_status": "none", "oop_education": Decimal(600), "oop_medical": Decimal(26400), "insurance_payout": Decimal(5000),
        "income_per_capita_last_year": Decimal(11620), "income_per_capita_two_years_ago": Decimal(10800),
        "income_per_capita_three_years_ago": Decimal(9900),
    }  # fmt: skip
    people = (
        ("陈建国", "head", 12, None), ("刘秀英", "spouse", None, None), ("陈小平", "child", 12, None), ("王春梅", "other", 12, None),
        ("陈小雨", "grandchild", 7, None), ("陈小军", "child", 12, True),
    )  # fmt: skip
    members: list[Row] = [
        {
            "household_id": FULL, "member_id": f"{FULL}-{place}", "name": name, "relation": relation,
            "months_in_household": months, "serving": serving, "shares_income": False if serving else None,
        }
        for place, (name, relation, months, serving) in enumerate(people, 1)
    ]  # fmt: skip
    items = [_item(FULL, place, *entry) for place, entry in enumerate(_ITEMS, 1)]
    alert: Row = {
        "alert_id": "a1", "household_id": FULL, "kind": "large_medical_cost", "source": "medical_insurance",
        "event_on": date(2024, 8, 27), "received_on": date(2024, 8, 27), "amount": Decimal(31860),
    }  # fmt: skip
    return Facts(household, {"members": members, "income_items": items, "alerts": [alert]})


def _item(
    household: str,
    place: int,
    kind: str,
    member: str,
    amount: str,
    day: str,
    basis: str,
    agreed: Any,
    note: str,
) -> Row:
    return {
        "item_id": f"{household}-i{place:02}", "household_id": household, "member_id": f"{household}-{member}" if member else None,
        "kind": kind, "amount": Decimal(amount) if amount else None, "received_on": date.fromisoformat(day) if day else None,
        "basis": basis or None, "agreed": agreed, "note": note or None,
    }  # fmt: skip


def bare() -> Facts:
    """A household of which an item has no day and another no amount."""
    household = {
        "household_id": BARE,
        "area_code": VILLAGE,
        "head_name": "李桂芳",
        "household_type": "general",
    }
    items = [
        _item(BARE, 1, "wage.in_county", "", "800", "", "", None, ""),
        _item(BARE, 2, "transfer.pension", "", "", "2024-05-01", "", None, ""),
        _item(BARE, 3, "production.crops", "", "1500", "2024-05-01", "statement", True, ""),
    ]
    return Facts(household, {"members": [], "income_items": items, "alerts": []})


def hostile() -> Facts:
    """A household whose texts try to become markup or a formula."""
    household = {
        "household_id": HOSTILE,
        "area_code": "500151122202",
        "head_name": HOSTILE_NAME,
        "group_name": "=1+1",
    }
    members = [{"household_id": HOSTILE, "member_id": "m1", "name": HOSTILE_NAME, "relation": "head"}]
    items = [
        _item(
            HOSTILE, 1, "transfer.total", "", "9000", "2024-05-01", "statement", True, "=HYPERLINK(1)<script>"
        )
    ]
    return Facts(household, {"members": members, "income_items": items, "alerts": []})


def folder(path: Path) -> Path:
    """Writes the three households with the names of their villages."""
    villages = [
        {"area_code": VILLAGE, "county": "铜梁区", "town": "西河镇", "village": "望云村"},
        {"area_code": "500151122202", "county": "铜梁区", "town": "西河镇", "village": "石桥村"},
    ]
    tables = ("members", "income_items", "alerts")
    return write_folder(path, [full(), bare(), hostile()], tables=tables, villages=villages)
