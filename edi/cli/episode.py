"""`edi episode`: the course of treatment of a tooth as a timeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.color import colored
from edi.cli.param_types import config_option
from edi.cli.visit_records import read_visits
from edi.errors import InputError
from edi.settings import Settings, load_settings
from edi.x12.input_file import STDIN

if TYPE_CHECKING:
    from edi.visit.record import Visit


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="VISIT...")
@config_option
def episode(inputs: tuple[str, ...], config: Path | None) -> None:
    """Show the course of each tooth as a timeline: visits, films, medicament, claims.

    VISIT is a file or folder as convert takes it, or a number of a claim that the ledger knows: its record is kept. Other visits of a tooth come from the records given, from the episode in
    each of them, and from the ledger, where edi.toml names one: each visit once, with the state of its claim.
    """
    from edi.flows.courses import known_courses
    from edi.report.course_text import course_text

    settings = load_settings(config, Path.cwd())
    found = known_courses([visit for each in inputs for visit in _visits(each, settings)], settings)
    for number, course in enumerate(found):
        click.echo(("\n" if number else "") + course_text(course, colored))
    if not found:
        click.echo("No visit with D3351, D3352 or D3353 of a tooth.")


def _visits(name: str, settings: Settings) -> Iterator[Visit]:
    """The visits that an argument names. Raises InputError when it names none."""
    if settings.ledger is None or name == STDIN or Path(name).exists():
        yield from read_visits([name])
        return
    from edi.flows.kept_claims import claims_to_look

    with claims_to_look(settings) as claims:
        if claims is None:
            yield from read_visits([name])  # which says that there is no such file
            return
        try:
            found = claims.find(name)
        except InputError as error:
            raise InputError(f"There is no such file or folder, and: {error}") from None
        yield found.whole()[1].visit
