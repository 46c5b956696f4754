"""Mistakes in a pack: each with its file and line, what is wrong and how to mend it; all are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from shouwang.errors import InputError
from shouwang.language import _


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake: ``file`` (relative to the pack's folder), ``line`` from 1, what is wrong, what would be right."""

    file: str
    line: int
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}: {self.what}"
        return f"{head}\n  → {self.remedy}" if self.remedy else head


class PackError(InputError):
    """A pack that cannot be used; ``mistakes`` has every mistake found in it."""

    def __init__(self, pack: str, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        count = len(self.mistakes)
        what = _("政策包 {pack} 有 {count} 处错误：").format(pack=pack, count=count)
        super().__init__(what + "\n" + "\n".join(str(mistake) for mistake in self.mistakes))


class ExpressionMistake(Exception):
    """A mistake inside one expression; whoever knows the file and line turns it into a :class:`Mistake`."""

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what)


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence naming the likeliest right word, or the first few possible ones."""
    words = sorted(words)
    close = difflib.get_close_matches(word, words, n=3, cutoff=0.6)
    if close:
        return _("是不是 {words}？").format(words="、".join(close))
    shown = "、".join(words[:12]) + ("…" if len(words) > 12 else "")
    return _("可用的有：{words}").format(words=shown)
