"""The notation in which guides are written, checked against the standard while they load.

    use(
        "SV3 3800 R 1 Dental service",
        R("SV301 Procedure"),
        R("SV301-1 Code set", "AD"),
        R("SV301-2 Procedure code", form="CDT"),
        R("SV302 Charge", note="May be 0."),
        S("SV306 Number of procedures", form="WHOLE"),
    )

reads: segment SV3 at position 3800, required, once, called "Dental service". R is a required element, S a situational one; what is
not listed is not used. The components of a composite follow it. Codes are separated by spaces. An element that may come
several times in its place says so: repeat=10.

    loop("2400 R 50 Service line", use(...), use(...), loop(...))

reads: loop 2400, required, at most 50 times, opened by its first segment. Where there is no limit, `>1` stands for the number.

    situation("X12-PAYER-CLAIM-NUMBER at 2300/REF:F8", Has("REF:F8"), "Send REF*F8.", when=Is("CLM 05-3", "7 8"))

reads: in loop 2300, REF*F8 must be present when CLM05-3 is 7 or 8. Several loops are separated by spaces.

Whatever cannot be read so, or is not in the standard, is a ValueError.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from itertools import zip_longest
from typing import Literal, TypedDict, Unpack

from edi.finding import Category, Severity
from edi.guide.condition import Condition, Situation
from edi.guide.shape import REQUIRED, SITUATIONAL, ElementUse, Loop, Segment, SegmentUse, Usage
from edi.guide.standard import SEGMENTS, refs_of

_SEGMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}) ([1-9]\d*) ([RS]) ([1-9]\d*|>1) (\S(?:.*\S)?)")
_LOOP = re.compile(r"([0-9A-Z]+) ([RS]) ([1-9]\d*|>1) (\S(?:.*\S)?)")
_ELEMENT = re.compile(r"(\S+) (\S(?:.*\S)?)")
_SITUATION = re.compile(r"(X12-[0-9A-Z-]+) at ([0-9A-Z]+(?: [0-9A-Z]+)*)/(\S(?:.*\S)?)")
_USAGES: dict[str, Usage] = {"R": REQUIRED, "S": SITUATIONAL}


def use(header: str, *elements: ElementUse, key: int | None = None, note: str = "") -> SegmentUse:
    """One use of a segment. `key` is the element that tells it apart where it is not the standard's."""
    tag, position, usage, repeat, name = _read(_SEGMENT, header)
    segment = SEGMENTS.get(tag)
    if segment is None:
        raise ValueError(f"{header}: the standard has no segment {tag}")
    chosen = segment.key if key is None else key
    if chosen > len(segment.elements):
        raise ValueError(f"{header}: the key is element {chosen}, which does not exist")
    arranged = _arranged(segment, elements, header)
    return SegmentUse(segment, int(position), _USAGES[usage], _times(repeat), name, arranged, chosen, note)


def loop(header: str, *children: SegmentUse | Loop, unit: bool = False, at: int = 0, note: str = "") -> Loop:
    """A loop. What `unit` and `at` mean: `edi.guide.shape.Loop`."""
    loop_id, usage, repeat, name = _read(_LOOP, header)
    if not children or isinstance(children[0], Loop):
        raise ValueError(f"loop {loop_id} does not begin with a segment")
    return Loop(loop_id, _USAGES[usage], _times(repeat), name, children, unit, note, at)


class Details(TypedDict, total=False):
    """Further fields of a situation, as `edi.guide.condition.Situation` has them."""

    when: Condition
    each: str
    until: str
    words: str
    snip: Literal[3, 4]
    severity: Severity
    source: str
    category: Category


def situation(header: str, need: Condition, fix: str, **details: Unpack[Details]) -> Situation:
    """What a guide asks for only in some cases."""
    rule, loops, at = _read(_SITUATION, header)
    return Situation(rule, loops, need, at, fix, **details)


def _element(
    usage: Usage,
    header: str,
    codes: str = "",
    *,
    form: str = "",
    low: int = 0,
    high: int = 0,
    repeat: int = 1,
    note: str = "",
) -> ElementUse:
    ref, name = _read(_ELEMENT, header)
    number = refs_of(ref.partition("-")[0][:-2]).get(ref)
    if number is None:
        raise ValueError(f"{header}: the standard has no element {ref}")
    return ElementUse(usage, name, tuple(codes.split()), form, low, high, (), repeat, note, number, ref)


R = partial(_element, REQUIRED)
"""A required element."""
S = partial(_element, SITUATIONAL)
"""A situational element."""


def name_of(header: str) -> str:
    """The name in a segment's header."""
    return _read(_SEGMENT, header)[-1]


def _read(pattern: re.Pattern[str], header: str) -> tuple[str, ...]:
    match = pattern.fullmatch(header)
    if match is None:
        raise ValueError(f'"{header}" cannot be read; edi.guide.notation shows how it is written')
    return match.groups()


def _times(repeat: str) -> int:
    return 0 if repeat == ">1" else int(repeat)


def _arranged(segment: Segment, elements: tuple[ElementUse, ...], header: str) -> tuple[ElementUse, ...]:
    """The elements in the standard's places, components in their composites, those not listed as not used."""
    refs = refs_of(segment.id)
    listed = {each.ref: each for each in elements}
    for given, expected in zip_longest(
        (each.ref for each in elements), (ref for ref in refs if ref in listed)
    ):
        if given != expected:
            raise ValueError(f"{header}: {given or expected} is twice, out of order or of another segment")
    arranged: list[list[ElementUse]] = []
    for ref, number in refs.items():
        element = listed.get(ref) or _not_used(ref, number)
        if "-" in ref:
            arranged[-1].append(element)
        else:
            arranged.append([element])
    return tuple(_composed(*each) for each in arranged)


def _composed(element: ElementUse, *parts: ElementUse) -> ElementUse:
    if all(part.usage == "N" for part in parts):
        return element
    if element.usage == "N":
        raise ValueError(f"{element.ref} is not listed, but components of it are")
    return replace(element, parts=parts)


@cache
def _not_used(ref: str, number: str) -> ElementUse:
    return ElementUse("N", number=number, ref=ref)
