"""Annex 3 filled in by hand: 疑似问题核实台账, with examples and empty rows to skip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shouwang.generator.township import Row
from shouwang.generator.untidy import mangling
from shouwang.generator.untidy.lists import Desk
from shouwang.generator.untidy.sheet import Book, Sheet

_TYPES = (
    ("income", "①收入方面", "收入", "1"),
    ("education", "②基本教育", "教育", "2"),
    ("medical", "③基本医疗", "医疗", "3"),
    ("housing", "④住房安全", "住房", "4"),
    ("water", "⑤饮水安全", "饮水", "5"),
    ("employment", "⑦稳岗就业", "就业", "7"),
    ("satisfaction", "⑨群众满意度", "满意度", "9"),
)
_SAYS = {
    "income": "今年收入下降较多",
    "education": "孩子未到校",
    "medical": "有成员未参保",
    "housing": "房屋漏雨",
    "water": "天旱时缺水",
    "employment": "务工返乡后未就业",
    "satisfaction": "对帮扶不满意",
}
_KIND = {"resolved": "监测户（已消除风险）", "unresolved": "监测户（未消除风险）"}


def ledger(desk: Desk, folder: Path) -> dict[str, Any]:
    """疑似问题核实台账.xlsx in the layout of annex 3, filled in by hand: two examples and empty rows to
    skip.
    """
    file = "疑似问题核实台账（各村汇总）.xlsx"
    book = Book(folder / file)
    sheet = book.sheet("附件3")
    _ledger_head(sheet)
    examples = (
        (
            "1（示例）",
            "某某县",
            "户",
            "某某乡镇",
            "某某村",
            "3组",
            "杨某某",
            "一般农户",
            "⑤饮水安全",
            "水井损毁",
            "②",
            None,
        ),
        (
            "2（示例）",
            "某某县",
            "乡镇",
            "某某乡镇",
            "——",
            "——",
            "——",
            "——",
            "①政策熟悉情况",
            "政策不熟悉",
            "②",
            None,
        ),
    )
    for row, cells in enumerate(examples, 4):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    rows = []
    heads = desk.some(0.012, lambda person: person["relation"] == "head")
    for number, person in enumerate(heads, 3):
        cells_, stated = _ledger_row(desk, number, person)
        for column, value in enumerate(cells_):
            sheet.write(number + 3, column, value)
        rows.append({"sheet": "附件3", "row": number + 4} | stated)
    for empty in range(len(heads) + 3, len(heads) + 5):
        sheet.write(empty + 3, 0, empty)
    book.close()
    return {
        "file": file,
        "what": "ledger of suspected problems filled in by hand, layout of annex 3",
        "data_rows": len(rows),
        "example_rows_to_skip": 2,
        "numbered_but_empty_rows_to_skip": 2,
        "rows": rows,
    }


def _ledger_head(sheet: Sheet) -> None:
    sheet.write(0, 0, "附件3")
    sheet.merge(1, 1, 0, "2024年“大走访大排查大整改”行动疑似问题核实台账", to=11, style="title")
    for column, head in enumerate(("序号", "区县", "问题层级（乡镇、村、户）", "乡镇", "村")):
        sheet.merge(2, 3, column, head, style="head")
    sheet.merge(2, 2, 5, "疑似问题情况", to=9, style="head")
    for column, head in enumerate(
        ("1.所在村民小组", "2.户主姓名", "3.农户类型", "4.问题类型", "5.问题描述"), 5
    ):
        sheet.write(3, column, head, "head")
    sheet.merge(2, 3, 10, "疑似问题核实情况", style="head")
    sheet.merge(2, 3, 11, "备注", style="head")


def _ledger_row(desk: Desk, number: int, person: Row) -> tuple[list[mangling.Cell], dict[str, Any]]:
    chance, case = desk.chance, desk.case(person, None, desk.town.on)
    home, place_ = case.home, desk.place
    problem, *ways = chance.choice(_TYPES)
    verified, word = chance.choice(
        (("problem", "②确有问题"), ("problem", "②"), ("not_a_problem", "①不是问题"), (None, None))
    )
    kind = _KIND.get(
        home["monitoring_status"], "一般脱贫户" if home["household_type"] == "lifted" else "其他一般农户"
    )
    match = desk.matcher.match(case.village, person["name"], home["group_name"], None)
    cells: list[mangling.Cell] = [
        number,
        place_.county,
        "户",
        place_.town,
        case.village,
        mangling.group(home["group_name"], chance),
        mangling.name(person["name"], chance),
        kind,
        chance.choice(ways),
        _SAYS[problem],
        word,
        None,
    ]
    return cells, {
        "level": "household",
        "problem_type": problem,
        "verified": verified,
        "village": case.village,
        "name": person["name"],
        "match": match.how,
        "match_rows": list(match.rows),
    }
