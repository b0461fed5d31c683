"""Files that settings are read from: regular ones of bounded size, so that none is waited for and none fills the memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from edi.errors import SettingsError

_MOST_OCTETS = 1 << 20


def read_octets(path: Path) -> bytes:
    """What a file holds. Raises SettingsError, which names it, when it is no regular file, is larger than 1 MiB, or cannot be
    read."""
    try:
        if not stat.S_ISREG(
            path.stat().st_mode
        ):  # to open a device may be to wait for it, or to set it going
            kind = "a folder" if path.is_dir() else "no regular file"
            raise SettingsError(f"{path} cannot be read: it is {kind}.")
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:
            octets = stream.read(_MOST_OCTETS + 1)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError:  # a zero octet in the name
        raise SettingsError(f"{path} cannot be read: its name is none.") from None
    if len(octets) > _MOST_OCTETS:
        raise SettingsError(f"{path} cannot be read: it is larger than 1 MiB.")
    return octets


def read_text(path: Path) -> str:
    """The text in a file in UTF-8. Raises SettingsError like `read_octets`."""
    try:
        return read_octets(path).decode("utf-8")
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text.") from None
