"""Rules on characters that a claim cannot carry, on states that do not exist, and on postal codes of other states."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from edi.finding import pointer
from edi.guide.forms import FORMS
from edi.guide.postal import lies_in
from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, rule
from edi.visit.charset import DELIMITERS, plain_spelling, unsafe_characters
from edi.visit.facts import Facts
from edi.visit.record import Address, Visit
from edi.visit.x12_targets import first_element

_FREE_TEXT = frozenset(("clinical", "narrative"))
_FREE_FIELDS = frozenset(("description", "rationale", "restartReason"))
_NOT_SENT = frozenset(("file",))
STATES = frozenset(FORMS["STATE"].pattern.split("|"))
_KNOWN = STATES | {None}
PARTIES = ("billingProvider", "serviceFacility", "payer", "subscriber", "patient")


def _has_odd_character(facts: Facts) -> bool:
    return not facts.plain


def _unsafe(
    value: Any, parts: tuple[str | int, ...] = (), free: bool = False
) -> Iterator[tuple[str, bool, list[str]]]:
    """Path, whether it is free text, and the characters that may not stand there; only fields that have some."""
    if isinstance(value, str):
        if found := unsafe_characters(value):
            yield pointer(*parts), free, found
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _NOT_SENT:
                is_free = free or key in _FREE_FIELDS or (not parts and key in _FREE_TEXT)
                yield from _unsafe(item, (*parts, key), is_free)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _unsafe(item, (*parts, place), free)


def _called(character: str) -> str:
    """A character by its number, and by its look where it has one."""
    number = f"U+{ord(character):04X}"
    if character in DELIMITERS:
        return f'{number} ("{character}", a delimiter)'
    if unicodedata.category(character)[0] in "CZ":
        return f"{number} (a control character or blank)"
    return f"{number} ({character})"


def _field(path: str) -> str:
    """A place as a biller names it: "patient.lastName"."""
    return path.lstrip("/").replace("/", ".")


def _spellings(characters: list[str]) -> str | None:
    pairs = [f'"{plain}" for {_called(each)}' for each in characters if (plain := plain_spelling(each))]
    return f"Write {', '.join(pairs)}." if pairs else None


@rule(
    "APX-FMT-NAME",
    "format",
    "error",
    title="Character that a claim cannot carry",
    checks="No identifier or name has a delimiter (* ^ : ~), a control character, or a character outside X12.",
    why="A delimiter inside a name breaks the claim apart; other characters are rejected or garbled.",
    fix="Take the character out, or spell it in plain letters as the payer knows the name.",
    source=sources.CHARSET,
    when=_has_odd_character,
    denials=("16",),
    remarks=("MA130",),
)
def unsafe_name(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            path,
            f"{_field(path)} has {', '.join(map(_called, found[:5]))}, which a claim cannot carry.",
            _spellings(found),
        )
        for path, free, found in _unsafe(facts.visit)
        if not free
    ]


@rule(
    "APX-FMT-TEXT",
    "format",
    "info",
    title="Character replaced in free text",
    checks="Delimiters, control characters and characters outside X12 in free text are replaced, and this is reported.",
    why="The claim carries plain characters only. The reader should know that the text was changed.",
    fix="Nothing to correct, unless the replacement changes the meaning: then write it in plain characters.",
    source=sources.CHARSET,
    when=_has_odd_character,
)
def respelled_text(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            path,
            f"{', '.join(map(_called, found[:5]))} of {_field(path)} cannot stand in a claim and {'is' if len(found) == 1 else 'are'} replaced.",
        )
        for path, free, found in _unsafe(facts.visit)
        if free
    ]


@lru_cache(maxsize=8192)
def _is_usual(country: str, state: str | None, postal_code: str) -> bool:
    if state is None:
        return True
    return state in STATES and (country != "US" or lies_in(postal_code, state))


def _has_odd_address(facts: Facts) -> bool:
    visit: Any = facts.visit
    if "otherInsurance" in visit or "payToAddress" in visit:
        return True
    if "accident" in visit and "state" in visit["accident"]:
        return True
    if any("serviceFacility" in line for line in visit["procedures"]):
        return True
    for party in PARTIES:
        if party in visit and (address := visit[party].get("address")):
            get = address.get
            if not _is_usual(get("country", "US"), get("state"), get("postalCode", "")):
                return True
    return False


@rule(
    "APX-FMT-STATE",
    "format",
    "error",
    title="Not a state",
    checks="Every state of an address in the USA or Canada, and of an auto accident, is one that the postal service knows.",
    why="The claim is rejected for an address that does not exist.",
    fix="Write the two letters that the postal service uses: OH, CA, PR; ON in Canada.",
    source=sources.GUIDE,
    when=_has_odd_address,
    denials=("16",),
    remarks=("MA130",),
    element=("2010AA", "N402"),
)
def unknown_state(facts: Facts, profile: Profile) -> Problems:
    problems = [
        _no_state(*parts, "state")
        for parts, address in _addresses(facts.visit)
        if address.get("state") not in _KNOWN and address.get("country", "US") in ("US", "CA")
    ]
    accident = facts.visit.get("accident")
    if accident and "state" in accident and accident["state"] not in STATES:
        problems.append(_no_state("accident", "state"))
    return problems


def _addresses(visit: Visit) -> Iterator[tuple[tuple[str | int, ...], Address]]:
    """The addresses of all parties, each with its place in the record."""
    get: Any = visit.get
    for party in PARTIES:
        if address := get(party, {}).get("address"):
            yield (party, "address"), address
    if "payToAddress" in visit:
        yield ("payToAddress",), visit["payToAddress"]
    for place, line in enumerate(visit["procedures"]):
        if "serviceFacility" in line:
            yield ("procedures", place, "serviceFacility", "address"), line["serviceFacility"]["address"]
    for place, other in enumerate(visit.get("otherInsurance", ())):
        if address := other["payer"].get("address"):
            yield ("otherInsurance", place, "payer", "address"), address
        if address := other["subscriber"].get("address"):
            yield ("otherInsurance", place, "subscriber", "address"), address


def _no_state(*place: str | int) -> Problem:
    path = pointer(*place)
    return Problem(path, f"{_field(path)} names no state or province.", element=first_element(*place))


@rule(
    "APX-FMT-POSTAL",
    "format",
    "warning",
    title="Postal code of another state",
    checks="The postal code of an address in the USA lies in the state beside it.",
    why="One of the two is wrong: payers find the practice by its address, and letters do not arrive.",
    fix="Correct the postal code or the state.",
    source=sources.ZIP,
    when=_has_odd_address,
    denials=("16",),
    remarks=("MA130",),
    element=("2010AA", "N403"),
)
def other_state(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            path := pointer(*parts, "postalCode"),
            f"{_field(path)} does not lie in {address['state']}.",
            element=first_element(*parts, "postalCode"),
        )
        for parts, address in _addresses(facts.visit)
        if address.get("country", "US") == "US"
        and "postalCode" in address
        and address.get("state") in STATES
        and not lies_in(address["postalCode"], address["state"])
    ]
