"""Rules on the tooth: its number, and whether it can have an open apex."""

from __future__ import annotations

from functools import lru_cache

from edi.guide.teeth import KINDS
from edi.rules import sources
from edi.rules.course import is_repair
from edi.rules.messages import line_path, quoted, safe
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_CLAIM, APEXIFICATION_LIMITS, Problem, Problems, rule
from edi.visit import feature as has
from edi.visit.facts import APEXIFICATION, Facts
from edi.visit.tooth import THIRD_MOLARS, plain_tooth, treated_teeth

_TOOTH = APEXIFICATION_CLAIM._replace(needs=has.TOOTH)
ADULT = 25

# Youngest usual age at eruption: the mean age at which the root closes, less three years. From the midline
# back: central, lateral, canine, premolar, premolar, first, second and third molar.
_UPPER = (7, 8, 11, 10, 10, 6, 12, 15)
_LOWER = (6, 6, 9, 9, 9, 6, 12, 15)
ERUPTION: dict[str | None, int] = {
    **{str(8 - place): years for place, years in enumerate(_UPPER)},
    **{str(9 + place): years for place, years in enumerate(_UPPER)},
    **{str(24 - place): years for place, years in enumerate(_LOWER)},
    **{str(25 + place): years for place, years in enumerate(_LOWER)},
}


@lru_cache(maxsize=4096)
def _are_usual(teeth: tuple[str, ...], age: int | None) -> bool:
    """Whether a patient of this age mostly has these permanent teeth, and their roots may be open."""
    return all(
        KINDS[tooth] == "permanent"
        and tooth not in THIRD_MOLARS
        and (age is None or ERUPTION[tooth] <= age <= ADULT)
        for tooth in teeth
    )


def _has_odd_tooth(facts: Facts) -> bool:
    return len(facts.teeth) != len(facts.lines) or not _are_usual(facts.teeth, facts.age)


@rule(
    "APX-TOOTH-MISSING",
    "tooth",
    "error",
    title="No tooth number",
    checks="D3351, D3352 and D3353 name their tooth, one on each line.",
    why="The codes are per tooth; without its number the line cannot be reviewed or paid.",
    fix="Add `toothNumber` to the procedure.",
    source=sources.CDT,
    scope=APEXIFICATION_CLAIM,
    when=_has_odd_tooth,
    denials=("16",),
    remarks=("N37",),
    element=("2400", "TOO02"),
)
def no_tooth(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        teeth = len(list(treated_teeth(facts.procedures[line.place])))
        if teeth == 0:
            problems.append(Problem(line_path(line, "toothNumber"), f"{line.code} names no tooth."))
        elif teeth > 1:
            message = f"{line.code} names {teeth} teeth; it is a procedure of one."
            problems.append(Problem(line_path(line, "teeth"), message, "Write a procedure for each tooth."))
    return problems


@rule(
    "APX-TOOTH-FORM",
    "tooth",
    "error",
    title="Not a tooth number",
    checks="Every tooth number is 1 to 32, A to T, 51 to 82 or AS to TS.",
    why="The payer rejects a line with an unknown tooth.",
    fix="Write the tooth in the universal system: 1 to 32, A to T; supernumerary 51 to 82, AS to TS.",
    source=sources.TEETH,
    denials=("16",),
    remarks=("N37",),
    element=("2400", "TOO02"),
)
def not_a_tooth(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, line in enumerate(facts.procedures):
        for tooth, _, within in treated_teeth(line):
            if tooth not in KINDS:
                message = f"Tooth {quoted(tooth)} of {safe(line['code'])} is not a tooth number."
                problems.append(_not_a_tooth(f"/procedures/{place}{within}", tooth, message))
    for place, missing in enumerate(facts.visit.get("missingTeeth", ())):
        tooth = missing["toothNumber"]
        if tooth not in KINDS:
            message = f"Missing tooth {quoted(tooth)} is not a tooth number."
            problems.append(_not_a_tooth(f"/missingTeeth/{place}", tooth, message))
    return problems


def _not_a_tooth(path: str, tooth: str, message: str) -> Problem:
    meant = plain_tooth(tooth)
    return Problem(f"{path}/toothNumber", message, f"Write {meant}." if meant else None)


@rule(
    "APX-TOOTH-SURFACE",
    "tooth",
    "warning",
    title="Surfaces without a tooth",
    checks="A procedure that names surfaces names their tooth.",
    why="A claim has a place for surfaces only beside their tooth. They are left out, and the line may be denied.",
    fix="Add `toothNumber` to the procedure, or take `surfaces` out.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("N37",),
    element=("2400", "TOO02"),
)
def surfaces_of_no_tooth(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}/toothNumber",
            "The procedure names surfaces but no tooth; the claim is sent without them.",
        )
        for place, line in enumerate(facts.procedures)
        # The three codes are refused without a tooth in any case.
        if "surfaces" in line and "toothNumber" not in line and line["code"] not in APEXIFICATION
    ]


@rule(
    "APX-TOOTH-PRIMARY",
    "tooth",
    "error",
    title="Primary tooth",
    checks="D3351, D3352 and D3353 are not billed for a primary tooth (A to T, AS to TS).",
    why="Roots of primary teeth resorb. Apexification is for permanent teeth, and denied for others.",
    fix="Correct the tooth number, or the code: a primary pulp has D3220, D3230 or D3240.",
    source=sources.TEXTBOOK,
    scope=_TOOTH,
    when=_has_odd_tooth,
    denials=("16",),
    remarks=("N39", "N37"),
    element=("2400", "TOO02"),
)
def primary_tooth(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(line_path(line, "toothNumber"), f"{line.code} on primary tooth {line.tooth}.")
        for line in facts.lines
        if line.tooth is not None and not line.tooth.isdigit()
    ]


@rule(
    "APX-TOOTH-OTHER-FILM",
    "tooth",
    "error",
    title="Radiographs of other teeth",
    checks="The radiographs show the treated tooth, not only others.",
    why="A film of another tooth proves nothing about this one. Mostly a number was mistyped.",
    fix="Correct the tooth of the radiograph or of the procedure, or add the film of the tooth.",
    source=sources.DENIALS,
    scope=APEXIFICATION_CLAIM._replace(needs=has.TOOTH | has.FILMS),
    denials=("16", "252"),
    remarks=("N37", "N40"),
)
def films_of_other_teeth(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for tooth in facts.teeth:
        if not facts.films_of(tooth):
            films = facts.clinical["radiographs"]
            named = ", ".join(dict.fromkeys(film.get("toothNumber", "") for film in films))
            problems.append(
                Problem(
                    "/clinical/radiographs/0/toothNumber",
                    f"The radiographs are of tooth {safe(named)}; the claim is for tooth {tooth}.",
                )
            )
    return problems


@rule(
    "APX-TOOTH-OTHER-TEST",
    "tooth",
    "error",
    title="Pulp tests of other teeth",
    checks="The pulp tests name the treated tooth, not only others.",
    why="Tests of the neighbouring teeth say nothing about this one.",
    fix="Correct the tooth of the test or of the procedure, or add the test of the tooth.",
    source=sources.DENIALS,
    scope=APEXIFICATION_CLAIM._replace(needs=has.TOOTH | has.TESTS),
    denials=("16", "252"),
    remarks=("N37",),
)
def tests_of_other_teeth(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for tooth in facts.teeth:
        if not facts.tests_of(tooth):
            named = ", ".join(dict.fromkeys(test["toothNumber"] for test in facts.clinical["pulpTests"]))
            problems.append(
                Problem(
                    "/clinical/pulpTests/0/toothNumber",
                    f"The pulp tests are of tooth {safe(named)}; the claim is for tooth {tooth}.",
                )
            )
    return problems


@rule(
    "APX-TOOTH-SUPERNUMERARY",
    "tooth",
    "warning",
    title="Supernumerary tooth",
    checks="D3351, D3352 and D3353 are not billed for a supernumerary permanent tooth (51 to 82).",
    why="Extra teeth are mostly taken out; saving one needs a reason.",
    fix="Check the number; if it is right, say in the rationale why the tooth is kept.",
    source=sources.TEETH,
    scope=_TOOTH,
    when=_has_odd_tooth,
    denials=("16", "50"),
    remarks=("N37", "N39"),
    element=("2400", "TOO02"),
)
def supernumerary_tooth(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(line_path(line, "toothNumber"), f"{line.code} on supernumerary tooth {line.tooth}.")
        for line in facts.lines
        if line.tooth is not None and KINDS[line.tooth] == "supernumerary"
    ]


@rule(
    "APX-TOOTH-THIRD-MOLAR",
    "tooth",
    "warning",
    title="Third molar",
    checks="D3351, D3352 and D3353 are not billed for 1, 16, 17 or 32.",
    why="Several payers cover no endodontics on wisdom teeth.",
    fix="Check the number; if it is right, ask the payer or say why the tooth is needed.",
    source=sources.NO_THIRD_MOLARS,
    scope=_TOOTH,
    when=_has_odd_tooth,
    denials=("96", "204"),
    remarks=("N130",),
    element=("2400", "TOO02"),
)
def third_molar(facts: Facts, profile: Profile) -> Problems:
    excluded = profile.teeth_excluded  # reported by the payer's own rule
    return [
        Problem(line_path(line, "toothNumber"), f"{line.code} on third molar {line.tooth}.")
        for line in facts.lines
        if line.tooth in THIRD_MOLARS and line.tooth not in excluded
    ]


@rule(
    "APX-TOOTH-UNERUPTED",
    "tooth",
    "warning",
    title="Patient younger than the tooth",
    checks="The patient has reached the tooth's usual age of eruption (root closure less three years).",
    why="The tooth cannot be there yet: the number is wrong, or the patient.",
    fix="Check the tooth number and the birth date.",
    source=sources.TEXTBOOK,
    scope=_TOOTH,
    when=_has_odd_tooth,
    denials=("6", "16"),
    remarks=("N129", "N37"),
    element=("2400", "TOO02"),
)
def unerupted_tooth(facts: Facts, profile: Profile) -> Problems:
    years = facts.age
    if years is None:
        return None
    return [
        Problem(
            line_path(line, "toothNumber"),
            f"Tooth {line.tooth} usually erupts at {ERUPTION[line.tooth]} or later; the patient is {years}.",
        )
        for line in facts.lines
        if years < ERUPTION.get(line.tooth, 0)
    ]


@rule(
    "APX-TOOTH-ADULT",
    "tooth",
    "warning",
    title="Patient over 25",
    checks="The patient is at most 25, or a root is repaired after resorption or perforation.",
    why="Roots are mostly closed by then. Open ones exist (old trauma), but reviewers ask.",
    fix="Say in the history what stopped the root's growth, and in the film's finding that the apex is open.",
    source=sources.ADULTS,
    scope=_TOOTH,
    when=_has_odd_tooth,
    denials=("6", "50"),
    remarks=("N129",),
    element=("2400", "TOO02"),
)
def adult_patient(facts: Facts, profile: Profile) -> Problems:
    years = facts.age
    if years is None or years <= ADULT or is_repair(facts):
        return None
    if profile.max_age is not None and years > profile.max_age:
        return None  # reported by the payer's own rule
    line = facts.lines[0]
    return [
        Problem(
            line_path(line, "toothNumber"), f"The patient is {years}; roots are usually closed by {ADULT}."
        )
    ]


@rule(
    "APX-TOOTH-COVERED",
    "tooth",
    "warning",
    title="Tooth that the payer does not cover",
    checks="The tooth is not one that the payer's profile excludes.",
    why="The payer pays no endodontics on that tooth; the fee is the patient's share.",
    fix="Check the number; if it is right, tell the patient before the visit.",
    source=sources.NO_THIRD_MOLARS,
    scope=APEXIFICATION_LIMITS._replace(needs=has.LIMITS | has.TOOTH),
    denials=("96", "204"),
    remarks=("N130",),
    element=("2400", "TOO02"),
)
def tooth_not_covered(facts: Facts, profile: Profile) -> Problems:
    if not profile.teeth_excluded:
        return None
    return [
        Problem(
            line_path(line, "toothNumber"),
            f"The payer does not cover {line.code} on tooth {line.tooth}{profile.citation('teeth_excluded')}.",
        )
        for line in facts.lines
        if line.tooth in profile.teeth_excluded
    ]


@rule(
    "APX-TOOTH-AGE",
    "tooth",
    "warning",
    title="Age that the payer does not cover",
    checks="The patient's age is within the limits of the payer's profile.",
    why="Outside these ages the payer denies the codes; the fee is the patient's share.",
    fix="Check the birth date; if it is right, tell the patient before the visit.",
    source=sources.PROFILE,
    scope=APEXIFICATION_LIMITS,
    denials=("6",),
    remarks=("N129",),
    element=("2400", "SV301-2"),
)
def age_not_covered(facts: Facts, profile: Profile) -> Problems:
    years = facts.age
    if years is None:
        return None
    low, high = profile.min_age, profile.max_age
    if low is not None and years < low:
        limit = f"from {low} on{profile.citation('min_age')}"
    elif high is not None and years > high:
        limit = f"up to {high}{profile.citation('max_age')}"
    else:
        return None
    line = facts.lines[0]
    return [
        Problem(line_path(line, "code"), f"The patient is {years}; the payer covers {line.code} {limit}.")
    ]
