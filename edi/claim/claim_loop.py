"""The claim itself as text (loop 2300 and below), from a visit that the rules have accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from edi.claim.copy_source import Rule
from edi.claim.field_plan import FieldPlan
from edi.claim.other_payer import line_payments_text, other_payers_text
from edi.claim.parties import ADDRESS_RULES, entity
from edi.claim.template import template
from edi.claim.values import decimal_text
from edi.visit.charset import clean_text, has_unsafe
from edi.visit.fields import field_at
from edi.visit.money import dollars
from edi.visit.record import Procedure, Provider, Visit
from edi.x12.envelope import END

_LONGEST_DESCRIPTION = field_at("procedures", "description").schema["maxLength"]

_note = template("2300", "NTE", "NTE02")


def total_charge(visit: Visit) -> Decimal:
    """The sum of the fees."""
    return sum([dollars(procedure["fee"]) for procedure in visit["procedures"]], Decimal(0))


def line_control_number(control_number: str, line: int) -> str:
    """REF*6R of a service line, counted from 1: unique in the claim, and at most 30 characters."""
    return f"{control_number}-{line}"


def _claim_date(visit: Visit) -> str | None:
    """The date of the claim; a predetermination has none."""
    predetermination = visit.get("claim", {}).get("purpose") == "predetermination"
    return None if predetermination else visit.get("serviceDate")


def _service_date(date: str, visit: Visit, _: Visit) -> str | None:
    return _claim_date(visit)


def _purpose(purpose: str, claim: object, visit: Visit) -> str | None:
    """CLM19. An encounter stands in a transaction set whose BHT06 says so."""
    return "PB" if purpose == "predetermination" else None


def _rendering(provider: Provider, visit: Visit, _: Visit) -> Provider | None:
    """A rendering provider with another NPI than the billing provider's; without an NPI, with another name."""
    billing = visit["billingProvider"]
    if provider.get("npi") or billing.get("npi"):
        same = provider.get("npi") == billing.get("npi")
    else:
        same = entity(provider) == entity(billing)
    return None if same else provider


def _line_rendering(provider: Provider, line: Procedure, visit: Visit) -> Provider | None:
    """A rendering provider of a line who is not the claim's."""
    claim = visit.get("renderingProvider") or visit["billingProvider"]
    return None if provider.get("npi") == claim.get("npi") else provider


def _facility(facility: Provider, visit: Visit, _: Visit) -> Provider | None:
    return None if facility["address"] == visit["billingProvider"]["address"] else facility


def _line_facility(facility: Provider, line: Procedure, visit: Visit) -> Provider | None:
    claim = visit.get("serviceFacility") or visit["billingProvider"]
    return None if facility["address"] == claim["address"] else facility


def _as_the_claim(key: str) -> Rule:
    """What is sent of a line only where the claim does not say the same."""

    def rule(value: Any, line: Procedure, visit: Visit) -> Any:
        return None if value == visit.get(key, field_at(key).schema.get("default")) else value

    return rule


def _areas(areas: str | Sequence[str], line: Procedure, visit: Visit) -> Sequence[str]:
    """One area in each component."""
    return [areas] if isinstance(areas, str) else areas


def _diagnoses(codes: Sequence[str], visit: Visit, _: Visit) -> list[str]:
    return [code.replace(".", "").upper() for code in codes]


def _surfaces(surfaces: str, line: Procedure, visit: Visit) -> Sequence[str]:
    """One letter in each component. Surfaces of no tooth are not sent."""
    return surfaces if "toothNumber" in line else ()


def _each(letters: str, *_: object) -> Sequence[str]:
    """One letter in each component."""
    return letters


def _line_date(date: str, line: Procedure, visit: Visit) -> str | None:
    """The date of a line that is not the claim's."""
    return date if _claim_date(visit) not in (None, date) else None


def _description(text: str, line: Procedure, visit: Visit) -> str | None:
    """Spelling characters out can make a text longer than the element."""
    return (clean_text(text)[:_LONGEST_DESCRIPTION].rstrip() or None) if has_unsafe(text) else text


_claim = FieldPlan(
    "2300",
    rules=ADDRESS_RULES
    | {
        "serviceDate": _service_date,
        "claim.purpose": _purpose,
        "renderingProvider": _rendering,
        "serviceFacility": _facility,
        "diagnoses": _diagnoses,
    },
    without=["narrative", "procedures", "otherInsurance"],
)
_line = FieldPlan(
    "2400",
    "procedures",
    rules=ADDRESS_RULES
    | {
        "procedure.surfaces": _surfaces,
        "treatedTooth.surfaces": _each,
        "procedure.oralCavity": _areas,
        "procedure.placeOfService": _as_the_claim("placeOfService"),
        "procedure.renderingProvider": _line_rendering,
        "procedure.assistantSurgeon": _as_the_claim("assistantSurgeon"),
        "procedure.supervisingProvider": _as_the_claim("supervisingProvider"),
        "procedure.serviceFacility": _line_facility,
        "procedure.serviceDate": _line_date,
        "procedure.description": _description,
    },
)


def claim_text(
    visit: Visit,
    control_number: str,
    total: Decimal,
    notes: Sequence[str],
    attachments: Sequence[Mapping[str, Any]],
) -> str:
    """Loop 2300 with all loops below it. `control_number` is CLM01, `notes` are the texts of NTE, clean and short enough.
    `attachments` are the visit's, and what else is attached, with the control numbers that are sent."""
    sent: dict[str, Any] = {**visit, "visitId": control_number, "attachments": attachments}
    values = _claim.values(sent, visit)
    values["CLM CLM02"] = decimal_text(total)
    values["CLM CLM06"] = "Y"
    if "orthodontics" in visit and not ("DN1 DN101" in values or "DN1 DN102" in values):
        values["DN1 DN104"] = "Y"
    if notes:
        values["NTE"] = "".join([_note(note) + END for note in notes])
    if "otherInsurance" in visit:
        values["2320"] = other_payers_text(visit)
    values["2400"] = "".join(
        [
            _line_text(procedure, number, visit, control_number)
            for number, procedure in enumerate(visit["procedures"], start=1)
        ]
    )
    return _claim.text(values)


def _line_text(procedure: Procedure, number: int, visit: Visit, control_number: str) -> str:
    values = _line.values(procedure, visit)
    values["LX LX01"] = str(number)
    values["REF:6R REF02"] = line_control_number(control_number, number)
    if "otherInsurance" in visit and (payments := line_payments_text(visit, number)):
        values["2430"] = payments
    return _line.text(values)
