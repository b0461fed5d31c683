"""Conditions of payers on a place: how many, which values, how long. How conditions are used: `edi.guide.condition`."""

from __future__ import annotations

from dataclasses import dataclass

from edi.guide.condition import NOWHERE, Instance, Reach, Test, place


@dataclass(frozen=True, slots=True)
class RepeatsAtMost:
    """There are at most `limit` of the loop or segment. It fails for the first one too many, and not again for those after it."""

    limit: int
    needs = spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        ordinal = reach.ordinal()
        return lambda instance: ordinal(instance) != self.limit + 1

    @property
    def says(self) -> str:
        return f"there are at most {self.limit}"

    @property
    def demands(self) -> str:
        return f"there may be at most {self.limit}"


@dataclass(frozen=True, slots=True)
class TakesOnly:
    """The value is one of these; passes where there is none."""

    where: str
    values: tuple[str, ...]
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values, taken = reach.values(place(self.where)), frozenset(("", *self.values))
        return lambda instance: taken.issuperset(values(instance))

    @property
    def says(self) -> str:
        return self.demands.replace("must be", "is", 1)

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must be {' or '.join(self.values)}"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.where.partition("-")[0]})


@dataclass(frozen=True, slots=True)
class HasLength:
    """The value has `low` to `high` characters (a number: digits); passes where there is none."""

    where: str
    low: int
    high: int
    number: bool = False
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values = reach.values(place(self.where))

        def test(instance: Instance) -> bool:
            return all(
                self.low <= characters(text, number=self.number) <= self.high
                for text in values(instance)
                if text
            )

        return test

    @property
    def says(self) -> str:
        return f"{place(self.where).says} has {self.low} to {self.high} characters"

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must have {self.low} to {self.high} characters"

    @property
    def spares(self) -> frozenset[str]:
        return frozenset({self.where.partition("-")[0]})


def characters(text: str, *, number: bool) -> int:
    """The length of a value as X12 counts it: of a number, neither sign nor decimal point."""
    return len(text.lstrip("-").replace(".", "")) if number else len(text)
