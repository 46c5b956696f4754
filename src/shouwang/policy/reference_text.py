"""What the makers of the pages for pack writers share: rows of tables and the language now spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shouwang import language


def spoken(zh: str, en: str) -> str:
    """The one that is in the language now spoken."""
    return en if language.current() == "en" else zh


def row(*cells: str) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def header(*cells: str) -> Iterator[str]:
    """The first two lines of a Markdown table."""
    yield row(*cells)
    yield "|" + "---|" * len(cells)


def listed(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def fenced(text: str, kind: str = "") -> Iterator[str]:
    """A block of code, and a blank line."""
    yield f"```{kind}"
    yield from text.rstrip().splitlines()
    yield "```"
    yield ""
