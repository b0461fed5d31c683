"""Output files: they appear whole or not at all, readable by their owner alone (0600)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType, TracebackType
from typing import BinaryIO

from edi.errors import OutputError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None

_PREFIX = ".edi-"
_GONE = ".edi-gone-"
_OWNED = ".edi-of-"
_LOOK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_SECONDS_TO_LOCK = 2.0  # between making a staging folder and locking it, generously


class Staging:
    """A private folder inside `target` where files are written, then moved into place together. A target that is not there
    is made, as private.

    `open` starts a file; `publish` flushes all files to disk and renames them, those that are never overwritten first.
    `moved` are the files that it has renamed. Leaving the context removes what was not published, unless `keep` is set. What a killed process left is removed by the next
    process, unless it has an owner. Raises OutputError when the target cannot be written.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.keep = False
        self.moved: set[str] = set()
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Staging:
        try:
            self.target.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(self.target)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.target))
            self._lock = try_lock(self._folder)
        except OSError as error:
            raise OutputError(f"{self.target} cannot be written: {error.strerror or error}.") from error
        return self

    @property
    def name(self) -> str:
        """The staging folder's own name in the target."""
        return self._folder.name

    def open(self, name: str) -> BinaryIO:
        """A new binary file called `name`, readable by its owner alone."""
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._files[name] = os.fdopen(descriptor, "w+b", buffering=1 << 18)
        return self._files[name]

    def own(self, owner: str) -> None:
        """Name the folder after an owner: only `sweep_owned` with this owner removes what a killed process leaves of it."""
        if not self.name.startswith(_OWNED):
            self._folder = self._folder.rename(
                self.target / f"{_OWNED}{owner}-{self.name.removeprefix(_PREFIX)}"
            )

    def path(self, name: str) -> Path:
        """Where the staged file lies until it is published."""
        return self._folder / name

    def close(self, name: str) -> None:
        """Flush a file to disk and close it; it stays staged."""
        stream = self._files[name]
        if not stream.closed:
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()

    def drop(self, name: str) -> None:
        """Delete a file."""
        self._files.pop(name).close()
        (self._folder / name).unlink()

    def clear(self) -> None:
        """Delete all files."""
        for name, stream in self._files.items():
            stream.close()
            (self._folder / name).unlink()
        self._files.clear()

    def secure(self) -> None:
        """Flush all files and their folder to disk and close them; they stay staged, and survive a power cut."""
        try:
            for name in self._files:
                self.close(name)
            sync_folder(self._folder)
            sync_folder(self.target)
        except OSError as error:
            raise OutputError(f"{self.target} cannot be written: {error.strerror or error}.") from error

    def publish(self, *, replace: frozenset[str]) -> None:
        """Move all files into place. A name outside `replace` that exists with other content is an OutputError,
        raised before anything is moved; with the same content it is left as it is."""
        try:
            for name in self._files:
                self.close(name)
            with folder_lock(self.target):
                self._move(replace)
                sync_folder(self.target)
        except OSError as error:
            raise OutputError(f"{self.target} cannot be written: {error.strerror or error}.") from error

    def _move(self, replace: frozenset[str]) -> None:
        for name in self._files:
            self._refuse_other_than_file(self.target / name)
        if gone := [name for name in self._files if not self.path(name).is_file()]:
            raise self._vanished(gone, "Nothing was written.")
        there = {name for name in self._files if name not in replace and self._same(name)}
        # What describes the run comes after the claims: it never names files that are not there.
        for name in sorted(self._files, key=lambda name: name in replace):
            if name in there:
                continue
            try:
                self.path(name).replace(self.target / name)
            except FileNotFoundError:
                gone.append(name)
            else:
                self.moved.add(name)
        if gone:
            raise self._vanished(gone, "The other files are in place.")

    def _vanished(self, names: list[str], rest: str) -> OutputError:
        return OutputError(
            f"{self.target}: before it could be put in place, {', '.join(names)} vanished: something else deletes files "
            f"there, perhaps a virus scanner or a cleaner. {rest} Keep it away from the folder, and run the same command again."
        )

    def _same(self, name: str) -> bool:
        present = self.target / name
        if not present.exists():
            return False
        if not _equal(present, self._folder / name):
            raise OutputError(
                f"{present} exists with other content and is never overwritten. Choose another folder, or move it away."
            )
        return True

    @staticmethod
    def _refuse_other_than_file(present: Path) -> None:
        """A rename would replace a device or a pipe, not write to it."""
        if present.exists() and not present.is_file():
            raise OutputError(
                f"{present} is no file that can be replaced. Choose another name, or move it away."
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        if isinstance(error, OSError) and error.filename is None:  # a full stream, which names no file
            raise OutputError(f"{self.target} cannot be written: {error.strerror or error}.") from error

    def _leave(self) -> None:
        for stream in self._files.values():
            with suppress(OSError):  # what could not be written then cannot be flushed now
                stream.close()
        if not self.keep:
            remove_staging(self._folder)
        if self._lock is not None:
            os.close(self._lock)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """One file to write; it replaces what is there, whole or not at all. A link is followed, not replaced. Raises OutputError
    when it cannot be written."""
    place = Path(os.path.realpath(path))
    with Staging(place.parent) as staging:
        yield staging.open(place.name)
        staging.publish(replace=frozenset((place.name,)))


def _equal(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(1 << 16):
            if chunk != right.read(1 << 16):
                return False
    return True


def try_lock(folder: Path) -> int | None:
    """A descriptor that holds a lock on a folder until the process ends, however it ends; None when another
    process holds it, or where the system has no such locks."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Only one process at a time publishes into a folder: between looking at a name and moving a file to it no other may
    take it."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_owned_staging(name: str, owner: str) -> bool:
    """Whether a staging folder of this owner can be called so."""
    return re.fullmatch(rf"{re.escape(f'{_OWNED}{owner}-')}[a-z0-9_]+", name) is not None


def _sweep(target: Path) -> None:
    """Remove the staging folders of killed processes: no process holds their lock, and they are not brand new. A folder
    with an owner is left alone: its files may be half in place."""
    for folder in target.glob(f"{_PREFIX}*"):
        if folder.name.startswith(_OWNED):
            continue
        try:
            old = time.time() - folder.stat().st_mtime > _SECONDS_TO_LOCK
            lock = try_lock(folder) if old else None
        except OSError:
            continue  # another process has just removed it
        if lock is not None:
            remove_staging(folder)
            os.close(lock)


def sweep_owned(target: Path, owner: str, wanted: Callable[[str], bool], ours: Callable[[str], bool]) -> None:
    """Remove the staging folders that killed processes left under this owner, but for those whose name is `wanted`; `ours` are
    the names of the files in them."""
    for folder in target.glob(f"{_OWNED}{owner}-*"):
        try:
            lock = try_lock(folder)
        except OSError:
            continue  # another process has just removed it
        if lock is not None:
            # Only now: while a process worked on the folder, the owner did not know yet whether it wants it.
            if not wanted(folder.name):
                remove_owned_staging(folder, ours)
            os.close(lock)


def remove_staging(folder: Path) -> None:
    """Remove a staging folder, as far as the system allows. It is renamed first: under its own name it is whole or not there,
    also after a crash."""
    gone = folder.with_name(_GONE + folder.name.removeprefix(_PREFIX))
    with suppress(OSError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def remove_owned_staging(folder: Path, ours: Callable[[str], bool]) -> None:
    """Remove a staging folder that is known by its name alone. When it holds anything but files of `ours`, only these are deleted."""
    if folder.is_symlink():
        return
    with suppress(OSError):
        found = list(folder.iterdir())
        if all(ours(path.name) and not path.is_dir() for path in found):
            remove_staging(folder)
            return
        for path in found:
            if ours(path.name):
                path.unlink()


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a regular file, in hexadecimal; None when there is none that can be read. No link is followed."""
    try:
        with os.fdopen(os.open(path, _LOOK), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return None
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def sync_folder(folder: Path) -> None:
    if fcntl is None:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
