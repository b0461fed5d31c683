"""Recovery of runs that were cut off while their files were moved into place: they are finished, or rolled back.

What lies on the disk decides, file by file; `docs/ledger.md` says why that is enough.
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
from edi.ledger.runs import UNFINISHED, record_written, roll_back
from edi.ledger.tables import FILE, RUN
from edi.x12.output import folder_lock, remove_staging, sync_folder, try_lock

_LOOK_EVERY = 0.05  # seconds
FileState = Literal["staged", "placed", "lost"]


class RecoveredRun(NamedTuple):
    """A run that was cut off: its folder, the files now in place, and those that were rolled back."""

    folder: Path
    placed: tuple[str, ...]
    rolled_back: tuple[str, ...]


class UnfinishedRun(NamedTuple):
    """A run as it was recorded before its files were moved; `files` are (id, name, sha256)."""

    run: int
    folder: Path
    staging: Path
    host: str
    files: tuple[tuple[int, str, str], ...]


def unfinished(database: Database) -> list[UnfinishedRun]:
    """Every run whose files are not recorded as written."""
    with database.reading() as connection:
        found = []
        for run in connection.execute(select(RUN).where(RUN.c.state == UNFINISHED).order_by(RUN.c.id)).all():
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
    """Whether only another machine sees the run's folder: several machines write to a ledger on a server."""
    return database.is_server and run.host != host and not run.staging.is_dir()


def recover(database: Database, host: str, patience: float) -> list[RecoveredRun]:
    """Finish or roll back the runs that were cut off on this machine. A run that is still under way is waited for. Raises
    LedgerError when that takes longer than `patience` seconds, or a folder cannot be written."""
    recovered = []
    for run in unfinished(database):
        if on_another_machine(run, database, host):
            continue
        with _undisturbed(database, run, patience) as undisturbed:
            if undisturbed:
                recovered.append(recover_run(database, run))
    return recovered


def recover_run(database: Database, run: UnfinishedRun) -> RecoveredRun:
    """Finish or roll back one run that no process works on. Raises LedgerError when its folder cannot be written."""
    states = {file: _state_of(run, name, digest) for file, name, digest in run.files}
    if "placed" not in states.values():
        _finish(database, run, lost=list(states))
        placed: tuple[str, ...] = ()
    else:
        try:
            _move(run)
        except OSError as error:
            raise LedgerError(
                f"{run.folder} holds a part of what an interrupted run has written, and the rest cannot be put "
                f"there: {error.strerror or error}. Make the folder writable, and run again."
            ) from error
        _finish(database, run, lost=[file for file, state in states.items() if state == "lost"])
        placed = tuple(name for file, name, _ in run.files if states[file] != "lost")
    remove_staging(run.staging)
    return RecoveredRun(run.folder, placed, tuple(name for _, name, _ in run.files if name not in placed))


def roll_back_run(database: Database, run: UnfinishedRun) -> None:
    """Roll back a run without looking at its folder, which is on a machine that is gone."""
    _finish(database, run, lost=[file for file, _, _ in run.files])


def _state_of(run: UnfinishedRun, name: str, digest: str) -> FileState:
    if (run.staging / name).exists():
        return "staged" if _digest(run.staging / name) == digest else "lost"
    if _digest(run.folder / name) == digest:
        return "placed"
    # It was staged before it was recorded. Gone from a staging folder that is whole, it was moved into place,
    # and somebody has taken it from there: it may have been sent.
    return "placed" if run.staging.is_dir() else "lost"


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _move(run: UnfinishedRun) -> None:
    """Move all that is still staged into place: claims first, then what describes the run."""
    digests = {name: digest for _, name, digest in run.files}
    if not run.staging.is_dir():
        return
    with folder_lock(run.folder):
        for path in sorted(run.staging.iterdir(), key=lambda path: path.name not in digests):
            if path.name not in digests or _digest(path) == digests[path.name]:
                path.replace(run.folder / path.name)
        sync_folder(run.folder)


def _finish(database: Database, run: UnfinishedRun, lost: list[int]) -> None:
    """Record the run as written, but for its `lost` files, which are rolled back."""
    with database.writing() as connection:
        state = connection.execute(select(RUN.c.state).where(RUN.c.id == run.run)).scalar()
        if state != UNFINISHED:
            return  # another process has recovered it
        if lost:
            roll_back(connection, lost)
        if len(lost) == len(run.files):
            connection.execute(RUN.delete().where(RUN.c.id == run.run))
        else:
            record_written(connection, run.run)


@contextmanager
def _undisturbed(database: Database, run: UnfinishedRun, patience: float) -> Iterator[bool]:
    """True once no process works on the run any more and it is still unfinished. Inside, no other process recovers it."""
    end = time.monotonic() + patience
    while run.staging.is_dir():
        try:
            lock = try_lock(run.staging)
        except OSError:
            continue  # it went away between the two looks
        if lock is not None:
            try:
                yield _is_unfinished(database, run)
            finally:
                os.close(lock)
            return
        if not _is_unfinished(database, run):
            yield False
            return
        if time.monotonic() > end:
            raise LedgerError(
                f"Another edi has been writing to {run.folder} for more than {patience:g} seconds. Run again when it is done."
            )
        time.sleep(_LOOK_EVERY)
    yield _is_unfinished(database, run)


def _is_unfinished(database: Database, run: UnfinishedRun) -> bool:
    with database.reading() as connection:
        return connection.execute(select(RUN.c.state).where(RUN.c.id == run.run)).scalar() == UNFINISHED
