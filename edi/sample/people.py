"""Made-up people: a household with one policy, and its members."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from edi.sample.chance import Chance
from edi.sample.practices import PLANS, Plan, Practice, Town

# fmt: off
_FIRST = {
    "F": (
        "Ada", "Bea", "Cora", "Dana", "Edie", "Fern", "Gia", "Hana", "Ivy", "June", "Kira", "Lena",
        "Mila", "Nora", "Opal", "Pia", "Rhea", "Suri", "Tess", "Uma", "Vera", "Willa", "Yara", "Zoe",
    ),
    "M": (
        "Abel", "Ben", "Caleb", "Dov", "Eli", "Finn", "Gus", "Hugo", "Ian", "Jude", "Kofi", "Liam",
        "Milo", "Nico", "Omar", "Pete", "Quinn", "Ravi", "Sol", "Theo", "Uri", "Vic", "Wes", "Yusuf",
    ),
    "U": ("Ari", "Blake", "Casey", "Drew", "Emery", "Frankie", "Jules", "Kai", "Noel", "River", "Sky", "Toby"),
}
_LAST = (
    "Abbott", "Almeida", "Barlow", "Bishop", "Brandt", "Cardoso", "Chen", "Corwin", "Dalton", "Diaz", "Doyle",
    "Egan", "Fairley", "Fontaine", "Garza", "Greer", "Haddad", "Holm", "Ibarra", "Jansen", "Keane", "Kim",
    "Kowal", "Larkin", "Lopez-Reyes", "Marsh", "Mbeki", "Mercer", "Nakamura", "Novak", "O'Dell", "Okafor",
    "Olsen", "Park", "Patel", "Penrose", "Quist", "Ramos", "Reyes", "Rowe", "Sandhu", "Silva", "Stone",
    "Tanaka", "Thorne", "Tran", "Udall", "Vance", "Vega", "Whitlock", "Wolfe", "Xu", "Yates", "Zeller",
)
# fmt: on
_STREETS = (
    "Larch Ave",
    "Sample St",
    "Example Ln",
    "Mockingbird Ct",
    "Alder Way",
    "Placeholder Rd",
    "Quarry Hill Rd",
)

YEAR = 365.2425


class Person(NamedTuple):
    first: str
    last: str
    gender: str
    born: int
    """Birth date as a proleptic Gregorian ordinal."""


class Household(NamedTuple):
    """One policy: who holds it, under which plan, and where they live. `number` is unique in a run."""

    number: int
    plan: Plan
    holder: Person
    address: dict[str, str]
    group: str


def iso(ordinal: int) -> str:
    """An ISO date from an ordinal."""
    return date.fromordinal(ordinal).isoformat()


def person(chance: Chance, last: str, born: int) -> Person:
    gender = "FMFMFMFMFMU"[chance.below(11)]
    return Person(chance.pick(_FIRST[gender]), last, gender, born)


def last_name(chance: Chance) -> str:
    return chance.pick(_LAST)


def _address(chance: Chance, town: Town) -> dict[str, str]:
    address = {
        "line1": f"{chance.between(2, 9800)} {chance.pick(_STREETS)}",
        "city": town.city,
        "state": town.state,
        "postalCode": town.zip5 if chance.flip(0.6) else town.zip5 + chance.digits(4),
    }
    if chance.flip(0.2):
        address["line2"] = f"Apt {chance.between(1, 40)}"
    return address


def household(chance: Chance, number: int, practice: Practice, today: int) -> Household:
    """A home with a policy holder of 29 to 47 years."""
    plan = chance.pick(PLANS)
    holder = person(chance, last_name(chance), today - int(chance.between(29, 46) * YEAR) - chance.below(365))
    group = plan.group + chance.digits(4) if chance.flip(0.8) else ""
    return Household(number, plan, holder, _address(chance, practice.town), group)


def member_id(home: Household) -> str:
    return f"{home.plan.member}{home.number + 1000000}"


def subscriber(home: Household, *, full: bool, responsibility: str | None = None) -> dict[str, Any]:
    """The record's subscriber; `full` adds birth date, gender and address, as the patient must have."""
    holder = home.holder
    out: dict[str, Any] = {
        "memberId": member_id(home),
        "claimFilingIndicator": home.plan.indicator,
        "lastName": holder.last,
        "firstName": holder.first,
    }
    if home.group:
        out["groupNumber"] = home.group
    if responsibility:
        out["payerResponsibility"] = responsibility
    if full:
        out["birthDate"] = iso(holder.born)
        out["gender"] = holder.gender
        out["address"] = dict(home.address)
    return out


def patient(home: Household, who: Person, relationship: str) -> dict[str, Any]:
    """The record's patient, who is not the subscriber."""
    return {
        "relationshipToSubscriber": relationship,
        "lastName": who.last,
        "firstName": who.first,
        "birthDate": iso(who.born),
        "gender": who.gender,
        "address": dict(home.address),
    }
