"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of the files."""

from __future__ import annotations

from edi.finding import Finding
from edi.printable import printable
from edi.report.validation.located import LocatedPart
from edi.report.validation.output_format import FilePart, OutputFormat, Write
from edi.validate.run import Verdict

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


class GitHub(OutputFormat):
    """One command a line."""

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _GitHubPart(file, write, self.limit)


class _GitHubPart(LocatedPart):
    def end(self, verdict: Verdict) -> None:
        for finding, line, place in self.located:
            self._command(finding, line, f"{place}: {finding.message} {finding.fix}")
        if self.left_out:
            file = _escaped_property(self.file)
            self.write(f"::notice file={file},title=edi validate::{self.left_out:,} findings not shown\n")

    def fail(self, finding: Finding) -> None:
        super().fail(finding)
        self._command(finding, None, f"{finding.message} {finding.fix}")

    def _command(self, finding: Finding, line: int | None, text: str) -> None:
        properties = {"file": self.file} | ({"line": str(line)} if line else {}) | {"title": finding.rule}
        written = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
        self.write(f"::{_COMMANDS[finding.severity]} {written}::{_escaped(text)}\n")


def _escaped(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
