"""``shouwang intake``: office spreadsheets → exchange tables and a report."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.cli.progress import progress
from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.tables.dictionary import labels
from shouwang.tables.intake import Intake, load_words, take_in
from shouwang.tables.intake.opening import expand
from shouwang.tables.intake.report import as_json, report

_SHOWN = 12


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "intake",
        help=_("读入办公表格，自动辨认，写出标准数据表和报告"),
        description=_("读入办公表格，自动辨认，写出标准数据表和报告"),
    )
    parser.add_argument("files", nargs="+", metavar=_("文件"), help=_("表格文件，或装有表格的文件夹"))
    parser.add_argument("--into", required=True, metavar=_("文件夹"), help=_("写到哪个文件夹"))
    parser.add_argument("--area", metavar=_("编码"), help=_("区县 6 位、乡镇 9 位或村 12 位编码"))
    parser.add_argument("--on", metavar=_("日期"), help=_("读取日期，如 2024-09-01，默认今天"))
    parser.add_argument("--report", metavar="REPORT.xlsx", help=_("另写一份给人看的 Excel 报告"))
    parser.add_argument("--json", action="store_true", help=_("把报告以 JSON 打印出来"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 where all is clean, 1 where something needs a look; wrong input raises :class:`InputError`."""
    on = read_on(options.on)
    words = load_words()
    paths = [Path(name) for name in options.files]
    target = Path(options.report) if options.report else None
    if target is not None and target.suffix.lower() != ".xlsx":
        raise InputError(
            _("报告文件名应以 .xlsx 结尾。"), where="--report", remedy=_("例如 --report 报告.xlsx。")
        )
    _apart(paths, Path(options.into), target)
    with progress(_("读取表格"), len(expand(paths)[0]), quiet=options.json) as step:
        intake = take_in(paths, area=options.area, on=on, words=words, progress=step)
    intake.write(Path(options.into), target)
    if options.json:
        print(as_json(intake), end="")
    else:
        print(summary(intake, Path(options.into), target))
    return 0 if intake.clean else 1


def read_on(text: str | None) -> date:
    """The day of ``--on``, today where it is not given; a date without its year is an error."""
    if text is None:
        return date.today()
    found = re.fullmatch(r"([12][0-9]{3})-([0-9]{1,2})-([0-9]{1,2})", text.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise InputError(
        _("“{text}”不是完整的日期。").format(text=text),
        where="--on",
        remedy=_("请写成 年-月-日，例如 --on 2024-09-01。"),
    )


def _apart(paths: list[Path], into: Path, target: Path | None) -> None:
    """The results must not land among, or on, what is read."""
    for path in paths:
        if path.is_dir() and path.resolve() == into.resolve():
            raise InputError(
                _("结果文件夹就是要读的文件夹。"), where="--into", remedy=_("请另给一个文件夹。")
            )
        if target is not None and path.resolve() == target.resolve():
            raise InputError(_("报告会盖掉要读的文件。"), where="--report", remedy=_("请另给一个文件名。"))


def summary(intake: Intake, into: Path, target: Path | None) -> str:
    """What people read on the terminal: one paragraph per file, then what needs a look."""
    data = report(intake)
    lines = []
    for entry in data["files"]:
        lines += _file_lines(entry)
    lines += [_("注意：{note}").format(note=note) for note in data["notes"]]
    written = "、".join(f"{name} {count}" for name, count in data["written"].items())
    lines.append(_("已写入 {folder}：{tables}").format(folder=into, tables=written))
    if target is not None:
        lines.append(_("报告：{file}").format(file=target))
    if not intake.clean:
        lines.append(
            _("有 {cells} 处存疑、{unclear} 处看不懂、{matches} 条匹配待确认，详见 {file}。").format(
                cells=data["totals"]["quarantined"],
                unclear=data["totals"]["not_understood"],
                matches=data["proposals"],
                file=into / "report.json",
            )
        )
    return "\n".join(lines)


def _file_lines(entry: dict[str, Any]) -> list[str]:
    lines = [
        _("{file}：{kind}，{rows} 行").format(
            file=entry["file"], kind=entry["taken_for_name"], rows=entry["data_rows"]
        )
    ]
    if entry["households"]:
        lines.append(_("  {households} 户").format(households=entry["households"]))
    if entry["ids_accepted"] + entry["ids_missing"] + entry["ids_words"] + entry["ids_quarantined"]:
        lines.append(
            _("  证件号码：可用 {good}，空缺 {missing}，未办证等 {words}，存疑 {bad}").format(
                good=entry["ids_accepted"],
                missing=entry["ids_missing"],
                words=entry["ids_words"],
                bad=entry["ids_quarantined"],
            )
        )
    names = labels("alert_kind", current())
    if entry["alerts"]:
        told = _("、").join(f"{names[kind]} {count}" for kind, count in entry["alerts"].items())
        lines.append(
            _("  预警：{told}；不是预警 {none} 行").format(told=told, none=entry["rows_that_are_no_alert"])
        )
    if entry["match"]:
        lines.append(
            _(
                "  与花名册：按证件 {by_id}，按姓名待确认 {by_name_village}，重名 {ambiguous}，无此人 {none}"
            ).format(**entry["match"])
        )
    return lines + _finding_lines(entry)


def _finding_lines(entry: dict[str, Any]) -> list[str]:
    lines = []
    findings = entry["quarantined"] + entry["not_understood"]
    for finding in findings[:_SHOWN]:
        sheet = f"{finding['sheet']}!" if finding["sheet"] else ""
        place = finding.get("cell") or _("第 {row} 行").format(row=finding.get("row"))
        value = f"“{finding['value']}” " if finding["value"] else ""
        lines.append(f"    {sheet}{place} {value}{finding['reason']}")
    if len(findings) > _SHOWN:
        lines.append(_("    ……另有 {count} 处，见报告").format(count=len(findings) - _SHOWN))
    return lines
