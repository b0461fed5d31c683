"""The `edi` command. A subcommand's module is loaded when it is called, so that `edi --help` stays quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from edi import __version__
from edi.errors import EdiError

# Name -> one line for `edi --help`. The module of the same name under edi.cli holds the command; `rules` and `explain` share one.
_COMMANDS = {
    "ack": "Read payers' requests for more information (277).",
    "attach": "Answer a payer's request, or send an attachment later.",
    "check": "Show what convert would find; nothing is written.",
    "convert": "Turn visit records into 837D claim files.",
    "episode": "Show the course of a tooth as a timeline.",
    "explain": "Explain one rule: what it checks, why, what to do.",
    "guide": "List the guides, or show one: loops, segments, elements, codes.",
    "init": "Write a commented edi.toml with a ledger.",
    "inspect": "Show any X12 file with names, meanings and findings.",
    "ledger": "Count, check, export or import the ledger.",
    "narrative": "Print the narrative of visits, and the fields behind it.",
    "payers": "List payer profiles: what each payer asks for, with sources.",
    "predetermine": "Make the predetermination of a whole course.",
    "rules": "List the rules that visits are judged by.",
    "sample": "Write synthetic visits to try things with.",
    "schema": "Print a schema: visit, payload, report, finding, reject, guide, xsd.",
    "status": "List claims by state and age, or tell one claim's history.",
    "validate": "Check any X12 file against its guide: claims, acknowledgments.",
}
_MODULES = {"explain": "rules"}


class EdiGroup(click.Group):
    """Loads commands by name, and turns errors meant for the user into a sentence and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"edi.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _open_closed_streams()
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # what no command handles, such as a full disk behind standard output
            click.echo(f"edi: {error.filename or 'standard output'}: {error.strerror or error}.", err=True)
            sys.exit(2)
        except (click.ClickException, click.Abort):  # for a caller of the group as a function
            raise
        except Exception as error:
            from edi.cli.crash_report import crash_report

            click.echo(crash_report(error), err=True)
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EdiError as error:
            click.echo(f"edi: {error}", err=True)
            ctx.exit(2)


def _open_closed_streams() -> None:
    """A process that is started without standard streams (by a service, by `<&-`) reads and prints nothing. Left closed, the
    next file that is opened would become the stream."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  (open as long as we run)


@click.group(cls=EdiGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edi")
def cli() -> None:
    """Dental visit records in, X12 837 Dental claims that the payer accepts out."""
