"""The answers to files: valid by their own guide, and naming what was found, whatever was found."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_validate_mutations as mutations
from acknowledgment import Note, answer, answered, faults_of, notes
from folders import X12
from hypothesis import given, settings
from hypothesis import strategies as st
from test_validate_envelope import CASES, Change, put, whole
from test_validate_properties import edited
from x12_maker import GS, ISA, TAIL, file_of, renumbered, sealed, texts, whole_set

from edi.errors import InputError

FILES = sorted(X12.glob("*/*.837"))
GROUP = "AK1*HC*1*005010X224A2"
SET = "AK2*837*0001*005010X224A2"


def text_of(segments: list[str]) -> str:
    return "".join(f"{segment}~\n" for segment in segments)


def changed(*changes: tuple[int, str, str]) -> str:
    """The answer to a file in which, in the segment at an index (0 is ISA, 2 is ST), one text stands for another."""
    segments = list(whole())
    for index, old, new in changes:
        assert old in segments[index], segments[index]
        segments[index] = segments[index].replace(old, new)
    return answer(text_of(segments))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_answer_to_a_file_is_valid_and_names_what_was_found(path: Path) -> None:
    text, found = answered(path.read_bytes())
    assert text
    assert faults_of(text) == []
    rejected = "*R*" in "".join(line for line in text.split("~\n") if line.startswith("TA1"))
    wanted = [
        each.note for each in found if each.finding.severity != "info" and each.code.element[:2] == "IK"
    ]
    assert rejected or sorted(notes(text)) == sorted(set(wanted))
    told = [each for each in found if each.finding.severity != "info" and each.code.element != "TA105"]
    assert rejected or ("AK9*A" in text) is not bool(told)


@pytest.mark.parametrize("mutator", mutations.MUTATORS, ids=lambda mutator: mutator.__name__)
def test_every_break_of_the_guide_is_named(mutator: object) -> None:
    """One file for each kind of break, with a transaction set for every sixth break."""
    sets, wanted = [], []
    for number, broken in enumerate([*mutator()][::6], start=1):  # type: ignore[operator]
        segments = renumbered(broken.segments, number)
        segments[0] = f"ST*837*{number:04}*005010X224A2"
        segments[-1] = f"SE*{len(segments)}*{number:04}"
        sets.append(segments)
        wanted.append((f"{number:04}", broken.position))
    text, found = answered(file_of(*sets))
    assert faults_of(text) == []
    assert [(each.transaction, each.position) for each in notes(text)] == wanted
    assert [each.note for each in found] == notes(text)
    assert f"AK9*R*{len(sets)}*{len(sets)}*0~" in text


def test_what_is_right_is_accepted() -> None:
    assert answer(text_of([*whole()])) == f"{GROUP} {SET} IK5*A AK9*A*1*1*1"


# What each fault of the envelope is answered, by the name of the case: the group and the set are as above unless said.
ANSWERS = {
    "nothing": "IK5*A AK9*A*1*1*1",
    "SE count": "IK5*R*4 AK9*R*1*1*0",
    "SE below zero": "IK5*R*4 AK9*R*1*1*0",
    "GE count": "IK5*A AK9*R*2*1*0*5",
    "IEA count": "TA1*000000001*260914*0930*R*021",
    "SE number": "IK5*R*3 AK9*R*1*1*0",
    "GE number": "IK5*A AK9*R*1*1*0*4",
    "GE zeros": "IK5*A AK9*A*1*1*1",
    "IEA number": "TA1*000000001*260914*0930*R*001",
    "SE empty": "IK3*SE*68**8 IK4*1*96*1 IK4*2*329*1 IK5*R*5 AK9*R*1*1*0",
    "count too long": "IK3*SE*68**8 IK4*1*96*5 IK5*R*5 AK9*R*1*1*0",
    "ISA06 short": "TA1*000000001*260914*0930*R*006",
    "ISA08 long": "TA1*000000001*260914*0930*R*008",
    "ISA12": "TA1*000000001*260914*0930*R*003",
    "ISA09": "TA1*000000001*260930*0930*R*014",
    "ISA11": "TA1*000000001*260914*0930*R*016",
    "ISA15": "TA1*000000001*260914*0930*R*020",
    "GS05": "TA1*000000001*260914*0930*R*024",
    "no SE": "IK5*R*2 AK9*R*1*1*0",
    "no GE": "IK5*A AK9*R*1*1*0*3",
    "no IEA": "TA1*000000001*260914*0930*R*023",
    "no SE, GE, IEA": "TA1*000000001*260914*0930*R*023",
    "no GE, IEA": "TA1*000000001*260914*0930*R*023",
    "no ST": "AK2*837*0000 IK3*ST*1**3 IK5*R*5 AK9*R*1*1*0",
    "no GS": "TA1*000000001*260914*0930*R*022",
    "cut in a claim": "TA1*000000001*260914*0930*R*023",
    "before GS": "TA1*000000001*260914*0930*R*022",
    "after SE": "TA1*000000001*260914*0930*R*022",
    "after IEA": "TA1*000000001*260914*0930*R*022",
    "TA1": "IK5*A AK9*A*1*1*1",
    "bad TA1": "TA1*000000001*260914*0930*R*024",
    "GS01": "AK1*HP*1*005010X224A2 AK2*837*0001*005010X224A2 IK5*A AK9*R*1*1*0*1",
    "ST03 differs": "AK2*837*0001*005010X224A1 IK5*R*I6 AK9*R*1*1*0",
    "ST03 is none": "AK2*837*0001*005010X299 IK5*R*I6 AK9*R*1*1*0",
    "ST03 empty": "AK2*837*0001 IK3*ST*1**8 IK4*3*1705*1 IK5*R*5 AK9*R*1*1*0",
    "GS08 is none": "AK1*HC*1*005010X299 AK2*837*0001*005010X224A2 IK5*A AK9*R*1*1*0*2",
    "GS08 empty": "TA1*000000001*260914*0930*R*024",
    "a relative": "AK1*HC*1*005010X224A1 AK2*837*0001*005010X224A1 IK5*A AK9*E*1*1*1*2",
    "the professional guide": "AK1*HC*1*005010X222A1 AK2*837*0001*005010X222A1 IK5*R*I6 AK9*R*1*1*0*2",
    "the guide before": "AK1*HC*1*004010X097A1 AK2*837*0001*004010X097A1 IK5*R*I6 AK9*R*1*1*0*2",
}


@pytest.mark.parametrize(("name", "change"), [case[:2] for case in CASES], ids=[case[0] for case in CASES])
def test_what_a_fault_of_the_envelope_is_answered(name: str, change: Change) -> None:
    text = text_of(change([*whole()]))
    wanted = ANSWERS[name]
    wanted = wanted if wanted.startswith(("AK2", "AK1", "TA1")) else f"{SET} {wanted}"
    assert answer(text) == (wanted if wanted.startswith(("AK1", "TA1")) else f"{GROUP} {wanted}")
    assert faults_of(answered(text.encode("latin-1"))[0]) == []


def test_control_numbers_used_again() -> None:
    again = renumbered([*whole()], 2)
    twice = [*whole()[:-2], *again[2:-2], "GE*2*1", TAIL[1]]
    assert answer(text_of(twice)) == f"{GROUP} {SET} IK5*A {SET} IK5*R*23 AK9*P*2*2*1"
    groups = [*whole()[:-1], *again[1:-1], "IEA*2*000000001"]
    assert answer(text_of(groups)).endswith(f"AK9*A*1*1*1 {GROUP} {SET} IK5*A AK9*R*1*1*0*19")
    text, _ = answered(text_of([*whole()]).encode() * 2)
    assert "TA1*000000001*260914*0930*R*025~" in text
    assert [line.split("*")[13] for line in text.split("~\n") if line.startswith("ISA")] == [
        "000000001",
        "000000002",
    ]
    assert faults_of(text) == []


def test_files_one_after_the_other_have_control_numbers_of_their_own() -> None:
    text, _ = answered(*[text_of([*whole()]).encode()] * 3)
    assert [line.split("*")[13] for line in text.split("~\n") if line.startswith("ISA")] == [
        f"{n:09}" for n in (1, 2, 3)
    ]
    assert faults_of(text) == []


def test_an_interchange_that_asks_for_it_gets_a_ta1() -> None:
    assert changed((0, "*0*T*", "*1*T*")).startswith("TA1*000000001*260914*0930*A*000 AK1")
    asked = [ISA.replace("*0*T*", "*1*T*"), "IEA*0*000000001"]
    assert answer(text_of(asked)) == "TA1*000000001*260914*0930*A*000"


def test_a_last_segment_without_terminator_is_only_noted() -> None:
    text = answer("~\n".join(whole()))
    assert text == f"TA1*000000001*260914*0930*E*004 {GROUP} {SET} IK5*A AK9*A*1*1*1"


def test_sender_and_receiver_change_places() -> None:
    isa = ISA.replace("ZZ*SENDER         *ZZ*RECEIVER       ", "30*201234567      *14*PAYER ONE      ")
    text, _ = answered(
        text_of(put(0, isa)(put(1, GS.replace("SENDER*RECEIVER", "APP*APPAYER"))([*whole()]))).encode()
    )
    assert text.startswith(
        "ISA*00*          *00*          *14*PAYER ONE      *30*201234567      *260930*1705*^*00501*000000001*0*T*:~\n"
        "GS*FA*APPAYER*APP*20260930*1705*1*X*005010X231A1~\n"
    )


def test_an_acknowledgment_is_not_acknowledged() -> None:
    text, _ = answered(text_of([*whole()]).encode())
    assert answered(text.encode()) == ("", [])
    assert answered(text.replace("*0*T*", "*1*T*").encode())[0].count("TA1*") == 1


def test_warnings_accept_with_errors_and_notes_are_not_told() -> None:
    warned = [each.replace("PWK*", "PWK*") for each in texts(whole_set())]
    at = next(index for index, each in enumerate(warned) if each.startswith("PWK"))
    fields = warned[at].split("*")
    fields[2] = "AA"
    warned[at] = "*".join(fields)
    text, found = answered(file_of(sealed(warned)))
    assert {each.finding.severity for each in found} == {"warning"}
    assert f"IK3*PWK*{at + 1}*2300*8~\n" in text
    assert f"*67*I13~\nCTX*SITUATIONAL TRIGGER*PWK*{at + 1}*2300*2*756~\nIK5*E*I5~\nAK9*E*1*1*1~" in text
    noted, found = answered((X12 / "broken" / "as-others-write-it.837").read_bytes())
    assert [each.finding.severity for each in found] == ["info"]
    assert "IK5*A~\nAK9*A*1*1*1~" in noted


def test_claim_element_and_trigger_are_named() -> None:
    text, _ = answered((X12 / "broken" / "replacement-without-number.837").read_bytes())
    assert (
        "IK3*REF*21*2300*I6~\nCTX*SITUATIONAL TRIGGER*CLM*19*2300*5:3*C023:1325~\nCTX*CLM01:F1~\nIK5*R*I5~\n"
        in text
    )
    text, _ = answered((X12 / "broken" / "dot-in-diagnosis.837").read_bytes())
    assert "IK3*HI*28*2300*8~\nCTX*CLM01:B1~\nIK4*2:2*1271*7*S02.5XXA~\nIK5*R*5~\n" in text


def test_what_the_answer_cannot_hold_is_left_out() -> None:
    """A delimiter of ours, a letter that X12 does not have, a number too long to be copied."""
    table = str.maketrans("*:^~", "|>!\n")
    text = file_of(texts(whole_set(full=False)), line_break="").decode().translate(table)
    for number, shown in (("A~B", ""), ("A" * 36, ""), ("A" * 35, f"CTX*CLM01:{'A' * 35}~\n")):
        claim = next(line for line in text.split("\n") if line.startswith("CLM|"))
        broken = text.replace(claim, "|".join(["CLM", number, "Q*", *claim.split("|")[3:]]), 1)
        made, _ = answered(broken.encode())
        assert f"IK3*CLM*18*2300*8~\n{shown}IK4*2*782*6~\n" in made
        assert faults_of(made) == []


@pytest.mark.parametrize(
    ("first", "note"),
    [("ABCD*1", "ABC"), ("é", "ZZ"), ("q*1", "ZZ"), ("", "ZZ"), ("x1*", "x1")],
)
def test_a_segment_without_a_proper_id_is_named_as_far_as_it_can_be(first: str, note: str) -> None:
    segments = texts(whole_set(full=False))
    text, _ = answered(file_of(sealed([*segments[:10], first, *segments[10:]])))
    assert Note("0001", note, 11, "", "6") in notes(text)
    assert faults_of(text) == []


@settings(max_examples=80, deadline=None)
@given(st.data(), st.booleans())
def test_the_answer_to_anything_is_valid(data: st.DataObject, full: bool) -> None:
    segments = edited(data, file_of(texts(whole_set(full=full))).decode().split("~\n")[:-1])
    raw = "~\n".join([*segments, ""]).encode("latin-1", "replace")
    try:
        text, found = answered(raw)
    except InputError:  # the first ISA is gone
        return
    assert faults_of(text) == []
    errors = any(each.finding.severity == "error" for each in found)
    assert errors is any(mark in text for mark in ("*R*", "AK9*P")) or "GS*FA" in raw.decode("latin-1")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_answer_to_changed_characters_is_valid(data: st.DataObject) -> None:
    raw = bytearray(file_of(texts(whole_set(full=False))))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, 300))] = data.draw(st.integers(0, 255))
    try:
        text, _ = answered(bytes(raw))
    except InputError:
        return
    assert faults_of(text) == []
