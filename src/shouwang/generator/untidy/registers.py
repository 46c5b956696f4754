"""The national export and the income ledger."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.generator.township import Row
from shouwang.generator.untidy import lists, mangling, words
from shouwang.generator.untidy.lists import Desk, Entry, List
from shouwang.generator.untidy.sheet import Book, id_truth, place

_NATIONAL = (
    "县",
    "乡",
    "村",
    "户编号",
    "人编号",
    "姓名",
    "证件号码",
    "证件类型",
    "与户主关系",
    "性别",
    "民族",
    "出生日期",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "是否参加城乡居民基本医疗保险",
    "户类型",
    "监测对象类别",
    "识别监测时间",
    "风险是否已消除",
    "消除监测时间",
    "致贫/返贫风险1",
    "致贫/返贫风险2",
    "致贫/返贫风险3",
    "致贫/返贫风险4",
    "致贫/返贫风险5",
    "整户无劳动能力兜底保障户",
    "实施开发式帮扶措施情况",
    "是否危房户",
    "是否解决安全饮用水",
    "工资性收入",
    "生产经营性收入",
    "财产性收入",
    "转移性收入",
    "生产经营性支出",
    "人均纯收入",
    "合规自付支出",
    "理赔",
    "产业帮扶",
    "就业帮扶",
    "公益性岗位帮扶",
    "金融帮扶",
    "教育帮扶",
    "健康帮扶",
    "住房安全保障",
    "饮水安全保障",
    "综合保障",
    "社会帮扶",
    "监测联系人",
    "联系电话",
)
_HELP = (
    "industry",
    "employment",
    "public_post",
    "microcredit",
    "education_aid",
    "medical_aid",
    "housing",
    "water",
    "insurance",
    "social",
)
_CLASSES = ("wage", "production", "property", "transfer", "expense")


def national(desk: Desk, folder: Path) -> dict[str, Any]:
    """监测对象信息.xlsx as the national system exports it: head on row 3, every cell text, months as
    YYYYMM.
    """
    file = "监测对象信息导出.xlsx"
    cases = {row["household_id"]: row for row in desk.town.tables["cases"]}
    items, measures = desk.town.by_household("income_items"), desk.town.by_household("measures")
    entries = []
    for home in desk.town.tables["households"]:
        if home["monitoring_status"] == "none":
            continue
        fixed = _household_cells(
            home, cases[home["household_id"]], items[home["household_id"]], measures[home["household_id"]]
        )
        entries += [_person_row(desk, person, home, fixed) for person in desk.members[home["household_id"]]]
    one = List(
        {"id" if head == "证件号码" else head: head for head in _NATIONAL},
        entries,
        [
            "防止返贫监测对象信息查询",
            f"导出单位：{desk.place.county}{desk.place.town}    导出时间：2024-08-28 09:12:33",
        ],
    )
    placed = lists.write_xlsx(folder / file, {"Sheet1": one})
    found = lists.truth(
        file, "monitored households as the national system exports them", "national", placed, [one]
    )
    homes = {entry.truth["household_code_here"] for entry in entries}
    status = [desk.homes[code]["monitoring_status"] for code in homes]
    counts = {name: status.count(name) for name in ("resolved", "unresolved")}
    for name in ("alerts", "rows_that_are_no_alert"):
        found.pop(name)
    return found | {"households": len(homes), "members": len(entries), "monitoring_status_households": counts}


def _household_cells(home: Row, case: Row, items: list[Row], measures: list[Row]) -> dict[str, str]:
    risks = (case["risks"] or "").split(";")[:5]
    sums = {
        name: sum(
            (row["amount"] for row in items if row["kind"].startswith(name) and row["realised"]), Decimal(0)
        )
        for name in _CLASSES
    }
    kinds = {row["kind"] for row in measures}
    spent = (home["oop_education"] or 0) + (home["oop_medical"] or 0)
    cells = {
        "户类型": "脱贫户" if home["household_type"] == "lifted" else "一般农户",
        "监测对象类别": words.MONITORED_TYPE[home["monitoring_type"]],
        "识别监测时间": f"{home['identified_on']:%Y%m}",
        "风险是否已消除": _yes(home["monitoring_status"] == "resolved"),
        "消除监测时间": f"{home['resolved_on']:%Y%m}" if home["resolved_on"] else "",
        "整户无劳动能力兜底保障户": _yes(case["no_labour_safeguard"]),
        "实施开发式帮扶措施情况": "已实施" if case["development_done"] else "未实施",
        "是否危房户": _yes(home["housing_unsafe"]),
        "是否解决安全饮用水": _yes(not home["water_unsafe"]),
        "合规自付支出": f"{spent:.2f}",
        "理赔": "0",
        "人均纯收入": f"{case['removal_income_per_capita'] or 0:.2f}"
        if case["removal_income_per_capita"]
        else "",
        "监测联系人": home["contact"] or "",
        "联系电话": home["phone"] or "",
    }
    cells |= {f"致贫/返贫风险{number}": words.CAUSE[risk] for number, risk in enumerate(risks, 1) if risk}
    cells |= dict(
        zip(
            ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出"),
            (f"{sums[name]:.2f}" for name in _CLASSES),
            strict=True,
        )
    )
    return cells | {head: _yes(kind in kinds) for head, kind in zip(_NATIONAL[38:48], _HELP, strict=True)}


def _yes(value: Any) -> str:
    return "是" if value else "否"


def _person_row(desk: Desk, person: Row, home: Row, fixed: dict[str, str]) -> Entry:
    case = desk.case(person, None, desk.town.on)
    number = person["id_number"].lower() if desk.chance.random() < 0.3 else person["id_number"]
    written = mangling.Written(
        number,
        person["id_number"],
        "as_written" if number == person["id_number"] else "repaired",
        "plain" if number == person["id_number"] else "lower_x",
    )
    if desk.chance.random() < 0.02:
        written = mangling.Written("", None, "missing", "blank")
    match = desk.matcher.match(case.village, person["name"], None, written)
    place_ = desk.place
    cells: dict[str, mangling.Cell] = {
        "县": place_.county,
        "乡": place_.town,
        "村": case.village,
        "户编号": home["household_id"],
        "人编号": person["member_id"],
        "姓名": person["name"],
        "id": written.cell,
        "证件类型": "居民身份证",
        "性别": words.SEX[person["sex"]],
        "民族": "汉族",
        "与户主关系": desk.chance.choice(words.RELATION.get(person["relation_word"], ("配偶",))[:1]),
        "出生日期": f"{person['birth_date']:%Y%m%d}",
        "健康状况": words.health(person),
        "在校生状况": words.STAGE[person["school_stage"]][0] if person["in_school"] else "非在校生",
        "劳动技能": words.LABOUR[person["labour_capacity"]][0] if person["labour_capacity"] else "",
        "是否参加城乡居民基本医疗保险": {True: "是", False: "否", None: ""}[person["medical_insurance"]],
    }
    stated = {
        "name": person["name"],
        "kind": None,
        "household": f"{home['area_code']}/{home['household_id']}",
        "household_code_here": home["household_id"],
        "match": match.how,
        "match_rows": list(match.rows),
    }
    return Entry({**cells, **fixed}, stated | id_truth(written), written)


def income(desk: Desk, folder: Path) -> dict[str, Any]:
    """收支明细.xlsx: one row per item in the words people use; some rows cannot be read."""
    file = "收支明细.xlsx"
    book = Book(folder / file)
    sheet = book.sheet("明细")
    sheet.table(0, ["户编码", "户主", "收入人", "收支名称", "金额（元）", "到账日期"])
    rows: list[dict[str, Any]] = []
    odd: list[dict[str, str]] = []
    members = {row["member_id"]: row for row in desk.town.tables["members"]}
    for number, item in enumerate(_items(desk), 1):
        home = desk.homes[item["household_id"]]
        person = members.get(item["member_id"]) or members[f"{home['household_id']}01"]
        cells, stated, wrong = _item_row(desk, item, home, person)
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell)
        rows.append({"sheet": "明细", "row": number + 1} | stated)
        if wrong:
            odd.append({"sheet": "明细", "cell": place(number, wrong[0]), "why": wrong[1]})
    book.close()
    good = [row for row in rows if row["ok"]]
    sums: dict[str, Decimal] = {}
    for row in good:
        sums[row["income_kind"]] = sums.get(row["income_kind"], Decimal(0)) + Decimal(row["amount"])
    return {
        "file": file,
        "what": "income ledger, one row per item",
        "data_rows": len(rows),
        "importable_rows": len(good),
        "households": len({row["household"] for row in rows if row["household"]}),
        "yuan_by_kind": {kind: str(total) for kind, total in sorted(sums.items())},
        "other_cells_to_quarantine_or_flag": odd,
        "rows": rows,
    }


def _items(desk: Desk) -> list[Row]:
    return [row for row in desk.town.tables["income_items"] if not row["kind"].endswith(".total")]


def _item_row(
    desk: Desk, item: Row, home: Row, person: Row
) -> tuple[list[mangling.Cell], dict[str, Any], tuple[int, str] | None]:
    chance, draw = desk.chance, desk.chance.random()
    kind: str | None = item["kind"]
    word = chance.choice(words.ITEM[item["kind"]])
    code: str = home["household_id"]
    sum_, day = mangling.amount(item["amount"], chance), mangling.day(item["received_on"], chance)
    amount: str | None = f"{item['amount']:.2f}"
    when: str | None = item["received_on"].isoformat()
    wrong = None
    if draw < 0.0008:
        word, kind, wrong = chance.choice(words.UNKNOWN_ITEMS), None, (3, "the word names no kind")
    elif draw < 0.002:
        sum_, amount, wrong = chance.choice(mangling.UNREADABLE_AMOUNTS), None, (4, "amount cannot be read")
    elif draw < 0.003:
        day, when, wrong = chance.choice(mangling.UNREADABLE_DATES), None, (5, "date cannot be read")
    elif draw < 0.0036:
        code, wrong = f"{code[:12]}9999", (0, "household not on the roster")
    household = None if code.endswith("9999") else f"{home['area_code']}/{code}"
    cells: list[mangling.Cell] = [
        code,
        home["head_name"],
        mangling.name(person["name"], chance),
        word,
        sum_,
        day,
    ]
    return (
        cells,
        {
            "ok": wrong is None,
            "household": household,
            "name": person["name"],
            "income_kind": kind,
            "amount": amount,
            "date": when,
        },
        wrong,
    )
