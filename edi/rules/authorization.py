"""Rule on prior authorization, where a payer asks for it."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_LIMITS, Problem, Problems, rule
from edi.visit import feature as has
from edi.visit.facts import Facts


@rule(
    "APX-AUTH-PRIOR",
    "authorization",
    "error",
    title="No prior authorization",
    checks="Where the payer's profile asks for it, D3351, D3352 and D3353 have a prior authorization number "
    "(only a warning for a D3351 where the payer exempts emergencies).",
    why="Without the number the claim is denied, whatever the chart says.",
    fix="Add `authorization.priorAuthorizationNumber`. If there is none, ask the payer for one, afterwards if need be.",
    source=sources.DELTA_NJ,
    scope=APEXIFICATION_LIMITS._replace(never=has.VOID | has.PREDETERMINATION),
    denials=("197", "198", "15"),
    remarks=("M62",),
    element=("2300", "REF02"),
)
def no_authorization(facts: Facts, profile: Profile) -> Problems:
    if not profile.prior_authorization:
        return None
    if facts.visit.get("authorization", {}).get("priorAuthorizationNumber"):
        return None
    limit = profile.authorization_under_age
    if limit is not None and (facts.age is None or facts.age >= limit):
        return None
    path = "/authorization/priorAuthorizationNumber"
    who = f" of patients under {limit}" if limit is not None else ""
    codes = [line.code for line in facts.lines]
    planned = next((code for code in codes if code != "D3351"), None)
    if profile.authorization_planned_only and planned is None:
        message = f"The payer requires prior authorization for {codes[0]}{who} unless it was an emergency; none is given"
        return [Problem(path, message + profile.citation("prior_authorization") + ".", severity="warning")]
    message = f"The payer requires prior authorization for {planned or codes[0]}{who}; none is given"
    return [Problem(path, message + profile.citation("prior_authorization") + ".")]
