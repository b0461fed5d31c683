"""The claims that a run is about to record, in a temporary file until its files are ready."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress

from edi.errors import OutputError
from edi.ledger.entry import ClaimEntry, FileEntry


class Pending:
    """Entries in the order of their files."""

    def __init__(self) -> None:
        self._stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self.files: list[FileEntry] = []

    def add(self, entry: bytes) -> None:
        """A claim of the file that `close_file` names next; `entry` as `ClaimEntry.dump` wrote it."""
        try:
            self._stream.write(entry)
        except OSError as error:
            raise _no_room(error) from error

    def close_file(self, file: FileEntry) -> None:
        self.files.append(file)

    def clear(self) -> None:
        """Delete all: a new pass begins."""
        self._stream.seek(0)
        self._stream.truncate()
        self.files.clear()

    def entries(self) -> Iterator[tuple[int, ClaimEntry]]:
        """Every claim with the place of its file in `files`."""
        try:
            self._stream.seek(0)  # which also writes what was still to write
        except OSError as error:
            raise _no_room(error) from error
        for place, file in enumerate(self.files):
            for _ in range(file.claims):
                yield place, ClaimEntry.load(self._stream.readline())

    def close(self) -> None:
        with suppress(OSError):  # what could not be written then cannot be flushed now
            self._stream.close()


def _no_room(error: OSError) -> OutputError:
    return OutputError(
        f"The temporary folder cannot hold the run: {error.strerror or error}. Make room in it."
    )
