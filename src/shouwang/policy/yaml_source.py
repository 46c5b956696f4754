"""YAML with its line numbers: numbers stay exact decimals, and only true and false are booleans."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shouwang.language import _
from shouwang.policy.mistakes import Mistake

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"^[-+]?[0-9]+\.[0-9]+$")
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


class Mapping(dict[str, Any]):
    """A mapping that knows the line it begins on and the line of each key."""

    line: int
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """The line of ``key``, or of the mapping where there is no such key."""
        return self.lines.get(key, self.line)


class Sequence(list[Any]):
    """A list that knows the line it begins on and the line of each entry."""

    line: int
    lines: list[int]


def read(path: Path, file: str, tell: Callable[[Mistake], None]) -> Any:
    """The document in ``path``; mistakes of form are told under the name ``file``, and None comes back."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        tell(
            Mistake(
                file,
                1,
                _("不是 UTF-8 编码（第 {byte} 个字节）").format(byte=error.start),
                _("请另存为 UTF-8"),
            )
        )
        return None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        tell(
            Mistake(
                file,
                line,
                _("YAML 写法有误：{problem}").format(problem=error.problem),
                _("检查这一行的缩进、冒号和引号"),
            )
        )
        return None
    except yaml.YAMLError as error:
        tell(Mistake(file, 1, _("YAML 写法有误：{problem}").format(problem=error), ""))
        return None
    return None if node is None else _construct(node, file, tell)


def _construct(node: Any, file: str, tell: Callable[[Mistake], None]) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file, tell)
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(_construct(child, file, tell) for child in node.value)
        sequence.line = node.start_mark.line + 1
        sequence.lines = [child.start_mark.line + 1 for child in node.value]
        return sequence
    return scalar(node.value) if node.style in (None, "") else node.value


def _mapping(node: Any, file: str, tell: Callable[[Mistake], None]) -> Mapping:
    mapping = Mapping()
    mapping.line = node.start_mark.line + 1
    mapping.lines = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in mapping:
            first = mapping.lines[key]
            tell(
                Mistake(
                    file,
                    line,
                    _("“{key}”写了两次（另一次在第 {first} 行）").format(key=key, first=first),
                    _("只留一处"),
                )
            )
        mapping[key] = _construct(value_node, file, tell)
        mapping.lines[key] = line
    return mapping


def scalar(text: str) -> Any:
    """What a plain YAML word means here: exact numbers, ISO dates, true, false, null; anything else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
