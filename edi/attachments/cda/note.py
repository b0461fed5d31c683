"""The structured document: the clinical record of a visit, section by section.

A visit at which something was done is a Procedure Note, which asks for description, indications, diagnosis,
complications, assessment and plan: the very record of a dental procedure. A predetermination plans and does nothing; it is
a Progress Note. A section without which the template is not met stands also where the record is silent, and says so
(nullFlavor NI); any other stands only where there is something to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from edi.attachments.cda import content, entries
from edi.attachments.cda.codes import DOCUMENTS, LOINC, PROCEDURE_NOTE, PROGRESS_NOTE
from edi.attachments.cda.content import Chart
from edi.attachments.cda.header import Kind, header
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.markup import END, R20, R21, template
from edi.attachments.cda.narrative import paragraph
from edi.attachments.cda.sign import LARGEST, SigningKey, signed
from edi.attachments.cda.values import Stamp
from edi.visit.chart import stated
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
_SILENT = paragraph("No information in the record.")


@dataclass(frozen=True)
class Part:
    """A section: LOINC code, title, template with extension, what it says ("" when the record is silent), the coded entries
    beside that, and whether its document must have it."""

    code: str
    title: str
    template: str
    extension: str
    said: Callable[[Chart], str]
    coded: Callable[[Visit, Identity], str] | None = None
    demanded: bool = False

    @cached_property
    def start(self) -> str:
        """The section up to its text."""
        return f"<component><section>{self._head}<text>"

    @cached_property
    def silent(self) -> str:
        """The section when the record says nothing."""
        if not self.demanded:
            return ""
        return f'<component><section nullFlavor="NI">{self._head}<text>{_SILENT}</text></section></component>'

    @property
    def _head(self) -> str:
        code = f'<code code="{self.code}" codeSystem="{LOINC}" codeSystemName="LOINC"/>'
        return f"{template(self.template, self.extension)}{code}<title>{self.title}</title>"


_COMMON = (
    Part("10154-3", "Chief complaint", "1.3.6.1.4.1.19376.1.5.3.1.1.13.2.1", "", content.complaint),
    Part("10164-2", "History", "1.3.6.1.4.1.19376.1.5.3.1.3.4", "", content.history),
    Part("61149-1", "Findings", "2.16.840.1.113883.10.20.21.2.1", "", content.findings),
    Part("30954-2", "Results of tests and imaging", "2.16.840.1.113883.10.20.22.2.3", R21, content.results),
)
SECTIONS: dict[Kind, tuple[Part, ...]] = {
    _DONE: (
        *_COMMON,
        Part(
            "59768-2",
            "Indications",
            "2.16.840.1.113883.10.20.22.2.29",
            R20,
            content.indications,
            demanded=True,
        ),
        Part(
            "47519-4",
            "Procedures",
            "2.16.840.1.113883.10.20.22.2.7",
            R20,
            content.procedures_done,
            entries.procedures_done,
        ),
        Part(
            "29554-3",
            "Description of the procedure",
            "2.16.840.1.113883.10.20.22.2.27",
            "",
            content.description,
            demanded=True,
        ),
        Part("29549-3", "Medicament", "2.16.840.1.113883.10.20.22.2.38", R20, content.medicament_given),
        Part(
            "55109-3",
            "Complications",
            "2.16.840.1.113883.10.20.22.2.37",
            R21,
            content.complications,
            demanded=True,
        ),
        Part(
            "59769-0",
            "Diagnosis",
            "2.16.840.1.113883.10.20.22.2.36",
            R21,
            content.diagnosis,
            entries.diagnoses,
            demanded=True,
        ),
        Part(
            "51847-2",
            "Assessment and plan",
            "2.16.840.1.113883.10.20.22.2.9",
            R20,
            content.plan,
            demanded=True,
        ),
    ),
    _PLANNED: (
        *_COMMON,
        Part(
            "59772-4",
            "Planned procedures",
            "2.16.840.1.113883.10.20.22.2.30",
            R20,
            content.procedures_planned,
            entries.procedures_planned,
        ),
        Part(
            "51847-2",
            "Assessment and plan",
            "2.16.840.1.113883.10.20.22.2.9",
            R20,
            content.assessment_and_plan,
            demanded=True,
        ),
    ),
}
"""The sections of each kind of document, in order."""


def structured(visit: Visit, narrative: str, stamp: Stamp, key: SigningKey | None = None) -> bytes:
    """The clinical record of a visit, with its whole narrative ("" for none) word for word.

    Nothing is invented: what the record does not say is left out, or null where the template demands it. With a `key`
    the document is signed, unless it is larger than `LARGEST` octets.
    """
    kind = _PLANNED if visit.get("claim", {}).get("purpose") == "predetermination" else _DONE
    identity = Identity(stamp.oid_root, visit, KEY)
    chart = Chart(visit, stated(visit.get("clinical", {})), narrative)
    parts = [header(visit, kind, identity, stamp), "<component><structuredBody>"]
    for part in SECTIONS[kind]:
        if told := part.said(chart):
            coded = part.coded(visit, identity) if part.coded else ""
            parts += (part.start, told, "</text>", coded, "</section></component>")
        else:
            parts.append(part.silent)
    parts += ("</structuredBody></component>", END)
    octets = "".join(parts).encode()
    return signed(octets, key) if key and len(octets) <= LARGEST else octets
