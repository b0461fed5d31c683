"""Rules on what the chart of D3351, D3352 and D3353 must say."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from edi.finding import Severity
from edi.rules import sources
from edi.rules.profile import Profile, Source
from edi.rules.registry import (
    APEXIFICATION_CLAIM,
    APEXIFICATION_LIMITS,
    APEXIFICATION_VISIT,
    Problem,
    Problems,
    Scope,
    When,
    rule,
)
from edi.rules.statement import states
from edi.visit import feature as has
from edi.visit.facts import Facts

_LACKS = ("16", "252")
_CHART = APEXIFICATION_CLAIM._replace(needs=has.CLINICAL)
_VISIT_CHART = APEXIFICATION_VISIT._replace(needs=has.CLINICAL)


@rule(
    "APX-DOC-CLINICAL",
    "documentation",
    "error",
    title="No clinical record",
    checks="The record has a `clinical` part.",
    why="Without a chart entry, nothing shows that the treatment was needed or done.",
    fix="Add `clinical`: complaint, history, diagnosis, tests, findings, radiographs, plan and rationale.",
    source=sources.DENIALS,
    scope=APEXIFICATION_CLAIM,
    denials=_LACKS,
    remarks=("N706",),
)
def no_clinical_record(facts: Facts, profile: Profile) -> Problems:
    if facts.clinical:
        return None
    codes = sorted({line.code for line in facts.lines})
    return [
        Problem(
            "/clinical", f"The record has no clinical part; {_all(codes)} cannot be reviewed without one."
        )
    ]


def _all(codes: list[str]) -> str:
    return " and ".join(codes)


def _payers_own(facts: Facts, profile: Profile, field: str) -> list[str]:
    """The codes for which the payer's profile requires a field of the chart: its own rule tells what is missing."""
    wanted = profile.required_documents
    if not wanted or facts.features & has.PREDETERMINATION:
        return []
    return list(dict.fromkeys(line.code for line in facts.lines if field in wanted.get(line.code, ())))


_FIELDS: dict[Scope, set[str]] = {}
"""The fields that rules of one scope want."""


@cache
def _lacks_a_field(scope: Scope) -> When:
    """Whether the chart lacks one of the fields that rules of this scope want."""
    return lambda facts: not _FIELDS[scope] <= facts.charted


def _wanted(
    name: str,
    severity: Severity,
    field: str,
    what: str,
    why: str,
    fix: str,
    *,
    scope: Scope = _CHART,
    source: Source = sources.DENIALS,
    remarks: tuple[str, ...] = ("N706",),
) -> None:
    """Register a rule that one text of the chart is there."""
    _FIELDS.setdefault(scope, set()).add(field)

    @rule(
        name,
        "documentation",
        severity,
        title=f"No {what}",
        checks=f"The chart has a {what} (`clinical.{field}`).",
        why=why,
        fix=fix,
        source=source,
        scope=scope,
        when=_lacks_a_field(scope),
        denials=_LACKS,
        remarks=remarks,
    )
    def check(facts: Facts, profile: Profile) -> Problems:
        if field in facts.charted or _payers_own(facts, profile, field):
            return None
        return [Problem(f"/clinical/{field}", f"The chart of this visit has no {what}.")]


_wanted(
    "APX-DOC-COMPLAINT",
    "error",
    "chiefComplaint",
    "chief complaint",
    "A reviewer looks first for what brought the patient in; without it the visit reads as routine.",
    "Write in one line what brought the patient in.",
)
_wanted(
    "APX-DOC-DIAGNOSIS",
    "error",
    "diagnosis",
    "clinical diagnosis",
    "Apexification is paid for a non-vital tooth with an open apex; the diagnosis must say that it is one.",
    "Write the pulpal and apical diagnosis of the tooth and the state of its root.",
)
_wanted(
    "APX-DOC-FINDING",
    "error",
    "findings",
    "clinical finding",
    "A diagnosis without findings is an opinion. Reviewers ask what was seen and measured.",
    "Write what was found: swelling, sinus tract, percussion, palpation, mobility, canal.",
)
_wanted(
    "APX-DOC-RATIONALE",
    "error",
    "rationale",
    "rationale",
    "Each visit is reviewed by itself. The rationale says why it was needed on this date.",
    "Write why this visit was needed now, from this visit's film and findings.",
    remarks=("N706", "N661"),
)
_wanted(
    "APX-DOC-PLAN",
    "error",
    "treatmentPlan",
    "treatment plan",
    "Several visits are paid as steps of a plan. Without one, each looks unplanned.",
    "Write the planned course: medicament, interval, sign of closure, obturation.",
)
_wanted(
    "APX-DOC-RESPONSE",
    "error",
    "response",
    "response since the last visit",
    "A renewal or a closing visit is justified by how the tooth responded to the medicament.",
    "Write the symptoms, the healing and the barrier since the last visit.",
    scope=_VISIT_CHART._replace(codes=has.RENEWAL | has.CLOSING),
)
_wanted(
    "APX-DOC-HISTORY",
    "warning",
    "history",
    "history",
    "How the tooth lost its pulp (a fall, caries, an anomaly) explains the open apex.",
    "Write the history of the tooth: injury with its date, earlier treatment.",
)
_wanted(
    "APX-DOC-FOLLOWUP",
    "warning",
    "followUp",
    "follow-up",
    "An open course without a next date looks abandoned.",
    "Write when the patient is seen next, and for what.",
    scope=_VISIT_CHART._replace(codes=has.FIRST | has.RENEWAL),
)
_wanted(
    "APX-DOC-COMPLICATIONS",
    "warning",
    "complications",
    "complications entry",
    'A chart that does not mention complications looks incomplete; "None" is enough.',
    'Write the complications, or "None".',
    scope=_VISIT_CHART,
)


@rule(
    "APX-DOC-MEDICAMENT",
    "documentation",
    "error",
    title="No medicament",
    checks="D3351 and D3352 name the medicament that was placed (`clinical.medicament.name`).",
    why="The two codes pay for placing or renewing a medicament.",
    fix="Name the medicament and what was done with it (placed, replaced).",
    source=sources.CDT,
    scope=_VISIT_CHART._replace(codes=has.FIRST | has.RENEWAL),
    denials=_LACKS,
    remarks=("N706",),
)
def no_medicament(facts: Facts, profile: Profile) -> Problems:
    if "medicament" in facts.charted or _payers_own(facts, profile, "medicament"):
        return None
    codes = [line.code for line in facts.lines if line.code != "D3353"]
    return [
        Problem(
            "/clinical/medicament/name", f"No medicament is named; {codes[0]} is its placement or renewal."
        )
    ]


@rule(
    "APX-DOC-FILM",
    "documentation",
    "error",
    title="No radiograph of the tooth",
    checks="The chart has a radiograph of the treated tooth.",
    why="Only a film shows the open apex. Most payers deny the three codes without one.",
    fix="Add the radiograph (date, view, tooth, what it shows) and attach the image.",
    source=sources.HDS,
    scope=_CHART,
    denials=("16", "252"),
    remarks=("N40", "N178"),
)
def no_film(facts: Facts, profile: Profile) -> Problems:
    if facts.clinical.get("radiographs") or _payers_own(facts, profile, "radiographs"):
        return None
    of = f" of tooth {facts.teeth[0]}" if facts.teeth else ""
    return [Problem("/clinical/radiographs", f"No radiograph{of} is recorded for this visit.")]


@rule(
    "APX-DOC-PROGRESS",
    "documentation",
    "error",
    title="No radiograph since the last visit",
    checks="For D3352 and D3353 a radiograph of the tooth is dated after the last visit.",
    why="A film from before the last visit cannot show what has changed since; without progress there is no payment.",
    fix="Add a radiograph taken at this visit, or since the last one.",
    source=sources.DENIALS,
    scope=_VISIT_CHART._replace(
        codes=has.RENEWAL | has.CLOSING, needs=has.CLINICAL | has.FILMS | has.HISTORY
    ),
    denials=("16", "252"),
    remarks=("N785", "M1", "N40"),
)
def no_progress_film(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        before = line.previous
        if line.code == "D3351" or before is None or line.when is None or line.tooth is None:
            continue
        films = facts.films_of(line.tooth)
        for _, film in films:
            if film["date"] > before.service_date:
                films = []
                break
        if not films:
            continue
        place, film = max(films, key=lambda item: item[1]["date"])
        order = "on the day of" if film["date"] == before.service_date else "before"
        problems.append(
            Problem(
                f"/clinical/radiographs/{place}/date",
                f"Radiograph of tooth {line.tooth} is dated {film['date']}, {order} the last visit "
                f"({before.service_date}); {line.code} needs one that shows progress since then.",
            )
        )
    return problems


_CLOSED = re.compile(
    r"clos(?:ed|ure|ing|es)|barrier|bridge|apical (?:stop|plug|seal)|(?:mta|bioceramic|biodentine) plug"
    r"|(?:apex|root|apical)\b.* (?:complete|completed|formed|matured?)\b|hard tissue|calcific"
)
_NOT_YET = re.compile(
    r"\b(?:no(?! longer open)|not|without|never|absent|lacks?|lacking|missing|incomplete|unclosed|until|will|should|may)\b"
    r"|await|expect|plann|partial|beginning|starting|forming|hop(?:ed|ing)"
)


@lru_cache(maxsize=512)
def _states_closure(finding: str) -> bool:
    return states(finding, _CLOSED, _NOT_YET)


@rule(
    "APX-DOC-CLOSURE",
    "documentation",
    "warning",
    title="No radiograph that states closure",
    checks="For D3353 the finding of a radiograph states a closed apex or a barrier.",
    why="The closing visit is paid for the finished root. The film should show that it is finished.",
    fix="State as the film's finding what closes the apex: calcific barrier, root end closed, MTA plug in place.",
    source=sources.DENIALS,
    scope=_VISIT_CHART._replace(codes=has.CLOSING, needs=has.CLINICAL | has.FILMS),
    denials=("16", "252"),
    remarks=("N678", "N679"),
)
def no_closure_on_film(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        if line.code != "D3353" or line.tooth is None:
            continue
        films = facts.films_of(line.tooth)
        if films and not any(_states_closure(film.get("finding", "")) for _, film in films):
            place = max(films, key=lambda item: item[1]["date"])[0]
            problems.append(
                Problem(
                    f"/clinical/radiographs/{place}/finding",
                    f"No radiograph of tooth {line.tooth} states an apical barrier or a closed apex; "
                    "D3353 closes the course.",
                )
            )
    return problems


@rule(
    "APX-DOC-PULPTEST",
    "documentation",
    "warning",
    title="No pulp test of the tooth",
    checks="The chart of a D3351 has a pulp test of the tooth.",
    why="The first visit is for a dead pulp. The test is the proof that reviewers know.",
    fix="Add the test (tooth, method, result), or say in the findings why none could be made.",
    source=sources.DENIALS,
    scope=_CHART._replace(codes=has.FIRST),
    denials=_LACKS,
    remarks=("N661",),
)
def no_pulp_test(facts: Facts, profile: Profile) -> Problems:
    if facts.clinical.get("pulpTests") or _payers_own(facts, profile, "pulpTests"):
        return None
    of = f" of tooth {facts.teeth[0]}" if facts.teeth else ""
    return [
        Problem("/clinical/pulpTests", f"No pulp test{of} is recorded; D3351 starts on a non-vital tooth.")
    ]


@rule(
    "APX-DOC-REQUIRED",
    "documentation",
    "error",
    title="Entry that the payer requires",
    checks="The chart has every entry that the payer's profile requires with its codes.",
    why="This payer denies the code without it, even if others do not ask for it.",
    fix="Add the entry to `clinical` from the chart.",
    source=sources.PROFILE,
    scope=APEXIFICATION_LIMITS._replace(
        needs=has.LIMITS | has.CLINICAL, never=has.VOID | has.PREDETERMINATION
    ),
    denials=_LACKS,
    remarks=("N706",),
)
def required_entry(facts: Facts, profile: Profile) -> Problems:
    fields = dict.fromkeys(name for names in profile.required_documents.values() for name in names)
    problems = []
    for field in fields:
        if field not in facts.charted and (codes := _payers_own(facts, profile, field)):
            said = profile.citation(f"required_documents.{codes[0]}")
            message = f"The payer requires `clinical.{field}` with {codes[0]}{said}; the chart has none."
            problems.append(Problem(f"/clinical/{field}", message))
    return problems
