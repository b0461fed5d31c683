"""The notation of guides: what it makes, and that a declaration with a fault does not load."""

from collections.abc import Callable

import pytest

from edi.guide.condition import Has, Is
from edi.guide.notation import R, S, loop, situation, use
from edi.guide.shape import ElementUse, Guide, SegmentUse

LINE = use("LX 1 R 1 Line", R("LX01 Number"))


def shown(elements: tuple[ElementUse, ...]) -> list[tuple[str, str, str, str]]:
    return [(each.ref, each.usage, each.name, each.number) for each in elements]


def test_what_is_not_listed_is_not_used() -> None:
    made = use(
        "REF 1800 S >1 Prior authorization", R("REF01 Qualifier", "G1 G3"), S("REF03 Text"), note="Why."
    )
    assert (made.segment.id, made.position, made.usage, made.repeat) == ("REF", 1800, "S", 0)
    assert (made.name, made.note, made.keys) == ("Prior authorization", "Why.", ("G1", "G3"))
    assert shown(made.elements) == [
        ("REF01", "R", "Qualifier", "128"),
        ("REF02", "N", "", "127"),
        ("REF03", "S", "Text", "352"),
        ("REF04", "N", "", "C040"),
    ]


def test_components_stand_in_their_composite() -> None:
    made = use("TOO 1 R 1 Tooth", S("TOO03 Surfaces"), R("TOO03-1 Surface", "B D"), S("TOO03-3 Third"))
    assert shown(made.elements) == [
        ("TOO01", "N", "", "1270"),
        ("TOO02", "N", "", "1271"),
        ("TOO03", "S", "Surfaces", "C005"),
    ]
    assert shown(made.elements[2].parts) == [
        ("TOO03-1", "R", "Surface", "1369"),
        ("TOO03-2", "N", "", "1369"),
        ("TOO03-3", "S", "Third", "1369"),
        ("TOO03-4", "N", "", "1369"),
        ("TOO03-5", "N", "", "1369"),
    ]


def test_the_key_is_the_standards_or_the_uses_own() -> None:
    assert LINE.key == 0
    assert use("N1 1 R 1 Payer", R("N101 Entity", "PR"), key=1).address == "N1:PR"


def test_a_loop_is_opened_by_its_first_segment() -> None:
    made = loop("2400 S 50 Service line", LINE, unit=True, at=7, note="Why.")
    assert (made.id, made.usage, made.repeat, made.name, made.trigger) == (
        "2400",
        "S",
        50,
        "Service line",
        LINE,
    )
    assert (made.unit, made.position, made.note) == (True, 7, "Why.")


def test_a_situation_has_its_loops_and_its_place() -> None:
    made = situation(
        "X12-A-B at 2300 2400/2320/SBR 01", Has("HI"), "Send HI.", when=Is("CLM 19", "PB"), snip=3
    )
    assert (made.id, made.loops, made.at, made.fix, made.snip) == (
        "X12-A-B",
        ("2300", "2400"),
        "2320/SBR 01",
        "Send HI.",
        3,
    )


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: use("REF 1800 S Number"), '"REF 1800 S Number" cannot be read'),
        (lambda: use("REF 0 S 1 Number"), "cannot be read"),
        (lambda: use("REF 1800 N 1 Number"), "cannot be read"),
        (lambda: use("REF 1800 S 0 Number"), "cannot be read"),
        (lambda: use("REF 1800 S 1 "), "cannot be read"),
        (lambda: use(" REF 1800 S 1 Number"), "cannot be read"),
        (lambda: use("REF 1800  S 1 Number"), "cannot be read"),
        (lambda: use("QQQ 1 R 1 Nothing"), "QQQ 1 R 1 Nothing: the standard has no segment QQQ"),
        (lambda: use("NTE 1 R 1 Note", key=3), "NTE 1 R 1 Note: the key is element 3, which does not exist"),
        (lambda: R("REF02"), '"REF02" cannot be read'),
        (lambda: R("REF05 Number"), "REF05 Number: the standard has no element REF05"),
        (lambda: R("REF00 Number"), "the standard has no element REF00"),
        (lambda: R("REF2 Number"), "the standard has no element REF2"),
        (lambda: R("REF02-1 Number"), "the standard has no element REF02-1"),
        (lambda: R("CLM05-4 Number"), "the standard has no element CLM05-4"),
        (lambda: use("REF 1 R 1 Number", S("REF02 Number"), R("REF01 Kind")), "REF02 is twice, out of order"),
        (lambda: use("REF 1 R 1 Number", R("REF01 Kind"), R("REF01 Kind")), "REF01 is twice"),
        (
            lambda: use("REF 1 R 1 Number", R("DTP01 Kind")),
            "DTP01 is twice, out of order or of another segment",
        ),
        (
            lambda: use("TOO 1 R 1 Tooth", R("TOO03-1 Surface")),
            "TOO03 is not listed, but components of it are",
        ),
        (lambda: loop("2400 R Service line", LINE), '"2400 R Service line" cannot be read'),
        (lambda: loop("2400 R 1 Service line"), "loop 2400 does not begin with a segment"),
        (lambda: loop("A R 1 Hollow", loop("B R 1 Inner", LINE)), "loop A does not begin with a segment"),
        (lambda: situation("X12-A at 2300", Has("HI"), "Send HI."), '"X12-A at 2300" cannot be read'),
        (lambda: situation("A at 2300/HI", Has("HI"), "Send HI."), "cannot be read"),
    ],
)
def test_a_wrong_declaration_does_not_load(make: Callable[[], SegmentUse], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        make()


def test_a_loop_id_has_one_declaration() -> None:
    one, other = loop("A R 1 One", LINE), loop("A R 1 Other", LINE)
    with pytest.raises(ValueError, match="loop A is declared twice"):
        Guide("TEST", "837", "HC", "Test", loop("ST R 1 Test", LINE, one, other))
    Guide("TEST", "837", "HC", "Test", loop("ST R 1 Test", LINE, one, one))
