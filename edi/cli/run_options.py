"""The options that convert and check share, the job that they describe, and the end of the run."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from edi.cli.param_types import TODAY, config_option, jobs_option
from edi.cli.terminal import show_progress, tell
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import CLAIMS_PER_FILE, Job
from edi.flows.pool import collect_rarely
from edi.report.visit_findings import counts_text
from edi.settings import FILE_NAME, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
    config_option,
    click.option(
        "--format",
        "form",
        type=click.Choice(["auto", "json", "ndjson", "csv", "xml"]),
        default="auto",
        show_default=True,
        help="How the inputs are written.",
    ),
    click.option(
        "--columns",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="TOML or JSON that maps your CSV headers to field paths.",
    ),
    click.option(
        "--as-of",
        type=TODAY,
        metavar="DATE",
        help="The day that stands for today, YYYY-MM-DD, so that a run can be repeated exactly.",
    ),
    click.option(
        "--fit-images",
        is_flag=True,
        help="Reduce images that are larger than the payer takes, and say so.",
    ),
    jobs_option,
)


def run_options(command: Command) -> Command:
    """Add the shared arguments and options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make_job(
    inputs: tuple[str, ...],
    config: Path | None,
    form: str,
    columns: Path | None,
    as_of: datetime.datetime | None,
    fit_images: bool,
    jobs: int | None,
    claims_per_file: int = CLAIMS_PER_FILE,
) -> Job:
    """The job that the options describe. Raises SettingsError when edi.toml cannot be used."""
    collect_rarely()
    settings = load_settings(config, Path.cwd())
    if settings.path is None:
        tell(f"edi: no {FILE_NAME}: test-mode defaults (usage T) are used.")
    processes: dict[str, Any] = {} if jobs is None else {"jobs": jobs}
    return Job(
        inputs=inputs,
        settings=settings,
        format=form,
        columns=columns,
        as_of=as_of.date() if as_of else None,
        claims_per_file=claims_per_file,
        fit_images=fit_images,
        stdin=sys.stdin.buffer,
        progress=show_progress,
        **processes,
    )


def finish(report: RunReport, *, quiet: bool = False) -> NoReturn:
    """Print the counts and what could not be read, and exit with the code of the contract."""
    tell_recovered(Path(), report.finished, report.rolled_back)
    for file, message in report.unreadable:
        tell(f"edi: {file}: {message}")
    if not quiet:
        tell(counts_text(report.visits, report.accepted, report.rejected, report.unchanged))
    raise click.exceptions.Exit(2 if report.unreadable else 1 if report.rejected else 0)


def tell_recovered(folder: Path, finished: Iterable[str], rolled_back: Iterable[str]) -> None:
    """Tell what became of the files of earlier runs in a folder that were cut off."""
    for file in finished:
        if (folder / file).exists():
            tell(f"edi: {folder / file} was finished: an earlier run was cut off.")
        else:
            tell(
                f"edi: {folder / file} is not there: an earlier run was cut off, and what it had put in place was taken away since. "
                "If nobody sent it, bring it back and send it."
            )
    for file in rolled_back:
        tell(f"edi: {folder / file} was rolled back: an earlier run was cut off before it was written.")
