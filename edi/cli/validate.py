"""`edi validate`: any X12 file against the guide that it names."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.color import colored
from edi.cli.overlay_options import overlay_options, read_overlays
from edi.cli.param_types import TODAY, jobs_option, max_findings_option, quiet_option
from edi.cli.terminal import tell
from edi.flows.validate_files import validate_files
from edi.x12.input_files import x12_files

if TYPE_CHECKING:
    from edi.report.validation import FileOutcome, OutputFormat

_UTF8 = ("html", "junit")  # they say so of themselves, whatever the terminal is


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "sarif", "junit", "github", "999"]),
    default="text",
    show_default=True,
    help="How findings are printed; json is one object a file, in an array when there are several; "
    "html is a page of the files with their findings in place; sarif (2.1.0), junit (XML) and github (workflow commands) are "
    "for build servers, and hold no value of a file; 999 is the acknowledgment (X12 999, and TA1) that a "
    "receiver would send. It copies claim numbers, and wrong elements that name no person.",
)
@overlay_options
@quiet_option
@max_findings_option
@jobs_option
@click.option(
    "--as-of",
    type=TODAY,
    metavar="DATE",
    help="The day that a 999 is written, YYYY-MM-DD, so that it can be repeated exactly; now when not given.",
)
def validate(
    paths: tuple[str, ...],
    form: str,
    config: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    max_findings: int | None,
    jobs: int | None,
    as_of: datetime.datetime | None,
) -> None:
    """Check any X12 file against its guide: claims (837D) and acknowledgments (999).

    PATH is a file, or a folder, which stands for the X12 files in it; - reads standard input. A file may hold any number of
    interchanges, with any delimiters. The exit code is 0 when all files are valid, 1 when one is not, 2 when one cannot be
    read. As text, a finding shows the segment that it is about.

    An overlay is what a payer asks beyond the guide. An overlay that the settings give a payer or a receiver judges only the claims
    to it; one given by --overlay judges every claim. Its findings are of SNIP type 7.
    """
    if form == "999" and max_findings is not None:
        raise click.UsageError("--max-findings does not go with --format 999, which names every finding.")
    overlay_rules = read_overlays(config, overlays)
    files = _files(paths, quiet=quiet)
    several = len(files) > 1 or any(map(os.path.isdir, paths))
    outcomes = validate_files(
        files,
        _output_format("quiet" if quiet else form, max_findings, several=several, as_of=as_of),
        _print_octets if form in _UTF8 else _print,
        _tell,
        overlay_rules=overlay_rules,
        jobs=jobs or os.cpu_count() or 1,
    )
    unreadable = any(each.unreadable for each in outcomes)
    raise click.exceptions.Exit(2 if unreadable else 0 if all(each.valid for each in outcomes) else 1)


def _files(paths: tuple[str, ...], *, quiet: bool) -> list[str]:
    files: list[str] = []
    for path in paths:
        found = x12_files(path)
        files += found.paths
        if found.left_out and not quiet:
            tell(f"edi: {path}: files that are not X12 were left out: {found.left_out:,}.")
    return files


def _output_format(
    form: str, limit: int | None, *, several: bool, as_of: datetime.datetime | None
) -> OutputFormat:
    """The format of that name. What is not asked for is not loaded."""
    if form == "text":
        from edi.report.validation.text import Text

        return Text(limit, colored)
    if form == "json":
        from edi.report.validation.json_text import Json

        return Json(limit, several=several)
    if form == "html":
        from edi.report.validation.page import Page

        return Page(limit)
    if form == "sarif":
        from edi.report.validation.sarif import Sarif

        return Sarif(limit)
    if form == "junit":
        from edi.report.validation.junit import JUnit

        return JUnit(limit)
    if form == "github":
        from edi.report.validation.github import GitHub

        return GitHub(limit)
    if form == "999":
        from edi.report.validation.acknowledgment import Acknowledgment
        from edi.x12.envelope import Stamp

        return Acknowledgment(Stamp.at(as_of or datetime.datetime.now().astimezone()))
    from edi.report.validation import OutputFormat

    return OutputFormat(limit)


def _print(text: str) -> None:
    click.echo(text, nl=False)


def _print_octets(text: str) -> None:
    click.echo(text.encode(), nl=False)


def _tell(outcome: FileOutcome) -> None:
    if outcome.unreadable:
        tell(f"edi: {outcome.unreadable}")
