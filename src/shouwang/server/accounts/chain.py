"""The hash chain of the audit trail: each line's hash covers its content and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Line:
    """What a line says, and the hashes that stand with it."""

    number: int
    content: Mapping[str, Any]
    hash_before: str
    hash: str


def sealed(content: Mapping[str, Any], hash_before: str) -> str:
    """The hash of a line with this content after that hash: SHA-256, in hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{hash_before}\n{text}".encode()).hexdigest()


def broken(lines: Iterable[Line], head: tuple[int, str] | None = None) -> list[int]:
    """The numbers of lines that were changed, or that do not follow the one before; empty where the chain holds.

    ``head`` is the number and hash of a line that was noted elsewhere; where it is gone, its number is told too.
    """
    found, before, seen = [], START, None
    for line in lines:
        if line.hash_before != before or line.hash != sealed(line.content, line.hash_before):
            found.append(line.number)
        before = line.hash
        if head is not None and line.number == head[0]:
            seen = line.hash
    if head is not None and seen != head[1] and head[0] not in found:
        found.append(head[0])
    return found
