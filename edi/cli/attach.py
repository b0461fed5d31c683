"""`edi attach`: attachments of a sent claim, in a 275 of its own."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.param_types import FILE, FOLDER, TODAY, config_option
from edi.cli.run_options import tell_recovered
from edi.cli.terminal import tell
from edi.errors import InputError
from edi.x12.input_file import display_name, open_input

if TYPE_CHECKING:
    from edi.flows.requests.match import MatchedRequest
    from edi.flows.sent_claims import SentClaim


@click.command()
@click.argument("claim", metavar="CLAIM")
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE...]")
@click.option("--request", "request", metavar="277", help="The payer's request; - reads standard input.")
@click.option(
    "--unsolicited",
    is_flag=True,
    help="Send what was forgotten when the claim was sent; the payer did not ask.",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Look the claim up in this folder, which edi convert wrote to, and not by the ledger.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=FOLDER,
    required=True,
    metavar="DIR",
    help="Where the 275 goes.",
)
@config_option
@click.option(
    "--as-of",
    type=TODAY,
    metavar="DATE",
    help="The day that stands for today, YYYY-MM-DD.",
)
def attach(
    claim: str,
    files: tuple[Path, ...],
    request: str | None,
    unsolicited: bool,
    folder: Path | None,
    out: Path,
    config: Path | None,
    as_of: datetime.datetime | None,
) -> None:
    """Answer a payer's request, or send an attachment later.

    CLAIM is a patient control number or visitId, by the ledger also the payer's number or an attachment's. With --request, the attachments of the visit's record and the FILEs answer
    all requests about the claim in the payer's file. With --unsolicited the FILEs are sent, or without any FILE all
    attachments of the record.
    """
    from edi.flows.claim_events import claim_events
    from edi.flows.job import Job
    from edi.flows.requests.send_attachments import send_attachments
    from edi.flows.requests.submission import Submission
    from edi.flows.sent_claims import FolderClaims
    from edi.settings import load_settings

    if unsolicited == bool(request):
        raise click.UsageError("Give either --request with the payer's file, or --unsolicited.")
    settings = load_settings(config, Path.cwd())
    day, stamp = Job(inputs=(), settings=settings, as_of=as_of.date() if as_of else None).clock()
    with claim_events(settings) as events, events.session() as session:
        for run in events.recovered:
            tell_recovered(run.folder, run.placed, run.rolled_back)
        claims = FolderClaims(folder) if folder else events.claims
        if claims is None:
            raise click.UsageError(
                "Without a ledger, name the folder that edi convert wrote the claim to (--from)."
            )
        found = claims.find(claim)
        payload, source = found.whole()
        submission = Submission(
            payload=payload,
            source=source,
            ledger_id=events.id_of(found),
            files=files,
            requests=[],
            settings=settings,
            as_of=day,
            stamp=stamp,
        )
        if request:
            submission = replace(submission, requests=_requests(request, found, submission.gone))
        sent = send_attachments(submission, out, session)
    for each in sent:
        click.echo(each.file)
        for given in each.attachments:
            tell(f"  {given}")


def _requests(file: str, claim: SentClaim, gone: Collection[str]) -> list[MatchedRequest]:
    """What the payer's file asks about the claim. Raises InputError when it asks nothing about it."""
    from edi.flows.requests.match import requests_about
    from edi.responses.request import read_requests

    with open_input(file) as stream:
        found = requests_about(claim, read_requests(stream, display_name(file)), gone)
    if not found:
        raise InputError(f"{display_name(file)} asks nothing about claim {claim.control_number}.")
    return found
