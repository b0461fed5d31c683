"""One page of the files, marked up with their findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from edi.finding import Finding
from edi.pages import render
from edi.report.inspect_page import PageOptions, page_end, page_start, tree_section
from edi.report.validation.output_format import FileOutcome, FilePart, OutputFormat, Write
from edi.validate.run import Verdict
from edi.validate.tree import KEPT, Tree
from edi.x12.input_file import display_name
from edi.x12.seekable import seekable

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


class Page(OutputFormat):
    """One HTML page in UTF-8."""

    def head(self) -> str:
        return page_start("X12 files, validated")

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _PagePart(file, number, write, self.limit)

    def tail(self, outcomes: Sequence[FileOutcome]) -> str:
        return page_end()


class _PagePart(FilePart):
    def __init__(self, file: str, number: int, write: Write, limit: int | None) -> None:
        super().__init__(file, write, limit)
        self._number = number

    def judge(self, stream: BinaryIO, overlay_rules: OverlayRules | None) -> Verdict:
        keep = KEPT if self.limit is None else min(self.limit, KEPT)
        name = display_name(self.file)
        with seekable(stream) as twice:
            tree = Tree(twice, name, keep=keep, overlay_rules=overlay_rules)
            for piece in tree_section(tree, tree.noted, PageOptions(elements=False, file=self._number)):
                self.write(piece)
        return tree.verdict

    def fail(self, finding: Finding) -> None:
        self.write(
            render(
                "x12_unreadable.html",
                file=self._number,
                name=display_name(self.file),
                finding=finding,
            )
        )
