"""What we know in the shape of the national system: its layout, a way back without loss, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.documents.national_shape import write_national_shape
from shouwang.errors import InputError
from shouwang.tables.dictionary import CODES
from shouwang.tables.exchange import write_folder
from shouwang.tables.lists.national_shape import national_tables
from shouwang.tables.lists.ours import read_ours
from shouwang.tables.lists.theirs import read_theirs

from .conftest import NATIONAL, ON, number

DAY = date(2024, 9, 1)


@pytest.mark.req("ALR-6")
def test_the_layout_is_that_of_the_system(taken_in: Path, tmp_path: Path, lists: Callable[..., int]) -> None:
    out = tmp_path / "a.xlsx"
    assert lists("national", taken_in, "--out", out, "--on", ON) == 0
    sample, ours = openpyxl.load_workbook(NATIONAL).active, openpyxl.load_workbook(out).active
    assert [cell.value for cell in ours[3]] == [cell.value for cell in sample[3]]
    assert ours["A1"].value == sample["A1"].value
    assert ours.title == sample.title
    assert ours.max_row == sample.max_row
    cells = [cell for row in ours.iter_rows(min_row=4) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    heads = {cell.value: cell.column for cell in ours[3]}
    for head in ("文化程度", "工资性收入", "合规自付支出", "理赔", "综合保障", "联系电话"):
        assert not any(ours.cell(row, heads[head]).value for row in range(4, ours.max_row + 1))
    told = {
        cell.value: [sample.cell(4, cell.column).value, ours.cell(4, cell.column).value] for cell in sample[3]
    }
    for head in (
        "村",
        "户编号",
        "人编号",
        "户类型",
        "监测对象类别",
        "识别监测时间",
        "消除监测时间",
        "致贫/返贫风险1",
        "产业帮扶",
    ):
        assert told[head][0] == told[head][1]


@pytest.mark.req("ALR-6")
def test_the_way_back_gives_the_same_tables(taken_in: Path, tmp_path: Path) -> None:
    ours = read_ours(taken_in, DAY)
    write_national_shape(tmp_path / "a.xlsx", ours)
    back = read_theirs(ours, tmp_path / "a.xlsx").tables
    for name, rows in national_tables(ours).items():
        assert back[name] == rows


def _codes(name: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(code.code for code in CODES[name])])


_DAYS = st.one_of(st.none(), st.dates(date(2021, 1, 1), date(2024, 8, 31)))
_HOME = st.fixed_dictionaries(
    {
        "monitoring_status": st.sampled_from(["unresolved", "resolved"]),
        "monitoring_type": _codes("monitoring_type").filter(bool),
        "household_type": st.sampled_from(["lifted", "general"]),
        "identified_on": _DAYS,
        "resolved_on": _DAYS,
        "income_per_capita_last_year": st.one_of(st.none(), st.decimals(0, 99999, places=2)),
        "housing_unsafe": st.sampled_from([None, True, False]),
        "risks": st.lists(st.sampled_from([c.code for c in CODES["cause"]]), unique=True, max_size=5),
    }
)
_PERSON = st.fixed_dictionaries(
    {
        "relation": _codes("relation"),
        "sex": _codes("sex"),
        "labour_capacity": _codes("labour_capacity"),
        "in_school": st.sampled_from([None, True, False]),
        "school_stage": _codes("school_stage"),
        "numbered": st.booleans(),
    }
)


@pytest.mark.req("ALR-6")
@given(homes=st.lists(st.tuples(_HOME, st.lists(_PERSON, min_size=1, max_size=3)), min_size=1, max_size=4))
def test_any_registry_comes_back(tmp_path_factory: pytest.TempPathFactory, homes: list) -> None:
    folder = tmp_path_factory.mktemp("made")
    tables: dict[str, list[dict]] = {"households": [], "members": [], "cases": [], "villages": []}
    tables["villages"] = [{"area_code": "500151122201", "year": 2024, "village": "双柏村"}]
    for at, (home, people) in enumerate(homes):
        number_of = f"500151122201{at:04}"
        risks = ";".join(home["risks"]) or None
        tables["cases"].append({"case_id": f"c{at}", "household_id": number_of, "risks": risks})
        known = {name: value for name, value in home.items() if name != "risks"}
        tables["households"].append({"household_id": number_of, "area_code": "500151122201", **known})
        for place, person in enumerate(people):
            male = person["sex"] != "female"
            card = (
                number("19800303", at * 20 + place * 2 + male)
                if person["numbered"] and person["sex"]
                else None
            )
            row = {name: value for name, value in person.items() if name != "numbered"}
            name = f"柏{'甲乙丙丁'[at]}{'一二三'[place]}"
            key = {"member_id": f"{number_of}{place:02}", "household_id": number_of, "name": name}
            tables["members"].append({**key, **row, "id_number": card})
    write_folder(folder, tables)
    ours = read_ours(folder, DAY)
    write_national_shape(folder / "a.xlsx", ours, 2023)
    back = read_theirs(ours, folder / "a.xlsx", income_year=2023).tables
    for name, rows in national_tables(ours, 2023).items():
        assert back[name] == rows


@pytest.mark.req("ALR-6")
def test_refusals(registry: Path, tmp_path: Path, lists: Callable[..., int]) -> None:
    with pytest.raises(InputError, match="xlsx"):
        lists("national", registry, "--out", tmp_path / "a.csv")
    with pytest.raises(InputError, match="数据文件夹"):
        lists("national", registry, "--out", registry / "a.xlsx")
    with pytest.raises(InputError, match="没有这个文件夹"):
        lists("national", tmp_path / "nothing", "--out", tmp_path / "a.xlsx")
    write_folder(tmp_path / "none", {"households": [{"household_id": "1", "monitoring_status": "none"}]})
    with pytest.raises(InputError, match="没有监测对象"):
        lists("national", tmp_path / "none", "--out", tmp_path / "a.xlsx")
