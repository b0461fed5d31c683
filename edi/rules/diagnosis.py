"""Rules on ICD-10-CM codes: in form, complete, pointed at, and fit for a dead pulp in an open root."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from edi.rules import sources
from edi.rules.messages import quoted, safe
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_CLAIM, Problem, Problems, Scope, rule
from edi.rules.statement import states
from edi.visit import feature as has
from edi.visit.facts import Facts

Kind = Literal["malformed", "header", "fits", "unfit", "doubtful", "injury", "unlisted"]

_FORM = re.compile(r"[A-Z]\d[\dAB](?:\.?[\dA-Z]{1,4})?")
_HEADERS = re.compile(r"K04(?:0|9)?|K03|S025X{0,2}|S032X{0,2}|S02|S03")
_FITS = re.compile(r"K041|K044|K045|K046|K047|K048|K0499|K033")
_INJURY = re.compile(r"S025|S032")
# What a code that does not fit stands for, in our own words.
_UNFIT = (
    ("K0401", "a pulpitis that heals: the pulp is alive"),
    ("K043", "a calcified pulp"),
    ("K02", "caries alone"),
    ("K0381", "a cracked tooth"),
    ("K05", "a disease of the gums"),
    ("K081", "a lost tooth"),
    ("K084", "a partly lost tooth"),
    ("K006", "a disturbed eruption"),
    ("K01", "an embedded or impacted tooth"),
    ("Z012", "a dental examination"),
)
_NON_VITAL = re.compile(
    r"necro|non-?\s?vital|(?:not|no longer) vital|devital|no response|pulpless|pulpectomy|avital|dead pulp"
)
_DENIED = re.compile(
    r"\b(?:no|not|without|never)\b(?! (?:response|vital|longer vital))|\brul(?:ed|ing) out\b"
)
_NO_ANSWER = re.compile(r"no response|negative|non-?\s?vital|necro")
OF_NO_PULP = re.compile(r"percus|palpat|prob|mobil")
"""Tests that say nothing of the pulp."""


@lru_cache(maxsize=4096)
def kind_of(code: str) -> Kind:
    """How a diagnosis code stands to the three procedures."""
    if not _FORM.fullmatch(code):
        return "malformed"
    bare = code.replace(".", "")
    if _HEADERS.fullmatch(bare):
        return "header"
    if bare.startswith("K0402"):
        return "doubtful"
    if _FITS.match(bare):
        return "fits"
    if any(bare.startswith(start) for start, _ in _UNFIT):
        return "unfit"
    return "injury" if _INJURY.match(bare) else "unlisted"


@lru_cache(maxsize=4096)
def _has_only(codes: tuple[str, ...], kinds: frozenset[Kind]) -> bool:
    return all(kind_of(code) in kinds for code in codes)


_RIGHT: frozenset[Kind] = frozenset(("fits", "injury", "unlisted"))
_FIT: frozenset[Kind] = frozenset(("fits",))


def _has_wrong_diagnosis(facts: Facts) -> bool:
    return not _has_only(tuple(facts.diagnoses), _RIGHT)


def _has_other_diagnosis(facts: Facts) -> bool:
    return not _has_only(tuple(facts.diagnoses), _FIT)


def _primary(facts: Facts) -> list[int]:
    """Places of the diagnoses that the apexification lines point at first, each once."""
    count = len(facts.diagnoses)
    places: list[int] = []
    for line in facts.lines:
        pointers = facts.procedures[line.place].get("diagnosisPointers")
        place = pointers[0] - 1 if pointers else 0
        # Where the pointer is wrong, nobody knows which diagnosis was meant.
        if 0 <= place < count and place not in places:
            places.append(place)
    return places


@rule(
    "APX-DX-FORM",
    "diagnosis",
    "error",
    title="Not an ICD-10-CM code",
    checks="Every diagnosis has the form of an ICD-10-CM code, with or without the dot.",
    why="A malformed code makes the whole claim unprocessable.",
    fix="Write the ICD-10-CM code: a capital letter, two digits, then up to four characters (K04.1).",
    source=sources.ICD,
    when=_has_wrong_diagnosis,
    denials=("16",),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def not_a_diagnosis(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, code in enumerate(facts.diagnoses):
        if kind_of(code) == "malformed":
            plain = code.strip().upper()
            meant = plain if plain != code and _FORM.fullmatch(plain) else None
            problems.append(
                Problem(
                    f"/diagnoses/{place}",
                    f"Diagnosis {quoted(code)} does not have the form of an ICD-10-CM code.",
                    f"Write {meant}." if meant else None,
                    element=("2300", f"HI0{place + 1}-2"),
                )
            )
    return problems


@rule(
    "APX-DX-HEADER",
    "diagnosis",
    "error",
    title="Diagnosis without its last characters",
    checks="No diagnosis is a heading (K04.0, K04.9, S02.5, S03.2) instead of a code under it.",
    why="Headings are not billable; the claim is rejected for an invalid diagnosis.",
    fix="Write the full code: K04.01 or K04.02, K04.90 or K04.99, S02.5XXA, S03.2XXA.",
    source=sources.ICD,
    when=_has_wrong_diagnosis,
    denials=("16", "146"),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def diagnosis_heading(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, code in enumerate(facts.diagnoses):
        if kind_of(code) == "header":
            problems.append(
                Problem(
                    f"/diagnoses/{place}",
                    f"Diagnosis {code} is a heading; a claim needs a full code under it.",
                    element=("2300", f"HI0{place + 1}-2"),
                )
            )
    return problems


@rule(
    "APX-DX-POINTER",
    "diagnosis",
    "error",
    title="Pointer to no diagnosis",
    checks="Every diagnosis pointer of a procedure is the number of a diagnosis of the claim, counted from 1.",
    why="The payer rejects a line that points at a diagnosis which is not there.",
    fix="Use numbers from 1 to the number of diagnoses, or add the missing diagnosis.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("M76",),
    element=("2400", "SV311"),
)
def pointer_beyond(facts: Facts, profile: Profile) -> Problems:
    count = len(facts.diagnoses)
    problems = []
    for place, line in enumerate(facts.procedures):
        pointers = line.get("diagnosisPointers")
        if not pointers or (min(pointers) > 0 and max(pointers) <= count):
            continue
        for item, pointer in enumerate(pointers):
            if not 0 < pointer <= count:
                has_them = (
                    f"has {count} diagnos{'is' if count == 1 else 'es'}" if count else "has no diagnosis"
                )
                problems.append(
                    Problem(
                        f"/procedures/{place}/diagnosisPointers/{item}",
                        f"{safe(line['code'])} points at diagnosis {pointer}; the claim {has_them}.",
                        element=("2400", f"SV311-{min(item, 3) + 1}"),
                    )
                )
    return problems


@rule(
    "APX-DX-FIT",
    "diagnosis",
    "error",
    title="Diagnosis that does not fit apexification",
    checks="The primary diagnosis of D3351, D3352 and D3353 is not that of a vital, calcified, sound or lost tooth.",
    why="The procedure is for a non-vital tooth with an open apex; another diagnosis contradicts it.",
    fix="Point first at the pulpal or apical diagnosis (K04.1, K04.4 to K04.8, K04.99, K03.3), if it is one.",
    source=sources.ICD,
    scope=APEXIFICATION_CLAIM._replace(needs=has.DIAGNOSES),
    when=_has_wrong_diagnosis,
    denials=("11", "9"),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def unfit_diagnosis(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place in _primary(facts):
        code = facts.diagnoses[place]
        if kind_of(code) == "unfit":
            bare = code.replace(".", "")
            meaning = next(words for start, words in _UNFIT if bare.startswith(start))
            role = "only" if len(facts.diagnoses) == 1 else "primary"
            problems.append(
                Problem(
                    f"/diagnoses/{place}",
                    f"{code}, the {role} diagnosis, stands for {meaning}; {facts.lines[0].code} treats a "
                    "non-vital tooth with an open apex.",
                    element=("2300", f"HI0{place + 1}-2"),
                )
            )
    return problems


@rule(
    "APX-DX-UNLISTED",
    "diagnosis",
    "info",
    title="Diagnosis not known to fit apexification",
    checks="The primary diagnosis of D3351, D3352 and D3353 is known to fit them.",
    why="Reviewers look for a pulpal or apical diagnosis first; another one may be asked about.",
    fix="If the tooth has a pulpal or apical diagnosis, put that first and this one second.",
    source=sources.ICD,
    scope=APEXIFICATION_CLAIM._replace(needs=has.DIAGNOSES),
    when=_has_other_diagnosis,
    denials=("11",),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def unlisted_diagnosis(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place in _primary(facts):
        code = facts.diagnoses[place]
        kind = kind_of(code)
        if kind == "injury":
            message = f"{code} is the injury; {facts.lines[0].code} treats the pulp, which has a diagnosis of its own."
        elif kind == "unlisted":
            message = f"{code} is not known to fit {facts.lines[0].code}."
        else:
            continue
        problems.append(Problem(f"/diagnoses/{place}", message, element=("2300", f"HI0{place + 1}-2")))
    return problems


@rule(
    "APX-DX-NONVITAL",
    "diagnosis",
    "info",
    title="Irreversible pulpitis without a non-vital plan",
    checks="With K04.02 as primary diagnosis the chart says that the pulp is dead or will be removed.",
    why="An inflamed pulp is alive; apexification fits only where the chart plans for a non-vital tooth.",
    fix="Say in the diagnosis, the test or the plan that the pulp is necrotic or removed.",
    source=sources.TEXTBOOK,
    scope=APEXIFICATION_CLAIM._replace(needs=has.DIAGNOSES | has.CLINICAL),
    when=_has_wrong_diagnosis,
    denials=("11",),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def vital_pulp(facts: Facts, profile: Profile) -> Problems:
    places = [place for place in _primary(facts) if kind_of(facts.diagnoses[place]) == "doubtful"]
    if not places:
        return None
    chart = facts.clinical
    texts = [chart.get("diagnosis", ""), chart.get("treatmentPlan", ""), chart.get("rationale", "")]
    texts += chart.get("findings", [])
    if any(states(text, _NON_VITAL, _DENIED) for text in texts):
        return None
    for _, test in facts.tests:
        if not OF_NO_PULP.search(test["method"].casefold()) and states(test["result"], _NO_ANSWER, _DENIED):
            return None
    return [
        Problem(
            f"/diagnoses/{place}",
            f"{facts.diagnoses[place]} is an inflamed pulp; the chart does not say that it is dead or removed.",
            element=("2300", f"HI0{place + 1}-2"),
        )
        for place in places
    ]


@rule(
    "APX-DX-NONE",
    "diagnosis",
    "info",
    title="No diagnosis",
    checks="A claim with D3351, D3352 or D3353 has a diagnosis (an error where the payer's profile requires it).",
    why="Many dental payers ask for none, but some deny endodontics without one.",
    fix="Add the ICD-10-CM code of the pulp's state and point at it from the procedure.",
    source=sources.GUIDE,
    scope=APEXIFICATION_CLAIM,
    denials=("16",),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def no_diagnosis(facts: Facts, profile: Profile) -> Problems:
    if facts.diagnoses:
        return None
    if profile.diagnosis_required:
        return [Problem("/diagnoses", "No diagnosis is given, and the payer requires one.", severity="error")]
    return [Problem("/diagnoses", f"No diagnosis is given for {facts.lines[0].code}.")]


@rule(
    "APX-DX-TWICE",
    "diagnosis",
    "warning",
    title="The same diagnosis twice",
    checks="The diagnoses of a claim differ from each other.",
    why="A claim has room for four diagnoses, and payers reject one that names a diagnosis twice.",
    fix="Name each diagnosis once, and point at it from all its procedures.",
    source=sources.EDITS,
    scope=Scope(needs=has.DIAGNOSES, never=has.VOID),
    denials=("16",),
    remarks=("M76",),
    element=("2300", "HI01-2"),
)
def diagnosis_twice(facts: Facts, profile: Profile) -> Problems:
    if len(facts.diagnoses) == 1:
        return None
    bare = [code.replace(".", "") for code in facts.diagnoses]
    return [
        Problem(
            f"/diagnoses/{place}",
            f"Diagnosis {quoted(facts.diagnoses[place])} stands on this claim twice.",
            element=("2300", f"HI0{place + 1}-2"),
        )
        for place, code in enumerate(bare)
        if code in bare[:place]
    ]
