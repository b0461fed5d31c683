"""`edi ledger`: count, check, export and import the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import click

from edi.cli.param_types import FILE, config_option
from edi.cli.status import NOTHING_YET
from edi.errors import InputError, LedgerError
from edi.printable import printable
from edi.settings import load_settings


@click.group()
def ledger() -> None:
    """Count, check, export or import the ledger."""


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
    if not any(found):
        click.echo("The ledger is consistent.")
    raise click.exceptions.Exit(1 if found.wrong else 0)


@ledger.command("export")
@click.argument("file", type=FILE, metavar="FILE")
@config_option
def export(file: Path, config: Path | None) -> None:
    """Write the whole ledger to FILE, as lines of JSON.

    To move to another machine, take edi.key along, and stop using the old ledger.
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
