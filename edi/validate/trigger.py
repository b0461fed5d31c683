"""What a situation that does not hold hangs on: the segment that makes something due."""

from __future__ import annotations

from edi.guide.condition import Situation, place, places_of
from edi.validate.frame import Frame
from edi.validate.location import Location
from edi.validate.log import Trigger


def trigger_of(situation: Situation, frame: Frame) -> Trigger | None:
    """The first thing that the situation's `when` reads and that stands in the file; None where it hangs on nothing, or on
    something that is absent. `frame` is the instance in which the situation does not hold."""
    places = [place(name) for name in places_of(situation.when)] if situation.when else []
    for where in places:
        location = Location(frame.node, where)
        for position, segment in location.segments(frame):
            fields = segment.split(frame.node.separator)
            if where.element < len(fields) and fields[where.element]:
                component = where.component if len(places) == 1 else 0
                return Trigger(fields[0], position, location.loop.loop.id, where.element, component)
    return None
