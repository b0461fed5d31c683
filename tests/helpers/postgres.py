"""A real PostgreSQL server for the tests: its own data folder and port, for as long as it is wanted.

Debian: `apt-get install postgresql`. The server refuses to run as root; root starts it as the user postgres.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binaries() -> Path | None:
    """Where initdb and postgres are; None when they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("postgres")
    return Path(named).resolve().parent if named else None


class Server:
    """A running server. `url()` names a new, empty schema on it."""

    def __init__(self, home: Path, settings: tuple[str, ...]) -> None:
        where = binaries()
        assert where is not None
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._bin, self._data, self._settings = where, home / "data", settings
        self._made = 0
        home.chmod(0o755)
        if self._as_user:
            self._data.mkdir()
            shutil.chown(self._data, "postgres", "postgres")
        self._run(
            "initdb",
            "-D",
            str(self._data),
            "-U",
            "edi",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *self._settings,
        ]
        self._process = subprocess.Popen(
            [
                *self._as_user,
                str(self._bin / "postgres"),
                "-D",
                str(self._data),
                *(part for option in options for part in ("-c", option)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        import psycopg

        for _ in range(200):
            try:
                psycopg.connect(self._address(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("the PostgreSQL server did not start")

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self._data), "stop", "-m", how)
        self._process.wait()

    def url(self) -> str:
        import psycopg

        self._made += 1
        name = f"edi{os.getpid()}x{self._made}"
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())  # a database of its own would take a second
        return f"{self._address()}?options=-csearch_path%3D{name}"

    def drop(self, url: str) -> None:
        """Drop the schema that a URL of `url()` names."""
        import psycopg

        schema = url.rpartition("%3D")[2]
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())

    def _address(self) -> str:
        return f"postgresql://edi@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user, str(self._bin / program), *arguments], check=True, capture_output=True, cwd="/"
        )


@contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A server in a temporary folder."""
    memory = Path("/dev/shm")
    home = Path(tempfile.mkdtemp(prefix="edi-pg-", dir=memory if os.access(memory, os.W_OK) else None))
    running = None
    try:
        running = Server(home, settings or FAST)
        yield running
    finally:
        if running is not None:
            running.stop()
        shutil.rmtree(home, ignore_errors=True)
