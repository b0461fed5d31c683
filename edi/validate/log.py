"""Where findings gather while a file is validated: in order of position, counted, and never without limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from edi.finding import Category, Finding, Severity
from edi.validate.fault import FAULTS

Sink = Callable[[Finding], None]
_HELD_AT_MOST = 5_000


@dataclass(slots=True)
class Where:
    """The envelope around the segment at hand, as its control numbers."""

    interchange: str | None = None
    transaction: str | None = None


class Log:
    """Takes findings as the walk meets them and hands them on sorted by position, a transaction set at a time."""

    def __init__(self, sink: Sink) -> None:
        self.where = Where()
        self.errors = 0
        self._sink = sink
        self._held: list[Finding] = []

    def add(
        self,
        rule: str,
        message: str,
        *,
        position: int,
        segment: str,
        loop: str | None = None,
        element: str | None = None,
        fix: str | None = None,
        snip: int | None = None,
        category: Category | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Note a fault of `FAULTS`, or of a situation, which then brings its own snip, fix and severity."""
        fault = FAULTS.get(rule)
        self.take(
            Finding(
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
            )
        )

    def take(self, finding: Finding) -> None:
        """Note a finding, stamped with the envelope it lies in."""
        if finding.severity == "error":
            self.errors += 1
        self._held.append(
            replace(finding, interchange=self.where.interchange, transaction=self.where.transaction)
        )
        if len(self._held) >= _HELD_AT_MOST:
            self.release()

    def release(self) -> None:
        """Hand on what is held, in order of position."""
        for finding in sorted(self._held, key=lambda each: (each.position or 0, each.element or "")):
            self._sink(finding)
        self._held.clear()
