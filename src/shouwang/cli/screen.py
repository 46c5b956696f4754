"""``shouwang screen``: facts → findings and the ledger of suspected problems."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from shouwang.cli.progress import progress
from shouwang.documents.ledger_from_run import write_ledger
from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy.loading import read

LATER = ("postgresql", "spark")


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("screen", help=_("筛查：事实 → 问题线索和疑似问题台账"))
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help=_("交换格式的文件夹（.csv、.xlsx 或 .parquet）")
    )
    parser.add_argument("--pack", required=True, metavar="NAME", help=_("政策包的名字或文件夹"))
    parser.add_argument("--on", required=True, metavar="DATE", help=_("筛查日，例如 2024-09-01"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=_("本次换一个参数值，可多次")
    )
    parser.add_argument("--out", metavar="OUT", type=Path, help=_("结果文件夹"))
    parser.add_argument(
        "--store",
        metavar="STORE",
        type=Path,
        help=_("把这次筛查连同事实和政策包存进运行库，见 shouwang runs"),
    )
    parser.add_argument("--backend", choices=("duckdb", *LATER), default="duckdb", help=_("计算引擎"))
    parser.add_argument("--explain", metavar="HOUSEHOLD_ID", help=_("说明一户的每个数和每条线索怎么来的"))
    parser.add_argument(
        "--no-ledger", action="store_true", help=_("不写疑似问题台账（数十万户以上时省时间）")
    )
    parser.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    parser.set_defaults(run=run)


def read_day(text: str, option: str = "--on") -> date:
    """A full date; InputError for one without its year or otherwise not a date."""
    try:
        return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        raise InputError(
            _("“{text}”不是完整的日期").format(text=text),
            where=option,
            remedy=_("写成年-月-日，例如 2024-09-01"),
        ) from None


def read_sets(texts: list[str], option: str = "--set") -> dict[str, str]:
    """``NAME=VALUE`` pairs; InputError for anything else."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise InputError(
                _("“{text}”写法不对").format(text=text),
                where=option,
                remedy=_("写成 名字=值，例如 monitoring_range=8300"),
            )
        found[name.strip()] = value.strip()
    return found


def run(options: argparse.Namespace) -> int:
    """Runs the subcommand; 0 done, 1 where parameters are unset, 2 for wrong input."""
    day, chosen = read_day(options.on), read_sets(options.set)
    if options.backend in LATER:
        raise InputError(
            _("这一版只有 duckdb 引擎，{name} 以后才有").format(name=options.backend),
            where="--backend",
            remedy=_("去掉 --backend"),
        )
    if options.explain:
        return _explain(options, day, chosen)
    if options.out is None:
        raise InputError(_("没有说结果写到哪里"), where="--out", remedy=_("加上 --out 文件夹"))
    summary = screen_to(
        options.folder,
        options.pack,
        day,
        options.out,
        chosen,
        quiet=options.json,
        ledger=not options.no_ledger,
        store=options.store,
    )
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _print(summary, options.out, options.pack)
    return 1 if summary["unset"] else 0


def screen_to(
    folder: Path,
    pack: str,
    on: date,
    out: Path,
    settings: dict[str, str],
    quiet: bool = False,
    ledger: bool = True,
    store: Path | None = None,
) -> dict[str, Any]:
    """Screens ``folder`` into ``out`` with progress, ledger included; returns the content of run.json.

    ``store`` is a store of runs to keep it in as well.
    """
    from shouwang.policy.runs.runs import keeping
    from shouwang.policy.screening import Run, nothing_each, nothing_more, screen

    with (
        keeping(store, pack) if store is not None else nullcontext() as keeper,
        progress(_("筛查"), 100, quiet=quiet) as step,
    ):

        def finish(run: Run) -> None:
            (write_ledger if ledger else nothing_more)(run)
            if keeper is not None:
                keeper.finish(run)

        each = keeper.each if keeper is not None else nothing_each
        summary = screen(folder, pack, on, out, settings=settings, step=step, finish=finish, each=each)
    if keeper is not None and keeper.kept is not None and not quiet:
        print(_("存进运行库：{id}").format(id=keeper.kept.id))
    return summary


def _explain(options: argparse.Namespace, day: date, chosen: dict[str, str]) -> int:
    from shouwang.policy.explanation import explain_household, explanation_text

    explanation = explain_household(options.folder, options.pack, day, chosen, options.explain)
    print(
        json.dumps(explanation, ensure_ascii=False, indent=1, default=str)
        if options.json
        else explanation_text(explanation)
    )
    return 0


def _print(summary: dict[str, Any], out: Path, pack_name: str) -> None:
    counts = summary["counts"]
    pack, _mistakes = read(pack_name)
    print(
        _("筛查 {n} 户，政策包 {pack}，筛查日 {on}").format(
            n=counts["households"], pack=summary["pack"], on=summary["on"]
        )
    )
    for rule, count in sorted(counts["findings"].items(), key=lambda pair: -pair[1]):
        print(f"  {count:>7}  {rule:<28} {pack.label(rule, current())}")
    unknown = sum(counts["unknown"].values())
    if unknown:
        print(_("还有 {n} 处因缺少事实判不了，见 unknown.csv").format(n=unknown))
    for table in summary["missing_tables"]:
        print(_("没有 {table} 表，靠它的规则都判不了").format(table=table))
    for entry in summary["unset"]:
        print(
            _("参数 {name} 还没有文件定：{clause}").format(name=entry["parameter"], clause=entry["clause"]),
            file=sys.stderr,
        )
    print(_("结果在 {out}").format(out=out))
