"""Rules on what a procedure code asks of its line: tooth, surfaces, area of the mouth, front or back teeth. They apply to every
code; a void repeats the claim that it takes back, so nothing is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from edi.guide import procedure
from edi.guide.teeth import BACK_TEETH, FRONT_TEETH
from edi.rules import sources
from edi.rules.messages import safe
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import APEXIFICATION, Facts
from edi.visit.record import Procedure
from edi.visit.tooth import names_tooth, treated_teeth

_AREA = procedure.QUADRANT | procedure.ARCH
_ASKS_MORE_THAN_A_TOOTH = _AREA | procedure.SURFACES | procedure.FRONT_TEETH_ONLY | procedure.BACK_TEETH_ONLY
_CLAIM = Scope(never=has.VOID)


def _is_odd(line: Procedure) -> bool:
    code = line["code"]
    if not names_tooth(line):
        return code in procedure.TOOTH or code in _AREA
    if "teeth" in line:
        return True
    surfaces = line.get("surfaces", "")
    return (
        code in _ASKS_MORE_THAN_A_TOOTH
        or "oralCavity" in line
        or line.get("quantity", 1) > 1
        or "O" in surfaces
        or "I" in surfaces
    )


def _has_odd_line(facts: Facts) -> bool:
    return any(map(_is_odd, facts.procedures))


def _on_teeth(facts: Facts, teeth: frozenset[str]) -> Iterator[tuple[str, Procedure, str, str]]:
    """Path, procedure, tooth and surfaces where a line is on one of the teeth."""
    for place, line in enumerate(facts.procedures):
        for tooth, surfaces, within in treated_teeth(line):
            if tooth in teeth:
                yield f"/procedures/{place}{within}", line, tooth, surfaces


@rule(
    "APX-TOOTH-NEEDED",
    "tooth",
    "warning",
    title="Procedure of one tooth without its number",
    checks="A procedure of one tooth (filling, crown, root canal, extraction) names its tooth.",
    why="The payer cannot tell which tooth was treated, and denies the line.",
    fix="Add `toothNumber` to the procedure.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N37",),
    element=("2400", "TOO02"),
)
def no_tooth_of_one(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(f"/procedures/{place}/toothNumber", f"{line['code']} is for one tooth, and none is named.")
        for place, line in enumerate(facts.procedures)
        # The three codes are refused without a tooth, and so is a line of surfaces warned of, by rules of their own.
        if line["code"] in procedure.TOOTH
        and line["code"] not in APEXIFICATION
        and not names_tooth(line)
        and "surfaces" not in line
    ]


@rule(
    "APX-TOOTH-SURFACE-NEEDED",
    "tooth",
    "warning",
    title="Procedure on surfaces without them",
    checks="A procedure on surfaces of a tooth (filling, inlay, onlay) names them.",
    why="What the payer pays goes by the surfaces; without them the line is denied.",
    fix="Add `surfaces` to the procedure: one to five letters, such as MOD.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N75",),
    element=("2400", "TOO03"),
)
def no_surfaces(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}{within}/surfaces",
            f"{line['code']} is for surfaces of a tooth, and none is named.",
        )
        for place, line in enumerate(facts.procedures)
        if line["code"] in procedure.SURFACES
        for _, surfaces, within in treated_teeth(line)
        if not surfaces
    ]


@rule(
    "APX-TOOTH-AREA-NEEDED",
    "tooth",
    "warning",
    title="Procedure of a quadrant or arch without it",
    checks="A procedure of a quadrant or an arch (scaling, gum surgery) names it.",
    why="The payer pays for each quadrant once, and denies a line that names none.",
    fix="Add `oralCavity` to the procedure: 10, 20, 30 or 40 for a quadrant, 01 or 02 for an arch.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N346",),
    element=("2400", "SV304"),
)
def no_area(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}/oralCavity",
            f"{line['code']} is for {'a quadrant' if line['code'] in procedure.QUADRANT else 'an arch'}, and none is named.",
        )
        for place, line in enumerate(facts.procedures)
        if line["code"] in _AREA and not line.get("oralCavity")
    ]


@rule(
    "APX-TOOTH-AREA",
    "tooth",
    "warning",
    title="Area of the mouth beside a tooth",
    checks="A procedure that names its tooth names no area of the mouth, unless it is one of a quadrant.",
    why="The guide has the area for procedures on no single tooth; where both are sent, payers reject the line.",
    fix="Take `oralCavity` out, or `toothNumber` where the whole area was treated.",
    source=sources.GUIDE,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N346",),
    element=("2400", "SV304"),
)
def area_of_a_tooth(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}/oralCavity", f"{safe(line['code'])} names a tooth and an area of the mouth."
        )
        for place, line in enumerate(facts.procedures)
        if line.get("oralCavity") and names_tooth(line) and line["code"] not in procedure.QUADRANT
    ]


@rule(
    "APX-TOOTH-OCCLUSAL",
    "tooth",
    "warning",
    title="Occlusal surface of a front tooth",
    checks="No front tooth (incisor or canine) has an occlusal surface (O).",
    why="Front teeth have an edge and no chewing surface. The tooth or the surface was mistyped.",
    fix="Write I for the edge of a front tooth, or correct the tooth number.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N75",),
    element=("2400", "TOO03"),
)
def occlusal_in_front(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(f"{path}/surfaces", f"Tooth {tooth} is a front tooth and has no surface O.")
        for path, _, tooth, surfaces in _on_teeth(facts, FRONT_TEETH)
        if "O" in surfaces
    ]


@rule(
    "APX-TOOTH-INCISAL",
    "tooth",
    "warning",
    title="Incisal edge of a back tooth",
    checks="No back tooth (premolar or molar) has an incisal edge (I).",
    why="Back teeth have a chewing surface and no edge. The tooth or the surface was mistyped.",
    fix="Write O for the chewing surface of a back tooth, or correct the tooth number.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N75",),
    element=("2400", "TOO03"),
)
def incisal_in_back(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(f"{path}/surfaces", f"Tooth {tooth} is a back tooth and has no surface I.")
        for path, _, tooth, surfaces in _on_teeth(facts, BACK_TEETH)
        if "I" in surfaces
    ]


@rule(
    "APX-TOOTH-FRONT",
    "tooth",
    "warning",
    title="Procedure of front teeth on a back tooth",
    checks="A procedure of front teeth (such as D2330 or D3310) is not billed for a premolar or molar.",
    why="The payer denies a code that does not fit its tooth.",
    fix="Write the code for back teeth, or correct the tooth number.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N39", "N37"),
    element=("2400", "TOO02"),
)
def front_code_in_back(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"{path}/toothNumber",
            f"{line['code']} is for front teeth; tooth {tooth} is a back one.",
        )
        for path, line, tooth, _ in _on_teeth(facts, BACK_TEETH)
        if line["code"] in procedure.FRONT_TEETH_ONLY
    ]


@rule(
    "APX-TOOTH-BACK",
    "tooth",
    "warning",
    title="Procedure of back teeth on a front tooth",
    checks="A procedure of back teeth (such as D2391 or D3330) is not billed for an incisor or canine.",
    why="The payer denies a code that does not fit its tooth.",
    fix="Write the code for front teeth, or correct the tooth number.",
    source=sources.EDITS,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("N39", "N37"),
    element=("2400", "TOO02"),
)
def back_code_in_front(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"{path}/toothNumber",
            f"{line['code']} is for back teeth; tooth {tooth} is a front one.",
        )
        for path, line, tooth, _ in _on_teeth(facts, FRONT_TEETH)
        if line["code"] in procedure.BACK_TEETH_ONLY
    ]


@rule(
    "APX-TOOTH-QUANTITY",
    "tooth",
    "warning",
    title="More than one procedure on a tooth's line",
    checks="A procedure that names its tooth has quantity 1, unless it is a periapical film.",
    why="One line is one procedure on one tooth; a larger quantity is cut or denied.",
    fix="Write one line for each tooth, and quantity 1 or none.",
    source=sources.QUANTITY,
    scope=_CLAIM,
    when=_has_odd_line,
    denials=("16",),
    remarks=("M53",),
    element=("2400", "SV306"),
)
def quantity_of_a_tooth(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}/quantity",
            f"{line['code']} names a tooth and has quantity {line['quantity']}; each tooth is its own line.",
        )
        for place, line in enumerate(facts.procedures)
        # The three codes are refused with a quantity by a rule of their own.
        if line.get("quantity", 1) > 1
        and names_tooth(line)
        and line["code"] not in procedure.FILMS
        and line["code"] not in APEXIFICATION
    ]
