"""What was sent before: a replacement or void repeats it on purpose, but not within itself."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.messages import safe
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts

_CORRECTION = has.REPLACEMENT | has.VOID
_ORIGINAL = Scope(never=_CORRECTION)


def _id_is_known(facts: Facts) -> bool:
    return facts.same_id_other_content or bool(facts.sent_otherwise)


@rule(
    "APX-DUP-VISIT",
    "duplicate",
    "error",
    title="Visit id used twice",
    checks="No other record of the run has this visitId and says something else.",
    why="The id is how the payer's answer finds the visit; with two, it finds the wrong one.",
    fix="Give each visit an id of its own; to correct a sent claim use `claim.frequency` replacement.",
    source=sources.CHOICE,
    scope=_ORIGINAL,
    when=_id_is_known,
    denials=("18",),
    remarks=("N522",),
    element=("2300", "CLM01"),
)
def visit_id_twice(facts: Facts, profile: Profile) -> Problems:
    if not facts.same_id_other_content:
        return None
    return [Problem("/visitId", "Another record of this run has the same visitId and other content.")]


@rule(
    "APX-DUP-SENT",
    "duplicate",
    "error",
    title="Visit sent before, with other content",
    checks="No claim was made of this visitId before, unless it says the same, was rejected or was voided.",
    why="A second original claim for a visit is refused as a duplicate; a correction has a kind of its own.",
    fix="To correct the claim sent, set `claim.frequency` to replacement (to take it back: void); "
    "for another visit use an id of its own.",
    source=sources.CORRECTED,
    scope=_ORIGINAL,
    when=_id_is_known,
    denials=("18",),
    remarks=("N522",),
    element=("2300", "CLM01"),
)
def visit_sent_before(facts: Facts, profile: Profile) -> Problems:
    if not facts.sent_otherwise:
        return None
    return [
        Problem(
            "/visitId",
            f"A claim was made of this visitId before; this record differs in {', '.join(facts.sent_otherwise)}.",
        )
    ]


@rule(
    "APX-DUP-SERVICE",
    "duplicate",
    "error",
    title="Service billed twice",
    checks="The same patient, tooth, code and date is billed once, in this run, on this claim and in the ledger.",
    why="A second one is refused as a duplicate, and many of them draw an audit.",
    fix="Take the second one out; to correct the first, send it as a replacement.",
    source=sources.CORRECTED,
    scope=Scope(never=has.VOID | has.PREDETERMINATION),
    when=lambda facts: len(facts.procedures) > 1 or bool(facts.repeated_lines),
    denials=("18",),
    remarks=("N522",),
    element=("2400", "SV301-2"),
)
def service_twice(facts: Facts, profile: Profile) -> Problems:
    problems = []
    seen = set()
    sent = () if facts.features & _CORRECTION else facts.repeated_lines
    for place, line in enumerate(facts.procedures):
        tooth = line.get("toothNumber")
        on = line.get("serviceDate") or facts.service_date
        # Two fillings of a tooth, or two films without a tooth, may stand on one claim.
        key = (line["code"], tooth, on, line.get("surfaces"), line.get("oralCavity"))
        if place in sent or (tooth and key in seen):
            of = f" on tooth {safe(tooth)}" if tooth else ""
            message = f"{safe(line['code'])}{of} of {on} was billed for this patient before."
            if key in seen:
                message = f"{safe(line['code'])}{of} of {on} stands on this claim twice."
            problems.append(Problem(f"/procedures/{place}/code", message))
        seen.add(key)
    return problems
