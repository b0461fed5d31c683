"""In which order the payers of a claim pay."""

from __future__ import annotations

from edi.visit.record import OtherInsurance, Visit


def own_place(visit: Visit) -> str:
    """The place of the payer whom the claim goes to: "primary" unless the record says otherwise."""
    return visit["subscriber"].get("payerResponsibility", "primary")


def place_of(other: OtherInsurance, visit: Visit) -> str:
    """The place of another payer. Unless the record says so, that of a primary claim comes second, that of any other first."""
    usual = "secondary" if own_place(visit) == "primary" else "primary"
    return other["subscriber"].get("payerResponsibility", usual)
