"""Findings for people: each with its segment, and a line of counts after each file."""

from __future__ import annotations

from collections import Counter

from edi.finding import Finding
from edi.report.colours import Paint, plain
from edi.report.validation.output_format import FilePart, OutputFormat, Write
from edi.report.x12_findings import finding_text, verdict_text
from edi.validate.log import Excerpt
from edi.validate.run import Verdict


class Text(OutputFormat):
    """Lines for a terminal, in the colours that `paint` gives."""

    def __init__(self, limit: int | None = None, paint: Paint = plain) -> None:
        super().__init__(limit)
        self._paint = paint

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _TextPart(file, write, self.limit, self._paint)


class _TextPart(FilePart):
    def __init__(self, file: str, write: Write, limit: int | None, paint: Paint) -> None:
        super().__init__(file, write, limit)
        self._paint = paint
        self._counts: Counter[str] = Counter()

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        self._counts[finding.severity] += 1
        self.count += 1
        if self.limit is None or self.count <= self.limit:
            self.write(finding_text(self.file, finding, excerpt, self._paint) + "\n")

    def end(self, verdict: Verdict) -> None:
        self.write(verdict_text(self.file, verdict, self._counts, self.left_out) + "\n")
