"""Soundness of guides: every fault that a declaration can have and still load, in one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product

from edi.guide.ambiguity import ambiguities
from edi.guide.codes import meanings_of
from edi.guide.condition import Situation, place, places_of
from edi.guide.forms import FORMS, QUALIFIED, Form
from edi.guide.shape import NOT_USED, Element, ElementUse, Guide, Loop, SegmentUse
from edi.guide.standard import COMPOSITES, ELEMENTS

_NOTE = re.compile(r"([PRECL])((?:\d\d){2,})")
_DIGITS = re.compile(r"\d+")
_TYPES_WITHIN = {"N0": {"N0"}, "R": {"N0", "R"}, "DT": {"DT"}, "TM": {"TM"}}


def audit(guide: Guide) -> list[str]:
    """What is unsound in a guide, one sentence a fault; empty when it is sound."""
    faults = [fault for each in guide.index.values() for fault in _loop(each)]
    faults += [fault for each in guide.situations for fault in _situation(each, guide)]
    return faults + ambiguities(guide)


def audit_segment(use: SegmentUse) -> list[str]:
    """The same for one segment use outside a guide (the envelope)."""
    return [
        *_key(use),
        *_syntax(use),
        *(fault for element in use.elements for fault in _element(element)),
        *(fault for pair in pairwise((NOT_USED, *use.elements)) for fault in _alternatives(*pair)),
    ]


def _loop(loop: Loop) -> Iterator[str]:
    if loop.trigger.usage != "R" or loop.trigger.repeat != 1:
        yield f"{loop.id}: {loop.trigger.address} opens the loop, so it is required and stands once"
    for one, other in pairwise(loop.children):
        if other.position < one.position:
            yield f"{loop.id}: position {other.position} stands after {one.position}"
    for child in loop.children:
        if child.usage == "N" or child.repeat < 0:
            yield f"{loop.id}: a child is of usage {child.usage}, repeat {child.repeat}"
    for use in loop.segments():
        yield from (f"{loop.id} {use.address}: {fault}" for fault in audit_segment(use))


def _key(use: SegmentUse) -> Iterator[str]:
    if not use.key:
        return
    element = use.elements[use.key - 1]
    if element.usage != "R" or not element.codes:
        yield f"{element.ref} is the key, so it is required and has codes"


def _syntax(use: SegmentUse) -> Iterator[str]:
    """A note may bind used elements only: it must never ask for one that is not used here."""
    for note in use.segment.syntax:
        match = _NOTE.fullmatch(note)
        places = [int(place) for place in re.findall(r"\d\d", match[2])] if match else []
        if not match or not 0 < min(places) <= max(places) <= len(use.elements):
            yield f"syntax note {note} is about no elements of {use.segment.id}"
            continue
        used = [use.elements[place - 1].usage != "N" for place in places]
        if (
            (match[1] == "P" and any(used) and not all(used))
            or (match[1] == "R" and not any(used))
            or (match[1] == "C" and used[0] and not all(used))
            or (match[1] == "L" and used[0] and not any(used[1:]))
        ):
            yield f"syntax note {note} asks for an element that is not used"


def _element(use: ElementUse) -> Iterator[str]:
    if use.usage == "N":
        if use.name or use.codes or use.form or use.low or use.high or use.parts or use.note:
            yield f"{use.ref} is not used but says something"
        if use.number not in ELEMENTS and use.number not in COMPOSITES:
            yield f"{use.ref}: there is no element {use.number}"
        return
    if not use.name:
        yield f"{use.ref} has no name"
    if use.number in COMPOSITES:
        yield from _composite(use)
    elif use.number not in ELEMENTS:
        yield f"{use.ref}: there is no element {use.number}"
    else:
        yield from _simple(use, ELEMENTS[use.number])


def _composite(use: ElementUse) -> Iterator[str]:
    if not any(part.usage != "N" for part in use.parts):
        yield f"{use.ref} is a composite without components"
    if use.codes or use.form or use.low or use.high:
        yield f"{use.ref} is a composite: codes, forms and lengths belong to its components"
    for part in use.parts:
        yield from _element(part)
    for pair in pairwise((NOT_USED, *use.parts)):
        yield from _alternatives(*pair)


def _simple(use: ElementUse, element: Element) -> Iterator[str]:
    low, high = use.low or element.low, use.high or element.high
    if use.parts:
        yield f"{use.ref} is no composite but has components"
    if not element.low <= low <= high <= element.high:
        yield f"{use.ref}: length {low}/{high} is not within {element.low}/{element.high}"
    if use.codes and use.form:
        yield f"{use.ref} has codes and a form"
    if len(set(use.codes)) != len(use.codes):
        yield f"{use.ref} has a code twice"
    for code in use.codes:
        if not low <= len(code) <= high or (element.type == "N0" and not _DIGITS.fullmatch(code)):
            yield f"{use.ref}: code {code} is no {element.type} {low}/{high}"
        if code not in meanings_of(use):
            yield f"{use.ref}: code {code} has no meaning; edi/guide/codes states it under # {use.number}"
    for name in use.form.split("|") if use.form else ():
        if name not in FORMS:
            yield f"{use.ref}: there is no form {name}"
        elif not _fits(FORMS[name], element.type, low, high):
            yield f"{use.ref}: form {name} does not fit {element.type} {low}/{high}"


def _fits(form: Form, element_type: str, low: int, high: int) -> bool:
    return low <= form.low <= form.high <= high and form.type in _TYPES_WITHIN.get(element_type, {form.type})


def _alternatives(qualifier: ElementUse, use: ElementUse) -> Iterator[str]:
    """A form with alternatives stands right after the qualifier that chooses, and each has its code there."""
    names = set(use.form.split("|"))
    if len(names) > 1 and {QUALIFIED.get(code) for code in qualifier.codes} != names:
        yield f"{use.ref}: what stands before it does not choose between {use.form}"


def _situation(situation: Situation, guide: Guide) -> Iterator[str]:
    """Every place it names is used in the guide: a situation about nothing would hold for ever."""
    if guide.root.id in (situation.until, *situation.loops):
        yield f"situation {situation.id}: the loop of a whole transaction set is never judged"
    conditions = [condition for condition in (situation.need, situation.when) if condition]
    names = {
        situation.at,
        situation.each,
        *(name for condition in conditions for name in places_of(condition)),
    }
    for loop_id, name in product(situation.loops, sorted(filter(None, names))):
        where = place(name)
        if where.address in guide.index:
            if guide.index[where.address] not in guide.index[where.loop or loop_id].children:
                yield f"situation {situation.id}: {loop_id} has no loop {name}"
            continue
        try:
            use = guide.find(where.loop or loop_id, where.address)
            element = use.elements[where.element - 1] if where.element else None
            if element and where.component:
                element = element.parts[where.component - 1]
        except LookupError:
            yield f"situation {situation.id}: the guide has no {name}"
            continue
        if element and element.usage == "N":
            yield f"situation {situation.id}: {name} is not used"
