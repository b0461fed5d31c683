"""Segments that guides use alike in several loops, as functions of what differs."""

from __future__ import annotations

from edi.guide.notation import use
from edi.guide.shape import ElementUse, R, S, SegmentUse, Usage

RESPONSIBILITIES = "A B C D E F G H P S T U"
FILING_INDICATORS = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
INSURANCE_TYPES = "12 13 14 15 16 41 42 43 47"
RELATIONSHIPS = "01 19 20 21 39 40 53 G8"


def set_header(position: int, transaction: str) -> SegmentUse:
    """ST: opens a transaction set."""
    return use(
        "ST",
        position,
        "R",
        1,
        "Transaction set header",
        R("Transaction set", transaction),
        R("Transaction set control number", note="The same as SE02."),
        R("Guide version", note="The same as GS08."),
    )


def set_trailer(position: int) -> SegmentUse:
    """SE: closes a transaction set."""
    return use(
        "SE",
        position,
        "R",
        1,
        "Transaction set trailer",
        R("Number of segments", note="From ST to SE, both counted."),
        R("Transaction set control number", note="The same as ST02."),
    )


def contact(position: int, usage: Usage, name: str, note: str = "", more: str = "") -> SegmentUse:
    """PER: whom to call. An extension never stands first. `more` are further kinds of numbers."""
    first = f"EM FX TE {more}".rstrip()
    others = f"EM EX FX TE {more}".rstrip()
    return use(
        "PER",
        position,
        usage,
        2,
        name,
        R("Contact function", "IC"),
        S("Contact name"),
        R("Number kind", first),
        R("Number or address"),
        S("Second number kind", others),
        S("Second number or address"),
        S("Third number kind", others),
        S("Third number or address"),
        1,
        note=note,
    )


def street(position: int, usage: Usage = "R", note: str = "") -> SegmentUse:
    """N3: the lines of an address."""
    return use("N3", position, usage, 1, "Address", R("Address line 1"), S("Address line 2"), note=note)


def city(position: int, usage: Usage = "R", note: str = "") -> SegmentUse:
    """N4: city, state, postal code."""
    return use(
        "N4",
        position,
        usage,
        1,
        "City, state, postal code",
        R("City"),
        S("State or province", form="STATE", note="Required in the USA and Canada."),
        S("Postal code", form="POSTAL", note="Required in the USA and Canada."),
        S("Country", form="COUNTRY", note="Only outside the USA."),
        2,
        S("Country subdivision", note="Only outside the USA and Canada."),
        note=note,
    )


def provider(
    position: int,
    code: str,
    name: str,
    kinds: str = "1",
    *,
    suffix_note: str = "",
) -> SegmentUse:
    """NM1 of a provider named in full, with the NPI."""
    return use(
        "NM1",
        position,
        "R",
        1,
        name,
        R("Entity", code),
        R("Person or organization", kinds),
        R("Last or organization name"),
        S("First name"),
        S("Middle name"),
        1,
        S("Suffix", note=suffix_note),
        S("Identifier kind", "XX"),
        S("National provider identifier", form="NPI"),
        3,
    )


def organization(position: int, code: str, name: str, ids: str) -> SegmentUse:
    """NM1 of a receiver or payer: an organization that has an identifier."""
    return use(
        "NM1",
        position,
        "R",
        1,
        name,
        R("Entity", code),
        R("Person or organization", "2"),
        R("Organization name"),
        4,
        R("Identifier kind", ids),
        R(f"{name} identifier"),
        3,
    )


def facility(position: int, name: str) -> SegmentUse:
    """NM1 of the place where the service was given."""
    return use(
        "NM1",
        position,
        "R",
        1,
        name,
        R("Entity", "77"),
        R("Person or organization", "2"),
        R("Facility name"),
        4,
        S("Identifier kind", "XX"),
        S("National provider identifier", form="NPI"),
        3,
    )


def specialty(position: int, usage: Usage, role: str, name: str, note: str = "") -> SegmentUse:
    """PRV: a provider's taxonomy code."""
    return use(
        "PRV",
        position,
        usage,
        1,
        name,
        R("Provider role", role),
        R("Qualifier", "PXC"),
        R("Taxonomy code", form="TAXONOMY"),
        3,
        note=note,
    )


def reference(
    position: int,
    usage: Usage,
    repeat: int,
    codes: str,
    name: str,
    value: ElementUse | None = None,
    *,
    note: str = "",
) -> SegmentUse:
    """REF with a qualifier and a number, and nothing else."""
    return use(
        "REF",
        position,
        usage,
        repeat,
        name,
        R("Qualifier", codes),
        value or R(name),
        2,
        note=note,
    )


def payer_reference(position: int, repeat: int, codes: str, name: str, note: str = "") -> SegmentUse:
    """REF of a service line whose number may belong to one of the other payers (REF04)."""
    owner = S(
        "Other payer",
        parts=(R("Qualifier", "2U"), R("Other payer identifier"), 4),
        note="When the number belongs to a payer of loop 2330B.",
    )
    return use("REF", position, "S", repeat, name, R("Qualifier", codes), R(name), 1, owner, note=note)


def date(
    position: int,
    usage: Usage,
    codes: str,
    name: str,
    *,
    period: bool = False,
    note: str = "",
) -> SegmentUse:
    """DTP once: a day, or a day or a period."""
    formats, form = ("D8 RD8", "D8|RD8") if period else ("D8", "D8")
    return use(
        "DTP",
        position,
        usage,
        1,
        name,
        R("Date qualifier", codes),
        R("Date format", formats),
        R(name, form=form),
        note=note,
    )


def amount(position: int, code: str, name: str, note: str = "") -> SegmentUse:
    """AMT once."""
    return use("AMT", position, "S", 1, name, R("Amount qualifier", code), R(name), 1, note=note)


def demographics(usage: Usage, note: str = "") -> SegmentUse:
    """DMG: birth date and gender."""
    return use(
        "DMG",
        320,
        usage,
        1,
        "Birth date and gender",
        R("Date format", "D8"),
        R("Birth date", form="D8"),
        R("Gender", "F M U"),
        8,
        note=note,
    )


ADJUSTMENTS = 6
"""Reasons of one group that a CAS holds."""
ADJUSTED = 5
"""CAS in one loop."""


def adjustments(position: int, name: str) -> SegmentUse:
    """CAS: what another payer took off."""
    more = [
        element
        for _ in range(ADJUSTMENTS - 1)
        for element in (S("Adjustment reason"), S("Adjustment amount"), S("Adjusted quantity"))
    ]
    return use(
        "CAS",
        position,
        "S",
        ADJUSTED,
        name,
        R("Adjustment group", "CO CR OA PI PR"),
        R("Adjustment reason"),
        R("Adjustment amount"),
        S("Adjusted quantity"),
        *more,
    )


def contract(position: int, name: str) -> SegmentUse:
    """CN1: terms agreed with the payer."""
    return use(
        "CN1",
        position,
        "S",
        1,
        name,
        R("Contract type", "02 03 04 05 06 09"),
        S("Contract amount"),
        S("Contract percentage"),
        S("Contract code"),
        S("Terms discount percentage"),
        S("Contract version"),
    )


def file_information(position: int, note: str = "") -> SegmentUse:
    """K3: data that an authority asks for and the guide has no place for."""
    return use("K3", position, "S", 10, "File information", R("Fixed format information"), 2, note=note)
