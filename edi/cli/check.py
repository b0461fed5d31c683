"""`edi check`: the findings of convert, with nothing written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from edi.cli.color import colored
from edi.cli.param_types import max_findings_option, quiet_option
from edi.cli.run_options import finish, make_job, run_options
from edi.cli.terminal import end_progress, tell
from edi.flows.conversion.check import VisitFindings
from edi.flows.conversion.check import check as run_check
from edi.printable import printable
from edi.report.visit_findings import visit_text


@click.command()
@run_options
@click.option(
    "--format-out",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are printed; json is one array of findings.",
)
@quiet_option
@max_findings_option
def check(format_out: str, quiet: bool, max_findings: int | None, **options: Any) -> None:
    """Show what convert would find; nothing is written.

    INPUT is as for convert.
    """
    job = make_job(**options)
    if quiet:
        finish(run_check(job, lambda _visit: None), quiet=True)
    array = _JsonArray() if format_out == "json" else None
    limited = _Limited(array.add if array else _print_text, max_findings, on_stderr=array is not None)
    report = run_check(job, limited.add)
    if array:
        array.close()
    limited.close()
    finish(report)


class _Limited:
    """Passes on at most `limit` findings of a file, and says how many more it has: on stderr where stdout is for programs."""

    def __init__(self, sink: Callable[[VisitFindings], None], limit: int | None, *, on_stderr: bool) -> None:
        self._sink = sink
        self._limit = sys.maxsize if limit is None else limit
        self._on_stderr = on_stderr
        self._counts: dict[str, int] = {}

    def add(self, visit: VisitFindings) -> None:
        file = visit.source["file"]
        before = self._counts.get(file, 0)
        self._counts[file] = before + len(visit.findings)
        if kept := visit.findings[: max(0, self._limit - before)]:
            self._sink(visit._replace(findings=kept))

    def close(self) -> None:
        for file, count in self._counts.items():
            if count > self._limit:
                more = count - self._limit
                text = f"{file}: {more:,} finding{'' if more == 1 else 's'} not shown"
                if self._on_stderr:
                    tell(text)
                else:
                    click.echo(printable(text))


class _JsonArray:
    """A JSON array on stdout, printed as it grows: each finding with the source of its record."""

    def __init__(self) -> None:
        self._lead = "["

    def add(self, visit: VisitFindings) -> None:
        for finding in visit.findings:
            end_progress()
            click.echo(f"{self._lead}\n{json.dumps(finding | {'source': visit.source})}", nl=False)
            self._lead = ","

    def close(self) -> None:
        click.echo("[]" if self._lead == "[" else "\n]")


def _print_text(visit: VisitFindings) -> None:
    end_progress()
    click.echo(visit_text(*visit, paint=colored))
