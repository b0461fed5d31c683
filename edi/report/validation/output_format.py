"""What an output format is made of: a frame, and in it a part for each file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from edi.finding import Finding
from edi.validate.listener import Listener
from edi.validate.log import Excerpt
from edi.validate.run import Verdict, validate_stream
from edi.x12.input_file import display_name

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What is known of a file once its part is written. `unreadable` says why it could not be read, `left_out` counts the
    findings that were not written, `rules` has the first finding of each rule that was."""

    file: str
    valid: bool
    unreadable: str = ""
    left_out: int = 0
    rules: dict[str, Finding] = field(default_factory=dict)


class FilePart:
    """The part of one file; this one prints nothing. `judge` reads the file, and then comes `end`; or `fail` with the reason,
    at any time, where it cannot be read, or not to its end."""

    listener: Listener | None = None

    def __init__(self, file: str, write: Write, limit: int | None) -> None:
        self.file = file
        self.write = write
        self.limit = limit
        self.count = 0
        self.rules: dict[str, Finding] = {}

    @property
    def left_out(self) -> int:
        """How many findings were only counted."""
        return 0 if self.limit is None else max(0, self.count - self.limit)

    def judge(self, stream: BinaryIO, overlay_rules: OverlayRules | None) -> Verdict:
        return validate_stream(
            stream,
            display_name(self.file),
            show=self.show,
            overlay_rules=overlay_rules,
            listener=self.listener,
        )

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        """Take the next finding."""

    def end(self, verdict: Verdict) -> None:
        pass

    def fail(self, finding: Finding) -> None:
        pass


class OutputFormat:
    """The frame; this one prints nothing. It is pickled where parts are written in other processes. At most `limit` findings
    of a file are written. `separator` stands between parts. In `one_process` a part depends on those before it."""

    separator = ""
    one_process = False

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit

    def head(self) -> str:
        return ""

    def part(self, file: str, number: int, write: Write) -> FilePart:
        """The part of the file of this number, from 1."""
        return FilePart(file, write, self.limit)

    def tail(self, outcomes: Sequence[FileOutcome]) -> str:
        return ""
