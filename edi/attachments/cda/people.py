"""People and practices in the US Realm header: names, addresses, numbers, telephone and e-mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from edi.attachments.cda.codes import NPI, TAXONOMY
from edi.attachments.cda.markup import element, quoted, text
from edi.visit.record import Address, Contact, Provider, Visit

_TAXONOMY_CODE = re.compile(r"[0-9A-Z]{10}")
_ZIP = re.compile(r"(\d{5})(\d{4})")
_NO_DIGITS = re.compile("[^0-9]+")
_US = "US"
_NO_GIVEN = '<given nullFlavor="UNK"/>'


class Practice(NamedTuple):
    """A visit's practice, in parts that a header repeats.

    `person` is the name of the person who treated, "" where the record names only an organization. `entity` says who
    that is, or who the practice is where nobody is named: number, kind, address, telephone. `organization` is the
    practice as the one that people work for and that keeps the record. `place` is where the visit was: the facility that
    the record names, else the practice."""

    person: str
    entity: str
    organization: str
    place: str


def practice_of(visit: Visit) -> Practice:
    """The practice, who treated there, and where."""
    told = (visit["billingProvider"], visit.get("renderingProvider"), visit.get("serviceFacility"))
    return _practice(orjson.dumps(told))


@lru_cache(maxsize=64)
def _practice(told: bytes) -> Practice:
    """The parts, kept: visits of one practice mostly follow each other."""
    billing, rendering, facility = orjson.loads(told)
    person = rendering or (billing if "lastName" in billing else None)
    provider = person or billing
    npi, title, where = known = _known(billing)
    telecom = _telecom(billing.get("contact"))
    number, called, there = _known(facility) if facility else known
    return Practice(
        name(person) if person else "",
        f"{_npi(provider)}{_taxonomy(provider)}{where}{telecom}",
        f"{npi}{title}{telecom}{where}",
        f"{number}<location>{called}{there}</location>",
    )


def name(person: Mapping[str, Any]) -> str:
    """A person's name in parts. A given name that the record lacks is null."""
    given = element("given", person.get("firstName")) + element("given", person.get("middleName"))
    return (
        f'<name use="L">{given or _NO_GIVEN}<family>{text(person["lastName"])}</family>'
        f"{element('suffix', person.get('suffix'))}</name>"
    )


def address(where: Address | None, use: str) -> str:
    """A postal address (`use` HP home, WP work); null where the record has none."""
    if where is None:
        return '<addr nullFlavor="UNK"/>'
    country = where.get("country", _US)
    zone = where.get("postalCode", "")
    if len(zone) > 5:  # most have no four digits more
        zone = _ZIP.sub(r"\1-\2", zone)
    return (
        f'<addr use="{use}">{element("streetAddressLine", where["line1"])}'
        f"{element('streetAddressLine', where.get('line2'))}<city>{text(where['city'])}</city>"
        f"{_division('state', where.get('state'), country)}{_division('postalCode', zone, country)}"
        f"<country>{text(country)}</country></addr>"
    )


def _division(tag: str, raw: str | None, country: str) -> str:
    """A state or postal code; null when a US address lacks it."""
    if raw:
        return f"<{tag}>{text(raw)}</{tag}>"
    return f'<{tag} nullFlavor="UNK"/>' if country == _US else ""


def _known(provider: Provider) -> tuple[str, str, str]:
    """The number, the name and the address of a practice."""
    return _npi(provider), f"<name>{text(_title(provider))}</name>", address(provider["address"], "WP")


def _title(provider: Provider) -> str:
    """A practice's name: the organization's, or its owner's."""
    if "organizationName" in provider:
        return provider["organizationName"]
    return " ".join(
        provider[part] for part in ("firstName", "middleName", "lastName", "suffix") if part in provider
    )


def _npi(provider: Provider) -> str:
    """The National Provider Identifier; a null one where the record has none."""
    if "npi" in provider:
        return f'<id root="{NPI}" extension="{quoted(provider["npi"])}"/>'
    return '<id nullFlavor="UNK"/>'


def _taxonomy(provider: Provider) -> str:
    """The provider's taxonomy, when the record has a code of the right form."""
    code = provider.get("taxonomyCode", "")
    if not _TAXONOMY_CODE.fullmatch(code):
        return ""
    return f'<code code="{code}" codeSystem="{TAXONOMY}" codeSystemName="NUCC Provider Taxonomy"/>'


def _telecom(contact: Contact | None) -> str:
    """The first of telephone, mail and fax that a contact has; null where there is none."""
    way = _way(contact) if contact else ""
    return f'<telecom use="WP" value="{quoted(way)}"/>' if way else '<telecom nullFlavor="NI"/>'


def _way(contact: Contact) -> str:
    if phone := contact.get("phone"):
        extension = _digits(contact.get("extension", ""))
        return f"tel:{_international(phone)}" + (f";ext={extension}" if extension else "")
    if email := contact.get("email"):
        return "mailto:" + quote(email, safe="@")
    fax = contact.get("fax")
    return f"fax:{_international(fax)}" if fax else ""


def _international(phone: str) -> str:
    digits = _digits(phone)
    if len(digits) == 10:
        return "+1" + digits
    return "+" + digits if len(digits) == 11 and digits[0] == "1" else digits


def _digits(raw: str) -> str:
    return _NO_DIGITS.sub("", raw)
