"""What passes by while a file is validated, for those who must know more than the findings."""

from __future__ import annotations

from edi.guide.shape import Guide


class Listener:
    """Hears of interchanges, groups and transaction sets as they begin and end, and does nothing: override what is wanted.
    `isa`, `gs`, `st` and `ge` are a segment's elements, its id at 0; empty where the segment is lost. The findings on
    something have been handed on before its end is heard of."""

    def begin_interchange(self, isa: list[str]) -> None:
        """An ISA has come."""

    def begin_group(self, gs: list[str]) -> None:
        """A GS has come, or a transaction set without one."""

    def begin_set(self, st: list[str], guide: Guide | None) -> None:
        """An ST has come, or what follows it; `guide` judges the set, None: it is counted and not read."""

    def end_set(self) -> None:
        """The set is over, with its SE or without."""

    def end_group(self, ge: list[str]) -> None:
        """The group is over."""

    def end_interchange(self, *, whole: bool) -> None:
        """The interchange is over; not `whole` where it has lost its IEA."""
