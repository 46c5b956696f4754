"""Ten worked examples for the pages: the text of ``docs/examples``, and households on which each rule fires or does not.

The examples are a pack that runs; a test runs its cases. A comment ``# [3]`` begins what belongs to example 3, up to the
next such comment or the end of its indentation; the lines it stands under are shown too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from shouwang.policy.reference_text import fenced, spoken

FILES = ("parameters", "indicators", "rules", "quality/own")
CASES = ("cases/examples", "cases/quality/examples")

# what each is about (zh, en): heading, then what the text says
EXAMPLES: tuple[tuple[str, str, str, str], ...] = (
    ("一列和一个参数", "A column and a parameter",
     "肉牛存栏到了参数定的头数，就请留意。没有登记头数的户是未知，不是“没有牛”。",
     "Where the cattle in stock reach the number that the parameter sets, somebody has a look. A household whose cattle nobody asked for is unknown, not “without cattle”."),
    ("或：一个“是”就够", "Or: one yes is enough",
     "住房、饮水有一样不安全就是问题。一样是“是”，另一样没有问，也成立；一样是“否”，另一样没有问，未知。",
     "Trouble with the house or with the water is enough. One yes fires, whatever the other is; a no and an unknown are unknown."),
    ("数行数", "Count rows",
     "先在 aggregates 里数在校的成员（`here` 是 national 里的一步：现在算这家的人），再在规则里用这个数。",
     "Pupils are counted in aggregates first (`here` is a step of the national pack: who counts as of the household now), then the rule uses the number."),
    ("任一行", "Some row",
     "`any`：有一人参保，就不是“全家没有人参保”。一人没有参保、一人没有问：未知，要去问那一人。",
     "`any`: where one is insured, it is not so that nobody is. One uninsured and one unknown are unknown: ask about that one."),
    ("先给每行一个值，再汇总", "A value per row, then the sum",
     "rows 里给每笔收支一个“是不是计入的省外工资”，aggregates 里相加，规则里和家庭纯收入比。不写除法，写成“两倍大于”。",
     "rows says of each item whether it is a wage from outside the province that counts, aggregates adds up, the rule compares with the net income. Instead of a division: twice as much is more."),
    ("商", "A quotient",
     "耕地除以人数，和 0.5 比。商不真的除，恰好半亩时不会因小数出错。",
     "Land by people against 0.5. The quotient is never really divided, so exactly half a mu is exactly that."),
    ("质量规则：逐个成员", "About the data: each member",
     "`of: members`：每个成员判一次，结果说得出是哪一个。`present` 是 national 里的一步（现在在家里），`age` 是预备列（筛查日周岁）。",
     "`of: members`: each member is judged, and the finding says which one. `present` is a step of the national pack (is there now), `age` a prepared column (full years on the day)."),
    ("质量规则：空着的格", "About the data: an empty cell",
     "`is null` 问这一格是不是空的。整张表没有电话这一列时，是未知：不会每户都报一次。",
     "`is null` asks whether the cell is empty. Where the table has no such column at all it is unknown: nobody is told once per household."),
    ("质量规则：走访和当前档案", "About the data: a visit and the current case",
     "逐次走访判断。`case_approved_on` 是当前档案的批准日期，`visited_on_days_ago` 是走访距筛查日的天数，`is_latest` 说是不是最近一次。",
     "Each visit is judged. `case_approved_on` is the day of approval of the current case, `visited_on_days_ago` the days since the visit, `is_latest` whether it is the latest."),
    ("质量规则：和别的户比", "About the data: against other households",
     "`phone_households` 是“邻居列”：由全部户一起算出，这个电话有几户在用。",
     "`phone_households` is a column of neighbours: worked out over all households, how many have this phone."),
)  # fmt: skip
_RESULTS = {
    "findings": ("成立", "fires"), "absent": ("不成立", "does not fire"), "unknown": ("未知", "unknown"),
    "quality": ("成立", "fires"), "quality_absent": ("不成立", "does not fire"), "quality_unknown": ("未知", "unknown"),
}  # fmt: skip
_MARK = re.compile(r"^( *)# \[(\d+)\]$")


def made(folder: Path) -> Iterator[str]:
    """Every example of the pack in ``folder``: what it is about, its text by file, its households."""
    cases = [text for file in CASES for text in _cases((folder / f"{file}.yaml").read_text(encoding="utf-8"))]
    for number, (zh, en, means_zh, means_en) in enumerate(EXAMPLES, 1):
        yield f"### {number}. {spoken(zh, en)}"
        yield ""
        yield spoken(means_zh, means_en)
        yield ""
        for file in FILES:
            text = block((folder / f"{file}.yaml").read_text(encoding="utf-8"), number)
            if text:
                yield f"`{file}.yaml`{spoken('：', ':')}"
                yield ""
                yield from fenced(text, "yaml")
        own = [case for case in cases if case.startswith(f'- name: "[{number}]')]
        yield spoken("这样的户，结果是：", "Such households, and what comes out:")
        yield ""
        yield from fenced("\n".join(line for case in own for line in _household(case)), "yaml")


def block(text: str, number: int) -> str:
    """The lines of a file that belong to an example, under the lines that they stand under."""
    found: list[str] = []
    parents: list[str] = []
    inside: int | None = None  # the indentation of the mark that began the block
    for line in text.splitlines():
        mark, depth = _MARK.match(line), len(line) - len(line.lstrip())
        if mark:
            inside = len(mark[1]) if int(mark[2]) == number else None
            continue
        if not line.strip():
            continue
        inside = None if inside is not None and depth < inside else inside
        parents = [parent for parent in parents if len(parent) - len(parent.lstrip()) < depth]
        if inside is not None:
            found += [parent for parent in parents if parent not in found]
            found.append(line)
        parents.append(line)
    return "\n".join(found)


def _cases(text: str) -> list[str]:
    return [f"- name: {part}" for part in text.split("\n- name: ")[1:]]


def _household(case: str) -> Iterator[str]:
    """What comes out of a case, as a comment, and its facts."""
    facts, _expect, result = case.partition("  expect: {")
    yield f"# {spoken(*_RESULTS[result.partition(':')[0]])}"
    for line in facts.splitlines()[1:]:
        if line.strip() and not line.strip().startswith(("clause:", '"on":')):
            yield line[2:]
