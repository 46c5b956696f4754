"""Annex 3 as an office gets it: official head and words, nothing that runs, nothing lost, ready to print.

Requirements: LED-1 (one row of annex 3 for every suspected problem), LED-3 (the official Excel table).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from shouwang.documents.suspected_ledger import LedgerRow, write_suspected_ledger
from shouwang.errors import InputError
from shouwang.tables.dictionary import CODES

TITLE = "2024年“大走访大排查大整改”行动疑似问题核实台账"
HOUSEHOLD = LedgerRow(
    "household",
    "某某县",
    "某某乡镇",
    "某某村",
    "3组",
    "杨某某",
    "other",
    "water",
    None,
    "水井被损毁",
    "problem",
    "急",
)


def written(folder: Path, *rows: LedgerRow, **options: int) -> list[Worksheet]:
    path = folder / "annex3.xlsx"
    assert write_suspected_ledger(path, iter(rows), title=TITLE, **options) == len(rows)
    return openpyxl.load_workbook(path).worksheets


def line(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


@pytest.mark.req("LED-3")
def test_the_head_has_the_official_columns_order_and_words(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, HOUSEHOLD)
    assert sheet["A1"].value == "附件3"
    assert sheet["A2"].value == TITLE
    rows = zip(*sheet["A3:L4"], strict=True)
    head = [(lower.value or upper.value).split("\n")[0] for upper, lower in rows]
    assert head == [
        "序号",
        "区县",
        "问题层级（乡镇、村、户）",
        "乡镇",
        "村",
        "1.所在村民小组",
        "2.户主姓名",
        "3.农户类型",
        "4.问题类型",
        "5.问题描述",
        "疑似问题核实情况",
        "备注",
    ]
    assert "⑦稳岗就业（尤其是公益性岗位）、⑧风险消除、⑨群众满意度、⑩其他（请注明）" in sheet["I4"].value
    assert "①辖区情况了解；②政策宣传情况；③监测对象识别；④帮扶与风险消除；" in sheet["I4"].value
    assert sheet["K3"].value.endswith(
        "（①经核实不是问题，不纳入问题整改台账；②经核实确有问题，纳入问题整改台账）"
    )


@pytest.mark.req("LED-3")
def test_head_cells_are_joined_as_offices_see_them(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, HOUSEHOLD)
    joined = {str(area) for area in sheet.merged_cells.ranges}
    assert joined == {"A2:L2", "F3:J3"} | {f"{letter}3:{letter}4" for letter in "ABCDEKL"}
    assert sheet["F3"].value == "疑似问题情况"


@pytest.mark.req("LED-1")
def test_a_household_row_is_in_official_words(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, HOUSEHOLD)
    assert line(sheet, 5) == [
        "1",
        "某某县",
        "户",
        "某某乡镇",
        "某某村",
        "3组",
        "杨某某",
        "其他一般农户",
        "⑤饮水安全",
        "水井被损毁",
        "②",
        "急",
    ]


@pytest.mark.req("LED-1")
def test_rows_of_towns_and_villages_have_the_sign_for_no_household(tmp_path: Path) -> None:
    town = LedgerRow("town", "某某县", "某某乡镇", problem="local_knowledge", description="不熟悉")
    village = LedgerRow("village", "某某县", "某某乡镇", "某某村", problem="other", type_label="道路")
    (sheet,) = written(tmp_path, town, village)
    assert line(sheet, 5)[2:9] == ["乡镇", "某某乡镇", "——", "——", "——", "——", "①辖区情况了解"]
    assert line(sheet, 6)[2:9] == ["村", "某某乡镇", "某某村", "——", "——", "——", "⑧其他（道路）"]


@pytest.mark.req("LED-1")
@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (LedgerRow("household", problem="other", type_label="道路交通"), 8, "⑩其他（道路交通）"),
        (LedgerRow("household", problem="other"), 8, "⑩其他"),
        (LedgerRow("household", problem="income", type_label="收入"), 8, "①收入方面"),
        (LedgerRow("household", household_kind="resolved"), 7, "监测户（已消除风险）"),
        (LedgerRow("household", verification="not_a_problem"), 10, "①"),
        (LedgerRow("household"), 10, None),
        (LedgerRow("household"), 7, None),
    ],
)
def test_codes_become_official_labels_and_unknown_stays_empty(row, column, words, tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, row)
    assert line(sheet, 5)[column] == words


@pytest.mark.req("LED-1")
def test_a_code_of_the_other_level_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    rows = [HOUSEHOLD, LedgerRow("town", problem="water")]
    with pytest.raises(ValueError, match="place_problem"):
        write_suspected_ledger(tmp_path / "annex3.xlsx", rows, title=TITLE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("LED-3")
def test_it_prints_on_a4_across_with_its_head_on_each_page(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, HOUSEHOLD)
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$4"
    assert "&P" in sheet.oddFooter.center.text
    assert "&N" in sheet.oddFooter.center.text
    assert sheet.freeze_panes == "A5"


@pytest.mark.req("LED-3")
def test_text_can_be_read(tmp_path: Path) -> None:
    long = LedgerRow("household", description="因病住院，自付费用较高。" * 20)
    (sheet,) = written(tmp_path, HOUSEHOLD, long)
    wide = [area for area in sheet.column_dimensions.values() if area.width >= 30]
    assert [(area.min, area.max) for area in wide] == [(9, 10)]  # problem type and description
    for row in (3, 4, 5):
        assert all(cell.alignment.wrap_text for cell in sheet[row] if cell.value is not None)
        assert all(cell.border.bottom.style == "thin" for cell in sheet[row])
    assert sheet.row_dimensions[6].height > 4 * sheet.row_dimensions[5].height


@pytest.mark.req("LED-3")
def test_the_lists_offer_the_official_words(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path, HOUSEHOLD)
    lists = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    offered = {area[0]: rule.formula1.strip('"').split(",") for area, rule in lists.items()}
    assert offered["C"] == ["乡镇", "村", "户"]
    assert offered["H"] == [code.zh for code in CODES["household_kind"]] + ["——"]
    assert offered["I"] == [code.zh for code in CODES["household_problem"] + CODES["place_problem"]]
    assert offered["K"] == ["①", "②"]
    assert all(area.startswith(f"{area[0]}5:") for area in lists)
    assert not next(rule for area, rule in lists.items() if area[0] == "I").showErrorMessage  # 请注明


INJECTIONS = [
    "=1+1",
    "+86 199",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "{=1}",
    "=cmd|' /C calc'!A0",
]
_ANY = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


def check_text_survives(text: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "annex3.xlsx"
        row = LedgerRow("household", text, text, text, text, text, None, "other", text, text, None, text)
        write_suspected_ledger(path, [row], title=TITLE)
        cells = openpyxl.load_workbook(path).active[5]
        assert all(cell.data_type in ("s", "n", "inlineStr") and cell.data_type != "f" for cell in cells)
        read = [unescape(str(cells[at].value or "")) for at in (1, 3, 4, 5, 6, 9, 11)]
        assert [value.replace("\r\n", "\n") for value in read] == [text.replace("\r\n", "\n")] * 7


@pytest.mark.req("LED-3")
@pytest.mark.parametrize(
    "text", [*INJECTIONS, " 两边空 ", "甲\n乙", "<b>&amp;", "_x0041_", "007", "1E5", "䶮㛃𬭎"]
)
def test_what_looks_like_a_formula_is_text_and_comes_back_unchanged(text: str) -> None:
    check_text_survives(text)


@pytest.mark.req("LED-3")
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["", "=", "+", "-", "@", "\t=", "'"]), _ANY)
def test_any_text_comes_back_unchanged(start: str, text: str) -> None:
    check_text_survives(start + text)


@pytest.mark.req("LED-3")
def test_what_does_not_fit_a_sheet_goes_on_the_next(tmp_path: Path) -> None:
    sheets = written(tmp_path, *[HOUSEHOLD] * 25, sheet_rows=14)
    assert [sheet.title for sheet in sheets] == ["附件3", "附件3（2）", "附件3（3）"]
    numbers = [sheet.cell(row, 1).value for sheet in sheets for row in range(5, sheet.max_row + 1)]
    assert numbers == [str(number) for number in range(1, 26)]
    assert all(sheet["A2"].value == TITLE and sheet.print_title_rows == "$3:$4" for sheet in sheets)


@pytest.mark.req("LED-3")
def test_many_rows_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "annex3.xlsx"
    assert write_suspected_ledger(path, (HOUSEHOLD for _ in range(3000)), title=TITLE) == 3000
    cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert len(cells) == 3004
    assert cells[-1][0] == "3000"


@pytest.mark.req("LED-3")
def test_an_empty_ledger_prints_as_a_form(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path)
    assert all(value is None for row in sheet.iter_rows(min_row=5, values_only=True) for value in row)
    assert sheet["L6"].border.bottom.style == "thin"


@pytest.mark.req("LED-3")
def test_a_text_too_long_for_a_cell_is_refused_not_cut(tmp_path: Path) -> None:
    row = LedgerRow("household", description="长" * 32_768)
    with pytest.raises(InputError) as caught:
        write_suspected_ledger(tmp_path / "annex3.xlsx", [row], title=TITLE)
    assert "5.问题描述" in caught.value.what
    assert list(tmp_path.iterdir()) == []
