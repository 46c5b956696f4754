"""``shouwang income``: the income paper of households, item by item, as Excel or as a page."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

from shouwang.cli.progress import progress
from shouwang.cli.screen import read_day, read_sets
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.income_paper.data import Paper


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("income", help=_("收入核算表：一户一张，逐项写清来源、依据和算法"))
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help=_("交换格式的文件夹（.csv、.xlsx 或 .parquet）")
    )
    parser.add_argument("--household", action="append", default=[], metavar="ID", help=_("户编号，可多次"))
    parser.add_argument(
        "--village", action="append", default=[], metavar="CODE", help=_("村代码：全村每户一张，可多次")
    )
    parser.add_argument("--pack", required=True, metavar="NAME", help=_("政策包的名字或文件夹"))
    parser.add_argument("--on", required=True, metavar="DATE", help=_("核算日，例如 2024-09-01"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=_("本次换一个参数值，可多次")
    )
    parser.add_argument(
        "--out", required=True, metavar="OUT", type=Path,
        help=_("写到 .xlsx 或 .html 文件；写文件夹则每村一个 Excel 和一个网页"),
    )  # fmt: skip
    parser.add_argument("--mask-names", action="store_true", help=_("姓名打码（默认写全名，供农户签字）"))
    parser.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Runs the subcommand; 0 done, 1 where an income or the range is not known, 2 for wrong input."""
    from shouwang.policy.income_paper.paper import income_papers, unknown_of

    day, chosen = read_day(options.on), read_sets(options.set)
    if not options.household and not options.village:
        raise InputError(
            _("没有说给哪一户或哪个村"),
            where="--household",
            remedy=_("加上 --household 户编号，或 --village 村代码"),
        )
    _check_out(options.out)
    papers = []
    with progress(_("收入核算"), 0, quiet=options.json) as step:
        found = income_papers(
            options.folder, options.pack, day, chosen, households=options.household, villages=options.village,
            mask_names=options.mask_names,
        )  # fmt: skip
        for paper in found:
            papers.append(paper)
            step(len(papers), _("{n} 户").format(n=len(papers)))
        written = _write(options.out, papers)
    unknown = unknown_of(papers)
    told = {"households": len(papers), "unknown": len(unknown), "files": [str(path) for path in written]}
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(_("收入核算表 {n} 户，核算日 {on}").format(n=len(papers), on=day))
        if unknown:
            print(_("其中 {n} 户的人均纯收入或监测范围不知道，表末列了要问什么").format(n=len(unknown)))
        for path in written:
            print(_("写在 {path}").format(path=path))
    return 1 if unknown else 0


def _check_out(out: Path) -> None:
    """InputError for a place that cannot be written to, before anything is worked out."""
    if out.suffix in _WRITERS:
        if out.is_dir():
            raise InputError(
                _("输出位置是一个文件夹，不能当文件写"),
                where=str(out),
                remedy=_("换一个文件名，或不带 .xlsx、.html"),
            )
        if not out.parent.is_dir():
            raise InputError(
                _("没有这个文件夹"), where=str(out.parent), remedy=_("先建好文件夹，或换一个位置")
            )
    elif out.suffix and not out.is_dir():
        raise InputError(
            _("不会写 {suffix} 文件").format(suffix=out.suffix),
            where=str(out),
            remedy=_("用 .xlsx、.html，或一个文件夹"),
        )
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(_("输出位置已有别的内容，没有动它"), where=str(out), remedy=_("换一个空文件夹"))


def _write(out: Path, papers: list[Paper]) -> list[Path]:
    """Writes the file, or per village a workbook and a page into the folder."""
    try:
        if out.suffix in _WRITERS:
            _WRITERS[out.suffix](out, papers)
            return [out]
        out.mkdir(parents=True, exist_ok=True)
        written = []
        ordered = sorted(papers, key=lambda paper: paper.head.area)
        for area, own in groupby(ordered, key=lambda paper: paper.head.area):
            together = list(own)
            for suffix, write in _WRITERS.items():
                path = out / f"income-{area or 'no-village'}{suffix}"
                write(path, together)
                written.append(path)
    except OSError as error:
        raise InputError(
            _("写不进去：{reason}").format(reason=error.strerror),
            where=str(out),
            remedy=_("换一个能写的位置"),
        ) from None
    return written


def _sheets(path: Path, papers: list[Paper]) -> None:
    from shouwang.documents.income_sheet import write_income_sheets

    write_income_sheets(path, papers)


def _page(path: Path, papers: list[Paper]) -> None:
    from shouwang.documents.income_page import write_income_page

    write_income_page(path, papers)


_WRITERS: dict[str, Callable[[Path, list[Paper]], None]] = {".xlsx": _sheets, ".html": _page}
