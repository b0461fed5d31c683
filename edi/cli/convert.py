"""`edi convert`: visits to claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edi.cli.param_types import FOLDER
from edi.cli.run_options import finish, make_job, run_options
from edi.flows.conversion.convert import convert as run_convert
from edi.flows.job import CLAIMS_PER_FILE


@click.command()
@run_options
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    required=True,
    metavar="DIR",
    help="Where claims, payloads, rejects and report go.",
)
@click.option(
    "--claims-per-file",
    type=click.IntRange(min=1, max=CLAIMS_PER_FILE),
    default=CLAIMS_PER_FILE,
    show_default=True,
    metavar="N",
    help="Claims in one file at most.",
)
def convert(output: Path, **options: Any) -> None:
    """Turn visit records into 837D claim files.

    INPUT is a file of visits (JSON, NDJSON, CSV, XML), a folder of them, or - for standard input. What is wrong with a
    visit is written to rejects.ndjson with what to do; fix it there and convert that file again.
    """
    report = run_convert(make_job(**options), output)
    for finished in report.finished:  # the run that made them never came to print them
        click.echo(finished)
    for file in report.files:
        click.echo(output / file.path)
    finish(report)
