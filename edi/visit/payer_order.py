"""The order in which the payers of a claim pay."""

from __future__ import annotations

from edi.visit.record import OtherInsurance, Visit


def own_responsibility(visit: Visit) -> str:
    """The responsibility of the payer that the claim goes to: "primary" unless the record says otherwise."""
    return visit["subscriber"].get("payerResponsibility", "primary")


def other_responsibility(other: OtherInsurance, visit: Visit) -> str:
    """The responsibility of another payer. Unless the record says it, the other payer is secondary on a claim to the
    primary payer, and primary on any other claim."""
    usual = "secondary" if own_responsibility(visit) == "primary" else "primary"
    return other["subscriber"].get("payerResponsibility", usual)
