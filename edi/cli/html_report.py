"""`edi validate --format html`: one page of the files, each finding at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from edi.flows.inspection import inspect
from edi.report.inspect_page import PageOptions, page_end, page_start, tree_section
from edi.validate.run import Verdict
from edi.validate.tree import KEPT

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


class HtmlReport:
    """Prints one page of all files that can be read; nothing when none can."""

    def __init__(self, limit: int | None, overlay_rules: OverlayRules | None) -> None:
        self._overlay_rules = overlay_rules
        self._keep = KEPT if limit is None else min(limit, KEPT)
        self._files = 0

    def add(self, stream: BinaryIO, name: str) -> Verdict:
        """Validate a file and print its part of the page."""
        with inspect(stream, name, keep=self._keep, overlay_rules=self._overlay_rules) as tree:
            if not self._files:
                self._print(page_start("X12 files, validated"))
            self._files += 1
            for piece in tree_section(tree, tree.noted, PageOptions(elements=False, file=self._files)):
                self._print(piece)
            return tree.verdict

    def close(self) -> None:
        if self._files:
            self._print(page_end())

    def _print(self, text: str) -> None:
        click.echo(text.encode(), nl=False)  # as bytes: the page says of itself that it is UTF-8
