"""Conditions that compare values: sums, counts, pointers, patterns. How they are used: `edi.guide.condition`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from edi.guide.condition import NOWHERE, Instance, Reach, Test, place

_DIGITS = 18  # more are no count


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


@dataclass(frozen=True, slots=True)
class SumIs:
    """The amount in `total` is the sum of the amounts in `parts`, and of those in `matched` that lie in loops whose
    `key` has a value that stands in `equals`. A total that is absent and amounts that are no numbers pass."""

    total: str
    parts: tuple[str, ...]
    matched: tuple[str, ...] = ()
    key: str = ""
    equals: str = ""
    needs = spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        total = reach.values(place(self.total))
        readers = [reach.values(place(part)) for part in self.parts]
        if self.matched:
            key, equals = place(self.key), place(self.equals)
            readers += [reach.matching(place(part), key, equals) for part in self.matched]
        first, *rest = readers

        def test(instance: Instance) -> bool:
            whole = total(instance)
            amounts = first(instance)
            if (not rest and amounts == whole) or not any(whole):
                return True
            for values in rest:
                amounts = amounts + values(instance)
            try:
                return sum(map(Decimal, filter(None, whole))) == sum(map(Decimal, filter(None, amounts)))
            except ArithmeticError:
                return True

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must equal", "equals", 1)

    @property
    def demands(self) -> str:
        parts = " and ".join(place(part).says for part in self.parts)
        return f"{place(self.total).says} must equal the sum of {parts}"


@dataclass(frozen=True, slots=True)
class CountsUp:
    """The number there is how many instances of the loop there are so far, or one more than the number before:
    a wrong or lost one is noticed where it stands, and not again at all that follow."""

    where: str
    needs = NOWHERE
    reads_earlier = True

    def bind(self, reach: Reach) -> Test:
        values, earlier, ordinal = (
            reach.values(place(self.where)),
            reach.earlier(place(self.where)),
            reach.ordinal(),
        )

        def test(instance: Instance) -> bool:
            for text in values(instance):
                if text != str(ordinal(instance)):
                    return text in [str(number + 1) for number in map(_number, earlier(instance)) if number]
            return True

        return test

    @property
    def says(self) -> str:
        return f"{place(self.where).says} counts 1, 2, 3"

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must count 1, 2, 3 without a gap"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.where})


@dataclass(frozen=True, slots=True)
class Distinct:
    """No value stands there twice, but for those in `free`."""

    where: tuple[str, ...]
    free: str = ""
    needs = spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        readers = [reach.values(place(where)) for where in self.where]
        free = frozenset(self.free.split())

        def test(instance: Instance) -> bool:
            seen = [text for values in readers for text in values(instance) if text and text not in free]
            return len(seen) == len(set(seen))

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must differ", "differ", 1)

    @property
    def demands(self) -> str:
        return f"{' and '.join(place(where).says for where in self.where)} must differ from each other"


@dataclass(frozen=True, slots=True)
class Differs:
    """What stands in `one` does not stand in `other`; passes where either is absent."""

    one: str
    other: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        one, other = reach.values(place(self.one)), reach.values(place(self.other))

        def test(instance: Instance) -> bool:
            values = other(instance)
            for text in one(instance):  # noqa: SIM110 - any() takes twice as long, and this runs for every claim
                if text and text in values:
                    return False
            return True

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must differ", "differs", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.one).says} must differ from {place(self.other).says}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset(where.partition("-")[0] for where in (self.one, self.other))


@dataclass(frozen=True, slots=True)
class PointsInto:
    """Every number among the components of `pointers` is at most the number of elements that the segment `targets` has."""

    pointers: str
    targets: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        pointers, targets = reach.pieces(place(self.pointers)), reach.pieces(place(self.targets))

        def test(instance: Instance) -> bool:
            count = len(targets(instance))
            for text in pointers(instance):
                number = _number(text)
                if number is not None and not 1 <= number <= count:
                    return False
            return True

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must point", "points", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.pointers).says} must point at elements of {place(self.targets).says}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.pointers})


@dataclass(frozen=True, slots=True)
class OneOf:
    """What stands there stands in `targets` too."""

    where: str
    targets: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values, targets = reach.values(place(self.where)), reach.values(place(self.targets))
        return lambda instance: set(filter(None, values(instance))) <= set(targets(instance))

    @property
    def says(self) -> str:
        return self.demands.replace("must be", "is", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must be the value of one {place(self.targets).says}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.where})


@dataclass(frozen=True, slots=True)
class AtMost:
    """The number in `low` is not above the number in `high`; passes where either is absent."""

    low: str
    high: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        low, high = reach.values(place(self.low)), reach.values(place(self.high))

        def test(instance: Instance) -> bool:
            try:
                numbers = [Decimal(text) for values in (low, high) for text in values(instance)[:1] if text]
                return len(numbers) < 2 or numbers[0] <= numbers[1]
            except ArithmeticError:
                return True

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must not be", "is not", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.low).says} must not be above {place(self.high).says}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.low, self.high})


@dataclass(frozen=True, slots=True)
class Exceeds:
    """A number that stands there is above `limit`."""

    where: str
    limit: int
    spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values = reach.values(place(self.where))

        def test(instance: Instance) -> bool:
            return any((_number(text) or 0) > self.limit for text in values(instance))

        return test

    @property
    def says(self) -> str:
        return f"{place(self.where).says} is above {self.limit}"

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must be above {self.limit}"

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self.where})


@dataclass(frozen=True, slots=True)
class Comes:
    """It comes at most `limit` times."""

    where: str
    limit: int
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values = reach.values(place(self.where))
        return lambda instance: len(values(instance)) <= self.limit

    @property
    def says(self) -> str:
        return self.demands.replace("may come", "comes", 1)

    @property
    def demands(self) -> str:
        times = "once" if self.limit == 1 else f"{self.limit} times"
        return f"{place(self.where).says} may come at most {times}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.where})


@dataclass(frozen=True, slots=True)
class Looks:
    """What stands in one of `where` looks so: `pattern`, a regular expression found anywhere in it; `called` says what that is."""

    where: tuple[str, ...]
    pattern: str
    called: str
    spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        readers = [reach.values(place(where)) for where in self.where]
        search = re.compile(self.pattern).search

        def test(instance: Instance) -> bool:
            for values in readers:
                for text in values(instance):
                    if search(text):
                        return True
            return False

        return test

    @property
    def says(self) -> str:
        return f"{place(self.where[0]).says} is {self.called}"

    @property
    def demands(self) -> str:
        return f"{place(self.where[0]).says} must be {self.called}"

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self.where[0]}) if len(self.where) == 1 else NOWHERE
