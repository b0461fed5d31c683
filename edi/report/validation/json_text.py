"""Findings for programs: the contract's object for each file, written as it grows. It holds no value of the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from edi.finding import Finding
from edi.report.validation.output_format import FileOutcome, FilePart, OutputFormat, Write
from edi.validate.log import Excerpt
from edi.validate.run import Verdict


class Json(OutputFormat):
    """One object, or an array of them where there may be `several`."""

    separator = ","

    def __init__(self, limit: int | None = None, *, several: bool = False) -> None:
        super().__init__(limit)
        self._several = several

    def head(self) -> str:
        return "[" if self._several else ""

    def part(self, file: str, number: int, write: Write) -> FilePart:
        return _JsonPart(file, write, self.limit)

    def tail(self, outcomes: Sequence[FileOutcome]) -> str:
        return "]\n" if self._several else ""


class _JsonPart(FilePart):
    def __init__(self, file: str, write: Write, limit: int | None) -> None:
        super().__init__(file, write, limit)
        self._separator = ""
        write(f'{{"file": {json.dumps(file)}, "findings": [')

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        if self.limit is None or self.count < self.limit:
            self._add(finding)
        self.count += 1

    def end(self, verdict: Verdict) -> None:
        more = {"attachments": verdict.attachments, "omitted": self.left_out}
        self._close(
            {"valid": verdict.valid, "claims": verdict.claims}
            | {name: count for name, count in more.items() if count}
        )

    def fail(self, finding: Finding) -> None:
        self._add(finding)  # whatever the limit: nothing else says why
        omitted = {"omitted": self.left_out} if self.left_out else {}
        self._close({"valid": False, "claims": 0} | omitted)

    def _add(self, finding: Finding) -> None:
        self.write(f"{self._separator}\n{json.dumps(finding.as_json())}")
        self._separator = ","

    def _close(self, rest: dict[str, Any]) -> None:
        self.write(f"\n], {json.dumps(rest)[1:]}\n")
