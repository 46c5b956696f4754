"""What the sections of a pack's page share: tables, code, spans of time, clauses, values of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.expressions import parameters, parse
from shouwang.policy.pack import Expression, Pack, Parameter, ParameterValue
from shouwang.policy.wording import clause_in_words


def span(first: date | None, last: date | None) -> str:
    """From when to when, in words."""
    if first is None and last is None:
        return _("不限")
    return _("{first} 至 {last}").format(first=first or "…", last=last or "…")


def table(header: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A Markdown table, or that there is nothing; a blank line after it."""
    listed = [[cell(entry) for entry in row] for row in rows]
    if not listed:
        yield _("没有。")
    else:
        yield "| " + " | ".join(header) + " |"
        yield "|" + "---|" * len(header)
        yield from ("| " + " | ".join(row) + " |" for row in listed)
    yield ""


def cell(value: Any) -> str:
    """A value on one line, with its bars marked."""
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: Any) -> str:
    """An expression as code; true and false as the language writes them."""
    plain = str(text).lower() if isinstance(text, bool) else " ".join(str(text).split())
    return f"`{plain}`"


def clause_of(pack: Pack, clause: str) -> str:
    """A clause with its documents in full, in the language now spoken."""
    words = clause_in_words(pack, clause, current())
    own, rest = _("本程序自定，没有文件出处"), words.removeprefix("ours")
    return own + rest if rest != words else words


def value_of(entry: Parameter, value: ParameterValue) -> str:
    """One value of a parameter; a share also in per cent."""
    if value.value is None:
        return _("**未定**：还没有文件给出，请向上级要这个数的文件号")
    if entry.unit == "share" and isinstance(value.value, (int, Decimal)):
        return f"{value.value} ({(Decimal(value.value) * 100).normalize():f}%)"
    return str(value.value)


def parameters_of(pack: Pack, expression: Expression) -> str:
    """The parameters that an expression reads, with their values; empty where it reads none of the pack."""
    read = sorted(parameters(parse(expression.text)) & pack.parameters.keys())
    return "；".join(_with_values(pack, pack.parameters[name]) for name in read)


def _with_values(pack: Pack, entry: Parameter) -> str:
    values = " / ".join(_("未定") if value.value is None else str(value.value) for value in entry.values)
    return f"{pack.label(entry.name, current())} `:{entry.name}` = {values}"
