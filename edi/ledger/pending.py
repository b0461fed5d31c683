"""The claims that a run is about to record, in a temporary file until its files are ready."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress

from edi.errors import OutputError
from edi.ledger.entry import ClaimEntry, Event, FileEntry
from edi.ledger.kept import KeptWriter


class Pending:
    """Entries in the order of their files, and `events` of claims that were made before: (the place of the file that brings it in
    `files`, the claim's id, the event). `kept` takes what is kept of each claim beside the ledger."""

    def __init__(self, kept: KeptWriter) -> None:
        self._stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self.files: list[FileEntry] = []
        self.events: list[tuple[int, int, Event]] = []
        self.kept = kept

    def add(self, entry: bytes, kept: bytes) -> None:
        """A claim of the file that `close_file` names next; `entry` as `ClaimEntry.dump` wrote it, `kept` a line as
        `edi.ledger.kept` keeps it."""
        try:
            self._stream.write(entry)
        except OSError as error:
            raise _no_room(error) from error
        self.kept.add(kept)

    def close_file(self, file: FileEntry) -> None:
        self.files.append(file)

    def add_event(self, claim: int, event: Event) -> None:
        """The last file brings this to a claim of the ledger, by its id."""
        self.events.append((len(self.files) - 1, claim, event))

    def clear(self) -> None:
        """Delete all: a new pass begins."""
        self._stream.seek(0)
        self._stream.truncate()
        self.files.clear()
        self.events.clear()
        self.kept.clear()

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
        self.kept.close()


def _no_room(error: OSError) -> OutputError:
    return OutputError(
        f"The temporary folder cannot hold the run: {error.strerror or error}. Make room in it."
    )
