"""Demands of payers beyond the guide: each entry of an overlay is proved to narrow the guide, and made a situation (SNIP 7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from edi.errors import SettingsError
from edi.finding import Category
from edi.guide.bounds import HasLength, RepeatsAtMost, TakesOnly
from edi.guide.condition import OVERLAY_SNIP, All, Condition, Either, Has, Is, Not, Situation
from edi.guide.forms import forms_of
from edi.guide.place import FoundPlace, find_place, judged_at
from edi.guide.shape import ElementUse, Guide
from edi.guide.standard import ELEMENTS

_TERM = re.compile(
    r"(\S+(?: \d\d(?:-\d+)?)?) is (?:(present|absent)|(not )?([0-9A-Za-z]+(?: [0-9A-Za-z]+)*))"
)
_NUMBERS = ("N0", "R")
REQUIRED, NOT_USED, CODE = "X12-OVERLAY-REQUIRED", "X12-OVERLAY-NOT-USED", "X12-OVERLAY-CODE"
SHORT, LONG, REPEAT = "X12-OVERLAY-SHORT", "X12-OVERLAY-LONG", "X12-OVERLAY-REPEAT"


class OverlayEntry(NamedTuple):
    """One entry of an overlay, as written: "" or 0 where it does not say."""

    at: str
    usage: str = ""
    codes: tuple[str, ...] = ()
    value: str = ""
    min_length: int = 0
    max_length: int = 0
    repeat: int = 0
    when: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class OverlayRules:
    """What payers ask of a file beyond the guide of `version`. `ids` are the payers and receivers that some of the situations
    are for alone."""

    version: str
    situations: tuple[Situation, ...]
    ids: frozenset[str] = frozenset()


def situations_of(entry: OverlayEntry, guide: Guide, title: str) -> list[Situation]:
    """The situations that an entry makes, one or more a loop. Raises SettingsError when it does not narrow the guide, or names
    a place that the guide does not have."""
    at = find_place(entry.at, guide)
    if at.use and at.use.segment.id == "SE":
        raise SettingsError("SE is counted and numbered as the set is; there is nothing to narrow.")
    made = []
    for rule, need, does, fix in _needs(entry, at):
        absent = rule == REQUIRED and not at.element  # what is missing is judged from around it
        inside = at.child and not absent
        for loop_id in (at.child.id,) if at.child and inside else at.loops:
            when, reads = _condition(entry.when, guide, loop_id) if entry.when else (None, [])
            until = judged_at(guide, loop_id, reads)
            if until is None:
                raise SettingsError(f"when: not every place in it can be seen from loop {loop_id}.")
            words = f"{title} asks: {at.says} {does}" + (f" when {when.says}" if when else "")
            made.append(
                Situation(
                    rule,
                    loop_id,
                    need,
                    at.child.trigger.address if at.child and inside else at.text,
                    fix,
                    _all(None if absent else at.only, _composite(at) if rule == REQUIRED else None, when),
                    each="" if at.child or absent else at.segment,
                    until=until,
                    words=f"{words} ({entry.source}, {entry.date})",
                    snip=OVERLAY_SNIP,
                    source=f"{entry.source}, {entry.date}",
                    category=_category(at.element),
                )
            )
    return made


Need = tuple[str, Condition, str, str]  # rule, what must hold, in words, what to do


def _needs(entry: OverlayEntry, at: FoundPlace) -> Iterator[Need]:
    given = [
        key
        for key in ("usage", "codes", "value", "min_length", "max_length", "repeat")
        if getattr(entry, key)
    ]
    if not given:
        raise SettingsError("it asks nothing: give usage, codes, value, min_length, max_length or repeat.")
    lengths = [key for key in given if key.endswith("_length")]
    rest = [key for key in given if key not in lengths]
    if len(rest) > (2 if rest[:2] == ["usage", "codes"] else 1) or (rest and lengths and rest != ["usage"]):
        raise SettingsError(f"{' and '.join(given)} cannot stand together; write an entry for each.")
    if entry.usage == "not used" and len(given) > 1:
        raise SettingsError(f"what is not used cannot have {' and '.join(given[1:])}.")
    if entry.usage or entry.value:
        yield from _usage(entry, at)
    if entry.codes or entry.value:
        yield _codes(entry, at)
    if lengths:
        yield from _lengths(entry, at)
    if entry.repeat:
        yield _repeat(entry, at)


def _usage(entry: OverlayEntry, at: FoundPlace) -> Iterator[Need]:
    part = at.element or at.use or at.child
    assert part is not None
    required = part.usage == "R" and not at.only
    if entry.value and required:
        return
    if required:
        does = "requires it" if entry.usage == "not used" else "requires it already"
        raise SettingsError(f"usage: the guide {does}; an overlay can only narrow.")
    if entry.usage == "not used":
        need: Condition = Not(Has(at.child.trigger.address if at.child else at.text))
        yield NOT_USED, need, "may not be sent", f"Leave {at.says} out for this payer."
    else:
        need = at.only if at.only and not at.element else Has(at.text)
        fixed = f"must be {entry.value}" if entry.value else "is required"
        yield (
            REQUIRED,
            need,
            fixed,
            f"Send {entry.value} in {at.says}." if entry.value else f"Send {at.says}.",
        )


def _codes(entry: OverlayEntry, at: FoundPlace) -> Need:
    key, codes = ("value", (entry.value,)) if entry.value else ("codes", entry.codes)
    element = _simple(at, key)
    foreign = [code for code in codes if not _allowed(code, element)]
    if foreign:
        has = f" (it has {' '.join(element.codes)})" if element.codes else ""
        raise SettingsError(
            f"{key}: the guide does not have {', '.join(foreign)[:60]} here{has}; an overlay can only narrow."
        )
    if set(codes) == set(element.codes):
        raise SettingsError(f"{key}: the guide has no other; nothing is narrowed.")
    listed = " or ".join(filter(None, (", ".join(codes[:-1]), codes[-1])))
    return CODE, TakesOnly(at.text, codes), f"must be {listed}", f"Send {listed} in {at.says}."


def _allowed(value: str, element: ElementUse) -> bool:
    if element.codes:
        return value in element.codes
    low, high = _size(element)
    forms = forms_of(element.form)
    fits = low <= len(value) <= high and value.isascii() and value == value.strip()
    if ELEMENTS[element.number].type in _NUMBERS:
        fits = fits and bool(re.fullmatch(r"-?[0-9]*\.?[0-9]+", value))
    return fits and (not forms or any(form.fits(value) for form in forms))


def _lengths(entry: OverlayEntry, at: FoundPlace) -> Iterator[Need]:
    element = _simple(at, "min_length" if entry.min_length else "max_length")
    if element.codes or element.form:
        raise SettingsError("lengths: the guide gives this element codes or a form; give codes.")
    low, high = _size(element)
    number = ELEMENTS[element.number].type in _NUMBERS
    if entry.min_length and not low < entry.min_length <= high:
        raise SettingsError(f"min_length: the guide allows {low} to {high}; give more than {low}, to narrow.")
    if entry.max_length and not (entry.min_length or low) <= entry.max_length < high:
        raise SettingsError(
            f"max_length: the guide allows {low} to {high}; give less than {high} and no less than the least."
        )
    if entry.min_length:
        need = HasLength(at.text, entry.min_length, high, number)
        does = f"must have at least {entry.min_length} characters"
        yield SHORT, need, does, f"Send {at.says} at the length that this payer asks."
    if entry.max_length:
        need = HasLength(at.text, low, entry.max_length, number)
        yield LONG, need, f"may have at most {entry.max_length} characters", f"Shorten {at.says}."


def _repeat(entry: OverlayEntry, at: FoundPlace) -> Need:
    part = at.child or at.use
    assert part is not None
    if at.element or at.only:
        raise SettingsError("repeat: only a loop or a segment repeats.")
    if at.child and any(each.unit for each in at.child.loops()) and not at.child.unit:
        raise SettingsError(
            "repeat: how many claims a file holds is no matter of an overlay (convert --claims-per-file)."
        )
    if part.repeat and entry.repeat >= part.repeat:
        raise SettingsError(f"repeat: the guide allows {part.repeat}; give less, to narrow.")
    times = "once" if entry.repeat == 1 else f"{entry.repeat} times"
    return (
        REPEAT,
        RepeatsAtMost(entry.repeat),
        f"may come at most {times}",
        f"Send {at.says} at most {times}.",
    )


def _composite(at: FoundPlace) -> Condition | None:
    """A component is missing only from a composite that is sent."""
    whole, component, _ = at.text.partition("-")
    return Has(whole) if component else None


def _all(*conditions: Condition | None) -> Condition | None:
    given = [each for each in conditions if each]
    return All(*given) if len(given) > 1 else given[0] if given else None


def _simple(at: FoundPlace, key: str) -> ElementUse:
    if at.element is None or at.element.parts:
        kind = "a composite: name one of its components" if at.element else "no element"
        raise SettingsError(f"{key}: {at.says} is {kind}.")
    return at.element


def _size(element: ElementUse) -> tuple[int, int]:
    standard = ELEMENTS[element.number]
    return element.low or standard.low, element.high or standard.high


def _category(element: ElementUse | None) -> Category:
    return next((form.category for form in forms_of(element.form)), "format") if element else "format"


def _condition(text: str, guide: Guide, loop_id: str) -> tuple[Condition, list[str]]:
    """A `when`, and the loops that it reads. Raises SettingsError when it cannot be read."""
    joint = " or " if " or " in text else " and "
    if joint == " or " and " and " in text:
        raise SettingsError("when: join conditions by and, or by or, not by both.")
    reads: list[str] = []
    terms = [_term(each.strip(), guide, loop_id, reads) for each in text.split(joint)]
    if len(terms) == 1:
        return terms[0], reads
    return (Either if joint == " or " else All)(*terms), reads


def _term(text: str, guide: Guide, loop_id: str, reads: list[str]) -> Condition:
    match = _TERM.fullmatch(text)
    if not match:
        raise SettingsError(
            f'when: "{text[:60]}" is no condition: write "CLM 05-3 is 7 8", "CLM 05-3 is not 1", '
            '"REF:F8 is present" or "REF:F8 is absent".'
        )
    try:
        at = find_place(match[1], guide, loop_id)
    except SettingsError as error:
        raise SettingsError(f"when: {match[1]}: {error}") from error
    inner = loop_id if loop_id in at.loops else at.loops[0]
    reads.append(at.child.id if at.child else inner)
    where = at.text if inner == loop_id else f"{inner}/{at.text}"
    if match[2]:
        found: Condition = Has(where)
        if at.only and not at.element:
            found = Is(f"{where} {at.only.where.rpartition(' ')[2]}", at.only.values)
        return Not(found) if match[2] == "absent" else found
    if not at.element or at.only:
        raise SettingsError(
            f'when: {match[1]} is no element; "is present" or "is absent" may stand behind it.'
        )
    is_one = Is(where, match[4])
    return Not(is_one) if match[3] else is_one


def claims_together(situations: Iterable[Situation], ids: Collection[str]) -> list[int]:
    """How many loops 2300 the payer or receiver of these ids takes for one patient, where it asks for fewer than the guide."""
    return [
        each.need.limit
        for each in situations
        if each.loop == "2300"
        and isinstance(each.need, RepeatsAtMost)
        and not each.each
        and isinstance(each.among, Is)
        and not set(ids).isdisjoint(each.among.values.split())
    ]
