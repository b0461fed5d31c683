"""The answer to the sender of the files: X12 999 and TA1, in interchanges one after the other."""

from __future__ import annotations

from edi.finding import Finding
from edi.report.acknowledgment import Acknowledger
from edi.report.validation.output_format import FilePart, OutputFormat, Write
from edi.validate.log import Excerpt
from edi.validate.run import Verdict
from edi.x12.envelope import Stamp


class Acknowledgment(OutputFormat):
    """The control numbers of the answers differ from file to file, so that one process writes them all."""

    one_process = True

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()
        self._stamp = stamp
        self._acknowledger: Acknowledger | None = None

    def part(self, file: str, number: int, write: Write) -> FilePart:
        self._acknowledger = self._acknowledger or Acknowledger(write, self._stamp)
        return _AnswerPart(file, write, self._acknowledger)


class _AnswerPart(FilePart):
    def __init__(self, file: str, write: Write, acknowledger: Acknowledger) -> None:
        super().__init__(file, write, None)
        self.listener = self._acknowledger = acknowledger

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        self._acknowledger.show(finding, excerpt)

    def end(self, verdict: Verdict) -> None:
        self._acknowledger.finish()

    def fail(self, finding: Finding) -> None:
        self._acknowledger.finish()  # which answers no interchange that could not be read to its end
