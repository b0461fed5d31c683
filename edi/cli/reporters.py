"""How `edi validate` prints findings: as text, as JSON, as an acknowledgment, or not at all."""

from __future__ import annotations

import json
from collections import Counter
from typing import Protocol

import click

from edi.cli.color import colored
from edi.finding import Finding
from edi.report.x12_findings import finding_text, verdict_text
from edi.validate.listener import Listener
from edi.validate.log import Excerpt
from edi.validate.run import Verdict
from edi.x12.envelope import Stamp


class Reporter(Protocol):
    """Prints findings as they come, file by file."""

    listener: Listener | None

    def begin(self, file: str) -> None: ...

    def show(self, finding: Finding, excerpt: Excerpt) -> None: ...

    def end(self, verdict: Verdict) -> None: ...

    def close(self) -> None: ...


class Quiet:
    """Prints nothing."""

    listener: Listener | None = None

    def begin(self, file: str) -> None:
        pass

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        pass

    def end(self, verdict: Verdict) -> None:
        pass

    def close(self) -> None:
        pass


class Text:
    """For people: each finding with its segment, and a line of counts after each file."""

    listener: Listener | None = None

    def __init__(self, limit: int | None) -> None:
        self._limit = limit

    def begin(self, file: str) -> None:
        self._file = file
        self._counts: Counter[str] = Counter()

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        self._counts[finding.severity] += 1
        if self._limit is None or self._counts.total() <= self._limit:
            click.echo(finding_text(self._file, finding, excerpt, colored))

    def end(self, verdict: Verdict) -> None:
        left_out = 0 if self._limit is None else max(0, self._counts.total() - self._limit)
        click.echo(verdict_text(self._file, verdict, self._counts, left_out))

    def close(self) -> None:
        pass


class Json:
    """For programs: the contract's object, written as it grows; it holds no value of the file."""

    listener: Listener | None = None

    def __init__(self, several: bool, limit: int | None) -> None:
        self._several = several
        self._limit = limit
        self._files = 0

    def begin(self, file: str) -> None:
        lead = ("[" if not self._files else ",") if self._several else ""
        click.echo(f'{lead}{{"file": {json.dumps(file)}, "findings": [', nl=False)
        self._files += 1
        self._count = 0

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        if self._limit is None or self._count < self._limit:
            click.echo(f"{',' if self._count else ''}\n{json.dumps(finding.as_json())}", nl=False)
        self._count += 1

    def end(self, verdict: Verdict) -> None:
        left_out = 0 if self._limit is None else max(0, self._count - self._limit)
        more = {"attachments": verdict.attachments, "omitted": left_out}
        rest = {"valid": verdict.valid, "claims": verdict.claims} | {
            name: count for name, count in more.items() if count
        }
        click.echo(f"\n], {json.dumps(rest)[1:]}")

    def close(self) -> None:
        if self._several:
            click.echo("]" if self._files else "[]")


class Acknowledgment:
    """For the sender of the files: X12 that answers them, in interchanges one after the other."""

    def __init__(self, stamp: Stamp) -> None:
        from edi.report.acknowledgment import Acknowledger

        self._answer = Acknowledger(lambda text: click.echo(text, nl=False), stamp)
        self.listener: Listener | None = self._answer
        self.show = self._answer.show

    def begin(self, file: str) -> None:
        pass

    def end(self, verdict: Verdict) -> None:
        self._answer.finish()

    def close(self) -> None:
        self._answer.finish()  # a file that could not be read to its end
