"""Findings as SARIF 2.1.0 (OASIS), the format that code scanners hand to each other."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from edi import __version__
from edi.finding import Finding
from edi.report.validation.located import LocatedPart
from edi.report.validation.output_format import FileOutcome, FilePart, OutputFormat, Write
from edi.validate.run import Verdict
from edi.x12.input_file import STDIN

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


class Sarif(OutputFormat):
    """One log of one run, written as it grows: its results, and then what is known only after them."""

    separator = ","

    def head(self) -> str:
        return f'{{"$schema": {json.dumps(_SCHEMA)}, "version": "2.1.0", "runs": [{{"results": ['

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _SarifPart(file, write, self.limit)

    def tail(self, outcomes: Sequence[FileOutcome]) -> str:
        rules: dict[str, Finding] = {}
        for each in outcomes:
            rules = each.rules | rules
        driver = {
            "name": "edi",
            "semanticVersion": __version__,
            "rules": [_rule(rules[name]) for name in sorted(rules)],
        }
        invocation = {
            "executionSuccessful": not any(each.unreadable for each in outcomes),
            "toolExecutionNotifications": [note for each in outcomes for note in _notifications(each)],
        }
        rest = {"tool": {"driver": driver}, "invocations": [invocation], "columnKind": "utf16CodeUnits"}
        return f"\n], {json.dumps(rest)[1:]}]}}\n"


class _SarifPart(LocatedPart):
    def end(self, verdict: Verdict) -> None:
        self.write(
            ",".join(
                "\n" + json.dumps(_result(self.file, finding, line, place))
                for finding, line, place in self.located
            )
        )

    def fail(self, finding: Finding) -> None:
        super().fail(finding)
        self.write("\n" + json.dumps(_result(self.file, finding, None, "")))


def _result(file: str, finding: Finding, line: int | None, place: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if line:
        physical["region"] = {"startLine": line}
    where: dict[str, Any] = {"physicalLocation": physical}
    if place:
        name = finding.element or finding.segment or "file"
        where["logicalLocations"] = [{"name": name, "fullyQualifiedName": place}]
    known = ("category", "snip", "loop", "segment", "position", "element", "interchange", "transaction")
    properties = {key: value for key, value in finding.as_json().items() if key in known}
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.fix}"},
        "locations": [where],
        "properties": properties,
    }


def _rule(finding: Finding) -> dict[str, Any]:
    """A rule, as its first finding knows it."""
    kind = f" SNIP type {finding.snip}." if finding.snip else ""
    return {
        "id": finding.rule,
        "shortDescription": {"text": finding.fix},
        "fullDescription": {"text": f"{finding.fix}{kind}"},
        "help": {"text": finding.fix},
        "properties": {"category": finding.category},
    }


def _notifications(outcome: FileOutcome) -> list[dict[str, Any]]:
    texts = [(outcome.unreadable, "error")] if outcome.unreadable else []
    if outcome.left_out:
        texts.append((f"{outcome.file}: {outcome.left_out:,} findings not shown", "note"))
    return [{"level": level, "message": {"text": text}} for text, level in texts]


def _uri(file: str) -> str:
    """A path as the URI that it is where the program runs; a relative one stays relative."""
    if file == STDIN:
        return file
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
