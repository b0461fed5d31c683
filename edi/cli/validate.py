"""`edi validate`: any 837D file, whoever made it, against the guide."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import click

from edi.errors import InputError
from edi.finding import Finding
from edi.report.x12 import finding_text, verdict_text
from edi.settings import FILE_NAME, load_settings
from edi.validate.log import Excerpt
from edi.validate.run import Verdict, validate_stream

if TYPE_CHECKING:
    from edi.guide.overlay import Asked

_STDIN = "-"


class Reporter(Protocol):
    """Prints findings as they come, file by file."""

    def begin(self, file: str) -> None: ...

    def show(self, finding: Finding, excerpt: Excerpt) -> None: ...

    def end(self, verdict: Verdict) -> None: ...

    def close(self) -> None: ...


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are printed; json is one object a file, in an array when there are several.",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Settings that give payers an overlay; {FILE_NAME} of this folder when not given.",
)
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A payer's overlay (TOML) to judge every claim by; may be given several times.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit code tells.")
@click.option(
    "--max-findings", type=click.IntRange(min=0), metavar="N", help="Print at most N findings of a file."
)
def validate(
    files: tuple[str, ...],
    form: str,
    config: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    max_findings: int | None,
) -> None:
    """Check any 837D file against the guide.

    FILE may hold any number of interchanges, with any delimiters; - reads standard input. The exit code is 0 when all files
    are valid, 1 when one is not, 2 when one cannot be read. As text, a finding shows the segment that it is about.

    What a payer asks beyond the guide stands in an overlay. One that the settings give a payer judges the claims of that
    payer alone, one given by --overlay judges every claim; what it finds is of SNIP type 7.
    """
    asked = _asked(config, overlays)
    reporter: Reporter = _Quiet()
    if not quiet:
        reporter = _Json(len(files) > 1, max_findings) if form == "json" else _Text(max_findings)
    invalid = unreadable = False
    for file in files:
        try:
            invalid |= not _validate(file, reporter, asked).valid
        except (InputError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            shown = "" if isinstance(error, InputError) else f"{file}: "
            click.echo(f"edi: {shown}{reason}", err=True)
            unreadable = True
    reporter.close()
    raise click.exceptions.Exit(2 if unreadable else 1 if invalid else 0)


def _asked(config: Path | None, overlays: tuple[Path, ...]) -> Asked | None:
    settings = load_settings(config, Path.cwd())
    if not overlays and not settings.overlays:
        return None
    from edi.guide.overlay import asked

    return asked(settings, overlays)


def _validate(file: str, reporter: Reporter, asked: Asked | None) -> Verdict:
    with _opened(file) as stream:
        begun = False

        def show(finding: Finding, excerpt: Excerpt) -> None:
            nonlocal begun
            if not begun:
                reporter.begin(file)
                begun = True
            reporter.show(finding, excerpt)

        name = "standard input" if file == _STDIN else file
        verdict = validate_stream(stream, name, show=show, asked=asked)
    if not begun:
        reporter.begin(file)
    reporter.end(verdict)
    return verdict


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == _STDIN else Path(file).open("rb")


class _Quiet:
    """Prints nothing."""

    def begin(self, file: str) -> None:
        pass

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        pass

    def end(self, verdict: Verdict) -> None:
        pass

    def close(self) -> None:
        pass


class _Text:
    """For people: each finding with its segment, and a line of counts after each file."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit

    def begin(self, file: str) -> None:
        self._file = file
        self._counts: Counter[str] = Counter()

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        self._counts[finding.severity] += 1
        if self._limit is None or self._counts.total() <= self._limit:
            click.echo(finding_text(self._file, finding, excerpt, _paint))

    def end(self, verdict: Verdict) -> None:
        left_out = 0 if self._limit is None else max(0, self._counts.total() - self._limit)
        click.echo(verdict_text(self._file, verdict.claims, self._counts, left_out))

    def close(self) -> None:
        pass


class _Json:
    """For programs: the contract's object, written as it grows; it holds no value of the file."""

    def __init__(self, several: bool, limit: int | None) -> None:
        self._several = several
        self._limit = limit
        self._files = 0

    def begin(self, file: str) -> None:
        lead = ("[" if not self._files else ",") if self._several else ""
        click.echo(f'{lead}{{"file": {json.dumps(file)}, "findings": [', nl=False)
        self._files += 1
        self._count = 0

    def show(self, finding: Finding, excerpt: Excerpt) -> None:
        if self._limit is None or self._count < self._limit:
            click.echo(f"{',' if self._count else ''}\n{json.dumps(finding.as_json())}", nl=False)
        self._count += 1

    def end(self, verdict: Verdict) -> None:
        left_out = 0 if self._limit is None else max(0, self._count - self._limit)
        rest = {"valid": verdict.valid, "claims": verdict.claims} | (
            {"omitted": left_out} if left_out else {}
        )
        click.echo(f"\n], {json.dumps(rest)[1:]}")

    def close(self) -> None:
        if self._several:
            click.echo("]" if self._files else "[]")


def _paint(text: str, colour: str) -> str:
    # click.echo takes the colours out again where stdout is no terminal.
    return click.style(text, fg=colour)
