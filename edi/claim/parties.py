"""The parties around a claim: billing provider, subscriber, payer, patient (loops 2000A to 2010CA, without HL)."""

from __future__ import annotations

from edi.claim.codes import RELATIONSHIP, RESPONSIBILITY, TAX_ID
from edi.claim.template import template
from edi.visit.payer_order import own_responsibility
from edi.visit.record import Address, Contact, Patient, Provider, Subscriber, Visit
from edi.visit.telephone import digits_of

_PERSON, _ORGANIZATION = "1", "2"

_specialty = template("2000A", "PRV", "PRV03")
_billing = template("2010AA", "NM1:85", "NM102", "NM103", "NM104", "NM105", "NM108", "NM109")
_billing_tax = template("2010AA", "REF:EI", "REF02")
_billing_ssn = template("2010AA", "REF:SY", "REF02")
_contact = template("2010AA", "PER", "PER02", "PER03", "PER04", "PER05", "PER06", "PER07", "PER08")
_street = template("2010AA", "N3", "N301", "N302")
_city = template("2010AA", "N4", "N401", "N402", "N403", "N404", "N407")
_pay_to = template("2010AB", "NM1:87", "NM102")
_subscriber_info = template("2000B", "SBR", "SBR01", "SBR02", "SBR03", "SBR04", "SBR09")
_subscriber = template("2010BA", "NM1:IL", "NM102", "NM103", "NM104", "NM105", "NM107", "NM108", "NM109")
_payer = template("2010BB", "NM1:PR", "NM103", "NM108", "NM109")
_relationship = template("2000C", "PAT", "PAT01")
_patient = template("2010CA", "NM1:QC", "NM103", "NM104", "NM105", "NM107")
_person_facts = template("2010CA", "DMG", "DMG02", "DMG03")


def compact(date: str) -> str:
    """An ISO date as CCYYMMDD."""
    return date.replace("-", "")


def address_segments(address: Address) -> list[str]:
    """N3 and N4. The country is written only outside the USA; outside the USA and Canada a state is N407."""
    country = address.get("country", "US")
    state = address.get("state", "")
    ours = country in ("US", "CA")
    return [
        _street(address["line1"], address.get("line2", "")),
        _city(
            address["city"],
            state if ours else "",
            address.get("postalCode", ""),
            "" if country == "US" else country,
            "" if ours else state,
        ),
    ]


def entity(provider: Provider) -> tuple[str, str, str, str]:
    """NM102 to NM105 of a provider: a person when it has a last name alone, else an organization."""
    organization = provider.get("organizationName")
    if organization:
        return _ORGANIZATION, organization, "", ""
    return (
        _PERSON,
        provider["lastName"],
        provider.get("firstName", ""),
        provider.get("middleName", ""),
    )


def npi(provider: Provider) -> tuple[str, str]:
    """NM108 and NM109."""
    number = provider.get("npi", "")
    return ("XX", number) if number else ("", "")


def _contact_segments(contact: Contact) -> list[str]:
    """PER with three ways each; an extension needs its telephone number before it, and no way is no PER."""
    ways: list[str] = []
    if phone := digits_of(contact.get("phone", "")):
        ways += ["TE", phone]
        if extension := digits_of(contact.get("extension", "")):
            ways += ["EX", extension]
    if fax := digits_of(contact.get("fax", "")):
        ways += ["FX", fax]
    if email := contact.get("email"):
        ways += ["EM", email]
    ways += [""] * (-len(ways) % 6)
    return [_contact(contact["name"], *ways[start : start + 6]) for start in range(0, len(ways), 6)]


def billing_segments(visit: Visit) -> list[str]:
    """2000A after its HL, 2010AA, and 2010AB when payment goes to another address."""
    billing = visit["billingProvider"]
    segments: list[str] = []
    if taxonomy := billing.get("taxonomyCode"):
        segments.append(_specialty(taxonomy))
    segments.append(_billing(*entity(billing), *npi(billing)))
    segments += address_segments(billing["address"])
    tax = _billing_tax if TAX_ID[billing.get("taxIdType", "EIN")] == "EI" else _billing_ssn
    segments.append(tax(billing["taxId"]))
    if contact := billing.get("contact"):
        segments += _contact_segments(contact)
    pay_to = visit.get("payToAddress")
    if pay_to and pay_to != billing["address"]:
        segments.append(_pay_to(entity(billing)[0]))
        segments += address_segments(pay_to)
    return segments


def subscriber_segments(visit: Visit) -> list[str]:
    """2000B after its HL, 2010BA and 2010BB; address and birth date only of a subscriber who is the patient."""
    subscriber = visit["subscriber"]
    is_patient = "patient" not in visit
    group = subscriber.get("groupNumber", "")
    segments = [
        _subscriber_info(
            RESPONSIBILITY[own_responsibility(visit)],
            RELATIONSHIP["self"] if is_patient else "",
            group,
            "" if group else subscriber.get("groupName", ""),
            subscriber.get("claimFilingIndicator", "CI"),
        ),
        _subscriber(*member(subscriber, is_patient=is_patient)),
    ]
    if is_patient:
        segments += address_segments(subscriber["address"])
        segments.append(_person_facts(compact(subscriber["birthDate"]), subscriber["gender"]))
    payer = visit["payer"]
    segments.append(_payer(payer["name"], "PI", payer["payerId"]))
    if "address" in payer:
        segments += address_segments(payer["address"])
    return segments


def member(subscriber: Subscriber, *, is_patient: bool) -> tuple[str, ...]:
    """NM102 to NM109 of a subscriber, but for those not used: an organization when there is no first name. A patient is
    a person all the same, who has no other name."""
    first = subscriber.get("firstName", "")
    return (
        _PERSON if first or is_patient else _ORGANIZATION,
        subscriber["lastName"],
        first,
        subscriber.get("middleName", ""),
        subscriber.get("suffix", ""),
        "MI",
        subscriber["memberId"],
    )


def patient_segments(patient: Patient) -> list[str]:
    """2000C after its HL, and 2010CA."""
    return [
        _relationship(RELATIONSHIP[patient["relationshipToSubscriber"]]),
        _patient(
            patient["lastName"],
            patient.get("firstName", ""),
            patient.get("middleName", ""),
            patient.get("suffix", ""),
        ),
        *address_segments(patient["address"]),
        _person_facts(compact(patient["birthDate"]), patient["gender"]),
    ]
