"""Files and folders on the command line that need not exist yet, and the one of the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from edi.settings import FILE_NAME


class _Place(click.Path):
    """A path. "" is what an unset variable of a shell leaves, and never meant for the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if os.fspath(value) in ("", b""):
            hint = "" if self.file_okay else '; write "." for this folder'
            self.fail(f"The name is empty{hint}.", param, ctx)
        return super().convert(value, param, ctx)


FILE = _Place(dir_okay=False, path_type=Path)
FOLDER = _Place(file_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    type=FILE,
    metavar="FILE",
    help=f"Settings; {FILE_NAME} of this folder when not given.",
)
