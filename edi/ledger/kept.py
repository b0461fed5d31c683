"""Kept claims: of each run a private file with a line for each of its claims, as it was sent.

The file is a ZIP archive whose members hold a hundred lines each: one claim is read without the rest of its run. It is in
place before the ledger says that the run exists, so whatever claim the ledger knows can be found again. What a line holds is the
business of `edi.flows.kept_line`.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from edi.errors import LedgerError, OutputError
from edi.x12.output import Staging, sync_folder

_LINES: Final = 100  # in a member
_LONGEST: Final = 1 << 27  # octets, far above any line
_FORM: Final = re.compile(r"run-[0-9a-f]{20}\.zip")
_DAMAGED: Final = (KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


class KeptWriter:
    """Writes the file of one run into `folder`, which is made when there is something to keep. Raises OutputError when it cannot be
    written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._staging: Staging | None = None
        self._archive: zipfile.ZipFile | None = None
        self._member: IO[bytes] | None = None
        self._lines = 0
        self._name = _new_name()

    @property
    def name(self) -> str | None:
        """The file's name in the folder; None when nothing is kept."""
        return self._name if self._lines else None

    def add(self, line: bytes) -> None:
        """Keep a claim: a line without its end, b"" where nothing is kept of it."""
        try:
            if self._lines % _LINES == 0:
                self._begin_member()
            assert self._member is not None
            self._member.write(line + b"\n")
        except OSError as error:
            raise self._failed(error) from error
        self._lines += 1

    def finish(self) -> None:
        """Flush the file to disk; it has no name yet that anybody knows."""
        if self._archive is None or self._staging is None:
            return
        try:
            self._end_member()
            self._archive.close()
            self._staging.close(self._name)
        except OSError as error:
            raise self._failed(error) from error

    def place(self) -> None:
        """Give the finished file its name."""
        if self._staging is None or not self._lines:
            return
        try:
            self._staging.path(self._name).rename(self._folder / self._name)
            sync_folder(self._folder)
        except OSError as error:
            raise self._failed(error) from error

    def clear(self) -> None:
        """Drop what was written: a new pass begins."""
        self._drop()
        self._name = _new_name()

    def close(self) -> None:
        """Remove what was not placed."""
        self._drop()
        self._stack.close()

    def _begin_member(self) -> None:
        if self._staging is None:
            self._staging = self._stack.enter_context(Staging(self._folder))
        if self._archive is None:
            stream = self._staging.open(self._name)
            self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._end_member()
        self._member = self._archive.open(_member(self._lines // _LINES), "w", force_zip64=True)

    def _end_member(self) -> None:
        member, self._member = self._member, None
        if member:
            member.close()

    def _drop(self) -> None:
        self._lines = 0
        archive, self._archive = self._archive, None
        if archive and self._staging:
            with suppress(OSError):  # what could not be written then cannot be flushed now
                self._end_member()
            with suppress(OSError):
                archive.close()
            with suppress(OSError):
                self._staging.drop(self._name)

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self._folder} cannot be written: {error.strerror or error}. What is sent is kept there."
        )


def is_kept_name(name: str) -> bool:
    """Whether a name is one that we give to such a file: what a database says may be anything."""
    return bool(_FORM.fullmatch(name))


def kept_lines(folder: Path, name: str, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The lines at these places (from 0, ascending) in the file of a run; b"" where nothing is kept. Each member is read
    once.

    Raises LedgerError when the file is not there, or not as it was written."""
    with _opened(folder, name) as archive:
        for member, wanted in groupby(places, key=lambda place: place // _LINES):
            yield from _wanted(_lines(archive, member), member * _LINES, list(wanted))


def all_kept_lines(folder: Path, name: str) -> Iterator[bytes]:
    """Every line in the file of a run, in order. Raises LedgerError as `kept_lines` does."""
    with _opened(folder, name) as archive:
        for member in range(len(archive.namelist())):
            yield from _lines(archive, member)


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[zipfile.ZipFile]:
    path = folder / name
    if not is_kept_name(name):
        raise LedgerError("The ledger names no file of ours for it.")
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):  # a pipe would be waited for
                raise LedgerError(f"{path} is not a regular file. Bring it back from a backup.")
            with zipfile.ZipFile(stream) as archive:
                yield archive
    except FileNotFoundError:
        raise LedgerError(
            f"{path} is not there. Bring it back from where it was moved, or from a backup."
        ) from None
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror or error}.") from None
    except _DAMAGED:
        raise LedgerError(f"{path} is damaged. Bring it back from a backup.") from None


def _lines(archive: zipfile.ZipFile, number: int) -> Iterator[bytes]:
    """The lines of a member, read to its end, where its checksum shows whether it is whole. Of what no writer of ours made (other
    packing, more lines, or endless ones: a few octets unpack to gigabytes) no more is read than shows that it is damaged."""
    with archive.open(_member(number)) as stream:
        if archive.getinfo(stream.name).compress_type != zipfile.ZIP_DEFLATED:
            raise EOFError
        for _ in range(_LINES):
            line = stream.readline(_LONGEST)
            if not line:
                return
            if not line.endswith(b"\n"):
                raise EOFError
            yield line.removesuffix(b"\n")
        if stream.read(1):
            raise EOFError


def _wanted(lines: Iterator[bytes], first: int, places: Sequence[int]) -> list[tuple[int, bytes]]:
    """The lines at these places in a member; `first` is the place of its first line."""
    wanted = set(places)
    found = [(place, line) for place, line in enumerate(lines, first) if place in wanted]
    if len(found) < len(wanted):
        raise EOFError
    return found


def _new_name() -> str:
    return f"run-{secrets.token_hex(10)}.zip"


def _member(number: int) -> str:
    return f"{number:06}.ndjson"
