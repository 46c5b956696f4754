"""The JavaScript of the phone folder, statement by statement, so that a module holds only what its plan reaches.

``runtime.js`` is what every module may use; each other file holds prepared columns. How statements must stand is said
at the top of ``runtime.js``, how a prepared column is written at the top of ``prepared.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "phone"
_START = re.compile(r'(?:function|const|class) (\w+)|prepared\["(\w+\.\w+)"\] = ')
_WORD = re.compile(r'prepared\["\w+\.\w+"\]|\w+')


class PhoneCodeError(ValueError):
    """A file of the phone folder that does not keep to the way of writing; says where. A mistake of ours, not of users."""


@lru_cache(maxsize=1)
def statements() -> dict[str, str]:
    """Every statement by the name it gives: ``age`` or ``prepared["members.age"]``; columns come last."""
    found: dict[str, str] = {}
    files = sorted(FOLDER.glob("*.js"), key=lambda path: (path.name != "runtime.js", path.name))
    for path in files:
        for name, text in read(path).items():
            if name in found:
                raise PhoneCodeError(f"{path.name}: {name} is in another file too")
            found[name] = text
    return dict(sorted(found.items(), key=lambda entry: entry[0].startswith("prepared[")))


def read(path: Path) -> dict[str, str]:
    """The statements of one file by name, without comments and blank lines."""
    found: dict[str, str] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        start = _START.match(line)
        if start:
            name = start[1] or column(start[2])
            if name in found:
                raise PhoneCodeError(f"{path.name}:{number}: {name} is there already")
            found[name] = line
        elif name and line[0] in " \t})]":
            found[name] += "\n" + line
        else:
            raise PhoneCodeError(f"{path.name}:{number}: no statement begins like this: {line[:40]}")
    return found


def column(name: str) -> str:
    """How the statement of a prepared column is called."""
    return f'prepared["{name}"]'


def reached(text: str) -> list[str]:
    """The statements that a program names, and those that they name in turn, in the order in which they must stand."""
    known = statements()
    wanted: set[str] = set()
    waiting = [text]
    while waiting:
        for name in _named(waiting.pop(), known) - wanted:
            wanted.add(name)
            waiting.append(known[name])
    return [statement for name, statement in known.items() if name in wanted]


def _named(text: str, known: Iterable[str]) -> set[str]:
    return set(_WORD.findall(text)) & set(known)
