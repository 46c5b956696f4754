"""A queue for writers: first in, first out within a process; across processes by a lock on a file.

SQLite has one writer. Left to itself the second one waits and retries at random, and one of many may starve; a
queue gives each its turn.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from pathlib import Path


class WriterQueue:
    """One per database file and process. :meth:`enter` waits for the turn, :meth:`leave` gives it on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False
        self._file: int | None = None

    def enter(self) -> None:
        """Waits until all who came earlier are done, here and in other processes."""
        turn = threading.Event()
        with self._guard:
            if self._busy:
                self._waiting.append(turn)
            else:
                self._busy = True
                turn.set()
        turn.wait()
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Lets the next one in."""
        if self._file is not None:
            os.close(self._file)  # which lets the lock go
            self._file = None
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


_QUEUES: dict[str, WriterQueue] = {}
_GUARD = threading.Lock()


def queue_of(database: str) -> WriterQueue:
    """The queue of a database file, the same for every connection of the process."""
    with _GUARD:
        if database not in _QUEUES:
            _QUEUES[database] = WriterQueue(Path(database + ".queue"))
        return _QUEUES[database]
