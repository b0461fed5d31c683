"""The tree shows every segment once, in order, at its place, and every finding once, for any file at all."""

from __future__ import annotations

import io
import tracemalloc
from functools import cache
from pathlib import Path

import pytest
from folders import X12
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_maker import GS, ISA, TAIL, file_of, texts, whole_set

from edi.finding import Finding
from edi.report.inspect_page import PageOptions, tree_section
from edi.report.inspect_text import tree_lines
from edi.validate import trace as tracing
from edi.validate.log import Log
from edi.validate.run import validate_stream
from edi.validate.trace import trace
from edi.validate.tree import Closed, Missing, Only, Opened, Shown, Tree
from edi.x12.reader import read_batches

FILES = sorted(X12.glob("*/*.837"))


def traced_findings(data: bytes) -> list[Finding]:
    """What the plain walk finds."""
    found: list[Finding] = []
    track = tracing._Track()
    track.log = Log(lambda finding, _: found.append(finding))
    envelope = tracing._Envelope(track)
    for batch in read_batches(io.BytesIO(data), "f"):
        envelope.feed(batch)
    envelope.end()
    return found


def check(data: bytes) -> None:
    """What must hold for every file."""
    tree = Tree(io.BytesIO(data), "f")
    depth, numbers, shown, opened = 0, [], [], 0
    for part in tree.parts():
        if isinstance(part, Closed):
            depth -= 1
        assert part.depth == depth
        if isinstance(part, Opened):
            depth += 1
            opened += 1
        elif isinstance(part, Missing | Shown):
            numbers += [each.number for each in part.noted]
        if isinstance(part, Shown):
            shown.append(part.step.text)
            for each in part.noted:
                assert each.finding.position == part.step.position
    assert depth == 0
    assert opened or not shown or not any(text and text.startswith("ISA") for text in shown)
    assert sorted(numbers) == [each.number for each in tree.noted]
    segments = [each for batch in read_batches(io.BytesIO(data), "f") for each in batch.segments]
    assert shown == segments
    assert traced_findings(data) == validate_stream(io.BytesIO(data), "f").findings


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file(path: Path) -> None:
    check(path.read_bytes())


@cache
def whole() -> list[str]:
    return texts(whole_set(full=False))


def lines(*segments: str) -> bytes:
    return "".join(f"{each}~\n" for each in segments).encode("latin-1")


SETS = whole()
ENVELOPES = {
    "no group": lines(ISA, *SETS, TAIL[1]),
    "no group end": lines(ISA, GS, *SETS, TAIL[1]),
    "two groups, one end": lines(ISA, GS, *SETS, GS.replace("*1*X", "*2*X"), *SETS, *TAIL),
    "no set begin": lines(ISA, GS, *SETS[1:], *TAIL),
    "no set begin and a late segment": lines(ISA, GS, SETS[1], *SETS[3:5], SETS[2], *SETS[5:], *TAIL),
    "no set end": lines(ISA, GS, *SETS[:-1], *TAIL),
    "no end at all": lines(ISA, GS, *SETS[:-9]),
    "torn": lines(ISA, GS, *SETS[:-9])[:-9],
    "strays": lines(ISA, "REF*G1*1", "REF*G1*2", GS, "GE", "GE*0*1", "IEA*0*1", "N3*LATE", ISA, *TAIL),
    "no guide": lines(
        ISA, GS.replace("X224A2", "X222A1"), "ST*837*0001*005010X222A1", "CLM*A", "SE*3*0001", *TAIL
    ),
    "only ISA": lines(ISA),
    "two interchanges, one end": lines(ISA, GS, *SETS, ISA, GS, *SETS, *TAIL),
    "acknowledged": lines(ISA, "TA1*000000001*260914*0930*A*000", GS, *SETS, *TAIL),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_envelope(name: str) -> None:
    check(ENVELOPES[name])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_random_edits(data: st.DataObject) -> None:
    segments = [ISA, GS, *SETS, *TAIL]
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(1, len(segments) - 1))
        other = data.draw(st.integers(1, len(segments) - 1))
        match data.draw(st.sampled_from(["drop", "swap", "copy", "id", "key", "cut"])):
            case "drop":
                del segments[place]
                segments.append("IEA*1*000000001")
            case "swap":
                segments[place], segments[other] = segments[other], segments[place]
            case "copy":
                segments.insert(place, segments[other])
            case "id":
                segments[place] = "ZZ9" + segments[place][3:]
            case "key":
                segments[place] = segments[place].replace("*", "*Q", 1)
            case "cut":
                segments[place] = segments[place][: data.draw(st.integers(0, 12))] or "X"
    whole = lines(*segments)
    end = data.draw(st.integers(len(whole) // 2, len(whole)))
    check(whole[:end])
    tree = Tree(io.BytesIO(whole[:end]), "f")
    mask = data.draw(st.booleans())
    page = "".join(tree_section(tree, tree.noted, PageOptions(elements=data.draw(st.booleans()), mask=mask)))
    assert page.count('class="finding ') == len(tree.noted)
    text = list(tree_lines(tree.parts(), mask=mask))
    assert sum("fix: " in line for line in text) == len(tree.noted)


def places(data: bytes) -> list[tuple[str, str | None, str | None]]:
    """Segment, loop and use of every segment."""
    return [
        (step.text, step.loop.id if step.loop else None, step.use.name if step.use else None)
        for step in trace(io.BytesIO(data), "f")
        if step.text
    ]


def test_each_segment_is_where_the_guide_made_it() -> None:
    made = whole_set()
    found = places(file_of(texts(made)))[2:-2]
    assert [(loop, use) for _, loop, use in found] == [(seg.loop.id, seg.use.name) for seg in made]


def test_what_recovery_placed_has_its_place() -> None:
    number = next(index for index, each in enumerate(SETS) if each.startswith("LX*"))
    late = [*SETS[: number + 1], "REF*F8*LATE", *SETS[number + 1 :]]
    found = {text: (loop, use) for text, loop, use in places(file_of(late))}
    assert found["REF*F8*LATE"] == ("2300", "Payer's claim control number")
    strange = [*SETS[: number + 1], "QTY*PT*1", *SETS[number + 1 :]]
    assert ("QTY*PT*1", "2400", None) in places(file_of(strange))


def test_what_is_missing_is_told_inside_its_loop() -> None:
    lost = [each for each in SETS if not each.startswith("N3*")]
    tree = Tree(io.BytesIO(file_of(lost)), "f")
    path: list[str] = []
    found = []
    for part in tree.parts():
        if isinstance(part, Opened):
            path.append(part.level.loop.id if part.level.loop else part.level.kind)
        elif isinstance(part, Closed):
            path.pop()
        elif isinstance(part, Missing):
            found += [(path[-1], each.finding.loop) for each in part.noted]
    assert found
    assert all(where == loop for where, loop in found)


def test_findings_beyond_the_limit_are_counted() -> None:
    tree = Tree(io.BytesIO(file_of([each for each in SETS if not each.startswith("N4*")])), "f", keep=1)
    assert (len(tree.noted), tree.left_out) == (1, tree.counts.total() - 1)
    assert tree.left_out > 1


def test_a_part_shows_its_own_findings_only() -> None:
    data = file_of(
        [each.replace("CLM*", "CLM*" + "A" * 50) if each.startswith("CLM*") else each for each in SETS]
    )
    tree = Tree(io.BytesIO(data), "f", only=Only(frozenset(("2400",))))
    assert tree.noted
    assert tree.in_parts() == []
    tree = Tree(io.BytesIO(data), "f", only=Only(frozenset(("2300",))))
    assert tree.in_parts() == tree.noted
    assert Tree(io.BytesIO(data), "f", only=Only(frozenset(("9999",)))).in_parts() is None


def test_memory_is_flat_over_many_claims() -> None:
    """Ten times the sets, no more memory."""

    def peak(sets: int) -> int:
        stream = io.BytesIO(file_of(*[SETS] * sets))
        tracemalloc.start()
        for _ in Tree(stream, "f").parts():
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(4)
    assert peak(40) < 1.5 * peak(4) + 2_000_000
