"""``shouwang demo``: a made-up township from untidy spreadsheets to findings, a ledger and a page."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from shouwang.cli.demo_office import Account, open_office
from shouwang.cli.progress import progress
from shouwang.cli.serve import check_port
from shouwang.errors import InputError
from shouwang.language import _, current

AREA, ON, PACK = "500151122", date(2024, 9, 1), "chongqing-xihe-2024"
_MARKER = ".shouwang-demo"
_SHEETS, _DATA, _RESULTS, _TRUTH = "表格", "数据", "结果", "真值.json"
_OFFICE, _TOLD = "服务", "说明.txt"
_LEDGER, _PAGE = "suspected-ledger.xlsx", "summary.html"
_LARGEST = 20000  # households that still go into one workbook and into memory


@dataclass(frozen=True)
class Shown:
    """What the screen shows: a line per village, and of how many people and findings."""

    people: int
    villages: Sequence[
        tuple[str, int, int, int, int, int]
    ]  # name, households, low, unknown, in person, problems


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("demo", help=_("用一个虚构乡镇演示全过程"))
    parser.add_argument("--households", type=int, default=2000, metavar="N", help=_("户数"))
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help=_("随机种子，同一种子得到同样的数据")
    )
    parser.add_argument("--dir", type=Path, default=Path("demo"), metavar="DIR", help=_("写到哪个文件夹"))
    parser.add_argument("--no-serve", action="store_true", help=_("不启动网页服务"))
    parser.add_argument("--port", type=int, default=8000, help=_("网页服务的端口"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Makes everything in a folder beside the wanted one and swaps it in at the end, then serves; returns 0.

    A demo of the same size and seed that is there already is served again as it was left.
    """
    folder: Path = options.dir
    _check(folder, options.households)
    if options.no_serve:
        print(_said(folder, _renew(folder, options)))
        return 0
    check_port("127.0.0.1", options.port)
    told = folder / _TOLD
    wanted = f"{options.households} {options.seed}\n"
    if not told.is_file() or (folder / _MARKER).read_text(encoding="utf-8") != wanted:
        shown = _renew(folder, options)
        sheets = sorted((folder / _SHEETS).iterdir())
        accounts = open_office(folder / _OFFICE, sheets, area=AREA, on=ON, pack=PACK)
        told.touch(mode=0o600)
        told.write_text(f"{_said(folder, shown)}\n\n{_accounts(accounts)}\n", encoding="utf-8")
        (folder / _MARKER).write_text(wanted, encoding="utf-8")  # last: only now it can be taken up again
    print(told.read_text(encoding="utf-8"), flush=True)
    return _serve(folder / _OFFICE, options.port)


def _serve(folder: Path, port: int) -> NoReturn:
    """Becomes ``shouwang serve``: the engine's threads of this program would not survive the server's fork."""
    words = ["--language", current(), "serve", "--port", str(port), "--dir", str(folder)]
    os.execv(sys.executable, [sys.executable, "-m", "shouwang", *words])  # noqa: S606 — no shell is wanted


def _renew(folder: Path, options: argparse.Namespace) -> Shown:
    """Makes everything but the office anew."""
    fresh = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        shown = _make(fresh, options.households, options.seed)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return shown


def _accounts(accounts: Sequence[Account]) -> str:
    rows = [[account.role, account.area, account.username, account.password] for account in accounts]
    return "\n".join(
        [
            _("登录账号（密码是随机的，只用于演示）："),
            *aligned([[_("角色"), _("辖区"), _("用户名"), _("密码")], *rows]),
        ]
    )


def _check(folder: Path, households: int) -> None:
    if not 0 < households <= _LARGEST:
        raise InputError(
            _("演示的户数须在 1 到 {most} 之间").format(most=_LARGEST),
            where="--households",
            remedy=_("更大的数据请用 shouwang generate"),
        )
    theirs = folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARKER).is_file())
    )
    if theirs:
        raise InputError(
            _("{folder} 里有不是演示生成的东西").format(folder=folder),
            where="--dir",
            remedy=_("请换一个文件夹"),
        )


def _make(folder: Path, households: int, seed: int) -> Shown:
    for name in (_SHEETS, _DATA, _RESULTS):
        (folder / name).mkdir(parents=True)
    (folder / _MARKER).write_text("shouwang demo\n", encoding="utf-8")
    _write_sheets(folder, households, seed)
    _take_in(folder)
    _screen(folder / _DATA, folder / _RESULTS)
    return _page(folder / _DATA, folder / _RESULTS)


def _write_sheets(folder: Path, households: int, seed: int) -> None:
    from shouwang.generator.township import township
    from shouwang.generator.untidy import untidy
    from shouwang.generator.untidy.folder import FILES, write_truth

    with progress(_("编造一个乡镇的表格"), FILES) as step:
        town = township(households, seed, area=AREA, on=ON)
        truth = untidy(town, folder / _SHEETS, seed, step)
    write_truth(truth, folder / _TRUTH)


def _take_in(folder: Path) -> None:
    from shouwang.tables.intake import load_words, take_in

    files = sorted((folder / _SHEETS).iterdir())
    with progress(_("读取表格"), len(files)) as step:
        intake = take_in(files, area=AREA, on=ON, words=load_words(), progress=step)
    intake.write(folder / _DATA, folder / "读取报告.xlsx")


def _screen(folder: Path, out: Path) -> dict[str, Any]:
    """Screens the tables of ``folder`` into ``out``; returns what run.json holds."""
    from shouwang.cli.screen import screen_to

    return screen_to(folder, PACK, ON, out, {})


def _page(data: Path, results: Path) -> Shown:
    from shouwang.documents.summary_from_run import summary_from_run
    from shouwang.documents.summary_page import write_summary
    from shouwang.policy.loading import load

    summary = summary_from_run(data, results, load(PACK), ON, made_up=True)
    write_summary(results / _PAGE, summary)
    lines = [
        (v.name, v.households, v.at_or_below, v.unknown_income, v.in_person, sum(v.problems.values()))
        for v in summary.villages
    ]
    return Shown(summary.people, lines)


def _swap(fresh: Path, folder: Path) -> None:
    """Puts the finished folder in the place of an earlier demo's."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _said(folder: Path, shown: Shown) -> str:
    numbers = [row[1:] for row in shown.villages]
    total = [sum(column) for column in zip(*numbers, strict=True)]
    heads = (_("村"), _("户数"), _("监测范围及以下"), _("收入不明"), _("须入户面访"), _("疑似问题"))
    rows = [*([str(cell) for cell in row] for row in shown.villages), [_("合计"), *map(str, total)]]
    lines = [
        _("这个乡镇的 {households} 户、{people} 人都是虚构的，没有真人。").format(
            households=total[0], people=shown.people
        ),
        "",
        *aligned([list(heads), *rows]),
        "",
        _("办公表格：{folder}").format(folder=folder / _SHEETS),
        _("读入的数据：{folder}；读取报告：{report}").format(
            folder=folder / _DATA, report=folder / "读取报告.xlsx"
        ),
        _("筛查结果：{folder}").format(folder=folder / _RESULTS),
        _("疑似问题核实台账：{file}").format(file=folder / _RESULTS / _LEDGER),
        _("图表页（用浏览器打开）：{file}").format(file=folder / _RESULTS / _PAGE),
    ]
    return "\n".join(lines)


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows as lines whose columns stand under each other, the first to the left and the numbers to the right.

    A Chinese character is as wide as two Latin ones on a terminal.
    """
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (most - width(cell)) if place == 0 else " " * (most - width(cell)) + cell
            for place, (cell, most) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
