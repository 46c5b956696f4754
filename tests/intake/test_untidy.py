"""Untidy files of our own: other heads, other orders, several tables, other encodings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shouwang.tables.intake import Intake
from shouwang.tables.intake.model import FileReading
from shouwang.tables.intake.report import report

Make = Callable[..., Path]
Read = Callable[..., Intake]
Cells = Callable[[FileReading], set[tuple[str, str]]]
Id = Callable[..., str]


def roster_rows(pid: Id) -> list[list[Any]]:
    """Head over three rows from row 6 on; two households, one repeated head, a total."""
    return [
        ["某某镇农户基本信息表"],
        ["（此表由村填写）"],
        ["填报单位：云山村", None, None, "填报时间：2024年8月"],
        [None],
        ["单位：人"],
        ["序号", "户主信息", None, None, "家庭成员信息", None, None, None, None, "参保情况"],
        [None, "户主姓名", "户编号", "农户类型", "成员基本情况", None, None, "劳动情况", None, None],
        [None, None, None, None, "姓名", "与户主关系", "身份证号码", "劳动能力", "务工地点", None],
        [
            1,
            "赵一",
            "5001510010010001",
            "一般农户",
            "赵一",
            "户主",
            pid(1),
            "普通劳动力",
            "浙江省",
            "城乡居民基本医疗保险",
        ],
        [None, None, None, None, "钱二", "儿媳", pid(2, year=1990, male=False), "普通", "县内", "√"],
        [None, None, None, None, "孙三", "之外孙女", None, "无劳动力", None, "未参保"],
        [
            "序号",
            "户主姓名",
            "户编号",
            "农户类型",
            "姓名",
            "与户主关系",
            "身份证号码",
            "劳动能力",
            "务工地点",
            "参保情况",
        ],
        [
            2,
            "李四",
            "5001510010010002",
            "脱贫户、监测对象（未消除风险）",
            "李四",
            "户主",
            pid(3),
            "弱劳力",
            None,
            None,
        ],
        ["合计", "2户", None, None, "4人"],
    ]


MERGED = [
    "B6:D6",
    "E6:I6",
    "A6:A8",
    "E7:G7",
    "H7:I7",
    "J6:J8",
    "B7:B8",
    "C7:C8",
    "D7:D8",
    "A9:A11",
    "B9:B11",
    "C9:C11",
]


@pytest.fixture
def roster(book: Make, person_id: Id) -> Path:
    return book("云山村花名册.xlsx", {"一": roster_rows(person_id)}, {"一": MERGED})


@pytest.mark.req("REG-6")
def test_head_over_three_rows_on_row_six(read: Read, roster: Path, cells: Cells) -> None:
    intake = read(roster)
    assert [(h.household_id, len(h.members)) for h in intake.registry.households.values()] == [
        ("5001510010010001", 3), ("5001510010010002", 1)
    ]  # fmt: skip
    first, second = (h.record for h in intake.registry.households.values())
    assert first["area_code"] == "500151001001"
    assert (second["household_type"], second["monitoring_status"]) == ("lifted", "unresolved")
    members = {row["name"]: row for row in intake.tables["members"]}
    assert (members["钱二"]["relation"], members["钱二"]["relation_word"]) == ("other", "儿媳")
    assert members["赵一"]["employment_place"] == "outside"
    assert members["孙三"]["medical_insurance"] == "false"
    assert "medical_insurance" not in members["李四"]
    left_out = intake.files[0].left_out
    assert (left_out["repeated_header_rows"], left_out["subtotal_rows"]) == (1, 1)
    assert cells(intake.files[0]) == set()


@pytest.mark.req("REG-6", "ALR-1")
def test_two_tables_on_one_sheet_and_two_side_by_side(
    read: Read, roster: Path, book: Make, person_id: Id
) -> None:
    lists = book(
        "名单.xlsx",
        {
            "上下": [
                ["云山村失业人员名单"],
                ["姓名", "公民身份号码", "村", "返乡日期"],
                ["钱二", person_id(2, year=1990, male=False), "云山村", "2024.8.1"],
                ["孙三", None, "云山村", "9-1"],
                [None],
                ["云山村疑似危房台账"],
                ["户主", "住址", "鉴定等级", "鉴定日期"],
                ["李四", "云山村", "D级", "2024-5-6"],
                ["李四", "云山村", "B级", "2024-5-6"],
            ],
            "左右": [
                ["姓名", "身份证号", "失业日期", None, "学生姓名", "村", "学校", "辍学时间"],
                ["赵一", person_id(1), "2024-1-1", None, "孙三", "云山村", "云山小学", "2024-3-1"],
            ],
        },
    )
    intake = read(roster, lists)
    entry = report(intake)["files"][1]
    assert entry["alerts"] == {"dropout": 1, "job_loss": 3, "unsafe_house": 1}
    assert entry["rows_that_are_no_alert"] == 1
    assert entry["match"] == {"by_id": 2, "by_name_village": 4, "ambiguous": 0, "none": 0}
    assert [(q["sheet"], q["cell"]) for q in entry["quarantined"]] == [("上下", "D4")]


ROSTER_CSV = """村,户编号,户主,是否脱贫户,是否监测对象,风险是否消除,人口,姓名,关系,身份证,性别,参保情况,更新日期
云山村,5001510010010001,赵一,否,否,,2,赵一,户主,{a},男,是,2024/3/1
,,,,,,,钱二,妻,{b},女,未参保,2024/3/2
云山村,5001510010010002,李四,是,是,否,1,李四,户主,{c},男,是,2024/3/2
云溪村,5001510010020001,王·五䶮,否,否,,3,王•五䶮,户主,{d},男,职工医保,3月
"""


@pytest.fixture
def roster_csv(text_file: Make, person_id: Id) -> Path:
    return text_file("名册.csv", filled(person_id), "gb18030")


def filled(pid: Id) -> str:
    return ROSTER_CSV.format(a=pid(1), b=pid(2, year=1990, male=False), c=pid(3), d=pid(4))


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_exact(read: Read, text_file: Make, person_id: Id, encoding: str, cells: Cells) -> None:
    intake = read(text_file("名册.csv", filled(person_id), encoding))
    assert intake.tables["members"][-1]["name"] == "王·五䶮"
    assert len(intake.registry.households) == 3
    assert cells(intake.files[0]) == {("", "G5"), ("", "M5")}
    assert intake.tables["households"][1]["monitoring_status"] == "unresolved"


@pytest.mark.req("REG-6")
def test_two_rosters_that_disagree(read: Read, roster_csv: Path, text_file: Make, person_id: Id) -> None:
    other = text_file("另一份.csv", filled(person_id).replace("李四,是,是,否", "李四,是,是,是"))
    intake = read(roster_csv, other)
    told = [f for f in intake.files[1].quarantined if f.about == "contradiction"]
    assert len(told) == 1
    assert "名册.csv E4" in told[0].reason
    assert "另一份.csv E4" in told[0].reason
    assert "monitoring_status" not in intake.tables["households"][1]
    assert len(intake.tables["members"]) == 4


NATIONAL = """防止返贫监测对象信息查询
导出时间：2024-08
县,乡,村,户编号,姓名,证件号码,与户主关系,户类型,监测对象类别,识别监测时间,风险是否已消除,消除监测时间,致贫/返贫风险1,监测联系人
某区,某镇,云山村,5001510010010002,李四,{c},户主,脱贫户,脱贫不稳定户,202301,{resolved},{month},因病,周联
某区,某镇,云溪村,5001510010020009,周八,{x},户主,一般农户,突发严重困难户,202301,是,202401,因学,周联
"""


@pytest.mark.req("ALR-6")
def test_the_export_completes_a_household(
    read: Read, roster_csv: Path, text_file: Make, person_id: Id
) -> None:
    text = NATIONAL.format(c=person_id(3), x=person_id(9), resolved="否", month="")
    intake = read(roster_csv, text_file("导出.csv", text))
    household = intake.tables["households"][1]
    assert household["monitoring_type"] == "unstable_lifted"
    assert household["identified_on"] == "2023-01-01"
    assert intake.tables["cases"][0]["risks"] == "illness"
    assert intake.tables["cases"][0]["contact"] == "周联"
    assert [(f.cell, f.about) for f in intake.files[1].not_understood] == [("D5", "household")]


@pytest.mark.req("ALR-6")
def test_an_export_that_contradicts_the_roster(
    read: Read, roster_csv: Path, text_file: Make, person_id: Id
) -> None:
    text = NATIONAL.format(c=person_id(3), x=person_id(9), resolved="是", month="202406")
    intake = read(roster_csv, text_file("导出.csv", text))
    assert intake.tables["households"][1]["monitoring_status"] == "unresolved"  # the roster is the registry
    told = [f for f in intake.files[1].quarantined if f.about == "contradiction"]
    assert [f.cell for f in told] == ["K4"]
    assert "名册.csv E4" in told[0].reason
    assert not intake.clean


@pytest.mark.req("ALR-1", "ALR-3")
def test_village_cells_of_a_csv_that_was_merged(
    read: Read, roster_csv: Path, text_file: Make, person_id: Id
) -> None:
    text = f"""镇低保名单
所在村,姓名,公民身份号码,救助类别,审核结果
云山村,钱二,,农村最低生活保障,通过
,李四,{person_id(77)},分散供养特困,审核未通过
,王五,,低保,
云溪村,王・五䶮,,特困人员集中供养,批准
"""
    intake = read(roster_csv, text_file("民政.csv", text))
    rows = intake.files[1].rows
    assert [row.village for row in rows] == ["云山村", "云山村", "云山村", "云溪村"]
    assert [row.values["alert"] for row in rows] == ["dibao_new", "tekun_refused", None, "no_alert"]
    assert [row.match for row in rows] == ["by_name_village", "none", "none", "by_name_village"]
    assert [f.cell for f in intake.files[1].not_understood] == ["E5"]


@pytest.mark.req("INC-5", "INC-6")
def test_income_in_ten_thousands_with_quarter_and_month(
    read: Read, roster_csv: Path, text_file: Make
) -> None:
    text = """收入支出明细台账
单位：万元
户号,姓名,收支项目,金额（万元）,到账日期
5001510010010001,赵一,省外务工收入,1.2,2024年一季度
5001510010010001,赵一,卖土鸡蛋,350元,2024-3
5001510010010001,赵一,未发放的公益岗工资,0.3,20240301
5001510010010001,赵一,务工收入,0.3,20240301
,,小计,1.85,
"""
    intake = read(roster_csv, text_file("收入.csv", text))
    items = intake.tables["income_items"]
    assert [(i["kind"], i["amount"]) for i in items] == [
        ("wage.outside_province", "12000.00"), ("production.livestock", "350.00"), ("excluded.unpaid_wage", "3000.00")
    ]  # fmt: skip
    assert items[0]["quarter"] == "2024Q1"
    assert "received_on" not in items[0]
    assert items[1]["received_on"] == "2024-03-01"
    assert [f.cell for f in intake.files[1].not_understood] == ["C7"]


@pytest.mark.req("REG-6")
def test_household_numbers_as_number_cells_are_not_used(read: Read, book: Make, person_id: Id) -> None:
    path = book("云山村花名册.xlsx", {"云山村": [
        ["户编号", "户主", "姓名", "与户主关系", "身份证号"],
        [5001510010010011, "赵一", "赵一", "户主", person_id(1)],
        [None, None, "钱二", "妻子", person_id(2, year=1990, male=False)],
        [5001510010010012, "李四", "李四", "户主", person_id(3)],
    ]})  # fmt: skip
    intake = read(path)
    assert [f.cell for f in intake.files[0].quarantined] == ["A2", "A4"]
    assert [len(h.members) for h in intake.registry.households.values()] == [2, 1]


@pytest.mark.req("ALR-1")
def test_ids_in_scientific_notation_and_with_zeros(read: Read, text_file: Make, person_id: Id) -> None:
    text = f"姓名,证件号码,失业日期\n甲,5.00199E+17,2024-1-1\n乙,500199198003030000,2024-1-1\n丙,{person_id(5)},2024-1-1\n"
    intake = read(text_file("失业.csv", text))
    assert [row.id.status for row in intake.files[0].rows] == ["quarantined", "quarantined", "accepted"]
    assert [f.cell for f in intake.files[0].quarantined] == ["B2", "B3"]


@pytest.mark.req("REG-6")
def test_records_of_a_csv_are_counted_with_quoted_line_ends(read: Read, text_file: Make) -> None:
    text = '姓名,证件号码,失业日期,失业原因\n甲,,2024-1-1,"工地\n停工"\n\n乙,123,2024-1-1,\n'
    intake = read(text_file("失业.csv", text))
    assert [row.row for row in intake.files[0].rows] == [2, 4]
    assert [f.cell for f in intake.files[0].quarantined] == ["B4"]


@pytest.mark.req("REG-6")
def test_formulas_without_results_are_told(read: Read, book: Make, cells: Cells) -> None:
    path = book("失业.xlsx", {"失业": [["姓名", "身份证号", "失业日期"], ["甲", "=A1", "=TODAY()"]]})
    intake = read(path)
    assert cells(intake.files[0]) == {("失业", "B2"), ("失业", "C2")}
    assert not intake.clean


@pytest.mark.req("REG-6")
def test_a_table_of_another_kind_is_not_understood(read: Read, text_file: Make) -> None:
    intake = read(text_file("会议.csv", "时间,地点,主题\n周一,会议室,学习\n"))
    assert intake.files[0].not_understood
    assert report(intake)["files"][0]["taken_for"] == "unknown"


@pytest.mark.req("REG-1")
def test_the_same_number_in_two_villages(read: Read, text_file: Make, person_id: Id) -> None:
    text = f"""村,村编码,户编号,户主,姓名,关系,身份证
云山村,500151001001,1,赵一,赵一,户主,{person_id(1)}
云溪村,500151001002,1,李四,李四,户主,{person_id(3)}
"""
    intake = read(text_file("名册.csv", text))
    ids = [row["household_id"] for row in intake.tables["households"]]
    assert len(set(ids)) == 2
    assert [row["area_code"] for row in intake.tables["households"]] == ["500151001001", "500151001002"]


@pytest.mark.req("LED-3")
def test_a_ledger_in_another_order(read: Read, roster_csv: Path, text_file: Make) -> None:
    text = """疑似问题核实台账
序号,问题层级,村,户主姓名,所在村民小组,农户类型,问题类型,问题描述,疑似问题核实情况
示例,户,某某村,某某,1组,一般农户,⑤饮水安全,某某,②
1,户,云山村,李四,——,监测户（未消除风险）,（3）基本医疗,一人未参保,①不是问题
2,村,云溪村,——,——,——,4,未落实,确有问题
3,户,云山村,赵一,,一般脱贫户,道路,路不通,
4,户,云山村,赵一,,一般农户,5.基本医疗,对不上,再看
,,,,,,,,
5,,,,,,,,
"""
    intake = read(roster_csv, text_file("台账.csv", text))
    rows = intake.tables["problems"]
    assert [(r["level"], r["problem"], r.get("verification")) for r in rows] == [
        ("household", "medical", "not_a_problem"), ("village", "help_and_removal", "problem"),
        ("household", "other", None), ("household", "medical", None),
    ]  # fmt: skip
    assert [r.get("household_kind") for r in rows] == ["unresolved", None, "lifted", "other"]
    assert [f.cell for f in intake.files[1].not_understood] == ["G7", "I7"]
