"""The US Realm header of C-CDA R2.1: patient, author, custodian and visit of a document.

Templates and their extensions: C-CDA R2.1 (August 2015 with errata). A legal authenticator is always there, as HL7's
attachment guide demands (AIGEX-HD4); it takes "signature on file" for one.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.cda.codes import CONFIDENTIALITY, GENDER, LOINC
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.markup import R21, START, day, identifier, quoted, template, text
from edi.attachments.cda.people import address, name, practice_of
from edi.attachments.cda.values import Stamp
from edi.visit.record import Visit

US_REALM = "2.16.840.1.113883.10.20.22.1.1"

_START = (
    f'{START}<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
    f"{template(US_REALM, R21)}"
)
_DEVICE = (
    "<assignedAuthoringDevice><manufacturerModelName>edi</manufacturerModelName><softwareName>edi</softwareName>"
    "</assignedAuthoringDevice>"
)
"""The author when the record names no person: this software, for the practice."""
_ON_FILE = "<name>Signature on file</name>"
"""The signer when the record names no person: the practice has the signature on file."""


class Kind(NamedTuple):
    """A document template: its OID, its LOINC code, what it is called, and the class and template of the service event
    that it documents."""

    template: str
    code: str
    title: str
    event: str = "ACT"
    event_template: str = ""


def header(visit: Visit, kind: Kind, identity: Identity, stamp: Stamp) -> str:
    """A ClinicalDocument up to its body."""
    person, entity, organization, place = practice_of(visit)
    signer = f"<assignedPerson>{person or _ON_FILE}</assignedPerson>"
    treated = signer if person else ""
    employer = f"<representedOrganization>{organization}</representedOrganization>"
    made = f'value="{day(stamp.as_of)}"'
    period = _period(visit)
    return (
        f"{_START}{template(kind.template, R21)}{identifier('id', identity.document(stamp.version))}"
        f'<code code="{kind.code}" codeSystem="{LOINC}" codeSystemName="LOINC"/><title>{text(kind.title)}</title>'
        f'<effectiveTime {made}/><confidentialityCode code="N" codeSystem="{CONFIDENTIALITY}"/>'
        f'<languageCode code="en-US"/>{identifier("setId", identity.set())}'
        f'<versionNumber value="{stamp.version}"/>'
        f"<recordTarget>{_patient_role(visit, identity)}</recordTarget>"
        f"<author><time {made}/><assignedAuthor>{entity}{treated or _DEVICE}{employer}</assignedAuthor></author>"
        f"<custodian><assignedCustodian><representedCustodianOrganization>{organization}"
        "</representedCustodianOrganization></assignedCustodian></custodian>"
        f'<legalAuthenticator><time {made}/><signatureCode code="S"/>'
        f"<assignedEntity>{entity}{signer}{employer}</assignedEntity></legalAuthenticator>"
        f'<documentationOf><serviceEvent classCode="{kind.event}">'
        f"{template(kind.event_template) if kind.event_template else ''}{period}"
        f'<performer typeCode="PPRF"><assignedEntity>{entity}{treated}</assignedEntity></performer>'
        f"</serviceEvent></documentationOf>{_replaced(identity, stamp.version)}"
        f"<componentOf><encompassingEncounter>{identifier('id', identity.encounter())}"
        f'<code nullFlavor="NI"/>{period}<location><healthCareFacility>{place}</healthCareFacility></location>'
        "</encompassingEncounter></componentOf>"
    )


def _patient_role(visit: Visit, identity: Identity) -> str:
    patient = visit.get("patient") or visit["subscriber"]
    gender = patient.get("gender", "U")
    # X12 and the record mean unknown by U; HL7's own code would mean undifferentiated
    sex = 'nullFlavor="UNK"' if gender == "U" else f'code="{quoted(gender)}" codeSystem="{GENDER}"'
    birth = f'value="{day(patient["birthDate"])}"' if "birthDate" in patient else 'nullFlavor="UNK"'
    return (
        f"<patientRole>{identifier('id', identity.patient())}{address(patient.get('address'), 'HP')}"
        f'<telecom nullFlavor="UNK"/><patient>{name(patient)}<administrativeGenderCode {sex}/>'
        f'<birthTime {birth}/><raceCode nullFlavor="UNK"/><ethnicGroupCode nullFlavor="UNK"/></patient></patientRole>'
    )


def _period(visit: Visit) -> str:
    """From the first to the last day of treatment; unknown when it is only planned."""
    own = visit.get("serviceDate", "")
    dates = [own, *[line.get("serviceDate", own) for line in visit["procedures"]]]
    days = [date for date in dates if date]
    if not days:
        return '<effectiveTime><low nullFlavor="UNK"/><high nullFlavor="UNK"/></effectiveTime>'
    return f'<effectiveTime><low value="{day(min(days))}"/><high value="{day(max(days))}"/></effectiveTime>'


def _replaced(identity: Identity, version: int) -> str:
    """The reference to the version before this one; "" in the first version."""
    if version == 1:
        return ""
    return (
        f'<relatedDocument typeCode="RPLC"><parentDocument>{identifier("id", identity.document(version - 1))}'
        f'{identifier("setId", identity.set())}<versionNumber value="{version - 1}"/></parentDocument></relatedDocument>'
    )
