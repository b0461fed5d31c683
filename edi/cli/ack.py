"""`edi ack`: responses of payers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from edi.cli.color import colored
from edi.cli.param_types import config_option
from edi.cli.terminal import tell
from edi.errors import InputError
from edi.x12.input_file import display_name, open_input


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder that edi convert wrote the claims to; the claims of the requests are looked up in it.",
)
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
def ack(files: tuple[str, ...], folder: Path | None, config: Path | None, form: str) -> None:
    """Read payers' requests for more information about a claim (277).

    FILE is what the payer sent; - reads standard input. For each request it shows the claim, what is asked and by when, and with
    --from what is at hand to answer it. A ledger records it. A file that cannot be read stops no other file.
    """
    from edi.flows.claim_events import claim_events
    from edi.report.request_text import request_text
    from edi.settings import load_settings

    found: list[dict[str, Any]] = []
    unreadable = False
    with claim_events(load_settings(config, Path.cwd())) as events:
        for file in files:
            try:
                requests = _requests(file, folder)
            except InputError as error:
                tell(f"edi: {error}")
                unreadable = True
                continue
            for each in requests:
                events.requested(each, file)
            if form == "text":
                place = str(folder) if folder else None
                click.echo("\n\n".join(request_text(file, each, place, colored) for each in requests))
            found += requests
    if form == "json":
        click.echo(json.dumps(found, indent=2))
    raise click.exceptions.Exit(2 if unreadable else 0)


def _requests(file: str, folder: Path | None) -> list[dict[str, Any]]:
    """The requests of a file, for programs. Raises InputError when it has none."""
    from edi.flows.requests.match import match_requests, request_json
    from edi.responses.request import read_requests

    with open_input(file) as stream:
        requests = [
            request_json(each) for each in match_requests(read_requests(stream, display_name(file)), folder)
        ]
    if not requests:
        raise InputError(
            f"{display_name(file)} holds no request: a 277 by 005010X213 or 006020X313 is read here."
        )
    return requests
