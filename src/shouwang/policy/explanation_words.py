"""Words that sheets and pages share: levels of rules, places of work."""

from __future__ import annotations

from shouwang.language import _, current


def levels() -> dict[str, str]:
    """What the levels of rules are called, in the language now spoken."""
    return {
        "household": _("户级问题"), "village": _("村级问题"), "town": _("镇级问题"), "look": _("请留意，不是问题"), "proposal": _("建议，不是问题"),
        "progress": _("进度"),
    }  # fmt: skip


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
