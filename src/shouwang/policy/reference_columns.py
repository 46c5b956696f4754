"""Every prepared column and every name of the national pack, for the pages about columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from shouwang import language
from shouwang.policy.columns.current_case import BESIDE
from shouwang.policy.inner_names import inner_name
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.prepared import OF_A_HOUSEHOLD, PREPARED, Prepared
from shouwang.policy.reference_text import header, listed, row, spoken
from shouwang.tables.dictionary import TABLES, Column
from shouwang.tables.dictionary import Type as ColumnType
from shouwang.tables.places import packs_folder


@lru_cache(maxsize=1)
def _national() -> Pack:
    return load(str(packs_folder() / "national"))


def families() -> Iterator[str]:
    """Columns that come in families, a line each."""
    dates = [
        table.name
        for table in TABLES.values()
        if any(column.type is ColumnType.DATE for column in table.columns)
    ]
    lists = [
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if _of_codes(column)
    ]
    yield from header(
        spoken("写法", "written"),
        spoken("在哪些表", "of which tables"),
        spoken("含义", "meaning"),
        spoken("例", "such as"),
    )
    yield row(
        "`X_days_ago`",
        listed(dates),
        spoken(
            "日期列 X 距筛查日几天；以后的日期为负",
            "days from the date X to the screening; below 0 for days to come",
        ),
        "`visited_on_days_ago > 30`",
    )
    yield row(
        spoken("`X_代码`", "`X_CODE`"),
        listed(lists),
        spoken("代码列表 X 里有没有这个代码", "whether the list X has that code"),
        "`causes_illness`",
    )
    yield row(
        "`household_X`",
        listed(OF_A_HOUSEHOLD),
        spoken(
            "这一行所属户的 X（households 的任何列）",
            "X of the household of the row (any column of households)",
        ),
        "`household_identified_on`, `household_household_type`",
    )
    yield row(
        "`case_X`",
        listed(BESIDE),
        spoken(
            "当前档案的 X（cases 的任何列）；当前档案是最近一份没有撤销的",
            "X of the current case (any column of cases): the latest that is not withdrawn",
        ),
        "`case_approved_on`",
    )
    yield row(
        "`focus_X`",
        spoken("每户", "per household"),
        spoken("是不是重点对象 X", "whether in the focus category X"),
        "`focus_monitored`",
    )
    yield row(
        "`found_X`",
        spoken("每户", "per household"),
        spoken("规则 X 的结果（点换成下划线）", "what rule X found (its dots as underscores)"),
        "`found_income_below_range`",
    )


def prepared() -> Iterator[str]:
    """The prepared columns that are no family, table by table."""
    for table, columns in PREPARED.items():
        own = [entry for entry in columns.values() if not _of_a_family(entry)]
        if not own:
            continue
        yield f"### {table}{spoken('：' + TABLES[table].zh, ': ' + TABLES[table].en)}"
        yield ""
        yield from header(
            spoken("列", "column"),
            spoken("类型", "type"),
            spoken("含义", "meaning"),
            spoken("要有的列", "needs"),
            spoken("邻居列", "of neighbours"),
        )
        for entry in own:
            yield row(
                f"`{entry.name}`",
                str(entry.type),
                spoken(entry.zh, entry.en),
                listed(entry.needs) or "—",
                spoken("是", "yes") if entry.neighbours else "",
            )
        yield ""


def _of_codes(column: Column) -> bool:
    return column.type is ColumnType.LIST and bool(column.codes)


def _of_a_family(entry: Prepared) -> bool:
    return entry.copies is not None or any(
        (column.type is ColumnType.DATE and entry.name == f"{column.name}_days_ago")
        or (_of_codes(column) and entry.name.startswith(f"{column.name}_"))
        for column in TABLES[entry.table].columns
    )


def names() -> Iterator[str]:
    """Every name that the national pack works out: indicators, steps of rows, groups, aggregates, results."""
    pack = _national()
    yield from header(
        spoken("指标", "indicator"), spoken("名字", "called"), spoken("写进结果", "written out")
    )
    for name, entry in pack.indicators.items():
        label = pack.label(name, language.current())
        called = label if label != name else inner_name(name, language.current())
        yield row(f"`{name}`", called, spoken("是", "yes") if entry.shown else "")
    yield ""
    yield spoken("每行算一个值（rows）：", "One value per row (rows):")
    yield ""
    yield from (f"- {table}: {listed(steps)}" for table, steps in pack.rows.items())
    yield ""
    yield spoken("分组（groups）：", "Rows put together (groups):")
    yield ""
    for name, group in pack.groups.items():
        yield f"- {name} ({group.of} / {group.by}): {listed([*group.aggregates, *group.rows])}"
    yield ""
    yield spoken(
        "每户一个值的汇总（aggregates；villages、towns、unmatched_alerts 的是每村一个值）：",
        "One value per household (aggregates; per village those of villages, towns and unmatched_alerts):",
    )
    yield ""
    yield from (f"- {table}: {listed(steps)}" for table, steps in pack.aggregates.items())
    yield ""
    yield spoken("重点对象：", "Focus categories: ") + listed(f"focus_{name}" for name in pack.focus)
    yield ""
    yield spoken("规则的结果：", "Results of rules: ") + listed(rule.alias for rule in pack.rules.values())


def themes() -> Iterator[str]:
    """The rules about the data of the national pack, a line per theme."""
    pack = _national()
    yield from header(spoken("文件", "file"), spoken("规则数", "rules"), spoken("规则", "which"))
    files: dict[str, list[str]] = {}
    for rule in pack.quality.values():
        files.setdefault(rule.place.file.removeprefix("national/"), []).append(rule.name)
    for file, rules in sorted(files.items()):
        yield row(f"`{file}`", str(len(rules)), listed(rules))
