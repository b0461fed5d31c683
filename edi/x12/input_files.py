"""The X12 files that a path on the command line names."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_SUFFIXES = frozenset(
    (".837", ".275", ".277", ".835", ".270", ".271", ".276", ".999", ".997", ".ta1", ".x12", ".edi")
)
_HEAD = 1024  # octets that are read to see how a file begins


class X12Files(NamedTuple):
    """The files of one path; of a folder `left_out` counts those that are something else."""

    paths: tuple[str, ...]
    left_out: int = 0


def x12_files(path: str) -> X12Files:
    """A file or "-" stands for itself, a folder for the X12 files in it, by name, not those of folders in it: files that begin
    as X12 does, and those whose names end as X12 files' do. A folder that cannot be read or has none stands for itself: who opens it says why."""
    folder = Path(path)
    if not path or not folder.is_dir():
        return X12Files((path,))
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    except OSError:
        return X12Files((path,))
    found = tuple(str(file) for file in files if _is_x12(file))
    return X12Files(found, len(files) - len(found)) if found else X12Files((path,))


def _is_x12(file: Path) -> bool:
    if file.suffix.lower() in _SUFFIXES:
        return True
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return True  # whoever reads it says what is wrong
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \x1a").startswith(b"ISA")
