"""Prior authorization, where a payer asks for it."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import DATED, Problem, Problems, rule
from edi.visit.facts import Facts


@rule(
    "APX-AUTH-PRIOR",
    "authorization",
    "error",
    title="No prior authorization",
    checks="Where the payer's profile asks for it, D3351, D3352 and D3353 have a prior authorization number.",
    why="Without the number the claim is refused whatever the chart says.",
    fix="Add `authorization.priorAuthorizationNumber`, or ask the payer for one, afterwards if it must be.",
    source=sources.DELTA_NJ,
    scope=DATED,
    denials=("197", "198", "15"),
    remarks=("M62",),
    element=("2300", "REF02"),
)
def no_authorization(facts: Facts, profile: Profile) -> Problems:
    if not profile.prior_authorization or facts.visit.get("authorization", {}).get(
        "priorAuthorizationNumber"
    ):
        return None
    return [
        Problem(
            "/authorization/priorAuthorizationNumber",
            f"The payer requires prior authorization for {facts.lines[0].code}; none is given.",
        )
    ]
