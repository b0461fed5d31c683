"""Made-up households: one policy, the people on it, and the practice that treats them."""

from __future__ import annotations

from datetime import date
from typing import Any

from edi.sample.chance import Chance
from edi.sample.template import fill, load

Record = dict[str, Any]

DATA = load("practices.json")
"""Practices, payers, referrers and names. They belong to nobody: NPIs start with 2, which the check digit allows and which was
given to nobody so far; telephone numbers are 555-01xx; tax ids are in ranges that are not assigned."""

_LAST = " ".join(DATA["lastNames"]).split()
_FIRST = {gender: names.split() for gender, names in DATA["firstNames"].items()}
_SECOND_POLICY = 4_000_000  # added to the number of a household for the other parent's policy
_YEAR = 365.2425


class Household:
    """Draws its practice, payer, address and policy holder. `number` is unique in a run; `today` is an ordinal."""

    def __init__(self, chance: Chance, number: int, today: int) -> None:
        self._chance, self._number, self._today = chance, number, today
        self._names: set[str] = set()
        self._last = chance.pick(_LAST)
        self.practice = chance.pick(DATA["practices"])
        town = self.practice["record"]["billingProvider"]["address"]
        facts = {
            "house": chance.between(2, 9800),
            "flat": chance.between(1, 40),
            "zip": town["postalCode"][:5],
        }
        self._address = fill(DATA["address"], town | facts, chance)
        self._take_policy("payers")
        self._holder = self._member(chance.between(34, 52), today)

    def _take_policy(self, kind: str) -> None:
        self.payer = self._chance.pick(DATA[kind])
        self._policy: Record = fill(
            self.payer["subscriber"], {"number": self._number + 1_000_000}, self._chance
        )

    def parties(self, relationship: str, years: int, day: int) -> Record:
        """Payer, subscriber and patient of somebody who is `years` old on a day. Adults and members of Medicaid are themselves
        the subscriber."""
        person = self._member(years, day)
        if relationship == "medicaid":
            self._take_policy("medicaid")
        if relationship in ("adult", "medicaid"):
            return {"payer": self.payer["payer"], "subscriber": self._policy | person}
        patient = {"relationshipToSubscriber": relationship} | person
        return {"payer": self.payer["payer"], "subscriber": self.subscriber(), "patient": patient}

    def subscriber(self, **more: str) -> Record:
        """The policy holder as the subscriber of somebody else's claim."""
        return self._policy | {name: self._holder[name] for name in ("lastName", "firstName")} | more

    def other_parent(self) -> Household:
        """The household by the other parent's policy, which is with another payer."""
        other = Household(self._chance, self._number + _SECOND_POLICY, self._today)
        while other.payer is self.payer:
            other._take_policy("payers")
        return other

    def _member(self, years: int, day: int) -> Record:
        """Somebody whose first name nobody else in the household has."""
        gender = self._chance.pick("FMFMFMFMFMU")
        first = self._chance.pick([name for name in _FIRST[gender] if name not in self._names])
        self._names.add(first)
        born = date.fromordinal(day - int(years * _YEAR) - self._chance.between(10, 340)).isoformat()
        name = {"lastName": self._last, "firstName": first}
        return name | {"birthDate": born, "gender": gender, "address": self._address}
