"""`edi inspect`: a file as a tree of loops, segments and elements, with names, meanings and findings."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from edi.cli.paint import paint
from edi.errors import InputError

if TYPE_CHECKING:
    from edi.validate.tree import Only, Tree

_STDIN = "-"


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--loop", "loops", multiple=True, metavar="ID", help="Show only loops of this id; may be given again."
)
@click.option("--claim", metavar="NUMBER", help="Show only the claim of this patient control number (CLM01).")
@click.option("--mask", is_flag=True, help="Cover what may tell who a person is.")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write one page to OUT instead.",
)
def inspect(file: str, loops: tuple[str, ...], claim: str | None, mask: bool, page: Path | None) -> None:
    """Show any X12 file as a tree with names, meanings and findings.

    FILE is whatever validate reads, broken or not; - reads standard input. The text suits a pager. The exit code is 0 when the file
    is valid, 1 when it is not or has nothing of what was asked for, 2 when it cannot be read.
    """
    from edi.flows.inspecting import inspect as inspected
    from edi.validate.tree import Only

    if page and page.exists() and file != _STDIN and page.samefile(file):
        raise click.BadParameter("the page would overwrite the file itself.", param_hint="'--html'")
    only = Only(frozenset(loops), claim)
    name = "standard input" if file == _STDIN else file
    with _opened(file) as stream, inspected(stream, name, only=only) as tree:
        found = _write(tree, page, mask) if page else _print(tree, mask)
    if not found:
        click.echo(f"edi: {file} has {_wanted(only)}.", err=True)
    raise click.exceptions.Exit(0 if found and tree.verdict.valid else 1)


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == _STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def _print(tree: Tree, mask: bool) -> bool:
    from edi.report.inspect_text import tree_lines
    from edi.report.x12 import verdict_text

    found = False
    for line in tree_lines(tree.parts(), mask=mask, paint=paint):
        if not found:
            click.echo(verdict_text(tree.name, tree.verdict.claims, tree.counts, tree.left_out))
        found = True
        click.echo(line)
    return found


def _write(tree: Tree, page: Path, mask: bool) -> bool:
    from edi.flows.inspecting import write_page

    noted = tree.in_parts()
    if noted is None:
        return False
    write_page(tree, noted, page, mask=mask)
    click.echo(page)
    return True


def _wanted(only: Only) -> str:
    """What was asked for and is not there; a claim's number is not repeated, for messages hold nothing personal."""
    loops = f"no loop {' or '.join(sorted(only.loops))}"
    if only.claim is None:
        return loops
    claim = "no claim of that patient control number"
    return f"{claim}, or {loops} in it" if only.loops else claim
