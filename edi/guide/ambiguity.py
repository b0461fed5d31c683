"""Ambiguity of guides: two segments that may both come next and that no key tells apart.

After a segment may come whatever stands at the same or a later position of its own loop, then the same for every loop
around it (the loop itself again among them). A required segment may be missing: so the segments of a sound guide are told
apart in faulty files too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from edi.guide.shape import Guide, Loop, SegmentUse

Path = tuple[Loop, ...]
Candidate = tuple[str, SegmentUse]


def ambiguities(guide: Guide) -> list[str]:
    """One sentence for each pair of uses that can both be next and that no key tells apart."""
    faults: dict[str, None] = {}
    for path in _paths((guide.root,)):
        for last in path[-1].segments():
            for one, other in _clashes(_next(path, last)):
                faults[f"after {path[-1].id} {last.address}: {_say(one)} and {_say(other)} share a key"] = (
                    None
                )
    return list(faults)


def _paths(path: Path) -> Iterator[Path]:
    """Every loop in every place it hangs, with the loops around it."""
    yield path
    for child in path[-1].children:
        if isinstance(child, Loop):
            yield from _paths((*path, child))


def _next(path: Path, last: SegmentUse) -> Iterator[Candidate]:
    """What may follow `last` in the innermost loop of `path`, from the inside out."""
    inner: SegmentUse | Loop = last
    for loop in reversed(path):
        for child in loop.children[1:]:
            if child.position < inner.position or (child is inner and child.repeat == 1):
                continue
            yield loop.id, child.trigger if isinstance(child, Loop) else child
        inner = loop
    if path[0].repeat != 1:
        yield path[0].id, path[0].trigger


def _clashes(candidates: Iterator[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    by_id: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for earlier in by_id[candidate[1].segment.id]:
            if _alike(earlier[1], candidate[1]):
                yield earlier, candidate
        by_id[candidate[1].segment.id].append(candidate)


def _alike(one: SegmentUse, other: SegmentUse) -> bool:
    if not one.keys or not other.keys or one.key != other.key:
        return True
    return not set(one.keys).isdisjoint(other.keys)


def _say(candidate: Candidate) -> str:
    loop_id, use = candidate
    return f"{use.address} ({use.name}, in {loop_id})"
