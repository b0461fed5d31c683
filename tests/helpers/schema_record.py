"""A synthetic record that uses every field of the schema, for tests to take apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from field_values import values

from edi.visit.fields import Field, visit_fields

Change = Callable[[dict[str, Any]], object]

_ADDRESS = {
    "line1": "77 Larch Ave",
    "line2": "Floor 2",
    "city": "Columbus",
    "state": "OH",
    "postalCode": "43206",
    "country": "US",
}
_PERSON = {"lastName": "Marsh", "firstName": "Dana", "middleName": "Q", "suffix": "Jr"}
_ADJUSTMENT = {"group": "CO", "reason": "45", "amount": "12.50", "quantity": 1}
_SUBSCRIBER = {
    "memberId": "EDP8842017",
    **_PERSON,
    "groupNumber": "0098120",
    "groupName": "Larch Works",
    "claimFilingIndicator": "CI",
    "payerResponsibility": "primary",
    "birthDate": "1986-02-11",
    "gender": "F",
    "address": _ADDRESS,
}
_CLINICAL_TEXTS = ("chiefComplaint", "history", "diagnosis", "response", "complications", "treatmentPlan", "rationale", "followUp")  # fmt: skip
_EXCLUDED = ("organizationName", "teeth")  # a person bills, a line is of one tooth
_FULL = json.dumps({
    "visitId": "V-2026.1_a",
    "serviceDate": "2026-09-14",
    "placeOfService": "11",
    "claim": {
        "purpose": "claim",
        "frequency": "replacement",
        "payerClaimControlNumber": "PC1",
        "predeterminationId": "PD1",
        "assignmentOfBenefits": True,
        "providerAcceptsAssignment": False,
        "releaseOfInformation": True,
        "delayReason": "11",
        "specialProgram": "03",
    },
    "billingProvider": {
        "npi": "1234567893",
        **_PERSON,
        "taxId": "201234567",
        "taxIdType": "EIN",
        "taxonomyCode": "1223E0200X",
        "address": _ADDRESS,
        "contact": {"name": "Office", "phone": "6145550142", "extension": "7", "fax": "6145550143", "email": "a@example.com"},
    },
    "payToAddress": _ADDRESS,
    "renderingProvider": {"npi": "1679576722", **_PERSON, "taxonomyCode": "1223E0200X"},
    "referringProvider": {"npi": "1679576722", **_PERSON, "taxonomyCode": "1223E0200X"},
    "serviceFacility": {"npi": "1679576722", "organizationName": "Larch House", "address": _ADDRESS},
    "payer": {"payerId": "CX014", "name": "Example Dental Plan", "address": _ADDRESS},
    "subscriber": _SUBSCRIBER,
    "patient": {
        "relationshipToSubscriber": "child",
        **_PERSON,
        "birthDate": "2017-05-30",
        "gender": "M",
        "address": _ADDRESS,
    },
    "otherInsurance": [
        {
            "payer": {"payerId": "CX015", "name": "Other Plan", "address": _ADDRESS},
            "subscriber": _SUBSCRIBER,
            "relationshipToSubscriber": "self",
            "assignmentOfBenefits": True,
            "releaseOfInformation": True,
            "payerClaimControlNumber": "OC1",
            "paidDate": "2026-09-20",
            "paidAmount": "100.00",
            "nonCoveredAmount": 2.5,
            "remainingLiability": "0",
            "adjustments": [_ADJUSTMENT],
            "lines": [
                {
                    "line": 1,
                    "paidAmount": 100,
                    "paidDate": "2026-09-20",
                    "code": "D3352",
                    "quantity": 1,
                    "adjustments": [_ADJUSTMENT],
                    "remainingLiability": "0",
                }
            ],
        }
    ],
    "accident": {"cause": "auto", "date": "2026-06-02", "state": "OH"},
    "authorization": {"priorAuthorizationNumber": "PA1", "referralNumber": "RF1"},
    "diagnoses": ["K04.1", "S02.5XXA"],
    "missingTeeth": [{"toothNumber": "10", "status": "missing"}],
    "procedures": [
        {
            "code": "D3352",
            "fee": "215.00",
            "toothNumber": "9",
            "surfaces": "MOD",
            "oralCavity": ["10", "20"],
            "serviceFacility": {"organizationName": "Larch Hall", "address": _ADDRESS},
            "quantity": 1,
            "diagnosisPointers": [1, 2],
            "serviceDate": "2026-09-14",
            "description": "renewal",
        }
    ],
    "episode": {
        "toothNumber": "9",
        "visits": [{"serviceDate": "2026-06-15", "code": "D3351", "rationale": "first"}],
        "restartReason": "new injury",
    },
    "clinical": {
        **{name: f"{name} in words" for name in _CLINICAL_TEXTS},
        "pulpTests": [{"toothNumber": "9", "method": "cold", "result": "no response"}],
        "findings": ["No swelling", "Percussion normal"],
        "radiographs": [
            {"date": "2026-09-14", "view": "periapical", "toothNumber": "9", "finding": "open apex", "attachmentId": "x"}
        ],
        "medicament": {"name": "calcium hydroxide", "action": "replaced"},
    },
    "attachments": [
        {
            "id": "x",
            "type": "radiograph",
            "file": "x.png",
            "date": "2026-09-14",
            "description": "film",
            "controlNumber": "AC1",
            "transmission": "EL",
        }
    ],
    "narrative": "Own words.",
})  # fmt: skip


def full_record() -> dict[str, Any]:
    """A valid record with every field."""
    record: dict[str, Any] = json.loads(_FULL)
    _complete(record, visit_fields())
    return record


def _complete(value: Any, field: Field) -> None:
    """Give each object the fields that it lacks: the record above need not name a field that is like others."""
    if isinstance(value, list) and field.item:
        for entry in value:
            _complete(entry, field.item)
    elif isinstance(value, dict):
        for key, member in field.members.items():
            if key not in value and (key in field.required or key not in _EXCLUDED):
                below = {} if (member.item or member).members else values(member)[0]
                value[key] = [below] if member.item and below == {} else below
            if key in value:
                _complete(value[key], member)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a record below its root."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in steps:
        yield (*path, step)
        yield from places(member, (*path, step))


def put(record: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Sets the value at a place."""
    *above, last = path
    for step in above:
        record = record[step]
    record[last] = value


def drop(record: Any, path: tuple[str | int, ...]) -> None:
    """Takes a place out."""
    *above, last = path
    for step in above:
        record = record[step]
    del record[last]


def changed(change: Change) -> dict[str, Any]:
    """The full record after a change."""
    record = full_record()
    change(record)
    return record
