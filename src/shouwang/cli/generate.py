"""``shouwang generate``: made-up data of any size."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from shouwang.cli.progress import progress
from shouwang.errors import InputError
from shouwang.generator import shares, streams
from shouwang.language import _


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("generate", help=_("生成任意规模的虚构数据"))
    parser.add_argument("--households", type=int, required=True, metavar="N", help=_("户数"))
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help=_("随机种子，同一种子得到同样的数据")
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=_("写到哪个新文件夹"))
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv", help=_("文件格式"))
    parser.add_argument(
        "--area", default="500151122", metavar="CODE", help=_("区县、乡镇或村代码（6、9 或 12 位）")
    )
    parser.add_argument("--on", default="2024-09-01", metavar="DATE", help=_("以哪一天为准"))
    parser.add_argument(
        "--trouble",
        action="append",
        default=[],
        metavar="KIND=SHARE",
        help=_("某种问题的比例（0 到 1），可写多次"),
    )
    parser.add_argument("--clean", action="store_true", help=_("不放任何问题（--trouble 写明的除外）"))
    parser.add_argument(
        "--details",
        choices=("auto", "yes", "no"),
        default="auto",
        help=_("走访回答、照片、数据来源、部门名单和全国系统（auto：{most} 户以内）").format(
            most=streams.DETAILED
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("输出 JSON，供程序读取"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the data and says what was written."""
    on = read_day(options.on)
    chosen = shares.resolve(options.trouble, clean=options.clean)
    with progress(_("生成数据"), streams.STEPS, quiet=options.json) as step:
        rows = streams.generate(
            options.out,
            options.households,
            options.seed,
            file_format=options.format,
            area=options.area,
            on=on,
            shares=chosen,
            with_details={"auto": None, "yes": True, "no": False}[options.details],
            step=step,
        )
    if options.json:
        print(json.dumps({"folder": str(options.out), "rows": rows}, ensure_ascii=False))
        return 0
    print(
        _("已写入 {folder}：{households} 户、{members} 人、{items} 条收支；真值在 truth 文件夹").format(
            folder=options.out,
            households=rows["households"],
            members=rows["members"],
            items=rows["income_items"],
        )
    )
    return 0


def read_day(text: str) -> date:
    """A day written as 2024-09-01; anything else is an :class:`InputError`."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            _("“{text}”不是日期").format(text=text), where="--on", remedy=_("请写成 2024-09-01 这样")
        ) from error
