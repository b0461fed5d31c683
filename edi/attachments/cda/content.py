"""What each section of the structured document says. A function fills a section whose last child is its empty `text`,
and gives False, adding nothing, when the record is silent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi.attachments.cda import entries
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.narrative import items, paragraphs, said, table
from edi.attachments.cda.tree import Section, legible
from edi.guide.codes import MEANINGS
from edi.visit.record import Clinical, Visit

_AREAS = MEANINGS["1361"]
_GIVEN = ("placed", "replaced")
"""How the action on a medicament begins when some of it was administered."""


class Chart(NamedTuple):
    """What the sections are filled from: the visit, its clinical record, its narrative ("" for none)."""

    visit: Visit
    clinical: Clinical
    narrative: str
    identity: Identity


def complaint(section: Section, chart: Chart) -> bool:
    """Why the patient came."""
    return _told(section, said(("", chart.clinical.get("chiefComplaint"))))


def history(section: Section, chart: Chart) -> bool:
    """What was before, and what became of it since the last visit."""
    clinical = chart.clinical
    earlier = _earlier(chart.visit)
    told = _told(
        section,
        said(("", clinical.get("history")), ("Since the last visit", clinical.get("response"))),
    )
    if earlier:
        table(section.text, ("Earlier visit", "Procedure"), earlier)
    return told or bool(earlier)


def findings(section: Section, chart: Chart) -> bool:
    """Clinical findings, one a line."""
    lines = [text for each in chart.clinical.get("findings", ()) if (text := legible(each))]
    if lines:
        items(section.text, lines)
    return bool(lines)


def results(section: Section, chart: Chart) -> bool:
    """Pulp tests and films."""
    tests = chart.clinical.get("pulpTests", ())
    films = chart.clinical.get("radiographs", ())
    if tests:
        table(
            section.text,
            ("Pulp test", "Tooth", "Result"),
            [(test["method"], test["toothNumber"], test["result"]) for test in tests],
        )
    if films:
        table(
            section.text,
            ("Radiograph", "View", "Tooth", "Finding", "Attachment"),
            [
                (
                    film["date"],
                    film.get("view", ""),
                    film.get("toothNumber", ""),
                    film.get("finding", ""),
                    film.get("attachmentId", ""),
                )
                for film in films
            ],
        )
    return bool(tests or films)


def indications(section: Section, chart: Chart) -> bool:
    """Why the procedure was needed."""
    return _told(section, said(("", chart.clinical.get("rationale"))))


def procedures_done(section: Section, chart: Chart) -> bool:
    """The lines of the claim, as done."""
    return _procedures(section, chart, planned=False)


def procedures_planned(section: Section, chart: Chart) -> bool:
    """The lines of the claim, as planned, with the narrative and the medicament that is meant to be used."""
    _told(section, said(("", chart.narrative), ("Medicament", _medicament(chart))))
    return _procedures(section, chart, planned=True)


def description(section: Section, chart: Chart) -> bool:
    """The narrative, and what was done with a medicament when that is no administration."""
    medicament = "" if _is_given(chart) else _medicament(chart)
    return _told(section, said(("", chart.narrative), ("Medicament", medicament)))


def medicament_given(section: Section, chart: Chart) -> bool:
    """The medicament that was put into the canal."""
    return _is_given(chart) and _told(section, said(("", _medicament(chart))))


def complications(section: Section, chart: Chart) -> bool:
    """Complications, or that there were none, in the record's words."""
    return _told(section, said(("", chart.clinical.get("complications"))))


def diagnosis(section: Section, chart: Chart) -> bool:
    """The diagnosis in words, and its codes."""
    codes = chart.visit.get("diagnoses", ())
    told = _told(section, said(("", chart.clinical.get("diagnosis"))))
    if not codes:
        return told
    table(
        section.text,
        ("ICD-10-CM",),
        [(entries.dotted(code) or code,) for code in codes],
        entries.DIAGNOSIS_ROW,
    )
    entries.diagnoses(section, chart.visit, chart.identity)
    return True


def plan(section: Section, chart: Chart) -> bool:
    """What comes next."""
    return _told(section, _plan(chart))


def assessment_and_plan(section: Section, chart: Chart) -> bool:
    """The same where nothing was done yet: with the diagnosis, and why the treatment is needed."""
    clinical = chart.clinical
    codes = ", ".join(entries.dotted(code) or code for code in chart.visit.get("diagnoses", ()))
    why = said(
        ("Diagnosis", clinical.get("diagnosis")),
        ("ICD-10-CM", codes),
        ("Why needed", clinical.get("rationale")),
        ("Complications", clinical.get("complications")),
    )
    return _told(section, why + _plan(chart))


def _plan(chart: Chart) -> list[tuple[str, str]]:
    return said(("Plan", chart.clinical.get("treatmentPlan")), ("Follow-up", chart.clinical.get("followUp")))


def _told(section: Section, labelled: Iterable[tuple[str, str]]) -> bool:
    told = list(labelled)
    paragraphs(section.text, told)
    return bool(told)


def _medicament(chart: Chart) -> str:
    medicament = chart.clinical.get("medicament", {})
    return ", ".join(text for _, text in said(("", medicament.get("name")), ("", medicament.get("action"))))


def _is_given(chart: Chart) -> bool:
    medicament = chart.clinical.get("medicament", {})
    return bool(medicament.get("name")) and medicament.get("action", "").strip().lower().startswith(_GIVEN)


def _earlier(visit: Visit) -> list[tuple[str, str]]:
    episode = visit.get("episode")
    if not episode:
        return []
    tooth = episode["toothNumber"]
    return [(each["serviceDate"], f"{each['code']}, tooth {tooth}") for each in episode["visits"]]


def _procedures(section: Section, chart: Chart, *, planned: bool) -> bool:
    visit = chart.visit
    own = visit.get("serviceDate", "")
    table(
        section.text,
        ("Procedure", "Description", "Tooth", "Surfaces", "Area of the mouth", "Times", "Date"),
        [
            (
                line["code"],
                line.get("description", ""),
                line.get("toothNumber", ""),
                line.get("surfaces", ""),
                _AREAS.get(line.get("oralCavity", ""), ""),
                str(line["quantity"]) if line.get("quantity", 1) > 1 else "",
                line.get("serviceDate", own),
            )
            for line in visit["procedures"]
        ],
        entries.PROCEDURE_ROW,
    )
    entries.procedures(section, visit, chart.identity, planned=planned)
    return True
