"""Interchanges, groups and sets: each fault of the envelope is one finding, whatever it hides."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pytest
from x12_maker import GS, ISA, file_of, renumbered, texts, whole_set

from edi.errors import InputError
from edi.finding import Finding
from edi.guide.registry import VERSIONS
from edi.validate.machine import machine
from edi.validate.run import Verdict, validate_stream
from edi.x12.delimiters import Delimiters

Change = Callable[[list[str]], list[str]]


@cache
def whole() -> tuple[str, ...]:
    """The segments of a valid file: 1 ISA, 2 GS, 3 ST ... 70 SE, 71 GE, 72 IEA."""
    return tuple(file_of(texts(whole_set(full=False))).decode().replace("\n", "").split("~")[:-1])


def check(segments: list[str], terminator: str = "~\n") -> Verdict:
    return verdict("".join(f"{segment}{terminator}" for segment in segments))


def verdict(text: str) -> Verdict:
    return validate_stream(io.BytesIO(text.encode("latin-1")), "x")


def brief(findings: list[Finding]) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(each.rule, each.segment, each.position, each.element) for each in findings]


def put(index: int, *text: str) -> Change:
    """Other segments in the place of the one at an index (0 is ISA, -1 is IEA)."""
    return lambda segments: [
        *segments[: index % len(segments)],
        *text,
        *segments[index % len(segments) + 1 :],
    ]


def isa(element: int, value: str) -> str:
    fields = ISA.split("*")
    fields[element] = value
    return "*".join(fields)


CASES: list[tuple[str, Change, list[tuple[str, str | None, int | None, str | None]]]] = [
    ("nothing", put(-1, "IEA*1*000000001"), []),
    # Counts and control numbers
    ("SE count", put(-3, "SE*67*0001"), [("X12-COUNT", "SE", 68, "SE01")]),
    ("GE count", put(-2, "GE*2*1"), [("X12-COUNT", "GE", 71, "GE01")]),
    ("IEA count", put(-1, "IEA*0*000000001"), [("X12-COUNT", "IEA", 72, "IEA01")]),
    ("SE number", put(-3, "SE*68*0002"), [("X12-CONTROL-NUMBER", "SE", 68, "SE02")]),
    ("GE number", put(-2, "GE*1*2"), [("X12-CONTROL-NUMBER", "GE", 71, "GE02")]),
    ("GE zeros", put(-2, "GE*1*0001"), []),
    ("IEA number", put(-1, "IEA*1*000000002"), [("X12-CONTROL-NUMBER", "IEA", 72, "IEA02")]),
    ("SE below zero", put(-3, "SE*-66*0001"), [("X12-COUNT", "SE", 68, "SE01")]),
    ("SE empty", put(-3, "SE"), [("X12-ELEMENT-MISSING", "SE", 68, "SE01"), ("X12-ELEMENT-MISSING", "SE", 68, "SE02")]),
    ("count too long", put(-3, f"SE*{'9' * 5000}*0001"), [("X12-ELEMENT-LONG", "SE", 68, "SE01")]),
    # Widths and codes of ISA
    ("ISA06 short", put(0, isa(6, "SENDER")), [("X12-ELEMENT-SHORT", "ISA", 1, "ISA06")]),
    ("ISA08 long", put(0, isa(8, "RECEIVER        ")), [("X12-ELEMENT-LONG", "ISA", 1, "ISA08")]),
    ("ISA12", put(0, isa(12, "00401")), [("X12-ELEMENT-CODE", "ISA", 1, "ISA12")]),
    ("ISA09", put(0, isa(9, "261301")), [("X12-ELEMENT-FORM", "ISA", 1, "ISA09")]),
    ("ISA11", put(0, isa(11, "U")), [("X12-ELEMENT-FORM", "ISA", 1, "ISA11")]),
    ("ISA15", put(0, isa(15, "X")), [("X12-ELEMENT-CODE", "ISA", 1, "ISA15")]),
    ("GS05", put(1, GS.replace("*0930*", "*2530*")), [("X12-ELEMENT-FORM", "GS", 2, "GS05")]),
    # What is lost
    ("no SE", put(-3), [("X12-TRUNCATED", "SE", 68, None)]),
    ("no GE", put(-2), [("X12-TRUNCATED", "GE", 71, None)]),
    ("no IEA", put(-1), [("X12-TRUNCATED", "IEA", 72, None)]),
    ("no SE, GE, IEA", lambda all_: all_[:-3], [("X12-TRUNCATED", "SE", 68, None)]),
    ("no GE, IEA", lambda all_: all_[:-2], [("X12-TRUNCATED", "GE", 71, None)]),
    ("no ST", put(2), [("X12-SEGMENT-MISSING", "ST", 1, None)]),
    ("no GS", put(1), [("X12-ENVELOPE", "GS", 2, None)]),
    ("cut in a claim", lambda all_: all_[:40], [("X12-TRUNCATED", "SE", 39, None)]),
    # What stands where nothing may
    ("before GS", put(1, "REF*G1*1", "REF*G1*2", GS), [("X12-ENVELOPE", None, 2, None)]),
    ("after SE", put(-3, "SE*68*0001", "REF*G1*1", "NTE*ADD*X"), [("X12-ENVELOPE", None, 71, None)]),
    ("after IEA", put(-1, "IEA*1*000000001", "JUNK", "MORE*JUNK"), [("X12-ENVELOPE", None, 73, None)]),
    ("TA1", put(1, "TA1*000000001*260914*0930*A*000", GS), []),
    ("bad TA1", put(1, "TA1*000000001*260914*0930*Q*000", GS), [("X12-ELEMENT-CODE", "TA1", 2, "TA104")]),
    # Versions
    ("GS01", put(1, GS.replace("HC", "HP")), [("X12-GROUP", "GS", 2, "GS01")]),
    ("ST03 differs", put(2, "ST*837*0001*005010X224A1"), [("X12-VERSION", "ST", 1, "ST03")]),
    ("ST03 is none", put(2, "ST*837*0001*005010X299"), [("X12-VERSION", "ST", 1, "ST03")]),
    ("ST03 empty", put(2, "ST*837*0001"), [("X12-ELEMENT-MISSING", "ST", 1, "ST03")]),
    ("GS08 is none", put(1, GS.replace("X224A2", "X299")), [("X12-VERSION", "GS", 2, "GS08")]),
    ("GS08 empty", put(1, GS.removesuffix("*005010X224A2")), [("X12-ELEMENT-MISSING", "GS", 2, "GS08")]),
    (
        "a relative",
        lambda all_: [each.replace("005010X224A2", "005010X224A1") for each in all_],
        [("X12-VERSION-RELATIVE", "GS", 2, "GS08")],
    ),
    (
        "the professional guide",
        lambda all_: [each.replace("005010X224A2", "005010X222A1") for each in all_],
        [("X12-VERSION", "GS", 2, "GS08")],
    ),
    (
        "the guide before",
        lambda all_: [each.replace("005010X224A2", "004010X097A1") for each in all_],
        [("X12-VERSION", "GS", 2, "GS08")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "findings"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_one_fault_one_finding(
    change: Change, findings: list[tuple[str, str | None, int | None, str | None]]
) -> None:
    assert brief(check(change(list(whole()))).findings) == findings


def test_a_relative_is_read_and_valid() -> None:
    found = check([each.replace("005010X224A2", "005010X224A1") for each in whole()])
    assert (found.valid, found.claims, found.findings[0].severity) == (True, 4, "warning")


def test_an_unknown_guide_is_counted_not_read() -> None:
    found = check([each.replace("005010X224A2", "005010X222A1") for each in whole()])
    assert (found.valid, found.claims) == (False, 0)


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("005010X222A1", "005010X222A1 is the professional claim (837P), which is not read here."),
        ("005010X223A3", "005010X223A3 is the institutional claim (837I), which is not read here."),
        ("004010X097A1", "004010X097A1 is the dental claim (837D) of 4010, which is not read here."),
        ("005010X999", "No guide 005010X999 is known here; what it is around is not read."),
        ("DOE, ALEX", "No guide of that name is known here; what it is around is not read."),
    ],
)
def test_a_guide_that_is_not_read_is_told_by_its_name(version: str, says: str) -> None:
    (finding,) = check([each.replace("005010X224A2", version) for each in whole()]).findings
    assert (finding.rule, finding.message) == ("X12-VERSION", says)
    assert finding.fix.startswith("Check the file with a program that reads its guide")
    assert all(version in finding.fix for version in VERSIONS)


def test_empty_segments_outside_a_set_are_called_so() -> None:
    found = check(put(1, "", GS)(list(whole())))
    assert [each.message for each in found.findings] == [
        "An empty segment (two terminators in a row) stands outside GS and GE."
    ]


def test_control_numbers_are_used_once() -> None:
    one, two = list(whole()), renumbered(list(whole()), 2)
    assert brief(check([*one, *two]).findings) == [("X12-CONTROL-NUMBER-REUSED", "ISA", 1, "ISA13")]
    both = [*one[:-2], *two[2:-2], "GE*2*1", one[-1]]
    assert brief(check(both).findings) == [("X12-CONTROL-NUMBER-REUSED", "ST", 1, "ST02")]
    groups = [*one[:-1], *two[1:-1], "IEA*2*000000001"]
    assert brief(check(groups).findings) == [("X12-CONTROL-NUMBER-REUSED", "GS", 72, "GS06")]


def test_nothing_of_a_file_is_kept_in_mind() -> None:
    check(list(whole()))
    used = machine("005010X224A2", Delimiters(), None)
    assert used
    assert any(loop.loop.unit for loop in used.checks)  # it has judged claims
    assert not any(node.known for node in used.nodes)


def test_several_interchanges_with_delimiters_of_their_own() -> None:
    first = "".join(f"{each}~\n" for each in whole())
    other = [each.replace("000000001", "000000002") for each in whole()]
    table = str.maketrans("*:^", "|>!")
    second = "".join(f"{each.translate(table)}\n" for each in renumbered(other, 2))
    third = "".join(f"{each.replace('000000001', '000000003')}~" for each in renumbered([*whole()], 3))
    found = verdict(first + second + "\r\n" + third)
    assert (found.findings, found.claims) == ([], 12)


DELIMITERS = [("*", ":", "^", "~", ""), ("*", ":", "^", "~", "\r\n"), ("|", ">", "!", "\n", ""), ("*", "<", "{", "\r", "\n"),
              ("\x1d", "\x1f", "\x1e", "\x1c", ""), ("*", "\\", "^", "'", "\n"), ("+", ":", "^", "|", "\r")]  # fmt: skip


@pytest.mark.parametrize("delimiters", DELIMITERS)
@pytest.mark.parametrize("full", [True, False])
def test_every_delimiter_set(delimiters: tuple[str, ...], full: bool) -> None:
    element, component, repetition, terminator, line_break = delimiters
    table = str.maketrans("*:^", element + component + repetition)
    text = file_of(texts(whole_set(full=full)), terminator="~", line_break="").decode()
    for char in delimiters:
        assert not char or char in "*:^~" or char not in text
    text = text.translate(table).replace("~", terminator + line_break)
    found = verdict(text)
    assert (found.findings, found.claims) == ([], 4)
    # A fault is found at the same place.
    broken = verdict(text.replace(f"HL{element}2", f"HL{element}9", 1))
    assert brief(broken.findings) == [("X12-HL-NUMBER", "HL", 11 if not full else 23, "HL01")]


def test_line_breaks_here_and_there_do_no_harm() -> None:
    text = "".join(
        f"{each}~{['', chr(10), chr(13) + chr(10)][place % 3]}" for place, each in enumerate(whole())
    )
    assert verdict(text).findings == []
    assert verdict("\ufeff".encode().decode("latin-1") + text + "\n\n\x1a").findings == []


def test_a_last_segment_without_terminator_is_a_warning() -> None:
    text = "~\n".join(whole())
    found = verdict(text)
    assert brief(found.findings) == [("X12-TERMINATOR", "IEA", 72, None)]
    assert (found.valid, found.claims) == (True, 4)


@pytest.mark.parametrize("cut", range(110, 2100, 37))
def test_a_cut_file_is_one_finding(cut: int) -> None:
    text = "".join(f"{each}~\n" for each in whole())
    assert cut < len(text)
    found = verdict(text[:cut])
    assert [each.rule for each in found.findings] == ["X12-TRUNCATED"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\r\n  \n", "is empty"),
        ("ISA*00".encode("utf-16"), "is UTF-16"),
        (ISA.encode("utf-16-be"), "is UTF-16"),
        (b'{"visitId": 1}', "is not an X12 file"),
        (b"ISA*00*", "is not an X12 file"),
        (b"ISAISAISAISAISAISAISA", "is not an X12 file"),
        (b"\x00" * 500, "is not an X12 file"),
        (b"%PDF-1.4" + b"x" * 1000, "is not an X12 file"),
        (ISA.replace("*:", "**").encode() + b"~", "is not an X12 file"),  # one character in two roles
    ],
)
def test_what_is_no_x12_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as error:
        validate_stream(io.BytesIO(data), "claims.837")
    assert str(error.value).startswith("claims.837 ")


def test_findings_come_in_order_and_carry_their_envelope() -> None:
    segments = list(whole())
    segments[1] = GS.replace("HC", "HP")
    segments[2 + 17] = segments[2 + 17].replace("11:B:1", "11:B:9")
    segments[2 + 6] += "*"
    segments[-3] = "SE*1*0001"
    found = check(segments).findings
    assert [(each.segment, each.position) for each in found] == [
        ("GS", 2),
        ("NM1", 7),
        ("CLM", 18),
        ("SE", 68),
    ]
    assert {each.interchange for each in found} == {"000000001"}
    assert [each.transaction for each in found] == [None, "0001", "0001", "0001"]
