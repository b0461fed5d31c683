"""`edi inspect`: a file as a tree of loops, segments and elements, with names, meanings and findings."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edi.cli.color import colored
from edi.cli.overlay_options import overlay_options, read_overlays
from edi.cli.param_types import FILE, FOLDER
from edi.cli.terminal import tell
from edi.finding import Finding, has_error
from edi.printable import printable
from edi.x12.input_file import display_name, open_input

if TYPE_CHECKING:
    from edi.validate.tree import Only, Tree

_AT_ONCE = 200  # lines printed together, which is quicker than one by one
_FAULTS_SHOWN = 20


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--loop", "loops", multiple=True, metavar="ID", help="Show only loops of this id; may be given again."
)
@click.option("--claim", metavar="NUMBER", help="Show only the claim of this patient control number (CLM01).")
@overlay_options
@click.option("--mask", is_flag=True, help="Hide what may identify a person.")
@click.option(
    "--html",
    "page",
    type=FILE,
    metavar="OUT",
    help="Write one page to OUT instead.",
)
@click.option(
    "--extract",
    "folder",
    type=FOLDER,
    metavar="DIR",
    help="Write the files that a 275 carries into DIR instead; nothing there is overwritten.",
)
def inspect(
    file: str,
    loops: tuple[str, ...],
    claim: str | None,
    config: Path | None,
    overlays: tuple[Path, ...],
    mask: bool,
    page: Path | None,
    folder: Path | None,
) -> None:
    """Show any X12 file as a tree with names, meanings and findings.

    FILE is whatever validate reads, broken or not; - reads standard input. The text suits a pager. The exit code is 0 when the file
    is valid, 1 when it is not, or has nothing of what was to be shown, 2 when it cannot be read.
    """
    from edi.flows.inspection import inspect as inspected
    from edi.validate.tree import Only

    if page and page.exists() and Path(file).exists() and page.samefile(file):
        raise click.BadParameter("the page would overwrite the file itself.", param_hint="'--html'")
    overlay_rules = read_overlays(config, overlays)
    only = Only(frozenset(loops), claim)
    if folder:
        raise click.exceptions.Exit(0 if _extract(file, folder) else 1)
    with (
        open_input(file) as stream,
        inspected(stream, display_name(file), only=only, overlay_rules=overlay_rules) as tree,
    ):
        found = _write(tree, page, mask) if page else _print(tree, mask)
    if not found:
        tell(f"edi: {file} has {_wanted(only)}.")
    raise click.exceptions.Exit(0 if found and tree.verdict.valid else 1)


def _extract(file: str, folder: Path) -> bool:
    from edi.attachments.extract import extract

    wrong: list[Finding] = []
    with open_input(file) as stream:
        files = extract(stream, display_name(file), folder, wrong.append)
    for each in files:
        inside = f", of {each.inside}" if each.inside else ""
        media_type = printable(each.media_type) or "unknown type"
        click.echo(f"{folder / each.name}  {media_type}, {each.size:,} octets{inside}")
        for finding in each.findings:
            tell(f"  {finding.severity} {finding.rule}: {finding.message} {finding.fix}")
    if not files:
        tell(f"edi: {display_name(file)} carries no files.")
    errors = [finding for finding in wrong if finding.severity == "error"]
    for finding in errors[:_FAULTS_SHOWN]:
        where = f"{display_name(file)}, segment {finding.position}"
        tell(f"error {finding.rule}: {finding.message} {finding.fix} ({where})")
    if len(errors) > _FAULTS_SHOWN:
        tell(f"edi: {len(errors)} errors in all; edi validate {file} shows them.")
    return bool(files) and not errors and not any(has_error(each.findings) for each in files)


def _print(tree: Tree, mask: bool) -> bool:
    from edi.report.inspect_text import tree_lines
    from edi.report.x12_findings import verdict_text

    lines = tree_lines(tree.parts(), mask=mask, paint=colored)
    more = list(islice(lines, _AT_ONCE))
    if not more:
        return False
    click.echo(verdict_text(tree.name, tree.verdict, tree.counts, tree.left_out))
    while more:
        click.echo("\n".join(more))
        more = list(islice(lines, _AT_ONCE))
    return True


def _write(tree: Tree, page: Path, mask: bool) -> bool:
    from edi.flows.inspection import write_page

    noted = tree.in_parts()
    if noted is None:
        return False
    write_page(tree, noted, page, mask=mask)
    click.echo(page)
    return True


def _wanted(only: Only) -> str:
    """What was to be shown and is not there. A claim's number is not repeated, for messages hold nothing personal."""
    loops = f"no loop {' or '.join(sorted(only.loops))}"
    if only.claim is None:
        return loops
    claim = "no claim of that patient control number"
    return f"{claim}, or {loops} in it" if only.loops else claim
