"""The course of a tooth as several records tell it: visits, films, medicament, each once and in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.identity import patient_of
from edi.visit.record import Visit

EVER = "9999-12-31"
"""A day that no visit lies after: what is told of a record, not judged, does not hang on today."""


class Film(NamedTuple):
    """A radiograph of the tooth; `view` and `finding` are empty where the record has none."""

    date: str
    view: str
    finding: str


class Step(NamedTuple):
    """One visit of the course. `visit_id` is None when only another record's episode knows of it."""

    date: str
    code: str
    visit_id: str | None = None
    films: tuple[Film, ...] = ()
    medicament: str = ""


class Course(NamedTuple):
    """The steps of one patient's tooth, oldest first. `restart_reason` as the latest record gives it."""

    tooth: str
    steps: tuple[Step, ...]
    restart_reason: str = ""


def courses(visits: Iterable[Visit]) -> list[Course]:
    """The course of each patient's tooth with D3351, D3352 or D3353, in the order in which the records name them.

    A record's own telling of a visit stands before what another's episode says of it, and the later of two records
    (a replacement) before the earlier. Voids and plans are no visits.
    """
    steps: dict[tuple[str, str], dict[tuple[str, str], Step]] = {}
    reasons: dict[tuple[str, str], str] = {}
    for visit in visits:
        facts = Facts(visit, as_of=EVER)
        if facts.features & (has.VOID | has.PREDETERMINATION):
            continue
        for tooth in facts.teeth:
            key = (patient_of(visit), tooth)
            course = steps.setdefault(key, {})
            for earlier in facts.past:
                if earlier.tooth == tooth:
                    at = (earlier.service_date, earlier.code)
                    course.setdefault(at, Step(*at))
            for step in _steps(facts, tooth):
                course[step.date, step.code] = step
            if facts.episode and (reason := facts.episode.get("restartReason")):
                reasons[key] = reason
    return [
        Course(key[-1], tuple(sorted(each.values())), reasons.get(key, "")) for key, each in steps.items()
    ]


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
