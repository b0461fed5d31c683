"""The `edi` command. A subcommand's module is loaded when it is called, so that `edi --help` stays quick."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from edi import __version__
from edi.cli.signals import Stopped, stopped_by_signals
from edi.cli.terminal import open_standard_streams, tell
from edi.errors import EdiError
from edi.printable import printable_lines

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
    "ledger": "Count, check, prune, export or import the ledger.",
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
        open_standard_streams()
        try:
            with stopped_by_signals():
                return super().main(*args, **kwargs)
        except OSError as error:  # what no command handles, such as a full disk behind standard output
            tell(f"edi: {error.filename or 'standard output'}: {error.strerror or error}.")
            sys.exit(2)
        except (click.ClickException, click.Abort):  # for a caller of the group as a function
            raise
        except Exception as error:
            from edi.cli.crash_report import crash_report

            tell(crash_report(error))
            sys.exit(2)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _shown_safely():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _shown_safely():
                return super().invoke(ctx)
        except EdiError as error:
            tell(f"edi: {error}")
            ctx.exit(2)
        except Stopped as error:
            tell(f"edi: stopped by {error}.")
            ctx.exit(error.exit_code)


@contextmanager
def _shown_safely() -> Iterator[None]:
    """A wrong argument is part of what click says of it."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = printable_lines(error.message)
        raise


@click.group(cls=EdiGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edi")
def cli() -> None:
    """Dental visit records in, X12 837 Dental claims that the payer accepts out."""
