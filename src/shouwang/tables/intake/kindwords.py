"""Words people use for income and expense → kind codes. The words are data of a pack, applied here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.intake.wording import squeezed
from shouwang.tables.places import packs_folder


@dataclass(frozen=True)
class KindWords:
    """``exact``: word → kind; ``patterns``: tried in order where no word is exact; ``unknown``: no kind."""

    exact: Mapping[str, str] = field(default_factory=dict)
    patterns: Sequence[tuple[re.Pattern[str], str]] = ()
    unknown: frozenset[str] = frozenset()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> KindWords:
        """From ``words.yaml``: ``kinds: {code: [words]}``, ``patterns: [{kind, match}]``, ``unknown``.

        Raises ValueError where one word stands for two kinds or a pattern cannot be read.
        """
        exact: dict[str, str] = {}
        for kind, words in (data.get("kinds") or {}).items():
            for word in words:
                key = squeezed(str(word))
                if exact.setdefault(key, kind) != kind:
                    raise ValueError(f"{word}: {exact[key]}, {kind}")
        patterns = []
        for entry in data.get("patterns") or ():
            try:
                patterns.append((re.compile(entry["match"]), entry["kind"]))
            except re.error as error:
                raise ValueError(f"{entry['match']}: {error}") from error
        return cls(exact, tuple(patterns), frozenset(squeezed(str(w)) for w in data.get("unknown") or ()))

    def kind(self, word: str) -> str | None:
        """The kind that a word names; None where it names none. A kind code itself is taken as it is."""
        text = squeezed(word)
        if not text or text in self.unknown:
            return None
        if text in self.exact:
            return self.exact[text]
        if text in set(self.exact.values()):
            return text
        return next((kind for pattern, kind in self.patterns if pattern.search(text)), None)


def load_words(folder: Path | None = None) -> KindWords:
    """The income words of the national pack."""
    path = (folder or packs_folder()) / "national" / "words.yaml"
    try:
        return KindWords.from_data(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise InputError(
            _("读不到收支用语表。"), where=str(path), remedy=_("请检查政策包是否完整。")
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise InputError(
            _("收支用语表有错：{why}").format(why=error), where=str(path), remedy=_("请改正后再导入。")
        ) from error
