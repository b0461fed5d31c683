"""The database under the ledger: one way to read and one way to write, alike on SQLite and PostgreSQL.

All writers take turns, however many processes and machines there are: nothing that a writer reads changes before it
commits. Turns are short, and a reader never waits.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from edi.errors import LedgerError, SettingsError
from edi.ledger.address import DatabaseAddress
from edi.ledger.connecting import wrong_setting

PATIENCE: Final = 120
"""Seconds that a writer waits for the others."""
_TURN: Final = 0x656469  # the number of PostgreSQL's advisory lock, the same for every edi
_CACHE_KIB: Final = 65_536
_PAUSE: Final = 0.01  # seconds
_ROOM: Final = "Make room on the disk that it lies on, and run the same command again."
_BACKUP: Final = "Bring it back from a backup."
_RIGHTS: Final = "Whoever runs edi must own it, and be able to write to it and to its folder."
_CURES: Final = {
    "FULL": _ROOM,
    "IOERR": _ROOM,
    "CORRUPT": _BACKUP,
    "NOTADB": _BACKUP,
    "READONLY": _RIGHTS,
    "CANTOPEN": _RIGHTS,
}
"""What to do about an error, by SQLite's name for it."""
_MAKING: Final = threading.Lock()


class Database:
    """An open database. Every failure is raised as a LedgerError, which never shows the URL."""

    def __init__(self, place: DatabaseAddress, *, patience: float = PATIENCE) -> None:
        self.name = place.name
        self._setting = place.setting
        self._patience = patience
        self.is_server = place.file is None
        if place.file is not None:
            _make_private(place.file)
            self.engine = create_engine(
                place.url, connect_args={"timeout": patience, "check_same_thread": False}
            )
            event.listen(self.engine, "connect", partial(_prepare_sqlite, patience))
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = _server(place)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def reading(self, *, still: bool = False) -> Iterator[Connection]:
        """A connection to read on. With `still` all reads see the database at one moment."""
        options = {"isolation_level": "REPEATABLE READ"} if still and self.is_server else {}
        with self._as_ledger_errors(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction without any other writer; committed at the end, or rolled back."""
        with (
            self._as_ledger_errors(),
            self.engine.connect().execution_options(edi_write=True) as connection,
            connection.begin(),
        ):
            if self.is_server:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(self._patience * 1000)}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            yield connection

    @contextmanager
    def _as_ledger_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if self._is_unconnected(error) and (wrong := wrong_setting(str(error.orig))):
                raise SettingsError(f"{self._setting} {wrong}") from None
            raise LedgerError(self._sentence(error)) from None
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger ({self.name}) failed: {type(error).__name__}.") from None

    def _is_unconnected(self, error: DBAPIError) -> bool:
        """Whether there is no connection to the server, or no longer one."""
        return self.is_server and (error.connection_invalidated or not getattr(error.orig, "sqlstate", None))

    def _sentence(self, error: DBAPIError) -> str:
        message = str(error.orig).strip().partition("\n")[0]
        if "locked" in message or getattr(error.orig, "sqlstate", None) == "55P03":
            return (
                f"The ledger ({self.name}) was busy for {self._patience:g} seconds: another edi is writing to it. "
                "Nothing was changed; run the same command again when that one is done."
            )
        if self._is_unconnected(error):
            return (
                f"The ledger ({self.name}) cannot be reached, or the connection was lost. "
                "Run the same command again: it finishes or rolls back what was begun."
            )
        if self.is_server:  # what a server says may repeat what it was given
            return f"The ledger ({self.name}) failed: {type(error.orig).__name__}."
        return f"The ledger ({self.name}) failed: {message}.{_cure(error.orig)}"


def _cure(error: BaseException | None) -> str:
    """What to do about an error of SQLite's, as a sentence after a blank; "" where that is not known."""
    kind = getattr(error, "sqlite_errorname", "").split("_")[1:2]
    return f" {cure}" if (cure := _CURES.get("".join(kind))) else ""


def _server(place: DatabaseAddress) -> Engine:
    try:
        import psycopg  # noqa: F401 - only to say in words that it is missing
    except ImportError:
        raise SettingsError(
            "A ledger on PostgreSQL needs one more package: python -m pip install 'edi-dental[postgresql]'."
        ) from None
    try:
        return create_engine(place.url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except (ArgumentError, ValueError):
        raise SettingsError(f"{place.setting} has a port after the ? that is no number.") from None


def _make_private(file: Path) -> None:
    """Make the file where there is none, and let only its owner read it. An existing file is never opened here: closing that
    descriptor would drop the locks that SQLite has on the file in this process."""
    try:
        with _MAKING, suppress(FileExistsError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
        if not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        cure = f" {_RIGHTS}" if isinstance(error, PermissionError) else ""
        raise LedgerError(f"The ledger {file} cannot be opened: {error.strerror or error}.{cure}") from error


def _prepare_sqlite(patience: float, connection: Any, _record: object) -> None:
    connection.isolation_level = (
        None  # transactions begin when we say so, not when Python's module thinks fit
    )
    cursor = connection.cursor()
    _set_wal(cursor, time.monotonic() + patience)
    for pragma in (
        "synchronous=FULL",  # what was committed survives a power cut
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _set_wal(cursor: sqlite3.Cursor, until: float) -> None:
    """Turn the write-ahead log on. When several processes do so at once in a new file, SQLite refuses all but one without
    waiting."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("edi_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
