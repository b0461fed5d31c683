"""A fault in a record's shape, on its way from jsonschema to a finding."""

from __future__ import annotations

from typing import Any, NamedTuple


class Condition(NamedTuple):
    """A conditional part of the schema: the object it judges, the names it reads there, what it says in words."""

    path: tuple[str | int, ...]
    reads: frozenset[str]
    words: str


class Fault(NamedTuple):
    """One fault at a place, with jsonschema's ValidationError. `names` are the fields that one condition misses when it misses several."""

    path: tuple[str | int, ...]
    rule: str
    error: Any
    condition: Condition | None
    names: tuple[str, ...] = ()

    def also(self, path: tuple[str | int, ...]) -> Fault:
        """This fault together with a like one beside it: its place is then the object that both are in."""
        names = self.names or (str(self.path[-1]),)
        parent = self.path if self.names else self.path[:-1]
        return self._replace(path=parent, names=(*names, str(path[-1])))

    @property
    def instance(self) -> Any:
        """The value that was refused."""
        return self.error.instance
