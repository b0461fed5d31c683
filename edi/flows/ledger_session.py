"""Between runs: what a run asks the ledger and tells it, and a stand-in for where there is none.

Without a ledger numbers start at 1 in every run, and nothing is known and nothing kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from edi.flows.conversion.record_store import StoredRecord
from edi.flows.prior_claims import ChunkHistory, PriorRecords, patient_key_of
from edi.ledger.entry import FileEntry
from edi.ledger.keys import patient_hash, practice_hash
from edi.ledger.numbers import SET, Numbering, Take, VisitNumbers
from edi.ledger.pending import Pending
from edi.settings import Settings
from edi.visit.identity import SEPARATOR
from edi.x12.output import Staging, sweep_owned

if TYPE_CHECKING:
    from edi.ledger.ledger import Ledger
    from edi.ledger.recover import RecoveredRun


class Session(Protocol):
    """What a run needs of it, in the order in which it is called. A pass judges and writes all records; `intend` may
    ask for another one."""

    @property
    def numbering(self) -> Numbering:
        """Control numbers of interchanges."""

    @property
    def recovered(self) -> Sequence[RecoveredRun]:
        """Runs that were cut off before, and were finished or taken back by this one."""

    def begin(self) -> None:
        """A pass begins."""

    def of(self, records: Sequence[StoredRecord]) -> ChunkHistory | None:
        """What is known of the records of a chunk."""

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        """What is known of visits and patients, each as `edi.visit.identity` names it."""

    def add(self, entry: bytes) -> None:
        """A claim was written into the file that `close_file` will name."""

    def close_file(self, file: FileEntry) -> None:
        """A file is complete, with all claims added since the last one."""

    def intend(self, staging: Staging) -> bool:
        """All files lie staged and safe on disk. False when others were quicker: begin another pass."""

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        """While the files are moved into place: at its end they are recorded as written."""


class NoLedger:
    """No ledger."""

    recovered: Sequence[RecoveredRun] = ()

    def __init__(self) -> None:
        self.numbering = Numbering(_from_one())

    def begin(self) -> None:
        self.numbering.begin()

    def of(self, records: Sequence[StoredRecord]) -> ChunkHistory | None:
        return None

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        return PriorRecords({}, {})

    def add(self, entry: bytes) -> None:
        pass

    def close_file(self, file: FileEntry) -> None:
        pass

    def intend(self, staging: Staging) -> bool:
        return True

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        return nullcontext()


class ReadOnlyLedger(NoLedger):
    """A ledger that is asked and not told: what convert would say, without changing anything."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger
        self._visits = VisitNumbers(_from_one())
        self._last_claim = 0

    def begin(self) -> None:
        super().begin()
        self._last_claim = self._ledger.last_claim_id()

    def of(self, records: Sequence[StoredRecord]) -> ChunkHistory | None:
        known = self.recall(
            [kept.identity for kept in records], {patient_key_of(kept.key) for kept in records}
        )
        return ChunkHistory(
            self._ledger.key,
            {kept.number: sent for kept in records if (sent := known.sent.get(kept.identity))},
            {kept.number: self._visits.next() for kept in records},
            known.past,
        )

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        key = self._ledger.key
        identities = {
            visit: (practice_hash(key, practice), visit_id)
            for visit in visits
            for practice, _, visit_id in [visit.partition(SEPARATOR)]
        }
        marks = {who: patient_hash(key, who) for who in patients}
        recalled = self._ledger.recall(self._last_claim, list(identities.values()), list(marks.values()))
        return PriorRecords(
            {visit: sent for visit, identity in identities.items() if (sent := recalled.sent.get(identity))},
            {who: past for who, mark in marks.items() if (past := recalled.past.get(mark))},
        )


class LedgerSession(ReadOnlyLedger):
    """A ledger."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.numbering = Numbering(ledger.take)
        self._visits = VisitNumbers(ledger.take)
        self._pending = Pending()
        self._run: int | None = None

    def begin(self) -> None:
        # First the last claim, then what was cut off: whoever records claims after it is noticed by `record_created`.
        super().begin()
        self.recovered = [*self.recovered, *self._ledger.recover()]
        self._pending.clear()

    def add(self, entry: bytes) -> None:
        self._pending.add(entry)

    def close_file(self, file: FileEntry) -> None:
        self._pending.close_file(file)

    def intend(self, staging: Staging) -> bool:
        sweep_owned(staging.target, self._ledger.owner, self._ledger.wants)
        if not self._pending.files:
            return True
        # It is what tells how far a run came: the next convert into the folder, of whoever, must not sweep it away.
        staging.own(self._ledger.owner)
        staging.secure()
        folder = str(staging.target.resolve())  # a link may point on_another_machine tomorrow
        self._run = self._ledger.record_created(self._pending, folder, staging.name, self._last_claim)
        return self._run is not None

    @contextmanager
    def publishing(self, staging: Staging) -> Iterator[None]:
        if self._run is None:
            yield
            return
        # Until the ledger knows how it ended, the staging folder is the only one who does.
        staging.keep = True
        try:
            yield
        except BaseException:
            self._ledger.abort(self._run)
            raise
        self._ledger.record_written(self._run)
        staging.keep = False

    def close(self) -> None:
        self._pending.close()


@contextmanager
def open_session(settings: Settings) -> Iterator[Session]:
    """The session of a convert."""
    if settings.ledger is None:
        yield NoLedger()
        return
    from edi.ledger.ledger import open_ledger

    with open_ledger(settings) as ledger, closing(LedgerSession(ledger)) as session:
        yield session


@contextmanager
def open_read_only(settings: Settings) -> Iterator[Session]:
    """The session of a check."""
    if settings.ledger is None:
        yield NoLedger()
        return
    from edi.ledger.ledger import open_to_look

    ledger = open_to_look(settings)
    if ledger is None:
        yield NoLedger()
        return
    with ledger:
        yield ReadOnlyLedger(ledger)


def _from_one() -> Take:
    """Numbers from 1 in every run; transaction sets count within each interchange."""
    last: dict[tuple[str, str], int] = {}

    def take(name: str, scope: str, count: int) -> int:
        if name == SET:
            return 1
        first = last.get((name, scope), 0) + 1
        last[name, scope] = first + count - 1
        return first

    return take
