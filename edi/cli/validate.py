"""`edi validate`: any X12 file against the guide that it names."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.html_report import HtmlReport
from edi.cli.input_file import display_name, open_input
from edi.cli.overlay_options import overlay_options, read_overlays
from edi.cli.param_types import TODAY
from edi.cli.reporters import Acknowledgment, Json, Quiet, Reporter, Text
from edi.errors import InputError
from edi.finding import Finding
from edi.validate.log import Excerpt
from edi.validate.run import Verdict, validate_stream
from edi.x12.envelope import Stamp

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "999"]),
    default="text",
    show_default=True,
    help="How findings are printed; json is one object a file, in an array when there are several; "
    "html is a page of the files with their findings in place; 999 is the acknowledgment (X12 999, and TA1) that a "
    "receiver would send. It copies claim numbers, and wrong elements that name no person.",
)
@overlay_options
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; only the exit code counts.")
@click.option(
    "--max-findings", type=click.IntRange(min=0), metavar="N", help="Print at most N findings of a file."
)
@click.option(
    "--as-of",
    type=TODAY,
    metavar="DATE",
    help="The day that a 999 is written, YYYY-MM-DD, so that it can be repeated exactly; now when not given.",
)
def validate(
    files: tuple[str, ...],
    form: str,
    config: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    max_findings: int | None,
    as_of: datetime.datetime | None,
) -> None:
    """Check any X12 file against its guide: claims (837D) and acknowledgments (999).

    FILE may hold any number of interchanges, with any delimiters; - reads standard input. The exit code is 0 when all files
    are valid, 1 when one is not, 2 when one cannot be read. As text, a finding shows the segment that it is about.

    An overlay is what a payer asks beyond the guide. An overlay that the settings give a payer or a receiver judges only the claims
    to it; one given by --overlay judges every claim. Its findings are of SNIP type 7.
    """
    if form == "999" and max_findings is not None:
        raise click.UsageError("--max-findings does not go with --format 999, which names every finding.")
    overlay_rules = read_overlays(config, overlays)
    reporter: Reporter = Quiet()
    if not quiet and form == "999":
        reporter = Acknowledgment(Stamp.at(as_of or datetime.datetime.now().astimezone()))
    elif not quiet:
        reporter = Json(len(files) > 1, max_findings) if form == "json" else Text(max_findings)
    page = HtmlReport(max_findings, overlay_rules) if form == "html" and not quiet else None
    invalid = unreadable = False
    for file in files:
        try:
            invalid |= not (_mark_up(file, page) if page else _validate(file, reporter, overlay_rules)).valid
        except InputError as error:
            click.echo(f"edi: {error}", err=True)
            unreadable = True
    (page or reporter).close()
    raise click.exceptions.Exit(2 if unreadable else 1 if invalid else 0)


def _validate(file: str, reporter: Reporter, overlay_rules: OverlayRules | None) -> Verdict:
    with open_input(file) as stream:
        begun = False

        def show(finding: Finding, excerpt: Excerpt) -> None:
            nonlocal begun
            if not begun:
                reporter.begin(file)
                begun = True
            reporter.show(finding, excerpt)

        name = display_name(file)
        verdict = validate_stream(
            stream, name, show=show, overlay_rules=overlay_rules, listener=reporter.listener
        )
    if not begun:
        reporter.begin(file)
    reporter.end(verdict)
    return verdict


def _mark_up(file: str, page: HtmlReport) -> Verdict:
    with open_input(file) as stream:
        return page.add(stream, display_name(file))
