"""``shouwang runs``: the runs of a store listed, shown, compared and explained."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shouwang.language import _, current
from shouwang.policy.runs.store import StoredRun, find_run, list_runs


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("runs", help=_("存下的筛查：列出、查看、比较、说明"))
    actions = parser.add_subparsers(dest="action", metavar=_("动作"), required=True)
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument(
        "store", metavar="STORE", type=Path, help=_("运行库文件夹（shouwang screen … --store 写的）")
    )
    store.add_argument("--json", action="store_true", help=_("给机器读的输出"))
    one = _("运行的编号、开头几个字，或 latest（最近存的一次）")
    listing = actions.add_parser("list", parents=[store], help=_("列出存下的筛查"))
    listing.set_defaults(run=_list)
    shown = actions.add_parser(
        "show", parents=[store], help=_("一次筛查的参数、依据和结果，并核对有没有损坏")
    )
    shown.add_argument("name", metavar="RUN", help=one)
    shown.set_defaults(run=_show)
    comparing = actions.add_parser("compare", parents=[store], help=_("两次筛查有什么不同，为什么"))
    comparing.add_argument("before", metavar="RUN", help=one)
    comparing.add_argument("after", metavar="RUN", help=one)
    comparing.add_argument("--out", metavar="FILE", type=Path, help=_("逐条写到 .csv 或 .xlsx"))
    comparing.set_defaults(run=_compare)
    explaining = actions.add_parser("explain", parents=[store], help=_("按当时的事实和政策包说明一户"))
    explaining.add_argument("name", metavar="RUN", help=one)
    explaining.add_argument("household", metavar="HOUSEHOLD_ID", help=_("户编号"))
    explaining.set_defaults(run=_explain)


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _list(options: argparse.Namespace) -> int:
    runs = list_runs(options.store)
    whole = [run for run in runs if isinstance(run, StoredRun)]
    if options.json:
        _json([_line(run) if isinstance(run, StoredRun) else {"damaged": str(run)} for run in runs])
    else:
        for run in runs:
            print(_said(run) if isinstance(run, StoredRun) else run)
        if not runs:
            print(_("运行库是空的"))
    return 0 if len(whole) == len(runs) else 1


def _line(run: StoredRun) -> dict[str, Any]:
    counts = run.told["counts"]
    return {
        "id": run.id, "on": run.told["on"], "pack": run.told["pack"], "kept_at": run.told["kept_at"],
        "households": counts["households"], "findings": sum(counts["findings"].values()),
        "unknown": sum(counts["unknown"].values()), "result_hash": run.told["result_hash"],
    }  # fmt: skip


def _said(run: StoredRun) -> str:
    return _("{id}  筛查日 {on}  {households} 户  线索 {findings}  判不了 {unknown}  存于 {kept_at}").format(
        **_line(run)
    )


def _show(options: argparse.Namespace) -> int:
    run = find_run(options.store, options.name)
    run.check()
    if options.json:
        _json(run.told)
        return 0
    told = run.told
    print(_said(run))
    print(_("政策包 {pack}，指纹 {hash}").format(pack=told["pack"], hash=told["pack_hash"][:12]))
    print(_("参数："))
    for row in told["parameters"]:
        value = _("没有定") if row["value"] is None else row["value"]
        place = f"（{row['area']}）" if row["area"] else ""
        print(f"  {row['name']}{place} = {value}  {row['clause']}")
    print(_("事实："))
    for table, entry in told["facts"].items():
        print(_("  {table}：{rows} 行，指纹 {hash}").format(table=table, rows=entry["rows"], hash=entry["sha256"][:12]))  # fmt: skip
    print(_("线索："))
    for rule, count in sorted(told["counts"]["findings"].items(), key=lambda pair: -pair[1]):
        print(f"  {count:>7}  {rule}")
    print(_("核对过：结果、事实和政策包都和存下时一样"))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from shouwang.policy.runs.comparison import compare

    before, after = find_run(options.store, options.before), find_run(options.store, options.after)
    comparison = compare(before, after)
    written = comparison.write(options.out) if options.out else None
    if options.json:
        _json(comparison.told | ({} if written is None else {"rows": written, "out": str(options.out)}))
        return 0
    _print_comparison(comparison.told, after)
    if written is not None:
        print(_("逐条差别 {n} 行，在 {out}").format(n=written, out=options.out))
    return 0


def _print_comparison(told: Mapping[str, Any], after: StoredRun) -> None:
    from shouwang.policy.loading import read

    print(_("由 {before} 到 {after}").format(before=told["before"], after=told["after"]))
    for line in _reasons(told["why"]):
        print("  " + line)
    if not told["why"]:
        print("  " + _("日期、政策包、参数和事实都一样"))
    print(
        _("户数 {before} → {after}：新进 {entered}，离开 {left}，换村 {moved}").format(**told["households"])
    )
    pack = read(after.pack())[0] if told["findings"] or told["indicators"] else None
    for row in told["findings"]:
        label = pack.label(row["finding"], current()) if pack else ""
        print(_("  {finding}（{label}）：新有 {gained}，不再有 {lost}，变成判不了 {became_unknown}，变成判得了 {became_known}").format(label=label, **row))  # fmt: skip
    for name, count in told["indicators"].items():
        label = pack.label(name, current()) if pack else ""
        print(_("  指标 {name}（{label}）：{count} 户变了").format(name=name, label=label, count=count))
    if not told["findings"] and not told["indicators"]:
        print(_("结果完全一样"))


def _reasons(why: Mapping[str, Any]) -> list[str]:
    """What differs between the runs, a sentence each."""
    lines = []
    labels = {"on": _("筛查日"), "window": _("收入窗口"), "pack": _("政策包"), "set": _("本次设定"), "versions": _("软件版本")}  # fmt: skip
    for name, label in labels.items():
        if name in why:
            lines.append(_("{label}：{was} → {now}").format(label=label, **why[name]))
    if "pack_files" in why:
        lines.append(_("政策包改过的文件：{files}").format(files="、".join(why["pack_files"])))
    for row in why.get("parameters", []):
        was, now = (row[side]["value"] if row[side] else _("没有") for side in ("was", "now"))
        clause = (row["now"] or row["was"])["clause"]
        lines.append(
            _("参数 {name}：{was} → {now}（{clause}）").format(
                name=row["name"], was=was, now=now, clause=clause
            )
        )
    for row in why.get("facts", []):
        was, now = (_("没有") if row["rows"][side] is None else row["rows"][side] for side in ("was", "now"))
        lines.append(_("事实 {table} 不同：{was} 行 → {now} 行").format(table=row["table"], was=was, now=now))
    return lines


def _explain(options: argparse.Namespace) -> int:
    from shouwang.policy.explanation import explanation_text
    from shouwang.policy.runs.runs import explain_run

    explanation = explain_run(find_run(options.store, options.name), options.household)
    if options.json:
        _json(explanation)
    else:
        print(explanation_text(explanation))
    return 0
