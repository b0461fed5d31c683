"""Runs that were cut off between intending to write files and having written them: finished, or taken back.

Which of the two is decided by what lies on the disk, file by file; `docs/ledger.md` says why that is enough.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import select

from edi.errors import LedgerError
from edi.ledger.database import Database
from edi.ledger.runs import INTENDED, record_written, roll_back
from edi.ledger.tables import FILE, RUN
from edi.x12.output import folder_lock, remove_staging, sync_folder, try_lock

_LOOK_EVERY = 0.05  # seconds
FileState = Literal["staged", "placed", "lost"]


class RecoveredRun(NamedTuple):
    """A run that was cut off: its folder, the files now in place, and those that were taken back."""

    folder: Path
    placed: tuple[str, ...]
    rolled_back: tuple[str, ...]


class UnfinishedRun(NamedTuple):
    """A run as it was intended; `files` are (id, name, sha256)."""

    run: int
    folder: Path
    staging: Path
    host: str
    files: tuple[tuple[int, str, str], ...]


def unfinished(database: Database) -> list[UnfinishedRun]:
    """Every run whose files are not known to be in place."""
    with database.reading() as connection:
        found = []
        for run in connection.execute(select(RUN).where(RUN.c.state == INTENDED).order_by(RUN.c.id)).all():
            files = connection.execute(
                select(FILE.c.id, FILE.c.name, FILE.c.sha256)
                .where(FILE.c.run_id == run.id)
                .order_by(FILE.c.id)
            )
            folder = Path(run.folder)
            found.append(
                UnfinishedRun(
                    run.id, folder, folder / run.staging, run.host, tuple((*file,) for file in files)
                )
            )
        return found


def on_another_machine(run: UnfinishedRun, database: Database, host: str) -> bool:
    """Whether a run's folder is one that this machine cannot see: on a server's ledger several machines write."""
    return database.is_server and run.host != host and not run.staging.is_dir()


def recover(database: Database, host: str, patience: float) -> list[RecoveredRun]:
    """Finish or take back what was cut off on this machine. A run still under way is waited for: it is about to be
    done. Raises LedgerError when that takes longer than `patience` seconds, or a folder cannot be written."""
    recovered = []
    for run in unfinished(database):
        if on_another_machine(run, database, host):
            continue
        with _alone(database, run, patience) as alone:
            if alone:
                recovered.append(recover_run(database, run))
    return recovered


def recover_run(database: Database, run: UnfinishedRun) -> RecoveredRun:
    """Finish or take back one run that nobody works on. Raises LedgerError when its folder cannot be written."""
    where = {file: _whereabouts(run, name, digest) for file, name, digest in run.files}
    if "placed" not in where.values():
        _record(database, run, lost=list(where))
        placed: tuple[str, ...] = ()
    else:
        try:
            _move(run)
        except OSError as error:
            raise LedgerError(
                f"{run.folder} holds a part of what an interrupted run has written, and the rest cannot be put "
                f"there: {error.strerror or error}. Make the folder writable, and run again."
            ) from error
        _record(database, run, lost=[file for file, at in where.items() if at == "lost"])
        placed = tuple(name for file, name, _ in run.files if where[file] != "lost")
    remove_staging(run.staging)
    return RecoveredRun(run.folder, placed, tuple(name for _, name, _ in run.files if name not in placed))


def roll_back_run(database: Database, run: UnfinishedRun) -> None:
    """Take back a run without looking at its folder, which is on a machine that is gone."""
    _record(database, run, lost=[file for file, _, _ in run.files])


def _whereabouts(run: UnfinishedRun, name: str, digest: str) -> FileState:
    if (run.staging / name).exists():
        return "staged" if _digest(run.staging / name) == digest else "lost"
    if _digest(run.folder / name) == digest:
        return "placed"
    # It was staged before it was intended. Gone from a staging folder that is whole, it was moved into place,
    # and somebody has taken it from there: it may have been sent.
    return "placed" if run.staging.is_dir() else "lost"


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _move(run: UnfinishedRun) -> None:
    """Everything that is still staged into place: claims, then what describes the run."""
    digests = {name: digest for _, name, digest in run.files}
    if not run.staging.is_dir():
        return
    with folder_lock(run.folder):
        for path in sorted(run.staging.iterdir(), key=lambda path: path.name not in digests):
            if path.name not in digests or _digest(path) == digests[path.name]:
                path.replace(run.folder / path.name)
        sync_folder(run.folder)


def _record(database: Database, run: UnfinishedRun, lost: list[int]) -> None:
    with database.writing() as connection:
        state = connection.execute(select(RUN.c.state).where(RUN.c.id == run.run)).scalar()
        if state != INTENDED:
            return  # another process has recovered it
        if lost:
            roll_back(connection, lost)
        if len(lost) == len(run.files):
            connection.execute(RUN.delete().where(RUN.c.id == run.run))
        else:
            record_written(connection, run.run)


@contextmanager
def _alone(database: Database, run: UnfinishedRun, patience: float) -> Iterator[bool]:
    """True once nobody works on the run any more and it is still unfinished; nobody else will while we are here."""
    end = time.monotonic() + patience
    while run.staging.is_dir():
        try:
            lock = try_lock(run.staging)
        except OSError:
            continue  # it went away between the two looks
        if lock is not None:
            try:
                yield _still(database, run)
            finally:
                os.close(lock)
            return
        if not _still(database, run):
            yield False
            return
        if time.monotonic() > end:
            raise LedgerError(
                f"Another edi has been writing to {run.folder} for more than {patience:g} seconds. Run again when it is done."
            )
        time.sleep(_LOOK_EVERY)
    yield _still(database, run)


def _still(database: Database, run: UnfinishedRun) -> bool:
    with database.reading() as connection:
        return connection.execute(select(RUN.c.state).where(RUN.c.id == run.run)).scalar() == INTENDED
