"""One visit record from a case: who, where, which tooth, and the visit at its place in the course."""

from __future__ import annotations

from typing import Any, NamedTuple

from edi.sample import money, people, words
from edi.sample.chance import Chance
from edi.sample.course import Course
from edi.sample.people import Household, Person, iso
from edi.sample.practices import REFERRERS, Practice
from edi.sample.teeth import ANTERIOR

Record = dict[str, Any]


class Case(NamedTuple):
    """One patient's tooth in one practice. `who` is None when the policy holder is the patient.

    `dentist` is a place in the practice's dentists, `other` the household's second policy, `written` whether
    the earlier visits' rationales are given.
    """

    practice: Practice
    dentist: int
    home: Household
    who: Person | None
    relationship: str
    course: Course
    weeks: int
    other: Household | None
    referrer: int | None
    authorization: str
    predetermination: str
    outside: bool
    written: bool


def visit_id(case: Case, number: int) -> str:
    year = "-2026" if case.practice.prefix == "RGE" else ""
    return f"{case.practice.prefix}{year}-{number:06d}"


def treatment(
    chance: Chance, case: Case, place: int, number: int, earlier: list[str], today: int = 0
) -> Record:
    """The visit at `place` of the course. `earlier` are the rationales of the visits before, oldest first.

    `today` (an ordinal) makes a predetermination of it, with a film of that day.
    """
    course, step = case.course, case.course.steps[place]
    day = today or step.day
    record = _frame(case, number, None if today else iso(day))
    if course.cause.accident:
        record["accident"] = _accident(case)
    record["diagnoses"] = list(course.codes)
    line: Record = {
        "code": step.code,
        "toothNumber": course.tooth.number,
        "fee": money.written(chance, money.cents(step.code, case.practice.fee_level)),
        "diagnosisPointers": [1, 2] if len(course.codes) > 1 and chance.flip(0.3) else [1],
    }
    if chance.flip(0.5):
        line["quantity"] = 1
    record["procedures"] = [line]
    if not today and chance.flip(0.22):
        beside(chance, case, place, record)
    if place:
        record["episode"] = {"toothNumber": course.tooth.number, "visits": _before(case, place, earlier)}
    record["clinical"] = words.clinical(chance, course, place, "xr-1", case.weeks, today)
    record["attachments"] = [_film(case, number, day)]
    if chance.flip(0.08):
        record["narrative"] = words.narrative(course, place)
    if not today and case.other and place:
        _second(chance, case, record, day)
    return record


def emergency(chance: Chance, case: Case, number: int) -> Record:
    """The visit on the day of the injury: examination, film, first aid; nothing of the course."""
    course = case.course
    record = _frame(case, number, iso(course.injured))
    record["accident"] = _accident(case)
    record["diagnoses"] = list(course.cause.codes)
    tooth = course.tooth.number
    record["procedures"] = [
        _line(chance, case, "D0140"),
        _line(chance, case, "D0220", toothNumber=tooth),
        _line(chance, case, "D7270" if "S03.2XXA" in course.cause.codes else "D9110", toothNumber=tooth),
    ]
    if chance.flip(0.5):
        record["procedures"].append(_line(chance, case, "D0230", toothNumber=tooth, quantity=2))
    return record


def _frame(case: Case, number: int, day: str | None) -> Record:
    """All that does not depend on the treatment."""
    practice, home = case.practice, case.home
    billing = practice.billing
    record: Record = {"visitId": visit_id(case, number)}
    if day:
        record["serviceDate"] = day
    claim: Record = {}
    if day is None:
        claim["purpose"] = "predetermination"
    elif home.plan.indicator == "HM":
        claim["purpose"] = "encounter"
    if case.predetermination and day:
        claim["predeterminationId"] = case.predetermination
    if claim:
        record["claim"] = claim
    record["billingProvider"] = {
        **billing,
        "address": dict(billing["address"]),
        "contact": dict(billing["contact"]),
    }
    if practice.pay_to:
        record["payToAddress"] = dict(practice.pay_to)
    if practice.dentists:
        record["renderingProvider"] = dict(practice.dentists[case.dentist])
    if case.referrer is not None:
        record["referringProvider"] = dict(REFERRERS[case.referrer])
    if case.outside and practice.facility:
        record["placeOfService"] = "24"
        record["serviceFacility"] = {**practice.facility, "address": dict(practice.facility["address"])}
    record["payer"] = {"payerId": home.plan.payer_id, "name": home.plan.name}
    record["subscriber"] = people.subscriber(home, full=case.who is None)
    if case.who is not None:
        record["patient"] = people.patient(home, case.who, case.relationship)
    if case.authorization:
        record["authorization"] = {"priorAuthorizationNumber": case.authorization}
    return record


def _accident(case: Case) -> Record:
    accident = {"cause": case.course.cause.accident, "date": iso(case.course.injured)}
    if accident["cause"] == "auto":
        accident["state"] = case.practice.town.state
    return accident


def _before(case: Case, place: int, earlier: list[str]) -> list[Record]:
    steps = case.course.steps[:place]
    if not case.written:
        return [{"serviceDate": iso(step.day), "code": step.code} for step in steps]
    return [
        {"serviceDate": iso(step.day), "code": step.code, "rationale": why}
        for step, why in zip(steps, earlier, strict=True)
    ]


def _film(case: Case, number: int, day: int) -> Record:
    """A film that an attachment service holds under its own number, unique in a run."""
    return {
        "id": "xr-1",
        "type": "radiograph",
        "date": iso(day),
        "description": f"Periapical radiograph, tooth {case.course.tooth.number}",
        "controlNumber": f"NEA{100_000_000 + number}",
        "transmission": "FT",
    }


def _line(chance: Chance, case: Case, code: str, **more: Any) -> Record:
    fee = money.written(chance, money.cents(code, case.practice.fee_level))
    return {"code": code, "fee": fee, **more}


def beside(chance: Chance, case: Case, place: int, record: Record) -> None:
    """One other service of the same day; the films of the course itself belong to its codes."""
    tooth, lines = case.course.tooth, record["procedures"]
    kind = case.course.steps[place].code
    if kind == "D3353":
        anterior = tooth.kind == ANTERIOR
        lines.append(
            _line(
                chance,
                case,
                "D2330" if anterior else "D2391",
                toothNumber=tooth.number,
                surfaces="L" if anterior else chance.pick(("O", "MO", "DO")),
            )
        )
    elif kind == "D3351":
        code = chance.pick(("D0140", "D9230", "D0140"))
        lines.append(
            _line(chance, case, code, description="Emergency examination")
            if code == "D0140"
            else _line(chance, case, code)
        )
    else:
        code = chance.pick(("D1206", "D0274", "D1510", "D2391"))
        if code == "D1510":
            lines.append(_line(chance, case, code, oralCavity=chance.pick(("10", "20", "30", "40"))))
        elif code == "D2391":
            other = "19" if tooth.number != "19" else "30"
            lines.append(_line(chance, case, code, toothNumber=other, surfaces=chance.pick(("O", "B"))))
        else:
            lines.append(_line(chance, case, code))


def _second(chance: Chance, case: Case, record: Record, day: int) -> None:
    """Make the claim one to the second payer, with what the first one did."""
    other = case.other
    assert other is not None
    level = case.practice.fee_level
    charges = [money.cents(line["code"], level) for line in record["procedures"]]
    record["subscriber"]["payerResponsibility"] = "secondary"
    record["otherInsurance"] = [
        {
            "payer": {"payerId": other.plan.payer_id, "name": other.plan.name},
            "subscriber": people.subscriber(other, full=False, responsibility="primary"),
            "relationshipToSubscriber": "child",
            "payerClaimControlNumber": "PC" + chance.digits(8),
            **money.settled(chance, charges, iso(day + chance.between(5, 12)), chance.flip(0.5)),
        }
    ]
