"""Where findings gather while a file is validated: in order of position, counted, and never without limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from edi.finding import Category, Finding, Severity
from edi.validate.fault import FAULTS
from edi.validate.repeated_units import UnitsSeen
from edi.x12.binary import without_stand_in
from edi.x12.delimiters import DEFAULT, Delimiters

_HELD_AT_MOST = 50_000


At = tuple[int, int]
"""Which interchange of the file, and which transaction set of the file, both counted from 1; the second is 0 outside sets."""


class Trigger(NamedTuple):
    """Why something was due, or was not: the element (0: the segment) that a situation hangs on."""

    segment: str
    position: int
    loop: str
    element: int
    component: int


class Excerpt(NamedTuple):
    """The segment a finding is about, as it stands in the file ("" where it is missing), where in the file its position is
    counted, and the segment that opened the claim (a unit of the guide) it lies in, "" outside. They are personal data: they
    go to the one who asked to see them, and never into a finding. `trigger` is what a situation hangs on."""

    segment: str
    delimiters: Delimiters
    at: At = (0, 0)
    unit: str = ""
    trigger: Trigger | None = None


LogMark = tuple[int, str, int]
"""How many findings were held, the segment that opened the claim, and how many claims were seen."""

Sink = Callable[[Finding], None]
Show = Callable[[Finding, Excerpt], None]


@dataclass(slots=True)
class Where:
    """What is around the segment at hand: control numbers, delimiters, the segment that opened the claim, and how many
    interchanges and transaction sets have begun, for control numbers need not be unique."""

    interchange: str | None = None
    transaction: str | None = None
    delimiters: Delimiters = DEFAULT
    unit: str = ""
    interchanges: int = 0
    sets: int = 0
    inside: bool = False

    @property
    def at(self) -> At:
        return self.interchanges, self.sets if self.inside else 0


class Log:
    """Takes findings as the walk meets them and hands them on sorted by position, a transaction set at a time."""

    def __init__(self, show: Show) -> None:
        self.where = Where()
        self.errors = 0
        self.units = UnitsSeen()
        self._show = show
        self._held: list[tuple[Finding, Excerpt]] = []
        self._firm: list[tuple[Finding, Excerpt]] = []  # of what is held, what no walk takes back
        self._marked = False

    def add(
        self,
        rule: str,
        message: str,
        *,
        position: int,
        segment: str | None,
        loop: str | None = None,
        element: str | None = None,
        fix: str | None = None,
        snip: int | None = None,
        category: Category | None = None,
        severity: Severity | None = None,
        text: str = "",
        trigger: Trigger | None = None,
        firm: bool = False,
    ) -> None:
        """Note a fault of `FAULTS`, or of a situation, which then brings its own snip, fix and severity. `text` is the segment
        itself. A `firm` finding stays when the walk goes back."""
        fault = FAULTS.get(rule)
        finding = Finding(
            rule=rule,
            category=category or (fault.category if fault else "format"),
            severity=severity or (fault.severity if fault else "error"),
            message=message,
            fix=fix or (fault.fix if fault else ""),
            snip=snip or (fault.snip if fault else None),
            loop=loop,
            segment=segment,
            position=position,
            element=element or None,
            interchange=self.where.interchange,
            transaction=self.where.transaction,
        )
        if finding.severity == "error":
            self.errors += 1
        where = self.where
        text = without_stand_in(text, where.delimiters)
        held = self._firm if firm else self._held
        held.append((finding, Excerpt(text, where.delimiters, where.at, where.unit, trigger)))
        if len(held) >= _HELD_AT_MOST and not self._marked:
            self.release()

    def release(self) -> None:
        """Hand on what is held, in order of position."""
        held = self._firm + self._held
        held.sort(key=lambda each: (each[0].position or 0, _order(each[0].element)))
        for finding, excerpt in held:
            self._show(finding, excerpt)
        self._firm.clear()
        self._held.clear()
        self._marked = False

    def mark(self) -> LogMark:
        """Where to go back to. Until there is another mark, nothing is handed on."""
        if len(self._held) >= _HELD_AT_MOST:
            self.release()
        self._marked = True
        return len(self._held), self.where.unit, self.units.mark()

    def go_back(self, mark: LogMark) -> None:
        """Take back all findings since a mark that are not firm, and forget the claims since."""
        count, self.where.unit, seen = mark
        self.units.go_back(seen)
        self.errors -= sum(finding.severity == "error" for finding, _ in self._held[count:])
        del self._held[count:]


def _order(element: str | None) -> tuple[str, int]:
    """CLM05-2 before CLM05-10, and both before CLM11."""
    whole, _, component = (element or "").partition("-")
    return whole, int(component or 0)
