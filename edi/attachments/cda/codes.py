"""Document codes (LOINC), the parts of a visit that answer each, and the OIDs of code systems.

LOINC codes: HL7's list of valid attachment requests (1.3.6.1.4.1.12009.10.2.6, as of June 2022). The meanings are in our own words. This material contains content from LOINC (http://loinc.org), copyright Regenstrief
Institute, Inc., available at no cost under the license at http://loinc.org/license.
"""

from __future__ import annotations

from typing import Final, NamedTuple

LOINC: Final = "2.16.840.1.113883.6.1"
SNOMED: Final = "2.16.840.1.113883.6.96"
ICD_10_CM: Final = "2.16.840.1.113883.6.90"
CDT: Final = "2.16.840.1.113883.6.13"
NPI: Final = "2.16.840.1.113883.4.6"
TAXONOMY: Final = "2.16.840.1.113883.6.101"
GENDER: Final = "2.16.840.1.113883.5.1"
CONFIDENTIALITY: Final = "2.16.840.1.113883.5.25"

PROCEDURE_NOTE: Final = "28570-0"
PROGRESS_NOTE: Final = "11506-3"
NOTE: Final = "note"
"""The kind of the structured document, beside the attachment types of the visit record."""


class DocumentCode(NamedTuple):
    """A LOINC document code, what it asks for, and the kinds that answer it: attachment types of the visit record, or
    "note" for the structured clinical record of the visit."""

    code: str
    meaning: str
    kinds: tuple[str, ...]


DOCUMENTS: Final[dict[str, DocumentCode]] = {
    each.code: each
    for each in (
        DocumentCode("52040-3", "Dental X-rays and other images", ("radiograph", "photograph", "models")),
        DocumentCode("74030-8", "Periodontal chart", ("periodontalChart",)),
        DocumentCode("46212-7", "Photograph before the treatment", ("photograph",)),
        DocumentCode(PROCEDURE_NOTE, "Procedure note", (NOTE, "narrative")),
        DocumentCode(PROGRESS_NOTE, "Progress note", (NOTE, "narrative")),
        DocumentCode("11504-8", "Operative note", (NOTE, "narrative")),
        DocumentCode("34117-2", "History and examination", (NOTE, "narrative")),
        DocumentCode("18776-5", "Treatment plan", (NOTE, "narrative")),
        DocumentCode("11503-0", "Clinical records", (NOTE, "report", "narrative", "other")),
        DocumentCode("18748-4", "Report of a diagnostic image", ("report", "radiologyReport")),
        DocumentCode("11526-1", "Pathology report", ("report",)),
        DocumentCode("11488-4", "Consultation report", ("report", "referral")),
        DocumentCode("57133-1", "Referral letter", ("referral",)),
        DocumentCode("52030-4", "Explanation of benefits of another payer", ("explanationOfBenefits",)),
        DocumentCode("52033-8", "Letter or other correspondence", ("narrative", "other")),
    )
}
"""By code. Of any other code it is not known which files of a visit answer it."""

_OWN: Final = {
    "radiograph": "52040-3",
    "photograph": "52040-3",
    "models": "52040-3",
    "periodontalChart": "74030-8",
    "report": "11503-0",
    "radiologyReport": "18748-4",
    "referral": "57133-1",
    "explanationOfBenefits": "52030-4",
    "narrative": "52033-8",
    "other": "52033-8",
}


def document_code(kind: str) -> DocumentCode:
    """The code under which a file of an attachment type is sent. KeyError for a type that no visit record has."""
    return DOCUMENTS[_OWN[kind]]


def kinds_for(code: str) -> tuple[str, ...]:
    """The kinds that answer a request for a LOINC code; empty when none is known to."""
    return DOCUMENTS[code].kinds if code in DOCUMENTS else ()
