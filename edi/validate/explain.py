"""What is wrong with a refused segment: its elements, one by one, against the same use that refused it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edi.guide.bounds import characters
from edi.guide.codes import meanings_of
from edi.guide.forms import Form
from edi.guide.shape import ElementUse
from edi.guide.standard import ELEMENTS, MONEY
from edi.validate.frame import Frame
from edi.validate.log import Log
from edi.validate.nodes import Node
from edi.validate.pattern import form_of, simple_pattern, size_of, text_class
from edi.validate.payload_findings import payload_fault
from edi.validate.relation import relations
from edi.x12.delimiters import Delimiters

_CODES_SHOWN = 12
_LONGEST = 10_000  # characters; no segment of a guide comes near it
ElementFault = tuple[str, str, str, Form | None]  # rule, element, message, the form that the value fails


def explain(
    node: Node, segment: str, position: int, log: Log, frame: Frame | None = None, skip: str = ""
) -> None:
    """Report every fault of a segment that its use refused, and mark the elements in `frame`. `skip` is an element that has had
    its finding."""
    for rule, element, message, form in faults(node, segment):
        if frame is not None:
            frame.flag(node.index, int(element[len(node.use.segment.id) :].partition("-")[0] or 0))
        if element == skip:
            continue
        log.add(
            rule,
            message,
            position=position,
            segment=node.use.segment.id,
            loop=node.loop.loop.id or None,
            element=element if element != node.use.segment.id else None,
            snip=form.snip if form else None,
            category=form.category if form else None,
            text=segment,
        )


def faults(node: Node, segment: str) -> Iterator[ElementFault]:
    """What is wrong with a segment, element by element; nothing exactly when `node.match` accepts it."""
    use, delimiters = node.use, node.delimiters
    name = use.segment.id
    if len(segment) > _LONGEST:
        yield "X12-SEGMENT-LONG", name, f"{name} is longer than {_LONGEST} characters; no segment is.", None
        return
    fields = segment.split(delimiters.element)
    if len(fields) - 1 > len(use.elements):
        last = f"{name}{len(use.elements):02}"
        yield "X12-ELEMENT-EXTRA", last, f"{name} has at most {len(use.elements)} elements.", None
    elif len(fields) > 1 and not fields[-1]:
        last = f"{name}{len(fields) - 1:02}"
        if use.elements[len(fields) - 2].usage != "R":
            yield "X12-ELEMENT-TRAILING", last, f"{name} ends in an empty element.", None
    for place, element in enumerate(use.elements, start=1):
        value = fields[place] if place < len(fields) else ""
        yield from _element_faults(element, value, fields[place - 1 : place], delimiters)
    for note in relations(use):
        if not note.holds(fields):
            yield (
                "X12-ELEMENT-RELATION",
                f"{name}{note.missing(fields):02}",
                f"In {name}, {note.says(name)}.",
                None,
            )


def _element_faults(
    element: ElementUse, value: str, before: list[str], delimiters: Delimiters
) -> Iterator[ElementFault]:
    if not value:
        if element.usage == "R":
            yield (
                "X12-ELEMENT-MISSING",
                element.ref,
                f"{element.ref} ({element.name}) is empty; it is required.",
                None,
            )
    elif element.usage == "N":
        yield "X12-ELEMENT-NOT-USED", element.ref, f"{element.ref} is not used in this guide.", None
    else:
        qualifier = before[0] if before else ""
        yield from _repeated_faults(element, value, qualifier, delimiters)


def _repeated_faults(
    element: ElementUse, value: str, qualifier: str, delimiters: Delimiters
) -> Iterator[ElementFault]:
    """The faults of an element that may come several times in its place."""
    separator = delimiters.repetition
    alone = [*_once_faults(element, value, qualifier, delimiters)]
    if not alone or not separator or separator not in value:
        yield from alone
        return
    values = value.split(separator)
    if len(values) > element.repeat:
        allowed = "once" if element.repeat == 1 else f"at most {element.repeat} times"
        message = f"{element.ref} ({element.name}) comes {len(values)} times, parted by {separator}; the guide has it {allowed}."
        yield "X12-ELEMENT-REPEAT", element.ref, message, None
        return
    for each in values:
        yield from _once_faults(element, each, qualifier, delimiters)


def _once_faults(
    element: ElementUse, value: str, qualifier: str, delimiters: Delimiters
) -> Iterator[ElementFault]:
    if element.parts:
        yield from _component_faults(element, value, delimiters)
    else:
        yield from value_faults(element, value, qualifier, delimiters)


def _component_faults(element: ElementUse, value: str, delimiters: Delimiters) -> Iterator[ElementFault]:
    parts = value.split(delimiters.component)
    if len(parts) > len(element.parts):
        message = f"{element.ref} has at most {len(element.parts)} components."
        yield "X12-ELEMENT-EXTRA", element.ref, message, None
    elif not parts[-1] and element.parts[len(parts) - 1].usage != "R":
        yield "X12-ELEMENT-TRAILING", element.ref, f"{element.ref} ends in an empty component.", None
    for place, part in enumerate(element.parts):
        component = parts[place] if place < len(parts) else ""
        yield from _element_faults(part, component, parts[place - 1 : place] if place else [], delimiters)


def value_faults(
    element: ElementUse, value: str, qualifier: str, delimiters: Delimiters
) -> Iterator[ElementFault]:
    """The fault of one value, if it has one; the most telling alone: a wrong character is not also a wrong code."""
    # A qualifier that is itself wrong has had its own finding; the value is then not judged by its form.
    form = form_of(element, qualifier) if element.form else None
    if element.codes:
        fine = value in element.codes
    elif element.form:
        fine = not form or form.fits(value)
    else:
        fine = bool(re.fullmatch(simple_pattern(element, delimiters), value))
    if fine:
        return
    ref, what = element.ref, f"{element.ref} ({element.name})"
    if not re.fullmatch(f"{text_class(delimiters)}*", value):
        yield "X12-ELEMENT-CHARACTER", ref, f"{what} holds a character that X12 does not have.", None
    elif element.codes:
        message = f"{what} holds a code not allowed here; expected {_codes(element)}."
        yield "X12-ELEMENT-CODE", ref, message, None
    elif form:
        yield "X12-ELEMENT-FORM", ref, f"{what} is not {form.says}.", form
    else:
        yield _type_fault(element, value)


def _type_fault(element: ElementUse, value: str) -> ElementFault:
    low, high = size_of(element)
    kind = ELEMENTS[element.number].type
    if kind == "B":
        rule, message = payload_fault(value)
        return rule, element.ref, f"{element.ref} ({element.name}) {message}", None
    ref, what = element.ref, f"{element.ref} ({element.name})"
    length = characters(value, number=kind in ("R", "N0"))
    if length > high:
        message = f"{what} is {length} characters long; at most {high} are allowed."
        return "X12-ELEMENT-LONG", ref, message, None
    if length < low:
        message = f"{what} is {length} characters long; at least {low} are wanted."
        return "X12-ELEMENT-SHORT", ref, message, None
    if element.number == MONEY and re.fullmatch(r"-?[0-9]*\.[0-9]{3,}", value):
        return "X12-AMOUNT-DECIMALS", ref, f"{what} is an amount; it has at most two decimals.", None
    return "X12-ELEMENT-TYPE", ref, f"{what} is not a number of X12's type {kind}.", None


def _codes(element: ElementUse) -> str:
    meanings = meanings_of(element)
    shown = [
        f"{code} ({meanings[code]})" if code in meanings else code for code in element.codes[:_CODES_SHOWN]
    ]
    more = len(element.codes) - len(shown)
    listed = f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"{listed} and {more} more" if more else listed
