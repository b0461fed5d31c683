"""Rules on procedure codes: their form, and codes that exclude each other on one tooth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from edi.guide import procedure
from edi.rules import sources
from edi.rules.course import restarted
from edi.rules.messages import history_path, quoted, safe
from edi.rules.profile import Profile
from edi.rules.registry import (
    APEXIFICATION_CLAIM,
    APEXIFICATION_LIMITS,
    APEXIFICATION_VISIT,
    Problem,
    Problems,
    Scope,
    rule,
)
from edi.visit import feature as has
from edi.visit.facts import EarlierVisit, Facts, Line
from edi.visit.tooth import is_on, names_tooth, treated_teeth

_FORM = re.compile(r"D\d{4}")
_ROOT_CANAL = frozenset(("D3310", "D3320", "D3330"))
_REGENERATION = frozenset(("D3355", "D3356", "D3357"))
_VITAL = frozenset(("D3220", "D3222"))
# Pulp caps, pulpotomies, debridement, and the treatment of a blocked canal.
_NOT_THAT_DAY = frozenset(("D3331", "D3110", "D3120", "D3220", "D3221", "D3222"))

_OTHER_TREATMENTS = _ROOT_CANAL | _REGENERATION | _NOT_THAT_DAY | _VITAL

_TOOTH = APEXIFICATION_CLAIM._replace(needs=has.TOOTH)


def _another_treatment_is_known(facts: Facts) -> bool:
    return not _OTHER_TREATMENTS.isdisjoint(facts.codes)


@lru_cache(maxsize=4096)
def is_code(code: str) -> bool:
    """Whether a procedure code is D and four digits."""
    return _FORM.fullmatch(code) is not None


@rule(
    "APX-CODE-FORM",
    "code",
    "error",
    title="Not a dental procedure code",
    checks="Every procedure code is D and four digits.",
    why="A malformed code rejects the whole claim.",
    fix="Write the CDT code: a capital D and four digits (D3352).",
    source=sources.GUIDE,
    denials=("16", "181"),
    remarks=("N657",),
    element=("2400", "SV301-2"),
)
def not_a_code(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, line in enumerate(facts.procedures):
        code = line["code"]
        if not is_code(code):
            plain = code.strip().upper()
            if re.fullmatch(r"\d{3,4}", plain):  # a spreadsheet takes a zero in front away
                plain = "D" + plain.zfill(4)
            fix = f"Write {plain}." if is_code(plain) else None
            message = f"Procedure code {quoted(code)} is not D and four digits."
            problems.append(Problem(f"/procedures/{place}/code", message, fix))
    return problems


def _beside(facts: Facts, codes: frozenset[str]) -> Iterator[tuple[int, Line]]:
    """Other procedures of the claim with one of `codes` on the tooth of an apexification line."""
    for place, other in enumerate(facts.procedures):
        if other["code"] in codes:
            for line in facts.lines:
                if line.tooth is not None and is_on(other, line.tooth):
                    yield place, line
                    break


def _earlier(facts: Facts, codes: frozenset[str]) -> Iterator[tuple[EarlierVisit, Line]]:
    """Earlier visits of the tooth of an apexification line that had one of `codes`, from outside the claim."""
    seen = set()
    for line in facts.lines:
        for visit in line.before:
            if visit.code in codes and visit in facts.past and visit not in seen:
                seen.add(visit)
                yield visit, line


@rule(
    "APX-CODE-ROOT-CANAL",
    "code",
    "error",
    title="Root canal beside or after the closing visit",
    checks="No D3310, D3320 or D3330 is billed for a tooth that has D3353, on the claim or in its history.",
    why="D3353 includes the completed root canal; another one on the tooth is bundled into it.",
    fix="Take the root canal off the claim, or bill it instead of D3353 if the apex was closed from the start.",
    source=sources.CDT,
    scope=Scope(never=has.VOID),
    when=_another_treatment_is_known,
    denials=("97", "231"),
    remarks=("N357",),
    element=("2400", "SV301-2"),
)
def root_canal_twice(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, billed in enumerate(facts.procedures):
        if billed["code"] in _ROOT_CANAL:
            day = billed.get("serviceDate") or facts.service_date or facts.as_of
            for tooth, *_ in treated_teeth(billed):
                closed = any(other.code == "D3353" and other.tooth == tooth for other in facts.lines)
                if closed or any(
                    visit.code == "D3353" and visit.service_date <= day for visit in facts.known_visits(tooth)
                ):
                    message = f"{billed['code']} on tooth {safe(tooth)}, whose D3353 includes the root canal."
                    problems.append(Problem(f"/procedures/{place}/code", message))
    for visit, line in _earlier(facts, _ROOT_CANAL):
        if line.code == "D3353":
            path = history_path(facts, visit, f"/procedures/{line.place}/code")
            problems.append(
                Problem(
                    path,
                    f"Tooth {line.tooth} had {visit.code} on {visit.service_date}; D3353 includes the root canal.",
                )
            )
    return problems


@rule(
    "APX-CODE-REGENERATION",
    "code",
    "error",
    title="Pulpal regeneration on the same tooth",
    checks="No D3355, D3356 or D3357 is billed for a tooth with D3351, D3352 or D3353, on this claim, or before without "
    "`episode.restartReason`.",
    why="A root is closed with a barrier or regenerated, not both; the payer denies one of the two.",
    fix="Keep the codes of the treatment that was done; where a regeneration failed, say so in `episode.restartReason`.",
    source=sources.CDT,
    scope=_TOOTH,
    when=_another_treatment_is_known,
    denials=("231", "97"),
    remarks=("N357",),
    element=("2400", "SV301-2"),
)
def regeneration_too(facts: Facts, profile: Profile) -> Problems:
    problems = [
        Problem(
            f"/procedures/{place}/code",
            f"{facts.procedures[place]['code']} and {line.code} on tooth {line.tooth}: regeneration and apexification.",
        )
        for place, line in _beside(facts, _REGENERATION)
    ]
    for visit, line in _earlier(facts, _REGENERATION):
        if restarted(facts) and visit.service_date != line.date:
            continue  # the regeneration failed
        problems.append(
            Problem(
                history_path(facts, visit, f"/procedures/{line.place}/code"),
                f"Tooth {line.tooth} had {visit.code} (regeneration) on {visit.service_date}, now {line.code}.",
            )
        )
    return problems


@rule(
    "APX-CODE-SAME-DAY",
    "code",
    "error",
    title="Pulp treatment on the same day",
    checks="No D3110, D3120, D3220, D3221, D3222 or D3331 is billed for the tooth on the day of the visit.",
    why="They treat a living pulp, an emergency or a blocked canal; on that day they are part of the visit.",
    fix="Take the code off the claim; if it was another tooth or day, correct that.",
    source=sources.CDT,
    scope=APEXIFICATION_VISIT._replace(needs=has.TOOTH),
    when=_another_treatment_is_known,
    denials=("97", "231"),
    remarks=("N357",),
    element=("2400", "SV301-2"),
)
def pulp_treatment_that_day(facts: Facts, profile: Profile) -> Problems:
    days: dict[tuple[str | None, str | None], Line] = {
        (line.tooth, line.date): line for line in facts.lines if line.tooth is not None
    }
    problems = []
    for place, other in enumerate(facts.procedures):
        if other["code"] in _NOT_THAT_DAY:
            on = other.get("serviceDate") or facts.service_date
            if line := next(
                filter(None, (days.get((tooth, on)) for tooth, *_ in treated_teeth(other))), None
            ):
                problems.append(
                    Problem(
                        f"/procedures/{place}/code",
                        f"{other['code']} and {line.code} on tooth {line.tooth} on one day, {on}.",
                    )
                )
    own = facts.episode["visits"] if facts.episode else ()
    listed = {(visit["serviceDate"], visit["code"]) for visit in own}
    for visit in facts.past:
        line = days.get((visit.tooth, visit.service_date))
        # One in the record's own episode is reported already: an episode visit that is not before this one.
        if line and visit.code in _NOT_THAT_DAY and (visit.service_date, visit.code) not in listed:
            problems.append(
                Problem(
                    f"/procedures/{line.place}/code",
                    f"{line.code} on tooth {line.tooth}, which had {visit.code} on the same day, {line.date}.",
                )
            )
    return problems


@rule(
    "APX-CODE-VITAL-BEFORE",
    "code",
    "info",
    title="Vital pulp treatment earlier in the episode",
    checks="An earlier D3220 or D3222 on the tooth is reported, because the pulp was vital then.",
    why="A reviewer who sees the pulpotomy asks why the tooth is treated as non-vital now.",
    fix="Say in the rationale when and how the pulp was found necrotic.",
    source=sources.CDT,
    scope=APEXIFICATION_CLAIM._replace(needs=has.TOOTH | has.HISTORY),
    when=_another_treatment_is_known,
    denials=("11",),
    remarks=("N661",),
    element=("2400", "SV301-2"),
)
def vital_before(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            history_path(facts, visit, f"/procedures/{line.place}/code"),
            f"Tooth {line.tooth} had {visit.code} on {visit.service_date}, when its pulp was vital.",
        )
        for visit, line in _earlier(facts, _VITAL)
    ]


@rule(
    "APX-CODE-COVERED",
    "code",
    "warning",
    title="Code that the payer does not cover",
    checks="D3351, D3352 and D3353 are among the codes that the payer's profile lists as covered.",
    why="The payer denies a code that it does not cover, whatever the chart says. The fee is the patient's share.",
    fix="Tell the patient before the visit. Send the claim if the patient or another payer needs the denial.",
    source=sources.PROFILE,
    scope=APEXIFICATION_LIMITS,
    denials=("96", "204"),
    remarks=("N130",),
    element=("2400", "SV301-2"),
)
def not_covered(facts: Facts, profile: Profile) -> Problems:
    covered = profile.covered
    if covered is None:
        return None
    return [
        Problem(
            f"/procedures/{line.place}/code",
            f"The payer does not cover {line.code}{profile.citation('covered')}.",
        )
        for line in facts.lines
        if line.code not in covered
    ]


@rule(
    "APX-CODE-FILM",
    "code",
    "warning",
    title="Film that is part of the fee",
    checks="Where the payer's profile says so, no D0220 or D0230 is billed for the tooth on the day of the visit.",
    why="The payer includes films of the tooth in the fee of D3351, D3352 and D3353.",
    fix="Take the film off the claim. Keep it in the chart and among the attachments.",
    source=sources.PROFILE,
    scope=APEXIFICATION_LIMITS._replace(needs=has.LIMITS, never=has.VOID | has.PREDETERMINATION),
    denials=("97",),
    remarks=("M15",),
    element=("2400", "SV301-2"),
)
def film_billed(facts: Facts, profile: Profile) -> Problems:
    if not profile.films_included:
        return None
    days = {line.date: line for line in facts.lines}
    problems = []
    for place, other in enumerate(facts.procedures):
        line = days.get(other.get("serviceDate") or facts.service_date)
        of_the_tooth = not names_tooth(other) or any(is_on(other, tooth) for tooth in facts.teeth)
        if other["code"] in procedure.FILMS and line and of_the_tooth:
            message = f"{other['code']} beside {line.code} on one day, {line.date}; the payer includes films in the fee"
            problems.append(
                Problem(f"/procedures/{place}/code", message + profile.citation("films_included") + ".")
            )
    return problems
