"""Writers of one SQLite file take turns, across threads and processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from shouwang.server.accounts.chain import START
from shouwang.server.config.queue import WriterQueue

WRITER = """
import os, sys
os.environ["SHOUWANG_DIR"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.server.config.settings"
import django; django.setup()
import threading
from django.db import connection, transaction
from shouwang.server.accounts.services import audit
def write():
    for _ in range(15):
        with transaction.atomic():
            audit("w", "test")
    connection.close()
threads = [threading.Thread(target=write) for _ in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
"""


@pytest.mark.req("SEC-3")
def test_turns_are_given_in_the_order_of_asking(tmp_path: Path) -> None:
    queue, order = WriterQueue(tmp_path / "q"), list[int]()
    queue.enter()

    def wait(number: int) -> None:
        queue.enter()
        order.append(number)
        queue.leave()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(queue._waiting) <= number:
            time.sleep(0.001)
    queue.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


@pytest.mark.req("SEC-3")
def test_four_processes_of_four_threads_lose_nothing_and_keep_the_chain(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(
        [sys.executable, "-m", "shouwang", "migrate", "--dir", str(tmp_path)],
        check=True,
        capture_output=True,
        env=plain,
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stderr=subprocess.PIPE, text=True, env=plain
        )
        for _number in range(4)
    ]
    said = [writer.communicate()[1] for writer in writers]
    assert said == [""] * 4
    with sqlite3.connect(tmp_path / "shouwang.sqlite3") as database:
        lines = database.execute("SELECT hash_before, hash FROM accounts_auditline ORDER BY id").fetchall()
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(lines) == 240
    assert [before for before, _hash in lines] == [START, *(own for _before, own in lines[:-1])]
