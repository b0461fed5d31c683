"""`edi predetermine`: the predetermination of a whole course, from the record of its first visit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.param_types import FILE
from edi.cli.terminal import tell
from edi.cli.visit_records import read_visits
from edi.errors import InputError, OutputError
from edi.visit.fields import visit_fields

if TYPE_CHECKING:
    from edi.visit.record import Visit

_FEE = re.compile(r"(D335[123])=([0-9]{1,8}(?:\.[0-9]{1,2})?)")
_MOST_LINES = visit_fields().members["procedures"].schema["maxItems"]


def _fees(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    fees = {}
    for text in given:
        found = _FEE.fullmatch(text)
        if not found:
            raise click.BadParameter("write D3351, D3352 or D3353, = and dollars, as in D3352=215.00")
        fees[found[1]] = found[2]
    return fees


@click.command()
@click.argument("visit", metavar="VISIT")
@click.option(
    "--renewals",
    type=click.IntRange(min=0, max=_MOST_LINES - 2),
    required=True,
    metavar="N",
    help="How many D3352 are expected; 0 for a barrier placed in one visit.",
)
@click.option(
    "--fee",
    "fees",
    multiple=True,
    callback=_fees,
    metavar="CODE=DOLLARS",
    help="The fee of a code, as D3352=215; where it is not given the record's.",
)
@click.option(
    "-o",
    "--output",
    type=FILE,
    metavar="FILE",
    help="Where to write the record, beside VISIT so that its films are found; stdout when not given.",
)
def predetermine(visit: str, renewals: int, fees: dict[str, str], output: Path | None) -> None:
    """Print the predetermination of a whole course, from the record of its first visit.

    VISIT is a file with one record that has a D3351, as convert takes it. The result is a visit record with a line for
    D3351, N lines for D3352 and one for D3353: `edi convert` makes the claim of it.
    """
    from edi.visit.predetermination import planned_course
    from edi.x12.output import whole_file

    visits = list(read_visits([visit]))
    if len(visits) != 1:
        raise InputError(f"{visit} has {len(visits)} records; predetermine takes one.")
    planned = planned_course(visits[0], renewals, fees)
    text = json.dumps(planned, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    if visit != "-" and output.resolve() == Path(visit).resolve():
        raise OutputError(f"{output} is the record of the visit itself; name another file.")
    with whole_file(output) as stream:
        stream.write(text.encode())
    if _has_files(planned) and visit != "-" and output.resolve().parent != Path(visit).resolve().parent:
        tell(f"edi: the record names files beside {visit}; put them beside {output} too.")


def _has_files(visit: Visit) -> bool:
    return any("file" in attachment for attachment in visit.get("attachments", ()))
