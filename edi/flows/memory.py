"""Between runs: what a run asks the ledger and tells it, and a stand-in for where there is none.

Without a ledger numbers start at 1 in every run, and nothing is known and nothing kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from edi.flows.recalled import ChunkMemory, Known, who_of
from edi.flows.spool import Kept
from edi.ledger.entry import FileEntry
from edi.ledger.keys import patient_mark, practice_mark
from edi.ledger.numbers import SET, Numbering, Take, VisitNumbers
from edi.ledger.pending import Pending
from edi.settings import Settings
from edi.visit.identity import SEPARATOR
from edi.x12.output import Staging, sweep_owned

if TYPE_CHECKING:
    from edi.ledger.book import Ledger
    from edi.ledger.recover import Settled


class Memory(Protocol):
    """What a run needs of it, in the order in which it is called. A pass judges and writes all records; `intend` may
    ask for another one."""

    @property
    def numbering(self) -> Numbering:
        """Control numbers of interchanges."""

    @property
    def settled(self) -> Sequence[Settled]:
        """Runs that were cut off before, and were finished or taken back by this one."""

    def begin(self) -> None:
        """A pass begins."""

    def of(self, records: Sequence[Kept]) -> ChunkMemory | None:
        """What is known of the records of a chunk."""

    def recall(self, visits: Collection[str], patients: Collection[str]) -> Known:
        """What is known of visits and patients, each as `edi.visit.identity` names it."""

    def add(self, entry: bytes) -> None:
        """A claim was written into the file that `close_file` will name."""

    def close_file(self, file: FileEntry) -> None:
        """A file is complete, with all claims added since the last one."""

    def intend(self, staging: Staging) -> bool:
        """All files lie staged and safe on disk. False when others were quicker: begin another pass."""

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        """While the files are moved into place: at its end they are recorded as written."""


class Forgetful:
    """No ledger."""

    settled: Sequence[Settled] = ()

    def __init__(self) -> None:
        self.numbering = Numbering(_from_one())

    def begin(self) -> None:
        self.numbering.begin()

    def of(self, records: Sequence[Kept]) -> ChunkMemory | None:
        return None

    def recall(self, visits: Collection[str], patients: Collection[str]) -> Known:
        return Known({}, {})

    def add(self, entry: bytes) -> None:
        pass

    def close_file(self, file: FileEntry) -> None:
        pass

    def intend(self, staging: Staging) -> bool:
        return True

    def publishing(self, staging: Staging) -> AbstractContextManager[None]:
        return nullcontext()


class Looking(Forgetful):
    """A ledger that is asked and not told: what convert would say, without changing anything."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger
        self._visits = VisitNumbers(_from_one())
        self._mark = 0

    def begin(self) -> None:
        super().begin()
        self._mark = self._ledger.mark()

    def of(self, records: Sequence[Kept]) -> ChunkMemory | None:
        known = self.recall([kept.identity for kept in records], {who_of(kept.key) for kept in records})
        return ChunkMemory(
            self._ledger.key,
            {kept.number: sent for kept in records if (sent := known.sent.get(kept.identity))},
            {kept.number: self._visits.next() for kept in records},
            known.past,
        )

    def recall(self, visits: Collection[str], patients: Collection[str]) -> Known:
        key = self._ledger.key
        identities = {
            visit: (practice_mark(key, practice), visit_id)
            for visit in visits
            for practice, _, visit_id in [visit.partition(SEPARATOR)]
        }
        marks = {who: patient_mark(key, who) for who in patients}
        recalled = self._ledger.recall(self._mark, list(identities.values()), list(marks.values()))
        return Known(
            {visit: sent for visit, identity in identities.items() if (sent := recalled.sent.get(identity))},
            {who: past for who, mark in marks.items() if (past := recalled.past.get(mark))},
        )


class Remembering(Looking):
    """A ledger."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.numbering = Numbering(ledger.take)
        self._visits = VisitNumbers(ledger.take)
        self._pending = Pending()
        self._run: int | None = None

    def begin(self) -> None:
        # First the mark, then what was cut off: whoever begins to record claims after the mark is noticed by `intend`.
        super().begin()
        self.settled = [*self.settled, *self._ledger.settle()]
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
        folder = str(staging.target.resolve())  # a link may point elsewhere tomorrow
        self._run = self._ledger.intend(self._pending, folder, staging.name, self._mark)
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
            self._ledger.give_up(self._run)
            raise
        self._ledger.written(self._run)
        staging.keep = False

    def close(self) -> None:
        self._pending.close()


@contextmanager
def remembering(settings: Settings) -> Iterator[Memory]:
    """The memory of a convert."""
    if settings.ledger is None:
        yield Forgetful()
        return
    from edi.ledger.book import open_ledger

    with open_ledger(settings) as ledger, closing(Remembering(ledger)) as memory:
        yield memory


@contextmanager
def looking(settings: Settings) -> Iterator[Memory]:
    """The memory of a check."""
    if settings.ledger is None:
        yield Forgetful()
        return
    from edi.ledger.book import open_to_look

    ledger = open_to_look(settings)
    if ledger is None:
        yield Forgetful()
        return
    with ledger:
        yield Looking(ledger)


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
