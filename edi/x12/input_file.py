"""Input files: a file that the user named, or standard input."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from edi.errors import InputError

STDIN = "-"
_OF_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of writing, which never come from the file that is read."""


@contextmanager
def open_input(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input for "-". Raises InputError, which names it, when it cannot be opened or read."""
    if not file:  # as an unset variable of a shell gives it; to Path it is the working folder
        raise InputError("The name of a file is empty.")
    try:
        with nullcontext(sys.stdin.buffer) if file == STDIN else Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        if error.errno in _OF_OUTPUT or error.filename not in (None, file):
            raise
        raise InputError(f"{display_name(file)} cannot be read: {error.strerror or error}.") from error


def display_name(file: str) -> str:
    """The name of a file in a message."""
    return "standard input" if file == STDIN else file
