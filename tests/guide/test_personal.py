"""What `--mask` covers: every text of a person's loop, and whatever is wrong in its place."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_maker import DENTAL, file_of, texts, whole_set

from edi.flows import inspect
from edi.guide.envelope import ENVELOPE
from edi.guide.personal import cover, is_listed
from edi.guide.registry import VERSIONS, guide
from edi.guide.shape import ElementUse, Loop
from edi.guide.standard import ELEMENTS
from edi.report.inspect_page import PageOptions, tree_section
from edi.report.inspect_text import tree_lines

PERSONS = {"2010BA", "2010CA", "2330A"}
TEXT = {"AN", "DT", "B"}


def uses(loop: Loop) -> Iterator[tuple[ElementUse, str]]:
    """Every simple element used in a loop, with the code that may stand before it."""
    for use in loop.segments():
        for element in use.elements:
            before = ""
            for part in element.parts or (element,):
                if part.usage != "N":
                    yield part, before
                before = part.codes[0] if part.codes else ""
        key = use.keys[0] if use.keys else ""
        yield from ((element, key) for element in use.elements if element.usage != "N" and not element.parts)


def test_every_person_of_the_guide_is_known() -> None:
    """Loops of an insured or a patient are those above, and no other."""
    found = {
        loop.id
        for loop in DENTAL.index.values()
        if loop.trigger.segment.id == "NM1" and {"IL", "QC"} & set(loop.trigger.keys)
    }
    assert found == PERSONS


@pytest.mark.parametrize("loop_id", sorted(PERSONS))
def test_every_text_of_a_person_is_covered(loop_id: str) -> None:
    loop = DENTAL.index[loop_id]
    seen = 0
    for element, qualifier in uses(loop):
        standard = ELEMENTS[element.number]
        if element.codes or (standard.type not in TEXT and element.number != "116"):
            continue
        seen += 1
        assert cover(loop, element, qualifier) == "whole", element.ref
    assert seen > 5


def test_every_text_element_has_been_thought_about() -> None:
    guides = [guide(version) for version in VERSIONS]
    loops = [loop for each in guides if each for loop in each.index.values()]
    numbers = {element.number for loop in loops for element, _ in uses(loop)}
    numbers |= {element.number for use in ENVELOPE.values() for element in use.elements}
    unlisted = {number for number in numbers if ELEMENTS[number].type == "AN" and not is_listed(number)}
    assert unlisted == set()


@pytest.mark.parametrize(
    ("loop_id", "address", "place", "qualifier", "covered"),
    [
        ("2300", "CLM", 1, "", "whole"),
        ("2300", "DTP:472", 3, "D8", "day"),
        ("2300", "REF:G1", 2, "G1", "whole"),
        ("2300", "NTE", 2, "ADD", "whole"),
        ("2300", "PWK", 6, "AC", "whole"),
        ("2300", "K3", 1, "", "whole"),
        ("2000B", "SBR", 3, "", "whole"),
        ("2000B", "SBR", 4, "", "whole"),
        ("2400", "REF:6R", 2, "6R", "whole"),
        ("2330B", "REF:F8", 2, "F8", "whole"),
        ("2330B", "DTP:573", 3, "D8", "day"),
        ("2310C", "N3", 1, "", "whole"),  # may be the patient's home
        ("2010AA", "REF:EI", 2, "SY", "whole"),
        ("2010AA", "REF:EI", 2, "EI", ""),
        ("2010AA", "NM1", 3, "", ""),
        ("2010BB", "NM1", 9, "PI", ""),
        ("2010BB", "REF:G2", 2, "G2", ""),
        ("2300", "DN2", 1, "", ""),
        ("2400", "TOO", 2, "", ""),
        ("2400", "SV3", 2, "", ""),
        ("ST", "BHT", 4, "", ""),
    ],
)
def test_what_is_covered(loop_id: str, address: str, place: int, qualifier: str, covered: str) -> None:
    element = DENTAL.find(loop_id, address).elements[place - 1]
    assert cover(DENTAL.index[loop_id], element, qualifier) == covered


SECRET = "QQSECRETQQ"


def shown(data: bytes) -> str:
    with inspect(io.BytesIO(data), "file") as tree:
        page = "".join(tree_section(tree, tree.noted, PageOptions(elements=False, mask=True)))
        return "\n".join(tree_lines(tree.parts(), mask=True)) + page


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_what_stands_where_it_should_not_is_covered(data: st.DataObject) -> None:
    """A name may be typed anywhere: into a code, an amount, a tooth, a segment's own name."""
    segments = texts(whole_set(full=False))
    place = data.draw(st.integers(1, len(segments) - 1))
    fields = segments[place].split("*")
    business = fields[0] in ("NM1", "N3", "N4", "PER") and place < 12
    element = data.draw(st.integers(0, len(fields) - 1))
    if business or (fields[0], element) in (("BHT", 3), ("SE", 2)):
        return
    if fields[0] == "NM1" and fields[1] not in ("IL", "QC") and element not in (1, 2, 8):
        return
    fields[element] = SECRET
    segments[place] = "*".join(fields)
    assert SECRET not in shown(file_of(segments))


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (b"*000000001*0*T", b"*QQSECRETQQ*0*T"),
        (b"*0930*1*X*", b"*0930*QQSECRETQQ*X*"),
        (b"ST*837*0001*", b"ST*837*QQSECRETQQ*"),
    ],
)
def test_a_control_number_that_is_none_is_covered(number: bytes, name: bytes) -> None:
    data = file_of(texts(whole_set(full=False)))
    assert number in data
    assert SECRET not in shown(data.replace(number, name, 1))


def test_birth_dates_and_days_of_care_are_covered() -> None:
    text = shown(file_of(texts(whole_set())))
    for line in text.splitlines():
        if "DMG02" in line:
            assert "•••" in line
    assert "2026-••-••" in text
