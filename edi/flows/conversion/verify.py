"""Files of segments are validated while they are written, by processes beside the others that read each as it grows:
the last ones are then judged soon after they are closed, and not only begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
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
    """Validates every file that `begin` and `end` name. Without other processes in the pool that is done when its errors
    are asked for, else in the one beside that has the least to do, from the file's first octets on."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._by: dict[Path, Connection] = {}
        self._closed: dict[Path, Connection | None] = {}

    def begin(self, file: Path) -> None:
        """A file is there and will be written to."""
        if self._pool.beside:
            given = [*self._by.values(), *self._closed.values()]
            self._by[file] = min(self._pool.beside, key=given.count)
            _tell(self._by[file], file, closed=False)

    def end(self, file: Path) -> None:
        """A file is complete and closed."""
        by = self._by.pop(file, None)
        if by:
            _tell(by, file, closed=True)
        self._closed[file] = by

    def ready(self) -> Iterator[Judged]:
        """The errors in closed files, as far as they are known."""
        return self._judged(0)

    def rest(self) -> Iterator[Judged]:
        """The errors in all other closed files."""
        while self._closed:
            yield from self._judged(None)

    def _judged(self, patience: float | None) -> Iterator[Judged]:
        for file in [file for file, by in self._closed.items() if by is None]:
            del self._closed[file]
            with file.open("rb") as stream:
                yield file, _errors_of(stream, file.name)
        if busy := {by for by in self._closed.values() if by}:
            for connection in wait(busy, patience):
                judged = _heard(cast("Connection", connection))
                del self._closed[judged[0]]
                yield judged


def _tell(connection: Connection, file: Path, *, closed: bool) -> None:
    try:
        connection.send((file, closed))
    except ConnectionError as error:
        raise EdiError(LOST) from error


def _heard(connection: Connection) -> Judged:
    try:
        judged: Judged | Exception = connection.recv()
    except (EOFError, ConnectionError) as error:
        raise EdiError(LOST) from error
    if isinstance(judged, Exception):
        raise judged
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
