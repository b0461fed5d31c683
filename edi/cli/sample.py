"""`edi sample`: synthetic visits to try the program with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from edi.cli.param_types import FILE, FOLDER

_FORMATS = ("json", "ndjson", "csv", "xml")


@click.command()
@click.option(
    "--visits",
    "count",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="How many visits.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="S",
    help="Another seed gives other visits.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="ndjson",
    show_default=True,
    help="How to write them.",
)
@click.option(
    "--faulty",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Share of faulty visits, 0 to 1.",
)
@click.option(
    "--expected",
    type=FILE,
    metavar="FILE",
    help="Where to write visitId and category of each faulty visit, as NDJSON.",
)
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    metavar="DIR",
    help="Write visits, films and visits.expected here, not to stdout.",
)
def sample(
    count: int,
    seed: int,
    form: str,
    faulty: float,
    expected: Path | None,
    output: Path | None,
) -> None:
    """Write N synthetic visits, the same for the same seed.

    Practices, people and payers are made up. All visits lie in the 200 days before 2026-09-30. With --faulty
    a share of them has one fault each, which rejects it.
    """
    from edi.sample import output as files
    from edi.sample import visits

    def source() -> Iterator[tuple[dict[str, Any], str | None]]:
        return visits(count, seed, faulty=faulty)

    with ExitStack() as stack:
        side = stack.enter_context(files.private(expected)) if expected else None
        if output is not None:
            files.write_folder(output, source, form, side, faulty=faulty > 0)
        else:
            out = sys.stdout.buffer
            files.write(out, source, form, side)
            out.flush()
