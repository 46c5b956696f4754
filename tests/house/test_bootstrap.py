"""An environment with pip on a machine whose Python lacks ensurepip, from an index of our own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from scripts import bootstrap


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index in a folder, chosen by the environment, with one file that stands for the wheel."""
    page = tmp_path / "simple" / "pip"
    page.mkdir(parents=True)
    (page / bootstrap.WHEEL).write_bytes(b"wheel")
    (page / "index.html").write_text(f'<a href="other-1.whl">x</a><a href="{bootstrap.WHEEL}#sha256=0">y</a>')
    monkeypatch.setattr(bootstrap, "SHA256", hashlib.sha256(b"wheel").hexdigest())
    monkeypatch.setattr(bootstrap, "_read", lambda url, _context: _from_disk(url))
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri() + "/")
    return page


def _from_disk(url: str) -> bytes:
    path = Path(url.removeprefix("file://").partition("#")[0])
    return (path / "index.html" if path.is_dir() else path).read_bytes()


def test_the_pinned_wheel_is_taken_from_the_index_that_the_environment_names(index: Path) -> None:
    assert bootstrap.fetch(bootstrap.index_url()) == b"wheel"


def test_a_wheel_with_another_hash_is_refused(index: Path) -> None:
    (index / bootstrap.WHEEL).write_bytes(b"something else")
    with pytest.raises(bootstrap.BootstrapError, match="SHA-256 differs"):
        bootstrap.fetch(bootstrap.index_url())


def test_an_index_without_the_wheel_or_out_of_reach_is_one_sentence(index: Path) -> None:
    (index / "index.html").write_text("<a href='pip-1.whl'>old</a>")
    with pytest.raises(bootstrap.BootstrapError, match="apt install python3-venv"):
        bootstrap.fetch(bootstrap.index_url())
    with pytest.raises(bootstrap.BootstrapError, match="cannot read"):
        bootstrap.fetch("file:///nowhere/simple")


def test_the_index_of_pips_own_settings_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://example.org/simple\n", encoding="utf-8")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    assert bootstrap.index_url() == "https://example.org/simple"


def test_passwords_in_an_address_are_not_shown() -> None:
    assert bootstrap.shown("https://me:secret@example.org/simple/pip/") == "https://example.org/simple/pip/"


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(bootstrap.BootstrapError, match="no virtual environment"):
        bootstrap.make(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_environment_without_pip_is_not_sound(tmp_path: Path) -> None:
    assert bootstrap.run(bootstrap.sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env"))
    assert not bootstrap.is_sound(tmp_path / "env")
    assert bootstrap.main(["--sound", str(tmp_path / "env")]) == 1
