"""The payer's own number of a claim that is corrected, who may be a dependant, and in which order payers pay. They apply to
every claim."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.payer_order import other_responsibility, own_responsibility

_CHILD = 26


@rule(
    "APX-SUB-CLAIM-NUMBER",
    "subscriber",
    "error",
    title="Correction without the payer's claim number",
    checks="A replacement or void names the payer's number of the claim that it corrects.",
    why="The payer cannot find the first claim, and denies the second as a duplicate.",
    fix="Add `claim.payerClaimControlNumber`: the number on the payer's remittance.",
    source=sources.CORRECTED,
    scope=Scope(one_of=has.REPLACEMENT | has.VOID),
    denials=("16", "18"),
    remarks=("M47", "N522"),
    element=("2300", "REF02"),
)
def no_claim_number(facts: Facts, profile: Profile) -> Problems:
    if facts.claim.get("payerClaimControlNumber"):
        return None
    return [
        Problem(
            "/claim/payerClaimControlNumber",
            f"The {facts.claim['frequency']} does not say which claim it corrects: the payer's number is missing.",
        )
    ]


@rule(
    "APX-SUB-CHILD-AGE",
    "subscriber",
    "warning",
    title="Child over 26",
    checks="A patient who is the subscriber's child is at most 26.",
    why="Most plans cover children until 26. The coverage may have ended.",
    fix="Check the relationship, the birth date and the patient's coverage on that day.",
    source=sources.CHILDREN,
    scope=Scope(needs=has.CHILD),
    denials=("27", "32"),
    remarks=("N129",),
    element=("2000C", "PAT01"),
)
def grown_child(facts: Facts, profile: Profile) -> Problems:
    years = facts.age
    if years is None or years <= _CHILD:
        return None
    return [
        Problem(
            "/patient/relationshipToSubscriber",
            f"The patient is the subscriber's child and {years} years old; most plans end at {_CHILD}.",
        )
    ]


@rule(
    "APX-SUB-ORDER",
    "subscriber",
    "warning",
    title="Two payers in the same place of the order",
    checks="No two payers of a claim have the same place in the order of payment, unless it is unknown.",
    why="Two primary payers cannot both pay first; a payer that works from the order denies the claim, or asks.",
    fix="Write `payerResponsibility` of each payer's subscriber in the order of the coordination of benefits.",
    source=sources.GUIDE,
    scope=Scope(needs=has.OTHER_PAYERS),
    denials=("22",),
    remarks=("MA64",),
    element=("2320", "SBR01"),
)
def same_place(facts: Facts, profile: Profile) -> Problems:
    taken = {own_responsibility(facts.visit)}
    problems = []
    for place, other in enumerate(facts.visit.get("otherInsurance", ())):
        theirs = other_responsibility(other, facts.visit)
        if theirs in taken and theirs != "unknown":
            path = f"/otherInsurance/{place}/subscriber/payerResponsibility"
            problems.append(Problem(path, f"Another payer of this claim is {theirs}, too."))
        taken.add(theirs)
    return problems


@rule(
    "APX-SUB-OTHER",
    "subscriber",
    "warning",
    title="Later payer without those before it",
    checks="A claim to a payer that is not the primary one names the payers before it.",
    why="A secondary payer pays after the primary one, and denies a claim that does not say who that is and what it paid.",
    fix="Add the payers before this one to `otherInsurance`, with what they paid, or correct `payerResponsibility`.",
    source=sources.GUIDE,
    scope=Scope(never=has.VOID),
    denials=("22",),
    remarks=("MA04",),
    element=("2000B", "SBR01"),
)
def no_payer_before(facts: Facts, profile: Profile) -> Problems:
    place = own_responsibility(facts.visit)
    if place in ("primary", "unknown") or "otherInsurance" in facts.visit:
        return None
    return [Problem("/otherInsurance", f"This payer is {place}, and no payer before it is named.")]
