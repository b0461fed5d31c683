"""The visit record as types: plain dictionaries at run time, names that mypy checks.

Generated from visit.schema.json by `python -m edi.visit.generate`. A record that passed the schema has these types once the
fields are taken out that are null or "" (`edi.visit.absent`). One visit is one claim.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ClaimInfo(TypedDict):
    """What kind of claim this is."""

    purpose: NotRequired[Literal["claim", "predetermination", "encounter"]]
    frequency: NotRequired[Literal["original", "replacement", "void"]]
    payerClaimControlNumber: NotRequired[str]
    predeterminationId: NotRequired[str]
    assignmentOfBenefits: NotRequired[bool]
    providerAcceptsAssignment: NotRequired[bool]
    releaseOfInformation: NotRequired[bool]
    delayReason: NotRequired[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15"]]
    specialProgram: NotRequired[Literal["01", "02", "03", "05"]]


class Address(TypedDict):
    """A postal address."""

    line1: str
    line2: NotRequired[str]
    city: str
    state: NotRequired[str]
    postalCode: NotRequired[str]
    country: NotRequired[str]


class Contact(TypedDict):
    """Whom to ask: name, and at least one of phone, extension, fax and email."""

    name: str
    phone: NotRequired[str]
    extension: NotRequired[str]
    fax: NotRequired[str]
    email: NotRequired[str]


class Provider(TypedDict):
    """A person who treats, refers, or takes part otherwise."""

    npi: NotRequired[str]
    organizationName: NotRequired[str]
    lastName: NotRequired[str]
    firstName: NotRequired[str]
    middleName: NotRequired[str]
    suffix: NotRequired[str]
    taxId: NotRequired[str]
    taxIdType: NotRequired[Literal["EIN", "SSN"]]
    taxonomyCode: NotRequired[str]
    stateLicense: NotRequired[str]
    payerProviderId: NotRequired[str]
    locationNumber: NotRequired[str]
    upin: NotRequired[str]
    address: NotRequired[Address]
    contact: NotRequired[Contact]


class Payer(TypedDict):
    """A payer."""

    payerId: str
    name: str
    claimOfficeNumber: NotRequired[str]
    naicCode: NotRequired[str]
    address: NotRequired[Address]


class Subscriber(TypedDict):
    """A person who holds an insurance."""

    memberId: str
    organizationName: NotRequired[str]
    lastName: NotRequired[str]
    firstName: NotRequired[str]
    middleName: NotRequired[str]
    suffix: NotRequired[str]
    claimNumber: NotRequired[str]
    groupNumber: NotRequired[str]
    groupName: NotRequired[str]
    claimFilingIndicator: NotRequired[str]
    insuranceType: NotRequired[Literal["12", "13", "14", "15", "16", "41", "42", "43", "47"]]
    payerResponsibility: NotRequired[str]
    birthDate: NotRequired[str]
    gender: NotRequired[Literal["F", "M", "U"]]
    address: NotRequired[Address]


class Patient(TypedDict):
    """The patient, when that is not the subscriber."""

    relationshipToSubscriber: str
    lastName: str
    firstName: str
    middleName: NotRequired[str]
    suffix: NotRequired[str]
    birthDate: str
    gender: Literal["F", "M", "U"]
    claimNumber: NotRequired[str]
    memberId: NotRequired[str]
    address: Address


class Authorization(TypedDict):
    """A payer's permissions."""

    priorAuthorizationNumber: NotRequired[str]
    referralNumber: NotRequired[str]
    predeterminationId: NotRequired[str]
    exception: NotRequired[Literal["1", "2", "3", "4", "5", "6", "7"]]


class Adjustment(TypedDict):
    """One adjustment of another payer."""

    group: Literal["CO", "CR", "OA", "PI", "PR"]
    reason: str
    amount: str | int | float
    quantity: NotRequired[int]


class OtherLine(TypedDict):
    """What another payer did with one service line."""

    line: int
    paidAmount: str | int | float
    paidDate: str
    code: NotRequired[str]
    modifiers: NotRequired[list[str]]
    description: NotRequired[str]
    bundledLine: NotRequired[int]
    quantity: NotRequired[int]
    adjustments: NotRequired[list[Adjustment]]
    remainingLiability: NotRequired[str | int | float]


class OtherInsurance(TypedDict):
    """Another payer, its subscriber, and what it paid and adjusted."""

    payer: Payer
    subscriber: Subscriber
    relationshipToSubscriber: NotRequired[str]
    assignmentOfBenefits: NotRequired[bool]
    releaseOfInformation: NotRequired[bool]
    payerClaimControlNumber: NotRequired[str]
    authorization: NotRequired[Authorization]
    paidDate: NotRequired[str]
    paidAmount: NotRequired[str | int | float]
    nonCoveredAmount: NotRequired[str | int | float]
    remainingLiability: NotRequired[str | int | float]
    remarks: NotRequired[list[str]]
    adjustments: NotRequired[list[Adjustment]]
    lines: NotRequired[list[OtherLine]]


class Accident(TypedDict):
    """The accident that the treatment is for."""

    cause: Literal["auto", "employment", "other"]
    date: str
    secondCause: NotRequired[Literal["auto", "employment", "other"]]
    state: NotRequired[str]
    country: NotRequired[str]


class TreatedTooth(TypedDict):
    """A tooth of a procedure on several."""

    toothNumber: str
    surfaces: NotRequired[str]


class PriorPlacement(TypedDict):
    """When the earlier crown, bridge or denture was placed; required with placement replacement."""

    date: str
    estimated: NotRequired[bool]


class Procedure(TypedDict):
    """One service line."""

    code: str
    fee: str | int | float
    toothNumber: NotRequired[str]
    surfaces: NotRequired[str]
    teeth: NotRequired[list[TreatedTooth]]
    oralCavity: NotRequired[str]
    quantity: NotRequired[int]
    diagnosisPointers: NotRequired[list[int]]
    serviceDate: NotRequired[str]
    description: NotRequired[str]
    modifiers: NotRequired[list[str]]
    placeOfService: NotRequired[str]
    placement: NotRequired[Literal["initial", "replacement"]]
    priorPlacement: NotRequired[PriorPlacement]
    appliancePlacementDate: NotRequired[str]
    applianceReplacementDate: NotRequired[str]
    treatmentStart: NotRequired[str]
    treatmentCompletion: NotRequired[str]
    authorization: NotRequired[Authorization]
    salesTax: NotRequired[str | int | float]
    renderingProvider: NotRequired[Provider]
    assistantSurgeon: NotRequired[Provider]
    supervisingProvider: NotRequired[Provider]
    serviceFacility: NotRequired[Provider]


class Orthodontics(TypedDict):
    """The orthodontic treatment that the claim is for."""

    totalMonths: NotRequired[int]
    remainingMonths: NotRequired[int]
    appliancePlacementDate: NotRequired[str]


class MissingTooth(TypedDict):
    """A tooth that is missing, or is to be extracted."""

    toothNumber: str
    status: Literal["missing", "toBeExtracted"]


class EpisodeVisit(TypedDict):
    """An earlier visit of the episode."""

    serviceDate: str
    code: str
    rationale: NotRequired[str]


class Episode(TypedDict):
    """The visits of this tooth's treatment before this one."""

    toothNumber: str
    visits: list[EpisodeVisit]
    restartReason: NotRequired[str]


class PulpTest(TypedDict):
    """A test of the pulp."""

    toothNumber: str
    method: str
    result: str


class Radiograph(TypedDict):
    """A film and what it shows."""

    date: str
    view: NotRequired[str]
    toothNumber: NotRequired[str]
    finding: NotRequired[str]
    attachmentId: NotRequired[str]


class Medicament(TypedDict):
    """The medicament in the canal."""

    name: NotRequired[str]
    action: NotRequired[str]


class Clinical(TypedDict):
    """The clinical record of the visit."""

    chiefComplaint: NotRequired[str]
    history: NotRequired[str]
    diagnosis: NotRequired[str]
    pulpTests: NotRequired[list[PulpTest]]
    findings: NotRequired[list[str]]
    radiographs: NotRequired[list[Radiograph]]
    medicament: NotRequired[Medicament]
    response: NotRequired[str]
    complications: NotRequired[str]
    treatmentPlan: NotRequired[str]
    rationale: NotRequired[str]
    followUp: NotRequired[str]


class Attachment(TypedDict):
    """A document or film that goes with the claim."""

    id: str
    type: str
    file: NotRequired[str]
    date: NotRequired[str]
    description: NotRequired[str]
    controlNumber: NotRequired[str]
    transmission: NotRequired[Literal["AA", "BM", "EL", "EM", "FT", "FX"]]


class Visit(TypedDict):
    """One dental visit, which becomes one X12 837 Dental claim (005010X224A2)."""

    visitId: str
    serviceDate: NotRequired[str]
    placeOfService: NotRequired[str]
    claim: NotRequired[ClaimInfo]
    billingProvider: Provider
    payToAddress: NotRequired[Address]
    renderingProvider: NotRequired[Provider]
    referringProvider: NotRequired[Provider]
    serviceFacility: NotRequired[Provider]
    supervisingProvider: NotRequired[Provider]
    assistantSurgeon: NotRequired[Provider]
    payer: Payer
    subscriber: Subscriber
    patient: NotRequired[Patient]
    otherInsurance: NotRequired[list[OtherInsurance]]
    accident: NotRequired[Accident]
    authorization: NotRequired[Authorization]
    diagnoses: NotRequired[list[str]]
    procedures: list[Procedure]
    patientPaid: NotRequired[str | int | float]
    orthodontics: NotRequired[Orthodontics]
    missingTeeth: NotRequired[list[MissingTooth]]
    episode: NotRequired[Episode]
    clinical: NotRequired[Clinical]
    attachments: NotRequired[list[Attachment]]
    narrative: NotRequired[str]
