"""``shouwang pack check|test|show|new|javascript``: for the people who write packs, and who build the phone."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand and its actions."""
    parser = subparsers.add_parser("pack", help=_("政策包：检查、跑用例、成页、新建、写成手机上的模块"))
    parser.add_argument(
        "action",
        choices=("check", "test", "show", "new", "javascript"),
        help=_("check 检查，test 跑用例，show 成页，new 新建，javascript 写成手机上的模块"),
    )
    parser.add_argument("pack", metavar="PACK", help=_("政策包的名字或文件夹"))
    parser.add_argument(
        "--cases", action="append", default=[], type=Path, metavar="FILE", help=_("test：另外的用例文件")
    )
    parser.add_argument("--extends", default="national", metavar="PACK", help=_("new：继承哪个政策包"))
    parser.add_argument("--on", metavar="DATE", help=_("javascript：筛查日，例如 2024-09-01"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=_("javascript：换一个参数值，可多次")
    )
    parser.add_argument("--quality", action="store_true", help=_("javascript：数据质量规则，而不是风险规则"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=_("javascript：写到哪个文件"))
    parser.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Runs one action; a pack with mistakes ends with 2, failed cases with 1."""
    actions = {"check": _check, "test": _test, "show": _show, "new": _new, "javascript": _javascript}
    return actions[options.action](options)


def _check(options: argparse.Namespace) -> int:
    from shouwang.policy.loading import load

    pack = load(options.pack)
    known = {"pack": pack.id, "parameters": len(pack.parameters), "kinds": len(pack.kinds), "indicators": len(pack.indicators),
             "focus": len(pack.focus), "rules": len(pack.rules), "quality": len(pack.quality), "hash": pack.hash}  # fmt: skip
    if options.json:
        print(json.dumps(known, ensure_ascii=False))
    else:
        print(
            _(
                "{pack} 没有错误：{parameters} 个参数，{kinds} 个收支类别，{indicators} 个指标，{focus} 类重点对象，{rules} 条规则，{quality} 条数据质量规则"
            ).format(**known)
        )
        unset = [
            name
            for name, parameter in pack.parameters.items()
            if all(value.value is None for value in parameter.values)
        ]
        if unset:
            print(_("还没有值的参数：{names}").format(names="、".join(unset)))
    return 0


def _test(options: argparse.Namespace) -> int:
    from shouwang.policy.case_runner import run_cases

    count, failures = run_cases(options.pack, options.cases)
    names = {(failure.case.file, failure.case.line) for failure in failures}
    if options.json:
        listed = [
            {
                "file": f.case.file,
                "line": f.case.line,
                "name": f.case.name,
                "backend": f.where,
                "messages": f.messages,
            }
            for f in failures
        ]
        print(json.dumps({"cases": count, "failed": len(names), "failures": listed}, ensure_ascii=False))
    else:
        for failure in failures:
            print(failure)
        print(
            _("{count} 个用例，{failed} 个不符（DuckDB 与单户计算各跑一遍）").format(
                count=count, failed=len(names)
            )
        )
    return 1 if failures else 0


def _show(options: argparse.Namespace) -> int:
    from shouwang.policy.loading import load
    from shouwang.policy.page import page

    print(page(load(options.pack)))
    return 0


def _new(options: argparse.Namespace) -> int:
    from shouwang.policy.scaffold import new_pack

    folder = new_pack(Path(options.pack), options.extends)
    print(
        _("新政策包在 {folder}；先改 parameters.yaml，再跑 shouwang pack check {folder}").format(
            folder=folder
        )
    )
    return 0


def _javascript(options: argparse.Namespace) -> int:
    from shouwang.cli.screen import read_day, read_sets
    from shouwang.policy.javascript import write
    from shouwang.policy.loading import load
    from shouwang.policy.parameters import read_settings
    from shouwang.policy.plan import build

    if options.on is None:
        raise InputError(_("没有说是哪一天"), where="--on", remedy=_("写成年-月-日，例如 2024-09-01"))
    if options.out is None:
        raise InputError(
            _("没有说结果写到哪里"), where="--out", remedy=_("加上 --out 文件，例如 national.mjs")
        )
    day, pack = read_day(options.on), load(options.pack)
    settings = read_settings(pack, read_sets(options.set))
    text = write(build(pack, day, settings, quality=options.quality))
    _write_whole(options.out, text)
    size = len(text.encode())
    if options.json:
        print(json.dumps({"file": str(options.out), "bytes": size, "hash": pack.hash}))
    else:
        print(_("{file}：{size} 字节").format(file=options.out, size=size))
    return 0


def _write_whole(path: Path, text: str) -> None:
    """Writes beside and renames: the file stands whole or not at all."""
    unfinished = path.parent / f".{path.name}.unfinished"
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputError(
            _("{file} 写不了：{why}").format(file=path, why=error.strerror),
            where="--out",
            remedy=_("换一个有的文件夹，并看有没有写的权限"),
        ) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
