"""Makes a virtual environment that has pip, with nothing but Python's own library.

    python3 scripts/bootstrap.py .venv
    python3 scripts/bootstrap.py --sound .venv      only say by the exit status whether it is fit to use

Debian's python3 comes without ensurepip (it is in python3-venv). Where ``python3 -m venv`` therefore cannot
put pip into the environment, the environment is made without it, and one known pip wheel is fetched from the
index that pip would use (``PIP_INDEX_URL``, pip's configuration files, else PyPI), its SHA-256 is compared,
and it installs itself.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

OLDEST = (3, 11)
WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEFAULT_INDEX = "https://pypi.org/simple"


class BootstrapError(Exception):
    """What failed and how to mend it, for people."""


class _Links(HTMLParser):
    """The addresses on one page of an index."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def main(arguments: list[str]) -> int:
    """Makes the environment named by the one argument; 2 with a sentence where it cannot.

    With ``--sound`` before it, nothing is made: 0 where the environment is sound, else 1.
    """
    if len(arguments) == 2 and arguments[0] == "--sound":
        return 0 if is_sound(Path(arguments[1])) else 1
    if len(arguments) != 1:
        print("usage: python3 scripts/bootstrap.py [--sound] FOLDER", file=sys.stderr)
        return 2
    try:
        if sys.version_info < OLDEST:
            raise BootstrapError(
                f"Python {sys.version_info[0]}.{sys.version_info[1]} is too old; 3.11 or newer is needed.\n"
                "  → make PYTHON=python3.12 (or another one that is installed)"
            )
        make(Path(arguments[0]))
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def make(folder: Path) -> None:
    """Leaves a whole environment of this Python at ``folder``; a sound one is kept as it is."""
    if is_sound(folder):
        return
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").is_file():
        raise BootstrapError(f"{folder} is there and is no virtual environment.\n  → move it away")
    shutil.rmtree(folder, ignore_errors=True)
    if run(sys.executable, "-m", "venv", str(folder)) and is_sound(folder):
        return
    shutil.rmtree(folder, ignore_errors=True)
    if not run(sys.executable, "-m", "venv", "--without-pip", str(folder)):
        raise BootstrapError("python3 -m venv does not work here.\n  → apt install python3-venv")
    try:
        install_pip(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def is_sound(folder: Path) -> bool:
    """Whether the environment is of this Python version, lies where it was made, and has pip."""
    tell = f"import sys, pip; print(sys.version_info[:2] == {tuple(sys.version_info[:2])!r})"
    python = folder / "bin" / "python"
    if not python.exists() or not (folder / "bin" / "pip").exists():
        return False
    told = subprocess.run([str(python), "-c", tell], capture_output=True, text=True, check=False)
    return told.returncode == 0 and told.stdout.split()[:1] == ["True"] and made_here(folder)


def made_here(folder: Path) -> bool:
    """Whether the scripts of the environment still point at it: one that was moved or copied does not."""
    first = (folder / "bin" / "pip").read_text(encoding="utf-8", errors="replace")[:2000]
    return str(folder.resolve()) in first


def install_pip(folder: Path) -> None:
    """Fetches the pinned wheel, compares its hash and lets it install itself."""
    print(f"ensurepip is not installed: fetching {WHEEL}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = Path(scratch) / WHEEL
        wheel.write_bytes(fetch(index_url()))
        options = ("install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", str(wheel))
        if not run(str(folder / "bin" / "python"), f"{wheel}/pip", *options):
            raise BootstrapError("pip could not install itself.\n  → apt install python3-venv, then again")


def index_url() -> str:
    """The index that pip would use: by the environment, else by the user's file, else by the machine's."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    home = Path.home()
    machine = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    places = [
        os.environ.get("PIP_CONFIG_FILE", ""),
        str(Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"),
        str(home / ".pip" / "pip.conf"),
        *(f"{folder}/pip/pip.conf" for folder in machine),
        "/etc/pip.conf",
    ]
    for place in filter(None, places):
        settings = configparser.RawConfigParser(strict=False)
        try:
            settings.read(place, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        for section in ("install", "global"):
            if settings.get(section, "index-url", fallback=""):
                return settings.get(section, "index-url")
    return DEFAULT_INDEX


def fetch(index: str) -> bytes:
    """The bytes of the wheel from an index, which are the right ones by their hash."""
    page = index.rstrip("/") + "/pip/"
    links = _Links()
    try:
        links.feed(read(page).decode("utf-8", errors="replace"))
        wanted = [link for link in links.found if urllib.parse.urlsplit(link).path.endswith(f"/{WHEEL}")]
        wanted += [link for link in links.found if urllib.parse.urlsplit(link).path == WHEEL]
        if not wanted:
            raise BootstrapError(f"{WHEEL} is not on {shown(page)}\n  → apt install python3-venv, then again")
        content = read(urllib.parse.urljoin(page, wanted[0]))
    except (OSError, ValueError) as error:
        raise BootstrapError(
            f"cannot read {shown(page)}: {error}\n"
            "  → connect to the network, or apt install python3-venv, then again"
        ) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise BootstrapError(f"{WHEEL} from {shown(page)} is not the file it should be (SHA-256 differs).")
    return content


def shown(url: str) -> str:
    """A URL without the name and password that it may hold."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def read(url: str) -> bytes:
    """What stands at an address (https, http or file)."""
    try:
        return _read(url, ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None))
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
    # A bare Debian has no ca-certificates. The hash of the one file we take is known, so its way here need
    # not be trusted; all after it is fetched by pip, which brings its own certificates and compares hashes.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    return _read(url, unchecked)


def _read(url: str, context: ssl.SSLContext) -> bytes:
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=host)))
    if parts.username:
        secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    with urllib.request.urlopen(request, timeout=120, context=context) as answer:
        return bytes(answer.read())


def run(*command: str) -> bool:
    """Whether a command ended well; what it said is not for people."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
