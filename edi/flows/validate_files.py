"""Many X12 files validated, in this process or in several, and written in their order."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from edi.errors import InputError
from edi.finding import Finding
from edi.report.validation import FileOutcome, OutputFormat, Write
from edi.x12.input_file import STDIN, open_input

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

UNREADABLE = "X12-UNREADABLE"
_WORTH_SPREADING = 2_000_000  # octets; below, starting processes costs more than it brings
_PIECE = 1 << 16

Tell = Callable[[FileOutcome], None]


class _Task(NamedTuple):
    """One file to validate; `staged` is where another process writes its part."""

    file: str
    number: int
    output_format: OutputFormat
    overlay_rules: OverlayRules | None
    staged: Path


def validate_files(
    files: Sequence[str],
    output_format: OutputFormat,
    write: Write,
    tell: Tell,
    *,
    overlay_rules: OverlayRules | None = None,
    jobs: int = 1,
) -> list[FileOutcome]:
    """Validate files, "-" for standard input, and write what the format makes of them: the same whatever the number of jobs.
    `tell` hears of each file when its part is written. Small files are not worth another process."""
    outcomes: list[FileOutcome] = []
    joined = _Joined(write, output_format.separator)
    write(output_format.head())
    if output_format.one_process or jobs < 2 or not _worth_spreading(files):
        found = _here(files, output_format, joined, overlay_rules)
    else:
        found = _spread(files, output_format, joined, overlay_rules, min(jobs, len(files)))
    for outcome in found:
        outcomes.append(outcome)
        tell(outcome)
    write(output_format.tail(outcomes))
    return outcomes


def _worth_spreading(files: Sequence[str]) -> bool:
    if len(files) < 2 or STDIN in files:  # which only this process can read
        return False
    octets = 0
    for file in files:
        with suppress(OSError):  # whoever opens it says what is wrong
            octets += os.stat(file).st_size  # noqa: PTH116  (Path would take "" for the working folder)
        if octets >= _WORTH_SPREADING:
            return True
    return False


class _Joined:
    """Writes parts with a separator between those that hold anything."""

    def __init__(self, write: Write, separator: str) -> None:
        self._write = write
        self._separator = separator
        self._due = self._any = False

    def next_part(self) -> None:
        self._due = self._any

    def __call__(self, text: str) -> None:
        if not text:
            return
        self._write(self._separator + text if self._due else text)
        self._due, self._any = False, True


def _here(
    files: Sequence[str], output_format: OutputFormat, joined: _Joined, overlay_rules: OverlayRules | None
) -> Iterator[FileOutcome]:
    for number, file in enumerate(files, 1):
        joined.next_part()
        yield _validate(file, number, output_format, joined, overlay_rules)


def _spread(
    files: Sequence[str],
    output_format: OutputFormat,
    joined: _Joined,
    overlay_rules: OverlayRules | None,
    jobs: int,
) -> Iterator[FileOutcome]:
    # What cannot be written here is told of as it is, and not as a fault of the staging folder.
    with closing(_staged(files, output_format, overlay_rules, jobs)) as parts:
        for outcome, staged in parts:
            joined.next_part()
            with staged.open(encoding="utf-8", errors="surrogatepass", newline="") as part:
                while piece := part.read(_PIECE):
                    joined(piece)
            staged.unlink()
            yield outcome


def _staged(
    files: Sequence[str], output_format: OutputFormat, overlay_rules: OverlayRules | None, jobs: int
) -> Generator[tuple[FileOutcome, Path], None, None]:
    """Each file's outcome, and where its part lies."""
    import tempfile  # all three are slow to load, and one file needs none of them

    from edi.flows.pool import Pool
    from edi.x12.output import Staging

    with Staging(Path(tempfile.gettempdir())) as staging, Pool(jobs, inline=0) as pool:
        tasks = (
            _Task(file, number, output_format, overlay_rules, staging.path(str(number)))
            for number, file in enumerate(files, 1)
        )
        for number, outcome in enumerate(pool.map(_validate_staged, tasks), 1):
            yield outcome, staging.path(str(number))


def _validate_staged(task: _Task) -> FileOutcome:
    task.staged.touch(0o600, exist_ok=False)
    with task.staged.open("w", encoding="utf-8", errors="surrogatepass", newline="") as part:
        return _validate(task.file, task.number, task.output_format, part.write, task.overlay_rules)


def _validate(
    file: str,
    number: int,
    output_format: OutputFormat,
    write: Write,
    overlay_rules: OverlayRules | None,
) -> FileOutcome:
    part = output_format.part(file, number, write)
    try:
        with open_input(file) as stream:
            verdict = part.judge(stream, overlay_rules)
    except InputError as error:
        reason = f"{file} is a folder without X12 files." if file and Path(file).is_dir() else str(error)
        part.fail(
            Finding(
                rule=UNREADABLE,
                category="format",
                severity="error",
                message=reason,
                fix="Name a file that can be read and that begins with an ISA segment.",
            )
        )
        return FileOutcome(file, False, reason, part.left_out, part.rules)
    part.end(verdict)
    return FileOutcome(file, verdict.valid, "", part.left_out, part.rules)
