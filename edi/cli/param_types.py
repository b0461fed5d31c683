"""Types of parameters, and options that several commands share."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import click

from edi.settings import FILE_NAME


class _Path(click.Path):
    """A path. An empty one comes from an unset variable of a shell, and never means the current folder; a loop of links means
    nothing."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if os.fspath(value) in ("", b""):
            hint = "" if self.file_okay else '; write "." for this folder'
            self.fail(f"The name is empty{hint}.", param, ctx)
        try:
            Path(os.fsdecode(value)).stat()
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.fail(f"{os.fsdecode(value)} leads nowhere: {error.strerror}.", param, ctx)
        return super().convert(value, param, ctx)


class _Today(click.DateTime):
    """A day that can stand in an interchange."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        day = super().convert(value, param, ctx)
        if day.year not in _YEARS:
            self.fail(f"The year must be {_YEARS[0]} to {_YEARS[-1]}.", param, ctx)
        return day


_YEARS = range(1900, 2100)
TODAY = _Today()
FILE = _Path(dir_okay=False, path_type=Path)
FOLDER = _Path(file_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    type=FILE,
    metavar="FILE",
    help=f"Settings; {FILE_NAME} of this folder when not given.",
)

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes to use; all cores when not given."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print no findings; the exit code tells.")
max_findings_option = click.option(
    "--max-findings",
    type=click.IntRange(min=0),
    metavar="N",
    help="Print at most N findings of a file, and how many more there are.",
)
