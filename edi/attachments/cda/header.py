"""The US Realm header of C-CDA R2.1, which every document has: whose record, by whom, kept by whom, about which visit.

Templates and their extensions: C-CDA R2.1 (August 2015 with errata). A legal authenticator is always there, as HL7's
attachment guide demands (AIGEX-HD4); it takes "signature on file" for one.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.cda import people
from edi.attachments.cda.codes import CONFIDENTIALITY, GENDER, LOINC
from edi.attachments.cda.identity import Identity
from edi.attachments.cda.tree import Element, child, day, identifier, period, root, template
from edi.attachments.cda.values import Stamp
from edi.visit.record import Visit

R21 = "2015-08-01"
US_REALM = "2.16.840.1.113883.10.20.22.1.1"


class Kind(NamedTuple):
    """A document template: its OID, its LOINC code, what it is called, and the class and template of the service event
    that it documents."""

    template: str
    code: str
    title: str
    event: str = "ACT"
    event_template: str = ""


def header(visit: Visit, kind: Kind, identity: Identity, stamp: Stamp) -> Element:
    """A ClinicalDocument that lacks only its body."""
    document = root("ClinicalDocument")
    child(document, "realmCode", code="US")
    child(document, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    template(document, US_REALM, R21)
    template(document, kind.template, R21)
    identifier(document, "id", identity.document(stamp.version))
    child(document, "code", code=kind.code, codeSystem=LOINC, codeSystemName="LOINC")
    child(document, "title", kind.title)
    made = day(stamp.as_of)
    child(document, "effectiveTime", value=made)
    child(document, "confidentialityCode", code="N", codeSystem=CONFIDENTIALITY)
    child(document, "languageCode", code="en-US")
    identifier(document, "setId", identity.set())
    child(document, "versionNumber", value=str(stamp.version))
    _record_target(document, visit, identity)
    _author(document, visit, made)
    custodian = child(child(document, "custodian"), "assignedCustodian")
    people.organization(custodian, "representedCustodianOrganization", visit)
    _legal_authenticator(document, visit, made)
    _service_event(document, visit, kind)
    if stamp.version > 1:
        _replaced(document, identity, stamp.version - 1)
    _encounter(document, visit, identity)
    return document


def dates(visit: Visit) -> list[str]:
    """The ISO dates on which something was done; none for what is only planned."""
    own = visit.get("serviceDate")
    found = {line.get("serviceDate", own) for line in visit["procedures"]} | {own}
    return sorted(date for date in found if date)


def _record_target(document: Element, visit: Visit, identity: Identity) -> None:
    patient = visit.get("patient") or visit["subscriber"]
    role = child(child(document, "recordTarget"), "patientRole")
    identifier(role, "id", identity.patient())
    people.address(role, patient.get("address"), "HP")
    child(role, "telecom", nullFlavor="UNK")
    person = child(role, "patient")
    people.name(person, patient)
    gender = patient.get("gender", "U")
    if gender == "U":  # X12 and the record mean unknown; HL7's own code would mean undifferentiated
        child(person, "administrativeGenderCode", nullFlavor="UNK")
    else:
        child(person, "administrativeGenderCode", code=gender, codeSystem=GENDER)
    if "birthDate" in patient:
        child(person, "birthTime", value=day(patient["birthDate"]))
    else:
        child(person, "birthTime", nullFlavor="UNK")
    child(person, "raceCode", nullFlavor="UNK")
    child(person, "ethnicGroupCode", nullFlavor="UNK")


def _author(document: Element, visit: Visit, made: str) -> None:
    """The person who treated; where the record names none, this software wrote for the practice."""
    author = child(document, "author")
    child(author, "time", value=made)
    assigned = people.entity(author, "assignedAuthor", visit)
    person = people.practitioner(visit)
    if person:
        people.name(child(assigned, "assignedPerson"), person)
    else:
        device = child(assigned, "assignedAuthoringDevice")
        child(device, "manufacturerModelName", "edi")
        child(device, "softwareName", "edi")
    people.organization(assigned, "representedOrganization", visit)


def _legal_authenticator(document: Element, visit: Visit, made: str) -> None:
    authenticator = child(document, "legalAuthenticator")
    child(authenticator, "time", value=made)
    child(authenticator, "signatureCode", code="S")
    assigned = people.entity(authenticator, "assignedEntity", visit)
    signed_by = child(assigned, "assignedPerson")
    person = people.practitioner(visit)
    if person:
        people.name(signed_by, person)
    else:
        child(signed_by, "name", people.SIGNATURE_ON_FILE)
    people.organization(assigned, "representedOrganization", visit)


def _service_event(document: Element, visit: Visit, kind: Kind) -> None:
    event = child(child(document, "documentationOf"), "serviceEvent", classCode=kind.event)
    if kind.event_template:
        template(event, kind.event_template)
    period(event, dates(visit))
    performer = child(event, "performer", typeCode="PPRF")
    assigned = people.entity(performer, "assignedEntity", visit)
    if person := people.practitioner(visit):
        people.name(child(assigned, "assignedPerson"), person)


def _replaced(document: Element, identity: Identity, version: int) -> None:
    parent = child(child(document, "relatedDocument", typeCode="RPLC"), "parentDocument")
    identifier(parent, "id", identity.document(version))
    identifier(parent, "setId", identity.set())
    child(parent, "versionNumber", value=str(version))


def _encounter(document: Element, visit: Visit, identity: Identity) -> None:
    """The visit, and where it was: the facility that the record names, else the practice."""
    encounter = child(child(document, "componentOf"), "encompassingEncounter")
    identifier(encounter, "id", identity.encounter())
    child(encounter, "code", nullFlavor="NI")
    period(encounter, dates(visit))
    facility = child(child(encounter, "location"), "healthCareFacility")
    place = visit.get("serviceFacility") or visit["billingProvider"]
    people.npi(facility, place)
    where = child(facility, "location")
    child(where, "name", people.title_of(place))
    people.address(where, place["address"], "WP")
