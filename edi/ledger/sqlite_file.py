"""SQLite's file: what lies in the ledger's place is looked at before it is touched, and a look changes nothing."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from collections.abc import Collection
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from edi.errors import LedgerError, SettingsError
from edi.ledger.address import DatabaseAddress
from edi.ledger.tables import METADATA, VERSION_TABLE

_ROOM: Final = "Make room on the disk that it lies on, and run the same command again."
_BACKUP: Final = "Bring it back from a backup."
_RIGHTS: Final = "Whoever runs edi must own it, and be able to write to it and to its folder."
_CURES: Final = {
    "FULL": _ROOM,
    "IOERR": _ROOM,
    "CORRUPT": _BACKUP,
    "NOTADB": f"If ledger.url names the wrong file, correct it. If this was the ledger: {_BACKUP.lower()}",
    "READONLY": _RIGHTS,
    "CANTOPEN": _RIGHTS,
}
"""What to do about an error, by SQLite's name for it."""
_SMALLEST: Final = 512  # octets of a page, and so of a database
_MAKING: Final = threading.Lock()
_OURS: Final = frozenset({VERSION_TABLE, *METADATA.tables})
_SURE: Final = frozenset({VERSION_TABLE, "meta", "run", "file", "claim"})


def holds_ledger(tables: Collection[str], setting: str) -> bool:
    """Whether these are the tables of a ledger, of whatever version; False when none of them is called as one of ours. Raises
    SettingsError when a table of another program is."""
    if set(tables) >= _SURE:
        return True
    if taken := sorted(_OURS.intersection(tables)):
        raise SettingsError(
            f"{setting} names a database with a table {taken[0]} that is no ledger's. It was left as it was. Give the ledger a "
            "database or a schema of its own."
        )
    return False


def look_at(place: DatabaseAddress, patience: float) -> bool:
    """Whether a ledger lies in the file; False when nothing does, or an empty file. Raises SettingsError or LedgerError when
    it is anything else. Nothing is changed, and an existing file is never opened here: closing that descriptor would drop the
    locks that SQLite has on the file in this process."""
    assert place.file is not None
    try:
        found = place.file.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = errno.EISDIR if stat.S_ISDIR(found.st_mode) else None
            raise OSError(kind, os.strerror(kind) if kind else "it is no regular file")
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not place.file.is_symlink():
            return False
        raise cannot_open(place.file, error) from error
    if not found.st_size:
        return False
    try:
        if found.st_size < _SMALLEST:  # SQLite would take it for an empty one and write over it
            raise _not_a_database()
        with closing(looking(place.file, patience)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
            tables = [name for (name,) in rows if not name.startswith("sqlite_")]
    except sqlite3.Error as error:
        raise LedgerError(failure(place.name, error, patience)) from None
    if tables and not holds_ledger(tables, place.setting):
        raise SettingsError(
            f"{place.setting} names a database of another program ({place.name}). It was left as it was. Name the ledger's own "
            "file, or a new one."
        )
    return bool(tables)


def looking(file: Path, patience: float) -> sqlite3.Connection:
    """A connection that only reads. Files that SQLite needs beside the database are gone again when it is closed, and what a
    killed writer left there stays as it is."""
    file = Path(os.path.realpath(file))
    if any(os.path.lexists(f"{file}-{log}") for log in ("wal", "journal")):
        how = "mode=ro"  # to write would be to clear away the log
    elif os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        how = "mode=rw"  # else what was made beside it would stay
    else:
        how = "mode=ro&immutable=1"  # without any file beside it
    connection = sqlite3.connect(
        f"file:{quote(os.fsencode(file))}?{how}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA query_only=ON")
    return connection


def make_private(file: Path) -> None:
    """Make the file where there is none, and let only its owner read it."""
    try:
        with _MAKING, suppress(FileExistsError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
        if not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise cannot_open(file, error) from error


def cannot_open(file: Path, error: OSError) -> LedgerError:
    """What is raised when the system does not let the file be opened."""
    cure = f" {_RIGHTS}" if isinstance(error, PermissionError) else ""
    return LedgerError(f"The ledger {file} cannot be opened: {error.strerror or error}.{cure}")


def _not_a_database() -> sqlite3.Error:
    error = sqlite3.DatabaseError("file is not a database")
    error.sqlite_errorname = "SQLITE_NOTADB"
    return error


def busy(name: str, patience: float) -> str:
    """The sentence for a ledger that another process has held for too long."""
    return (
        f"The ledger ({name}) was busy for {patience:g} seconds: another edi is writing to it. "
        "Nothing was changed; run the same command again when that one is done."
    )


def failure(name: str, error: BaseException | None, patience: float) -> str:
    """The sentence for an error of SQLite's, with what to do where that is known."""
    message = str(error).strip().partition("\n")[0]
    if "locked" in message:
        return busy(name, patience)
    kind = getattr(error, "sqlite_errorname", "").split("_")[1:2]
    cure = f" {cure}" if (cure := _CURES.get("".join(kind))) else ""
    return f"The ledger ({name}) failed: {message}.{cure}"
