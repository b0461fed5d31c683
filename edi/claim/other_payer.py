"""What other payers did: loops 2320, 2330A, 2330B, and 2430 under each line."""

from __future__ import annotations

from collections.abc import Iterable

from edi.claim.codes import RELATIONSHIP, RESPONSIBILITY
from edi.claim.money import written
from edi.claim.parties import address_segments, compact, member
from edi.claim.template import template
from edi.guide.segments import ADJUSTMENTS
from edi.visit.payer_order import other_responsibility
from edi.visit.record import Adjustment, OtherInsurance, OtherLine, Procedure, Visit

_other_subscriber = template("2320", "SBR", "SBR01", "SBR02", "SBR03", "SBR04", "SBR09")
_cas_fields = [f"CAS{place:02}" for place in range(2, 2 + 3 * ADJUSTMENTS)]
_claim_adjustments = template("2320", "CAS", "CAS01", *_cas_fields)
_line_adjustments = template("2430", "CAS", "CAS01", *_cas_fields)
_paid = template("2320", "AMT:D", "AMT02")
_remaining = template("2320", "AMT:EAF", "AMT02")
_not_covered = template("2320", "AMT:A8", "AMT02")
_coverage = template("2320", "OI", "OI03", "OI06")
_member = template("2330A", "NM1:IL", "NM102", "NM103", "NM104", "NM105", "NM107", "NM108", "NM109")
_payer = template("2330B", "NM1:PR", "NM103", "NM108", "NM109")
_paid_date = template("2330B", "DTP:573", "DTP03")
_payer_number = template("2330B", "REF:F8", "REF02")
_line_payment = template("2430", "SVD", "SVD01", "SVD02", "SVD03-1", "SVD03-2", "SVD05")
_line_paid_date = template("2430", "DTP:573", "DTP03")
_line_remaining = template("2430", "AMT:EAF", "AMT02")


def other_payers(visit: Visit) -> list[str]:
    """2320 with 2330A and 2330B for each other payer."""
    segments: list[str] = []
    for other in visit.get("otherInsurance", []):
        segments += _other_payer(visit, other)
    return segments


def _other_payer(visit: Visit, other: OtherInsurance) -> list[str]:
    """Where the other insurance does not say otherwise, it is as with this claim: relationship, assignment, release."""
    subscriber, payer, claim = other["subscriber"], other["payer"], visit.get("claim", {})
    usually = visit["patient"]["relationshipToSubscriber"] if "patient" in visit else "self"
    relationship = other.get("relationshipToSubscriber", usually)
    assigned = other.get("assignmentOfBenefits", claim.get("assignmentOfBenefits", True))
    released = other.get("releaseOfInformation", claim.get("releaseOfInformation", True))
    group = subscriber.get("groupNumber", "")
    segments = [
        _other_subscriber(
            RESPONSIBILITY[other_responsibility(other, visit)],
            RELATIONSHIP[relationship],
            group,
            "" if group else subscriber.get("groupName", ""),
            subscriber.get("claimFilingIndicator", "CI"),
        ),
        *adjustment_segments(other.get("adjustments", []), on_line=False),
    ]
    for write, key in (
        (_paid, "paidAmount"),
        (_remaining, "remainingLiability"),
        (_not_covered, "nonCoveredAmount"),
    ):
        amount = other.get(key)
        if isinstance(amount, (str, int, float)):
            segments.append(write(written(amount)))
    segments.append(_coverage("Y" if assigned else "N", "Y" if released else "I"))
    segments.append(_member(*member(subscriber, is_patient=relationship == "self")))
    if "address" in subscriber:
        segments += address_segments(subscriber["address"])
    segments.append(_payer(payer["name"], "PI", payer["payerId"]))
    if "address" in payer:
        segments += address_segments(payer["address"])
    if (date := other.get("paidDate")) and not other.get("lines"):  # with lines each tells its own
        segments.append(_paid_date(compact(date)))
    if number := other.get("payerClaimControlNumber"):
        segments.append(_payer_number(number))
    return segments


def line_payments(visit: Visit, number: int) -> list[str]:
    """2430 of one line (1-based) for each other payer that decided on it."""
    segments: list[str] = []
    for other in visit.get("otherInsurance", []):
        for line in other.get("lines", []):
            if line["line"] == number:
                segments += _line_payment_segments(
                    line, other["payer"]["payerId"], visit["procedures"][number - 1]
                )
    return segments


def _line_payment_segments(line: OtherLine, payer_id: str, ours: Procedure) -> list[str]:
    """Where the decision names no code or quantity, they are those of our line."""
    code = line.get("code", ours["code"])
    quantity = line.get("quantity", ours.get("quantity", 1))
    segments = [
        _line_payment(payer_id, written(line["paidAmount"]), "AD", code, str(quantity)),
        *adjustment_segments(line.get("adjustments", []), on_line=True),
        _line_paid_date(compact(line["paidDate"])),
    ]
    if "remainingLiability" in line:
        segments.append(_line_remaining(written(line["remainingLiability"])))
    return segments


def adjustment_segments(adjustments: Iterable[Adjustment], *, on_line: bool) -> list[str]:
    """CAS, one for each group (more when a group has over six adjustments), in the order the groups first come."""
    groups: dict[str, list[str]] = {}
    for adjustment in adjustments:
        quantity = adjustment.get("quantity")
        groups.setdefault(adjustment["group"], []).extend(
            (adjustment["reason"], written(adjustment["amount"]), str(quantity) if quantity else "")
        )
    write = _line_adjustments if on_line else _claim_adjustments
    width = 3 * ADJUSTMENTS
    return [
        write(group, *fields[start : start + width], *[""] * (width - len(fields[start : start + width])))
        for group, fields in groups.items()
        for start in range(0, len(fields), width)
    ]
