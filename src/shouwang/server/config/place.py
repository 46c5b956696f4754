"""Where the server keeps what is its own: the database, keys and scratch space, readable by its user alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def data_folder() -> Path:
    """``SHOUWANG_DIR``, or ``shouwang-data`` here; made with 0700 where it is not there."""
    folder = Path(os.environ.get("SHOUWANG_DIR", "shouwang-data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def kept_secret(name: str, size: int = 32) -> bytes:
    """A random secret of ``size`` bytes in the file ``name`` of the data folder, made at the first call."""
    path = data_folder() / name
    if not path.exists():
        fresh = path.with_name(f".{name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(size))
        try:
            os.link(fresh, path)  # of two that start at once, the first one's holds
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
