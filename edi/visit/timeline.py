"""The course of a tooth from records and from the ledger: visits, films and medicament, each once and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.identity import patient_of, visit_of
from edi.visit.record import Visit

FAR_FUTURE = "9999-12-31"
"""A day that no visit is after: a record that is only described does not depend on today."""


class Film(NamedTuple):
    """A radiograph of the tooth; `view` and `finding` are empty where the record has none."""

    date: str
    view: str
    finding: str


class Step(NamedTuple):
    """One visit of the course. `visit_id` is None when only another record's episode lists it. `state` is the state of its
    claim, "" where that is not known. `remembered`: no record has it, but a ledger."""

    date: str
    code: str
    visit_id: str | None = None
    films: tuple[Film, ...] = ()
    medicament: str = ""
    state: str = ""
    remembered: bool = False


class Course(NamedTuple):
    """The steps of one patient's tooth, oldest first. `restart_reason` as the latest record gives it."""

    tooth: str
    steps: tuple[Step, ...]
    restart_reason: str = ""


Key = tuple[str, str]
"""Whose course it is: `patient_of`, and the tooth."""

Remembered = Mapping[str, Sequence[tuple[str, Step]]]
"""By `patient_of` the visits of a patient that a ledger knows, each with its tooth; of those of one tooth, date and code the
last counts."""


def courses(
    visits: Iterable[Visit],
    remembered: Remembered = MappingProxyType({}),
    states: Mapping[str, str] = MappingProxyType({}),
) -> list[Course]:
    """The course of each patient's tooth with D3351, D3352 or D3353, in the order in which the records name them.

    A visit's own record counts before the ledger, the ledger before another record's episode, and the later of two records (a
    replacement) before the earlier. Voids and predeterminations are no visits. `states` are the states of the records'
    claims, by `visit_of`.
    """
    told = list(_of_teeth(visits))
    steps: dict[Key, dict[tuple[str, str], Step]] = {}
    reasons: dict[Key, str] = {}
    for facts, key in told:
        course = steps.setdefault(key, {})
        for earlier in facts.past:
            if earlier.tooth == key[1]:
                at = (earlier.service_date, earlier.code)
                course[at] = Step(*at)
        if facts.episode and (reason := facts.episode.get("restartReason")):
            reasons[key] = reason
    own = {(key, facts.visit["visitId"]) for facts, key in told}
    for patient, known in remembered.items():
        for tooth, step in known:
            key = (patient, tooth)
            # The ledger's entry of a visit whose record is here may be out of date: the record counts.
            if key in steps and (key, step.visit_id) not in own:
                steps[key][step.date, step.code] = step
    for facts, key in told:
        state = states.get(visit_of(facts.visit), "")
        for step in _steps(facts, key[1]):
            steps[key][step.date, step.code] = step._replace(state=state)
    return [Course(key[1], tuple(sorted(each.values())), reasons.get(key, "")) for key, each in steps.items()]


def _of_teeth(visits: Iterable[Visit]) -> Iterator[tuple[Facts, Key]]:
    """Each visit with each of its courses."""
    for visit in visits:
        facts = Facts(visit, as_of=FAR_FUTURE)
        if not facts.features & (has.VOID | has.PREDETERMINATION):
            for tooth in facts.teeth:
                yield facts, (patient_of(visit), tooth)


def _steps(facts: Facts, tooth: str) -> Iterable[Step]:
    """The record's own visits of the tooth; films and medicament stand at the latest of them."""
    lines = sorted((line.date, line.code) for line in facts.lines if line.tooth == tooth and line.date)
    for number, (date, code) in enumerate(lines, start=1):
        if number < len(lines):
            yield Step(date, code, facts.visit["visitId"])
            continue
        films = [
            Film(film["date"], film.get("view", ""), film.get("finding", ""))
            for _, film in facts.films_of(tooth)
        ]
        medicament = facts.clinical.get("medicament", {})
        words = [text for key in ("name", "action") if (text := medicament.get(key, ""))]
        yield Step(date, code, facts.visit["visitId"], tuple(sorted(films)), ", ".join(map(str, words)))
