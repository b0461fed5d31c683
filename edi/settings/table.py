"""A table of edi.toml: asks for a key and gets a value that is fit to use, or a sentence with the key and what it must be."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.printable import printable

_LONGEST_KEY = 60
_X12_MARKS = "*~^:"


class Table:
    """The `values` of a table whose keys stand under `where` ("receivers.main." or "") in the file `path`."""

    def __init__(self, values: dict[str, Any], path: Path, where: str = "") -> None:
        self.values = values
        self.path = path
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def error(self, key: str, must: str) -> SettingsError:
        """What is wrong with a key, to be raised."""
        return SettingsError(f"{self.path}: {self.where}{shown(key)} {must}")

    def only(self, known: Collection[str]) -> None:
        """Raise SettingsError when the table has a key beside the known ones."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key[:_LONGEST_KEY], known, 1)
                hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
                raise self.error(key, f"is not a setting. {hint}")

    def table(self, key: str) -> Table:
        """The table under a key; an empty one when it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table, as in [{self.where}{shown(key)}].")
        return Table(value, self.path, f"{self.where}{shown(key)}.")

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Each key, in order, with the table under it."""
        for key in sorted(self.values):
            yield key, self.table(key)

    def choice(self, key: str, default: str, choices: tuple[str, ...], must: str) -> str:
        """One of some texts; the default when the key is not there."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, must)
        return value

    def text(self, key: str, must: str) -> str:
        """Text of at least one character; "" when the key is not there. A name of a file is one, too."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value or not value.isprintable():
            raise self.error(key, must)
        return value

    def x12_text(self, key: str, low: int, high: int) -> str:
        """Text of a length, of characters that X12 allows."""
        value = self.values.get(key)
        if not isinstance(value, str) or not low <= len(value) <= high:
            raise self.error(key, f"must be text of {low} to {high} characters, in quotes.")
        if not value.isascii() or not value.isprintable() or any(mark in value for mark in _X12_MARKS):
            raise self.error(key, "holds a character that X12 does not allow (one of * ~ ^ : or non-ASCII).")
        return value

    def optional_x12_text(self, key: str, low: int, high: int) -> str:
        """The same; "" when the key is not there."""
        return self.x12_text(key, low, high) if key in self else ""


def shown(key: str) -> str:
    """A key as a message shows it."""
    return printable(key) if len(key) <= _LONGEST_KEY else f"{printable(key[:_LONGEST_KEY])}..."
