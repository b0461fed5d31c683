"""Made-up courses of treatment: the visits of one tooth as records, and what else the practice sends for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from edi.rules.tooth import ERUPTION
from edi.sample.amounts import decision, fee
from edi.sample.chance import Chance
from edi.sample.households import DATA, Household, Record
from edi.sample.template import fill, load

WINDOW = 200
"""No record is older than this many days before "today": of earlier visits only `episode` tells."""

_EXAMPLES = load("visits.json")


class Course:
    """The treatment of a tooth, which ended at most four weeks before `today` (an ordinal). Each visit comes 28 days or more
    after the one before. `numbers` gives each record a number of its own in the run."""

    def __init__(
        self, chance: Chance, home: Household, relationship: str, today: int, numbers: Iterator[int]
    ) -> None:
        self._chance, self._home, self._today, self._numbers = chance, home, today, numbers
        adult = relationship in ("adult", "spouse", "lifePartner")
        causes = _EXAMPLES["causes"]
        group = _EXAMPLES["causes in adults"] if adult else chance.pick((causes[0], *causes))
        self._cause = chance.pick(group["injuries"])
        self._days = self._visit_days()
        self._injured = self._days[0] - chance.between(3, 160)
        self._tooth = tooth = chance.pick(group["teeth"].split())
        code, diagnosis = chance.pick(_EXAMPLES["diagnoses"])
        self._codes = self._all_codes(code)
        facts = {
            "tooth": tooth,
            "injured": _iso(self._injured),
            "diagnosis": diagnosis,
            "length": _mm(chance.between(170, 230)),
        }
        facts |= {
            "filling": group["filling"],
            "harm": self._cause["harm"],
            "molar": "30" if tooth == "19" else "19",
        }
        self._facts = facts | fill(_EXAMPLES["materials"] | {"injury": self._cause["injury"]}, facts, chance)
        years = chance.between(18, 23) if adult else ERUPTION[tooth] + chance.between(1, 4)
        self._shared = self._every_visit(relationship, years)
        self._tells_rationales = chance.flip(0.4)
        self._other = home.other_parent() if relationship == "child" and chance.flip(0.14) else None

    def records(self) -> Iterator[Record]:
        """The visits in the window, after that of an accident; or a plan of the treatment alone; or one visit that is sent again
        under the payer's number for it."""
        first = self._today - WINDOW
        kind = self._chance.below(100)
        if kind < 10:
            yield self._plan()
        elif kind < 21:
            record = [*self._treatments()][-1 - self._chance.below(2)]
            correction = {
                "frequency": "replacement" if kind < 17 else "void",
                "payerClaimControlNumber": "PC##########",
            }
            record["claim"] = record.get("claim", {}) | fill(correction, {}, self._chance)
            yield record
        else:
            if "accident" in self._cause and self._injured > first and self._chance.flip(0.3):
                yield self._emergency()
            yield from (each for each in self._treatments() if each["serviceDate"] > _iso(first))

    def _visit_days(self) -> list[int]:
        """Ordinals. About one course in six is slow, and goes back beyond half a year."""
        chance = self._chance
        interval = (60, 92) if chance.flip(0.16) else (28, 40)
        days = [self._today - chance.below(29)]
        for _ in range(1 + chance.pick((0, 1, 1, 2, 2, 2, 3, 3, 4))):
            days.insert(0, days[0] - chance.between(*interval))
        return days

    def _all_codes(self, code: str) -> list[str]:
        """The code that fits the treatment, those of the injury, now and then resorption too."""
        codes = [code, *self._cause["diagnoses"]]
        if len(codes) > 1 and self._chance.flip(0.12):
            codes.append("K03.3")
        return [*codes, "K04.1"] if len(codes) == 3 and code != "K04.1" else codes

    def _every_visit(self, relationship: str, years: int) -> Record:
        """What all visits have in common."""
        practice = self._home.practice["record"]
        parties = self._home.parties(relationship, years, self._days[0])
        record: Record = fill(practice | parties | DATA["course"], {}, self._chance)
        if "serviceFacility" in record:
            record["placeOfService"] = "24"
        if self._home.payer["subscriber"]["claimFilingIndicator"] == "HM":
            record["claim"] = record.get("claim", {}) | {"purpose": "encounter"}
        if "accident" in self._cause:
            record["accident"] = {"cause": self._cause["accident"], "date": _iso(self._injured)}
        if self._cause.get("accident") == "auto":
            record["accident"]["state"] = practice["billingProvider"]["address"]["state"]
        return record

    def _treatments(self) -> Iterator[Record]:
        """Every visit of the course. Apex and lesion get smaller, so that no two visits of a course read the same."""
        chance, days = self._chance, [*map(_iso, self._days)]
        apex, lesion, last = chance.between(16, 32), chance.between(20, 55), len(days) - 1
        middle = ["renewal"] * (last - 1)
        earlier: list[Record] = []
        facts: dict[str, Any] = {"first": days[0], "course": ""}
        for place, kind in enumerate(["first", *middle, "closing" if middle else "closing with a plug"]):
            facts |= {"date": days[place], "ordinal": place + 1, "apex": _mm(apex), "lesion": _mm(lesion)}
            facts |= {
                "days": self._days[place] - self._days[place - 1],
                "daysInAll": self._days[place] - self._days[0],
            }
            record = self._visit(kind, facts)
            if earlier:
                record["episode"] = {"toothNumber": self._tooth, "visits": fill(earlier, {}, chance)}
                if self._other:
                    self._send_to_second_payer(self._other, record, self._days[place])
            earlier.append({"serviceDate": days[place], "code": _EXAMPLES[kind]["code"]})
            if self._tells_rationales:
                earlier[-1]["rationale"] = record["clinical"]["rationale"]
            facts |= {"before": days[place], "apexBefore": facts["apex"], "lesionBefore": facts["lesion"]}
            facts["course"] = f". Apexification begun {days[0]}, last dressing {days[place]}"
            apex -= chance.between(2, 3)
            lesion = max(lesion - chance.between(4, 12), 1 + last - place)
            yield record

    def _plan(self) -> Record:
        """A predetermination, with a film of the day on which it is made."""
        day = _iso(self._today - self._chance.below(10))
        record = self._visit(
            "first", {"date": day, "course": "", "apex": _mm(self._chance.between(16, 32)), "lesion": "3.0"}
        )
        del record["serviceDate"], record["procedures"][1:]
        record["claim"] = {"purpose": "predetermination"}
        record["clinical"]["medicament"]["action"] = "planned"
        return record

    def _emergency(self) -> Record:
        """The visit on the day of the injury: examination, film and first aid."""
        record = self._record(_EXAMPLES["emergency"], {"firstAid": self._cause["firstAid"]})
        record["diagnoses"] = [*self._cause["diagnoses"]]
        return record

    def _visit(self, kind: str, facts: dict[str, Any]) -> Record:
        example = _EXAMPLES[kind]
        beside = [self._chance.pick(example["beside"])] if self._chance.flip(0.22) else []
        film = example["film"].format_map(self._facts | facts)
        whole = _EXAMPLES["every"] | {"narrative": {"sometimes": 0.08, "value": example["narrative"]}}
        whole |= {"procedures": _EXAMPLES["every"]["procedures"] + beside}
        whole |= {"clinical": _EXAMPLES["every"]["clinical"] | example["clinical"]}
        record = self._record(whole, facts | {"code": example["code"], "film": film})
        two = len(self._codes) > 1 and self._chance.flip(0.3)
        record["procedures"][0]["diagnosisPointers"] = [1, 2] if two else [1]
        return record

    def _record(self, example: Record, facts: dict[str, Any]) -> Record:
        number = next(self._numbers)
        facts = self._facts | facts | {"held": 100_000_000 + number}
        start = {"visitId": self._home.practice["visitId"].format(number=number), "serviceDate": ""}
        record: Record = fill(
            start | self._shared | {"diagnoses": self._codes} | example, facts, self._chance
        )
        for line in record["procedures"]:
            line["fee"] = fee(self._chance, self._cents(line))
        return record

    def _cents(self, line: Record) -> int:
        return int(DATA["fees"][line["code"]] * self._home.practice["feePercent"] // 100)

    def _send_to_second_payer(self, other: Household, record: Record, day: int) -> None:
        """Make it a claim to the second payer, with the decision of the first."""
        chance, charges = self._chance, [self._cents(line) for line in record["procedures"]]
        record["subscriber"]["payerResponsibility"] = "secondary"
        decided = {
            "payer": other.payer["payer"],
            "subscriber": other.subscriber(payerResponsibility="primary"),
            "relationshipToSubscriber": "child",
            "payerClaimControlNumber": "PC########",
            **decision(chance, charges, _iso(day + chance.between(5, 12))),
        }
        record["otherInsurance"] = [fill(decided, {}, chance)]


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _mm(tenths: int) -> str:
    """Tenths of a millimetre in millimetres: 23 is "2.3"."""
    return f"{tenths // 10}.{tenths % 10}"
