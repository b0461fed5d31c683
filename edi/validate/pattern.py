"""One segment use, compiled into one regular expression: the fast test of a segment.

The expression says yes or no to the whole segment: element count, usage, types, lengths, codes, forms and
characters. What an expression cannot say (check digits, relations between elements) is a second test that runs only
where the use has such a thing. `edi.validate.explain` says what is wrong with a refused segment, from the same guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from edi.guide.forms import FORMS, QUALIFIED, Form, forms_of
from edi.guide.shape import NOT_USED, ElementUse, SegmentUse
from edi.guide.standard import ELEMENTS, MONEY
from edi.validate.relation import relations
from edi.x12.binary import DESCRIBED, WHOLE
from edi.x12.delimiters import Delimiters

SegmentTest = Callable[[str], object]


def size_of(element: ElementUse) -> tuple[int, int]:
    """The length allowed here: the standard's, narrowed by the guide."""
    standard = ELEMENTS[element.number]
    return element.low or standard.low, element.high or standard.high


def text_class(delimiters: Delimiters) -> str:
    """A character class of what data may hold."""
    return "[" + re.escape(delimiters.text_characters) + "]"


def form_of(element: ElementUse, qualifier: str) -> Form | None:
    """The form of a value, given the qualifier before it; None when the element has no form, or the qualifier
    tells of none."""
    if "|" in element.form:
        return FORMS.get(QUALIFIED.get(qualifier, ""))
    return FORMS[element.form] if element.form else None


def simple_pattern(
    element: ElementUse, delimiters: Delimiters, qualifier: ElementUse = NOT_USED, between: str = ""
) -> str:
    """The expression of a simple element or component that is present. `qualifier` is what stands before it,
    and `between` the separator that parts them."""
    if element.codes:
        return "(?:" + "|".join(map(re.escape, element.codes)) + ")"
    if "|" in element.form:
        lead, middle = re.escape(delimiters.element), re.escape(between)
        each = [f"(?<={lead}{code}{middle})(?:{FORMS[QUALIFIED[code]].pattern})" for code in qualifier.codes]
        return f"(?:{'|'.join(each)})"
    if element.form:
        return f"(?:{FORMS[element.form].pattern})"
    return _type_pattern(element, delimiters)


def _type_pattern(element: ElementUse, delimiters: Delimiters) -> str:
    low, high = size_of(element)
    match ELEMENTS[element.number].type:
        case "N0":
            return f"-?[0-9]{{{low},{high}}}"
        case "R":
            places = "{0,2}" if element.number == MONEY else "*"
            some = "{1,2}" if element.number == MONEY else "+"
            return (
                rf"-?(?=(?:\.?[0-9]){{{low},{high}}}(?![0-9]|\.[0-9]))"
                rf"(?:[0-9]+(?:\.[0-9]{places})?|\.[0-9]{some})"
            )
        case "B":
            return f"(?:{WHOLE}|{DESCRIBED}[0-9a-f]+)"
        case "DT" | "TM":
            return f"[0-9]{{{low},{high}}}"
        case _:
            return f"{text_class(delimiters)}{{{low},{high}}}"


Body = Callable[[ElementUse, ElementUse], str]


def _sequence(parts: tuple[ElementUse, ...], separator: str, body: Body) -> str:
    """Parts, each preceded by the separator; those after the last required one optional, none empty at the end."""
    last_required = max((place for place, part in enumerate(parts) if part.usage == "R"), default=-1)
    last_used = max((place for place, part in enumerate(parts) if part.usage != "N"), default=-1)
    each = []
    for part, before in zip(parts, (NOT_USED, *parts), strict=False):
        pattern = "" if part.usage == "N" else body(part, before)
        each.append(separator + (pattern if part.usage == "R" else f"(?:{pattern})?" if pattern else ""))
    optional = ""
    for pattern in reversed(each[last_required + 1 : last_used + 1]):
        optional = f"(?:{pattern}{optional})?"
    return f"{''.join(each[: last_required + 1])}{optional}(?<!{separator})"


def element_pattern(element: ElementUse, before: ElementUse, delimiters: Delimiters) -> str:
    """The expression of an element that is present, simple or composite, as often as it may come."""
    once = _once_pattern(element, before, delimiters)
    if element.repeat == 1 or not delimiters.repetition:
        return once
    if any(form.check for part in element.parts or (element,) for form in forms_of(part.form)):
        raise ValueError(f"{element.ref}: an element that repeats has a form that no pattern can judge")
    return f"{once}(?:{re.escape(delimiters.repetition)}{once}){{0,{element.repeat - 1}}}"


def _once_pattern(element: ElementUse, before: ElementUse, delimiters: Delimiters) -> str:
    if not element.parts:
        return simple_pattern(element, delimiters, before, delimiters.element)
    if element.parts[0].usage != "R":
        raise ValueError(f"{element.ref}: a composite in use requires its first component")
    component = re.escape(delimiters.component)
    body = _sequence(
        element.parts,
        component,
        lambda part, beside: simple_pattern(part, delimiters, beside, delimiters.component),
    )
    return body.removeprefix(component)  # each part is preceded by the separator; the first is not


def segment_test(use: SegmentUse, delimiters: Delimiters) -> SegmentTest:
    """A function that is true for a segment which this use accepts."""
    match, second = use_pattern(use, delimiters), second_test(use, delimiters)
    return (lambda segment: match(segment) and second(segment)) if second else match


def use_pattern(use: SegmentUse, delimiters: Delimiters) -> SegmentTest:
    """A function that is true for a segment which this use accepts as far as an expression can tell."""
    separator = re.escape(delimiters.element)
    body = _sequence(
        use.elements, separator, lambda element, before: element_pattern(element, before, delimiters)
    )
    return re.compile(use.segment.id + body).fullmatch


def second_test(use: SegmentUse, delimiters: Delimiters) -> SegmentTest | None:
    """The test for what the expression cannot say; None where the use needs none. Only for segments that matched."""
    checked = [
        (place, part_place, part)
        for place, element in enumerate(use.elements, start=1)
        for part_place, part in enumerate(element.parts or (element,))
        if any(form.check for form in forms_of(part.form)) and not part.codes
    ]
    notes = relations(use)
    if not checked and not notes:
        return None
    # A segment that ends before the first of these elements has nothing to test.
    first = min([place for place, _, _ in checked] + [note.earliest for note in notes])
    width = max([place for place, _, _ in checked] + [max(note.places) for note in notes]) + 1
    tests = [_check(place, part_place, part, delimiters.component) for place, part_place, part in checked]
    tests += [note.test() for note in notes]
    separator, blank = delimiters.element, [""] * width

    def test(segment: str) -> bool:
        fields = segment.split(separator)
        count = len(fields)
        if count <= first:
            return True
        if count < width:
            fields += blank
        for holds in tests:  # noqa: SIM110 - all() takes twice as long
            if not holds(fields):
                return False
        return True

    return test


def _check(place: int, part_place: int, part: ElementUse, separator: str) -> Callable[[Sequence[str]], bool]:
    """The test of one value, by a function of its segment's elements; `separator` parts components."""
    codes = QUALIFIED if "|" in part.form else ("",)
    checks = {code: form.check for code in codes if (form := form_of(part, code)) and form.check}
    if "" in checks and not part_place:
        check = checks[""]
        return lambda fields: not fields[place] or check(fields[place].partition(separator)[0])

    def holds(fields: Sequence[str]) -> bool:
        parts = fields[place].split(separator)
        if part_place >= len(parts) or not parts[part_place]:
            return True
        before = "" if "" in checks else parts[part_place - 1] if part_place else fields[place - 1]
        check = checks.get(before)
        return check is None or check(parts[part_place])

    return holds
