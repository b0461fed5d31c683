"""Rules on what contradicts the claim: a chart of a living pulp or a closed apex, an injury without an accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from edi.rules import sources
from edi.rules.course import is_repair
from edi.rules.diagnosis import OF_NO_PULP, kind_of
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_VISIT, Problem, Problems, Scope, rule
from edi.rules.statement import states
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.tooth import teeth_named

_SENTENCE = re.compile(r"[.;\n]")
_TOOTH = re.compile(r"(?:\b(?:tooth|teeth)|#) ?#?([1-9]\d?|[a-t])\b")
_ELSEWHERE = re.compile(r"adjacent|neighbo|contralateral|opposite|\bcontrol\b|\bothers?\b|\bteeth\b")
_ANOTHER_TIME = (
    r"\b(?:was|were|had|initial|initially|before|previous|previously|until|once|will|should|may|if|when)\b"
)
_DENIED = r"\b(?:no|not|non|never|nor|without|lost|loss|lacks?|lacking|absent|neither)\b|rul(?:ed|es|ing) out"
_LIVING = re.compile(
    r"\bvital pulp|\bpulp (?:is |remains |tests? )?(?:still )?(?:vital|normal|healthy)\b|\breversible pulpitis"
    r"|\b(?:normal|healthy) pulp\b"
)
_NOT_LIVING = re.compile(f"{_ANOTHER_TIME}|{_DENIED}|non-?vital|necro|devital|avital|extirpat|removed")
_CLOSED = re.compile(
    r"\b(?:apex|apices|foramen|root end)(?: is| are)?(?: fully| completely| now)? closed\b|\bclosed (?:apex|apices)"
    r"|\bmature (?:root|apex)\b|\broot (?:is )?(?:fully|completely) (?:formed|developed|mature)"
    r"|\b(?:complete|completed) root (?:formation|development)"
)
_NOT_CLOSED = re.compile(
    rf"{_ANOTHER_TIME}|{_DENIED}|incomplete|almost|nearly|partial|mesial|distal|buccal|lingual|palatal"
)
_ANSWER = re.compile(r"\b(?:normal|positive|vital|responds?|responsive)\b")
_NO_ANSWER = re.compile(
    f"{_ANOTHER_TIME}|{_DENIED}|negative|delay|weak|linger|diminish|reduced|doubtful|abnormal|non-?vital"
)


@lru_cache(maxsize=2048)
def _says(text: str, teeth: tuple[str, ...], what: re.Pattern[str], denied: re.Pattern[str]) -> bool:
    """Whether a sentence about the teeth says something of today, and does not deny it."""
    return any(
        states(sentence, what, denied)
        for sentence in _SENTENCE.split(text.casefold())
        if _is_about(sentence, teeth)
    )


def _is_about(sentence: str, teeth: tuple[str, ...]) -> bool:
    named = _TOOTH.findall(sentence)
    return not _ELSEWHERE.search(sentence) and (not named or any(tooth.lower() in named for tooth in teeth))


@rule(
    "APX-DX-CONTRADICTED",
    "diagnosis",
    "error",
    title="Chart of a living pulp or a closed apex",
    checks="The chart of D3351 and D3352 does not say that the pulp is alive or, but for a repair of resorption or perforation, "
    "that the apex is closed.",
    why="The two codes treat a dead pulp in a root without an apical stop. A reviewer who reads the contrary denies them.",
    fix="Read the chart again. Correct it where it is wrong; else another code is right.",
    source=sources.TEXTBOOK,
    scope=APEXIFICATION_VISIT._replace(codes=has.FIRST | has.RENEWAL, needs=has.CLINICAL),
    denials=("11", "50"),
    remarks=("N706",),
    element=("2400", "SV301-2"),
)
def contradicted(facts: Facts, profile: Profile) -> Problems:
    code = next(line.code for line in facts.lines if line.code != "D3353")
    texts = list(_texts(facts))
    problems = [
        Problem(path, f"The chart speaks of a living pulp; {code} treats a dead one.")
        for path, text in texts
        if _says(text, facts.teeth, _LIVING, _NOT_LIVING)
    ]
    problems += [
        Problem(
            f"/clinical/pulpTests/{place}/result",
            f"The pulp answers the {_method(test['method'])}; {code} treats a dead one.",
        )
        for place, test in facts.tests
        if set(teeth_named(test["toothNumber"])) <= set(facts.teeth)
        and not OF_NO_PULP.search(test["method"].casefold())
        and _says(test["result"], facts.teeth, _ANSWER, _NO_ANSWER)
    ]
    if not is_repair(facts):
        problems += [
            Problem(path, f"The chart speaks of a closed apex; {code} treats an open one.")
            for path, text in texts
            if _says(text, facts.teeth, _CLOSED, _NOT_CLOSED)
        ]
    return problems


def _method(method: str) -> str:
    """A kind of test by name, where it is a usual one: a text in its place may tell of a person."""
    usual = method.strip().casefold()
    return f"{usual} test" if usual in ("cold", "heat", "electric", "ept") else "pulp test"


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """What the chart says of the tooth today, with its places."""
    chart = facts.clinical
    yield "/clinical/diagnosis", chart.get("diagnosis", "")
    for place, finding in enumerate(chart.get("findings", ())):
        yield f"/clinical/findings/{place}", finding
    for place, film in facts.films:
        yield f"/clinical/radiographs/{place}/finding", film.get("finding", "")


@rule(
    "APX-DX-ACCIDENT",
    "diagnosis",
    "warning",
    title="Injury without an accident",
    checks="A claim with the diagnosis of a broken or dislocated tooth (S02.5, S03.2) says what accident it was.",
    why="Payers stop a claim for an injury until they know whether another insurance is liable.",
    fix="Add `accident` with its cause (auto, employment, other) and its date.",
    source=sources.ICD,
    scope=Scope(needs=has.DIAGNOSES, never=has.VOID),
    denials=("20", "252"),
    remarks=("N705",),
    element=("2300", "CLM11-1"),
)
def injury_without_accident(facts: Facts, profile: Profile) -> Problems:
    if "accident" in facts.visit:
        return None
    for place, code in enumerate(facts.diagnoses):
        if kind_of(code) == "injury":
            return [Problem("/accident", f"Diagnosis {place + 1} is an injury, and no accident is told.")]
    return None
