"""`edi convert`: visit records become claim files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edi.cli.param_types import FOLDER
from edi.cli.run_options import finish, make_job, run_options
from edi.cli.terminal import end_progress
from edi.flows.conversion.convert import convert as run_convert
from edi.flows.job import CLAIMS_PER_FILE
from edi.printable import printable


@click.command()
@run_options
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    required=True,
    metavar="DIR",
    help="The folder for claims, payloads, rejects and report.",
)
@click.option(
    "--claims-per-file",
    type=click.IntRange(min=1, max=CLAIMS_PER_FILE),
    default=CLAIMS_PER_FILE,
    show_default=True,
    metavar="N",
    help="How many claims one file may hold.",
)
def convert(output: Path, **options: Any) -> None:
    """Turn visit records into 837D claim files.

    INPUT is a file of visits (JSON, NDJSON, CSV, XML), a folder of such files, or - for standard input. A visit with errors goes
    to rejects.ndjson with what is wrong and what to do; fix it there and convert that file again.
    """
    report = run_convert(make_job(**options), output)
    end_progress()
    for finished in report.finished:  # the run that wrote them was cut off before it printed them
        if Path(finished).exists():
            click.echo(printable(finished))
    for file in report.files:
        click.echo(output / file.path)
    finish(report)
