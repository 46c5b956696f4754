"""Words that sheets and pages share: levels of rules, how serious a finding about the data is, places of work."""

from __future__ import annotations

from shouwang.language import _, current


def levels() -> dict[str, str]:
    """What the levels of rules are called, in the language now spoken."""
    return {
        "household": _("户级问题"), "village": _("村级问题"), "town": _("镇级问题"), "look": _("请留意，不是问题"), "proposal": _("建议，不是问题"),
        "progress": _("进度"),
    }  # fmt: skip


def severities() -> dict[str, tuple[str, str]]:
    """How serious a finding about the data is: what it is called and what it means, in the language now spoken."""
    return {
        "error": (_("错误"), _("不可能是这样")),
        "warn": (_("警告"), _("很可能有误或有缺")),
        "look": (_("留意"), _("少见，但可能属实")),
    }


def menders() -> dict[str, str]:
    """Who mends a finding about the data, in the language now spoken."""
    return {"village": _("村"), "town": _("镇"), "department": _("部门")}


def places() -> dict[str, str]:
    """Where wages are earned and costs arise, in the language now spoken."""
    return {
        "public_post": _("公益性岗位"), "outside_province": _("省外"), "in_province": _("县外省内"), "in_county": _("县内"),
    }  # fmt: skip


def bracketed(text: str) -> str:
    """A text in the brackets of the language now spoken."""
    return f" ({text})" if current() == "en" else f"（{text}）"


def named(label: str, value: str) -> str:
    """A label and its value: 农户类型：脱贫户, household type: lifted household."""
    return f"{label}: {value}" if current() == "en" else f"{label}：{value}"
