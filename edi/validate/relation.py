"""Relations between the elements of one segment: X12's syntax notes.

P0809 both or neither; R0203 at least one; E0207 at most one; C1103 the first needs the second; L050607 the first needs
at least one of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from edi.guide.shape import SegmentUse

SAYS = {
    "P": "{all} go together: all or none",
    "R": "at least one of {all} is needed",
    "E": "at most one of {all} may be sent",
    "C": "{first} needs {rest}",
    "L": "{first} needs at least one of {rest}",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One syntax note; `places` are 1-based element numbers."""

    kind: str
    places: tuple[int, ...]

    def holds(self, fields: Sequence[str]) -> bool:
        """`fields` are the segment's elements with the segment id at 0."""
        return self.test()([*fields, *[""] * (max(self.places) + 1 - len(fields))])

    def test(self) -> Callable[[Sequence[str]], bool]:
        """`holds` for many segments: a function of elements that reach up to the last of `places`."""
        pick = itemgetter(*self.places)
        match self.kind:
            case "P" if len(self.places) == 2:
                one, other = self.places
                return lambda fields: (not fields[one]) is (not fields[other])
            case "P":
                return lambda fields: any(pick(fields)) is all(pick(fields))
            case "R":
                return lambda fields: any(pick(fields))
            case "E":
                return lambda fields: sum(map(bool, pick(fields))) <= 1
        first, rest = self.places[0], self.places[1:]
        need = all if self.kind == "C" else any
        return lambda fields: not fields[first] or need([fields[place] for place in rest])

    @property
    def earliest(self) -> int:
        """How many elements a segment must have before the note can fail."""
        if self.kind == "R":
            return 0
        return sorted(self.places)[1] if self.kind == "E" else min(self.places)

    def missing(self, fields: list[str]) -> int:
        """The element a finding points at: the first that is absent, or for E the last that is too much."""
        present = [place for place in self.places if place < len(fields) and fields[place]]
        if self.kind == "E":
            return present[-1]
        return next((place for place in self.places if place not in present), self.places[0])

    def says(self, segment: str) -> str:
        names = [f"{segment}{place:02}" for place in self.places]
        return SAYS[self.kind].format(all=" and ".join(names), first=names[0], rest=" and ".join(names[1:]))


@cache
def _parsed(note: str) -> Relation:
    return Relation(note[0], tuple(int(note[place : place + 2]) for place in range(1, len(note), 2)))


def relations(use: SegmentUse) -> list[Relation]:
    """The notes that this use leaves open: those that its own required and not-used elements do not settle."""
    usage = {place: element.usage for place, element in enumerate(use.elements, start=1)}
    notes = map(_parsed, use.segment.syntax)
    return [note for note in notes if not _settled(note, usage)]


def _settled(note: Relation, usage: Mapping[int, str]) -> bool:
    uses = [usage[place] for place in note.places]
    match note.kind:
        case "P":
            return len(set(uses)) == 1 and uses[0] in "RN"
        case "R":
            return "R" in uses or set(uses) == {"N"}
        case "E":
            return sum(each != "N" for each in uses) <= 1
        case "C":
            return uses[0] == "N" or all(each == "R" for each in uses[1:])
        case _:
            return uses[0] == "N" or "R" in uses[1:]
