"""A copy of a record in which unknown keys are renamed to what was probably meant, or left out.

Explaining goes on with the copy, so that one mistyped key is one finding and not also a missing field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from edi.visit.nearest import nearest, same
from edi.visit.shape import Shape, known_paths

Path = tuple[str | int, ...]

_MOST_GUESSES = 50


class Unknown(NamedTuple):
    """A key that the schema does not know: the object it stands in, and what may have been meant."""

    parent: Path
    key: str
    meant: str | None
    present: bool
    elsewhere: tuple[str, ...]


@dataclass(slots=True)
class Repair:
    """What was done: unknown keys in order, and the renamed ones by their place in the copy."""

    unknown: list[Unknown] = field(default_factory=list)
    renamed: dict[Path, str] = field(default_factory=dict)

    def original(self, path: Path) -> Path:
        """A place in the copy as a place in the record."""
        if not self.renamed:
            return path
        return tuple(self.renamed.get(path[: depth + 1], step) for depth, step in enumerate(path))

    def copy(self, value: Any, shape: Shape, path: Path = ()) -> Any:
        """The value without unknown keys; notes what it changes. Goes no deeper than the shape."""
        if isinstance(value, list) and shape.item is not None:
            item = shape.item
            return [self.copy(entry, item, (*path, index)) for index, entry in enumerate(value)]
        if not isinstance(value, dict) or not shape.members:
            return value
        copied = {
            key: self.copy(member, shape.members[key], (*path, key))
            for key, member in value.items()
            if key in shape.members
        }
        for key, member in value.items():
            if key not in shape.members:
                self._unknown(str(key), member, shape, path, copied)
        return copied

    def _unknown(self, key: str, member: Any, shape: Shape, path: Path, copied: dict[str, Any]) -> None:
        if len(self.unknown) >= _MOST_GUESSES:
            self.unknown.append(Unknown(path, key, None, False, ()))
            return
        meant = nearest(key, shape.members)
        present = meant in copied and copied[meant] not in (None, "")
        elsewhere: tuple[str, ...] = ()
        if meant is None or present:
            elsewhere = tuple(
                ".".join(known)
                for known in known_paths()
                if same(key, known[-1]) and known[-1] not in shape.members
            )
        self.unknown.append(Unknown(path, key, meant, present, elsewhere))
        if meant is not None and not present:
            self.renamed[(*path, meant)] = key
            copied[meant] = self.copy(member, shape.members[meant], (*path, meant))
