"""Conditions on what can be true: dates in their order, postal codes in their state. How they are used: `edi.guide.condition`."""

from __future__ import annotations

from dataclasses import dataclass

from edi.guide.condition import Condition, Writer
from edi.guide.postal import lies_in

_DAY = 8  # characters of CCYYMMDD; a period is two days with a hyphen between


@dataclass(frozen=True, slots=True)
class NotAfter(Condition):
    """No day in `early` is after any day in `late`, as CCYYMMDD or periods of them; passes where either is absent."""

    sentence = "{early} [must not be|is not] after {late}"
    decisive = ("early", "late")
    places = ("early", "late")
    early: str
    late: str

    def written(self, writer: Writer) -> str:
        if ones := self.ones(writer):
            early, late = ones
            return f"(not {early} or not {late} or {early}[-{_DAY}:] <= {late}[:{_DAY}])"
        return Condition.written(self, writer)

    def holds(self, early: list[str], late: list[str]) -> bool:
        first = [text[-_DAY:] for text in early if text]
        last = [text[:_DAY] for text in late if text]
        return not first or not last or max(first) <= min(last)


@dataclass(frozen=True, slots=True)
class LiesIn(Condition):
    """The US postal code in `postal` lies in the state in `state`; passes where either is absent or of another country."""

    sentence = "{postal} [must lie|lies] in the state in {state}"
    decisive = ("state", "postal")
    places = ("state", "postal")
    state: str
    postal: str

    def written(self, writer: Writer) -> str:
        if ones := self.ones(writer):
            state, postal = ones
            return f"(not {state} or not {postal} or {writer.name(lies_in)}({postal}, {state}))"
        return Condition.written(self, writer)

    def holds(self, state: list[str], postal: list[str]) -> bool:
        pairs = zip(state, postal, strict=False)
        return all(lies_in(code, name) for name, code in pairs if name and code)


@dataclass(frozen=True, slots=True)
class DiffersWhere(Condition):
    """What stands in `one` does not stand in `other` of a segment whose `beside` is `value`."""

    sentence = "{one} [must differ|differs] from {other} where {beside} is {value}"
    decisive = ("one", "other", "beside")
    places = ("one", "other", "beside")
    one: str
    other: str
    beside: str
    value: str

    def holds(self, one: list[str], other: list[str], beside: list[str]) -> bool:
        pairs = zip(other, beside, strict=False)
        return set(filter(None, one)).isdisjoint(text for text, code in pairs if code == self.value)


@dataclass(frozen=True, slots=True)
class AsMany(Condition):
    """`one` stands there as often as `other`."""

    sentence = "{one} [must stand|stands] as often as {other}"
    places = ("one", "other")
    one: str
    other: str

    def holds(self, one: list[str], other: list[str]) -> bool:
        return len(one) == len(other)
