"""The shapes a guide is made of.

Two layers. The standard: data elements (type, length) and segments (which elements, which syntax notes), each stated
once. The guide: *uses* of them, which add position, usage, repeat, the name here and the codes allowed here. A use has
one key: the element whose codes tell it apart from the other uses of its segment. How guides are written:
`edi.guide.notation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from edi.guide.condition import Situation

Usage = Literal["R", "S", "N"]
REQUIRED: Usage = "R"
SITUATIONAL: Usage = "S"


@dataclass(frozen=True, slots=True)
class Element:
    """A data element of the standard: X12 type (AN, ID, N0, R, DT, TM, B) and length in characters."""

    number: str
    type: str
    low: int
    high: int
    name: str


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite data element of the standard: its component element numbers in order."""

    number: str
    name: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the standard. `syntax` holds relational notes such as "P0809"; `key` is the 1-based
    element that tells its uses apart (0: there is only ever one use in a place)."""

    id: str
    name: str
    elements: tuple[str, ...]
    syntax: tuple[str, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class ElementUse:
    """One element as a guide uses it. `codes` are the allowed values (empty: any of the type);
    `form` names a format of `edi.guide.forms`; low/high narrow the standard's length (0: as the standard);
    `parts` are the components of a composite, `number` is the data element's, `ref` its place ("SV302", "CLM05-3"). `repeat` is
    how often it may come, parted by the repetition separator."""

    usage: Usage
    name: str = ""
    codes: tuple[str, ...] = ()
    form: str = ""
    low: int = 0
    high: int = 0
    parts: tuple[ElementUse, ...] = ()
    repeat: int = 1
    note: str = ""
    number: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SegmentUse:
    """One segment at one place of a guide. `repeat` 0 means without limit. Segments that share a position
    may come in any order among themselves. `note` says what the sources doubt, or when it is wanted."""

    segment: Segment
    position: int
    usage: Usage
    repeat: int
    name: str
    elements: tuple[ElementUse, ...]
    key: int
    note: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The values of the key element that select this use; empty when the segment id alone does."""
        return self.elements[self.key - 1].codes if self.key else ()

    @property
    def address(self) -> str:
        """How situations and writers call it inside its loop: "REF:G1", or "CLM" where the id is enough."""
        return f"{self.segment.id}:{self.keys[0]}" if self.keys else self.segment.id


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: its first child is the segment use that opens it. `repeat` 0 means without limit.
    `unit` marks the loop whose instances are judged whole (a claim): all below it is kept until it closes.
    `at` is its place among its siblings where that is not its trigger's position (X12 numbers a hierarchical
    level from the start again; 0: the trigger's)."""

    id: str
    usage: Usage
    repeat: int
    name: str
    children: tuple[SegmentUse | Loop, ...]
    unit: bool = False
    note: str = ""
    at: int = 0

    @property
    def trigger(self) -> SegmentUse:
        first = self.children[0]
        if isinstance(first, Loop):
            raise TypeError(f"loop {self.id} does not begin with a segment")
        return first

    @property
    def position(self) -> int:
        return self.at or self.trigger.position

    def segments(self) -> Iterator[SegmentUse]:
        return (child for child in self.children if isinstance(child, SegmentUse))

    def loops(self) -> Iterator[Loop]:
        """This loop and every loop below it, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Loop):
                yield from child.loops()


@dataclass(frozen=True, slots=True)
class Guide:
    """One transaction's implementation guide. `version` is what GS08 and ST03 carry, `functional_id` GS01 and
    `interchange` ISA12; `root` holds ST to SE; messages call an instance of its unit loops `unit`. `receiver` is the place of
    the id of whom a set is sent to, `payer` of whom the claims of the loop around it are for.
    `same` are the places that make two instances of a unit loop the same when all that stands there is alike; none where a
    file may repeat them.
    A loop may hang in several places (claims under subscriber and patient), but a loop id has one declaration."""

    version: str
    transaction: str
    functional_id: str
    name: str
    root: Loop
    situations: tuple[Situation, ...] = ()
    interchange: str = "00501"
    unit: str = "claim"
    receiver: str = ""
    payer: str = ""
    same: tuple[str, ...] = ()
    index: dict[str, Loop] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for loop in self.root.loops():
            if self.index.setdefault(loop.id, loop) is not loop:
                raise ValueError(f"{self.version}: loop {loop.id} is declared twice")

    def find(self, loop_id: str, address: str) -> SegmentUse:
        """The use called `address` ("REF:G1", "CLM") in a loop; KeyError when the guide has none."""
        segment, _, code = address.partition(":")
        for child in self.index[loop_id].segments():
            if child.segment.id == segment and (not code or code in child.keys):
                return child
        raise KeyError(f"{self.version} {loop_id} has no {address}")


NOT_USED = ElementUse("N")
