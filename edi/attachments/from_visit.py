"""A claim's attachment set, from its visit record."""

from __future__ import annotations

from collections.abc import Sequence

from edi.attachments.transaction import Attached, AttachmentSet, Name, Payer, Sender
from edi.claim.parties import entity
from edi.claim.values import date_text
from edi.visit.record import Patient, Provider, Subscriber, Visit


def attachment_set_of(
    visit: Visit, claim_number: str, attachments: Sequence[Attached], request_number: str = ""
) -> AttachmentSet:
    """The set of a claim's attachments. `claim_number` is CLM01; `request_number` is the payer's request that the set
    answers, "" for none."""
    billing, payer = visit["billingProvider"], visit["payer"]
    return AttachmentSet(
        payer=Payer(payer["name"], payer["payerId"]),
        sender=Sender(
            name=_provider(billing),
            npi=billing.get("npi", ""),
            taxonomy=billing.get("taxonomyCode", ""),
            address=billing.get("address"),
        ),
        patient=_person(visit.get("patient") or visit["subscriber"]),
        member_id=visit["subscriber"]["memberId"],
        claim_number=claim_number,
        service_date=date_text(visit.get("serviceDate", "")),
        attachments=attachments,
        request_number=request_number,
    )


def _provider(provider: Provider) -> Name:
    kind, last, first, middle = entity(provider)
    person = kind == "1"
    return Name(last, first, middle, provider.get("suffix", "") if person else "", person)


def _person(person: Patient | Subscriber) -> Name:
    return Name(
        person["lastName"],
        person.get("firstName", ""),
        person.get("middleName", ""),
        person.get("suffix", ""),
    )
