"""The parts of the pages for pack writers that are made from the code: ``python -m shouwang.policy.reference``.

Each part stands between ``<!-- made: NAME -->`` and ``<!-- end: NAME -->`` in ``docs/packs.md`` and
``docs/packs-columns.md`` and in their English twins.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from shouwang import language
from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy import reference_columns, reference_examples, reference_functions, reference_mistakes
from shouwang.policy.builtins import builtins
from shouwang.policy.reference_text import header, row, spoken
from shouwang.tables.places import packs_folder

EXAMPLE_DAY = date(2024, 9, 5)


def docs_folder() -> Path:
    """The folder of pages beside that of the packs."""
    return packs_folder().parent / "docs"


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "functions": reference_functions.made,
    "families": reference_columns.families,
    "themes": reference_columns.themes,
    "examples": lambda: reference_examples.made(docs_folder() / "examples"),
    "mistakes": reference_mistakes.made,
    "builtins": lambda: _builtins(),
    "prepared": reference_columns.prepared,
    "names": reference_columns.names,
}
"""Name → what makes that part, in the language now spoken."""

PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "packs.md": ("zh", ("functions", "families", "themes", "examples", "mistakes")),
    "packs.en.md": ("en", ("functions", "families", "themes", "examples", "mistakes")),
    "packs-columns.md": ("zh", ("builtins", "prepared", "names")),
    "packs-columns.en.md": ("en", ("builtins", "prepared", "names")),
}
"""Page → its language and the parts that it must have."""


def renewed(page: str, text: str) -> str:
    """The text of a page with every made part made anew; InputError where it lacks the markers of one."""
    spoken_there, parts = PAGES[page]
    before = language.current()
    language.use(spoken_there)
    try:
        for name in parts:
            text = _with_part(text, name, PARTS[name])
    finally:
        language.use(before)
    return text


def _with_part(text: str, name: str, make: Callable[[], Iterator[str]]) -> str:
    begin, end = f"<!-- made: {name} -->", f"<!-- end: {name} -->"
    before, found, rest = text.partition(begin)
    _old, closed, after = rest.partition(end)
    if not found or not closed:
        raise InputError(
            _("页面里没有 {begin} 和 {end}").format(begin=begin, end=end), remedy=_("把这两行加回去")
        )
    return f"{before}{begin}\n\n{chr(10).join(make()).strip()}\n\n{end}{after}"


def stale(folder: Path) -> list[str]:
    """Names of pages that are not what the code makes of them."""
    return [page for page, text, fresh in _pages(folder) if text != fresh]


def renew(folder: Path) -> list[str]:
    """Makes the pages anew; returns the names of those that changed."""
    changed = []
    for page, text, fresh in _pages(folder):
        if text != fresh:
            (folder / page).write_text(fresh, encoding="utf-8")
            changed.append(page)
    return changed


def _pages(folder: Path) -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        text = (folder / page).read_text(encoding="utf-8")
        yield page, text, renewed(page, text)


def _builtins() -> Iterator[str]:
    yield from header(
        spoken("名字", "name"),
        spoken("类型", "type"),
        spoken("含义", "meaning"),
        spoken(f"筛查日为 {EXAMPLE_DAY} 时", f"on {EXAMPLE_DAY}"),
    )
    for name, entry in builtins(EXAMPLE_DAY).items():
        value = str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value)
        yield row(f"`:{name}`", str(entry.type), spoken(entry.zh, entry.en), value)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        old = stale(docs_folder())
        print(" ".join(old) or "fresh")
        sys.exit(1 if old else 0)
    print(" ".join(renew(docs_folder())) or "fresh")
