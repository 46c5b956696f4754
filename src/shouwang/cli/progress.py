"""Progress of long work: a bar on a terminal, plain lines on a pipe, nothing with ``--json``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Step(Protocol):
    """Called as work goes on: ``step(done, text)``; ``done`` counts up to the total."""

    def __call__(self, done: int, text: str = "", /) -> None: ...


@contextmanager
def progress(title: str, total: int, *, quiet: bool = False) -> Iterator[Step]:
    """Shows how far a piece of work has come, on standard error.

    ``total`` is the number that ``done`` reaches; 0 where it is not known. On a pipe one line stands at the
    start and one at every tenth of the way.
    """
    if quiet:
        yield _silent
    elif sys.stderr.isatty():
        yield from _bar(title, total)
    else:
        yield from _lines(title, total)


def _silent(_done: int, _text: str = "") -> None:
    """Nobody watches."""


def _bar(title: str, total: int) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total or None)

        def step(done: int, text: str = "") -> None:
            bar.update(task, completed=done, description=f"{title} {text}".strip())

        yield step


def _lines(title: str, total: int) -> Iterator[Step]:
    print(title, file=sys.stderr, flush=True)
    shown = 0

    def step(done: int, text: str = "") -> None:
        nonlocal shown
        tenth = done * 10 // total if total else 0
        if tenth > shown:
            shown = tenth
            print(f"{title} {tenth * 10}% {text}".rstrip(), file=sys.stderr, flush=True)

    yield step
