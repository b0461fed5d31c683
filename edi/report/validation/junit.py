"""Findings as JUnit XML: a test suite for each file, in it a test case for each finding, or one that passed.

Errors fail their case; what is only a warning or a note passes and says itself as the case's output. The pattern is the one that
Jenkins and GitLab read.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from edi.finding import Finding
from edi.printable import printable, printable_lines
from edi.report.validation.located import Located, LocatedPart
from edi.report.validation.output_format import FileOutcome, FilePart, OutputFormat, Write
from edi.validate.run import Verdict


class JUnit(OutputFormat):
    """One XML document in UTF-8."""

    def head(self) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="edi validate">\n'

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _JUnitPart(file, write, self.limit)

    def tail(self, outcomes: Sequence[FileOutcome]) -> str:
        return "</testsuites>\n"


class _JUnitPart(LocatedPart):
    def end(self, verdict: Verdict) -> None:
        failures = sum(each.finding.severity == "error" for each in self.located)
        self._open(tests=max(1, len(self.located)), failures=failures, errors=0)
        if not self.located:
            self.write(self._case("valid" if verdict.valid else "findings not shown") + "/>\n")
        for each in self.located:
            self.write(self._found(each))
        if self.left_out:
            self.write(f"    <system-out>{self.left_out:,} findings not shown</system-out>\n")
        self.write("  </testsuite>\n")

    def fail(self, finding: Finding) -> None:
        super().fail(finding)
        self._open(tests=1, failures=0, errors=1)
        self.write(
            f"{self._case(finding.rule)}>{_outcome('error', finding, '')}</testcase>\n  </testsuite>\n"
        )

    def _open(self, **counts: int) -> None:
        counted = " ".join(f'{name}="{count}"' for name, count in counts.items())
        self.write(f"  <testsuite name={_attribute(self.file)} {counted}>\n")

    def _case(self, name: str) -> str:
        return f"    <testcase classname={_attribute(self.file)} name={_attribute(name)}"

    def _found(self, located: Located) -> str:
        finding, line, place = located
        where = f" line={_attribute(str(line))}" if line else ""
        case = self._case(f"{finding.rule}, {place}") + where
        if finding.severity == "error":
            return f"{case}>{_outcome('failure', finding, place)}</testcase>\n"
        said = _content(f"{finding.severity}: {finding.message} {finding.fix}")
        return f"{case}><system-out>{said}</system-out></testcase>\n"


def _outcome(kind: str, finding: Finding, place: str) -> str:
    text = "\n".join(filter(None, (finding.message, place, f"fix: {finding.fix}")))
    return f"<{kind} type={_attribute(finding.rule)} message={_attribute(finding.message)}>{_content(text)}</{kind}>"


def _content(text: str) -> str:
    return escape(printable_lines(text))


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
