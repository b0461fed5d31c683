"""The ledger as one run uses it, and a stand-in for a run without a ledger.

Without a ledger control numbers start at 1 in every run, nothing is known from earlier runs, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from edi.ledger.entry import Event, FileEntry, PriorRecords
from edi.ledger.kept import KeptWriter
from edi.ledger.numbers import SET, Numbering, Take, VisitNumbers
from edi.ledger.pending import Pending
from edi.ledger.run_files import is_run_file
from edi.settings import Settings
from edi.x12.output import Staging, sweep_owned

if TYPE_CHECKING:
    from edi.ledger.ledger import Ledger
    from edi.ledger.recover import RecoveredRun


class Session(Protocol):
    """The calls of a run, in their order. A pass judges and writes all records; `record_files` may ask for another pass."""

    @property
    def key(self) -> bytes | None:
        """The ledger's key; None without a ledger."""

    @property
    def numbering(self) -> Numbering:
        """Control numbers of interchanges."""

    @property
    def recovered(self) -> Sequence[RecoveredRun]:
        """Earlier runs that were cut off, and were finished or rolled back by this session."""

    def begin(self) -> None:
        """Begin a pass."""

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        """What the ledger knows of visits and patients, each as `edi.visit.identity` names it."""

    def next_visit_number(self) -> int:
        """A number that no other visit has."""

    def add_claim(self, entry: bytes, kept: bytes) -> None:
        """A claim was written into the file that `close_file` will name; `entry` is what `ClaimEntry.dump` gave, `kept` what
        `edi.flows.kept_line` made of it."""

    def close_file(self, file: FileEntry) -> None:
        """A file is complete, with all claims added since the last one."""

    def record_files(self, staging: Staging) -> bool:
        """Record all files, which lie in the staging folder, before they are moved. False when another run has recorded claims
        of the same visits or patients since `begin`: begin another pass."""

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        """While the files are moved into place; at its end they are recorded as written."""


class NoLedger:
    """No ledger."""

    key: bytes | None = None
    recovered: Sequence[RecoveredRun] = ()

    def __init__(self) -> None:
        self.numbering = Numbering(_from_one())
        self._visits = VisitNumbers(_from_one())

    def begin(self) -> None:
        self.numbering.begin()

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        return PriorRecords({}, {})

    def next_visit_number(self) -> int:
        return self._visits.next()

    def add_claim(self, entry: bytes, kept: bytes) -> None:
        pass

    def close_file(self, file: FileEntry) -> None:
        pass

    def record_files(self, staging: Staging) -> bool:
        return True

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        return nullcontext()


class ReadOnlyLedger(NoLedger):
    """A ledger that is read and not changed: a check says what a convert would say."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.key = ledger.key
        self._ledger = ledger
        self._last_claim = 0

    def begin(self) -> None:
        super().begin()
        self._last_claim = self._ledger.last_claim_id()

    def recall(self, visits: Collection[str], patients: Collection[str]) -> PriorRecords:
        return self._ledger.recall(self._last_claim, visits, patients)


class LedgerSession(ReadOnlyLedger):
    """A ledger that a convert reads and adds to."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.numbering = Numbering(ledger.take)
        self._visits = VisitNumbers(ledger.take)
        self._pending = Pending(KeptWriter(ledger.kept))
        self._run: int | None = None

    def begin(self) -> None:
        # The last claim's id first, then recovery: `record_created` notices claims that are recorded after that id.
        super().begin()
        self.recovered = [*self.recovered, *self._ledger.recover()]
        self._pending.clear()

    def add_claim(self, entry: bytes, kept: bytes) -> None:
        self._pending.add(entry, kept)

    def close_file(self, file: FileEntry) -> None:
        self._pending.close_file(file)

    def add_event(self, claim: int, event: Event) -> None:
        """The last file brings this to a claim of the ledger, by its id; it is recorded and rolled back with the file."""
        self._pending.add_event(claim, event)

    def record_files(self, staging: Staging) -> bool:
        sweep_owned(staging.target, self._ledger.owner, self._ledger.needs_staging, is_run_file)
        if not self._pending.files:
            return True
        # The staging folder shows how far a run came. With an owner, no other run into the output folder sweeps it.
        staging.own(self._ledger.owner)
        staging.secure()
        folder = str(staging.target.resolve())  # a link may point elsewhere tomorrow
        self._run = self._ledger.record_created(self._pending, folder, staging.name, self._last_claim)
        return self._run is not None

    @contextmanager
    def publishing(self, staging: Staging) -> Iterator[None]:
        if self._run is None:
            yield
            return
        # Until the ledger knows how the run ended, only the staging folder shows it.
        staging.keep = True
        try:
            yield
        except BaseException:
            self._ledger.abort(self._run, staging.moved)
            raise
        self._ledger.record_written(self._run)
        staging.keep = False

    def close(self) -> None:
        self._pending.close()


@contextmanager
def open_session(settings: Settings) -> Iterator[Session]:
    """The session of a convert. Makes the ledger that the settings name where there is none yet."""
    if settings.ledger is None:
        yield NoLedger()
        return
    from edi.ledger.ledger import open_ledger

    with open_ledger(settings) as ledger, closing(LedgerSession(ledger)) as session:
        yield session


@contextmanager
def open_read_only(settings: Settings) -> Iterator[Session]:
    """The session of a check, and of all that only look."""
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
