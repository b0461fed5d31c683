"""The claim itself (loop 2300 and below) from a visit that the rules have accepted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from edi.claim.codes import CAUSE, FREQUENCY, ON_REQUEST
from edi.claim.money import canonical, written
from edi.claim.other_payer import line_payments, other_payers
from edi.claim.parties import address_segments, compact, entity, npi
from edi.claim.template import template
from edi.visit.money import dollars
from edi.visit.record import Procedure, Provider, Visit
from edi.x12.template import composite


class Paperwork(NamedTuple):
    """One PWK: X12 codes for report type and transmission, and the control number ("" with AA)."""

    report_type: str
    transmission: str
    control_number: str


_claim = template(
    "2300", "CLM",
    "CLM01", "CLM02", "CLM05-1", "CLM05-3", "CLM06", "CLM07", "CLM08", "CLM09", "CLM11", "CLM12", "CLM19", "CLM20",
)  # fmt: skip
_accident_date = template("2300", "DTP:439", "DTP03")
_service_date = template("2300", "DTP:472", "DTP02", "DTP03")
_paperwork = template("2300", "PWK", "PWK01", "PWK02", "PWK05", "PWK06")
_predetermination = template("2300", "REF:G3", "REF02")
_payer_number = template("2300", "REF:F8", "REF02")
_referral = template("2300", "REF:9F", "REF02")
_prior_authorization = template("2300", "REF:G1", "REF02")
_note = template("2300", "NTE", "NTE02")
_diagnoses = template("2300", "HI", "HI01", "HI02", "HI03", "HI04")
_referring = template("2310A", "NM1:DN", "NM103", "NM104", "NM105", "NM107", "NM108", "NM109")
_referring_specialty = template("2310A", "PRV", "PRV03")
_rendering = template("2310B", "NM1:82", "NM102", "NM103", "NM104", "NM105", "NM107", "NM108", "NM109")
_rendering_specialty = template("2310B", "PRV", "PRV03")
_facility = template("2310C", "NM1:77", "NM103", "NM108", "NM109")
_line = template("2400", "LX", "LX01")
_service = template("2400", "SV3", "SV301-2", "SV302", "SV304", "SV306", "SV311")
_described_service = template("2400", "SV3", "SV301-2", "SV301-7", "SV302", "SV304", "SV306", "SV311")
_tooth = template("2400", "TOO", "TOO02", "TOO03")
_line_date = template("2400", "DTP:472", "DTP02", "DTP03")
_line_number = template("2400", "REF:6R", "REF02")


def total_charge(visit: Visit) -> Decimal:
    """The sum of the fees."""
    return sum([dollars(procedure["fee"]) for procedure in visit["procedures"]], Decimal(0))


def line_control_number(control_number: str, line: int) -> str:
    """REF*6R of a line (1-based): unique in the claim, and at most 30 characters."""
    return f"{control_number}-{line}"


def claim_segments(
    visit: Visit,
    control_number: str,
    total: Decimal,
    notes: Sequence[str],
    paperwork: Sequence[Paperwork],
    descriptions: Sequence[str],
) -> list[str]:
    """Loop 2300 with all below it. `control_number` is CLM01; `notes` are NTE02, already cut and clean;
    `descriptions` are the lines' cleaned SV301-7 ("" for none)."""
    claim = visit.get("claim", {})
    predetermination = claim.get("purpose") == "predetermination"
    service_date = "" if predetermination else visit.get("serviceDate", "")
    accident = visit.get("accident")
    segments = [_head(visit, control_number, total)]
    if accident:
        segments.append(_accident_date(compact(accident["date"])))
    if service_date:
        segments.append(_service_date("D8", compact(service_date)))
    for report_type, transmission, attached in paperwork:
        identified = ("", "") if transmission == ON_REQUEST else ("AC", attached)
        segments.append(_paperwork(report_type, transmission, *identified))
    if number := claim.get("predeterminationId"):
        segments.append(_predetermination(number))
    if number := claim.get("payerClaimControlNumber"):
        segments.append(_payer_number(number))
    authorization = visit.get("authorization")
    if authorization:
        if number := authorization.get("referralNumber"):
            segments.append(_referral(number))
        if number := authorization.get("priorAuthorizationNumber"):
            segments.append(_prior_authorization(number))
    segments += [_note(note) for note in notes]
    if diagnoses := visit.get("diagnoses"):
        codes = [code.replace(".", "").upper() for code in diagnoses]
        named = [f"ABF:{code}" for code in codes]
        named[0] = f"ABK:{codes[0]}"
        segments.append(_diagnoses(*named, *[""] * (4 - len(named))))
    segments += _providers(visit)
    if "otherInsurance" in visit:
        segments += other_payers(visit)
    for place, procedure in enumerate(visit["procedures"], start=1):
        segments += _line_segments(procedure, place, control_number, service_date, descriptions[place - 1])
        if "otherInsurance" in visit:
            segments += line_payments(visit, place)
    return segments


def _head(visit: Visit, control_number: str, total: Decimal) -> str:
    claim = visit.get("claim", {})
    accident = visit.get("accident")
    return _claim(
        control_number,
        canonical(total),
        visit.get("placeOfService", "11"),
        FREQUENCY[claim.get("frequency", "original")],
        "Y",
        "A" if claim.get("providerAcceptsAssignment", True) else "C",
        "Y" if claim.get("assignmentOfBenefits", True) else "N",
        "Y" if claim.get("releaseOfInformation", True) else "I",
        composite(CAUSE[accident["cause"]], "", "", accident.get("state", "")) if accident else "",
        claim.get("specialProgram", ""),
        "PB" if claim.get("purpose") == "predetermination" else "",
        claim.get("delayReason", ""),
    )


def _same_provider(one: Provider, other: Provider) -> bool:
    """The same NPI, or without one the same name."""
    if one.get("npi") or other.get("npi"):
        return one.get("npi") == other.get("npi")
    return entity(one) == entity(other)


def _providers(visit: Visit) -> list[str]:
    """2310A, 2310B and 2310C; the last two only when they differ from the billing provider."""
    segments: list[str] = []
    billing = visit["billingProvider"]
    if referring := visit.get("referringProvider"):
        segments.append(_referring(*entity(referring)[1:], referring.get("suffix", ""), *npi(referring)))
        if taxonomy := referring.get("taxonomyCode"):
            segments.append(_referring_specialty(taxonomy))
    rendering = visit.get("renderingProvider")
    if rendering and not _same_provider(rendering, billing):
        segments.append(_rendering(*entity(rendering), rendering.get("suffix", ""), *npi(rendering)))
        if taxonomy := rendering.get("taxonomyCode") or billing.get("taxonomyCode"):
            segments.append(_rendering_specialty(taxonomy))
    facility = visit.get("serviceFacility")
    if facility and facility.get("address") != billing["address"]:
        segments.append(_facility(entity(facility)[1], *npi(facility)))
        segments += address_segments(facility["address"])
    return segments


def _line_segments(
    procedure: Procedure, number: int, control_number: str, service_date: str, description: str
) -> list[str]:
    quantity = procedure.get("quantity", 1)
    rest = (
        written(procedure["fee"]),
        procedure.get("oralCavity", ""),
        str(quantity) if quantity > 1 else "",
        composite(*map(str, procedure.get("diagnosisPointers", ()))),
    )
    code = procedure["code"]
    service = _described_service(code, description, *rest) if description else _service(code, *rest)
    segments = [_line(str(number)), service]
    if tooth := procedure.get("toothNumber"):
        segments.append(_tooth(tooth, composite(*procedure.get("surfaces", ""))))
    own_date = procedure.get("serviceDate", "")
    if own_date and service_date and own_date != service_date:
        segments.append(_line_date("D8", compact(own_date)))
    segments.append(_line_number(line_control_number(control_number, number)))
    return segments
