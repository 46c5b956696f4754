"""The house around the code: one lock for all machines, nothing of anybody's machine, no real people."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts import strangers

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_and_hashes_everything_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + re.sub(r"(?m)^ *#.*\n", "", text))[1:]
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not strangers.INDEX.search(text)


def test_the_locks_agree_and_hold_what_pyproject_asks_for() -> None:
    runtime, dev = (pins(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert runtime.items() <= dev.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {plain(name) for name in wanted} <= set(runtime)
    assert {plain(name) for name in project["project"]["optional-dependencies"]["dev"]} <= set(dev)


def pins(path: Path) -> dict[str, str]:
    """Package → version of a lock file."""
    return dict(re.findall(r"(?m)^([a-z0-9.-]+)==(\S+)", path.read_text(encoding="utf-8")))


def plain(requirement: str) -> str:
    """``PyYAML>=6.0`` as ``pyyaml``."""
    return re.split(r"[<>=\[; ]", requirement)[0].lower().replace("_", "-")


def test_nothing_strange_is_in_the_project() -> None:
    finds = [
        f"{name}:{line}: {what}" for name in strangers.files() for line, what in strangers.look(ROOT / name)
    ]
    assert finds == []


def test_strangers_are_seen_and_masked(tmp_path: Path) -> None:
    real = "110101" + "19900307" + "001"
    real += next(last for last in "0123456789X" if strangers.checks(real + last))
    invented = "500199" + real[6:17]
    invented += next(last for last in "0123456789X" if strangers.checks(invented + last))
    path = tmp_path / "a.md"
    lines = ["see /" + "root/notes", real, invented, "tel " + "138" + "00138000", "tel 19900001234"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = list(strangers.look(path))
    assert [line for line, _what in found] == [1, 2, 4]
    assert real not in str(found)


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
