"""`edi ledger`: count, check, prune, export and import the ledger."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import click

from edi.cli.param_types import FILE, config_option
from edi.cli.status import NOTHING_YET
from edi.cli.terminal import tell
from edi.errors import InputError, LedgerError
from edi.printable import printable
from edi.settings import Settings, load_settings


@click.group()
def ledger() -> None:
    """Count, check, prune, export or import the ledger."""


@ledger.command()
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
def stats(config: Path | None, form: str) -> None:
    """Count claims, patients, files and amounts."""
    from edi.ledger.ledger import open_to_look
    from edi.ledger.queries import figures
    from edi.report.claims import figures_text

    ledger = open_to_look(load_settings(config, Path.cwd()))
    if ledger is None:
        raise InputError(NOTHING_YET)
    with ledger, ledger.database.reading() as connection:
        found = figures(connection)
    click.echo(json.dumps(found, indent=2) if form == "json" else figures_text(found))


@ledger.command()
@config_option
@click.option(
    "--roll-back", type=int, metavar="RUN", help="Roll back an unfinished run of a machine that is gone."
)
def check(config: Path | None, roll_back: int | None) -> None:
    """Finish interrupted runs, and check that the ledger is consistent.

    What follows from the rest is repaired. The exit code is 1 when something is wrong that cannot be repaired.
    """
    from edi.ledger.check import check as examine
    from edi.ledger.ledger import open_to_repair

    ledger = open_to_repair(load_settings(config, Path.cwd()))
    if ledger is None:
        click.echo(NOTHING_YET)
        return
    with ledger:
        found = examine(ledger, roll_back)
    for run in found.recovered:
        for name in run.placed:
            click.echo(printable(f"finished: {run.folder / name}"))
        for name in run.rolled_back:
            click.echo(
                printable(f"rolled back: {run.folder / name} was never written; convert its visits again.")
            )
    for sentence in found.repaired:
        click.echo(printable(f"repaired: {sentence}"))
    for sentence in found.wrong:
        click.echo(printable(f"wrong: {sentence}"))
    for sentence in found.notes:
        click.echo(printable(f"note: {sentence}"))
    if not (found.recovered or found.repaired or found.wrong):
        click.echo("The ledger is consistent.")
    raise click.exceptions.Exit(1 if found.wrong else 0)


@ledger.command()
@config_option
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what was settled before, YYYY-MM-DD; as long ago as ledger.keep_years says when not given.",
)
@click.option("--dry-run", is_flag=True, help="Remove nothing; print what would be removed.")
def prune(config: Path | None, before: datetime.datetime | None, dry_run: bool) -> None:
    """Remove what is kept of old claims that have their last answer.

    That is: payload and record of claims that were paid, denied, rejected or voided, and with which nothing happened for
    as many years as ledger.keep_years in edi.toml says. The claims and their numbers stay in the ledger. The exit code is 1
    when something could not be read.
    """
    from edi.ledger.ledger import open_ledger
    from edi.ledger.prune import leftovers
    from edi.ledger.prune import prune as prune_kept

    settings = load_settings(config, Path.cwd())
    with open_ledger(settings) as opened:
        limit = _kept_until(settings)
        day = before.date() if before else limit
        if day > limit:
            raise InputError(
                f"What was settled since {limit} is kept: edi.toml asks for it (ledger.keep_years). Give an earlier date."
            )
        word = "would be removed" if dry_run else "removed"
        count, wrong = 0, False
        for run in prune_kept(opened, day.isoformat(), dry_run=dry_run):
            if run.trouble:
                tell(f"edi: run {run.run} of {run.at[:10]}: {run.trouble}")
                wrong = True
            else:
                click.echo(
                    f"run {run.run} of {run.at[:10]}: {run.removed:,} claims {word}, {run.left:,} kept"
                )
                count += run.removed
        click.echo(f"{count:,} claims settled before {day} {word}.")
        for path in leftovers(opened):
            tell(
                f"edi: {path} belongs to no run of this ledger; delete it if no other ledger keeps its claims there."
            )
    raise click.exceptions.Exit(1 if wrong else 0)


def _kept_until(settings: Settings) -> datetime.date:
    """The day before which a claim must have been settled so that nothing of it needs to be kept."""
    assert settings.ledger is not None
    today = datetime.datetime.now(datetime.UTC).date()
    year = today.year - settings.ledger.keep_years
    try:
        return today.replace(year=year)
    except ValueError:  # the 29th of February
        return today.replace(year=year, day=28)


@ledger.command("export")
@click.argument("file", type=FILE, metavar="FILE")
@config_option
def export(file: Path, config: Path | None) -> None:
    """Write the whole ledger to FILE, as lines of JSON.

    To move to another machine, take edi.key and the folder of what is kept (edi-kept) along, and stop using the old ledger.
    """
    from edi.ledger.ledger import open_to_look
    from edi.ledger.transfer import export_ledger
    from edi.x12.output import whole_file

    ledger = open_to_look(load_settings(config, Path.cwd()))
    if ledger is None:
        raise InputError(NOTHING_YET)
    with ledger, whole_file(file) as stream:
        stream.writelines(export_ledger(ledger.database))
    click.echo(file)


@ledger.command("import")
@click.argument("file", type=FILE, metavar="FILE")
@config_option
def import_(file: Path, config: Path | None) -> None:
    """Fill an empty ledger from an export.

    Put the edi.key of the exported ledger beside edi.toml first.
    """
    from edi.ledger.transfer import import_ledger

    try:
        with file.open("rb") as stream:
            claims = import_ledger(load_settings(config, Path.cwd()), stream)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.") from error
    except LedgerError as error:
        raise LedgerError(f"{file}: {error}") from None
    click.echo(f"{claims:,} claims")
