"""Visit records for the commands that show a few of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from edi.cli.terminal import tell
from edi.errors import InputError

if TYPE_CHECKING:
    from edi.finding import Finding, Source
    from edi.visit.record import Visit


def read_visits(inputs: Sequence[str]) -> Iterator[Visit]:
    """The visits of files, folders or "-". The findings on a record that does not pass the schema are printed to stderr, and the
    command ends with exit code 1.

    Raises InputError when an input cannot be read at all."""
    from edi.visit.intake import Unreadable, read_inputs
    from edi.visit.parse import parse
    from edi.visit.schema import explain, is_valid, usable_id

    refused = False
    for item in read_inputs(inputs, format="auto", columns=None, stdin=sys.stdin.buffer):
        if isinstance(item, Unreadable):
            raise InputError(f"{item.file}: {item.message}")
        record: Any = None
        finding = item.finding
        if finding is None:
            record, finding = parse(item.data)
        if finding is None and is_valid(record):
            yield record
            continue
        refused = True
        findings = [finding] if finding else explain(record)
        _tell(usable_id(record) if finding is None else finding.visit_id, item.source, findings)
    if refused:
        raise click.exceptions.Exit(1)


def _tell(visit_id: str | None, source: Source, findings: Sequence[Finding]) -> None:
    from edi.report.visit_findings import visit_text

    where = {"file": source.file, "line": source.line}
    tell(visit_text(visit_id, where, True, [each.as_json() for each in findings]))
