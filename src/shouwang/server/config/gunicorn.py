"""Gunicorn inside our own command: a few processes with a few threads each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

PROCESSES, THREADS = 2, 8


class Served(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The application at an address, with a certificate and its key where there are some."""

    def __init__(self, address: str, tls: tuple[Path, Path] | None = None) -> None:
        self._chosen = {
            "bind": address,
            "workers": int(os.environ.get("SHOUWANG_PROCESSES", PROCESSES)),
            "threads": THREADS,
            "timeout": 600,
            "loglevel": "warning",
            **({"certfile": str(tls[0]), "keyfile": str(tls[1])} if tls else {}),
        }
        super().__init__()

    def load_config(self) -> None:
        """Ours, and nothing from files or the environment."""
        for name, value in self._chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Loaded in each process, so that none shares a connection."""
        from shouwang.server.config.wsgi import application

        return application
