"""Makes src/shouwang/requirements.tsv, an id and a sentence a line, from the requirements as written.

    python scripts/make_requirements.py DESIGN/requirements.md

Run it by hand when the requirements change. A line of the source is ``- INC-1 sentence``; a ``★`` behind the
id marks what no source document asks for.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/shouwang/requirements.tsv"
LINE = re.compile(r"- ([A-Z]{3}-[0-9]+)(★?) (.+)")


def rows(text: str) -> list[tuple[str, str]]:
    """Id and sentence of every requirement, in the order of the text."""
    found = [match for line in text.splitlines() if (match := LINE.fullmatch(line.strip()))]
    return [(match[1], match[2] + match[3].replace("**", "").strip()) for match in found]


def main(source: Path) -> None:
    """Writes the table."""
    lines = [f"{name}\t{sentence}\n" for name, sentence in rows(source.read_text(encoding="utf-8"))]
    TARGET.write_text("".join(lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
