"""``shouwang whatif``: move a threshold, a day or a pack and see who comes in and goes out before deciding (RSK-5)."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from shouwang.cli.progress import progress
from shouwang.cli.screen import read_day, read_sets
from shouwang.errors import InputError
from shouwang.language import _


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("whatif", help=_("调整试算：换个参数、日期或政策包，谁进谁出，因为什么"))
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help=_("交换格式的文件夹（.csv、.xlsx 或 .parquet）")
    )
    parser.add_argument("--pack", required=True, metavar="NAME", help=_("原来的政策包"))
    parser.add_argument("--on", required=True, metavar="DATE", help=_("原来的筛查日，例如 2024-09-01"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=_("两边都换的参数值，可多次")
    )
    parser.add_argument("--then-pack", metavar="NAME", help=_("换成哪个政策包"))
    parser.add_argument("--then-on", metavar="DATE", help=_("换成哪一天"))
    parser.add_argument(
        "--then-set", action="append", default=[], metavar="NAME=VALUE", help=_("换成什么参数值，可多次")
    )
    parser.add_argument(
        "--finding", action="append", default=[], metavar="ID", help=_("只看这条规则、重点类别或指标，可多次")
    )
    parser.add_argument("--sweep", metavar="NAME=FROM:TO:STEP", help=_("一个参数从小到大逐个试，画成曲线"))
    parser.add_argument(
        "--explain-all", action="store_true", help=_("变化很多时也把每一户的原因都算出来（慢）")
    )
    parser.add_argument("--out", metavar="OUT", type=Path, required=True, help=_("结果文件夹"))
    parser.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Runs the subcommand; 0 done, 2 for wrong input."""
    from shouwang.documents.whatif_folder import MACHINE, write_whatif
    from shouwang.documents.whatif_machine import machine
    from shouwang.policy.put_in_place import beside
    from shouwang.policy.whatif.sweep import SweepOrder
    from shouwang.policy.whatif.whatif import terms, what_if

    if not (options.then_pack or options.then_on or options.then_set or options.sweep):
        raise InputError(
            _("没有说换什么"), where="--then-set / --then-on / --then-pack",
            remedy=_("例如加上 --then-set monitoring_range=8500"),
        )  # fmt: skip
    day, settings = read_day(options.on), read_sets(options.set)
    then_day = read_day(options.then_on, "--then-on") if options.then_on else day
    then_settings = settings | read_sets(options.then_set, "--then-set")
    before = terms(options.pack, day, settings)
    after = terms(options.then_pack or options.pack, then_day, then_settings, before)
    order = SweepOrder.read(before.pack, options.sweep) if options.sweep else None
    with (
        beside(options.out, MACHINE) as folder,
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=".scratch-") as scratch,
        progress(_("调整试算"), 100, quiet=options.json) as step,
    ):
        found = what_if(
            options.folder, before, after, only=options.finding, order=order, explain_all=options.explain_all,
            scratch=Path(scratch), step=step,
        )  # fmt: skip
        write_whatif(folder, found)
    if options.json:
        print(json.dumps(machine(found, households=False), ensure_ascii=False))
    else:
        _print(found, options.out)
    return 0


def _print(found: Any, out: Path) -> None:
    from shouwang.documents.whatif_words import headline, lead

    print(headline(found))
    print(lead(found))
    if any(found.totals[place].moved for place in found.totals):
        print(
            _("{before:>9} {after:>9} {came_in:>7} {went_out:>7}").format(
                before=_("原来"), after=_("换后"), came_in=_("进入"), went_out=_("退出")
            )
        )
    for place, target in enumerate(found.targets):
        count = found.totals[place]
        if count.moved or count.became_unknown or count.became_known:
            print(
                f"{count.before:>9,} {count.after:>9,} {count.came_in:>+9,} {-count.went_out:>9,}  {target.id:<28} {target.label}"
            )
    for moved in found.by_change:
        print(_("单独换 {change}：{n} 户改变").format(change=moved.change.said, n=f"{moved.households:,}"))
    for move in found.village_moves:
        print(
            _("{village}：{rule} {before} → {after}").format(
                village=move.name or move.area_code,
                rule=move.label,
                before=_say(move.was),
                after=_say(move.is_),
            )
        )
    print(_("结果在 {out}").format(out=out))


def _say(value: bool | None) -> str:
    from shouwang.documents.whatif_words import answer

    return answer(value)
