"""Coded entries: ICD-10-CM diagnoses and CDT procedures, each pointing at the words that it codes.

Only codes of the right form are written. A tooth is told in words: HL7 lists the Universal numbering without an OID, so
that no code of it can stand in a CDA document.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from edi.attachments.cda.codes import CDT, ICD_10_CM, LOINC, SNOMED
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.markup import R20, R21, day, template, text
from edi.visit.record import Procedure, Visit
from edi.visit.tooth import treated_teeth

_ICD = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}")
_CDT = re.compile(r"D\d{4}")
_DIAGNOSTIC = "D0"

DIAGNOSIS_ROW = "diagnosis"
PROCEDURE_ROW = "procedure"


class _Act(NamedTuple):
    """The markup of one kind of entry."""

    tag: str
    class_code: str
    mood: str
    template: str
    status: str


_ACT = "2.16.840.1.113883.10.20.22.4.12"
_PROCEDURE = "2.16.840.1.113883.10.20.22.4.14"
_PLANNED_ACT = "2.16.840.1.113883.10.20.22.4.39"
_PLANNED_PROCEDURE = "2.16.840.1.113883.10.20.22.4.41"
_KINDS = {
    # (planned, diagnostic): an examination or a film alters nothing in the body, which a procedure does
    (False, False): _Act("procedure", "PROC", "EVN", _PROCEDURE, "completed"),
    (False, True): _Act("act", "ACT", "EVN", _ACT, "completed"),
    (True, False): _Act("procedure", "PROC", "RQO", _PLANNED_PROCEDURE, "active"),
    (True, True): _Act("act", "ACT", "RQO", _PLANNED_ACT, "active"),
}
_POSTPROCEDURE = (
    f'{template("2.16.840.1.113883.10.20.22.4.51", R21)}<code code="59769-0" codeSystem="{LOINC}"'
    ' displayName="Postprocedure diagnosis"/>'
)
_PROBLEM = template("2.16.840.1.113883.10.20.22.4.4", R21)
_DIAGNOSIS = (
    f'<code code="282291009" codeSystem="{SNOMED}" displayName="Diagnosis">'
    f'<translation code="29308-4" codeSystem="{LOINC}" displayName="Diagnosis"/></code>'
)


def dotted(code: str) -> str:
    """An ICD-10-CM code with its dot, or "" when the text is no such code."""
    bare = code.strip().upper().replace(".", "")
    if not _ICD.fullmatch(bare):
        return ""
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def diagnoses(visit: Visit, identity: Identity) -> str:
    """One postprocedure diagnosis that holds a problem for each code; "" without codes."""
    problems = "".join(
        [
            f'<entryRelationship typeCode="SUBJ">{_problem(code, number, identity)}</entryRelationship>'
            for number, raw in enumerate(visit.get("diagnoses", ()), start=1)
            if (code := dotted(raw))
        ]
    )
    if not problems:
        return ""
    return f'<entry><act classCode="ACT" moodCode="EVN">{_POSTPROCEDURE}{problems}</act></entry>'


def _problem(code: str, number: int, identity: Identity) -> str:
    # The value set of the template is SNOMED CT; what is known is the ICD-10-CM code.
    return (
        f'<observation classCode="OBS" moodCode="EVN">{_PROBLEM}'
        f"{identity.entry(f'{DIAGNOSIS_ROW}/{number}')}{_DIAGNOSIS}"
        f'<text><reference value="#{DIAGNOSIS_ROW}-{number}"/></text><statusCode code="completed"/>'
        '<effectiveTime><low nullFlavor="UNK"/></effectiveTime><value nullFlavor="OTH" xsi:type="CD">'
        f'<translation code="{code}" codeSystem="{ICD_10_CM}" codeSystemName="ICD-10-CM"/></value></observation>'
    )


def procedures_done(visit: Visit, identity: Identity) -> str:
    """An entry for each line with a CDT code."""
    return _procedures(visit, identity, planned=False)


def procedures_planned(visit: Visit, identity: Identity) -> str:
    """An entry for each planned line with a CDT code."""
    return _procedures(visit, identity, planned=True)


def _procedures(visit: Visit, identity: Identity, *, planned: bool) -> str:
    own = visit.get("serviceDate", "")
    return "".join(
        [
            _line(line, number, line.get("serviceDate", own), identity, planned=planned)
            for number, line in enumerate(visit["procedures"], start=1)
            if _CDT.fullmatch(line["code"])
        ]
    )


def _line(line: Procedure, number: int, date: str, identity: Identity, *, planned: bool) -> str:
    code = line["code"]
    tag, class_code, mood, oid, status = _KINDS[planned, code.startswith(_DIAGNOSTIC)]
    when = f'value="{day(date)}"' if date else 'nullFlavor="UNK"'
    time = f"<effectiveTime {when}/>" if date or not planned else ""
    teeth = [tooth for tooth, *_ in treated_teeth(line)]
    site = ""
    if teeth and tag == "procedure":
        where = text(f"{'Tooth' if len(teeth) == 1 else 'Teeth'} {', '.join(teeth)} (Universal numbering)")
        site = f'<targetSiteCode nullFlavor="OTH"><originalText>{where}</originalText></targetSiteCode>'
    return (
        f'<entry><{tag} classCode="{class_code}" moodCode="{mood}">{template(oid, R20)}'
        f"{identity.entry(f'{PROCEDURE_ROW}/{number}')}"
        f'<code code="{code}" codeSystem="{CDT}" codeSystemName="CDT">'
        f'<originalText><reference value="#{PROCEDURE_ROW}-{number}"/></originalText></code>'
        f'<statusCode code="{status}"/>{time}{site}</{tag}></entry>'
    )
