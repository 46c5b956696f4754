"""The parts of ``docs/packs.md`` and ``docs/packs.en.md`` that are made from the code: ``python -m shouwang.policy.reference``.

Each part stands between ``<!-- made: NAME -->`` and ``<!-- end: NAME -->``: built-in parameters, prepared columns,
every name of the national pack, and mistakes with the sentence that the tool really prints for each.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from shouwang import language
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.builtins import builtins
from shouwang.policy.inner_names import inner_name
from shouwang.policy.loading import load
from shouwang.policy.mistakes import PackError
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import TABLES
from shouwang.tables.dictionary import Type as ColumnType
from shouwang.tables.places import packs_folder

PAGES = {"zh": "packs.md", "en": "packs.en.md"}
EXAMPLE_DAY = date(2024, 9, 5)

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
    ("条件不是条件", "A condition that is none", "rules", "income.fall:\n  when: net_income + 1"),
    (
        "参数值没有依据",
        "A value without its clause",
        "parameters",
        "monitoring_range:\n  values: [{value: 8300}]",
    ),
    (
        "收支类别计入的名称写错",
        "A kind that counts as nothing known",
        "income",
        "kinds:\n  wage.tips: {name: 小费, counts_as: wages, clause: 某文件}",
    ),
    (
        "指标互相引用",
        "Indicators that read one another",
        "indicators",
        "indicators:\n  one: two + 1\n  two: one + 1",
    ),
)


def parts() -> dict[str, Callable[[], Iterator[str]]]:
    """Name → what makes that part, in the language now spoken."""
    return {"builtins": _builtins, "prepared": _prepared, "names": _names, "mistakes": _mistakes}


def renewed(text: str) -> str:
    """A page with every made part made anew; InputError where the page lacks the markers of one."""
    for name, make in parts().items():
        begin, end = f"<!-- made: {name} -->", f"<!-- end: {name} -->"
        before, found, rest = text.partition(begin)
        _old, closed, after = rest.partition(end)
        if not found or not closed:
            raise InputError(
                _("页面里没有 {begin} 和 {end}").format(begin=begin, end=end), remedy=_("把这两行加回去")
            )
        text = f"{before}{begin}\n\n{chr(10).join(make()).strip()}\n\n{end}{after}"
    return text


def docs_folder() -> Path:
    """The folder of pages beside that of the packs."""
    return packs_folder().parent / "docs"


def stale(folder: Path) -> list[str]:
    """Names of pages that are not what the code makes of them."""
    return [page for page, text, fresh in _pages(folder) if text != fresh]


def renew(folder: Path) -> list[str]:
    """Makes the pages anew; returns the names of those that changed."""
    changed = []
    for page, text, fresh in _pages(folder):
        if text != fresh:
            (folder / page).write_text(fresh, encoding="utf-8")
            changed.append(page)
    return changed


def _pages(folder: Path) -> list[tuple[str, str, str]]:
    before, found = language.current(), []
    try:
        for spoken, page in PAGES.items():
            language.use(spoken)
            text = (folder / page).read_text(encoding="utf-8")
            found.append((page, text, renewed(text)))
    finally:
        language.use(before)
    return found


def _row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _header(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield "|" + "---|" * len(cells)


def _spoken(zh: str, en: str) -> str:
    return en if language.current() == "en" else zh


def _builtins() -> Iterator[str]:
    yield from _header(
        _spoken("名字", "name"),
        _spoken("类型", "type"),
        _spoken("含义", "meaning"),
        _spoken(f"筛查日为 {EXAMPLE_DAY} 时", f"on {EXAMPLE_DAY}"),
    )
    for name, entry in builtins(EXAMPLE_DAY).items():
        value = str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value)
        yield _row(f"`:{name}`", str(entry.type), _spoken(entry.zh, entry.en), value)


def _prepared() -> Iterator[str]:
    yield from _header(
        _spoken("表", "table"),
        _spoken("列", "column"),
        _spoken("类型", "type"),
        _spoken("含义", "meaning"),
        _spoken("要有的列", "needs"),
    )
    for table, listed in PREPARED.items():
        for name, entry in listed.items():
            if not _is_patterned(table, name):
                needs = ", ".join(f"`{need}`" for need in entry.needs) or "—"
                yield _row(table, f"`{name}`", str(entry.type), _spoken(entry.zh, entry.en), needs)
    yield ""
    yield _spoken(
        "此外，每个日期列 `X` 有 `X_days_ago`（距筛查日的天数）：",
        "Besides, every column `X` of dates has `X_days_ago` (days before the screening):",
    )
    yield ""
    yield from _patterned(
        lambda column: [f"{column.name}_days_ago"] if column.type is ColumnType.DATE else []
    )
    yield ""
    yield _spoken(
        "每个代码列表列 `X` 有 `X_代码`（列表里有没有这个代码）：",
        "Every column `X` of lists of codes has `X_CODE` (whether the code is in it):",
    )
    yield ""
    yield from _patterned(
        lambda column: [f"{column.name}_…"] if column.type is ColumnType.LIST and column.codes else []
    )


def _is_patterned(table: str, name: str) -> bool:
    columns = TABLES[table].columns
    return any(
        (column.type is ColumnType.DATE and name == f"{column.name}_days_ago")
        or (column.type is ColumnType.LIST and bool(column.codes) and name.startswith(f"{column.name}_"))
        for column in columns
    )


def _patterned(names: Callable[..., list[str]]) -> Iterator[str]:
    for table in TABLES.values():
        found = [name for column in table.columns for name in names(column)]
        if found:
            yield f"- {table.name}: " + ", ".join(f"`{name}`" for name in found)


def _names() -> Iterator[str]:
    pack = load(str(packs_folder() / "national"))
    yield from _header(
        _spoken("指标", "indicator"), _spoken("名字", "called"), _spoken("写进结果", "written out")
    )
    for name, entry in pack.indicators.items():
        label = pack.label(name, language.current())
        yield _row(
            f"`{name}`",
            label if label != name else inner_name(name, language.current()),
            _spoken("是", "yes") if entry.shown else "",
        )
    yield ""
    yield _spoken("每行算一个值（rows）：", "One value per row (rows):")
    yield ""
    yield from (f"- {table}: {_listed(names)}" for table, names in pack.rows.items())
    yield ""
    yield _spoken("分组（groups）：", "Rows put together (groups):")
    yield ""
    yield from (
        f"- {name} ({group.of} / {group.by}): {_listed([*group.aggregates, *group.rows])}"
        for name, group in pack.groups.items()
    )
    yield ""
    yield _spoken(
        "每户一个值的汇总（aggregates；villages、towns、unmatched_alerts 的是每村一个值）：",
        "One value per household (aggregates; per village those of villages, towns and unmatched_alerts):",
    )
    yield ""
    yield from (f"- {table}: {_listed(names)}" for table, names in pack.aggregates.items())
    yield ""
    yield _spoken("重点对象（`focus_` 加代码）：", "Focus categories (`focus_` and the code): ") + _listed(
        f"focus_{name}" for name in pack.focus
    )
    yield ""
    yield _spoken(
        "规则的结果（`found_` 加规则名，点换成下划线）：",
        "Results of rules (`found_` and the id with underscores): ",
    ) + _listed(rule.alias for rule in pack.rules.values())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _mistakes() -> Iterator[str]:
    for number, (zh, en, file, text) in enumerate(MISTAKES, 1):
        yield (
            f"{number}. {_spoken(zh, en)}（`{file}.yaml`）"
            if language.current() == "zh"
            else f"{number}. {en} (`{file}.yaml`)"
        )
        yield ""
        yield "   ```yaml"
        yield from (f"   {line}" for line in text.splitlines())
        yield "   ```"
        yield ""
        yield "   ```"
        yield from (f"   {line}" for line in sentences(file, text))
        yield "   ```"
        yield ""


def sentences(file: str, text: str) -> list[str]:
    """What the tool prints for a pack ``trial`` that extends ``national`` and has this text in one of its files."""
    return list(_sentences(file, text, language.current()))


@lru_cache(maxsize=64)
def _sentences(file: str, text: str, _spoken: str) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "trial"
        folder.mkdir()
        (folder / "pack.yaml").write_text("id: trial\ntitle: trial\nextends: national\n", encoding="utf-8")
        (folder / f"{file}.yaml").write_text(text + "\n", encoding="utf-8")
        try:
            load(str(folder))
        except PackError as error:
            return tuple(line.rstrip() for mistake in error.mistakes for line in str(mistake).splitlines())
    return ()


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        old = stale(docs_folder())
        print(" ".join(old) or "fresh")
        sys.exit(1 if old else 0)
    print(" ".join(renew(docs_folder())) or "fresh")
