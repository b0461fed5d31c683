"""Rules on dates that are missing, impossible or too late."""

from __future__ import annotations

from edi.rules import sources
from edi.rules.course import days
from edi.rules.messages import safe, when_path
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_CLAIM, Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts

_CLAIM = Scope(never=has.PREDETERMINATION)


def _day_may_be_wrong(facts: Facts) -> bool:
    return facts.day is None or facts.line_dates


def _dates(facts: Facts) -> list[tuple[str, str]]:
    """Path and date of the claim, and of each procedure that has one of its own."""
    dates = [("/serviceDate", facts.service_date)] if facts.service_date else []
    dates += [
        (f"/procedures/{place}/serviceDate", line["serviceDate"])
        for place, line in enumerate(facts.procedures)
        if "serviceDate" in line and line["serviceDate"] != facts.service_date
    ]
    return dates


@rule(
    "APX-DATE-MISSING",
    "date",
    "error",
    title="No service date",
    checks="Every procedure has a date, its own or the claim's.",
    why="A claim without a date of service cannot be processed.",
    fix="Add `serviceDate` to the visit or to the procedure.",
    source=sources.GUIDE,
    scope=_CLAIM,
    when=_day_may_be_wrong,
    denials=("16",),
    remarks=("N301",),
    element=("2300", "DTP03"),
)
def no_date(facts: Facts, profile: Profile) -> Problems:
    if facts.service_date:
        return None
    places = [place for place, line in enumerate(facts.procedures) if "serviceDate" not in line]
    if len(places) == len(facts.procedures):
        return [Problem("/serviceDate", "The visit has no service date.")]
    return [
        Problem(
            f"/procedures/{place}/serviceDate",
            f"{safe(facts.procedures[place]['code'])} has no service date.",
        )
        for place in places
    ]


@rule(
    "APX-DATE-FUTURE",
    "date",
    "error",
    title="Service date in the future",
    checks="No service date is after the day of the run.",
    why="Payers deny services that have not taken place.",
    fix="Correct the date, or send planned treatment as a predetermination.",
    source=sources.GUIDE,
    scope=_CLAIM,
    when=_day_may_be_wrong,
    denials=("16", "110"),
    remarks=("N301",),
    element=("2300", "DTP03"),
)
def future_date(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(path, f"Service date {date} is in the future (today is {facts.as_of}).")
        for path, date in _dates(facts)
        if date > facts.as_of
    ]


@rule(
    "APX-DATE-BIRTH",
    "date",
    "error",
    title="Service date before birth",
    checks="No service date is before the patient's birth.",
    why="One of the two dates is wrong; the payer rejects the claim or finds no such patient.",
    fix="Correct the service date or the birth date.",
    source=sources.GUIDE,
    scope=_CLAIM,
    when=_day_may_be_wrong,
    denials=("14", "16"),
    remarks=("N301", "N329"),
    element=("2300", "DTP03"),
)
def before_birth(facts: Facts, profile: Profile) -> Problems:
    birth = facts.birth_date
    if birth is None:
        return None
    return [
        Problem(path, f"Service date {date} is before the patient was born.")
        for path, date in _dates(facts)
        if date < birth
    ]


def _accident_may_be_later(facts: Facts) -> bool:
    return facts.line_dates or facts.visit["accident"]["date"] > (facts.service_date or "")


@rule(
    "APX-DATE-ACCIDENT",
    "date",
    "error",
    title="Service date before the accident",
    checks="No service date is before the accident that the claim names.",
    why="Treatment cannot come before its cause; the payer pends the claim.",
    fix="Correct the date of the accident or of the service; leave `accident` out if there was none.",
    source=sources.GUIDE,
    scope=_CLAIM._replace(needs=has.ACCIDENT),
    when=_accident_may_be_later,
    denials=("16",),
    remarks=("N301",),
    element=("2300", "DTP03"),
)
def before_accident(facts: Facts, profile: Profile) -> Problems:
    accident = facts.visit["accident"]
    birth = facts.birth_date or ""
    return [
        Problem(path, f"Service date {date} is before the accident of {accident['date']}.")
        for path, date in _dates(facts)
        if birth <= date < accident["date"]
    ]


@rule(
    "APX-DATE-FILM",
    "date",
    "error",
    title="Radiograph dated after the visit",
    checks="No radiograph in the chart of D3351, D3352 or D3353 is dated after the visit.",
    why="The visit was not decided on a film that was taken later. Mostly a date is mistyped.",
    fix="Correct the date of the radiograph; a later film belongs to the next visit.",
    source=sources.DENIALS,
    scope=APEXIFICATION_CLAIM._replace(needs=has.CLINICAL),
    denials=("16", "252"),
    remarks=("N40",),
)
def film_after_visit(facts: Facts, profile: Profile) -> Problems:
    films = facts.clinical.get("radiographs")
    if not films:
        return None
    if facts.features & has.PREDETERMINATION:
        last, what = facts.as_of, "today"
    elif facts.line_dates:
        last, what = max([line.when or "" for line in facts.lines]), "the visit"
    else:
        last, what = facts.day or "", "the visit"
    if not last:
        return None
    return [
        Problem(
            f"/clinical/radiographs/{place}/date",
            f"A radiograph is dated {film['date']}, after {what} ({last}).",
        )
        for place, film in enumerate(films)
        if film["date"] > last
    ]


@rule(
    "APX-DATE-PREDETERMINATION",
    "date",
    "error",
    title="Predetermination with a service date",
    checks="A predetermination has no service date, on the claim or on a procedure.",
    why="It asks about services to come. With a date, payers take it for a claim, or reject it.",
    fix="Take the date out; when the service is done, send a claim with `claim.predeterminationId`.",
    source=sources.GUIDE,
    scope=Scope(needs=has.PREDETERMINATION),
    denials=("16",),
    remarks=("N301",),
    element=("2300", "DTP03"),
)
def dated_predetermination(facts: Facts, profile: Profile) -> Problems:
    paths = ["/serviceDate"] if facts.service_date else []
    paths += [
        f"/procedures/{n}/serviceDate" for n, line in enumerate(facts.procedures) if "serviceDate" in line
    ]
    return [Problem(path, "A predetermination has no service date, this one has.") for path in paths]


@rule(
    "APX-DATE-FILING",
    "date",
    "warning",
    title="Past the filing limit",
    checks="The service is at most the profile's number of days old (default 365).",
    why="A claim past the payer's limit is denied, and the patient may not be billed for it.",
    fix="Send it at once with `claim.delayReason` and proof that it was sent in time, if there is any.",
    source=sources.CHOICE,
    scope=Scope(never=has.PREDETERMINATION | has.VOID),
    denials=("29",),
    remarks=("N211",),
    element=("2300", "DTP03"),
)
def late_claim(facts: Facts, profile: Profile) -> Problems:
    oldest = facts.day
    if oldest and facts.line_dates:
        oldest = min([oldest, *(line.get("serviceDate", oldest) for line in facts.procedures)])
    if oldest is None or oldest < (facts.birth_date or ""):
        return None
    passed = days(oldest, facts.as_of)
    if passed <= profile.filing_days:
        return None
    place = next((n for n, line in enumerate(facts.procedures) if line.get("serviceDate") == oldest), 0)
    return [
        Problem(
            when_path(facts, place),
            f"The service of {oldest} is {passed} days old; the limit is {profile.filing_days}{profile.citation('filing_days')}.",
        )
    ]
