"""Valid transaction sets of every guide, and the same with segments or loops moved, dropped, doubled or swapped."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from acknowledgment import answered
from folders import X12
from request_maker import HEAD, film_of
from x12_maker import ISA, texts, whole_set

from edi.guide.registry import guide
from edi.validate.run import Verdict, validate_stream
from edi.validate.trace import trace

CLAIM, ACKNOWLEDGMENT = "005010X224A2", "005010X231A1"
GUIDES = (CLAIM, "005010X210", "006020X314", "005010X213", "006020X313", ACKNOWLEDGMENT)


class Chance(Protocol):
    """Chooses: a random number generator, or hypothesis."""

    def __call__(self, low: int, high: int) -> int: ...


class Base(NamedTuple):
    """A valid set: its guide, its segments from ST to SE, and the loops in it as index of their first segment and after the last."""

    version: str
    segments: tuple[str, ...]
    loops: tuple[tuple[int, int], ...]


class Change(NamedTuple):
    """What was done, and to how many segments."""

    kind: str
    count: int


def file_of(version: str, segments: list[str]) -> bytes:
    """One interchange with one set, whose SE has the true count."""
    about = guide(version)
    assert about is not None
    body = [f"SE*{len(segments)}*0001" if each.startswith("SE*") else each for each in segments]
    gs = f"GS*{about.functional_id}*SENDER*RECEIVER*20260914*0930*1*X*{version}"
    isa = ISA.replace("*00501*", f"*{about.interchange}*")
    return "".join(f"{each}~\n" for each in [isa, gs, *body, "GE*1*1", "IEA*1*000000001"]).encode("latin-1")


def judged(version: str, segments: list[str]) -> Verdict:
    return validate_stream(io.BytesIO(file_of(version, segments)), "x")


@cache
def bases(version: str) -> tuple[Base, ...]:
    """Valid sets of a guide."""
    return tuple(_base(version, segments) for segments in _SETS[version]())


def _base(version: str, segments: list[str]) -> Base:
    assert judged(version, segments).findings == [], judged(version, segments).findings
    open_loops: list[int] = []
    loops: list[tuple[int, int]] = []
    for step in trace(io.BytesIO(file_of(version, segments)), "x"):
        inside = [level for level in step.closes if level.kind == "loop"]
        for _ in inside:
            loops.append((open_loops.pop(), step.position - 1))
        open_loops += [step.position - 1 for level in step.opens if level.kind == "loop"]
    return Base(version, tuple(segments), tuple(loops))


def _claims() -> Iterator[list[str]]:
    yield texts(whole_set(full=False))
    yield texts(whole_set())
    for path in sorted(X12.glob("valid/*.837")):
        inner: list[str] = []
        for step in trace(io.BytesIO(path.read_bytes()), path.name):
            if step.at == (1, 1) and step.text is not None and step.delimiters.element == "*":
                inner.append(step.text)
        if inner:
            yield inner


def _attachments(version: str) -> Iterator[list[str]]:
    head = [
        f"ST*275*0001*{version}",
        "BGN*02*A1*20261102*0000",
        "NM1*PR*2*EXAMPLE PLAN*****PI*CX014",
        "NM1*41*2*EXAMPLE BILLING*****46*BRIGHTST",
        "NM1*1P*2*EXAMPLE DENTAL*****XX*1234567893",
        "PRV*BI*PXC*1223E0200X",
        "NX1*1P",
        "N3*410 BRIGHT ST",
        "N4*COLUMBUS*OH*432150001",
        "NM1*QC*1*MARSH*THEO****MI*EDP5520918",
        f"REF*{'EJ' if version == '005010X210' else 'X1'}*CLAIM1",
        "DTP*472*D8*20260504",
    ]
    text = "Content-Type: text/plain\r\n\r\nnote"
    kind = ["CAT*AE*TX", "EFI*05", f"BIN*{len(text)}*{text}"]
    if version == "006020X314":
        kind = ["CAT*AE*TX", "OOI*1*47*ATTACHMENT", f"BDS*ASC*{len(text)}*{text}"]
    for count in (1, 3):
        lines = [
            segment
            for number in range(1, count + 1)
            for segment in (f"LX*{number}", f"TRN*1*CTL{number}", "DTP*368*D8*20261102", *kind)
        ]
        segments = [*head, *lines]
        yield [*segments, f"SE*{len(segments) + 1}*0001"]


def _requests(version: str) -> Iterator[list[str]]:
    for count in (1, 2):
        claims = [segment for number in range(count) for segment in film_of(f"CLAIM{number}", f"PAY{number}")]
        segments = [f"ST*277*0001*{version}", *HEAD, *claims]
        yield [*segments, f"SE*{len(segments) + 1}*0001"]


def _acknowledgments() -> Iterator[list[str]]:
    broken = sorted(X12.glob("broken/*.837"))
    for path in broken:
        segments = _inside(path)
        if len(segments) > 6:
            yield segments


def _inside(path: Path) -> list[str]:
    lines = answered(path.read_bytes())[0].split("~\n")
    sets = [index for index, line in enumerate(lines) if line[:3] in ("ST*", "SE*")]
    return lines[sets[0] : sets[1] + 1] if sets else []


_SETS: dict[str, Callable[[], Iterator[list[str]]]] = {
    CLAIM: _claims,
    "005010X210": lambda: _attachments("005010X210"),
    "006020X314": lambda: _attachments("006020X314"),
    "005010X213": lambda: _requests("005010X213"),
    "006020X313": lambda: _requests("006020X313"),
    ACKNOWLEDGMENT: _acknowledgments,
}


def disordered(base: Base, chance: Chance, changes: int) -> tuple[list[str], list[Change]]:
    """A set with so many changes, and what they were."""
    segments, made = list(base.segments), []
    for _ in range(changes):
        begin, end = _piece(base, chance, len(segments))
        kind = ("moved", "dropped", "doubled", "swapped")[chance(0, 3)]
        piece, rest = segments[begin:end], segments[:begin] + segments[end:]
        touched = len(piece)
        if kind == "dropped":
            segments = rest
        elif kind == "moved":
            at = _near(begin, chance, len(rest))
            segments = rest[:at] + piece + rest[at:]
        elif kind == "doubled":
            at = _near(end, chance, len(segments))
            segments = segments[:at] + piece + segments[at:]
        else:
            size = chance(1, 3)
            other = min(_near(begin, chance, len(rest)), len(rest) - 1 - size)
            if other >= 1:
                segments = _swapped(segments, (begin, end), (other, other + size))
                touched += size
        made.append(Change(kind, touched))
    return segments, made


def _piece(base: Base, chance: Chance, count: int) -> tuple[int, int]:
    """One segment, a run of up to four, or a loop; never ST or SE."""
    what = chance(0, 3)
    loops = [loop for loop in base.loops if loop[1] < count and loop[1] - loop[0] <= 12]
    if what == 3 and loops:
        return loops[chance(0, len(loops) - 1)]
    begin = chance(1, count - 2)
    size = 1 if what < 2 else chance(2, 4)
    return begin, min(begin + size, count - 1)


def _near(at: int, chance: Chance, count: int) -> int:
    """A place between ST and SE, mostly not far away."""
    far = 30 if chance(0, 3) else count
    return min(max(at + chance(-far, far), 1), count - 1)


def _swapped(segments: list[str], one: tuple[int, int], other: tuple[int, int]) -> list[str]:
    (a, b), (c, d) = sorted((one, other))
    if b > c:
        return segments
    return segments[:a] + segments[c:d] + segments[b:c] + segments[a:b] + segments[d:]
