"""Blanks and line breaks where X12 has none: one finding that says where they begin, and the file is read as it was meant."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

import pytest
from acknowledgment import answer
from hypothesis import given, settings
from hypothesis import strategies as st
from test_validate_envelope import brief
from x12_maker import ISA, file_of, texts, whole_set

from edi.validate.run import Verdict, validate_stream
from edi.validate.tree import Shown, Tree
from edi.x12 import source

Place = tuple[str, str | None, int | None]


@cache
def whole(line_break: str = "\n") -> str:
    """A valid file: 1 ISA, 2 GS, then in the set 1 ST, 2 BHT ... 68 SE, and 71 GE, 72 IEA."""
    return file_of(texts(whole_set(full=False)), line_break=line_break).decode()


def verdict(text: str) -> Verdict:
    return validate_stream(io.BytesIO(text.encode("latin-1")), "x")


def found(text: str) -> list[Place]:
    judged = verdict(text)
    assert judged.claims == 4
    return [place[:3] for place in brief(judged.findings)]


def outside_isa(change: Callable[[str], str]) -> str:
    """The file with everything after its ISA changed."""
    isa, rest = whole()[:107], whole()[107:]
    return isa + change(rest)


@pytest.mark.parametrize("blanks", [" ", "   ", "\t", " \t "])
def test_indented_segments(blanks: str) -> None:
    wanted: list[Place] = [("X12-SEGMENT-BLANKS", "GS", 2)]
    assert found(outside_isa(lambda text: re.sub("^(?=.)", blanks, text, flags=re.MULTILINE))) == wanted
    one = [("X12-SEGMENT-BLANKS", "BHT", 2)]
    assert found(whole().replace("\nBHT", f"\n{blanks}BHT")) == one
    assert found(whole("").replace("~BHT", f"~{blanks}BHT")) == one


def test_blanks_after_segments() -> None:
    assert found(whole().replace("~\n", " ~\n")) == [("X12-SEGMENT-BLANKS", "ISA", 1)]
    assert found(outside_isa(lambda text: text.replace("~", "~  "))) == [("X12-SEGMENT-BLANKS", "ST", 1)]
    assert found(whole().replace("\nIEA", "\n IEA")) == [("X12-SEGMENT-BLANKS", "IEA", 72)]


def test_blanks_beside_separators() -> None:
    wanted: list[Place] = [("X12-SEPARATOR-BLANKS", "GS", 2)]
    assert found(outside_isa(lambda text: text.replace("*", " * "))) == wanted
    assert found(outside_isa(lambda text: text.replace("*", "* "))) == wanted
    assert found(whole().replace("11:B:1", "11 :B: 1")) == [("X12-SEPARATOR-BLANKS", "CLM", 18)]
    assert verdict(whole().replace("11:B:1", "11 :B: 1")).valid


@pytest.mark.parametrize("width", [7, 40, 72, 80, 100, 200])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_broken_inside_segments(width: int, line_break: str) -> None:
    text = whole("")
    wrapped = line_break.join(text[at : at + width] for at in range(0, len(text), width))
    first = ("ISA", 1) if width < 106 else ("BHT", 2)
    assert found(wrapped) == [("X12-SEGMENT-BROKEN", *first)]


def test_a_line_break_inside_one_segment() -> None:
    wanted: list[Place] = [("X12-SEGMENT-BROKEN", "NM1", 3)]
    assert found(whole().replace("NM1*41*", "NM1*41\n*", 1)) == wanted
    assert found(whole("\r\n").replace("NM1*41*", "NM1*41\r\n*", 1)) == wanted


def test_a_line_break_in_place_of_a_terminator() -> None:
    wanted: list[Place] = [("X12-TERMINATOR-LOST", "BHT", 2)]
    lines = whole().replace("~", "").split("\n")
    assert lines[3].startswith("BHT")
    mixed = "\r\n".join(lines).replace(f"{lines[3]}\r\n", f"{lines[3]}\n")
    assert found(mixed) == wanted
    assert found("\n".join(lines).replace(f"{lines[3]}\n", f"{lines[3]}\r\n")) == wanted
    assert found(whole().replace(f"{lines[3]}~\n", f"{lines[3]}\n")) == wanted
    assert found(whole().replace(f"{lines[3]}~\n", f"{lines[3]}\n  ")) == [
        *wanted,
        ("X12-SEGMENT-BLANKS", "NM1", 3),
    ]


def test_breaks_of_two_kinds_between_segments_do_no_harm() -> None:
    assert found(whole("\r\n").replace("~\r\nBHT", "~\nBHT")) == []


def test_each_interchange_is_told_by_itself() -> None:
    indented = outside_isa(lambda text: re.sub("^(?=.)", "  ", text, flags=re.MULTILINE))
    both = indented + indented.replace("000000001", "000000002").replace("number-", "number-2-")
    judged = verdict(both)
    assert (judged.claims, [each.interchange for each in judged.findings]) == (8, ["000000001", "000000002"])


def test_the_inspector_shows_the_segments_as_they_were_meant() -> None:
    indented = outside_isa(lambda text: re.sub("^(?=.)", "  ", text, flags=re.MULTILINE))
    for text in (indented, re.sub("(.{80})", r"\1\n", whole(""))):
        tree = Tree(io.BytesIO(text.encode()), "x")
        parts = [part for part in tree.parts() if isinstance(part, Shown)]
        assert [part.step.text for part in parts] == whole("").split("~")[:-1]
        assert [len(part.noted) for part in parts if part.noted] == [1]
        assert all(part.step.use for part in parts)


def test_what_is_answered_to_it() -> None:
    indented = outside_isa(lambda text: re.sub("^(?=.)", "  ", text, flags=re.MULTILINE))
    assert answer(indented) == "TA1*000000001*260914*0930*R*004"
    padded = answer(whole().replace("*31~", "* 31~"))
    assert padded.startswith("TA1*000000001*260914*0930*E*026 AK1")
    assert padded.endswith("IK5*A AK9*A*1*1*1")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_it_does_not_matter_where_chunks_end(data: st.DataObject) -> None:
    width = data.draw(st.integers(5, 300))
    text = data.draw(
        st.sampled_from(
            [
                outside_isa(lambda rest: re.sub("^(?=.)", "  ", rest, flags=re.MULTILINE)),
                "\n".join(whole("")[at : at + width] for at in range(0, len(whole("")), width)),
                outside_isa(lambda rest: rest.replace("*", " * ")),
                whole().replace("~\nN3", "\nN3"),
            ]
        )
    )
    text += text.replace("000000001", "000000002")
    expected = verdict(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK", data.draw(st.integers(1, 900)))
        assert verdict(text) == expected


# The last element of the ISA
LOST_ISA16 = [
    ISA.removesuffix("*:") + "~",
    ISA.removesuffix("*:") + "~\n",
    ISA.removesuffix(":") + "~",
    ISA.removesuffix(":") + "~\n",
    ISA.removesuffix(":") + "~\r\n",
]


@pytest.mark.parametrize("isa", LOST_ISA16)
@pytest.mark.parametrize("component", [":", ">", "|"])
def test_an_isa_without_its_component_separator(isa: str, component: str) -> None:
    end = isa[len(ISA.removesuffix("*:")) :].lstrip("*")
    rest = whole(end.removeprefix("~")).replace(":", component)
    text = isa + rest[rest.index("GS*") :]
    judged = verdict(text)
    assert brief(judged.findings) == [("X12-ELEMENT-MISSING", "ISA", 1, "ISA16")]
    assert judged.claims == 4


def test_a_line_break_as_terminator_after_any_component_separator() -> None:
    text = whole("").replace("~", "\n")
    for component in (":", "~", "|"):
        assert found(text.replace(":", component)) == []
