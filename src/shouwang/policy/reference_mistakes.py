"""Ten mistakes of people who write packs, and what ``shouwang pack check`` really prints for each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from shouwang import language
from shouwang.policy.loading import load
from shouwang.policy.mistakes import PackError
from shouwang.policy.reference_text import fenced, spoken

# what goes wrong (zh, en), the file it stands in, and its text
MISTAKES: tuple[tuple[str, str, str, str], ...] = (
    ("列名写错", "A column misspelt", "rules", "income.fall:\n  when: net_incom <= 5"),
    ("参数名写错", "A parameter misspelt", "rules", "income.fall:\n  when: net_income <= :monitorin_range"),
    ("代码写错", "A code that is none", "rules", "income.fall:\n  when: household_type = 'liftd'"),
    ("文字和数相比", "Words compared with numbers", "rules", "income.fall:\n  when: household_type > 5"),
    (
        "用了语言以外的函数",
        "A function beyond the language",
        "rules",
        "income.fall:\n  when: round(net_income) > 5",
    ),
    ("把汇总写在规则里", "An aggregate inside a rule", "rules", "income.fall:\n  when: count(amount) > 5"),
    (
        "参数值没有依据",
        "A value without its clause",
        "parameters",
        "monitoring_range:\n  values: [{value: 8300}]",
    ),
    (
        "指标互相引用",
        "Indicators that read one another",
        "indicators",
        "indicators:\n  one: two + 1\n  two: one + 1",
    ),
    (
        "逐行的质量规则用了全户才有的数",
        "A rule about rows that reads what only the household has",
        "quality/own",
        "rules:\n  labour.missing:\n    when: present and net_income > 0",
    ),
    (
        "质量规则的严重程度写错",
        "A severity that is none",
        "quality/own",
        "rules:\n  labour.missing:\n    severity: warning",
    ),
)


def made() -> Iterator[str]:
    """Each mistake with its text and with what the tool says."""
    for number, (zh, en, file, text) in enumerate(MISTAKES, 1):
        yield f"### {number}. {spoken(zh, en)}"
        yield ""
        yield f"`{file}.yaml`:" if language.current() == "en" else f"`{file}.yaml`："
        yield ""
        yield from fenced(text, "yaml")
        yield from fenced("\n".join(sentences(file, text)))


def sentences(file: str, text: str) -> list[str]:
    """What the tool prints for a pack ``trial`` that extends ``national`` and has this text in one of its files."""
    return list(_sentences(file, text, language.current()))


@lru_cache(maxsize=64)
def _sentences(file: str, text: str, _spoken: str) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "trial"
        (folder / "quality").mkdir(parents=True)
        (folder / "pack.yaml").write_text("id: trial\ntitle: trial\nextends: national\n", encoding="utf-8")
        (folder / f"{file}.yaml").write_text(text + "\n", encoding="utf-8")
        try:
            load(str(folder))
        except PackError as error:
            return tuple(line.rstrip() for line in str(error).splitlines())
    return ()
