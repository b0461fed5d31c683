"""Other payers of a claim as text: loops 2320, 2330A and 2330B, and 2430 of each service line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from edi.claim.field_plan import FieldPlan
from edi.claim.parties import ADDRESS_RULES, group_name, member_kind
from edi.claim.template import template
from edi.claim.values import amount_text
from edi.guide.segments import ADJUSTMENTS
from edi.visit.payer_order import other_responsibility
from edi.visit.record import Adjustment, OtherInsurance, OtherLine, Procedure, Visit
from edi.x12.envelope import END

_cas_fields = [f"CAS{place:02}" for place in range(2, 2 + 3 * ADJUSTMENTS)]
_claim_adjustments = template("2320", "CAS", "CAS01", *_cas_fields)
_line_adjustments = template("2430", "CAS", "CAS01", *_cas_fields)


def _paid_date(date: str, other: OtherInsurance, visit: Visit) -> str | None:
    """Where lines were decided, each line tells when."""
    return None if other.get("lines") else date


_other_payer = FieldPlan(
    "2320",
    "otherInsurance",
    rules=ADDRESS_RULES | {"subscriber.groupName": group_name, "otherInsurance.paidDate": _paid_date},
    without=["otherInsurance.adjustments", "otherInsurance.lines"],
)
_line_payment = FieldPlan("2430", "otherInsurance", "lines", rules={}, without=["otherLine.adjustments"])


def other_payers_text(visit: Visit) -> str:
    """2320 with 2330A and 2330B for each other payer."""
    return "".join(_other_payer_text(other, visit) for other in visit.get("otherInsurance", ()))


def _other_payer_text(other: OtherInsurance, visit: Visit) -> str:
    complete = _complete(other, visit)
    values = _other_payer.values(complete, visit)
    if adjustments := other.get("adjustments"):
        values["CAS"] = adjustments_text(adjustments, on_line=False)
    is_patient = complete["relationshipToSubscriber"] == "self"
    values |= member_kind("2330A", other["subscriber"], is_patient=is_patient)
    return _other_payer.text(values)


def _complete(other: OtherInsurance, visit: Visit) -> Mapping[str, Any]:
    """What the other insurance does not say is as with this claim: relationship, assignment, release."""
    claim = visit.get("claim", {})
    patient = visit.get("patient")
    return {
        "relationshipToSubscriber": patient["relationshipToSubscriber"] if patient else "self",
        "assignmentOfBenefits": claim.get("assignmentOfBenefits", True),
        "releaseOfInformation": claim.get("releaseOfInformation", True),
        **other,
        "subscriber": {**other["subscriber"], "payerResponsibility": other_responsibility(other, visit)},
    }


def line_payments_text(visit: Visit, number: int) -> str:
    """2430 of a service line, counted from 1, for each other payer that decided on it."""
    return "".join(
        _line_payment_text(line, other["payer"]["payerId"], visit["procedures"][number - 1])
        for other in visit.get("otherInsurance", ())
        for line in other.get("lines", ())
        if line["line"] == number
    )


def _line_payment_text(line: OtherLine, payer_id: str, ours: Procedure) -> str:
    """Where the decision names no code or quantity, they are those of our line."""
    complete = {"code": ours["code"], "quantity": ours.get("quantity", 1), **line}
    values = _line_payment.values(complete, None)
    values["SVD SVD01"] = payer_id
    if adjustments := line.get("adjustments"):
        values["CAS"] = adjustments_text(adjustments, on_line=True)
    return _line_payment.text(values)


def adjustments_text(adjustments: Iterable[Adjustment], *, on_line: bool) -> str:
    """CAS, one for each group (more when a group has over six adjustments), in the order in which the groups first come."""
    groups: dict[str, list[str]] = {}
    for adjustment in adjustments:
        quantity = adjustment.get("quantity")
        groups.setdefault(adjustment["group"], []).extend(
            (adjustment["reason"], amount_text(adjustment["amount"]), str(quantity) if quantity else "")
        )
    write = _line_adjustments if on_line else _claim_adjustments
    width = 3 * ADJUSTMENTS
    return "".join(
        write(group, *fields[start : start + width], *[""] * (width - len(fields[start : start + width])))
        + END
        for group, fields in groups.items()
        for start in range(0, len(fields), width)
    )
