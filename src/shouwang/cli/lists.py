"""``shouwang lists``: two lists against each other, and what we know in the national system's shape."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from shouwang.cli.intake import read_on
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.intake.idnumbers import masked
from shouwang.tables.lists.deciding import Outcome, decide
from shouwang.tables.lists.giving_back import GivenBack, read_workbook
from shouwang.tables.lists.ours import Ours, read_ours
from shouwang.tables.lists.rewriting import new_folder, write_registry
from shouwang.tables.lists.rows import SHEETS, Book
from shouwang.tables.lists.theirs import Theirs, read_theirs
from shouwang.tables.lists.work import make_work

THEIR_CHANGES = "their.xlsx"
_SHOWN = 8


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand with its three kinds of work."""
    parser = subparsers.add_parser("lists", help=_("名单比对：全国系统、部门名单与我方；写成全国系统的样式"))
    kinds = parser.add_subparsers(dest="what", metavar=_("做什么"), required=True)
    one = kinds.add_parser("compare", help=_("比对两份名单，写出可以填的工作簿"))
    _folder(one)
    one.add_argument("--national", type=Path, metavar="NATIONAL.xlsx", help=_("全国系统导出的监测对象信息"))
    one.add_argument(
        "--list", type=Path, action="append", default=[], metavar="FILE", help=_("部门名单，可多次")
    )
    one.add_argument("--on", required=True, metavar="DATE", help=_("比对日期，例如 2024-09-01"))
    one.add_argument("--out", type=Path, required=True, metavar="WORKBOOK.xlsx", help=_("写到哪个工作簿"))
    one.add_argument("--income-year", type=int, metavar="YEAR", help=_("导出表的“人均纯收入”是哪一年的"))
    one.add_argument(
        "--income-gap", default="100", metavar="YUAN", help=_("收入相差多少元以上才列，默认 100")
    )
    one.add_argument(
        "--income-gap-share", default="0.05", metavar="SHARE", help=_("并且相差多大比例以上才列，默认 0.05")
    )
    one.add_argument(
        "--benefit-days", type=int, default=60, metavar="N", help=_("低保、特困收入看最近多少天，默认 60")
    )
    one.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    one.set_defaults(run=run_compare)
    two = kinds.add_parser("apply", help=_("按填好的工作簿改我方数据，并列出请对方更正的内容"))
    _folder(two)
    two.add_argument("workbook", type=Path, metavar="WORKBOOK.xlsx", help=_("填好交回的工作簿"))
    two.add_argument("--into", type=Path, required=True, metavar="NEWFOLDER", help=_("写到哪个新文件夹"))
    two.add_argument("--report", type=Path, metavar="X.json", help=_("另写一份 JSON 报告"))
    two.add_argument(
        "--national", type=Path, metavar="NATIONAL.xlsx",
        help=_("比对时用的导出表：采用对方的证件号码、补录人和户时要用"),
    )  # fmt: skip
    two.add_argument("--on", metavar="DATE", help=_("比对日期，给出时与工作簿核对"))
    two.set_defaults(run=run_apply)
    three = kinds.add_parser("national", help=_("把我方监测对象写成全国系统的样式"))
    _folder(three)
    three.add_argument("--out", type=Path, required=True, metavar="OUT.xlsx", help=_("写到哪个文件"))
    three.add_argument("--on", metavar="DATE", help=_("导出日期，默认今天"))
    three.add_argument(
        "--income-year", type=int, metavar="YEAR", help=_("“人均纯收入”写哪一年的，不给就空着")
    )
    three.set_defaults(run=run_national)


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=_("交换格式的文件夹"))


# ---- compare ---------------------------------------------------------------------------------------------


def run_compare(options: argparse.Namespace) -> int:
    """0 where the lists agree, 1 where there is something to decide."""
    from shouwang.documents.comparison_workbook import write_comparison

    on = read_on(options.on)
    gap, share = (
        _number(options.income_gap, "--income-gap"),
        _number(options.income_gap_share, "--income-gap-share"),
    )
    inputs = [path for path in (options.national, *options.list) if path]
    _check_target(options.out, options.folder, inputs)
    ours = read_ours(options.folder, on, options.benefit_days)
    theirs = read_theirs(ours, options.national, options.list, options.income_year)
    work = make_work(ours, theirs, gap, share)
    book = _book(ours, theirs)
    findings = [
        f"{file} {finding.sheet + '!' if finding.sheet else ''}{finding.cell or finding.row} {finding.reason}"
        for file, finding in theirs.findings
    ]
    write_comparison(options.out, work, book, findings)
    counts = Counter(row.sheet for row in work.rows)
    if options.json:
        told = {"on": book.on, "workbook": str(options.out), "rows": {name: counts[name] for name in SHEETS}}
        print(json.dumps({**told, "notes": work.notes, "findings": findings}, ensure_ascii=False))
    else:
        _say_compared(counts, work.notes, findings, options.out)
    return 1 if work.rows else 0


def _say_compared(counts: Counter[str], notes: list[str], findings: list[str], out: Path) -> None:
    print(_("、").join(_("{sheet} {count} 行").format(sheet=name, count=counts[name]) for name in SHEETS))
    for note in notes:
        print(note)
    for finding in findings[:_SHOWN]:
        print(finding)
    if len(findings) > _SHOWN:
        print(_("……另有 {count} 处读不出，见“说明”").format(count=len(findings) - _SHOWN))
    print(_("工作簿：{file}").format(file=out))


def _book(ours: Ours, theirs: Theirs) -> Book:
    return Book(ours.on.isoformat(), ours.identity, theirs.identity, "、".join(theirs.names))


def _number(text: str, option: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise InputError(
            _("“{text}”不是数").format(text=text),
            where=option,
            remedy=_("请写不小于 0 的数字，如 100 或 0.05"),
        )
    return number


def _check_target(out: Path, folder: Path, inputs: list[Path]) -> None:
    """The result must be an .xlsx that is none of the files read."""
    option = "--out"
    if out.suffix.lower() != ".xlsx":
        raise InputError(_("文件名应以 .xlsx 结尾。"), where=option, remedy=_("例如 --out 比对.xlsx。"))
    if any(out.resolve() == path.resolve() for path in inputs):
        raise InputError(_("会盖掉要读的文件。"), where=option, remedy=_("请另给一个文件名。"))
    if out.resolve().parent == folder.resolve():
        raise InputError(_("不要写进数据文件夹。"), where=option, remedy=_("请另给一个位置。"))
    if not out.resolve().parent.is_dir():
        raise InputError(_("没有这个文件夹"), where=str(out.parent), remedy=_("请先建好文件夹"))


# ---- apply -----------------------------------------------------------------------------------------------


def run_apply(options: argparse.Namespace) -> int:
    """0 where every decision was carried out, 1 where a row was in conflict."""
    from shouwang.documents.their_changes import write_their_changes

    given = read_workbook(options.workbook)
    if options.on and read_on(options.on).isoformat() != given.book.on:
        raise InputError(
            _("工作簿是 {day} 比对的，不是 {on}").format(day=given.book.on, on=options.on),
            where=options.workbook.name, remedy=_("请核对是不是这一份工作簿"),
        )  # fmt: skip
    ours = read_ours(options.folder, date.fromisoformat(given.book.on))
    _same_registry(ours, given, options.workbook)
    outcome = decide(ours, _national(ours, options.national), given, options.workbook.name)
    report = _report(given, outcome)
    with new_folder(options.into, options.folder) as fresh:
        write_registry(ours, outcome, fresh)
        write_their_changes(fresh / THEIR_CHANGES, outcome.theirs, given.book.on)
        read_ours(fresh, ours.on)  # what we wrote must itself be a folder that can be read
        if options.report:
            _write_report(options.report, report)
    _say_applied(report, outcome, options.into)
    return 1 if outcome.conflicts else 0


def _same_registry(ours: Ours, given: GivenBack, workbook: Path) -> None:
    """Refuses a workbook of another registry: other villages, or most of its households unknown."""
    numbers = {one.key.subject.household_id for one in given.decided} - {""}
    known = sum(number in ours.households for number in numbers)
    if ours.identity == given.book.registry and known * 2 >= len(numbers):
        return
    raise InputError(
        _("这份工作簿不是从这个文件夹比对出来的（村或户对不上）"), where=workbook.name,
        remedy=_("请给出比对时用的文件夹，或重新比对"),
    )  # fmt: skip


def _national(ours: Ours, file: Path | None) -> dict[str, Any]:
    return read_theirs(ours, file).tables if file else ours.tables


def _report(given: GivenBack, outcome: Outcome) -> dict[str, Any]:
    changes = [
        {**vars(change), **{name: _hidden(change.column, getattr(change, name)) for name in ("old", "new")}}
        for change in outcome.changes
    ]
    return {
        "on": given.book.on,
        "decided": len(given.decided),
        "open": given.open,
        "untouched": outcome.untouched,
        "changed": len(changes),
        "theirs": len(outcome.theirs),
        "conflicts": [vars(conflict) for conflict in outcome.conflicts],
        "changes": changes,
    }


def _hidden(column: str, value: str) -> str:
    return masked(value) if column == "id_number" else value


def _write_report(path: Path, report: dict[str, Any]) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        why = _("不能写入：{why}。").format(why=error.strerror or error)
        raise InputError(why, where=f"--report {path}", remedy=_("请检查位置和权限。")) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _say_applied(report: dict[str, Any], outcome: Outcome, into: Path) -> None:
    print(
        _(
            "已定 {decided} 行：我方改 {changed} 处，请对方改 {theirs} 处，不处理 {untouched} 行；还没有定 {open} 行"
        ).format(**{name: report[name] for name in ("decided", "changed", "theirs", "untouched", "open")})
    )
    for conflict in outcome.conflicts:
        print(_("没有改：{place} {why}").format(place=conflict.place, why=conflict.why))
    print(
        _("已写入 {folder}；改动见 changes.csv，请对方更正的见 {theirs}").format(
            folder=into, theirs=THEIR_CHANGES
        )
    )


# ---- national --------------------------------------------------------------------------------------------


def run_national(options: argparse.Namespace) -> int:
    """Writes the workbook and says how many rows it has."""
    from shouwang.documents.national_shape import write_national_shape

    _check_target(options.out, options.folder, [])
    ours = read_ours(options.folder, read_on(options.on))
    if not ours.monitored():
        raise InputError(
            _("文件夹里没有监测对象"), where=str(options.folder), remedy=_("请核对 households 表的监测状态")
        )
    count = write_national_shape(options.out, ours, options.income_year)
    print(
        _("已写入 {file}：监测对象 {households} 户、{people} 人；不知道的单元格空着").format(
            file=options.out, households=len(ours.monitored()), people=count
        )
    )
    return 0
