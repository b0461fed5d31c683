"""What a situation that does not hold hangs on: the segment that makes something due."""

from __future__ import annotations

from edi.guide.condition import Situation, place, places_of
from edi.validate.frame import Frame
from edi.validate.log import Trigger
from edi.validate.route import Route, child_loop, indexes_of


def trigger_of(situation: Situation, frame: Frame) -> Trigger | None:
    """The first thing that the situation's `when` reads and that stands in the file; None where it hangs on nothing, or on
    something that is absent. `frame` is the instance in which the situation does not hold."""
    names = [place(name) for name in places_of(situation.when)] if situation.when else []
    for where in names:
        route = Route(frame.node, where.loop)
        if child_loop(route.target, where.address):
            continue
        pinned = frame.pinned if where.address == situation.each and not where.loop else None
        separator = frame.node.machine.delimiters.element
        for each in route.frames(frame):
            for index in indexes_of(route.target, where.address):
                for position, segment in [pinned] if pinned else each.segments(index):
                    fields = segment.split(separator)
                    if where.element < len(fields) and fields[where.element]:
                        component = where.component if len(names) == 1 else 0
                        return Trigger(fields[0], position, route.target.loop.id, where.element, component)
    return None
