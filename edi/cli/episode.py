"""`edi episode`: the course of treatment of a tooth as a timeline."""

from __future__ import annotations

from pathlib import Path

import click

from edi.cli.color import colored
from edi.cli.param_types import config_option
from edi.cli.visit_records import read_visits
from edi.settings import load_settings


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="VISIT...")
@config_option
def episode(inputs: tuple[str, ...], config: Path | None) -> None:
    """Show the course of each tooth as a timeline: visits, films, medicament, claims.

    VISIT is a file or folder as convert takes it. Other visits of a tooth come from the records given, from the episode in
    each of them, and from the ledger, where edi.toml names one: each visit once, with the state of its claim.
    """
    from edi.flows.courses import known_courses
    from edi.report.course_text import course_text

    settings = load_settings(config, Path.cwd())
    found = known_courses(list(read_visits(inputs)), settings)
    for number, course in enumerate(found):
        click.echo(("\n" if number else "") + course_text(course, colored))
    if not found:
        click.echo("No visit with D3351, D3352 or D3353 of a tooth.")
