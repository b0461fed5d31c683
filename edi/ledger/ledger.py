"""The ledger, as the rest of the program opens, reads and fills it."""

from __future__ import annotations

import socket
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Final

from edi.errors import SettingsError
from edi.ledger.address import address_of
from edi.ledger.counters import CLAIM_IDS, last_taken, take
from edi.ledger.database import PATIENCE, Database, Purpose
from edi.ledger.entry import Event, PriorRecords
from edi.ledger.events import record, record_file
from edi.ledger.keys import key_fingerprint, owner_of
from edi.ledger.opening import (
    bring_up_to_date,
    has_key,
    key_of,
    other_version,
    refuse_key_without_ledger,
    revision_of,
)
from edi.ledger.pending import Pending
from edi.ledger.prior import PriorQueries
from edi.ledger.queries import ClaimRow, find
from edi.ledger.recover import RecoveredRun, recover, recover_run, unfinished
from edi.ledger.runs import Target, record_created, record_written
from edi.ledger.tables import REVISION
from edi.settings import Settings
from edi.x12.output import fcntl

HOST: Final = socket.gethostname()


class Ledger:
    """An open ledger; `kept` is the folder of what is kept of its claims. Its methods raise LedgerError when it cannot be reached, is busy too long, or is broken."""

    def __init__(self, database: Database, key: bytes, kept: Path) -> None:
        self.database = database
        self.key = key
        self.kept = kept
        self._prior = PriorQueries(database.engine.dialect.name)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def take(self, name: str, scope: str, count: int) -> int:
        """The first of `count` control numbers of a kind that were never taken."""
        with self.database.writing() as connection:
            return take(connection, name, scope, count)

    def last_claim_id(self) -> int:
        """The id of the last claim recorded: what `recall` and `record_created` count from."""
        with self.database.reading() as connection:
            return last_taken(connection, *CLAIM_IDS)

    def recover(self) -> list[RecoveredRun]:
        """Finish or roll back runs that were cut off; see `edi.ledger.recover`."""
        return recover(self.database, HOST, PATIENCE)

    def recall(self, last_claim: int, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        """What the claims up to `last_claim` say of visits and patients, each as `edi.visit.identity` names it."""
        with self.database.reading() as connection:
            return self._prior(connection, self.key, last_claim, visits, patients)

    def record_created(self, pending: Pending, folder: str, staging: str, last_claim: int) -> int | None:
        """Record claims and files that lie staged and safe on disk; the run's id. None when others have recorded
        claims of the same visits or patients after `last_claim`: judge again."""
        kept = pending.kept
        kept.finish()
        with self.database.writing() as connection:
            target = Target(folder, staging, HOST, kept.name)
            run = record_created(connection, pending, target, last_claim)
            if run is not None:
                kept.place()  # before the commit: no claim is in the ledger without what is kept of it
            return run

    def record_written(self, run: int) -> None:
        """Record that all files of a run are in place."""
        with self.database.writing() as connection:
            record_written(connection, run)

    @property
    def owner(self) -> str:
        """Part of the names of this ledger's staging folders: another in each ledger."""
        return owner_of(key_fingerprint(self.key))

    def needs_staging(self, staging: str) -> bool:
        """Whether an unfinished run, on any machine, needs the staging folder of this name."""
        return any(run.staging.name == staging for run in unfinished(self.database))

    def abort(self, run: int, moved: Collection[str]) -> RecoveredRun | None:
        """Finish or roll back a run of this process that failed after it had `moved` these files; None when another process has
        done so."""
        for each in unfinished(self.database):
            if each.run == run:
                return recover_run(self.database, each, moved)
        return None

    def find(self, number: str) -> list[ClaimRow]:
        """The claims that a number may mean: a visitId, a patient control number (CLM01), a payer's claim number or an
        attachment control number. The latest first."""
        with self.database.reading() as connection:
            return find(connection, number)

    def record(self, claim: int, event: Event, *, payer_number: str | None = None) -> bool:
        """Add an event to a claim, and the payer's number for it when it brings one. False, and nothing is changed,
        when the same event came from the same source before. Raises KeyError when there is no such claim."""
        with self.database.writing() as connection:
            return record(connection, claim, event, payer_number)

    def record_file(self, receiver: str, kind: str, number: str, event: Event) -> bool:
        """Add an event to all claims of the last file of a kind with this control number. False when it came before.
        Raises KeyError when there is no such file."""
        with self.database.writing() as connection:
            return record_file(connection, receiver, kind, number, event)


def open_ledger(settings: Settings) -> Ledger:
    """The ledger that the settings name; it is made when it is not there. Raises SettingsError or LedgerError."""
    place = address_of(settings)
    if fcntl is None:
        raise SettingsError("A ledger needs file locks, which this system does not have (POSIX flock).")
    database = Database(place)
    try:
        if database.is_new:
            refuse_key_without_ledger(place)  # before a file is made
        bring_up_to_date(database, place)
        return Ledger(database, key_of(database, place), place.kept)
    except BaseException:
        database.close()
        raise


def open_to_look(settings: Settings) -> Ledger | None:
    """The ledger as it is, to read only; None when nothing was written to it yet. Nothing is made or changed."""
    return _open_as_it_is(settings, "look")


def open_to_repair(settings: Settings) -> Ledger | None:
    """The ledger as it is, to be checked; None when nothing was written to it yet."""
    return _open_as_it_is(settings, "repair")


def _open_as_it_is(settings: Settings, purpose: Purpose) -> Ledger | None:
    place = address_of(settings)
    database = Database(place, purpose=purpose)
    try:
        revision = None
        if not database.is_new:
            with database.reading() as connection:
                revision = revision_of(connection, place.setting)
        if revision is None:
            refuse_key_without_ledger(place)
        elif revision != REVISION:
            raise other_version(place.name)
        elif has_key(database):
            return Ledger(database, key_of(database, place), place.kept)
        database.close()
        return None
    except BaseException:
        database.close()
        raise
