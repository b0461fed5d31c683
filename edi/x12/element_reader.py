"""Values are read out of segments through the guide, as `edi.x12.template` writes them.

    payer = reader(GUIDE, "2100A", "NM1:PR", "NM103", "NM109")      payer(elements) == ("EXAMPLE DENTAL", "CX014")

A reader of a place that the guide does not have, or of an element that is not used there or may repeat, does not build.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, overload

from edi.guide.shape import Guide, SegmentUse
from edi.x12.delimiters import DEFAULT

Value = TypeVar("Value", str, tuple[str, ...])


class Place(NamedTuple):
    """Where a segment stands in its guide: the loop, and how it is called there ("NM1:PR")."""

    loop_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Reader(Generic[Value]):
    """A function of a segment's elements, the segment id first; "" for what the segment does not have."""

    place: Place
    read: Callable[[Sequence[str], str], Value]

    def __call__(self, elements: Sequence[str], component: str = DEFAULT.component) -> Value:
        return self.read(elements, component)


@overload
def reader(guide: Guide, loop_id: str, address: str, ref: str, /) -> Reader[str]: ...


@overload
def reader(
    guide: Guide, loop_id: str, address: str, ref: str, second: str, /, *refs: str
) -> Reader[tuple[str, ...]]: ...


def reader(
    guide: Guide, loop_id: str, address: str, ref: str, /, *refs: str
) -> Reader[str] | Reader[tuple[str, ...]]:
    """A reader of one element's value, or of several in a tuple. A ref is an element ("NM103") or a component ("CLM05-1").

    Raises ValueError when a ref does not suit the use, KeyError when the guide has no such use."""
    use = guide.find(loop_id, address)
    place = Place(loop_id, use.address)
    first, *others = (_value_at(use, each) for each in (ref, *refs))
    if not others:
        return Reader(place, first)
    return Reader(
        place, lambda elements, component: tuple(read(elements, component) for read in (first, *others))
    )


def _value_at(use: SegmentUse, ref: str) -> Callable[[Sequence[str], str], str]:
    element, part = _position(use, ref)

    def read(elements: Sequence[str], component: str) -> str:
        value = elements[element] if element < len(elements) else ""
        if not part:
            return value
        parts = value.split(component)
        return parts[part - 1] if part <= len(parts) else ""

    return read


def _position(use: SegmentUse, ref: str) -> tuple[int, int]:
    """The number of an element in its segment, and of a component in its composite (0: the whole element)."""
    for place, element in enumerate(use.elements, start=1):
        for part, each in enumerate((element, *element.parts)):
            if each.ref == ref and each.usage != "N" and element.repeat == 1:
                return place, part
    raise ValueError(f"{use.address} has no {ref} that comes once")
