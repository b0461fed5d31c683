"""Conditions of payers on a place: how many, which values, how long. How conditions are used: `edi.guide.condition`."""

from __future__ import annotations

from dataclasses import dataclass

from edi.guide.condition import Condition, Writer


@dataclass(frozen=True, slots=True)
class RepeatsAtMost(Condition):
    """There are at most `limit` of the loop or segment. It fails for the first one too many, and not again for those after it."""

    sentence = "there [may be|are] at most {limit}"
    places = ()
    limit: int

    def written(self, writer: Writer) -> str:
        return f"{writer.ordinal()} != {self.limit + 1}"


@dataclass(frozen=True, slots=True)
class TakesOnly(Condition):
    """The value is one of these; passes where there is none."""

    sentence = "{where} [must be|is] {values}"
    decisive = ("where",)
    where: str
    values: tuple[str, ...]

    def holds(self, values: list[str]) -> bool:
        return set(filter(None, values)).issubset(self.values)


@dataclass(frozen=True, slots=True)
class HasLength(Condition):
    """The value has `low` to `high` characters (a number: digits); passes where there is none."""

    sentence = "{where} [must have|has] {low} to {high} characters"
    decisive = ("where",)
    where: str
    low: int
    high: int
    number: bool = False

    def holds(self, values: list[str]) -> bool:
        lengths = [characters(text, number=self.number) for text in values if text]
        return all(self.low <= length <= self.high for length in lengths)


def characters(text: str, *, number: bool) -> int:
    """The length of a value as X12 counts it: of a number, neither sign nor decimal point."""
    return len(text.lstrip("-").replace(".", "")) if number else len(text)
