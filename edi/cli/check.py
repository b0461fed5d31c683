"""`edi check`: the findings of convert, with nothing written."""

from __future__ import annotations

import json
from typing import Any

import click

from edi.cli.color import colored
from edi.cli.run_options import finish, make_job, run_options
from edi.flows.conversion.check import VisitFindings
from edi.flows.conversion.check import check as run_check
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
def check(format_out: str, **options: Any) -> None:
    """Show what convert would find; nothing is written.

    INPUT is as for convert.
    """
    job = make_job(**options)
    if format_out == "json":
        array = _JsonArray()
        report = run_check(job, array.add)
        array.close()
    else:
        report = run_check(job, _print_text)
    finish(report)


class _JsonArray:
    """A JSON array on stdout, printed as it grows: each finding with the source of its record."""

    def __init__(self) -> None:
        self._lead = "["

    def add(self, visit: VisitFindings) -> None:
        for finding in visit.findings:
            click.echo(f"{self._lead}\n{json.dumps(finding | {'source': visit.source})}", nl=False)
            self._lead = ","

    def close(self) -> None:
        click.echo("[]" if self._lead == "[" else "\n]")


def _print_text(visit: VisitFindings) -> None:
    click.echo(visit_text(*visit, paint=colored))
