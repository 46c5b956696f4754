"""A new pack: a folder that checks from the first moment, with a value, a rule and a case to change."""

from __future__ import annotations

import re
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.loading import find, load


def new_pack(folder: Path, extends: str) -> Path:
    """Makes the folder of a new pack that extends another; InputError where it exists or its name will not do."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", folder.name):
        raise InputError(
            _("政策包的名字只能用小写字母、数字和连字符"),
            where=str(folder),
            remedy=_("例如 sichuan-longtan-2026"),
        )
    if folder.exists():
        raise InputError(_("这个文件夹已经有了"), where=str(folder), remedy=_("换一个名字"))
    find(extends)
    (folder / "cases").mkdir(parents=True)
    (folder / "quality").mkdir()
    for name, text in _files(folder.name, extends).items():
        (folder / name).write_text(text, encoding="utf-8")
    load(str(folder))
    return folder


def _files(name: str, extends: str) -> dict[str, str]:
    return {
        "pack.yaml": (
            f"id: {name}\ntitle: 某某镇防止返贫监测帮扶集中排查\ntitle_en: campaign of a township\nextends: {extends}\n"
            'sources: {DOC: 文件名和文号}\narea: "000000000" # 9位乡镇代码\nholds: {from: 2026-01-01, to: 2026-12-31}\n'
        ),
        "parameters.yaml": (
            "# 监测范围：拿到文件号后把 unset 换成数，写上条款\n"
            "monitoring_range:\n  values: [{value: unset, clause: 待省里文件}]\n"
        ),
        "rules.yaml": "# 关掉一条规则：\n# income.livestock: {off: true}\n",
        "quality/own.yaml": (
            "# 说数据本身的规则（docs/packs.md“质量规则”）。关掉上一级的一条：\n"
            "# rules:\n#   household.size: {off: true}\n"
        ),
        "cases/open.yaml": (
            f'- name: 没有收支条目，收入未知\n  clause: 示例\n  pack: {name}\n  "on": 2026-06-01\n'
            "  household: {household_type: general, monitoring_status: none}\n"
            "  members:\n    - {relation: head, birth_date: 1980-01-03, labour_capacity: ordinary}\n"
            "  income_items: []\n  expect:\n    indicators: {net_income: null}\n    findings: []\n    absent: [income.below_range]\n"
        ),
    }
