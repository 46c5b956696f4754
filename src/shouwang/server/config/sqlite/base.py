"""Django's SQLite backend, with transactions that wait in the writer queue.

Only ``BEGIN IMMEDIATE … COMMIT`` is queued: code that writes does so in ``transaction.atomic()``, code that only reads
does without.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from shouwang.server.config.queue import WriterQueue, queue_of


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions take their turn."""

    _queue: WriterQueue | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Makes the file readable by its owner alone before SQLite makes it; what SQLite lays beside follows it."""
        if not self.is_in_memory_db():
            Path(str(self.settings_dict["NAME"])).touch(mode=0o600, exist_ok=True)
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self.is_in_memory_db() or self._queue is not None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
            return
        queue = queue_of(name)
        queue.enter()
        self._queue = queue
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._let_go()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def close(self) -> None:
        """Closes the connection; whoever waits gets the turn."""
        try:
            super().close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.leave()
