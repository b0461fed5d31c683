"""Coded entries: ICD-10-CM diagnoses and CDT procedures, each pointing at the words that it codes.

Only codes of the right form are written. A tooth is told in words: HL7 lists the Universal numbering without an OID, so
that no code of it can stand in a CDA document.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from edi.attachments.cda.codes import CDT, ICD_10_CM, LOINC, SNOMED
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.tree import Element, child, day, identifier, template, typed
from edi.visit.record import Procedure, Visit

_ICD = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}")
_CDT = re.compile(r"D\d{4}")
_DIAGNOSTIC = "D0"

DIAGNOSIS_ROW = "diagnosis"
PROCEDURE_ROW = "procedure"


class _Act(NamedTuple):
    """How an entry of one kind is built."""

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


def dotted(code: str) -> str:
    """An ICD-10-CM code with its dot, or "" when the text has not the form of one."""
    bare = code.strip().upper().replace(".", "")
    if not _ICD.fullmatch(bare):
        return ""
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def diagnoses(section: Element, visit: Visit, identity: Identity) -> None:
    """One postprocedure diagnosis that holds a problem for each code."""
    codes = [(number, dotted(code)) for number, code in enumerate(visit.get("diagnoses", ()), start=1)]
    if not any(code for _, code in codes):
        return
    act = child(child(section, "entry"), "act", classCode="ACT", moodCode="EVN")
    template(act, "2.16.840.1.113883.10.20.22.4.51", "2015-08-01")
    child(act, "code", code="59769-0", codeSystem=LOINC, displayName="Postprocedure diagnosis")
    for number, code in codes:
        if code:
            relation = child(act, "entryRelationship", typeCode="SUBJ")
            _problem(relation, code, number, identity)


def _problem(parent: Element, code: str, number: int, identity: Identity) -> None:
    problem = child(parent, "observation", classCode="OBS", moodCode="EVN")
    template(problem, "2.16.840.1.113883.10.20.22.4.4", "2015-08-01")
    identifier(problem, "id", identity.entry(f"{DIAGNOSIS_ROW}/{number}"))
    kind = child(problem, "code", code="282291009", codeSystem=SNOMED, displayName="Diagnosis")
    child(kind, "translation", code="29308-4", codeSystem=LOINC, displayName="Diagnosis")
    child(child(problem, "text"), "reference", value=f"#{DIAGNOSIS_ROW}-{number}")
    child(problem, "statusCode", code="completed")
    child(child(problem, "effectiveTime"), "low", nullFlavor="UNK")
    # The value set of the template is SNOMED CT; what is known is the ICD-10-CM code.
    value = child(problem, "value", nullFlavor="OTH")
    typed(value, "CD")
    child(value, "translation", code=code, codeSystem=ICD_10_CM, codeSystemName="ICD-10-CM")


def procedures(section: Element, visit: Visit, identity: Identity, *, planned: bool) -> None:
    """An entry for each line whose code is one of CDT."""
    own = visit.get("serviceDate", "")
    for number, line in enumerate(visit["procedures"], start=1):
        if _CDT.fullmatch(line["code"]):
            _line(section, line, number, line.get("serviceDate", own), identity, planned=planned)


def _line(
    section: Element, line: Procedure, number: int, date: str, identity: Identity, *, planned: bool
) -> None:
    kind = _KINDS[planned, line["code"].startswith(_DIAGNOSTIC)]
    entry = child(section, "entry")
    act = child(entry, kind.tag, classCode=kind.class_code, moodCode=kind.mood)
    template(act, kind.template, "2014-06-09")
    identifier(act, "id", identity.entry(f"{PROCEDURE_ROW}/{number}"))
    code = child(act, "code", code=line["code"], codeSystem=CDT, codeSystemName="CDT")
    child(child(code, "originalText"), "reference", value=f"#{PROCEDURE_ROW}-{number}")
    child(act, "statusCode", code=kind.status)
    if date:
        child(act, "effectiveTime", value=day(date))
    elif not planned:
        child(act, "effectiveTime", nullFlavor="UNK")
    tooth = line.get("toothNumber")
    if tooth and kind.tag == "procedure":
        site = child(act, "targetSiteCode", nullFlavor="OTH")
        child(site, "originalText", f"Tooth {tooth} (Universal numbering)")
