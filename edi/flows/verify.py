"""Interchanges are validated while they are written, by a process beside the others that reads each file as it grows:
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

_LOOK_EVERY = 0.01  # seconds
_CLOSED = "closed"


class Verifier:
    """Validates the files that `begin` names, one after the other. Where the pool has no other processes, when asked."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._closed: deque[Path] = deque()

    def begin(self, file: Path) -> None:
        """A file is there and will be written to."""
        if self._pool.beside:
            _send(self._pool.beside, str(file))

    def end(self, file: Path) -> None:
        """The file is closed."""
        if self._pool.beside:
            _send(self._pool.beside, _CLOSED)
        self._closed.append(file)

    def ready(self) -> Iterator[list[Finding]]:
        """The errors of closed files, in their order, as far as they are known."""
        while self._closed and (self._pool.beside is None or self._pool.beside.poll()):
            yield self._next()

    def rest(self) -> Iterator[list[Finding]]:
        """The errors of all other closed files."""
        while self._closed:
            yield self._next()

    def _next(self) -> list[Finding]:
        file = self._closed.popleft()
        if self._pool.beside is None:
            with file.open("rb") as stream:
                return _errors_of(stream, file.name)
        try:
            found: list[Finding] | Exception = self._pool.beside.recv()
        except (EOFError, ConnectionError) as error:
            raise EdiError(LOST) from error
        if isinstance(found, Exception):
            raise found
        return found


def serve(asking: Connection) -> None:
    """In the process beside: validate file after file, each from the moment it is named until it is closed."""
    while True:
        file = Path(asking.recv())
        growing = _Growing(file, asking)
        try:
            found: list[Finding] | Exception = _errors_of(cast("BinaryIO", growing), file.name)
        except Exception as error:  # it is for the one who asked
            found = error
        growing.close()
        asking.send(found)


class _Growing:
    """A file that somebody is still writing to; it ends when it is said to be closed."""

    def __init__(self, file: Path, asking: Connection) -> None:
        self._stream = file.open("rb")
        self._asking = asking
        self._whole = False

    def read(self, size: int) -> bytes:
        while not (piece := self._stream.read(size)) and not self._whole:
            if self._asking.poll(_LOOK_EVERY):
                self._whole = self._asking.recv() == _CLOSED
        return piece

    def close(self) -> None:
        """Wait for the end, if it was not read."""
        while not self._whole:
            self._whole = self._asking.recv() == _CLOSED
        self._stream.close()


def _errors_of(stream: BinaryIO, name: str) -> list[Finding]:
    return [finding for finding in validate_stream(stream, name).findings if finding.severity == "error"]


def _send(beside: Connection, message: str) -> None:
    try:
        beside.send(message)
    except ConnectionError as error:
        raise EdiError(LOST) from error
