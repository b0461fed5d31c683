"""How the places of conditions are written as Python expressions about a loop instance (`Writer` in `edi.guide.condition`).

What can only stand once is read from a name of the function: `e3` are the elements of the instance's segment of child 3, `up1e0`
those of child 0 of the loop around, `up1in4e0` of the loop at child 4 of that, and `e3c5` the components of element 5. `needed` says how
each is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from edi.guide.condition import Condition, Place
from edi.validate.frame import Frame
from edi.validate.location import Location, Route
from edi.validate.nodes import LoopNode
from edi.validate.several import Matching, Several


class Things:
    """What the functions of a guide use by name."""

    def __init__(self) -> None:
        self.by_name: dict[str, object] = {}

    def name(self, thing: object) -> str:
        """A name for a thing."""
        name = f"thing{len(self.by_name)}"
        self.by_name[name] = thing
        return name


Needed = Mapping[str, str]
"""Names that an expression reads, each with the expression that makes it; one that is made of another stands after it."""
NOTHING: Needed = MappingProxyType({})


class Expressions:
    """Writes for instances of a loop. `each` is the address of the segments that are judged one by one, "" for none: an instance then
    has only the one that is judged."""

    def __init__(self, loop: LoopNode, things: Things, each: str = "") -> None:
        self.needed: dict[str, str] = {}
        self.read: list[Location] = []
        self.name = things.name
        self._loop = loop
        self._each = each
        self._component = loop.delimiters.component

    def take(self, condition: Condition) -> tuple[str, Needed]:
        """A condition, and the names that it needs."""
        self.needed = {}
        return condition.written(self), self.needed

    def is_quick(self, where: Place) -> bool:
        """Whether it is quick to see that something stands there."""
        return not where.element or Location(self._loop, where).comes_once

    def values(self, where: Place) -> str:
        if one := self.one(where):
            return f"([{one}] if {one} else [])"
        several = self._several(where)
        location = several.location
        if not location.route.is_kept:
            return "[]"
        if where.element and not where.component and location.comes_once_each:
            return self._one_of_each(location)
        return f"{self.name(several.values)}(frame)"

    def _one_of_each(self, location: Location) -> str:
        """As `values`, from one segment in each instance of its loop."""
        instance, loops = self._above(location.route), ""
        for depth, index in enumerate(location.route.path):
            loops += f" for below{depth} in {instance}.children.get({index}, ())"
            instance = f"below{depth}"
        index = location.indexes[0]
        elements = f"({instance}.cells.get({index}) or {instance}.elements({index}))"
        return f"[{elements}[{location.element}]{loops} if {index} in {instance}.have]"

    def one(self, where: Place) -> str | None:
        location = Location(self._loop, where)
        if not where.element or (location.repeats and self._loop.delimiters.repetition):
            return None
        judged = where.address == self._each and not where.loop and len(location.indexes) == 1
        if not judged and not location.comes_once:
            return None
        self.read.append(location)
        elements = self._elements(location)
        if not where.component:
            return f"{elements}[{where.element}]"
        parts = location.loop.node(location.indexes[0]).use.elements[where.element - 1].parts
        enough = self._component * len(parts)  # so that each component is there, if only as ""
        name = f"{elements}c{where.element}"
        self.needed[name] = f"({elements}[{where.element}] + {enough!r}).split({self._component!r})"
        return f"{name}[{where.component - 1}]"

    def count(self, where: Place) -> str:
        location = Location(self._loop, where)
        if not location.child and len(location.indexes) == 1 and not location.route.path:
            self.read.append(location)
            return f"len({self._instance(location.route)}.segments({location.indexes[0]}))"
        return f"{self.name(self._several(where).count)}(frame)"

    def pieces(self, where: Place) -> str:
        location = self._locate(where)
        if where.element:
            element = f"{self._elements(location)}[{where.element}]"
            return f"({element}.split({self._component!r}) if {element} else [])"
        segment = f"{self._instance(location.route)}.text({location.indexes[0]})"
        return f"{segment}.split({self._loop.separator!r})[1:]"

    def present(self, where: Place) -> str:
        if where.element and (one := self.one(where)):
            return one
        several = self._several(where)
        location = several.location
        if where.element or len(location.indexes) > 1 or not location.route.is_single:
            return f"{self.name(several.stands)}(frame)"
        instance = self._instance(location.route)
        return f"{location.indexes[0]} in {'have' if instance == 'frame' else f'{instance}.have'}"

    def matching(self, where: Place, key: Place, equals: Place) -> str:
        wanted, location = self.values(equals), self._locate(where)
        self._locate(key)
        return f"{self.name(Matching(location, where, key).values)}(frame, {wanted})"

    def earlier(self, where: Place) -> str:
        return f"{self.name(self._several(where).earlier)}(frame)"

    def ordinal(self) -> str:
        return "frame.turn" if self._each else "frame.ordinal"

    def _several(self, where: Place) -> Several:
        several = Several(self._loop, where)
        self.read.append(several.location)
        return several

    def _locate(self, where: Place) -> Location:
        location = Location(self._loop, where)
        self.read.append(location)
        return location

    def _elements(self, location: Location) -> str:
        """The name of the elements of a segment that comes once."""
        instance, index = self._instance(location.route), location.indexes[0]
        name = f"e{index}" if instance == "frame" else f"{instance}e{index}"
        self.needed[name] = f"{instance}.cells.get({index}) or {instance}.elements({index})"
        return name

    def _instance(self, route: Route) -> str:
        """The name of the one instance where a route ends; of an empty one where there is none."""
        name = self._above(route)
        for index, loop in zip(route.path, route.loops_down, strict=True):
            above, name = name, f"in{index}" if name == "frame" else f"{name}in{index}"
            if name not in self.needed:
                nothing = self.name([Frame(loop, None, 0, 0)])
                self.needed[name] = f"({above}.children.get({index}) or {nothing})[0]"
        return name

    def _above(self, route: Route) -> str:
        """The name of the instance from which a route leads down."""
        name = "frame"
        for step in range(1, route.steps + 1):
            above, name = name, f"up{step}"
            self.needed[name] = f"{above}.parent"
        return name
