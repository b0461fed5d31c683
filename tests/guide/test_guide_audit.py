"""The guide is sound, and the audit that says so sees each kind of fault when one is planted."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edi.guide.audit import audit, audit_segment
from edi.guide.codes import MEANINGS, meanings_of, read
from edi.guide.comparison import SumIs
from edi.guide.condition import All, Has, Is, Not, Situation
from edi.guide.envelope import ENVELOPE
from edi.guide.notation import R, S, loop, use
from edi.guide.registry import VERSIONS, guide
from edi.guide.shape import NOT_USED, ElementUse, Guide, Loop, SegmentUse

DENTAL = guide("005010X224A2")
assert DENTAL is not None

Change = Callable[[SegmentUse], SegmentUse]


def planted(loop_id: str, address: str, change: Change) -> Guide:
    """The dental guide with one segment use changed."""
    target = DENTAL.find(loop_id, address)
    copies: dict[str, Loop] = {}

    def copy(old: Loop) -> Loop:
        if old.id not in copies:
            copies[old.id] = replace(
                old,
                children=tuple(
                    copy(child) if isinstance(child, Loop) else change(child) if child is target else child
                    for child in old.children
                ),
            )
        return copies[old.id]

    return replace(DENTAL, root=copy(DENTAL.root), index={})


def element(place: int, **changes: object) -> Change:
    """Changes fields of one element of a use."""

    def change(old: SegmentUse) -> SegmentUse:
        elements = list(old.elements)
        elements[place - 1] = replace(elements[place - 1], **changes)
        return replace(old, elements=tuple(elements))

    return change


def component(place: int, part: int, **changes: object) -> Change:
    def change(old: SegmentUse) -> SegmentUse:
        parts = list(old.elements[place - 1].parts)
        parts[part - 1] = replace(parts[part - 1], **changes)
        return element(place, parts=tuple(parts))(old)

    return change


@pytest.mark.parametrize("version", VERSIONS)
def test_every_guide_is_sound(version: str) -> None:
    found = guide(version)
    assert found is not None
    assert audit(found) == []


def test_the_envelope_is_sound() -> None:
    assert [fault for each in ENVELOPE.values() for fault in audit_segment(each)] == []


@pytest.mark.parametrize(
    ("loop_id", "address", "change", "fault"),
    [
        ("2300", "CLM", element(3, codes=("X",)), "CLM03 is not used but says something"),
        ("2300", "CLM", element(3, form="D8"), "CLM03 is not used but says something"),
        ("2300", "CLM", element(3, name="Kind"), "CLM03 is not used but says something"),
        ("2300", "CLM", element(1, name=""), "CLM01 has no name"),
        ("2300", "CLM", element(2, number="0000"), "CLM02: there is no element 0000"),
        ("2300", "CLM", element(3, number="0000"), "CLM03: there is no element 0000"),
        ("2300", "CLM", element(7, codes=("A", "Q")), "CLM07: code Q has no meaning"),
        ("2300", "CLM", element(7, codes=("A", "A")), "CLM07 has a code twice"),
        ("2300", "CLM", element(7, codes=("AA",)), "CLM07: code AA is no ID 1/1"),
        ("2300", "CLM", element(7, form="POS"), "CLM07 has codes and a form"),
        ("2300", "CLM", element(1, form="NONE"), "CLM01: there is no form NONE"),
        ("2300", "CLM", element(2, form="D8"), "CLM02: form D8 does not fit R 1/18"),
        ("2300", "CLM", element(1, high=39), "CLM01: length 1/39 is not within 1/38"),
        ("2300", "CLM", element(1, low=9, high=8), "CLM01: length 9/8 is not within 1/38"),
        ("2300", "CLM", element(5, codes=("X",)), "CLM05 is a composite: codes"),
        ("2300", "CLM", element(5, parts=()), "CLM05 is a composite without components"),
        ("2300", "CLM", component(5, 1, form="NPI"), "CLM05-1: form NPI does not fit AN 1/2"),
        ("2300", "CLM", element(1, parts=(R("CLM05-1 Part"),)), "CLM01 is no composite but has components"),
        ("2300", "HI", component(1, 1, codes=("ABK",)), "HI01-2: what stands before it does not choose"),
        ("2400", "LX", element(1, codes=("X",), form=""), "LX01: code X is no N0 1/6"),
        ("2300", "REF:G1", element(1, usage="S"), "REF01 is the key"),
        ("2300", "REF:G1", element(1, codes=()), "REF01 is the key"),
        ("2300", "CLM", lambda old: replace(old, usage="S"), "CLM opens the loop"),
        ("2300", "CLM", lambda old: replace(old, repeat=2), "CLM opens the loop"),
        ("2300", "CLM", lambda old: replace(old, position=1351), "position 1350 stands after 1351"),
        ("2300", "HI", lambda old: replace(old, usage="N"), "a child is of usage N"),
        (
            "2010AA",
            "N4",
            lambda old: replace(old, elements=(*old.elements[:3], *old.elements[4:])),
            "is about no elements of N4",
        ),
    ],
)
def test_a_planted_fault_is_found(loop_id: str, address: str, change: Change, fault: str) -> None:
    faults = audit(planted(loop_id, address, change))
    assert [each for each in faults if fault in each], faults


@pytest.mark.parametrize(
    ("loop_id", "address", "place", "note"),
    [
        ("1000A", "PER", 4, "P0304"),  # a number kind without its number
        ("2010AA", "REF:EI", 2, "R0203"),  # neither of two, one of which is wanted
        ("2010AA", "N4", 4, "C0704"),  # a subdivision without its country
    ],
)
def test_a_syntax_note_never_asks_for_an_element_not_used(
    loop_id: str, address: str, place: int, note: str
) -> None:
    def drop(old: SegmentUse) -> SegmentUse:
        elements = list(old.elements)
        elements[place - 1] = replace(
            NOT_USED, number=elements[place - 1].number, ref=elements[place - 1].ref
        )
        return replace(old, elements=tuple(elements))

    faults = [each for each in audit(planted(loop_id, address, drop)) if "situation" not in each]
    assert faults == [f"{loop_id} {address}: syntax note {note} asks for an element that is not used"]


def test_a_syntax_note_is_about_elements_that_exist() -> None:
    def change(old: SegmentUse) -> SegmentUse:
        return replace(old, segment=replace(old.segment, syntax=("P0109", "X0102")))

    faults = audit(planted("2300", "NTE", change))
    assert faults == [
        f"2300 NTE: syntax note {note} is about no elements of NTE" for note in ("P0109", "X0102")
    ]


ALIKE = [
    ("2300", "REF:G1", ("G3",), "REF:G3", "siblings of one position"),
    ("2310A", "NM1:DN", ("82",), "NM1:82", "sibling loops"),
    ("2330C", "NM1:DN", ("IL", "P3"), "NM1:IL", "sibling loops, by one code of two"),
    ("2000C", "HL:23", ("22",), "HL:22", "a loop's trigger and the loop around it"),
    ("2000B", "HL:22", ("20",), "HL:20", "a loop's trigger and the level above"),
]


@pytest.mark.parametrize(("loop_id", "address", "codes", "other", "_why"), ALIKE)
def test_uses_that_share_a_key_are_found(
    loop_id: str, address: str, codes: tuple[str, ...], other: str, _why: str
) -> None:
    place = DENTAL.find(loop_id, address).key
    faults = audit(planted(loop_id, address, element(place, codes=codes)))
    assert any("share a key" in fault and other in fault for fault in faults), faults


def test_a_use_without_key_is_like_every_use_of_its_segment() -> None:
    faults = audit(planted("2300", "REF:G1", lambda old: replace(old, key=0)))
    assert any("share a key" in fault and "REF:F8" in fault for fault in faults)


def small(*children: SegmentUse | Loop) -> Guide:
    return Guide("TEST", "837", "HC", "Test", loop("ST R 1 Test", _segment("ST", 1), *children))


def _segment(name: str, position: int, repeat: int = 1) -> SegmentUse:
    """A use of N3 (no key), LX or ST."""
    elements: dict[str, tuple[ElementUse, ...]] = {
        "N3": (R("N301 Line 1"), S("N302 Line 2")),
        "LX": (R("LX01 Number"),),
        "ST": (R("ST01 Set"), R("ST02 Number"), S("ST03 Guide")),
    }
    return use(f"{name} {position} R {repeat} {name} at {position}", *elements[name])


def test_a_loop_is_told_apart_from_what_stands_before_it() -> None:
    inner = loop("A R 1 Inner", _segment("LX", 2), _segment("N3", 3))
    assert not audit(small(_segment("N3", 1), inner))


def test_a_repeating_use_is_like_its_later_sibling() -> None:
    assert not audit(small(_segment("N3", 1), _segment("LX", 2)))
    faults = audit(small(_segment("N3", 1, repeat=5), _segment("N3", 2)))
    assert any("after ST N3: N3 (N3 at 1, in ST) and N3 (N3 at 2, in ST)" in fault for fault in faults)


def test_an_inner_segment_is_like_the_later_sibling_of_its_loop() -> None:
    inner = loop("A R 1 Inner", _segment("LX", 2), _segment("N3", 3))
    faults = audit(small(inner, _segment("N3", 4)))
    assert any("N3 (N3 at 3, in A) and N3 (N3 at 4, in ST) share a key" in fault for fault in faults)


@pytest.mark.parametrize(
    ("situation", "fault"),
    [
        (Situation("x", "2300", Has("REF:F8"), "CLM 05-3", ""), ""),
        (Situation("x", "2300", Has("REF:XX"), "CLM", ""), "the guide has no REF:XX"),
        (Situation("x", "2300", Has("CLM"), "CLM 21", ""), "the guide has no CLM 21"),
        (Situation("x", "2300", Has("CLM"), "CLM", "", when=Is("2400/SV3 01-9", "A")), "no 2400/SV3 01-9"),
        (Situation("x", "2300", Has("CLM"), "CLM", "", when=Not(All(Has("CLM 03")))), "CLM 03 is not used"),
        (Situation("x", "2300", SumIs("CLM 02", ("2499/SV3 02",)), "CLM 02", ""), "no 2499/SV3 02"),
        (
            Situation("x", "ST", Has("BHT 06"), "BHT 06", ""),
            "the loop of a whole transaction set is never judged",
        ),
    ],
)
def test_a_situation_about_nothing_is_found(situation: Situation, fault: str) -> None:
    faults = audit(replace(DENTAL, situations=(situation,), index={}))
    assert len(faults) == bool(fault)
    assert all(fault in each for each in faults)


def test_every_meaning_belongs_to_a_code_in_use() -> None:
    used: set[tuple[int, str]] = set()

    def note(each: ElementUse) -> None:
        used.update((id(meanings_of(each)), code) for code in each.codes)
        for part in each.parts:
            note(part)

    guides = [found for version in VERSIONS if (found := guide(version))]
    loops = [one for each in guides for one in each.index.values()]
    uses = [*ENVELOPE.values(), *(each for one in loops for each in one.segments())]
    for each in uses:
        for one in each.elements:
            note(one)
    idle = [
        (number, code)
        for number, meanings in MEANINGS.items()
        for code in meanings
        if (id(meanings), code) not in used
    ]
    assert idle == []


def test_a_code_is_given_its_meaning_once() -> None:
    assert read("# 1\nA one\n# 2\nA two\n", "# 1\nB three\n") == {
        "1": {"A": "one", "B": "three"},
        "2": {"A": "two"},
    }
    with pytest.raises(ValueError, match=r"code A .again. stands twice"):
        read("# 1\nA one\n", "# 2\nB two\n# 1\nA again\n")
