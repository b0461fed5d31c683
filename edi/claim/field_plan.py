"""Plans that write one object of the record to the claim: its fields to one loop and the loops below that one.

A field that is sent as it stands needs nothing but its entry in visit.schema.json. A rule says what is sent of a field
instead, or that nothing is; other values are added by hand, between `values` and `text`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from edi.claim.copy_source import CopySource, Rule, Values
from edi.claim.template import write_loop
from edi.guide.claim_837d import GUIDE
from edi.guide.shape import Loop
from edi.visit.fields import field_at

_OF_THEIR_OWN = ("2000A", "2000B", "2000C", "2300", "2320", "2400", "2430")
"""The loops that have plans of their own. The plan of a loop around one of them ends there."""


class FieldPlan:
    """The plan of the object at `path` of the record (none: the visit) for loop `loop_id`. `rules` and `without` have the names
    of fields (`Field.name`). Fields in `without` are not copied."""

    def __init__(
        self, loop_id: str, *path: str, rules: Mapping[str, Rule], without: Collection[str] = ()
    ) -> None:
        self._loop_id = loop_id
        self._copy = CopySource(
            field_at(*path), list(_below(GUIDE.index[loop_id])), rules, without
        ).function()

    def values(self, record: Any, visit: Any) -> Values:
        """What the object's fields put into the loop and the loops below it."""
        return self._copy(record, visit)

    def text(self, values: Values) -> str:
        """The loops as text, in the order of the guide."""
        return write_loop(self._loop_id, values)


def _below(loop: Loop) -> Iterator[str]:
    yield loop.id
    for child in loop.children:
        if isinstance(child, Loop) and child.id not in _OF_THEIR_OWN:
            yield from _below(child)
