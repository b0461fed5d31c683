"""Recovery of runs that were cut off while their files were moved into place: they are finished, or rolled back.

What lies on the disk decides, file by file; `docs/ledger.md` says why that is enough.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, select

from edi.errors import LedgerError
from edi.ledger.database import Database
from edi.ledger.entry import UNFINISHED
from edi.ledger.keys import owner_of
from edi.ledger.opening import stored_fingerprint
from edi.ledger.run_files import REPLACED, is_run_file
from edi.ledger.runs import record_written, roll_back
from edi.ledger.sound import changed, fault_of
from edi.ledger.tables import FILE, RUN
from edi.x12.output import digest_of, folder_lock, remove_owned_staging, sync_folder, try_lock

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

    @property
    def has_staging(self) -> bool:
        """Whether the staging folder is there. A link of its name is none of ours."""
        try:
            return stat.S_ISDIR(self.staging.lstat().st_mode)
        except OSError:
            return False


def unfinished(database: Database) -> list[UnfinishedRun]:
    """Every run whose files are not recorded as written. Raises LedgerError when one is not what a convert records: files are
    moved and deleted by what it says."""
    with database.reading() as connection:
        owner = owner_of(stored_fingerprint(connection) or "")
        runs = connection.execute(select(RUN).where(RUN.c.state == UNFINISHED).order_by(RUN.c.id))
        return [_unfinished_run(connection, run, owner) for run in runs.mappings().all()]


def _unfinished_run(connection: Connection, run: RowMapping, owner: str) -> UnfinishedRun:
    files = connection.execute(select(FILE).where(FILE.c.run_id == run["id"]).order_by(FILE.c.id)).mappings()
    recorded = files.all()
    for table, row in ((RUN, run), *((FILE, file) for file in recorded)):
        if column := fault_of(table, row, owner):
            raise changed(
                f"its unfinished run {run['id']} names what no convert writes ({table.name}.{column})"
            )
    folder = Path(run["folder"])
    named = tuple((file["id"], file["name"], file["sha256"]) for file in recorded)
    return UnfinishedRun(run["id"], folder, folder / run["staging"], run["host"], named)


def on_another_machine(run: UnfinishedRun, database: Database, host: str) -> bool:
    """Whether only another machine sees the run's folder: several machines write to a ledger on a server."""
    return database.is_server and run.host != host and not run.has_staging


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


def recover_run(database: Database, run: UnfinishedRun, moved: Collection[str] | None = None) -> RecoveredRun:
    """Finish or roll back one run that no process works on, or that failed in this process, which has `moved` these files.
    Raises LedgerError when its folder cannot be written."""
    states = {file: _state_of(run, name, digest, moved) for file, name, digest in run.files}
    if "placed" not in states.values():
        _finish(database, run, lost=list(states))
        placed: tuple[str, ...] = ()
    else:
        try:
            gone = _move(run)
        except OSError as error:
            raise LedgerError(
                f"{run.folder} holds a part of what an interrupted run has written, and the rest cannot be put "
                f"there: {error.strerror or error}. Make the folder writable, and run again."
            ) from error
        lost = [file for file, name, _ in run.files if states[file] == "lost" or name in gone]
        _finish(database, run, lost)
        placed = tuple(name for file, name, _ in run.files if file not in lost)
    if run.has_staging:
        remove_owned_staging(run.staging, is_run_file)
    return RecoveredRun(run.folder, placed, tuple(name for _, name, _ in run.files if name not in placed))


def roll_back_run(database: Database, run: UnfinishedRun) -> None:
    """Roll back a run without looking at its folder, which is on a machine that is gone."""
    _finish(database, run, lost=[file for file, _, _ in run.files])


def _state_of(run: UnfinishedRun, name: str, digest: str, moved: Collection[str] | None) -> FileState:
    """`moved` are the files that the run's own process has moved; None where that process is gone."""
    if run.has_staging and os.path.lexists(run.staging / name):
        return "staged" if digest_of(run.staging / name) == digest else "lost"
    if digest_of(run.folder / name) == digest:
        return "placed"
    if moved is not None:
        return "placed" if name in moved else "lost"
    # It was staged before it was recorded. Gone from a staging folder that is whole, it was moved into place,
    # and somebody has taken it from there: it may have been sent.
    return "placed" if run.has_staging else "lost"


def _move(run: UnfinishedRun) -> frozenset[str]:
    """Move what is still staged into place: claims first, then what describes the run. The claim files that are gone: they were
    staged a moment ago, and were not moved. Nothing but the run's own files is moved, and no claim file is overwritten."""
    digests = {name: digest for _, name, digest in run.files}
    if not run.has_staging:
        return frozenset()
    gone = []
    with folder_lock(run.folder):
        for name in (*digests, *sorted(REPLACED)):
            found = digest_of(run.staging / name)
            if found is None or found != digests.get(name, found):
                continue
            present = run.folder / name
            if name in digests and os.path.lexists(present) and digest_of(present) != found:
                raise FileExistsError(errno.EEXIST, f"{name} is there with other content; move it away")
            try:
                (run.staging / name).replace(present)
            except FileNotFoundError:
                gone.append(name)
        sync_folder(run.folder)
    return frozenset(gone)


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
    while run.has_staging:
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
