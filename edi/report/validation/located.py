"""Findings with the lines of the file that they are on, for programs that show them beside the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from edi.finding import Finding
from edi.report.validation.output_format import FilePart, Write
from edi.report.x12_findings import location
from edi.validate.run import Verdict
from edi.validate.tree import KEPT, Missing, Noted, Shown, Tree
from edi.x12.input_file import display_name
from edi.x12.lines import LinedStream
from edi.x12.seekable import seekable

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


class Located(NamedTuple):
    """A finding, its line (None: the file was not read so far), and its place in words."""

    finding: Finding
    line: int | None
    place: str


class LocatedPart(FilePart):
    """The part of a file whose findings are written together, at its end. Some thousands are kept, the others counted."""

    def __init__(self, file: str, write: Write, limit: int | None) -> None:
        super().__init__(file, write, KEPT if limit is None else min(limit, KEPT))
        self.located: list[Located] = []

    def judge(self, stream: BinaryIO, overlay_rules: OverlayRules | None) -> Verdict:
        with seekable(stream) as twice:
            lined = LinedStream(twice)
            keep = self.limit or 0
            tree = Tree(
                cast(BinaryIO, lined), display_name(self.file), keep=keep, overlay_rules=overlay_rules
            )
            self.count = tree.counts.total()
            self.located = _located(tree, lined)
        for finding, _, _ in self.located:
            self.rules.setdefault(finding.rule, finding)
        return tree.verdict

    def fail(self, finding: Finding) -> None:
        self.rules.setdefault(finding.rule, finding)


def _located(tree: Tree, lined: LinedStream) -> list[Located]:
    """The findings that the tree has kept, in their order."""
    lines: dict[int, int] = {}
    missing: list[Noted] = []  # they stand before the next segment
    line = 1
    for part in tree.parts() if tree.noted else ():
        if isinstance(part, Missing):
            missing += part.noted
        elif isinstance(part, Shown):
            line = lined.line_of(part.step.text or "", part.step.delimiters.terminator)
            lines |= {each.number: line for each in (*missing, *part.noted)}
            missing.clear()
        if len(lines) == len(tree.noted):
            break
    lines |= {each.number: line for each in missing}
    return [
        Located(finding, lines.get(number), ", ".join(location(finding, missing=before)))
        for number, finding, before in tree.noted
    ]
