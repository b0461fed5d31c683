"""Control numbers. Counters only count up, so that no number is given twice; a number that is not used is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final, NamedTuple

from edi.settings import Receiver

Take = Callable[[str, str, int], int]
"""Kind, whose, how many -> the first of so many numbers that were never taken."""

INTERCHANGE: Final = "interchange"
SET: Final = "transaction set"
VISIT: Final = "visit"
_SETS: Final = 2  # an interchange has one transaction set of claims, and one of encounters
_BLOCK: Final = 1_000
_NINE_DIGITS: Final = 999_999_999


def rolled(serial: int) -> int:
    """The control number of nine digits that a serial number is written as: after 999999999 comes 1."""
    return (serial - 1) % _NINE_DIGITS + 1


class Numbers(NamedTuple):
    """The numbers of an interchange: `serial` never rolls over, `interchange` is ISA13 and GS06, `first_set` the first ST02."""

    serial: int
    interchange: int
    first_set: int


def scope_of(receiver: Receiver) -> str:
    """Whose control numbers: the receiver as interchanges address it, whatever edi.toml calls it."""
    return f"{receiver.qualifier}:{receiver.envelope.receiver or receiver.id}"


class Numbering:
    """The interchange numbers of one run. A new pass gives the same ones again: nothing was sent under them."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._taken: defaultdict[str, list[Numbers]] = defaultdict(list)
        self._used: defaultdict[str, int] = defaultdict(int)

    def begin(self) -> None:
        """Begin a pass."""
        self._used.clear()

    def next(self, receiver: Receiver) -> Numbers:
        """The numbers of the next interchange to a receiver."""
        scope = scope_of(receiver)
        taken = self._taken[scope]
        if self._used[scope] == len(taken):
            serial = self._take(INTERCHANGE, scope, 1)
            taken.append(Numbers(serial, rolled(serial), rolled(self._take(SET, scope, _SETS))))
        self._used[scope] += 1
        return taken[self._used[scope] - 1]


class VisitNumbers:
    """A number for each visit that becomes a claim, taken in blocks; short control numbers are made of it."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._next = self._end = 0

    def next(self) -> int:
        if self._next == self._end:
            self._next = self._take(VISIT, "", _BLOCK)
            self._end = self._next + _BLOCK
        self._next += 1
        return self._next - 1
