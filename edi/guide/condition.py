"""Situations as data: conditions over a loop that can be evaluated and that say themselves in English.

A place is written as `[loop/]address [element[-component]]`: "REF:F8", "CLM 05-3", "2400/SV3 02". Without a loop
it lies in the loop that the situation is about; with one it lies in a loop around it, or in every instance of a loop below it, or
of a loop below one around it (from a line, "2330B/NM1 09" is every other payer of the claim). The address of a child
loop ("2300") means that such a loop is there.

A condition is written as a Python expression about a loop instance, with what a `Writer` gives it for the places that it names. It
says itself twice: as a fact ("CLM05-3 is 7 or 8") and as a demand ("CLM05-3 must be 7 or 8").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import ClassVar, Final, Literal, NamedTuple, Protocol

from edi.finding import Category, Severity

OVERLAY_SNIP: Final = 7  # the SNIP type of what a trading partner asks beyond the guide
_TWICE = re.compile(r"\[(.*?)\|(.*?)\]")


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


def segment_of(text: str) -> str:
    """The segment in which a place lies, in the notation above."""
    return text.partition(" ")[0]


class Writer(Protocol):
    """How the places of a condition are written: each method returns a Python expression."""

    def name(self, thing: object) -> str:
        """A thing that the expression uses."""

    def values(self, where: Place) -> str:
        """A list of what stands there: whole segments, elements or components; "" where empty."""

    def one(self, where: Place) -> str | None:
        """The one value that can stand there, "" where none does; None where several can."""

    def count(self, where: Place) -> str:
        """How many segments, or loops, stand there."""

    def pieces(self, where: Place) -> str:
        """A list of the elements of a segment, or the components of an element, of one that comes once."""

    def present(self, where: Place) -> str:
        """Whether anything stands there."""

    def matching(self, where: Place, key: Place, equals: Place) -> str:
        """As `values`, from those instances of the place's loop whose `key` has a value that stands in `equals`."""

    def earlier(self, where: Place) -> str:
        """As `values`, from the instance of the same loop before this one; nothing from the first."""

    def ordinal(self) -> str:
        """The number of an instance among those of its loop, from 1; where segments are judged one by one, the number of the
        segment."""


class Condition:
    """What may hold in a loop instance. `sentence` says it twice, as a demand and as a fact, with its fields between braces:
    "{where} [must be|is] {codes}". `places` are the fields that name a place, or several. Where nothing stands in one of the fields
    `decisive`, it holds or not as `passes` says; several places of such a field lie in one segment."""

    __slots__ = ()

    sentence: ClassVar[str]
    places: ClassVar[tuple[str, ...]] = ("where",)
    reads_earlier: ClassVar[bool] = False
    decisive: ClassVar[tuple[str, ...]] = ()
    passes: ClassVar[bool] = True
    holds: ClassVar[Callable[..., bool]]  # takes what stands at each place

    def written(self, writer: Writer) -> str:
        """A Python expression that is true in a loop instance in which the condition holds."""
        holds, arguments = writer.name(self.holds), self.arguments(writer)
        field = self.places[0]
        if len(arguments) == 1 or field not in self.decisive or len(self._named(field)) > 1:
            return f"{holds}({', '.join(arguments)})"
        first, *rest = arguments
        test = f"{holds}({', '.join(('values', *rest))})"
        return f"(not (values := {first}) or {test})" if self.passes else f"((values := {first}) and {test})"

    def ones(self, writer: Writer) -> list[str] | None:
        """The values at its places where each can only be one, "" for none; None where some can be several."""
        found = [writer.one(place(name)) for name in self.names]
        return None if None in found else found  # type: ignore[return-value]  # there is no None in it

    def arguments(self, writer: Writer) -> list[str]:
        """The arguments of `holds`."""
        return [writer.values(place(name)) for name in self.names]

    def hinges(self, *, holding: bool) -> list[str]:
        """The places at which something must stand for the condition to hold, or else to fail."""
        if holding is self.passes:
            return []
        fields = map(self._named, self.decisive)
        return [names[0] if len(names) == 1 else segment_of(names[0]) for names in fields]

    def _named(self, field: str) -> tuple[str, ...]:
        value = getattr(self, field)
        return value if isinstance(value, tuple) else (value,)

    @property
    def names(self) -> list[str]:
        """The places that it names."""
        return [name for field in self.places for name in self._named(field) if name]

    @property
    def inner(self) -> tuple[Condition, ...]:
        """The conditions that it is made of."""
        return ()

    @property
    def says(self) -> str:
        return self._said(r"\2")

    @property
    def demands(self) -> str:
        return self._said(r"\1")

    def _said(self, mood: str) -> str:
        text = _TWICE.sub(mood, self.sentence)
        return text.format_map({name: self._word(name) for _, name, _, _ in Formatter().parse(text) if name})

    def _word(self, field: str) -> str:
        value = getattr(self, field)
        values = value if isinstance(value, tuple) else (value,)
        if field in self.places:
            return " and ".join(place(name).says for name in values)
        return " or ".join(map(str, values))


@dataclass(frozen=True, slots=True)
class Has(Condition):
    """Something stands there."""

    sentence = "{where} is [required|present]"
    decisive, passes = ("where",), False
    where: str

    def written(self, writer: Writer) -> str:
        return writer.present(place(self.where))


@dataclass(frozen=True, slots=True)
class Is(Condition):
    """One of the values that stand there is one of these (separated by spaces)."""

    sentence = "{where} [must be|is] {codes}"
    where: str
    values: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.values.split())

    def hinges(self, *, holding: bool) -> list[str]:
        return [self.where] if holding else []

    def written(self, writer: Writer) -> str:
        where, codes = place(self.where), self.codes
        if one := writer.one(where):
            return (
                f"{one} == {codes[0]!r}" if len(codes) == 1 else f"{one} in {writer.name(frozenset(codes))}"
            )
        return f"not {writer.name(frozenset(codes))}.isdisjoint({writer.values(where)})"


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The condition does not hold."""

    places = ()
    condition: Condition

    def written(self, writer: Writer) -> str:
        return f"not ({self.condition.written(writer)})"

    def hinges(self, *, holding: bool) -> list[str]:
        return self.condition.hinges(holding=not holding)

    @property
    def inner(self) -> tuple[Condition, ...]:
        return (self.condition,)

    @property
    def says(self) -> str:
        return self.condition.says.replace(" is ", " is not ", 1)

    @property
    def demands(self) -> str:
        if isinstance(self.condition, Has):
            return f"{place(self.condition.where).says} may not be sent"
        return self.condition.demands.replace(" must ", " must not ", 1)


@dataclass(frozen=True, slots=True, init=False)
class _Joined(Condition):
    """Several conditions, and the word between them. One that is `enough` decides for all."""

    places = ()
    word: ClassVar[str]
    enough: ClassVar[bool]
    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    @property
    def inner(self) -> tuple[Condition, ...]:
        return self.conditions

    def written(self, writer: Writer) -> str:
        return "(" + f" {self.word} ".join(each.written(writer) for each in self.conditions) + ")"

    def hinges(self, *, holding: bool) -> list[str]:
        if holding is self.enough:
            return []
        return [hinge for condition in self.conditions for hinge in condition.hinges(holding=holding)]

    @property
    def says(self) -> str:
        return f" {self.word} ".join(condition.says for condition in self.conditions)

    @property
    def demands(self) -> str:
        return f" {self.word} ".join(condition.demands for condition in self.conditions)


@dataclass(frozen=True, slots=True, init=False)
class All(_Joined):
    """Each of the conditions holds."""

    word = "and"
    enough = False


@dataclass(frozen=True, slots=True, init=False)
class Either(_Joined):
    """At least one of the conditions holds."""

    word = "or"
    enough = True

    @property
    def demands(self) -> str:
        if all(isinstance(condition, Has) for condition in self.conditions):
            return f"{self.says.replace(' is present', '')} is required"
        return " or ".join(condition.demands for condition in self.conditions)


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
    def hinges(self) -> list[str]:
        """The places at which something must stand in a loop instance for anything to be wrong."""
        when = self.when.hinges(holding=True) if self.when else []
        return when + self.need.hinges(holding=False)

    @property
    def looks_around(self) -> bool:
        """Whether it reads instances of loops that have closed, beside or below its own."""
        conditions = [each for each in (self.need, self.when, self.among) if each]
        names = [self.at, *(name for each in conditions for name in places_of(each))]
        earlier = any(inner.reads_earlier for each in conditions for inner in conditions_of(each))
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
    for each in condition.inner:
        yield from conditions_of(each)


def places_of(condition: Condition) -> Iterator[str]:
    """The places a condition names, its inner conditions' included, in their order."""
    for each in conditions_of(condition):
        yield from each.names
