"""The text of each section of the structured document: the inside of its narrative block, "" when the record says
nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi.attachments.cda.entries import DIAGNOSIS_ROW, PROCEDURE_ROW, dotted
from edi.attachments.cda.markup import legible
from edi.attachments.cda.narrative import items, paragraph, table
from edi.guide.codes import MEANINGS
from edi.visit.record import Clinical, Procedure, Visit
from edi.visit.tooth import treated_teeth

_AREAS = MEANINGS["1361"]
_GIVEN = ("placed", "replaced")
"""The first word of an action that leaves a medicament in the tooth."""

# The columns of each table: its head, and where the words of a row are
_EARLIER = (("Earlier visit", "date"), ("Procedure", "procedure"))
_TESTS = (("Pulp test", "method"), ("Tooth", "toothNumber"), ("Result", "result"))
_FILMS = (
    ("Radiograph", "date"),
    ("View", "view"),
    ("Tooth", "toothNumber"),
    ("Finding", "finding"),
    ("Attachment", "attachmentId"),
)
_LINES = (
    ("Procedure", "code"),
    ("Description", "description"),
    ("Tooth", "toothNumber"),
    ("Surfaces", "surfaces"),
    ("Area of the mouth", "area"),
    ("Times", "times"),
    ("Date", "serviceDate"),
)
_CODES = (("ICD-10-CM", "code"),)


class Chart(NamedTuple):
    """The source of the sections: the visit, its clinical record, its narrative ("" for none)."""

    visit: Visit
    clinical: Clinical
    narrative: str


def complaint(chart: Chart) -> str:
    """Why the patient came."""
    return paragraph(chart.clinical.get("chiefComplaint"))


def history(chart: Chart) -> str:
    """The history, the response since the last visit, and the earlier visits."""
    clinical = chart.clinical
    return (
        paragraph(clinical.get("history"))
        + paragraph(clinical.get("response"), "Since the last visit")
        + table(_EARLIER, _earlier(chart.visit))
    )


def findings(chart: Chart) -> str:
    """Clinical findings, one a line."""
    return items(chart.clinical.get("findings", ()))


def results(chart: Chart) -> str:
    """Pulp tests and films."""
    clinical = chart.clinical
    return table(_TESTS, clinical.get("pulpTests", ())) + table(_FILMS, clinical.get("radiographs", ()))


def indications(chart: Chart) -> str:
    """Why the procedure was needed."""
    return paragraph(chart.clinical.get("rationale"))


def procedures_done(chart: Chart) -> str:
    """The lines of the claim."""
    visit = chart.visit
    own = visit.get("serviceDate", "")
    lines = [
        {
            "serviceDate": own,
            **line,
            "toothNumber": ", ".join([tooth for tooth, *_ in treated_teeth(line)]),
            "surfaces": line.get("surfaces", "") or ", ".join(_surfaces(line)),
            "area": ", ".join([_AREAS.get(area, "") for area in _areas(line)]),
            "times": str(line["quantity"]) if line.get("quantity", 1) > 1 else "",
        }
        for line in visit["procedures"]
    ]
    return table(_LINES, lines, PROCEDURE_ROW)


def _surfaces(line: Procedure) -> Iterator[str]:
    """The surfaces of each of several teeth."""
    return (f"{tooth} {surfaces}" for tooth, surfaces, _ in treated_teeth(line) if surfaces)


def _areas(line: Procedure) -> list[str]:
    areas: str | Sequence[str] = line.get("oralCavity", [])
    return [areas] if isinstance(areas, str) else [*areas]


def procedures_planned(chart: Chart) -> str:
    """The lines of the claim, after the narrative and the planned medicament."""
    medicament = paragraph(_medicament(chart), "Medicament")
    return paragraph(chart.narrative) + medicament + procedures_done(chart)


def description(chart: Chart) -> str:
    """The narrative, and the action on the medicament where none was administered."""
    medicament = "" if _is_given(chart) else _medicament(chart)
    return paragraph(chart.narrative) + paragraph(medicament, "Medicament")


def medicament_given(chart: Chart) -> str:
    """The medicament that was put into the canal."""
    return paragraph(_medicament(chart)) if _is_given(chart) else ""


def complications(chart: Chart) -> str:
    """Complications, or that there were none, in the record's words."""
    return paragraph(chart.clinical.get("complications"))


def diagnosis(chart: Chart) -> str:
    """The diagnosis in words, and its codes."""
    codes = [{"code": code} for code in _codes(chart.visit)]
    return paragraph(chart.clinical.get("diagnosis")) + table(_CODES, codes, DIAGNOSIS_ROW)


def plan(chart: Chart) -> str:
    """The treatment plan and the follow-up."""
    clinical = chart.clinical
    return paragraph(clinical.get("treatmentPlan"), "Plan") + paragraph(clinical.get("followUp"), "Follow-up")


def assessment_and_plan(chart: Chart) -> str:
    """The plan before any treatment: with the diagnosis, and why the treatment is needed."""
    clinical = chart.clinical
    return (
        paragraph(clinical.get("diagnosis"), "Diagnosis")
        + paragraph(", ".join(_codes(chart.visit)), "ICD-10-CM")
        + paragraph(clinical.get("rationale"), "Why needed")
        + paragraph(clinical.get("complications"), "Complications")
        + plan(chart)
    )


def _codes(visit: Visit) -> list[str]:
    """The diagnoses: codes with their dot, other text as it is."""
    return [dotted(code) or code for code in visit.get("diagnoses", ())]


def _medicament(chart: Chart) -> str:
    medicament = chart.clinical.get("medicament", {})
    parts = (legible(medicament.get("name", "")), legible(medicament.get("action", "")))
    return ", ".join([part for part in parts if part])


def _is_given(chart: Chart) -> bool:
    medicament = chart.clinical.get("medicament", {})
    return bool(medicament.get("name")) and medicament.get("action", "").strip().lower().startswith(_GIVEN)


def _earlier(visit: Visit) -> list[dict[str, str]]:
    episode = visit.get("episode")
    if not episode:
        return []
    tooth = episode["toothNumber"]
    return [
        {"date": each["serviceDate"], "procedure": f"{each['code']}, tooth {tooth}"}
        for each in episode["visits"]
    ]
