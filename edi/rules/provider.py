"""Rules on the numbers and the address of the practice and its people."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, Literal

from edi.guide.claim_837d.situations import BOX, NINE_DIGITS
from edi.guide.forms import FORMS
from edi.rules import sources
from edi.rules.profile import Profile
from edi.rules.registry import Problem, Problems, rule
from edi.visit.facts import Facts
from edi.visit.record import Provider
from edi.visit.telephone import digits_of

# Field of the record, what a biller calls it, loop of the name, loop of the taxonomy.
ROLES = (
    ("billingProvider", "billing provider", "2010AA", "2000A"),
    ("renderingProvider", "rendering provider", "2310B", "2310B"),
    ("referringProvider", "referring provider", "2310A", "2310A"),
    ("serviceFacility", "service facility", "2310C", "2310C"),
    ("assistantSurgeon", "assistant surgeon", "2310D", "2310D"),
    ("supervisingProvider", "supervising provider", "2310E", "2310B"),
)
LINE_ROLES = (
    ("renderingProvider", "line's rendering provider", "2420A", "2420A"),
    ("assistantSurgeon", "line's assistant surgeon", "2420B", "2420B"),
    ("supervisingProvider", "line's supervising provider", "2420C", "2420A"),
    ("serviceFacility", "line's service facility", "2420D", "2420A"),
)
_PARTIES = tuple(key for key, *_ in ROLES)
_LINE_PARTIES = tuple(key for key, *_ in LINE_ROLES)
_LONG_POSTAL = re.compile(NINE_DIGITS)
_BOX = re.compile(BOX)

npi_is_right: Final = FORMS["NPI"].fits
taxonomy_is_right: Final = FORMS["TAXONOMY"].fits
tax_id_is_right: Final = FORMS["TAXID"].fits


def is_long_postal_code(code: str) -> bool:
    """Whether it is a ZIP+4."""
    return _LONG_POSTAL.search(code) is not None


def names_box(street: str) -> bool:
    """Whether a line of an address names a PO box or lock box."""
    return _BOX.search(street) is not None


def _wrong(
    facts: Facts, field: Literal["npi", "taxonomyCode"], right: Callable[[str], bool]
) -> list[tuple[str, Provider, str, str, str]]:
    """Providers whose `field` is there and not right: path, provider, role, loops."""
    places: list[tuple[str, Any, tuple[tuple[str, str, str, str], ...]]] = [("", facts.visit, ROLES)]
    places += [(f"/procedures/{place}", line, LINE_ROLES) for place, line in enumerate(facts.procedures)]
    return [
        (f"{path}/{key}", provider, role, loop, taxonomy_loop)
        for path, around, roles in places
        for key, role, loop, taxonomy_loop in roles
        if (provider := around.get(key)) and field in provider and not right(provider[field])
    ]


@lru_cache(maxsize=8192)
def _numbers_are_right(npi: str | None, taxonomy: str | None, tax_id: str | None) -> bool:
    return (
        (npi is None or npi_is_right(npi))
        and (taxonomy is None or taxonomy_is_right(taxonomy))
        and (tax_id is None or tax_id_is_right(tax_id))
    )


def _has_wrong_number(facts: Facts) -> bool:
    for key in _PARTIES:
        provider: Any = facts.visit.get(key)
        if provider and not _numbers_are_right(
            provider.get("npi"), provider.get("taxonomyCode"), provider.get("taxId")
        ):
            return True
    return any(key in line for line in facts.procedures for key in _LINE_PARTIES)


@rule(
    "APX-PROV-NPI",
    "provider",
    "error",
    title="NPI with a wrong check digit",
    checks="Every NPI has ten digits and the right check digit (ISO Luhn, prefix 80840).",
    why="A wrong NPI is rejected before anybody reads the claim.",
    fix="Look the number up in the NPI registry. Mostly two digits changed places.",
    source=sources.NPI,
    when=_has_wrong_number,
    denials=("208", "206"),
    remarks=("N257", "N290"),
    element=("2010AA", "NM109"),
)
def wrong_npi(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"{path}/npi",
            f"The NPI of the {role} {'fails its check digit' if ten else 'is not ten digits'}.",
            None if ten else "Write the ten digits, without blanks or other characters.",
            element=(loop, "NM109"),
        )
        for path, provider, role, loop, _ in _wrong(facts, "npi", npi_is_right)
        for ten in (re.fullmatch("[0-9]{10}", provider["npi"]),)
    ]


@rule(
    "APX-PROV-TAXONOMY",
    "provider",
    "error",
    title="Taxonomy not of ten characters",
    checks="Every provider taxonomy has ten digits and capital letters.",
    why="The payer rejects a provider with a malformed taxonomy.",
    fix="Write the ten characters of the NUCC code, for an endodontist 1223E0200X.",
    source=sources.TAXONOMY,
    when=_has_wrong_number,
    denials=("16",),
    remarks=("N255", "N288"),
    element=("2000A", "PRV03"),
)
def wrong_taxonomy(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"{path}/taxonomyCode",
            f"The taxonomy of the {role} is not ten digits and capital letters.",
            element=(loop, "PRV03"),
        )
        for path, _, role, _, loop in _wrong(facts, "taxonomyCode", taxonomy_is_right)
    ]


@rule(
    "APX-PROV-TAXID",
    "provider",
    "error",
    title="Tax id not of nine digits",
    checks="The tax id has nine digits and nothing else.",
    why="Payers find the practice and its contract by this number.",
    fix="Write the nine digits without hyphens or blanks.",
    source=sources.TAX_ID,
    when=_has_wrong_number,
    denials=("16",),
    remarks=("N209",),
    element=("2010AA", "REF02"),
)
def wrong_tax_id(facts: Facts, profile: Profile) -> Problems:
    number = facts.visit["billingProvider"].get("taxId")
    if number is None or tax_id_is_right(number):
        return None
    digits = sum(map(str.isdigit, number))
    extra = " and other characters" if digits != len(number) else ""
    return [
        Problem(
            "/billingProvider/taxId",
            f"The tax id of the billing provider has {digits} digit{'' if digits == 1 else 's'}{extra}, not just nine digits.",
        )
    ]


@lru_cache(maxsize=4096)
def _is_street(line1: str, line2: str, postal_code: str) -> bool:
    return is_long_postal_code(postal_code) and not names_box(line1) and not names_box(line2)


def _has_odd_street(facts: Facts) -> bool:
    address = facts.visit["billingProvider"]["address"]
    return not _is_street(address["line1"], address.get("line2", ""), address.get("postalCode", ""))


@rule(
    "APX-PROV-POSTAL",
    "provider",
    "warning",
    title="Billing address without ZIP+4",
    checks="The postal code of the billing provider's address in the USA has nine digits.",
    why="The guide asks for ZIP+4 here, and payers who check for it reject the claim.",
    fix="Write the nine digits. The postal service has the last four for each street and number.",
    source=sources.GUIDE,
    when=_has_odd_street,
    denials=("16",),
    remarks=("N258",),
    element=("2010AA", "N403"),
)
def short_postal_code(facts: Facts, profile: Profile) -> Problems:
    address = facts.visit["billingProvider"]["address"]
    if address.get("country", "US") != "US" or is_long_postal_code(address["postalCode"]):
        return None
    return [
        Problem(
            "/billingProvider/address/postalCode",
            "The postal code of the billing provider is not the nine digits of ZIP+4.",
        )
    ]


@rule(
    "APX-PROV-BOX",
    "provider",
    "warning",
    title="Billing address is a PO box",
    checks="The billing provider's address is a street, not a PO box or lock box.",
    why="The guide asks where the practice is. A box is where it takes its mail.",
    fix="Write the street address, and give the box as payToAddress.",
    source=sources.GUIDE,
    when=_has_odd_street,
    denials=("16",),
    remarks=("N258",),
    element=("2010AA", "N301"),
)
def box_for_a_street(facts: Facts, profile: Profile) -> Problems:
    address = facts.visit["billingProvider"]["address"]
    return [
        Problem(
            f"/billingProvider/address/{line}",
            "The address of the billing provider names a PO box or lock box.",
        )
        for line, text in (("line1", address["line1"]), ("line2", address.get("line2", "")))
        if names_box(text)
    ]


@rule(
    "APX-PROV-FACILITY",
    "provider",
    "warning",
    title="Service facility with the practice's own NPI",
    checks="A service facility at another address has an NPI of its own, not the billing provider's.",
    why="The guide has the facility only where it is not the billing provider; with one NPI the two places contradict.",
    fix="Write the facility's own NPI, or take `serviceFacility` out if the practice treated at its own place.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("MA130",),
    element=("2310C", "NM109"),
)
def facility_is_the_practice(facts: Facts, profile: Profile) -> Problems:
    facility = facts.visit.get("serviceFacility")
    practice = facts.visit["billingProvider"]
    if (
        not facility
        or facility.get("npi") is None
        or facility.get("npi") != practice.get("npi")
        or facility.get("address") == practice["address"]  # then it is not sent
    ):
        return None
    return [Problem("/serviceFacility/npi", "The service facility has the NPI of the billing provider.")]


@rule(
    "APX-PROV-PHONE",
    "provider",
    "warning",
    title="Telephone or fax number not of ten digits",
    checks="A telephone or fax number of the billing provider has ten digits; a 1 before them and punctuation are left out.",
    why="The guide asks for area code and number. Payers cannot call back, and some reject the claim.",
    fix="Write area code and number: ten digits. An extension is a field of its own.",
    source=sources.GUIDE,
    denials=("16",),
    remarks=("MA130",),
    element=("2010AA", "PER04"),
)
def short_phone(facts: Facts, profile: Profile) -> Problems:
    contact = facts.visit["billingProvider"].get("contact")
    if not contact:
        return None
    return [
        Problem(
            f"/billingProvider/contact/{field}",
            f"The {name} number of the billing provider has {len(digits)} digits, not ten.",
        )
        for field, name, number in (
            ("phone", "telephone", contact.get("phone")),
            ("fax", "fax", contact.get("fax")),
        )
        if number
        for digits in (digits_of(number),)
        if len(digits) != 10
    ]
