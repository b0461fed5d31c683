"""Made-up practices, dentists and payers. Names, numbers and addresses belong to nobody.

NPIs start with 2, a range the check digit allows and that has not been handed out so far; telephone
numbers are 555-01xx; tax ids stand in ranges that are not assigned.
"""

from __future__ import annotations

from typing import Any, NamedTuple

ENDODONTICS = "1223E0200X"
PEDIATRIC = "1223P0221X"
GENERAL = "1223G0001X"


def npi(stem: str) -> str:
    """Nine digits and their check digit (ISO Luhn over 80840 + the number)."""
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(stem)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return stem + str(-total % 10)


class Town(NamedTuple):
    city: str
    state: str
    zip5: str


TOWNS = (
    Town("Columbus", "OH", "43215"),
    Town("Duluth", "MN", "55802"),
    Town("Savannah", "GA", "31401"),
    Town("Boise", "ID", "83702"),
    Town("Albany", "NY", "12207"),
    Town("Tucson", "AZ", "85701"),
)


class Practice(NamedTuple):
    """`billing` as the record's billingProvider; `dentists` as renderingProvider (empty: the biller treats)."""

    prefix: str
    billing: dict[str, Any]
    dentists: tuple[dict[str, str], ...]
    town: Town
    fee_level: int
    pay_to: dict[str, str] | None = None
    facility: dict[str, Any] | None = None


def _dentist(stem: str, last: str, first: str, taxonomy: str) -> dict[str, str]:
    return {"npi": npi(stem), "lastName": last, "firstName": first, "taxonomyCode": taxonomy}


def _address(line: str, town: Town, plus4: str, line2: str = "") -> dict[str, str]:
    second = {"line2": line2} if line2 else {}
    return {
        "line1": line,
        **second,
        "city": town.city,
        "state": town.state,
        "postalCode": town.zip5 + plus4,
    }


def _billing(
    stem: str, name: dict[str, str], tax: str, taxonomy: str, address: dict[str, str]
) -> dict[str, Any]:
    kind = "EIN" if "organizationName" in name else "SSN"
    return {
        "npi": npi(stem),
        **name,
        "taxId": tax,
        "taxIdType": kind,
        "taxonomyCode": taxonomy,
        "address": address,
        "contact": {"name": "Billing Office", "phone": "61455501" + stem[-2:]},
    }


PRACTICES = (
    Practice(
        "RGE",
        _billing(
            "200100101",
            {"organizationName": "Riverglass Endodontics PC"},
            "890010011",
            ENDODONTICS,
            _address("1200 Example Quay", TOWNS[0], "1101", "Suite 310"),
        ),
        (
            _dentist("200200101", "Adeyemi", "Folake", ENDODONTICS),
            _dentist("200200102", "Lindqvist", "Per", ENDODONTICS),
        ),
        TOWNS[0],
        108,
        pay_to={
            "line1": "PO Box 4410",
            "city": "Columbus",
            "state": "OH",
            "postalCode": "432164410",
        },
    ),
    Practice(
        "LAKEHEAD.PEDO.2026",
        _billing(
            "200100202",
            {"organizationName": "Lakehead Pediatric Dentistry LLC"},
            "890010022",
            PEDIATRIC,
            _address("88 Sample Harbor Dr", TOWNS[1], "2202"),
        ),
        (
            _dentist("200200201", "Haugen", "Marit", PEDIATRIC),
            _dentist("200200202", "Vang", "Tou", PEDIATRIC),
            _dentist("200200203", "Brandt", "Elise", PEDIATRIC),
        ),
        TOWNS[1],
        96,
    ),
    Practice(
        "quill",
        _billing(
            "200100303",
            {"lastName": "Quillon", "firstName": "Renata"},
            "987654321",
            ENDODONTICS,
            _address("17 Placeholder Sq", TOWNS[2], "3303"),
        ),
        (),
        TOWNS[2],
        115,
    ),
    Practice(
        "SBD-26",
        _billing(
            "200100404",
            {"organizationName": "Sagebrush Dental Group"},
            "890010044",
            GENERAL,
            _address("940 Specimen Rd", TOWNS[3], "4404", "Floor 2"),
        ),
        (
            _dentist("200200401", "Okonkwo", "Daniel", ENDODONTICS),
            _dentist("200200402", "Ferreira", "Ines", GENERAL),
        ),
        TOWNS[3],
        89,
        facility={
            "npi": npi("200300401"),
            "organizationName": "Sagebrush Surgery Annex",
            "address": _address("952 Specimen Rd", TOWNS[3], "4405"),
        },
    ),
    Practice(
        "HCE",
        _billing(
            "200100505",
            {"organizationName": "Half Moon Childrens Endodontics PC"},
            "890010055",
            ENDODONTICS,
            _address("5 Pattern Pl", TOWNS[4], "5505"),
        ),
        (_dentist("200200501", "Castellan", "Noor", ENDODONTICS),),
        TOWNS[4],
        121,
    ),
    Practice(
        "mesa_kids",
        _billing(
            "200100606",
            {"organizationName": "Mesa Kids Dental PLLC"},
            "890010066",
            PEDIATRIC,
            _address("3300 Dummy Wash Blvd", TOWNS[5], "6606"),
        ),
        (
            _dentist("200200601", "Benally", "Rose", PEDIATRIC),
            _dentist("200200602", "Iyer", "Kavya", ENDODONTICS),
        ),
        TOWNS[5],
        92,
    ),
)

REFERRERS = (
    _dentist("200400101", "Marchetti", "Paolo", GENERAL),
    _dentist("200400102", "Sorensen", "Anne", GENERAL),
    _dentist("200400103", "Dube", "Thandi", PEDIATRIC),
)


class Plan(NamedTuple):
    """A payer as the record names it, with the start of its member and group numbers."""

    payer_id: str
    name: str
    indicator: str
    member: str
    group: str


PLANS = (
    Plan("CX014", "Example Dental Plan", "CI", "EDP", "0098"),
    Plan("CX021", "Specimen Mutual Dental", "CI", "SMD", "77"),
    Plan("CX033", "Placeholder Blue Dental", "BL", "PBX", "G1"),
    Plan("CX047", "Sample Union Dental Fund", "CI", "SU", "L204"),
    Plan("CX058", "Pattern Federal Dental", "CI", "PF", "FED"),
    Plan("CX062", "Testbed Dental HMO", "HM", "TDH", "H7"),
)
# Medicaid numbers each member: the child is the subscriber.
MEDICAID = (
    Plan("CX071", "Mockland State Medicaid Dental", "MC", "9", ""),
    Plan("CX079", "Dry Run County Childrens Dental", "MC", "4", ""),
)
