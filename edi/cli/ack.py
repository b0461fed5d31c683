"""`edi ack`: responses of payers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edi.cli.color import colored
from edi.cli.param_types import config_option
from edi.cli.run_options import tell_recovered
from edi.cli.terminal import tell
from edi.errors import InputError
from edi.x12.input_file import display_name, open_input

if TYPE_CHECKING:
    from edi.flows.requests.match import MatchedRequest
    from edi.flows.sent_claims import SentClaims


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Look the claims up in this folder, which edi convert wrote to, and not by the ledger.",
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

    FILE is what the payer sent; - reads standard input. For each request it shows the claim, what is asked and by when, and
    what is at hand to answer it: found by the ledger, which records the request, or in the folder of --from. A file that cannot
    be read stops no other file.
    """
    from edi.flows.claim_events import claim_events
    from edi.flows.requests.match import request_json
    from edi.flows.sent_claims import FolderClaims
    from edi.report.request_text import Looked, request_text
    from edi.settings import load_settings

    found: list[dict[str, Any]] = []
    unreadable = False
    with claim_events(load_settings(config, Path.cwd())) as events:
        for run in events.recovered:
            tell_recovered(run.folder, run.placed, run.rolled_back)
        claims = FolderClaims(folder) if folder else events.claims
        for file in files:
            try:
                matched = _requests(file, claims)
            except InputError as error:
                tell(f"edi: {error}")
                unreadable = True
                continue
            for each in matched:
                request = request_json(each)
                events.requested(request, file, each.claim.ledger_id if each.claim else None)
                if form == "text":
                    where = Looked(
                        claims.name if claims else None, folder, each.claim.missing if each.claim else ""
                    )
                    click.echo(
                        ("\n" if each is not matched[0] else "") + request_text(file, request, where, colored)
                    )
                found.append(request)
    if form == "json":
        click.echo(json.dumps(found, indent=2))
    raise click.exceptions.Exit(2 if unreadable else 0)


def _requests(file: str, claims: SentClaims | None) -> list[MatchedRequest]:
    """The requests of a file. Raises InputError when it has none."""
    from edi.flows.requests.match import match_requests
    from edi.responses.request import read_requests

    with open_input(file) as stream:
        requests = list(match_requests(read_requests(stream, display_name(file)), claims))
    if not requests:
        raise InputError(
            f"{display_name(file)} holds no request: a 277 by 005010X213 or 006020X313 is read here."
        )
    return requests
