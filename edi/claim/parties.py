"""The parties of a claim as text: billing provider (2000A), subscriber and payer (2000B), patient (2000C), each without HL."""

from __future__ import annotations

from edi.claim.copy_source import Rule, Values
from edi.claim.field_plan import FieldPlan
from edi.claim.template import template
from edi.visit.record import Address, Contact, Provider, Subscriber, Visit
from edi.visit.telephone import digits_of
from edi.x12.envelope import END

PERSON, ORGANIZATION = "1", "2"
_IS_PATIENT = "18"

_contact = template("2010AA", "PER", "PER02", "PER03", "PER04", "PER05", "PER06", "PER07", "PER08")


def _state(state: str, address: Address, visit: Visit) -> tuple[str | None, str | None]:
    """A state or province in N402; a subdivision of another country in N407."""
    return (state, None) if address.get("country", "US") in ("US", "CA") else (None, state)


ADDRESS_RULES: dict[str, Rule] = {"address.state": _state}


def group_name(name: str, subscriber: Subscriber, visit: Visit) -> str | None:
    """The name of a group that has no number."""
    return None if "groupNumber" in subscriber else name


def _location_number(number: str, billing: Provider, visit: Visit) -> str | None:
    """The payer has one number of the billing provider in a claim."""
    return None if "payerProviderId" in billing else number


def _pay_to(address: Address, visit: Visit, _: Visit) -> Address | None:
    return None if address == visit["billingProvider"]["address"] else address


_billing = FieldPlan(
    "2000A", rules=ADDRESS_RULES | {"payToAddress": _pay_to}, without=["billingProvider.contact"]
)
_SUBSCRIBER_RULES = ADDRESS_RULES | {
    "subscriber.groupName": group_name,
    "billingProvider.locationNumber": _location_number,
}
_subscriber = FieldPlan(
    "2000B",
    rules=_SUBSCRIBER_RULES,
    without=("subscriber.birthDate", "subscriber.gender", "subscriber.address"),
)
_subscriber_as_patient = FieldPlan("2000B", rules=_SUBSCRIBER_RULES)
_patient = FieldPlan("2000C", rules=ADDRESS_RULES)
_address = FieldPlan("2010AB", "payToAddress", rules=ADDRESS_RULES)


def billing_text(visit: Visit) -> str:
    """2000A after its HL, 2010AA, and 2010AB where payment goes to another address."""
    values = _billing.values(visit, visit)
    billing = visit["billingProvider"]
    if contact := billing.get("contact"):
        values["2010AA/PER"] = _contact_text(contact)
    if "2010AB/N3 N301" in values:
        values["2010AB/NM1 NM102"] = ORGANIZATION if "organizationName" in billing else PERSON
    return _billing.text(values)


def subscriber_text(visit: Visit) -> str:
    """2000B after its HL, 2010BA and 2010BB."""
    is_patient = "patient" not in visit
    plan = _subscriber_as_patient if is_patient else _subscriber
    values = plan.values(visit, visit)
    if is_patient:
        values["SBR SBR02"] = _IS_PATIENT
    values |= member_kind("2010BA", visit["subscriber"], is_patient=is_patient)
    return plan.text(values)


def patient_text(visit: Visit) -> str:
    """2000C after its HL, and 2010CA."""
    return _patient.text(_patient.values(visit, visit))


def member_kind(loop_id: str, subscriber: Subscriber, *, is_patient: bool) -> Values:
    """NM102 of a subscriber with a lastName: one without a first name is an organization's, unless it is the patient's."""
    if "organizationName" in subscriber:
        return {}
    return {f"{loop_id}/NM1 NM102": PERSON if is_patient or "firstName" in subscriber else ORGANIZATION}


def address_segments(address: Address) -> list[str]:
    """N3 and N4."""
    return _address.text(_address.values(address, None)).split(END)[:-1]


def entity(provider: Provider) -> tuple[str, str, str, str]:
    """NM102 to NM105 of a provider: an organization, or else a person."""
    organization = provider.get("organizationName")
    if organization:
        return ORGANIZATION, organization, "", ""
    return PERSON, provider["lastName"], provider.get("firstName", ""), provider.get("middleName", "")


def _contact_text(contact: Contact) -> str:
    """PER with up to three numbers each. An extension follows its telephone number; a contact without numbers is not sent."""
    numbers: list[str] = []
    if phone := digits_of(contact.get("phone", "")):
        numbers += ["TE", phone]
        if extension := digits_of(contact.get("extension", "")):
            numbers += ["EX", extension]
    if fax := digits_of(contact.get("fax", "")):
        numbers += ["FX", fax]
    if email := contact.get("email"):
        numbers += ["EM", email]
    numbers += [""] * (-len(numbers) % 6)
    return "".join(
        _contact(contact["name"], *numbers[start : start + 6]) + END for start in range(0, len(numbers), 6)
    )
