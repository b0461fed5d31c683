"""edi.toml, read from its file. Without one, test-mode defaults."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.settings.files import read_text
from edi.settings.model import DEFAULTS, Settings
from edi.settings.sections import settings_of

FILE_NAME = "edi.toml"


def load_settings(named: Path | None, folder: Path) -> Settings:
    """Settings from the file the user named, else from edi.toml in `folder`, else the defaults.

    Raises SettingsError, which names the key and says what it must be."""
    path = named or folder / FILE_NAME
    if named is None and not os.path.lexists(path):
        return DEFAULTS
    return settings_of(parse_toml(read_text(path), str(path)), path)


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The table in TOML text, with or without a byte order mark; `name` stands in the message of the SettingsError."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not TOML: {error}.") from error
    except ValueError:  # Python reads no number of more digits than this
        raise SettingsError(f"{name} has a number of more than 4,300 digits.") from None
    except RecursionError:
        raise SettingsError(f"{name} nests deeper than a setting can lie.") from None
