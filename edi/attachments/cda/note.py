"""The structured document: the clinical record of a visit, section by section.

A visit at which something was done is a Procedure Note, which asks for description, indications, diagnosis,
complications, assessment and plan: the very record of a dental procedure. A predetermination plans and does nothing; it is
a Progress Note. A section without which the template is not met stands also where the record is silent, and says so
(nullFlavor NI); any other stands only where there is something to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from edi.attachments.cda import content
from edi.attachments.cda.codes import DOCUMENTS, LOINC, PROCEDURE_NOTE, PROGRESS_NOTE
from edi.attachments.cda.content import Chart
from edi.attachments.cda.header import Kind, header
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.narrative import SILENT, paragraphs
from edi.attachments.cda.sign import LARGEST, SigningKey, signed
from edi.attachments.cda.tree import Element, Section, child, section, serialized, template, unknown
from edi.attachments.cda.values import XML, Made, Stamp
from edi.visit.record import Visit

KEY = "note"
_DONE = Kind("2.16.840.1.113883.10.20.22.1.6", PROCEDURE_NOTE, DOCUMENTS[PROCEDURE_NOTE].meaning, "PROC")
_PLANNED = Kind(
    "2.16.840.1.113883.10.20.22.1.9",
    PROGRESS_NOTE,
    DOCUMENTS[PROGRESS_NOTE].meaning,
    "PCPR",
    "2.16.840.1.113883.10.20.21.3.1",
)


class Part(NamedTuple):
    """A section: LOINC code, title, template with extension, what fills it (False when the record is silent), and
    whether its document must have it."""

    code: str
    title: str
    template: str
    extension: str
    fill: Callable[[Section, Chart], bool]
    demanded: bool = False


_COMPLAINT = Part("10154-3", "Chief complaint", "1.3.6.1.4.1.19376.1.5.3.1.1.13.2.1", "", content.complaint)
_HISTORY = Part("10164-2", "History", "1.3.6.1.4.1.19376.1.5.3.1.3.4", "", content.history)
_FINDINGS = Part("61149-1", "Findings", "2.16.840.1.113883.10.20.21.2.1", "", content.findings)
_RESULTS = Part(
    "30954-2",
    "Results of tests and imaging",
    "2.16.840.1.113883.10.20.22.2.3",
    "2015-08-01",
    content.results,
)
SECTIONS: dict[Kind, tuple[Part, ...]] = {
    _DONE: (
        _COMPLAINT,
        _HISTORY,
        _FINDINGS,
        _RESULTS,
        Part(
            "59768-2",
            "Indications",
            "2.16.840.1.113883.10.20.22.2.29",
            "2014-06-09",
            content.indications,
            demanded=True,
        ),
        Part(
            "47519-4",
            "Procedures",
            "2.16.840.1.113883.10.20.22.2.7",
            "2014-06-09",
            content.procedures_done,
        ),
        Part(
            "29554-3",
            "Description of the procedure",
            "2.16.840.1.113883.10.20.22.2.27",
            "",
            content.description,
            demanded=True,
        ),
        Part(
            "29549-3",
            "Medicament",
            "2.16.840.1.113883.10.20.22.2.38",
            "2014-06-09",
            content.medicament_given,
        ),
        Part(
            "55109-3",
            "Complications",
            "2.16.840.1.113883.10.20.22.2.37",
            "2015-08-01",
            content.complications,
            demanded=True,
        ),
        Part(
            "59769-0",
            "Diagnosis",
            "2.16.840.1.113883.10.20.22.2.36",
            "2015-08-01",
            content.diagnosis,
            demanded=True,
        ),
        Part(
            "51847-2",
            "Assessment and plan",
            "2.16.840.1.113883.10.20.22.2.9",
            "2014-06-09",
            content.plan,
            demanded=True,
        ),
    ),
    _PLANNED: (
        _COMPLAINT,
        _HISTORY,
        _FINDINGS,
        _RESULTS,
        Part(
            "59772-4",
            "Planned procedures",
            "2.16.840.1.113883.10.20.22.2.30",
            "2014-06-09",
            content.procedures_planned,
        ),
        Part(
            "51847-2",
            "Assessment and plan",
            "2.16.840.1.113883.10.20.22.2.9",
            "2014-06-09",
            content.assessment_and_plan,
            demanded=True,
        ),
    ),
}
"""The sections of each kind of document, in order."""


def structured(
    visit: Visit, narrative: str, stamp: Stamp, out: BinaryIO, key: SigningKey | None = None
) -> Made:
    """Write the clinical record of a visit to `out`, with its whole narrative ("" for none) word for word.

    Nothing is invented: what the record does not say is left out, or null where the template demands it. With a `key`
    the document is signed, unless it is larger than `LARGEST` octets. OSError when writing fails.
    """
    kind = _PLANNED if visit.get("claim", {}).get("purpose") == "predetermination" else _DONE
    identity = Identity(stamp.oid_root, visit, KEY)
    document = header(visit, kind, identity, stamp)
    body = child(child(document, "component"), "structuredBody")
    chart = Chart(visit, visit.get("clinical", {}), narrative, identity)
    for part in SECTIONS[kind]:
        _section(body, part, chart)
    data = serialized(document)
    is_signed = key is not None and len(data) <= LARGEST
    if key and is_signed:
        data = signed(data, key)
    out.write(data)
    digest = hashlib.sha256(data).hexdigest()
    return Made(XML, len(data), digest, identity.document(stamp.version), kind.code, is_signed)


def _section(body: Element, part: Part, chart: Chart) -> None:
    component = child(body, "component")
    made = section(component)
    template(made, part.template, part.extension)
    child(made, "code", code=part.code, codeSystem=LOINC, codeSystemName="LOINC")
    child(made, "title", part.title)
    made.text = child(made, "text")
    if part.fill(made, chart):
        return
    if part.demanded:
        unknown(made)
        paragraphs(made.text, [("", SILENT)])
    else:
        body.inside.remove(component)
