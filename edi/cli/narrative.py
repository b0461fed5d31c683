"""`edi narrative`: the narrative of visits, and the fields behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from edi.cli.visit_records import read_visits

if TYPE_CHECKING:
    from edi.narrative import Narrative
    from edi.visit.facts import Facts

_WIDTH = 96


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="VISIT...")
@click.option("--sources", is_flag=True, help="Name the fields of the record behind each sentence.")
def narrative(inputs: tuple[str, ...], sources: bool) -> None:
    """Print the narrative of visits: the full text, and the notes that the claim carries.

    VISIT is a file as convert takes it. The text is the record's own narrative, or else written from its clinical
    part, and says nothing that the record does not say.
    """
    from edi.narrative import narrate
    from edi.visit.facts import Facts
    from edi.visit.timeline import FAR_FUTURE

    for number, visit in enumerate(read_visits(inputs)):
        facts = Facts(visit, as_of=FAR_FUTURE)
        narrated = narrate(facts)
        click.echo(("\n" if number else "") + visit["visitId"])
        if not narrated.text:
            click.echo("No narrative: the visit has none of its own, and no D3351, D3352 or D3353.")
            continue
        click.echo()
        _print_text(facts, narrated, sources)
        _print_notes(narrated)


def _print_text(facts: Facts, narrated: Narrative, sources: bool) -> None:
    if narrated.source == "given":
        click.echo(click.wrap_text(narrated.text, _WIDTH))
        if sources:
            click.echo("    /narrative")
        return
    from edi.narrative import compose

    for text, fields in compose(facts):
        click.echo(click.wrap_text(" ".join(text.split()), _WIDTH))
        if sources:
            click.echo(f"    {' '.join(fields)}")


def _print_notes(narrated: Narrative) -> None:
    count = sum(map(len, narrated.notes)) + len(narrated.notes) - 1
    whole = "the full text travels as an attachment" if narrated.overflow else "they hold the full text"
    click.echo(f"\nNotes of the claim (NTE*ADD), {count} characters; {whole}:")
    for note in narrated.notes:
        click.echo(f"  {note}")
