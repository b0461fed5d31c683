"""`edi episode`: the course of a tooth as a timeline."""

from __future__ import annotations

import click

from edi.cli.paint import paint
from edi.cli.records import read_visits


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="VISIT...")
def episode(inputs: tuple[str, ...]) -> None:
    """Show the course of each tooth as a timeline: visits, films, medicament.

    VISIT is a file or folder as convert takes it. The earlier visits come from the records given and from the episode
    in each of them, each visit once.
    """
    from edi.report.course import course_text
    from edi.visit.timeline import courses

    found = courses(list(read_visits(inputs)))
    for number, course in enumerate(found):
        click.echo(("\n" if number else "") + course_text(course, paint))
    if not found:
        click.echo("No visit with D3351, D3352 or D3353 of a tooth.")
