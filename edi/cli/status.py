"""`edi status`: the state of claims."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edi.cli.color import colored
from edi.cli.param_types import config_option
from edi.errors import InputError
from edi.ledger.entry import PHASE
from edi.settings import load_settings

if TYPE_CHECKING:
    from edi.ledger.ledger import Ledger

NOTHING_YET = "Nothing was converted yet: the ledger is empty."


@click.command()
@click.argument("claim", required=False, metavar="[CLAIM]")
@config_option
@click.option("--payer", metavar="ID", help="Only claims to this payer.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only claims made since, YYYY-MM-DD."
)
@click.option("--state", type=click.Choice(list(PHASE)), help="Only claims in this state.")
@click.option("--tooth", metavar="N", help="Only claims with this tooth.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to print.",
)
def status(
    claim: str | None,
    config: Path | None,
    payer: str | None,
    since: datetime.datetime | None,
    state: str | None,
    tooth: str | None,
    form: str,
) -> None:
    """List claims by state and age, or tell one claim's history.

    CLAIM is a visitId, a patient control number, the payer's claim number or an attachment control number. Needs a ledger.
    """
    from edi.ledger.ledger import open_to_look
    from edi.ledger.queries import Filters

    filters = Filters(payer, since.date().isoformat() if since else None, state, tooth)
    if claim is not None and (any(filters) or form == "csv"):
        raise click.UsageError("A CLAIM is shown as text or json, and takes no filters.")
    ledger = open_to_look(load_settings(config, Path.cwd()))
    if ledger is None:
        if claim is not None:
            raise InputError(NOTHING_YET)
        click.echo("[]" if form == "json" else NOTHING_YET)
        return
    with ledger:
        if claim is None:
            _list(ledger, filters, form)
        else:
            _tell(ledger, claim, form)


def _list(ledger: Ledger, filters: Any, form: str) -> None:
    from edi.ledger.queries import list_claims
    from edi.report.claims import claim_json, claims_csv, claims_text

    today = datetime.datetime.now(datetime.UTC).date()
    with ledger.database.reading() as connection:
        claims = list_claims(connection, filters)
        if form == "json":
            lead = "["
            for each in claims:
                click.echo(f"{lead}\n{json.dumps(claim_json(each, today))}", nl=False)
                lead = ","
            click.echo("[]" if lead == "[" else "\n]")
            return
        for line in claims_csv(claims, today) if form == "csv" else claims_text(claims, today, colored):
            click.echo(line)


def _tell(ledger: Ledger, number: str, form: str) -> None:
    from edi.ledger.queries import claim_history
    from edi.report.claims import story_json, story_text

    today = datetime.datetime.now(datetime.UTC).date()
    found = ledger.find(number)
    if not found:
        raise InputError("The ledger knows no claim by this number.")
    with ledger.database.reading() as connection:
        stories = [claim_history(connection, each) for each in found]
    if form == "json":
        click.echo(json.dumps([story_json(each, today) for each in stories], indent=2))
    else:
        click.echo("\n\n".join(story_text(each, today, colored) for each in stories))
