"""The visit record as types: plain dictionaries at run time, checked names for mypy.

`schemas/visit.schema.json` is the authority; a record that passed it has these shapes, with optional
fields that were null or "" taken out (see `edi.visit.absent`). One visit is one claim.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Gender = Literal["F", "M", "U"]


class Address(TypedDict):
    line1: str
    line2: NotRequired[str]
    city: str
    state: NotRequired[str]
    postalCode: NotRequired[str]
    country: NotRequired[str]


class Contact(TypedDict):
    name: str
    phone: NotRequired[str]
    extension: NotRequired[str]
    fax: NotRequired[str]
    email: NotRequired[str]


class ClaimInfo(TypedDict, total=False):
    purpose: Literal["claim", "predetermination", "encounter"]
    frequency: Literal["original", "replacement", "void"]
    payerClaimControlNumber: str
    predeterminationId: str
    assignmentOfBenefits: bool
    providerAcceptsAssignment: bool
    releaseOfInformation: bool
    delayReason: str
    specialProgram: str


class Provider(TypedDict, total=False):
    """Billing provider, rendering or referring provider, or service facility."""

    npi: str
    organizationName: str
    lastName: str
    firstName: str
    middleName: str
    suffix: str
    taxId: str
    taxIdType: Literal["EIN", "SSN"]
    taxonomyCode: str
    address: Address
    contact: Contact


class Payer(TypedDict):
    payerId: str
    name: str
    address: NotRequired[Address]


class Subscriber(TypedDict):
    memberId: str
    lastName: str
    firstName: NotRequired[str]
    middleName: NotRequired[str]
    suffix: NotRequired[str]
    groupNumber: NotRequired[str]
    groupName: NotRequired[str]
    claimFilingIndicator: NotRequired[str]
    payerResponsibility: NotRequired[str]
    birthDate: NotRequired[str]
    gender: NotRequired[Gender]
    address: NotRequired[Address]


class Patient(TypedDict):
    relationshipToSubscriber: str
    lastName: str
    firstName: str
    middleName: NotRequired[str]
    suffix: NotRequired[str]
    birthDate: str
    gender: Gender
    address: Address


class Adjustment(TypedDict):
    group: str
    reason: str
    amount: str | int | float
    quantity: NotRequired[int]


class OtherLine(TypedDict):
    """What the other payer did with one of this claim's procedures (`line` is 1-based)."""

    line: int
    paidAmount: str | int | float
    paidDate: str
    code: NotRequired[str]
    quantity: NotRequired[int]
    adjustments: NotRequired[list[Adjustment]]
    remainingLiability: NotRequired[str | int | float]


class OtherInsurance(TypedDict):
    payer: Payer
    subscriber: Subscriber
    relationshipToSubscriber: NotRequired[str]
    assignmentOfBenefits: NotRequired[bool]
    releaseOfInformation: NotRequired[bool]
    payerClaimControlNumber: NotRequired[str]
    paidDate: NotRequired[str]
    paidAmount: NotRequired[str | int | float]
    nonCoveredAmount: NotRequired[str | int | float]
    remainingLiability: NotRequired[str | int | float]
    adjustments: NotRequired[list[Adjustment]]
    lines: NotRequired[list[OtherLine]]


class Accident(TypedDict):
    cause: Literal["auto", "employment", "other"]
    date: str
    state: NotRequired[str]


class Authorization(TypedDict, total=False):
    priorAuthorizationNumber: str
    referralNumber: str


class Procedure(TypedDict):
    code: str
    fee: str | int | float
    toothNumber: NotRequired[str]
    surfaces: NotRequired[str]
    oralCavity: NotRequired[str]
    quantity: NotRequired[int]
    diagnosisPointers: NotRequired[list[int]]
    serviceDate: NotRequired[str]
    description: NotRequired[str]


class EpisodeVisit(TypedDict):
    serviceDate: str
    code: str
    rationale: NotRequired[str]


class Episode(TypedDict):
    toothNumber: str
    visits: list[EpisodeVisit]
    restartReason: NotRequired[str]


class PulpTest(TypedDict):
    toothNumber: str
    method: str
    result: str


class Radiograph(TypedDict):
    date: str
    view: NotRequired[str]
    toothNumber: NotRequired[str]
    finding: NotRequired[str]
    attachmentId: NotRequired[str]


class Medicament(TypedDict):
    name: NotRequired[str]
    action: NotRequired[str]


class Clinical(TypedDict, total=False):
    chiefComplaint: str
    history: str
    diagnosis: str
    pulpTests: list[PulpTest]
    findings: list[str]
    radiographs: list[Radiograph]
    medicament: Medicament
    response: str
    complications: str
    treatmentPlan: str
    rationale: str
    followUp: str


class Attachment(TypedDict):
    id: str
    type: str
    file: NotRequired[str]
    date: NotRequired[str]
    description: NotRequired[str]
    controlNumber: NotRequired[str]
    transmission: NotRequired[Literal["AA", "BM", "EL", "EM", "FT", "FX"]]


class Visit(TypedDict):
    visitId: str
    serviceDate: NotRequired[str]
    placeOfService: NotRequired[str]
    claim: NotRequired[ClaimInfo]
    billingProvider: Provider
    payToAddress: NotRequired[Address]
    renderingProvider: NotRequired[Provider]
    referringProvider: NotRequired[Provider]
    serviceFacility: NotRequired[Provider]
    payer: Payer
    subscriber: Subscriber
    patient: NotRequired[Patient]
    otherInsurance: NotRequired[list[OtherInsurance]]
    accident: NotRequired[Accident]
    authorization: NotRequired[Authorization]
    diagnoses: NotRequired[list[str]]
    procedures: list[Procedure]
    episode: NotRequired[Episode]
    clinical: NotRequired[Clinical]
    attachments: NotRequired[list[Attachment]]
    narrative: NotRequired[str]
