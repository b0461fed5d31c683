"""`edi guide`: the guides that files are written and validated by, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from edi.cli.color import colored
from edi.guide.registry import VERSIONS, unread
from edi.guide.registry import guide as guide_named

if TYPE_CHECKING:
    from edi.guide.description import GuideFact


@click.command()
@click.argument("version", required=False)
@click.option("--loop", "loop_id", metavar="ID", help="Show this loop alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "html")),
    default="text",
    show_default=True,
    help="How to print; `edi schema guide` describes the JSON of a guide, which stays as it is.",
)
def guide(version: str | None, loop_id: str | None, form: str) -> None:
    """List the guides, or show the one of a version such as 005010X224A2.

    A guide is shown with its loops, segments and elements, what their codes mean, the situations in which something is asked
    for, and what the sources leave in doubt.
    """
    if version is None:
        if loop_id or form == "html":
            raise click.UsageError("Name the guide to show; `edi guide` lists them.")
        _list(form)
        return
    fact = _found(version, loop_id)
    if form == "json":
        click.echo(json.dumps(fact, indent=2, ensure_ascii=True))
    elif form == "html":
        from edi.report.guide_page import guide_page

        click.echo(guide_page(fact).encode(), nl=False)  # as bytes: the page says of itself that it is UTF-8
    else:
        from edi.report.guide_text import guide_text

        click.echo("\n".join(guide_text(fact, colored)))


def _list(form: str) -> None:
    guides = [found for each in VERSIONS if (found := guide_named(each))]
    if form == "json":
        keys = ("version", "transaction", "name")
        click.echo(json.dumps([{key: getattr(each, key) for key in keys} for each in guides], indent=2))
        return
    for each in guides:
        click.echo(f"{each.version:<14}{each.transaction:<5}{each.name}")


def _found(version: str, loop_id: str | None) -> GuideFact:
    from edi.guide.description import describe, narrowed

    found = guide_named(version.upper())
    if found is None:
        other = unread(version.upper())
        told = f" It would be {other}." if other else ""
        raise click.UsageError(f"There is no such guide here.{told} {_nearest(version, VERSIONS)}")
    fact = describe(found)
    if loop_id is None:
        return fact
    try:
        return narrowed(fact, loop_id.upper())
    except KeyError:
        raise click.UsageError(
            f"{found.version} has no such loop. {_nearest(loop_id, found.index)}"
        ) from None


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.upper(), known := list(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
