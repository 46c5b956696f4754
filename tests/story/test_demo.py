"""The demo as somebody tries it: one command, an account for every role, and nothing lost when it is killed."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from shouwang.server.accounts.roles import ROLES


class Visitor:
    """A browser without a screen: keeps cookies, sends forms."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """Status and text; with a form it is posted."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.address + path, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sign_in(self, username: str, password: str) -> str:
        """The start page."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.ask("/sign-in")[1])
        assert token is not None
        status, page = self.ask(
            "/sign-in", username=username, password=password, csrfmiddlewaretoken=token[1], next="/"
        )
        assert status == 200, page
        return page


def started(folder: Path, port: int) -> tuple[Any, str, dict[str, str]]:
    """The demo's process, its address, and the password of every role as it was printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "shouwang", "demo", "--households", "60", "--dir", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "http://" in line:
            break
    words = [line.split() for line in lines]
    passwords = {row[-2]: row[-1] for row in words if len(row) > 2 and row[-2] in ROLES}
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return process, address, passwords
        except OSError:
            time.sleep(0.2)
    raise AssertionError("".join(lines))


def without_tokens(page: str) -> str:
    """A page without what differs with every visit."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.req("SEC-1", "SEC-3")
def test_every_role_gets_in_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "demo"
    process, address, passwords = started(folder, port)
    try:
        assert set(passwords) == set(ROLES)
        pages = {role: Visitor(address).sign_in(role, word) for role, word in passwords.items()}
        assert "60 户里看出" in pages["town_officer"]
        assert "疑似问题核实台账" in pages["town_leader"]
        assert "疑似问题核实台账" not in pages["village_officer"]  # the whole town's
        assert "农户" not in re.sub(r"(?s)<head>.*?</head>|<h1>.*?</h1>", "", pages["system_admin"]).replace(
            "登记农户", ""
        )
        assert (folder / "说明.txt").stat().st_mode & 0o077 == 0
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        process, address, again = started(folder, port)
        assert again == passwords
        page = Visitor(address).sign_in("town_officer", again["town_officer"])
        assert without_tokens(page) == without_tokens(pages["town_officer"])
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


@pytest.mark.req("SEC-1")
def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "shouwang", "demo", "--dir", str(tmp_path / "demo"), "--port", str(port)],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert not (tmp_path / "demo").exists()
