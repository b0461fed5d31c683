"""`edi schema`: the published schemas."""

from __future__ import annotations

import click

from edi.visit.schema import NAMES, schema_text


@click.command()
@click.argument("name", type=click.Choice(NAMES), default="visit")
def schema(name: str) -> None:
    """Print a schema: JSON Schema 2020-12, or the XML Schema of visits (xsd)."""
    click.echo(schema_text(name), nl=False)
