"""Inspection of an X12 file: a tree with each finding at its place, and a page of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from edi.report.inspect_page import PageOptions, page_end, page_start, tree_section
from edi.validate.tree import EVERYTHING, KEPT, Noted, Only, Tree
from edi.x12.output import whole_file
from edi.x12.seekable import seekable

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


@contextmanager
def inspect(
    stream: BinaryIO,
    name: str,
    *,
    only: Only = EVERYTHING,
    keep: int = KEPT,
    overlay_rules: OverlayRules | None = None,
) -> Iterator[Tree]:
    """Validate a file; the tree of it can be walked while the context is open. `only` says which part is wanted. At most `keep` findings
    are kept. `overlay_rules` is what payers want beyond the guide.

    Raises InputError when it is not X12 at all; `name` is how the message calls the file."""
    with seekable(stream) as twice:
        yield Tree(twice, name, only=only, keep=keep, overlay_rules=overlay_rules)


def write_page(tree: Tree, noted: list[Noted], out: Path, *, mask: bool) -> None:
    """Write a tree as one page, whole or not at all and readable by its owner alone; `noted` is what `tree.in_parts()` gave. Raises
    OutputError when it cannot be written."""
    with whole_file(out) as stream:
        stream.write(page_start("X12 file, inspected").encode())
        for piece in tree_section(tree, noted, PageOptions(mask=mask)):
            stream.write(piece.encode())
        stream.write(page_end().encode())
