"""Files that hold people's data, encrypted on the disk: uploads and what was read from them."""

from __future__ import annotations

import secrets as random
from pathlib import Path

from shouwang.server.config.place import data_folder
from shouwang.server.registry.secrets import seal_bytes, unseal_bytes


def keep(content: bytes) -> str:
    """Stores the content; returns the name under which it is found again."""
    name = random.token_hex(16)
    path = _path(name)
    fresh = path.with_suffix(".partial")
    fresh.touch(mode=0o600)
    fresh.write_bytes(seal_bytes(name, content))
    fresh.rename(path)
    return name


def found(name: str) -> bytes:
    """The content; FileNotFoundError where there is none, UnreadableError where it was changed."""
    return unseal_bytes(name, _path(name).read_bytes())


def forget(name: str) -> None:
    """Removes the content, where it is there."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    folder = data_folder() / "evidence"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / name
