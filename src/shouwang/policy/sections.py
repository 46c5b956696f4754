"""The merged YAML of a pack: entries by section, each field with the file and line that set it last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shouwang.policy.mistakes import Mistake
from shouwang.policy.pack import Place


@dataclass
class Entry:
    """The fields of one entry after inheritance; each remembers the file and line that set it last."""

    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    place: Place = field(default_factory=lambda: Place("", 0))

    def at(self, key: str) -> Place:
        return self.places.get(key, self.place)


Section = dict[str, Entry]


@dataclass
class Sources:
    """Everything read so far: sections by file, merged from the root of the lineage down."""

    sections: dict[str, Section] = field(default_factory=dict)
    lineage: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def tell(self, mistake: Mistake) -> None:
        self.mistakes.append(mistake)
