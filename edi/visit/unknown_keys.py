"""Keys of a record that the schema does not know, and a copy of the record without them.

In the copy an unknown key has the name that was probably meant, or is left out. The copy is what gets explained:
one mistyped key is then one finding, and not a missing field as well.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, NamedTuple

from edi.visit.fields import Field, field_paths
from edi.visit.suggestion import nearest_name, same_name

Path = tuple[str | int, ...]

_MOST_GUESSES = 50


class UnknownKey(NamedTuple):
    """An unknown key in the object at `parent`. `meant` is the nearest known key of that object, and `present` says that the
    object has that one as well. `elsewhere` are the fields of other objects that have the key's name."""

    parent: Path
    key: str
    meant: str | None
    present: bool
    elsewhere: tuple[str, ...]


@dataclass(slots=True)
class KeyCorrections:
    """The unknown keys of one record in their order, and the key in the record for each one renamed in the copy."""

    unknown: list[UnknownKey] = dataclasses.field(default_factory=list)
    renamed: dict[Path, str] = dataclasses.field(default_factory=dict)

    def original(self, path: Path) -> Path:
        """The path in the record of a path in the copy."""
        if not self.renamed:
            return path
        return tuple(self.renamed.get(path[: depth + 1], step) for depth, step in enumerate(path))

    def copy(self, value: Any, field: Field, path: Path = ()) -> Any:
        """The value with corrected keys. Copies no deeper than the schema knows fields."""
        if isinstance(value, list) and field.item is not None:
            item = field.item
            return [self.copy(entry, item, (*path, index)) for index, entry in enumerate(value)]
        if not isinstance(value, dict) or not field.members:
            return value
        copied = {
            key: self.copy(member, field.members[key], (*path, key))
            for key, member in value.items()
            if key in field.members
        }
        for key, member in value.items():
            if key not in field.members:
                self._correct(str(key), member, field, path, copied)
        return copied

    def _correct(self, key: str, member: Any, field: Field, path: Path, copied: dict[str, Any]) -> None:
        if len(self.unknown) >= _MOST_GUESSES:
            self.unknown.append(UnknownKey(path, key, None, False, ()))
            return
        meant = nearest_name(key, field.members)
        present = meant in copied and copied[meant] not in (None, "")
        elsewhere: tuple[str, ...] = ()
        if meant is None or present:
            elsewhere = tuple(
                ".".join(known)
                for known in field_paths()
                if same_name(key, known[-1]) and known[-1] not in field.members
            )
        self.unknown.append(UnknownKey(path, key, meant, present, elsewhere))
        if meant is not None and not present:
            self.renamed[(*path, meant)] = key
            copied[meant] = self.copy(member, field.members[meant], (*path, meant))
