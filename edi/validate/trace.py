"""The walk, told step by step: where each segment of a file stands in the tree of loops.

For those who look at a file. The same envelope, the same recovery and the same judgements as in validation, but the plain loop
over `Node.step` in place of the fast one, so that the fast one carries no listener.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from edi.guide.envelope import ENVELOPE
from edi.guide.shape import Loop, SegmentUse
from edi.validate.envelope import Envelope
from edi.validate.frame import Frame
from edi.validate.log import At, Log, Where
from edi.validate.machine import Machine
from edi.validate.nodes import Node
from edi.validate.unread import Unread
from edi.validate.walk import ENVELOPE_IDS, Trouble, Walk
from edi.x12.delimiters import Delimiters
from edi.x12.mime import DescribedPayload
from edi.x12.reader import read_batches

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

Kind = Literal["interchange", "group", "set", "loop"]
_KINDS: dict[str, tuple[Kind, int]] = {"ISA": ("interchange", 13), "GS": ("group", 6), "ST": ("set", 2)}
_CLAIM_NUMBER = "1028"  # the data element that names a claim (CLM01)
_OPENED_BY = {"GE": "GS", "IEA": "ISA"}


class Level(NamedTuple):
    """What opens and closes around segments. `name` is the loop's, or of a transaction set its guide's and version, "" where no
    guide reads it; `number` the control number of an envelope, or the number of a claim, as it stands in the file; `ordinal` counts
    a loop in the one around."""

    kind: Kind
    name: str
    number: str = ""
    loop: Loop | None = None
    ordinal: int = 1


class Step(NamedTuple):
    """One segment, or the end of something (`text` is None): what closes before it, innermost first, and what opens, outermost
    first. `position` is the segment's as findings count it, `outer` the one in the interchange. `use` is None where the segment
    has no place in its guide; `loop` is the one it was placed in."""

    at: At
    position: int
    outer: int
    text: str | None
    delimiters: Delimiters
    use: SegmentUse | None
    loop: Loop | None
    closes: tuple[Level, ...]
    opens: tuple[Level, ...]


def trace(stream: BinaryIO, name: str, overlay_rules: OverlayRules | None = None) -> Iterator[Step]:
    """Every segment of a file in order, in flat memory, with the guides that `overlay_rules` makes narrower. Raises InputError
    when it is not X12 at all."""
    track = _Track()
    envelope = _Envelope(track, overlay_rules)
    for _ in envelope.through(read_batches(stream, name, DescribedPayload)):
        yield from track.taken()
    yield from track.taken()


Progress = tuple[int, list[Level]]
"""How many steps were made, and what was open."""


class _Track:
    """Gathers steps. `around` are the levels of the envelope that are open, `base` the segments of the interchange before the
    transaction set at hand; `headless` where its ST is made up, for the file has none."""

    def __init__(self) -> None:
        self.log = Log(lambda _finding, _excerpt: None)
        self.around: list[Level] = []
        self.base = 0
        self.headless = False
        self._open: list[Level] = []
        self._steps: list[Step] = []
        self._firm: int | None = None  # of them, those that stay; None: all
        self._gone = 0  # handed on

    @property
    def where(self) -> Where:
        return self.log.where

    def taken(self) -> list[Step]:
        """The steps that no walk takes back."""
        firm = len(self._steps) if self._firm is None else self._firm
        steps, self._steps = self._steps[:firm], self._steps[firm:]
        self._gone += firm
        if self._firm is not None:
            self._firm = 0
        return steps

    def progress(self) -> Progress:
        """How far the steps have come; until there is another of these, the steps from here on may be taken back."""
        self._firm = len(self._steps)
        return self._gone + self._firm, self._open

    def go_back(self, progress: Progress) -> None:
        """Take back the steps since."""
        made, self._open = progress
        del self._steps[made - self._gone :]

    def settle(self) -> None:
        """The walk is over: nothing is taken back any more."""
        self._firm = None

    def close(self, position: int) -> None:
        """Add a last step where anything is still open."""
        if self._open:
            self.note(position, None)

    def note(
        self,
        position: int,
        text: str | None,
        inner: Sequence[Level] | None = (),
        use: SegmentUse | None = None,
        loop: Loop | None = None,
    ) -> None:
        """Add a step to within `inner` loops; None: to where the last one was."""
        at = self.where.at
        if self.headless and at[1] and position == 1:
            return
        path = self._open if inner is None else [*self.around, *inner]
        same = _common(path, self._open)
        outer = position + self.base if at[1] else position
        opens, closes = tuple(path[same:]), tuple(reversed(self._open[same:]))
        self._steps.append(Step(at, position, outer, text, self.where.delimiters, use, loop, closes, opens))
        self._open = path


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many of the first are the very same objects."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine is not yours:
            break
        count += 1
    return count


class _Walk(Walk):
    """A walk that notes where each segment went."""

    def __init__(self, machine: Machine, track: _Track) -> None:
        super().__init__(machine, track.log)
        self._track = track
        self._frames: list[Frame] = []
        self._levels: list[Level] = []

    def walk(self, segments: list[str], start: int, end: int) -> int:
        for index in range(start, end):
            segment = segments[index]
            step = self.node.step(segment)
            self.position += 1
            if step is None:
                if segment.partition(self.separator)[0] not in ENVELOPE_IDS:
                    raise Trouble(self.position)
                self.position -= 1
                return index
            self.take(step, segment)
            self.noted(segment, step.node)
            if self.done:
                return index + 1
        return end

    def noted(self, segment: str, node: Node | None) -> None:
        use, loop = (node.use, node.loop.loop) if node else (None, self.frame.node.loop)
        self._track.note(self.position, segment, self._path(), use, loop)

    def progress(self) -> Progress:
        return self._track.progress()

    def go_back(self, progress: Any) -> None:
        self._track.go_back(progress)

    def _path(self) -> list[Level]:
        """The loops around the segment just taken. One out of order stands where it came, in the loops opened for it besides."""
        frames = _chain(self.frame, self.run.base if self.run else None)
        if self.run:
            frames = [*_chain(self.run.frame, None), *frames]
        same = _common(frames, self._frames)
        self._levels = [*self._levels[:same], *map(self._level, frames[same:])]
        self._frames = frames
        return self._levels

    def _level(self, frame: Frame) -> Level:
        loop = frame.node.loop
        return Level("loop", loop.name, self._claim_number(frame) if loop.unit else "", loop, frame.ordinal)

    def _claim_number(self, frame: Frame) -> str:
        for place, element in enumerate(frame.node.loop.trigger.elements, start=1):
            fields = frame.segments(0)[0][1].split(self.separator) if frame.segments(0) else []
            if element.number == _CLAIM_NUMBER and place < len(fields):
                return fields[place]
        return ""


def _chain(frame: Frame, top: Frame | None) -> list[Frame]:
    """An instance and those around it, from the outside in; those within `top` only, or (None) within the whole set."""
    frames: list[Frame] = []
    while frame is not top and frame.parent is not None:
        frames.insert(0, frame)
        frame = frame.parent
    return frames


class _Unread(Unread):
    """A transaction set without guide: its segments are noted as they come."""

    def __init__(self, delimiters: Delimiters, track: _Track) -> None:
        super().__init__(delimiters)
        self._track = track

    def feed(self, segments: list[str], start: int, *, more: bool = False) -> int:
        before = self.position
        end = super().feed(segments, start, more=more)
        for position, segment in enumerate(segments[start:end], start=before + 1):
            self._track.note(position, segment)
        return end


class _Envelope(Envelope):
    """An envelope that notes its own segments, and what they open and close."""

    def __init__(self, track: _Track, overlay_rules: OverlayRules | None = None) -> None:
        super().__init__(
            track.log,
            overlay_rules,
            walk=lambda machine, _log: _Walk(machine, track),
            unread=lambda delimiters: _Unread(delimiters, track),
        )
        self._track = track
        self._known: list[list[str]] = []  # the segments that opened what is around

    def _pass_over(self, piece: str) -> None:
        position = self._walk.position if self._walk else self._position
        self._track.note(position + 1, piece, None)

    def end(self) -> None:
        super().end()
        self._known.clear()
        self._track.around = []
        self._track.close(self._position + 1)

    def _outside(self, segment: str) -> None:
        name = segment.partition(self._delimiters.element)[0]
        opener = _OPENED_BY.get(name)
        if opener and opener in self._open:
            self._sync(until=opener)
            self._track.note(self._position, segment, use=ENVELOPE[name])
            super()._outside(segment)
            self._sync()
            return
        self._track.headless = name != "ST"
        super()._outside(segment)
        self._track.headless &= isinstance(self._walk, Walk)
        self._sync()
        if self._walk:
            self._track.base = self._position - 1
        else:
            self._track.note(self._position, segment, use=ENVELOPE.get(name))

    def _close_set(self, walk: Walk | Unread) -> None:
        self._sync()
        self._track.settle()
        self._track.note(walk.position + 1, None)
        super()._close_set(walk)

    def _sync(self, until: str = "") -> None:
        """Make the levels around those that are open, or of these only the ones down to `until`."""
        opened = [(name, self._open[name]) for name in _KINDS if name in self._open]
        if until:
            opened = opened[: [name for name, _ in opened].index(until) + 1]
        same = _common([fields for _, fields in opened], self._known)
        self._known = [fields for _, fields in opened]
        fresh = [self._level(name, fields) for name, fields in opened[same:]]
        self._track.around = [*self._track.around[:same], *fresh]

    def _level(self, name: str, fields: list[str]) -> Level:
        kind, place = _KINDS[name]
        title = ""
        if name == "ST" and isinstance(self._walk, Walk):
            guide = self._walk.machine.guide
            title = f"{guide.name}, {guide.version}"
        return Level(kind, title, fields[place] if place < len(fields) else "")
