"""A workbook given back changes exactly what was decided, and tells the other side what to change."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from shouwang.errors import InputError
from shouwang.tables.exchange import open_folder, write_folder

from .conftest import ON, Filled, number

Lists = Callable[..., int]
KEYS = {"households": "household_id", "members": "member_id", "cases": "case_id"}


def table(folder: Path, name: str) -> dict[str, dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[KEYS[name]]: row for row in csv.DictReader(file)}


def typed(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table of a folder of any format, by name; rows in their order."""
    with duckdb.connect() as connection:
        found = {}
        for name, source in open_folder(folder, connection).items():
            result = connection.execute(f"select * from {source.relation}")
            names = [column[0] for column in result.description]
            found[name] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return found


def changed(before: Path, after: Path) -> set[tuple[str, str, str, str]]:
    """Table, key, column and new value of every cell that differs; a new row with '' as its column."""
    found = set()
    for name in KEYS:
        old, new = table(before, name), table(after, name)
        assert old.keys() <= new.keys()
        found |= {(name, key, "", "") for key in new.keys() - old.keys()}
        for key, row in old.items():
            found |= {
                (name, key, column, value)
                for column, value in new[key].items()
                if value != row.get(column, "")
            }
    return found


def theirs(folder: Path) -> list[tuple[str, ...]]:
    page = openpyxl.load_workbook(folder / "their.xlsx").active
    return [tuple(cell.value or "" for cell in row)[6:10] for row in page.iter_rows(min_row=3)]


def numbers_differ(filled: Filled) -> int:
    """The row of the person whose identity number is another one in the export."""
    page, column = filled.book["字段差异"], filled.heads("字段差异")["说明"]
    texts = {row: str(page.cell(row, column).value) for row in range(3, page.max_row + 1)}
    return next(row for row, text in texts.items() if text.startswith("第 ") and "位不同" in text)


def decisions(filled: Filled) -> set[tuple[str, str, str, str]]:
    """One decision of each kind; gives the changes that must come of them."""
    filled.decide("字段差异", "以对方为准", 项目="识别时间", 户编号="5001511222010001", remark="查了档案")
    filled.decide("字段差异", "以我方为准", 项目="监测状态", 户编号="5001511222010006")
    filled.decide("字段差异", "另填", "因病、因残", 项目="返贫致贫风险", 户编号="5001511222010016")
    filled.decide("字段差异", "不处理", 项目="监测对象类别", 户编号="5001511222010025")
    filled.decide("字段差异", "另填", "技能劳动力", 项目="劳动能力", 户编号="5001511222010031")
    filled.decide("户", "以我方为准", 户主="柏新户")
    filled.decide("收入", "以对方为准", 户编号="5001511222010001")
    gone = filled.find("人", 在哪边="只在我方")
    filled.put("人", gone, "另填", "2024-03-15")
    left = json.loads(filled.book["人"].cell(gone, 1).value.rpartition("#")[0])["member_id"]
    level = next(
        row
        for row in range(3, filled.book["部门名单"].max_row + 1)
        if filled.book["部门名单"].cell(row, 7).value == "已确认"
    )
    filled.put("部门名单", level, "以对方为准")
    key = json.loads(filled.book["部门名单"].cell(level, 1).value.rpartition("#")[0])
    return {
        ("households", "5001511222010001", "identified_on", "2024-05-01"),
        ("cases", "case-5001511222010016", "risks", "illness;disability"),
        ("members", "500151122201003101", "labour_capacity", "skilled"),
        ("households", "5001511222010001", "income_per_capita_last_year", "5170.00"),
        ("members", left, "left_on", "2024-03-15"),
        ("members", key["member_id"], "disability_level", key["v"]),
    }


@pytest.mark.req("ALR-5")
def test_exactly_what_was_decided_changes(
    filled: Filled, registry: Path, tmp_path: Path, lists: Lists
) -> None:
    wanted = decisions(filled)
    report = tmp_path / "报告.json"
    assert lists("apply", registry, filled.save(), "--into", tmp_path / "new", "--report", report) == 0
    assert changed(registry, tmp_path / "new") == wanted
    for name in ("income_items", "alerts", "villages", "measures"):
        assert (tmp_path / "new" / f"{name}.csv").read_bytes() == (registry / f"{name}.csv").read_bytes()
    with (tmp_path / "new" / "changes.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert len(told) == len(wanted)
    first = next(row for row in told if row["column"] == "identified_on")
    assert (first["old"], first["new"], first["decided"], first["remark"]) == (
        "2024-07-01", "2024-05-01", "以对方为准", "查了档案",
    )  # fmt: skip
    data = json.loads(report.read_text(encoding="utf-8"))
    assert (data["decided"], data["changed"], data["untouched"], data["conflicts"]) == (9, 6, 1, [])
    assert ("赵鹏超", "监测状态", "监测对象（未消除）", "监测对象（已消除）") in theirs(tmp_path / "new")
    assert ("孙志学", "劳动能力", "弱劳动力或半劳动力", "技能劳动力") in theirs(tmp_path / "new")
    assert ("柏新户", "这一户", "有", "请核减这一户（我方没有）") in theirs(tmp_path / "new")
    with duckdb.connect() as connection:
        assert "households" in open_folder(tmp_path / "new", connection)


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_saved_by_an_office_program(
    filled: Filled, registry: Path, tmp_path: Path, lists: Lists, kind: str
) -> None:
    """Rows in another order and deleted, columns added and widened, saved by LibreOffice."""
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice on this machine")
    wanted = decisions(filled)
    page = filled.book["字段差异"]
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    decided = filled.heads("字段差异")["处理"] - 1
    kept = [line for line in reversed(lines) if line[decided]] + [
        line for line in lines if not line[decided]
    ][::2]
    page.delete_rows(3, len(lines))
    for line in kept:
        page.append(line)
    page.insert_cols(2)
    page.cell(2, 2).value = "村里的话"
    page.column_dimensions["C"].width = 60
    source = filled.save()
    out = tmp_path / "saved"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
        kind,
    ]
    subprocess.run([*command, "--outdir", out, source], check=True, capture_output=True, timeout=240)
    assert lists("apply", registry, out / f"{source.stem}.{kind}", "--into", tmp_path / "new") == 0
    assert changed(registry, tmp_path / "new") == wanted


@pytest.mark.req("ALR-5")
def test_people_and_households_of_the_other_list_are_taken_in(
    filled: Filled, registry: Path, national: Path, tmp_path: Path, lists: Lists
) -> None:
    filled.decide("人", "以对方为准", 姓名="新来人")
    filled.decide("户", "以对方为准", 户主="柏新户")
    identity = numbers_differ(filled)
    filled.put("字段差异", identity, "以对方为准")
    workbook = filled.save()
    with pytest.raises(InputError, match="--national") as refused:
        lists("apply", registry, workbook, "--into", tmp_path / "new")
    assert all(f"{place} " in str(refused.value) for place in ("户!J3", "人!J4", f"字段差异!J{identity}"))
    assert not (tmp_path / "new").exists()
    assert lists("apply", registry, workbook, "--into", tmp_path / "new", "--national", national) == 0
    people, homes = table(tmp_path / "new", "members"), table(tmp_path / "new", "households")
    assert homes["9901"]["monitoring_status"] == "unresolved"
    assert people["990101"]["id_number"] == number("19700303", 881)
    newcomer = next(row for row in people.values() if row["name"] == "新来人")
    assert newcomer["household_id"] in homes
    assert newcomer["birth_date"] == "1990-03-03"
    fresh = {key for _table, key, column, _new in changed(registry, tmp_path / "new") if not column}
    assert fresh == {"9901", "990101", newcomer["member_id"]}
    edits = [entry for entry in changed(registry, tmp_path / "new") if entry[2]]
    assert [entry[2] for entry in edits] == ["id_number"]


@pytest.mark.req("ALR-5")
def test_a_value_that_changed_meanwhile_is_told_and_left(
    filled: Filled, registry: Path, tmp_path: Path, lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = filled.decide("字段差异", "以对方为准", 项目="识别时间", 户编号="5001511222010001")
    filled.decide("字段差异", "以对方为准", 项目="监测对象类别", 户编号="5001511222010025")
    homes = registry / "households.csv"
    homes.write_text(
        homes.read_text(encoding="utf-8").replace("2024-07-01,2024-08-01", "2024-06-01,2024-08-01"),
        encoding="utf-8",
    )
    assert lists("apply", registry, filled.save(), "--into", tmp_path / "new") == 1
    assert f"字段差异!{cell}" in capsys.readouterr().out
    assert {entry[1:3] for entry in changed(registry, tmp_path / "new")} == {
        ("5001511222010025", "monitoring_type")
    }


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_folders_of_other_formats(
    filled: Filled, registry: Path, tmp_path: Path, lists: Lists, kind: str
) -> None:
    filled.decide("字段差异", "以对方为准", 项目="识别时间", 户编号="5001511222010001")
    filled.decide("收入", "以对方为准", 户编号="5001511222010001")
    folder = tmp_path / "other"
    write_folder(folder, typed(registry), kind)
    assert lists("apply", folder, filled.save(), "--into", tmp_path / "new") == 0
    before, after = typed(folder), typed(tmp_path / "new")
    first = before["households"][0]
    assert first["household_id"] == "5001511222010001"
    first |= {"identified_on": dt.date(2024, 5, 1), "income_per_capita_last_year": Decimal("5170.00")}
    for row in before["households"][1:]:
        row["income_per_capita_last_year"] = None
    assert after == before


@pytest.mark.req("ALR-5")
def test_columns_of_one_s_own_stay(filled: Filled, registry: Path, tmp_path: Path, lists: Lists) -> None:
    homes = registry / "households.csv"
    lines = homes.read_text(encoding="utf-8").splitlines()
    homes.write_text(
        "\n".join([f"{lines[0]},我们的列", *(f"{line},值{at}" for at, line in enumerate(lines[1:]))]) + "\n",
        encoding="utf-8",
    )
    filled.decide("字段差异", "以对方为准", 项目="识别时间", 户编号="5001511222010001")
    assert lists("apply", registry, filled.save(), "--into", tmp_path / "new") == 0
    with (tmp_path / "new" / "households.csv").open(encoding="utf-8", newline="") as file:
        assert [row["我们的列"] for row in csv.DictReader(file)] == [f"值{at}" for at in range(360)]
    assert [entry[2] for entry in changed(registry, tmp_path / "new")] == ["identified_on"]


# ---- refusals --------------------------------------------------------------------------------------------


def _word(filled: Filled) -> str:
    return filled.decide("字段差异", "改", 项目="识别时间", 户编号="5001511222010001")


def _no_value(filled: Filled) -> str:
    return filled.decide("字段差异", "另填", 项目="识别时间", 户编号="5001511222010001").replace("J", "K")


def _no_date(filled: Filled) -> str:
    return filled.decide("字段差异", "另填", "去年", 项目="识别时间", 户编号="5001511222010001").replace(
        "J", "K"
    )


def _no_code(filled: Filled) -> str:
    return filled.decide(
        "字段差异", "另填", "特别户", 项目="监测对象类别", 户编号="5001511222010025"
    ).replace("J", "K")


def _bad_number(filled: Filled) -> str:
    row = numbers_differ(filled)
    return filled.put("字段差异", row, "另填", f"{number('19900303', 771)[:17]}Y").replace("J", "K")


def _no_amount(filled: Filled) -> str:
    return filled.decide("收入", "另填", "不少", 户编号="5001511222010001").replace("K", "L")


def _two_things(filled: Filled) -> str:
    return filled.decide("字段差异", "以对方为准", "2024-01", 项目="识别时间", 户编号="5001511222010001")


def _value_alone(filled: Filled) -> str:
    cell = filled.decide("字段差异", "", "2024-01", 项目="识别时间", 户编号="5001511222010001")
    return cell.replace("J", "K")


def _barred(filled: Filled) -> str:
    return filled.decide("户", "以对方为准", 在哪边="只在我方")


def _double(filled: Filled) -> str:
    row = filled.find("字段差异", 项目="识别时间", 户编号="5001511222010001")
    page = filled.book["字段差异"]
    filled.put("字段差异", row, "以对方为准")
    page.append([cell.value for cell in page[row]])
    return filled.put("字段差异", page.max_row, "以我方为准")


def _foreign_key(filled: Filled) -> str:
    row = filled.find("字段差异", 项目="识别时间", 户编号="5001511222010001")
    filled.put("字段差异", row, "以对方为准")
    cell = filled.book["字段差异"].cell(row, 1)
    cell.value = str(cell.value).replace("2024-05-01", "2023-05-01")
    return f"A{row}"


def _lost_key(filled: Filled) -> str:
    row = filled.find("字段差异", 项目="识别时间", 户编号="5001511222010001")
    filled.put("字段差异", row, "以对方为准")
    filled.book["字段差异"].cell(row, 1).value = None
    return f"A{row}"


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_word, "不是可选的处理"),
        (_no_value, "没有写"),
        (_no_date, "不是日期"),
        (_no_code, "没有这个选项"),
        (_bad_number, "字符"),
        (_no_amount, "不是金额"),
        (_two_things, "又写了"),
        (_value_alone, "没有选"),
        (_barred, "不能选"),
        (_double, "处理不一样"),
        (_foreign_key, "行键"),
        (_lost_key, "行键"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_meant_is_refused_with_its_cell(
    filled: Filled, registry: Path, tmp_path: Path, lists: Lists, spoil: Callable[[Filled], str], said: str
) -> None:
    cell = spoil(filled)
    with pytest.raises(InputError, match=said) as refused:
        lists("apply", registry, filled.save(), "--into", tmp_path / "new", "--report", tmp_path / "r.json")
    assert f"!{cell} " in str(refused.value)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "r.json").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.req("ALR-5")
def test_all_faults_are_told_at_once(filled: Filled, registry: Path, tmp_path: Path, lists: Lists) -> None:
    cells = [_word(filled), _no_code(filled).replace("K", "J")]
    filled.put("字段差异", filled.find("字段差异", 项目="监测对象类别", 户编号="5001511222010025"), "改成")
    with pytest.raises(InputError) as refused:
        lists("apply", registry, filled.save(), "--into", tmp_path / "new")
    assert all(f"字段差异!{cell}" in str(refused.value) for cell in cells)


@pytest.mark.req("ALR-5")
def test_rows_of_another_workbook_are_refused(
    filled: Filled, registry: Path, national: Path, tmp_path: Path, lists: Lists
) -> None:
    other = tmp_path / "另一天.xlsx"
    lists("compare", registry, "--national", national, "--on", "2024-09-02", "--out", other)
    later = Filled(other)
    row = later.find("字段差异", 项目="识别时间", 户编号="5001511222010001")
    later.put("字段差异", row, "以对方为准")
    page = filled.book["字段差异"]
    page.append([cell.value for cell in later.book["字段差异"][row]])
    with pytest.raises(InputError, match=f"字段差异!A{page.max_row} .*另一份工作簿"):
        lists("apply", registry, filled.save(), "--into", tmp_path / "new")
    with pytest.raises(InputError, match="2024-09-02"):
        lists("apply", registry, later.save(), "--into", tmp_path / "new", "--on", ON)


@pytest.mark.req("ALR-5")
def test_other_folders_and_other_files_are_refused(
    filled: Filled, registry: Path, national: Path, tmp_path: Path, lists: Lists
) -> None:
    filled.decide("字段差异", "以对方为准", 项目="识别时间", 户编号="5001511222010001")
    workbook = filled.save()
    stranger = tmp_path / "stranger"
    write_folder(stranger, {"households": [{"household_id": "1", "area_code": "500151122201"}]})
    with pytest.raises(InputError, match="不是从这个文件夹"):
        lists("apply", stranger, workbook, "--into", tmp_path / "new")
    with pytest.raises(InputError, match="不是名单比对的工作簿"):
        lists("apply", registry, national, "--into", tmp_path / "new")
    for into in (registry, registry / "new"):
        with pytest.raises(InputError, match="--into"):
            lists("apply", registry, workbook, "--into", into)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="没有覆盖"):
        lists("apply", registry, workbook, "--into", tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["a.txt"]


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--out", "比对.csv", "xlsx"),
        ("--out", "没有/比对.xlsx", "没有这个文件夹"),
        ("--income-gap", "很多", "不是数"),
        ("--income-gap-share", "-1", "不是数"),
        ("--on", "9月1日", "日期"),
    ],
)
def test_wrong_options_of_compare(
    registry: Path, national: Path, tmp_path: Path, lists: Lists, option: str, value: str, said: str
) -> None:
    options = {"--national": str(national), "--on": ON, "--out": str(tmp_path / "a.xlsx")}
    options[option] = str(tmp_path / value) if option == "--out" else value
    with pytest.raises(InputError, match=said):
        lists("compare", registry, *(part for pair in options.items() for part in pair))
    assert not list(tmp_path.glob("*.xlsx"))
