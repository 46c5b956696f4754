"""Runs a command with a PostgreSQL of its own: a fresh cluster in a temporary folder, gone afterwards.

    python scripts/with_postgresql.py COMMAND [ARGUMENT]…

The command finds it by DATABASE_URL. Where the machine has no PostgreSQL, this says so and returns 0.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/usr/local/pgsql")


def main(command: list[str]) -> int:
    """The exit status of the command."""
    programs = found()
    if programs is None:
        print("no PostgreSQL on this machine: the tests on PostgreSQL are skipped", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            owner = ["runuser", "-u", "postgres", "--"]
        port, data = _free_port(), str(folder / "data")
        subprocess.run(
            [*owner, str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        control = [*owner, str(programs / "pg_ctl"), "-D", data, "-w"]
        subprocess.run(
            [*control, "-o", f"-p {port} -k {folder} -c fsync=off", "-l", str(folder / "log"), "start"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            return subprocess.run(
                command, env={**os.environ, "DATABASE_URL": address}, check=False
            ).returncode
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd=folder
            )


def found() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version; None where there is none, or nobody to run it as."""
    if os.geteuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        return None
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    folders = [path.parent for folder in FOLDERS for path in Path(folder).glob("**/initdb")]
    return max(
        folders,
        key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()],
        default=None,
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
