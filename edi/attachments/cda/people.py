"""Names, addresses, numbers and ways to reach people, as the US Realm header has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from edi.attachments.cda.codes import NPI, TAXONOMY
from edi.attachments.cda.tree import Element, child, legible
from edi.visit.record import Address, Contact, Provider, Visit

SIGNATURE_ON_FILE = "Signature on file"
"""Who signs where the record names no person: the practice holds the signature."""

_TAXONOMY_CODE = re.compile(r"[0-9A-Z]{10}")
_ZIP = re.compile(r"(\d{5})(\d{4})")
_US = "US"


def practitioner(visit: Visit) -> Provider | None:
    """The person who treated; None where the record names only an organization."""
    rendering = visit.get("renderingProvider")
    if rendering:
        return rendering
    billing = visit["billingProvider"]
    return billing if "lastName" in billing else None


def title_of(provider: Provider) -> str:
    """A practice's name: the organization's, or its owner's."""
    if "organizationName" in provider:
        return provider["organizationName"]
    return " ".join(
        provider[part] for part in ("firstName", "middleName", "lastName", "suffix") if part in provider
    )


def npi(parent: Element, provider: Provider) -> None:
    """The National Provider Identifier; a null one where the record has none."""
    if "npi" in provider:
        child(parent, "id", root=NPI, extension=provider["npi"])
    else:
        child(parent, "id", nullFlavor="UNK")


def taxonomy(parent: Element, provider: Provider) -> None:
    """What kind of provider it is, where the record says so in a code of the right form."""
    code = provider.get("taxonomyCode", "")
    if _TAXONOMY_CODE.fullmatch(code):
        child(parent, "code", code=code, codeSystem=TAXONOMY, codeSystemName="NUCC Provider Taxonomy")


def name(parent: Element, person: Mapping[str, Any]) -> None:
    """A person's name in parts. A given name that the record lacks is null."""
    element = child(parent, "name", use="L")
    given = [legible(person.get(part, "")) for part in ("firstName", "middleName")]
    for text in filter(None, given):
        child(element, "given", text)
    if not any(given):
        child(element, "given", nullFlavor="UNK")
    child(element, "family", person["lastName"])
    if suffix := legible(person.get("suffix", "")):
        child(element, "suffix", suffix)


def address(parent: Element, where: Address | None, use: str) -> None:
    """A postal address (`use` HP home, WP work); null where the record has none."""
    if where is None:
        child(parent, "addr", nullFlavor="UNK")
        return
    country = where.get("country", _US)
    element = child(parent, "addr", use=use)
    for line in (where["line1"], where.get("line2", "")):
        if legible(line):
            child(element, "streetAddressLine", line)
    child(element, "city", where["city"])
    for tag, text in (
        ("state", where.get("state", "")),
        ("postalCode", _ZIP.sub(r"\1-\2", where.get("postalCode", ""))),
    ):
        if text:
            child(element, tag, text)
        elif country == _US:
            child(element, tag, nullFlavor="UNK")
    child(element, "country", country)


def telecom(parent: Element, contact: Contact | None) -> None:
    """The first of telephone, mail and fax that a contact has; null where there is none."""
    if contact is None or not (where := _way(contact)):
        child(parent, "telecom", nullFlavor="NI")
    else:
        child(parent, "telecom", use="WP", value=where)


def _way(contact: Contact) -> str:
    if phone := contact.get("phone"):
        extension = _digits(contact.get("extension", ""))
        return f"tel:{_international(phone)}" + (f";ext={extension}" if extension else "")
    if email := contact.get("email"):
        return "mailto:" + quote(email, safe="@")
    fax = contact.get("fax")
    return f"fax:{_international(fax)}" if fax else ""


def organization(parent: Element, tag: str, visit: Visit) -> None:
    """The practice, as the one that a person works for, or as the keeper of the record."""
    billing = visit["billingProvider"]
    element = child(parent, tag)
    npi(element, billing)
    child(element, "name", title_of(billing))
    telecom(element, billing.get("contact"))
    address(element, billing["address"], "WP")


def entity(parent: Element, tag: str, visit: Visit) -> Element:
    """Someone of the practice, as far as a number, a kind, an address and a telephone: the person who treated, or the
    practice where the record names none."""
    billing = visit["billingProvider"]
    provider = practitioner(visit) or billing
    element = child(parent, tag)
    npi(element, provider)
    taxonomy(element, provider)
    address(element, billing["address"], "WP")
    telecom(element, billing.get("contact"))
    return element


def _international(phone: str) -> str:
    digits = _digits(phone)
    if len(digits) == 10:
        return "+1" + digits
    return "+" + digits if len(digits) == 11 and digits[0] == "1" else digits


def _digits(text: str) -> str:
    return "".join(each for each in text if each in "0123456789")
