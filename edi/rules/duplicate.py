"""Rules on visits and services that are sent twice. A replacement or void repeats an earlier claim on purpose."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.messages import safe
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.tooth import treated_teeth

_CORRECTION = has.REPLACEMENT | has.VOID
_ORIGINAL = Scope(never=_CORRECTION)


def _id_is_known(facts: Facts) -> bool:
    return facts.same_id_other_content or bool(facts.sent_otherwise)


@rule(
    "APX-DUP-VISIT",
    "duplicate",
    "error",
    title="Visit id used twice",
    checks="No other record of the run has the same visitId and different content.",
    why="The payer's response is matched to the visit by this id. With two visits it may find the wrong one.",
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
    return [Problem("/visitId", "Another record of this run has the same visitId and different content.")]


@rule(
    "APX-DUP-SENT",
    "duplicate",
    "error",
    title="Visit sent before, with different content",
    checks="No claim with this visitId was sent before, unless it has the same content, was rejected or was voided.",
    why="A second original claim for a visit is denied as a duplicate; a correction is a replacement or a void.",
    fix="To correct the claim, set `claim.frequency` to replacement; to take it back, to void; "
    "for another visit use another id.",
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
            f"A claim with this visitId was sent before; this record differs in {', '.join(facts.sent_otherwise)}.",
        )
    ]


@rule(
    "APX-DUP-SERVICE",
    "duplicate",
    "error",
    title="Service billed twice",
    checks="A service is billed once for the same patient, tooth, code and date: on this claim, in this run and in the ledger.",
    why="The second one is denied as a duplicate, and many of them draw an audit.",
    fix="Take the second one out. To correct the first, send a replacement.",
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
        teeth = tuple([(each, surfaces) for each, surfaces, _ in treated_teeth(line)])
        on = line.get("serviceDate") or facts.service_date
        # Two fillings of a tooth, or two films without a tooth, may stand on one claim.
        areas = line.get("oralCavity", "")
        key = (line["code"], teeth, on, areas if isinstance(areas, str) else "".join(areas))
        if place in sent or (teeth and key in seen):
            of = f" on tooth {safe(tooth)}" if tooth else ""
            message = f"{safe(line['code'])}{of} of {on} was billed for this patient before."
            if key in seen:
                message = f"{safe(line['code'])}{of} of {on} stands on this claim twice."
            problems.append(Problem(f"/procedures/{place}/code", message))
        seen.add(key)
    return problems
