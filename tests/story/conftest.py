"""A server of its own over an empty folder, and a browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.javascript.engines import chromium

TOWN = "500151122"


@dataclass(frozen=True)
class Office:
    """A running server: its address, its folder, the name and password of the town's officer."""

    address: str
    folder: Path
    username: str
    password: str


def command(folder: Path, *words: str) -> str:
    """What ``shouwang …`` prints over a data folder."""
    done = subprocess.run(
        [sys.executable, "-m", "shouwang", *words, "--dir", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return done.stdout


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """``shouwang migrate``, ``user`` and ``serve``, as an office starts it."""
    folder = tmp_path_factory.mktemp("office")
    command(folder, "migrate")
    told = command(folder, "user", "zhen", "--name", "周敏", "--role", f"town_officer@{TOWN}")
    found = re.search(r"密码 (\S+?)（", told)
    assert found is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "shouwang", "serve", "--port", str(port), "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(150):
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                    assert answer.read() == b"ok"
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.2)
        yield Office(address, folder, "zhen", found[1])
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium of the machine."""
    program = chromium()
    if program is None:
        pytest.skip("needs Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()
