"""Conditions on what can be true: dates in their order, postal codes in their state. How they are used: `edi.guide.condition`."""

from __future__ import annotations

from dataclasses import dataclass

from edi.guide.condition import NOWHERE, Instance, Reach, Test, place
from edi.guide.postal import lies_in

_DAY = 8  # characters of CCYYMMDD; a period is two days with a hyphen between


def _elements(*where: str) -> frozenset[str]:
    return frozenset(each.partition("-")[0] for each in where)


@dataclass(frozen=True, slots=True)
class NotAfter:
    """No day in `early` is after any day in `late`, as CCYYMMDD or periods of them; passes where either is absent."""

    early: str
    late: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        early, late = reach.values(place(self.early)), reach.values(place(self.late))

        def test(instance: Instance) -> bool:
            first = [text[-_DAY:] for text in early(instance) if text]
            if not first:
                return True
            last = [text[:_DAY] for text in late(instance) if text]
            return not last or max(first) <= min(last)

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must not be", "is not", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.early).says} must not be after {place(self.late).says}"

    @property
    def spares(self) -> frozenset[str]:
        return _elements(self.early, self.late)


@dataclass(frozen=True, slots=True)
class LiesIn:
    """The US postal code in `postal` lies in the state in `state`; passes where either is absent or of another country."""

    state: str
    postal: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        state, postal = reach.values(place(self.state)), reach.values(place(self.postal))

        def test(instance: Instance) -> bool:
            pairs = zip(state(instance), postal(instance), strict=False)
            return all(lies_in(code, name) for name, code in pairs if name and code)

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must lie", "lies", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.postal).says} must lie in the state in {place(self.state).says}"

    @property
    def spares(self) -> frozenset[str]:
        return _elements(self.state, self.postal)


@dataclass(frozen=True, slots=True)
class DiffersWhere:
    """What stands in `one` does not stand in `other` of a segment whose `beside` is `value`."""

    one: str
    other: str
    beside: str
    value: str
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        one, other = reach.values(place(self.one)), reach.values(place(self.other))
        beside = reach.values(place(self.beside))

        def test(instance: Instance) -> bool:
            values = set(filter(None, one(instance)))
            pairs = zip(other(instance), beside(instance), strict=False)
            return values.isdisjoint(text for text, code in pairs if code == self.value)

        return test

    @property
    def says(self) -> str:
        return self.demands.replace("must differ", "differs", 1)

    @property
    def demands(self) -> str:
        return (
            f"{place(self.one).says} must differ from {place(self.other).says} where "
            f"{place(self.beside).says} is {self.value}"
        )

    @property
    def spares(self) -> frozenset[str]:
        return _elements(self.one, self.other, self.beside)


@dataclass(frozen=True, slots=True)
class AsMany:
    """`one` stands there as often as `other`."""

    one: str
    other: str
    needs = spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        one, other = reach.values(place(self.one)), reach.values(place(self.other))
        return lambda instance: len(one(instance)) == len(other(instance))

    @property
    def says(self) -> str:
        return self.demands.replace("must stand", "stands", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.one).says} must stand as often as {place(self.other).says}"
