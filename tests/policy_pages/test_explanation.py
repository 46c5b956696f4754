"""Every figure opens into items, formula and clause; every finding into the values that made it fire (INC-8, RSK-2)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouwang import language
from shouwang.cli.main import main
from shouwang.errors import InputError
from shouwang.policy.explained_formula import label_of, masked_name
from shouwang.policy.explanation import explain_household, explanation_text
from shouwang.policy.explanation_sheet import table, width
from shouwang.policy.loading import load
from shouwang.policy.plan import VILLAGE_SETS

pytestmark = pytest.mark.req("INC-8", "RSK-2")
XIHE, DAY = "chongqing-xihe-2024", date(2024, 9, 5)
Rows = Sequence[Mapping[str, object]]

HOUSEHOLDS: Rows = (
    {"household_id": "T-001", "area_code": "500151122201", "head_name": "王小二", "phone": "19900001234", "household_type": "lifted",
     "monitoring_status": "none", "food_short": "true", "housing_unsafe": "", "sheep_stock": 2},
    {"household_id": "T-002", "area_code": "500151122201", "head_name": "赵六", "phone": "", "household_type": "general",
     "monitoring_status": "unresolved", "food_short": "", "housing_unsafe": "false", "sheep_stock": ""},
)  # fmt: skip
MEMBERS: Rows = (
    {"household_id": "T-001", "member_id": "m1", "name": "王小二", "relation": "head", "id_number": "500199197003020018",
     "birth_date": "1970-03-02", "months_in_household": 12, "labour_capacity": "ordinary", "medical_insurance": "true", "in_school": "",
     "serving": "", "shares_income": ""},
    {"household_id": "T-001", "member_id": "m2", "name": "王三", "relation": "child", "id_number": "", "birth_date": "2013-05-01",
     "months_in_household": 12, "labour_capacity": "none", "medical_insurance": "false", "in_school": "", "serving": "", "shares_income": ""},
    {"household_id": "T-001", "member_id": "m3", "name": "王四", "relation": "child", "id_number": "", "birth_date": "2003-05-01",
     "months_in_household": 12, "labour_capacity": "skilled", "medical_insurance": "true", "in_school": "", "serving": "true", "shares_income": "false"},
)  # fmt: skip


def item(
    number: int,
    kind: str,
    amount: object,
    day: str = "2024-05-01",
    member: str = "m1",
    realised: str = "",
    household: str = "T-001",
) -> dict[str, object]:
    return {
        "item_id": f"i{number}",
        "household_id": household,
        "member_id": member,
        "kind": kind,
        "amount": amount,
        "received_on": day,
        "realised": realised,
    }


ITEMS: Rows = (
    item(1, "wage.outside_province", "20000.00"), item(2, "cost.outside_province", "5000.00"), item(3, "cost.travel_subsidy", "600.00"),
    item(4, "transfer.pension", "1000.00"), item(5, "transfer.total", "900.00", member=""), item(6, "excluded.lottery", "700.00"),
    item(7, "production.crops", "800.00", day="2023-09-05"), item(8, "production.crops", "800.00", day="2023-09-06"),
    item(9, "property.pv", "300.00", realised="false"), item(10, "wage.in_county", "9999.00", member="m3"),
)  # fmt: skip


def folder_of(
    path: Path,
    households: Rows = HOUSEHOLDS,
    members: Rows | None = MEMBERS,
    items: Rows | None = ITEMS,
    **more: Rows,
) -> Path:
    path.mkdir()
    for name, rows in {"households": households, "members": members, "income_items": items, **more}.items():
        if rows is None:
            continue
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("facts") / "folder")


@pytest.fixture(scope="module")
def told(facts: Path) -> dict[str, Any]:
    language.use("zh")
    return explain_household(facts, XIHE, DAY, {}, "T-001")


def nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree
    for read in tree.get("reads", ()):
        yield from nodes(read)


def test_every_item_says_what_it_counts_as_or_why_not(told: dict[str, Any]) -> None:
    found = {
        entry["item_id"]: [reason["reason"] for reason in entry["reasons"]]
        for entry in told["income"]["items"]
    }
    assert found == {
        "i1": [], "i2": [], "i3": [], "i4": [], "i5": ["total_steps_back"], "i6": ["excluded.non_income"], "i7": ["outside_window"],
        "i8": [], "i9": ["not_realised"], "i10": ["member_does_not_share"],
    }  # fmt: skip
    by_id = {entry["item_id"]: entry for entry in told["income"]["items"]}
    assert by_id["i1"]["counts_as"] == "wage"
    assert by_id["i1"]["clause"] == "西河府〔2024〕90号 附件5 §1"
    assert by_id["i6"]["reasons"][0]["clause"] == "西河府〔2024〕90号 附件5 §6.5"
    assert "2023-09-06 至 2024-09-05" in by_id["i7"]["reasons"][0]["text"]


def test_sums_per_class_are_of_what_counts(told: dict[str, Any]) -> None:
    found = {entry["counts_as"]: (entry["items"], entry["sum"]) for entry in told["income"]["sums"]}
    assert found == {
        "wage": (1, Decimal(20000)), "employment_cost": (1, Decimal(5000)), "travel_subsidy": (1, Decimal(600)),
        "transfer": (1, Decimal(1000)), "production": (1, Decimal(800)),
    }  # fmt: skip


def test_formulas_are_filled_with_the_values_of_the_household(told: dict[str, Any]) -> None:
    figures = {figure["name"]: figure for figure in told["income"]["figures"]}
    net, per_head = figures["net_income"], figures["net_income_per_capita"]
    assert figures["wage"]["value"] == Decimal(15600)  # 20000 - (5000 - 600)
    assert net["filled"] == "15600.00 + 0 + 1000.00 + 800.00 − 0"
    assert (net["value"], per_head["value"]) == (Decimal(17400), Decimal("8700.00"))
    assert per_head["filled"] == "12 × 17400.00 ÷ 24"  # the conscript who does not share is no member
    assert "家庭纯收入" in per_head["words"]
    assert per_head["clause"].startswith("西河府〔2024〕90号 附件5")
    assert per_head["place"].startswith("national/indicators.yaml:")


def test_a_rounded_figure_is_marked_so_that_nobody_compares_what_is_shown(tmp_path: Path) -> None:
    households = [
        {
            "household_id": "A",
            "area_code": "500151122201",
            "household_type": "general",
            "monitoring_status": "none",
        }
    ]
    members = [{"household_id": "A", "member_id": f"m{n}", "months_in_household": 12} for n in range(3)]
    items = [item(1, "transfer.pension", "24900.01", member="", household="A")]
    told = explain_household(folder_of(tmp_path / "f", households, members, items), XIHE, DAY, {}, "A")
    (figure,) = [figure for figure in told["income"]["figures"] if figure["name"] == "net_income_per_capita"]
    assert (figure["value"], figure["said"]) == (Decimal("8300.00"), "≈8300.00")
    assert "income.below_range" in told["not_found"]


def test_a_finding_opens_down_to_facts(told: dict[str, Any]) -> None:
    findings = {finding["finding"]: finding for finding in told["findings"]}
    assert {"basics.short", "medical.uninsured", "income.livestock"} <= findings.keys()
    basics = findings["basics.short"]
    assert (basics["name"], basics["says"]) == ("吃穿有困难", "吃有困难：是；穿有困难：不知道")
    assert basics["condition"] == "food_short or clothing_short"
    assert basics["place"].startswith("national/rules.yaml:")
    leaves = {node["name"]: node["said"] for node in nodes(basics["tree"]) if node.get("fact")}
    assert leaves == {"food_short": "是", "clothing_short": "不知道"}
    (insured,) = [
        node for node in nodes(findings["medical.uninsured"]["tree"]) if node["name"] == "member_uninsured"
    ]
    assert [row["row"] for row in insured["rows"]] == ["王* 子女"]
    assert insured["rows"][0]["facts"]["参加基本医疗保险"] == "否"
    deep = {node["name"]: node["said"] for node in nodes(findings["income.livestock"]["tree"])}
    assert deep["household_type"] == "脱贫户"
    assert {"lifted_or_monitored", "lifted", "monitored", "sheep_stock"} <= deep.keys()


def test_the_tree_of_an_income_finding_carries_parameters_with_clause(facts: Path) -> None:
    told = explain_household(facts, XIHE, DAY, {"monitoring_range": "8700"}, "T-001")
    (finding,) = [entry for entry in told["findings"] if entry["finding"] == "income.below_range"]
    (node,) = [node for node in nodes(finding["tree"]) if node["name"] == "at_or_below"]
    assert node["filled"] == "8700.00 ≤ 8700 ✓"
    (parameter,) = node["parameters"]
    assert (parameter["name"], parameter["value"], parameter["set_by_hand"]) == (
        "monitoring_range",
        8700,
        True,
    )
    usual = explain_household(facts, XIHE, DAY, {}, "T-001")
    (held,) = [entry for entry in usual["parameters"] if entry["name"] == "monitoring_range"]
    assert (held["value"], held["clause"]) == (8300, "西河府〔2024〕90号 附件1，收入（1）")
    assert "income.below_range" in usual["not_found"]


def test_what_is_unknown_names_the_facts_to_ask_for_and_whom_they_concern(told: dict[str, Any]) -> None:
    unknown = {entry["finding"]: entry for entry in told["unknown"]}
    assert {entry["fact"] for entry in unknown["housing.unsafe"]["ask"]} == {"housing_unsafe"}
    asked = {entry["fact"]: entry["who"] for entry in unknown["education.out_of_school"]["ask"]}
    assert asked["members.in_school"] == ["王* 子女"]  # the child of eleven alone
    assert "column" not in json.dumps(unknown, default=str)


def test_tables_columns_and_parameters_that_lack_are_told(tmp_path: Path) -> None:
    told = explain_household(folder_of(tmp_path / "f", items=None), "national", DAY, {}, "T-001")
    entry = {entry["finding"]: entry for entry in told["unknown"]}["income.below_range"]
    assert [lacking["fact"] for lacking in entry["lacking"]] == ["income_items"]
    assert [parameter["name"] for parameter in entry["unset"]] == ["monitoring_range"]
    assert entry["unset"][0]["value"] is None
    text = explanation_text(told)
    assert "整张表没有：收支条目" in text
    assert "参数 监测范围 还没有文件定" in text
    assert "请要文件号" in text


def test_an_alert_without_household_is_matched_by_identity_number(tmp_path: Path) -> None:
    alert = {
        "alert_id": "a1",
        "source": "medical_insurance",
        "kind": "accident",
        "id_number": "500199197003020018",
        "name": "王小二",
        "received_on": "2024-08-01",
    }
    told = explain_household(folder_of(tmp_path / "f", alerts=[alert]), XIHE, DAY, {}, "T-001")
    assert "identify.green_channel" in {finding["finding"] for finding in told["findings"]}
    assert "500199197003020018" not in json.dumps(told, default=str, ensure_ascii=False)


def test_the_explanation_agrees_with_the_screening(facts: Path, told: dict[str, Any], tmp_path: Path) -> None:
    from shouwang.policy.screening import screen

    screen(facts, XIHE, DAY, tmp_path / "out")
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["household_id"] == "T-001"]
    assert [(row["finding"], row["says"]) for row in rows] == [
        (entry["finding"], entry["says"]) for entry in told["findings"]
    ]
    with (tmp_path / "out" / "unknown.csv").open(encoding="utf-8") as file:
        missing = {
            row["finding"]: set(row["missing"].split(";"))
            for row in csv.DictReader(file)
            if row["household_id"] == "T-001"
        }
    assert {
        entry["finding"]: {fact["fact"] for fact in entry["ask"]} for entry in told["unknown"] if entry["ask"]
    } == missing
    assert missing


def test_numbers_phones_and_names_are_masked_everywhere(told: dict[str, Any]) -> None:
    for text in (json.dumps(told, default=str, ensure_ascii=False), explanation_text(told)):
        for secret in ("500199197003020018", "19900001234", "王小二", "王三"):
            assert secret not in text
        assert "500*************18" in text
        assert "王*二" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张小三", "张*三"), ("李四", "李*"), ("欧阳小华", "欧**华"), ("王", "王"), ("", ""), (None, "")],
)
def test_masked_names(name: str | None, shown: str) -> None:
    assert masked_name(name) == shown


def test_the_sheet_goes_from_who_to_parameters_and_is_aligned(told: dict[str, Any]) -> None:
    text = explanation_text(told)
    places = [
        text.index(part)
        for part in (
            "户主 王*二",
            "一、收入怎么算",
            "二、不计入的和原因",
            "三、线索",
            "四、还判不了的",
            "五、用到的参数",
        )
    ]
    assert places == sorted(places)
    lines = table([["工资", "1.00", "x"], ["a", "20000.00", "y"]], right=frozenset({1}))
    assert [width(line) for line in lines] == [width(lines[0])] * 2


def test_english_has_the_same_structure(facts: Path, told: dict[str, Any]) -> None:
    language.use("en")
    english = explain_household(facts, XIHE, DAY, {}, "T-001")
    assert shape(english) == shape(told)
    (finding,) = [entry for entry in english["findings"] if entry["finding"] == "basics.short"]
    assert (finding["name"], finding["says"]) == (
        "short of food or clothing",
        "short of food: yes; short of clothing: not known",
    )
    assert "net income per person" in explanation_text(english)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        named = {key: shape(inner) for key, inner in value.items() if key not in ("facts", "formulas")}
        return named | ({"facts": len(value["facts"])} if "facts" in value else {})
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__ if not isinstance(value, (int, Decimal, date)) else value


def test_every_value_in_between_of_the_national_pack_has_a_name() -> None:
    pack = load("national")
    names = [
        name for table, listed in pack.aggregates.items() if table not in VILLAGE_SETS for name in listed
    ]
    names += [name for name, entry in pack.indicators.items() if not entry.label]
    assert [name for name in names if label_of(pack, name) == name] == []
    language.use("en")
    assert label_of(pack, "person_months") == "person months"


def test_a_household_that_is_not_there_is_refused_with_the_nearest(facts: Path) -> None:
    with pytest.raises(InputError) as error:
        explain_household(facts, XIHE, DAY, {}, "T-01")
    assert "T-01" in error.value.what
    assert "T-001" in error.value.remedy


def test_a_number_with_quotes_is_only_text(facts: Path) -> None:
    with pytest.raises(InputError):
        explain_household(facts, XIHE, DAY, {}, "x' OR '1'='1")


def test_the_command_prints_the_sheet_and_for_machines_the_values(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["screen", str(facts), "--pack", XIHE, "--on", "2024-09-05", "--explain", "T-002"]
    assert main(arguments) == 0
    assert "户主 赵*" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["household"]["household_id"] == "T-002"
    assert told["income"]["items"] == []
    assert main([*arguments[:-1], "T-009"]) == 2
    assert "T-00" in capsys.readouterr().err
