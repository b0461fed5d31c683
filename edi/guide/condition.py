"""Situations as data: conditions over a loop that can be evaluated and that say themselves in English.

A place is written as `[loop/]address [element[-component]]`: "REF:F8", "CLM 05-3", "2400/SV3 02". Without a loop
it lies in the loop that the situation is about; with one it lies in an ancestor, or in every instance of a loop below.

A condition is bound once to a way of reaching places (`Reach`) and is then a plain function of a loop instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple, Protocol

Instance = Any  # a loop instance; its type belongs to whoever binds the condition
Test = Callable[[Instance], bool]
Values = Callable[[Instance], list[str]]


class Place(NamedTuple):
    """A place in a guide: element 0 is the whole segment, component 0 the whole element."""

    loop: str
    address: str
    element: int
    component: int

    @property
    def says(self) -> str:
        """"CLM05-3", "REF*F8", "SV302 of loop 2400"."""
        segment, _, code = self.address.partition(":")
        text = f"{segment}*{code}" if code else segment
        if self.element:
            text = f"{text}{self.element:02}" if not code else f"{segment}{self.element:02} of {text}"
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

    def __call__(self, where: Place) -> Values:
        """A function that lists what stands there: whole segments, elements or components; "" where empty."""


class Condition(Protocol):
    def bind(self, reach: Reach) -> Test: ...

    @property
    def says(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Has:
    """Something stands there."""

    where: str

    def bind(self, reach: Reach) -> Test:
        values = reach(place(self.where))
        return lambda instance: any(values(instance))

    @property
    def says(self) -> str:
        return f"{place(self.where).says} is present"


@dataclass(frozen=True, slots=True)
class Is:
    """One of the values that stand there is one of these (separated by spaces)."""

    where: str
    values: str

    def bind(self, reach: Reach) -> Test:
        values = reach(place(self.where))
        wanted = frozenset(self.values.split())
        return lambda instance: not wanted.isdisjoint(values(instance))

    @property
    def says(self) -> str:
        return f"{place(self.where).says} is {' or '.join(self.values.split())}"


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition

    def bind(self, reach: Reach) -> Test:
        test = self.condition.bind(reach)
        return lambda instance: not test(instance)

    @property
    def says(self) -> str:
        return self.condition.says.replace(" is ", " is not ", 1)


@dataclass(frozen=True, slots=True, init=False)
class All:
    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def bind(self, reach: Reach) -> Test:
        tests = [condition.bind(reach) for condition in self.conditions]
        return lambda instance: all(test(instance) for test in tests)

    @property
    def says(self) -> str:
        return " and ".join(condition.says for condition in self.conditions)


@dataclass(frozen=True, slots=True, init=False)
class Either:
    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def bind(self, reach: Reach) -> Test:
        tests = [condition.bind(reach) for condition in self.conditions]
        return lambda instance: any(test(instance) for test in tests)

    @property
    def says(self) -> str:
        return " or ".join(condition.says for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class SumIs:
    """The amount in `total` is the sum of the amounts in `parts`. Amounts that are no numbers pass: the element's own
    type has reported them."""

    total: str
    parts: tuple[str, ...]

    def bind(self, reach: Reach) -> Test:
        total = reach(place(self.total))
        parts = [reach(place(part)) for part in self.parts]

        def test(instance: Instance) -> bool:
            try:
                return sum(map(Decimal, filter(None, total(instance)))) == sum(
                    Decimal(text) for part in parts for text in part(instance) if text
                )
            except InvalidOperation:
                return True

        return test

    @property
    def says(self) -> str:
        return f"{place(self.total).says} equals the sum of {' and '.join(place(part).says for part in self.parts)}"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers that stand there are 1, 2, 3 and so on."""

    where: str

    def bind(self, reach: Reach) -> Test:
        values = reach(place(self.where))
        return lambda instance: all(
            text.isdigit() and int(text) == number for number, text in enumerate(values(instance), start=1)
        )

    @property
    def says(self) -> str:
        return f"{place(self.where).says} counts 1, 2, 3 without a gap"


@dataclass(frozen=True, slots=True)
class Distinct:
    """No value stands there twice, but for those in `free`."""

    where: tuple[str, ...]
    free: str = ""

    def bind(self, reach: Reach) -> Test:
        readers = [reach(place(where)) for where in self.where]
        free = frozenset(self.free.split())

        def test(instance: Instance) -> bool:
            seen = [text for values in readers for text in values(instance) if text and text not in free]
            return len(seen) == len(set(seen))

        return test

    @property
    def says(self) -> str:
        return f"{' and '.join(place(where).says for where in self.where)} differ from each other"


@dataclass(frozen=True, slots=True)
class PointsInto:
    """Every number that stands in `pointers` is at most the count of values in `targets`."""

    pointers: tuple[str, ...]
    targets: tuple[str, ...]

    def bind(self, reach: Reach) -> Test:
        pointers = [reach(place(where)) for where in self.pointers]
        targets = [reach(place(where)) for where in self.targets]

        def test(instance: Instance) -> bool:
            numbers = [text for values in pointers for text in values(instance) if text]
            if not numbers:
                return True
            count = sum(1 for values in targets for text in values(instance) if text)
            return all(text.isdigit() and 1 <= int(text) <= count for text in numbers)

        return test

    @property
    def says(self) -> str:
        first, last = place(self.targets[0]).says, place(self.targets[-1]).says
        return f"{place(self.pointers[0]).says} points at a value in {first} to {last}"


@dataclass(frozen=True, slots=True)
class AtMost:
    """The number in `low` is not above the number in `high`; passes where either is absent."""

    low: str
    high: str

    def bind(self, reach: Reach) -> Test:
        low, high = reach(place(self.low)), reach(place(self.high))

        def test(instance: Instance) -> bool:
            try:
                numbers = [Decimal(text) for values in (low, high) for text in values(instance)[:1] if text]
            except InvalidOperation:
                return True
            return len(numbers) < 2 or numbers[0] <= numbers[1]

        return test

    @property
    def says(self) -> str:
        return f"{place(self.low).says} is not above {place(self.high).says}"


@dataclass(frozen=True, slots=True)
class Situation:
    """`need` must hold in every instance of `loop` in which `when` holds. `at` is the place a finding points to.

    `snip` is 3 for balances and 4 for situations. `source` names the source in the reference.
    """

    id: str
    loop: str
    need: Condition
    at: str
    fix: str
    when: Condition | None = None
    snip: Literal[1, 2, 3, 4, 5] = 4
    severity: Literal["error", "warning", "info"] = "error"
    source: str = ""
    category: str = field(default="format")

    @property
    def says(self) -> str:
        """"REF*F8 is present when CLM05-3 is 7 or 8"."""
        return f"{self.need.says} when {self.when.says}" if self.when else self.need.says


def situations_by_loop(situations: Iterable[Situation]) -> dict[str, list[Situation]]:
    """The situations of each loop, in the order they were declared."""
    by_loop: dict[str, list[Situation]] = {}
    for situation in situations:
        by_loop.setdefault(situation.loop, []).append(situation)
    return by_loop
