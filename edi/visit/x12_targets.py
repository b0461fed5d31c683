"""The elements of the dental claim that each field of the record becomes, read from visit.schema.json (x-x12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from edi.guide.claim_837d import GUIDE
from edi.visit.fields import Field, visit_fields
from edi.x12.address import parse_address


class Target(NamedTuple):
    """An element, or component, of a loop; `address` is as in `edi.x12.address`."""

    loop: str
    address: str


@cache
def x12_targets() -> Mapping[tuple[str, ...], tuple[Target, ...]]:
    """The targets of each field that is a value or a list of values, by its path. Raises ValueError where the schema names an
    element that the guide does not have, or one that several loops of an object have."""
    targets: dict[tuple[str, ...], tuple[Target, ...]] = {}
    found: set[str] = set()
    missing: set[str] = set()
    for field, loops in _with_loops(visit_fields(), ()):
        each = {text: _target(text, loops) for text in _listed(field.schema.get("x-x12", ()))}
        targets[field.path] = tuple(target for target in each.values() if target)
        for text, target in each.items():
            # At one place of a definition the loops may lack an element that they have at another.
            (found if target else missing).add(f"{field.name} ({text})")
    if missing - found:
        raise ValueError(f"The guide has no element for {', '.join(sorted(missing - found))}.")
    return targets


def first_element(*path: str | int) -> tuple[str, str]:
    """Loop and element of the first target of the field at a place in the record. Raises LookupError where it has none."""
    target = x12_targets()[tuple(step for step in path if isinstance(step, str))][0]
    return target.loop, target.address.rpartition(" ")[2]


def _with_loops(field: Field, around: tuple[str, ...]) -> Iterator[tuple[Field, tuple[str, ...]]]:
    """Each field that is a value or a list of values, with the loops of the object around it."""
    entry = field.item or field
    if not entry.members:
        yield field, around
        return
    loops = _listed(entry.schema.get("x-x12", field.schema.get("x-x12", around)))
    for member in entry.members.values():
        yield from _with_loops(member, loops)


def _target(text: str, loops: tuple[str, ...]) -> Target | None:
    """The one place that an address means: in the loop that it names, or in one of `loops`."""
    loop_id, _, address = text.rpartition("/")
    found = [target for each in ((loop_id,) if loop_id else loops) if (target := _in_loop(each, address))]
    if len(found) > 1:
        raise ValueError(f"{text} stands in {' and '.join(target.loop for target in found)}: name the loop.")
    return found[0] if found else None


def _in_loop(loop_id: str, address: str) -> Target | None:
    try:
        parse_address(GUIDE, loop_id, address)
    except KeyError:
        return None
    return Target(loop_id, address)


def _listed(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
