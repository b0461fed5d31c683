"""Claims of a visit that were made before: which of them the payer may have, and the state of the visit."""

from __future__ import annotations

from collections.abc import Sequence

from edi.ledger.entry import NOT_WITH_PAYER, PriorClaim


def standing_claim(claims: Sequence[PriorClaim]) -> PriorClaim | None:
    """The last claim of a visit that stands: the payer may have it, and no later claim of the visit corrects it."""
    own = {each.claim for each in claims}
    for each in reversed(claims):
        if each.state not in NOT_WITH_PAYER and each.frequency != "void" and each.corrected_by not in own:
            return each
    return None


def visit_state(claims: Sequence[PriorClaim]) -> str:
    """The state of a visit's standing claim, or else of its last claim; "" without a claim."""
    last = (each for each in reversed(claims) if each.frequency != "void")
    found = standing_claim(claims) or next(last, None)
    return found.state if found else ""


def payer_number_of(claim: PriorClaim, claims: Sequence[PriorClaim]) -> str | None:
    """The payer's number for one of a visit's claims. A replacement has a number of its own only when the payer says so,
    else that of the claim it replaced."""
    before = {each.corrected_by: each for each in claims if each.corrected_by is not None}
    found: PriorClaim | None = claim
    while found and not found.payer_number and found.frequency == "replacement":
        found = before.get(found.claim)
    return found.payer_number if found else None
