"""A file that the user named, or standard input, for reading octets."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from edi.errors import InputError

STDIN = "-"


def opened(file: str) -> AbstractContextManager[BinaryIO]:
    """The file, or standard input for "-". Raises InputError, which names the file, when it cannot be opened."""
    if file == STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.") from error


def called(file: str) -> str:
    """How a message calls it."""
    return "standard input" if file == STDIN else file
