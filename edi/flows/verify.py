"""Files of segments are validated while they are written, by a process beside the others that reads each as it grows:
the last one is then judged soon after it is closed, and not only begun.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO, cast

from edi.errors import EdiError
from edi.finding import Finding
from edi.flows.pool import LOST, Pool
from edi.validate.run import validate_stream

_LOOK_EVERY = 0.05  # seconds

Judged = tuple[Path, list[Finding]]
"""A file, and the errors in it."""


class Verifier:
    """Validates every file that `end` names. Without other processes in the pool that is done when its errors are asked
    for, else in the process beside, which may `begin` with a file before it is complete."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._closed: deque[Path] = deque()

    def begin(self, file: Path) -> None:
        """A file is there and will be written to."""
        self._tell(file, closed=False)

    def end(self, file: Path) -> None:
        """A file is complete and closed."""
        self._tell(file, closed=True)
        self._closed.append(file)

    def ready(self) -> Iterator[Judged]:
        """The errors in closed files, as far as they are known."""
        while self._closed and (self._pool.beside is None or self._pool.beside.poll()):
            yield self._next()

    def rest(self) -> Iterator[Judged]:
        """The errors in all other closed files."""
        while self._closed:
            yield self._next()

    def _tell(self, file: Path, *, closed: bool) -> None:
        if self._pool.beside:
            try:
                self._pool.beside.send((file, closed))
            except ConnectionError as error:
                raise EdiError(LOST) from error

    def _next(self) -> Judged:
        if self._pool.beside is None:
            file = self._closed.popleft()
            with file.open("rb") as stream:
                return file, _errors_of(stream, file.name)
        try:
            judged: Judged | Exception = self._pool.beside.recv()
        except (EOFError, ConnectionError) as error:
            raise EdiError(LOST) from error
        if isinstance(judged, Exception):
            raise judged
        self._closed.remove(judged[0])
        return judged


def serve(asking: Connection) -> None:
    """In the process beside: validate the files named, in their order, each to its end."""
    growing = _Growing(asking)
    while True:
        file = growing.open()
        try:
            judged: Judged | Exception = (file, _errors_of(cast("BinaryIO", growing), file.name))
        except Exception as error:  # it is for the one who asked
            judged = error
        growing.finish()
        asking.send(judged)


class _Growing:
    """The files named, one after the other, as streams that end where their file is said to be closed."""

    def __init__(self, asking: Connection) -> None:
        self._asking = asking
        self._closed: dict[Path, bool] = {}

    def open(self) -> Path:
        """The next file."""
        while not self._closed:
            self._hear()
        self._file = next(iter(self._closed))
        self._stream = self._file.open("rb")
        return self._file

    def read(self, size: int) -> bytes:
        while not (piece := self._stream.read(size)) and not self._closed[self._file]:
            if self._asking.poll(_LOOK_EVERY):
                self._hear()
        return piece

    def finish(self) -> None:
        """Have done with the file, once it is closed."""
        while not self._closed[self._file]:
            self._hear()
        del self._closed[self._file]
        self._stream.close()

    def _hear(self) -> None:
        file, closed = self._asking.recv()
        self._closed[file] = closed


def _errors_of(stream: BinaryIO, name: str) -> list[Finding]:
    return [finding for finding in validate_stream(stream, name).findings if finding.severity == "error"]
