"""Finds what must not be in the project: paths of somebody's machine, index addresses, maybe real people.

    python scripts/strangers.py        0, or 1 with a line for each find

Invented people have ID numbers that begin with 500199 and telephones that begin with 1990000; anything else
that looks like a valid ID number or a mobile telephone is reported, masked.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUFFIXES = {
    ".cfg", ".css", ".csv", ".html", ".json", ".lock", ".md", ".po", ".py", ".svg", ".toml", ".tsv", ".txt",
    ".yaml", ".yml", "",
}  # fmt: skip
MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|root|opt|home|Users|mnt)/[\w.-]+")
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|https?://")
PERSON = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX](?!\d)")
TELEPHONE = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?![\dA-Za-z])")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def main() -> int:
    """Looks through every file that is in the repository, or would be with the next commit."""
    finds = [f"{path}:{number}: {what}" for path in files() for number, what in look(ROOT / path)]
    print("\n".join(finds), end="\n" if finds else "", file=sys.stderr)
    return 1 if finds else 0


def files() -> list[str]:
    """The text files of the project, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        names = [name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a copy without git
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return sorted(name for name in names if Path(name).suffix in SUFFIXES and (ROOT / name).is_file())


def look(path: Path) -> Iterator[tuple[int, str]]:
    """Line and sentence of each find in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("gb18030", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, f"a path of a machine: {found}") for found in MACHINE.findall(line))
        if path.suffix == ".lock" and INDEX.search(line):
            yield number, "an address of a package index"
        for found in PERSON.findall(line):
            if checks(found) and not found.startswith("500199"):
                yield number, f"an ID number that may be real: {found[:3]}…{found[-2:]}"
        for found in TELEPHONE.findall(line):
            if not found.startswith("1990000"):
                yield number, f"a telephone that may be real: {found[:3]}…{found[-2:]}"


def checks(number: str) -> bool:
    """Whether the last character is the check character of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return "10X98765432"[total % 11] == number[-1]


if __name__ == "__main__":
    sys.exit(main())
