"""Standard error and progress: what a person watches while a command works."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import suppress

import click

from edi.printable import printable_lines

_PATIENCE = 2.0  # seconds after which work counts as long
_CLEAR_LINE = "\r\x1b[K"


class _Progress:
    """Progress of long work, in one line of standard error."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._open = False

    def show(self, what: str, count: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            click.echo(f"{_CLEAR_LINE}{count:,} {what}", nl=False, err=True)
            self._open = True

    def end(self) -> None:
        if self._open:
            click.echo(_CLEAR_LINE, nl=False, err=True)
            self._open = False


_progress = _Progress()
show_progress = _progress.show
end_progress = _progress.end


def tell(text: str) -> None:
    """Print a message to standard error. What would move the cursor or change the terminal is shown, not obeyed: a message may
    name a file that a stranger named."""
    end_progress()
    click.echo(printable_lines(text), err=True)


class _LossyFile(io.FileIO):
    """A file whose full disk or closed pipe is nobody's concern."""

    def write(self, octets: object) -> int:
        with suppress(OSError):
            return super().write(octets) or 0  # type: ignore[arg-type]  # whatever FileIO takes
        return memoryview(octets).nbytes  # type: ignore[arg-type]


def open_standard_streams() -> None:
    """Make the standard streams fit to be used.

    A process that is started without them (by a service, by `<&-`) reads and prints nothing; left closed, the next file that is
    opened would become the stream. Messages that cannot be written to standard error are lost, and change no exit code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  (open as long as we run)
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = _lossy(sys.stderr)


def _lossy(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    raw = _LossyFile(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=stream.encoding, errors=stream.errors, line_buffering=True
    )
