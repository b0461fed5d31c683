"""Conditions that compare values: sums, counts, pointers, patterns. How they are used: `edi.guide.condition`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from edi.guide.condition import Condition, Writer, place

_DIGITS = 18  # more are no count


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


@dataclass(frozen=True, slots=True)
class SumIs(Condition):
    """The amount in `total` is the sum of the amounts in `parts`, and of those in `matched` that lie in loops whose
    `key` has a value that stands in `equals`. A total that is absent and amounts that are no numbers pass."""

    sentence = "{total} [must equal|equals] the sum of {parts}"
    decisive = ("total",)
    places = ("total", "parts", "matched", "key", "equals")
    total: str
    parts: tuple[str, ...]
    matched: tuple[str, ...] = ()
    key: str = ""
    equals: str = ""

    def arguments(self, writer: Writer) -> list[str]:
        values = [writer.values(place(name)) for name in (self.total, *self.parts)]
        key, equals = place(self.key), place(self.equals)
        return values + [writer.matching(place(part), key, equals) for part in self.matched]

    def holds(self, total: list[str], *parts: list[str]) -> bool:
        if parts == (total,) or not any(total):
            return True
        texts = list(chain(*parts))
        try:
            if len(total) == 1 and "".join((*total, *texts)).isdecimal():
                return int(total[0]) == sum(
                    map(int, filter(None, texts))
                )  # most amounts are whole, and quicker so
            return sum(map(Decimal, filter(None, total))) == sum(map(Decimal, filter(None, texts)))
        except ArithmeticError:
            return True


@dataclass(frozen=True, slots=True)
class CountsUp(Condition):
    """The number there is how many instances of the loop there are so far, or one more than the number before:
    a wrong or lost one is noticed where it stands, and not again at all that follow."""

    sentence = "{where} [must count|counts] 1, 2, 3[ without a gap|]"
    decisive = ("where",)
    reads_earlier = True
    where: str

    def arguments(self, writer: Writer) -> list[str]:
        where = place(self.where)
        return [writer.values(where), writer.earlier(where), writer.ordinal()]

    def written(self, writer: Writer) -> str:
        holds, one = Condition.written(self, writer), writer.one(place(self.where))
        return f"({one} == str({writer.ordinal()}) or {holds})" if one else holds

    def holds(self, numbers: list[str], before: list[str], ordinal: int) -> bool:
        if numbers in ([], [str(ordinal)]):
            return True
        return numbers[0] in [str(number + 1) for number in map(_number, before) if number]


@dataclass(frozen=True, slots=True)
class Distinct(Condition):
    """No value stands there twice, but for those in `free`."""

    sentence = "{where} [must differ|differ] from each other"
    decisive = ("where",)
    where: tuple[str, ...]
    free: str = ""

    def holds(self, *values: list[str]) -> bool:
        seen = [text for text in chain(*values) if text and text not in self.free.split()]
        return len(seen) == len(set(seen))


@dataclass(frozen=True, slots=True)
class Differs(Condition):
    """What stands in `one` does not stand in `other`; passes where either is absent."""

    sentence = "{one} [must differ|differs] from {other}"
    decisive = ("one", "other")
    places = ("one", "other")
    one: str
    other: str

    def written(self, writer: Writer) -> str:
        if ones := self.ones(writer):
            one, other = ones
            return f"(not {one} or {one} != {other})"
        return Condition.written(self, writer)

    def holds(self, one: list[str], other: list[str]) -> bool:
        return set(filter(None, one)).isdisjoint(other)


@dataclass(frozen=True, slots=True)
class PointsInto(Condition):
    """Every number among the components of `pointers` is at most the number of elements that the segment `targets` has."""

    sentence = "{pointers} [must point|points] at elements of {targets}"
    decisive = ("pointers",)
    places = ("pointers", "targets")
    pointers: str
    targets: str

    def arguments(self, writer: Writer) -> list[str]:
        return [writer.pieces(place(name)) for name in self.names]

    def holds(self, pointers: list[str], targets: list[str]) -> bool:
        most = len(targets)
        for pointer in pointers:
            number = _number(pointer)
            if number is not None and not 1 <= number <= most:
                return False
        return True


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """What stands there stands in `targets` too."""

    sentence = "{where} [must be|is] the value of one {targets}"
    decisive = ("where",)
    places = ("where", "targets")
    where: str
    targets: str

    def holds(self, values: list[str], targets: list[str]) -> bool:
        return set(filter(None, values)) <= set(targets)


@dataclass(frozen=True, slots=True)
class AtMost(Condition):
    """The number in `low` is not above the number in `high`; passes where either is absent."""

    sentence = "{low} [must not be|is not] above {high}"
    decisive = ("low", "high")
    places = ("low", "high")
    low: str
    high: str

    def holds(self, low: list[str], high: list[str]) -> bool:
        try:
            numbers = [Decimal(text) for text in (*low[:1], *high[:1]) if text]
            return len(numbers) < 2 or numbers[0] <= numbers[1]
        except ArithmeticError:
            return True


@dataclass(frozen=True, slots=True)
class Exceeds(Condition):
    """A number that stands there is above `limit`."""

    sentence = "{where} [must be|is] above {limit}"
    decisive, passes = ("where",), False
    where: str
    limit: int

    def written(self, writer: Writer) -> str:
        if one := writer.one(place(self.where)):
            return f"({one} and ({writer.name(_number)}({one}) or 0) > {self.limit})"
        return Condition.written(self, writer)

    def holds(self, values: list[str]) -> bool:
        return any((_number(text) or 0) > self.limit for text in values)


@dataclass(frozen=True, slots=True)
class Comes(Condition):
    """It comes at most `limit` times."""

    sentence = "{where} [may come|comes] at most {times}"
    decisive = ("where",)
    where: str
    limit: int

    @property
    def times(self) -> str:
        return "once" if self.limit == 1 else f"{self.limit} times"

    def written(self, writer: Writer) -> str:
        return f"{writer.count(place(self.where))} <= {self.limit}"


@dataclass(frozen=True, slots=True)
class Looks(Condition):
    """What stands in one of `where` looks so: `pattern`, a regular expression found anywhere in it; `called` says what that is."""

    sentence = "{first} [must be|is] {called}"
    decisive, passes = ("where",), False
    where: tuple[str, ...]
    pattern: str
    called: str

    @property
    def first(self) -> str:
        return place(self.where[0]).says

    def written(self, writer: Writer) -> str:
        if ones := self.ones(writer):
            search = writer.name(re.compile(self.pattern).search)
            return "(" + " or ".join(f"({one} and {search}({one}))" for one in ones) + ")"
        return Condition.written(self, writer)

    def holds(self, *values: list[str]) -> bool:
        return any(re.search(self.pattern, text) for text in chain(*values))
