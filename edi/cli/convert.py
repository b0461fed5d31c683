"""`edi convert`: visits to claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edi.cli.inputs import finish, input_options, make_job
from edi.cli.places import FOLDER
from edi.flows.converting import convert as run_convert
from edi.flows.job import CLAIMS_PER_FILE


@click.command()
@input_options
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
    tally = run_convert(make_job(**options), output)
    for finished in tally.finished:  # the run that made them never came to print them
        click.echo(finished)
    for file in tally.files:
        click.echo(output / file.path)
    finish(tally)
