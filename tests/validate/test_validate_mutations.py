"""Every demand of the guide, broken once in a valid file: one finding, of the right rule, at its place, and no other.

A mutator yields, for each place in the guide that it can break, the set with the break and what must be found.
The files are made by `x12_maker`, which fills every loop and element of the guide.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from x12_maker import DENTAL, Seg, file_of, sealed, whole_set

from edi.guide.shape import ElementUse
from edi.guide.standard import ELEMENTS
from edi.validate.relation import relations
from edi.validate.run import validate_stream


class Broken(NamedTuple):
    """A file with one fault, and the finding that it earns."""

    what: str
    segments: list[str]
    rule: str
    position: int
    element: str | None = None


@cache
def base() -> tuple[Seg, ...]:
    return tuple(whole_set())


@cache
def places() -> dict[str, int]:
    """The first index of each use in the file, by loop and address."""
    found: dict[str, int] = {}
    for index, seg in enumerate(base()):
        found.setdefault(f"{seg.loop.id} {seg.use.address}", index)
    return found


def inner() -> Iterator[tuple[str, int, Seg]]:
    """Every use but ST and SE, which belong to the envelope."""
    for name, index in places().items():
        if not name.startswith(("ST ST", "ST SE")):
            yield name, index, base()[index]


def with_segment(index: int, *text: str) -> list[str]:
    """The file with other segments in the place of one."""
    segments = [seg.text for seg in base()]
    return sealed([*segments[:index], *text, *segments[index + 1 :]])


def elements() -> Iterator[tuple[str, int, Seg, int, int, ElementUse]]:
    """Every element and component of every use: name, index, segment, element number, component number (0: none), use."""
    for name, index, seg in inner():
        for number, element in enumerate(seg.use.elements, start=1):
            yield f"{name} {element.ref}", index, seg, number, 0, element
            for part, component in enumerate(element.parts, start=1):
                yield f"{name} {component.ref}", index, seg, number, part, component


def put(seg: Seg, number: int, part: int, value: str) -> str:
    return (seg.put_part(number, part, value) if part else seg.put(number, value)).text


def present(seg: Seg, number: int, part: int) -> bool:
    if number >= len(seg.fields) or not seg.fields[number]:
        return False
    return not part or (
        part <= len(seg.fields[number].split(":")) and bool(seg.fields[number].split(":")[part - 1])
    )


def required_elements() -> Iterator[Broken]:
    for name, index, seg, number, part, use in elements():
        if use.usage != "R" or not present(seg, number, part):
            continue
        text = put(seg, number, part, "")
        yield Broken(name, with_segment(index, text), "X12-ELEMENT-MISSING", index + 1, use.ref)


def unused_elements() -> Iterator[Broken]:
    for name, index, seg, number, part, use in elements():
        if use.usage == "N" and (not part or present(seg, number, 1)):
            text = put(seg, number, part, "X")
            yield Broken(name, with_segment(index, text), "X12-ELEMENT-NOT-USED", index + 1, use.ref)


def codes() -> Iterator[Broken]:
    for name, index, seg, number, part, use in elements():
        if use.codes and present(seg, number, part):
            wrong = next(
                code * len(use.codes[0]) for code in "98QX" if code * len(use.codes[0]) not in use.codes
            )
            text = put(seg, number, part, wrong)
            yield Broken(name, with_segment(index, text), "X12-ELEMENT-CODE", index + 1, use.ref)


def sizes(use: ElementUse) -> tuple[int, int]:
    return use.low or ELEMENTS[use.number].low, use.high or ELEMENTS[use.number].high


def free(kinds: str) -> Iterator[tuple[str, int, Seg, int, int, ElementUse]]:
    """Elements without codes and form, of one of some types."""
    for each in elements():
        _, _, seg, number, part, use = each
        simple = use.number in ELEMENTS and not use.codes and not use.form
        if (
            use.usage != "N"
            and simple
            and present(seg, number, part)
            and ELEMENTS[use.number].type in kinds.split()
        ):
            yield each


def long_values() -> Iterator[Broken]:
    for name, index, seg, number, part, use in free("AN ID R N0"):
        text = put(seg, number, part, "1" * (sizes(use)[1] + 1))
        yield Broken(name, with_segment(index, text), "X12-ELEMENT-LONG", index + 1, use.ref)


def short_values() -> Iterator[Broken]:
    for name, index, seg, number, part, use in free("AN ID"):
        if sizes(use)[0] > 1:
            text = put(seg, number, part, "A" * (sizes(use)[0] - 1))
            yield Broken(name, with_segment(index, text), "X12-ELEMENT-SHORT", index + 1, use.ref)


def numbers() -> Iterator[Broken]:
    for name, index, seg, number, part, use in free("R N0"):
        text = put(seg, number, part, "A"[: sizes(use)[1]])
        yield Broken(name, with_segment(index, text), "X12-ELEMENT-TYPE", index + 1, use.ref)


def characters() -> Iterator[Broken]:
    for name, index, seg, number, part, use in free("AN"):
        text = put(seg, number, part, "A\xe9B"[: sizes(use)[1]] if sizes(use)[1] > 1 else "\xe9")
        yield Broken(name, with_segment(index, text), "X12-ELEMENT-CHARACTER", index + 1, use.ref)


def forms() -> Iterator[Broken]:
    for name, index, seg, number, part, use in elements():
        if use.form and present(seg, number, part):
            text = put(seg, number, part, "-")
            yield Broken(name, with_segment(index, text), "X12-ELEMENT-FORM", index + 1, use.ref)


def relations_broken() -> Iterator[Broken]:
    """Each syntax note that the guide leaves open: its first element alone, where the note can fail so."""
    for name, index, seg in inner():
        for note in relations(seg.use):
            for kept in note.places:
                cut = seg
                for place in note.places:
                    use = seg.use.elements[place - 1]
                    if place != kept and use.usage == "S":
                        cut = cut.put(place, "")
                if len(cut.fields) <= kept or not cut.fields[kept]:
                    continue
                failing = [each for each in relations(seg.use) if not each.holds(list(cut.fields))]
                if failing == [note]:
                    ref = f"{seg.use.segment.id}{note.missing(list(cut.fields)):02}"
                    yield Broken(
                        f"{name} {note}",
                        with_segment(index, cut.text),
                        "X12-ELEMENT-RELATION",
                        index + 1,
                        ref,
                    )


def extra_elements() -> Iterator[Broken]:
    for name, index, seg in inner():
        use = seg.use
        padded = [*seg.fields, *[""] * (len(use.elements) + 1 - len(seg.fields)), "X"]
        ref = f"{use.segment.id}{len(use.elements):02}"
        yield Broken(name, with_segment(index, "*".join(padded)), "X12-ELEMENT-EXTRA", index + 1, ref)


def trailing_elements() -> Iterator[Broken]:
    for name, index, seg in inner():
        if len(seg.fields) <= len(seg.use.elements):
            ref = f"{seg.use.segment.id}{len(seg.fields):02}"
            yield Broken(name, with_segment(index, f"{seg.text}*"), "X12-ELEMENT-TRAILING", index + 1, ref)


def required_segments() -> Iterator[Broken]:
    for name, index, seg in inner():
        if seg.use.usage == "R" and (seg.loop.trigger is not seg.use or _goes_on(index)):
            yield Broken(name, with_segment(index), "X12-SEGMENT-MISSING", index + 1)


def _goes_on(index: int) -> bool:
    """Whether a loop that begins at an index is required, and has more than its first segment."""
    seg, after = base()[index], base()[index + 1]
    return seg.loop.usage == "R" and after.path[: len(seg.path)] == seg.path


def required_loops() -> Iterator[Broken]:
    for loop in DENTAL.index.values():
        if loop.usage != "R" or loop is DENTAL.root:
            continue
        start = places()[f"{loop.id} {loop.trigger.address}"]
        if loop.id == "2000B":
            continue  # it holds the claims, and what their loops are
        around = base()[start].path[:-1]
        kept = [
            seg.text
            for seg in base()
            if seg.path[: len(around)] != around or not "".join(seg.path[len(around) :]).startswith(loop.id)
        ]
        yield Broken(loop.id, sealed(kept), "X12-LOOP-MISSING", start + 1)


def repeats() -> Iterator[Broken]:
    for name, index, seg in inner():
        use = seg.use
        if seg.loop.trigger is use or not use.repeat:
            continue
        same = 1
        while base()[index + same].use is use:
            same += 1
        # A copy of an adjustment adjusts by nothing, so that the balance stays.
        copy = [seg.put(3, "0").fields[0:4], seg.fields][use.segment.id != "CAS"]
        copies = [seg.text, *["*".join(copy)] * (use.repeat - same + 1)]
        yield Broken(name, with_segment(index, *copies), "X12-SEGMENT-REPEAT", index + use.repeat + 1)


def strangers() -> Iterator[Broken]:
    for name, index, seg in inner():
        yield Broken(name, with_segment(index, seg.text, "ZZZ*1*2"), "X12-SEGMENT-UNKNOWN", index + 2)


def misnamed_segments() -> Iterator[Broken]:
    """A required segment under a wrong id."""
    for name, index, seg in inner():
        if seg.use.usage == "R" and seg.loop.usage == "R":
            text = "*".join(("ZZZ", *seg.fields[1:]))
            yield Broken(name, with_segment(index, text), "X12-SEGMENT-UNKNOWN", index + 1)


def late_segments() -> Iterator[Broken]:
    """Each segment moved to the end of its loop's own segments, where that is no place for it."""
    segments = [seg.text for seg in base()]
    for name, index, seg in inner():
        if seg.loop.trigger is seg.use or seg.use.repeat != 1:
            continue
        last = index
        while base()[last + 1].path == seg.path and base()[last + 1].loop is seg.loop:
            last += 1
        if base()[last].use.position > seg.use.position:
            moved = [
                *segments[:index],
                *segments[index + 1 : last + 1],
                segments[index],
                *segments[last + 1 :],
            ]
            yield Broken(name, sealed(moved), "X12-SEGMENT-ORDER", last + 1)


MUTATORS = (
    required_elements,
    unused_elements,
    codes,
    long_values,
    short_values,
    numbers,
    characters,
    forms,
    relations_broken,
    extra_elements,
    trailing_elements,
    required_segments,
    required_loops,
    repeats,
    strangers,
    misnamed_segments,
    late_segments,
)


def found(broken: Broken) -> list[tuple[str, int | None, str | None]]:
    verdict = validate_stream(io.BytesIO(file_of(broken.segments)), "x")
    return [(each.rule, each.position, each.element) for each in verdict.findings]


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda mutator: mutator.__name__)
def test_each_break_is_found_once_at_its_place(mutator: object) -> None:
    wrong = {}
    for broken in mutator():  # type: ignore[operator]
        if found(broken) != [(broken.rule, broken.position, broken.element)]:
            wrong[broken.what] = ((broken.rule, broken.position, broken.element), found(broken))
    assert not wrong


def test_there_are_enough_of_them() -> None:
    counts = Counter({mutator.__name__: sum(1 for _ in mutator()) for mutator in MUTATORS})
    assert counts.total() > 2000, counts
    assert min(counts.values()) >= 10, counts


def test_the_file_they_are_made_from_holds_the_whole_guide_and_is_valid() -> None:
    made = {f"{seg.loop.id} {seg.use.address}" for seg in base()}
    every = {f"{loop.id} {use.address}" for loop in DENTAL.index.values() for use in loop.segments()}
    assert made == every
    verdict = validate_stream(io.BytesIO(file_of(sealed([seg.text for seg in base()]))), "x")
    assert (verdict.findings, verdict.claims) == ([], 4)
