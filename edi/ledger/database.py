"""The database under the ledger: one way to read and one way to write, alike on SQLite and PostgreSQL.

All writers take turns, however many processes and machines there are: nothing that a writer reads changes before it
commits. Turns are short, and a reader never waits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from edi.errors import LedgerError, SettingsError
from edi.ledger.address import DatabaseAddress
from edi.ledger.connecting import wrong_setting
from edi.ledger.sqlite_file import busy, failure, look_at, looking, make_private

PATIENCE: Final = 120
"""Seconds that a writer waits for the others."""
_TURN: Final = 0x656469  # the number of PostgreSQL's advisory lock, the same for every edi
_CACHE_KIB: Final = 65_536
_PAUSE: Final = 0.01  # seconds


Purpose = Literal["use", "repair", "look"]


class Database:
    """An open database. Every failure is raised as a LedgerError, which never shows the URL. `purpose`: to "use" it a file is
    made where there is none, and made private; to "repair" it the file is taken as it is; to "look" it is only read. Nothing
    happens to a file before the first connection. `is_new`: there is no file, or an empty one."""

    def __init__(
        self, place: DatabaseAddress, *, patience: float = PATIENCE, purpose: Purpose = "use"
    ) -> None:
        self.name = place.name
        self.setting = place.setting
        self._patience = patience
        self.is_server = place.file is None
        if place.file is not None:
            self.is_new = not look_at(place, patience)
            connect = looking if purpose == "look" else _connect if purpose == "repair" else _connect_private
            self.engine = create_engine(place.url, creator=partial(connect, place.file, patience))
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.is_new = False  # nobody knows yet
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
                raise SettingsError(f"{self.setting} {wrong}") from None
            raise LedgerError(self._sentence(error)) from None
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger ({self.name}) failed: {type(error).__name__}.") from None

    def _is_unconnected(self, error: DBAPIError) -> bool:
        """Whether there is no connection to the server, or no longer one."""
        return self.is_server and (error.connection_invalidated or not getattr(error.orig, "sqlstate", None))

    def _sentence(self, error: DBAPIError) -> str:
        if getattr(error.orig, "sqlstate", None) == "55P03":
            return busy(self.name, self._patience)
        if self._is_unconnected(error):
            return (
                f"The ledger ({self.name}) cannot be reached, or the connection was lost. "
                "Run the same command again: it finishes or rolls back what was begun."
            )
        if self.is_server:  # what a server says may repeat what it was given
            return f"The ledger ({self.name}) failed: {type(error.orig).__name__}."
        return failure(self.name, error.orig, self._patience)


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


def _connect_private(file: Path, patience: float) -> sqlite3.Connection:
    make_private(file)
    return _connect(file, patience)


def _connect(file: Path, patience: float) -> sqlite3.Connection:
    # Transactions begin when we say so, not when Python's module thinks fit.
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None, check_same_thread=False)
    cursor = connection.cursor()
    _set_wal(cursor, time.monotonic() + patience)
    for pragma in (
        "synchronous=FULL",  # what was committed survives a power cut
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    return connection


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
