"""A file as a tree with its findings in place: what the inspector shows, in the order in which it is shown.

The file is read twice, so that nothing of it need be held: validated, which gives the findings, and walked again, when each
finding is taken up at its segment.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from edi.finding import Finding
from edi.guide.shape import Loop
from edi.validate.log import At, Excerpt
from edi.validate.run import Verdict, validate_stream
from edi.validate.trace import Level, Step, trace

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

KEPT = 20_000
"""How many findings of a file are kept to be shown; the rest is only counted."""


class Noted(NamedTuple):
    """A finding with its number in the file, from 1. `missing`: it is about something that should stand before its position."""

    number: int
    finding: Finding
    missing: bool


class Opened(NamedTuple):
    """An interchange, group, transaction set or loop begins; `depth` levels are around it."""

    depth: int
    level: Level


class Closed(NamedTuple):
    """What opened at this depth is over."""

    depth: int


class Missing(NamedTuple):
    """Findings about what should stand here."""

    depth: int
    noted: tuple[Noted, ...]


class Shown(NamedTuple):
    """A segment, and the findings about it."""

    depth: int
    step: Step
    noted: tuple[Noted, ...]


Part = Opened | Closed | Missing | Shown


class Only(NamedTuple):
    """What of a file is wanted: what lies in one of these loops (in any, when none is named), and in the claim of that number."""

    loops: frozenset[str] = frozenset()
    claim: str | None = None


EVERYTHING = Only()


class Tree:
    """A file that has been validated. `verdict` has the counts, `noted` the findings kept; `parts` walks it.

    Raises InputError when the stream is not X12. The stream must be seekable, and stay open while `parts` is read."""

    def __init__(
        self,
        stream: BinaryIO,
        name: str,
        *,
        only: Only = EVERYTHING,
        keep: int = KEPT,
        overlay_rules: OverlayRules | None = None,
    ) -> None:
        self.name = name
        self.only = only
        self._overlay_rules = overlay_rules
        self.noted: list[Noted] = []
        self.counts: Counter[str] = Counter()
        self._stream = stream
        self._start = stream.tell()
        self._kept: dict[At, list[Noted]] = {}
        self._most = keep
        self.verdict: Verdict = validate_stream(stream, name, show=self._keep, overlay_rules=overlay_rules)

    @property
    def left_out(self) -> int:
        """How many findings were counted only."""
        return self.counts.total() - len(self.noted)

    def _keep(self, finding: Finding, excerpt: Excerpt) -> None:
        self.counts[finding.severity] += 1
        if len(self.noted) < self._most:
            noted = Noted(len(self.noted) + 1, finding, not excerpt.segment)
            self.noted.append(noted)
            self._kept.setdefault(excerpt.at, []).append(noted)

    def parts(self) -> Iterator[Part]:
        """What is wanted of the file, from the beginning, in flat memory; nothing at all where the file has nothing of it."""
        whole = self._parts()
        return whole if self.only == EVERYTHING else _narrowed(whole, self.only)

    def in_parts(self) -> list[Noted] | None:
        """The findings that `parts` will show; None where it will show nothing."""
        if self.only == EVERYTHING:
            return self.noted
        found: list[Noted] = []
        any_part = False
        for part in self.parts():
            any_part = True
            if isinstance(part, Missing | Shown):
                found += part.noted
        return sorted(found) if any_part else None

    def _parts(self) -> Iterator[Part]:
        self._stream.seek(self._start)
        waiting = {at: deque(sorted(each, key=_position)) for at, each in self._kept.items()}
        depth = 0
        for step in trace(self._stream, self.name, self._overlay_rules):
            gaps = _due(waiting.get((step.at[0], 0)), step.outer, ends=step.text is None and not step.at[1])
            if step.at[1]:
                gaps += _due(waiting.get(step.at), step.position, ends=step.text is None)
            about = _drawn(gaps, partial(_about, step))
            for level in step.closes:
                yield from _missing(depth, _drawn(gaps, partial(_belongs, level)))
                depth -= 1
                yield Closed(depth)
            within = _drawn(gaps, lambda each, step=step: any(_of(level, each) for level in step.opens))  # type: ignore[misc]
            yield from _missing(depth, gaps)
            for level in step.opens:
                yield Opened(depth, level)
                depth += 1
                yield from _missing(depth, _drawn(within, partial(_of, level)))
            if step.text is not None:
                yield Shown(depth, step, tuple(about))


def _position(noted: Noted) -> int:
    return noted.finding.position or 0


def _due(waiting: deque[Noted] | None, position: int, *, ends: bool) -> list[Noted]:
    """Take the findings up to a position, or all of them where what they lie in ends."""
    due: list[Noted] = []
    while waiting and (ends or _position(waiting[0]) <= position):
        due.append(waiting.popleft())
    return due


def _drawn(noted: list[Noted], test: Callable[[Noted], bool]) -> list[Noted]:
    """Take out of a list what passes a test."""
    drawn = [each for each in noted if test(each)]
    noted[:] = [each for each in noted if not test(each)]
    return drawn


def _missing(depth: int, noted: list[Noted]) -> Iterator[Missing]:
    if noted:
        yield Missing(depth, tuple(noted))


def _about(step: Step, noted: Noted) -> bool:
    """Whether a finding that is due is about the segment itself."""
    return step.text is not None and not noted.missing and _position(noted) == step.position


def _of(level: Level, noted: Noted) -> bool:
    return level.loop is not None and noted.finding.loop == level.loop.id


def _belongs(level: Level, noted: Noted) -> bool:
    """Whether what is missing is missing from a level that closes."""
    if level.kind == "group":
        return noted.finding.segment == "GE"
    if level.kind != "loop" or level.loop is None:
        return True
    below = [child.id for child in level.loop.children if isinstance(child, Loop)]
    return _of(level, noted) or noted.finding.loop in below


def _narrowed(parts: Iterable[Part], only: Only) -> Iterator[Part]:
    """Only what is wanted, with the headings around it."""
    path: list[Opened] = []
    headed = 0  # how many of the path have been passed on
    for part in parts:
        if isinstance(part, Opened):
            path.append(part)
        elif isinstance(part, Closed):
            path.pop()
            if headed > len(path):
                headed = len(path)
                yield part
        elif _is_wanted(path, only):
            yield from path[headed:]
            headed = len(path)
            yield part


def _is_wanted(path: list[Opened], only: Only) -> bool:
    loops = [(each.level.loop, each.level.number) for each in path if each.level.loop]
    within = not only.loops or any(loop.id in only.loops for loop, _ in loops)
    return within and (
        only.claim is None or any(loop.unit and number == only.claim for loop, number in loops)
    )
