"""Situations as data: conditions over a loop that can be evaluated and that say themselves in English.

A place is written as `[loop/]address [element[-component]]`: "REF:F8", "CLM 05-3", "2400/SV3 02". Without a loop
it lies in the loop that the situation is about; with one it lies in a loop around it, or in every instance of a loop below it, or
of a loop below one around it (from a line, "2330B/NM1 09" is every other payer of the claim). The address of a child
loop ("2300") means that such a loop is there.

A condition is bound once to a way of reaching places (`Reach`) and is then a plain function of a loop instance. It says
itself twice: as a fact ("CLM05-3 is 7 or 8") and as a demand ("CLM05-3 must be 7 or 8").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final, Literal, NamedTuple, Protocol

from edi.finding import Category, Severity

Instance = Any  # a loop instance; its type belongs to whoever binds the condition
Test = Callable[[Instance], bool]
Values = Callable[[Instance], list[str]]
NOWHERE: frozenset[str] = frozenset()
OVERLAY_SNIP: Final = 7  # the SNIP type of what a trading partner asks beyond the guide
_NO_PLACES = {"value", "values", "free", "limit", "pattern", "called"}


class Place(NamedTuple):
    """A place in a guide: element 0 is the whole segment, component 0 the whole element."""

    loop: str
    address: str
    element: int
    component: int

    @property
    def says(self) -> str:
        """ "CLM05-3", "REF*F8", "SV302 in loop 2400", "REF02 of REF*F8"."""
        segment, _, code = self.address.partition(":")
        text = f"{segment}*{code}" if code else f"loop {segment}" if segment[:1].isdigit() else segment
        if self.element:
            text = f"{segment}{self.element:02}" + (f" of {text}" if code else "")
        if self.component:
            text += f"-{self.component}"
        return f"{text} in loop {self.loop}" if self.loop else text


def place(text: str) -> Place:
    """Parse the notation above."""
    where, _, element = text.partition(" ")
    loop, slash, address = where.rpartition("/")
    number, _, component = element.partition("-")
    return Place(loop if slash else "", address, int(number or 0), int(component or 0))


class Reach(Protocol):
    """How places are read from a loop instance."""

    def values(self, where: Place) -> Values:
        """A function that lists what stands there: whole segments, elements or components; "" where empty."""

    def pieces(self, where: Place) -> Values:
        """The elements of a segment, or the components of an element, of one that comes once."""

    def present(self, where: Place) -> Test:
        """A function that tells whether anything stands there."""

    def matching(self, where: Place, key: Place, equals: Place) -> Values:
        """As `values`, from those instances of the place's loop whose `key` has a value that stands in `equals`."""

    def earlier(self, where: Place) -> Values:
        """As `values`, from the instance of the same loop before this one; nothing from the first."""

    def ordinal(self) -> Callable[[Instance], int]:
        """A function that tells the how-manieth of its loop an instance is, from 1; where segments are judged one by one, the
        how-manieth the segment is."""


class Condition(Protocol):
    def bind(self, reach: Reach) -> Test: ...

    @property
    def says(self) -> str: ...

    @property
    def demands(self) -> str: ...

    @property
    def needs(self) -> frozenset[str]:
        """Segments or elements without which the condition is false whatever else holds; they let a test be skipped."""

    @property
    def spares(self) -> frozenset[str]:
        """Segments or elements without which the condition is true whatever else holds."""


@dataclass(frozen=True, slots=True)
class Has:
    """Something stands there."""

    where: str
    spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        return reach.present(place(self.where))

    @property
    def says(self) -> str:
        return f"{place(self.where).says} is present"

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} is required"

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self.where.partition("-")[0]})


@dataclass(frozen=True, slots=True)
class Is:
    """One of the values that stand there is one of these (separated by spaces)."""

    where: str
    values: str
    spares = NOWHERE

    def bind(self, reach: Reach) -> Test:
        values = reach.values(place(self.where))
        wanted = frozenset(self.values.split())
        return lambda instance: not wanted.isdisjoint(values(instance))

    @property
    def says(self) -> str:
        return f"{place(self.where).says} is {' or '.join(self.values.split())}"

    @property
    def demands(self) -> str:
        return f"{place(self.where).says} must be {' or '.join(self.values.split())}"

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self.where.partition("-")[0]})


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition
    needs = NOWHERE

    def bind(self, reach: Reach) -> Test:
        test = self.condition.bind(reach)
        return lambda instance: not test(instance)

    @property
    def says(self) -> str:
        return self.condition.says.replace(" is ", " is not ", 1)

    @property
    def demands(self) -> str:
        if isinstance(self.condition, Has):
            return f"{place(self.condition.where).says} may not be sent"
        return self.condition.demands.replace(" must ", " must not ", 1)

    @property
    def spares(self) -> frozenset[str]:
        return self.condition.needs


@dataclass(frozen=True, slots=True, init=False)
class All:
    """Each of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def bind(self, reach: Reach) -> Test:
        tests = [condition.bind(reach) for condition in self.conditions]
        return lambda instance: all(test(instance) for test in tests)

    @property
    def says(self) -> str:
        return " and ".join(condition.says for condition in self.conditions)

    @property
    def demands(self) -> str:
        return " and ".join(condition.demands for condition in self.conditions)

    @property
    def needs(self) -> frozenset[str]:
        return frozenset().union(*(condition.needs for condition in self.conditions))

    @property
    def spares(self) -> frozenset[str]:
        return frozenset.intersection(*(condition.spares for condition in self.conditions))


@dataclass(frozen=True, slots=True, init=False)
class Either:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def bind(self, reach: Reach) -> Test:
        tests = [condition.bind(reach) for condition in self.conditions]

        def test(instance: Instance) -> bool:
            for each in tests:  # noqa: SIM110 - any() takes twice as long, and this runs for every line
                if each(instance):
                    return True
            return False

        return test

    @property
    def says(self) -> str:
        return " or ".join(condition.says for condition in self.conditions)

    @property
    def demands(self) -> str:
        if all(isinstance(condition, Has) for condition in self.conditions):
            return f"{self.says.replace(' is present', '')} is required"
        return " or ".join(condition.demands for condition in self.conditions)

    @property
    def needs(self) -> frozenset[str]:
        return frozenset.intersection(*(condition.needs for condition in self.conditions))

    @property
    def spares(self) -> frozenset[str]:
        return frozenset().union(*(condition.spares for condition in self.conditions))


@dataclass(frozen=True, slots=True)
class Situation:
    """`need` must hold in every instance of `loop` in which `when` holds. `at` is the place a finding points to.

    `loop` may name several loops, separated by spaces. With `each`, the situation is judged for every segment of that
    address in turn, and its places at that address are that one segment's. `until` names the loop around at whose end it
    is judged, where it reads what comes after its own. `words` say it where the conditions cannot say it well.
    `snip` is 3 for balances, 4 for situations and 7 for what a payer asks. `source` names the source, and what is doubtful
    about it. `among` must hold in the loop at whose end it is judged (whose claims these are), or it is not judged; that
    loop may then also lie beside or below its own.
    """

    id: str
    loop: str
    need: Condition
    at: str
    fix: str
    when: Condition | None = None
    each: str = ""
    until: str = ""
    words: str = ""
    snip: Literal[1, 2, 3, 4, 5, 7] = 4
    severity: Severity = "error"
    source: str = ""
    category: Category = "format"
    among: Condition | None = None

    @property
    def loops(self) -> tuple[str, ...]:
        return tuple(self.loop.split())

    @property
    def says(self) -> str:
        """ "REF*F8 is required when CLM05-3 is 7 or 8"."""
        if self.words:
            return self.words
        return f"{self.need.demands} when {self.when.says}" if self.when else self.need.demands

    @property
    def looks_around(self) -> bool:
        """Whether it reads instances of loops that have closed, beside or below its own."""
        conditions = [
            each for one in (self.need, self.when, self.among) if one for each in conditions_of(one)
        ]
        names = [self.at, *(name for each in conditions for name in places_of(each))]
        earlier = any(getattr(each, "reads_earlier", False) for each in conditions)
        return bool(self.until) or earlier or any(place(name).loop for name in names)


def situations_by_loop(situations: Iterable[Situation]) -> dict[str, list[Situation]]:
    """The situations judged at the end of each loop, in the order they were declared."""
    by_loop: dict[str, list[Situation]] = {}
    for situation in situations:
        for loop in (situation.until,) if situation.until else situation.loops:
            by_loop.setdefault(loop, []).append(situation)
    return by_loop


def conditions_of(condition: Condition) -> Iterator[Condition]:
    """A condition and its inner conditions, in their order."""
    yield condition
    for field in fields(condition):  # type: ignore[arg-type]  # every condition is a dataclass
        value = getattr(condition, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each):
                yield from conditions_of(each)  # type: ignore[arg-type]


def places_of(condition: Condition) -> Iterator[str]:
    """The places a condition names, its inner conditions' included, in their order."""
    for each in conditions_of(condition):
        for field in fields(each):  # type: ignore[arg-type]  # every condition is a dataclass
            value = getattr(each, field.name)
            if field.name not in _NO_PLACES:
                names = value if isinstance(value, tuple) else (value,)
                yield from (name for name in names if name and isinstance(name, str))
