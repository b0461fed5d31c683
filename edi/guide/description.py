"""A guide as plain data, for pages and for other programs: schemas/guide.schema.json describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypedDict

from edi.guide.audit import audit
from edi.guide.codes import meanings_of
from edi.guide.envelope import ENVELOPE
from edi.guide.forms import FORMS, forms_of
from edi.guide.shape import ElementUse, Guide, Loop, SegmentUse
from edi.guide.standard import COMPOSITES, ELEMENTS

ORIGIN = (
    "It was collected from public code, templates, samples and official interpretations; the licensed guide itself was not "
    'read. Where sources disagree the reading that accepts more stands here, and the note says "Doubt".'
)


class CodeFact(TypedDict):
    code: str
    meaning: str


class ElementFact(TypedDict):
    """An element or component. A composite has components, and no lengths."""

    ref: str
    number: str
    name: str
    usage: str
    repeat: int
    type: str
    minLength: int | None
    maxLength: int | None
    codes: list[CodeFact]
    forms: list[str]
    note: str
    components: list[ElementFact]


class SegmentFact(TypedDict):
    """A segment at its place. `keys` are the values of the element `key` that tell it from others of its id."""

    kind: Literal["segment"]
    id: str
    key: str | None
    keys: list[str]
    name: str
    usage: str
    repeat: int | None
    position: int
    syntax: list[str]
    note: str
    elements: list[ElementFact]


class LoopReference(TypedDict):
    kind: Literal["loop"]
    id: str
    name: str
    usage: str
    repeat: int | None


class SituationFact(TypedDict):
    id: str
    severity: str
    snip: int
    says: str
    source: str


class LoopFact(TypedDict):
    id: str
    name: str
    usage: str
    repeat: int | None
    parents: list[str]
    note: str
    children: list[SegmentFact | LoopReference]
    situations: list[SituationFact]


class FormFact(TypedDict):
    name: str
    says: str
    minLength: int
    maxLength: int
    snip: int


class DoubtFact(TypedDict):
    loop: str
    place: str
    note: str


class GuideFact(TypedDict):
    """A whole guide, its outermost loop first."""

    version: str
    transaction: str
    functionalId: str
    interchange: str
    name: str
    origin: str
    envelope: list[SegmentFact]
    loops: list[LoopFact]
    forms: list[FormFact]
    doubts: list[DoubtFact]


def describe(guide: Guide) -> GuideFact:
    """All that a guide says. Raises ValueError when it is not sound."""
    if faults := audit(guide):
        raise ValueError("\n".join(faults))
    return {
        "version": guide.version,
        "transaction": guide.transaction,
        "functionalId": guide.functional_id,
        "interchange": guide.interchange,
        "name": guide.name,
        "origin": ORIGIN,
        "envelope": [_segment(use) for use in ENVELOPE.values()],
        "loops": [_loop(each, guide) for each in guide.index.values()],
        "forms": [
            {
                "name": form.name,
                "says": form.says,
                "minLength": form.low,
                "maxLength": form.high,
                "snip": form.snip,
            }
            for form in FORMS.values()
        ],
        "doubts": list(_doubts(guide)),
    }


def narrowed(fact: GuideFact, loop_id: str) -> GuideFact:
    """The same with one loop alone, and without the envelope. KeyError when the guide has no such loop."""
    loops = [each for each in fact["loops"] if each["id"] == loop_id]
    if not loops:
        raise KeyError(loop_id)
    doubts = [each for each in fact["doubts"] if each["loop"] == loop_id]
    return {**fact, "envelope": [], "loops": loops, "doubts": doubts}


def times(use: LoopFact | LoopReference | SegmentFact) -> str:
    """Usage and repeat in short: "R, ×1"."""
    return f"{use['usage']}, " + (">1" if use["repeat"] is None else f"×{use['repeat']}")


def segment_heading(use: SegmentFact) -> str:
    """How a segment is told from others of its id: "REF*G1", "DTP (DTP02 D8)", "CLM"."""
    codes = "/".join(use["keys"])
    if not use["key"]:
        return use["id"]
    return f"{use['id']}*{codes}" if use["key"] == f"{use['id']}01" else f"{use['id']} ({use['key']} {codes})"


def _loop(loop: Loop, guide: Guide) -> LoopFact:
    return {
        "id": loop.id,
        "name": loop.name,
        "usage": loop.usage,
        "repeat": loop.repeat or None,
        "parents": [each.id for each in guide.index.values() if loop in each.children],
        "note": loop.note,
        "children": [
            _segment(child) if isinstance(child, SegmentUse) else _reference(child) for child in loop.children
        ],
        "situations": [
            {
                "id": each.id,
                "severity": each.severity,
                "snip": each.snip,
                "says": each.says,
                "source": each.source,
            }
            for each in guide.situations
            if loop.id in each.loops
        ],
    }


def _reference(loop: Loop) -> LoopReference:
    return {
        "kind": "loop",
        "id": loop.id,
        "name": loop.name,
        "usage": loop.usage,
        "repeat": loop.repeat or None,
    }


def _segment(use: SegmentUse) -> SegmentFact:
    return {
        "kind": "segment",
        "id": use.segment.id,
        "key": use.elements[use.key - 1].ref if use.key else None,
        "keys": list(use.keys),
        "name": use.name,
        "usage": use.usage,
        "repeat": use.repeat or None,
        "position": use.position,
        "syntax": _syntax(use),
        "note": use.note,
        "elements": [_element(each) for each in use.elements if each.usage != "N"],
    }


def _syntax(use: SegmentUse) -> list[str]:
    """The standard's notes that bind two or more elements used here."""
    return [
        note
        for note in use.segment.syntax
        if sum(use.elements[int(place) - 1].usage != "N" for place in re.findall(r"\d\d", note)) > 1
    ]


def _element(use: ElementUse) -> ElementFact:
    element = None if use.number in COMPOSITES else ELEMENTS[use.number]
    meanings = meanings_of(use)
    return {
        "ref": use.ref,
        "number": use.number,
        "name": use.name,
        "usage": use.usage,
        "repeat": use.repeat,
        "type": element.type if element else "composite",
        "minLength": use.low or element.low if element else None,
        "maxLength": use.high or element.high if element else None,
        "codes": [{"code": code, "meaning": meanings[code]} for code in use.codes],
        "forms": [] if use.codes else [form.says for form in forms_of(use.form)],
        "note": use.note,
        "components": [_element(each) for each in use.parts if each.usage != "N"],
    }


def _doubts(guide: Guide) -> Iterator[DoubtFact]:
    """Every note that tells of a doubt, with its place."""
    for loop in guide.index.values():
        for use in loop.segments():
            notes = [(use.address, use.note)]
            notes += [
                (f"{use.address} {element.ref}", element.note)
                for whole in use.elements
                for element in (whole, *whole.parts)
            ]
            for where, note in notes:
                if "Doubt" in note:
                    yield {"loop": loop.id, "place": where, "note": note}
