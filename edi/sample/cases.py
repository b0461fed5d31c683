"""Cases: households in a practice, their patients, and the records that each of them leaves."""

from __future__ import annotations

from collections.abc import Iterator

from edi.sample import people
from edi.sample.chance import Chance
from edi.sample.course import course
from edi.sample.people import YEAR, Household, Person
from edi.sample.practices import MEDICAID, PLANS, PRACTICES, REFERRERS, Practice
from edi.sample.record import Case, Record, emergency, treatment
from edi.sample.teeth import OLD_INJURY, USUAL

# No record is older than this many days before the anchor: what came earlier is told by `episode` alone.
WINDOW = 200


class Cases:
    """Good records without end, the same for the same seed; each asks chance for all that it needs, in order."""

    def __init__(self, seed: int, today: int) -> None:
        self._chance = Chance(seed)
        self._today = today
        self._homes = 0
        self._records = 0
        self._named: set[tuple[int, str]] = set()  # members of the home at hand, by its number and first name

    def records(self) -> Iterator[Record]:
        while True:
            yield from self._household()

    def _household(self) -> Iterator[Record]:
        chance = self._chance
        practice = chance.pick(PRACTICES)
        home = people.household(chance, self._next_home(), practice, self._today)
        draw = chance.below(100)
        if draw < 12:
            yield from self._case(practice, home, "holder", grown=True)
        elif draw < 18:
            yield from self._case(
                practice, home, chance.pick(("spouse", "spouse", "lifePartner")), grown=True
            )
        elif draw < 30:
            yield from self._case(practice, home, "medicaid", grown=False)
        elif draw < 34:
            yield from self._case(practice, home, "other", grown=False)
        else:
            for _ in range((1, 1, 1, 1, 1, 1, 1, 2, 2, 3)[chance.below(10)]):
                yield from self._case(practice, home, "child", grown=False)

    def _next_home(self) -> int:
        self._homes += 1
        return self._homes

    def _number(self) -> int:
        self._records += 1
        return self._records

    def _case(self, practice: Practice, home: Household, role: str, *, grown: bool) -> Iterator[Record]:
        case = self._draw(practice, home, role, grown)
        chance = self._chance
        draw = chance.below(100)
        if draw < 10:
            yield treatment(chance, case, 0, self._number(), [], self._today - chance.below(10))
        elif draw < 17:
            yield self._sent_before(case, "replacement")
        elif draw < 21:
            yield self._sent_before(case, "void")
        else:
            yield from self._whole(case)

    def _whole(self, case: Case) -> Iterator[Record]:
        """The emergency visit, if it was an accident of late, then every visit of the course."""
        chance, first = self._chance, self._today - WINDOW
        if case.course.cause.accident and case.course.injured > first and chance.flip(0.3):
            yield emergency(chance, case, self._number())
        earlier: list[str] = []
        for place, step in enumerate(case.course.steps):
            number = self._number() if step.day > first else 0
            record = treatment(chance, case, place, number, earlier)
            earlier.append(record["clinical"]["rationale"])
            if number:
                yield record

    def _sent_before(self, case: Case, frequency: str) -> Record:
        """The last visit but one or the last, sent again under the payer's number for it."""
        chance, steps = self._chance, case.course.steps
        place = len(steps) - 1 - chance.below(2)
        earlier = [
            f"Apex open at the visit of {people.iso(step.day)}, closure to go on" for step in steps[:place]
        ]
        record = treatment(chance, case, place, self._number(), earlier)
        claim = record.setdefault("claim", {})
        claim["frequency"] = frequency
        claim["payerClaimControlNumber"] = "PC" + chance.digits(10)
        return record

    def _draw(self, practice: Practice, home: Household, role: str, grown: bool) -> Case:
        chance, today = self._chance, self._today
        tooth = chance.pick(OLD_INJURY if grown else USUAL)
        treated = course(chance, tooth, today, grown)
        age = chance.between(18, 23) if grown else chance.between(tooth.youngest, tooth.oldest)
        born = treated.steps[0].day - int(age * YEAR) - chance.between(10, 340)
        who: Person | None = self._member(home, born)
        other = None
        if role in ("holder", "medicaid"):
            assert who is not None
            home = home._replace(holder=who)
            if role == "medicaid":
                home = home._replace(plan=chance.pick(MEDICAID), group="")
            who = None
        elif role == "child" and chance.flip(0.14):
            other = self._second_policy(home)
        return Case(
            practice=practice,
            dentist=chance.below(len(practice.dentists)) if practice.dentists else 0,
            home=home,
            who=who,
            relationship=role,
            course=treated,
            weeks=chance.pick((4, 6, 8, 12)),
            other=other,
            referrer=chance.below(len(REFERRERS)) if chance.flip(0.2) else None,
            authorization="PA" + chance.digits(7) if chance.flip(0.25) else "",
            predetermination="PD" + chance.digits(8) if chance.flip(0.12) else "",
            outside=practice.facility is not None and chance.flip(0.25),
            written=chance.flip(0.4),
        )

    def _member(self, home: Household, born: int) -> Person:
        """Somebody of the home who cannot be taken for another member of it."""
        while True:
            who = people.person(self._chance, home.holder.last, born)
            if (home.number, who.first) not in self._named:
                self._named = {each for each in self._named if each[0] == home.number}
                self._named.add((home.number, who.first))
                return who

    def _second_policy(self, home: Household) -> Household:
        """The other parent's policy, with another payer than the household's."""
        chance = self._chance
        at = chance.below(len(PLANS) - 1)
        plan = PLANS[at] if PLANS[at] is not home.plan else PLANS[-1]
        born = home.holder.born + chance.between(-900, 900)
        parent = people.person(chance, people.last_name(chance), born)
        group = plan.group + chance.digits(4)
        return Household(self._next_home(), plan, parent, home.address, group)
