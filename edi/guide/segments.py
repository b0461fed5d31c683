"""Segments that guides use alike in several loops, as functions of what differs.

The first argument is the segment's header (`edi.guide.notation`), or its position where its name and repeat are the same everywhere.
"""

from __future__ import annotations

from edi.guide.notation import R, S, name_of, use
from edi.guide.shape import ElementUse, SegmentUse, Usage

RESPONSIBILITIES = "A B C D E F G H P S T U"
FILING_INDICATORS = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
RELATIONSHIPS = "01 19 20 21 39 40 53 G8"
PRICING_METHODS = "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"
INSURANCE_TYPE = S(
    "SBR05 Insurance type",
    "12 13 14 15 16 41 42 43 47",
    note="Where Medicare is not primary. Doubt: one source has it not used; it is accepted.",
)
SOCIAL_SECURITY_NUMBER = R("REF02 Social security number", form="TAXID")


def set_header(position: int, transaction: str) -> SegmentUse:
    """ST: opens a transaction set."""
    return use(
        f"ST {position} R 1 Transaction set header",
        R("ST01 Transaction set", transaction),
        R("ST02 Transaction set control number", note="The same as SE02."),
        R("ST03 Guide version", note="The same as GS08."),
    )


def set_trailer(position: int) -> SegmentUse:
    """SE: closes a transaction set."""
    return use(
        f"SE {position} R 1 Transaction set trailer",
        R("SE01 Number of segments", note="From ST to SE, both counted."),
        R("SE02 Transaction set control number", note="The same as ST02."),
    )


def level(header: str, code: str, below: str | ElementUse, *, top: bool = False) -> SegmentUse:
    """HL: opens a hierarchical level. `below` is HL04, or the codes it may have; the level at the `top` has none around it."""
    parent = () if top else (R("HL02 Parent's level number", form="LEVEL"),)
    return use(
        header,
        R("HL01 Level number", form="LEVEL", note="1, 2, 3 ... through the transaction set."),
        *parent,
        R("HL03 Level", code),
        R("HL04 Has levels below", below) if isinstance(below, str) else below,
    )


def contact(header: str, note: str = "", more: str = "") -> SegmentUse:
    """PER: whom to call. An extension never stands first. `more` are further kinds of numbers."""
    first = f"EM FX TE {more}".rstrip()
    others = f"EM EX FX TE {more}".rstrip()
    return use(
        header,
        R("PER01 Contact function", "IC"),
        S("PER02 Contact name"),
        R("PER03 Number kind", first),
        R("PER04 Number or address"),
        S("PER05 Second number kind", others),
        S("PER06 Second number or address"),
        S("PER07 Third number kind", others),
        S("PER08 Third number or address"),
        note=note,
    )


def street(position: int, usage: Usage = "R", note: str = "") -> SegmentUse:
    """N3: the lines of an address."""
    header = f"N3 {position} {usage} 1 Address"
    return use(header, R("N301 Address line 1"), S("N302 Address line 2"), note=note)


def city(position: int, usage: Usage = "R", note: str = "") -> SegmentUse:
    """N4: city, state, postal code."""
    return use(
        f"N4 {position} {usage} 1 City, state, postal code",
        R("N401 City"),
        S("N402 State or province", form="STATE", note="Required in the USA and Canada."),
        S("N403 Postal code", form="POSTAL", note="Required in the USA and Canada."),
        S("N404 Country", form="COUNTRY", note="Only outside the USA."),
        S("N407 Country subdivision", note="Only outside the USA and Canada."),
        note=note,
    )


def provider(header: str, entity: str, kinds: str = "1", *, suffix_note: str = "") -> SegmentUse:
    """NM1 of a provider named in full, with the NPI."""
    return use(
        header,
        R("NM101 Entity", entity),
        R("NM102 Person or organization", kinds),
        R("NM103 Last or organization name"),
        S("NM104 First name"),
        S("NM105 Middle name"),
        S("NM107 Suffix", note=suffix_note),
        S("NM108 Identifier kind", "XX"),
        S("NM109 National provider identifier", form="NPI"),
    )


def organization(header: str, entity: str, identifiers: str) -> SegmentUse:
    """NM1 of a receiver or payer: an organization that has an identifier."""
    return use(
        header,
        R("NM101 Entity", entity),
        R("NM102 Person or organization", "2"),
        R("NM103 Organization name"),
        R("NM108 Identifier kind", identifiers),
        R(f"NM109 {name_of(header)} identifier"),
    )


def submitter(header: str, identifier: str) -> SegmentUse:
    """NM1 of who submits claims and receives the answers (41), named in full; `identifier` is the name of NM109."""
    return use(
        header,
        R("NM101 Entity", "41"),
        R("NM102 Person or organization", "1 2"),
        R("NM103 Last or organization name"),
        S("NM104 First name"),
        S("NM105 Middle name"),
        S("NM107 Suffix"),
        R("NM108 Identifier kind", "46"),
        R(f"NM109 {identifier}"),
    )


def facility(header: str) -> SegmentUse:
    """NM1 of the place where the service was given."""
    return use(
        header,
        R("NM101 Entity", "77"),
        R("NM102 Person or organization", "2"),
        R("NM103 Facility name"),
        S("NM108 Identifier kind", "XX"),
        S("NM109 National provider identifier", form="NPI"),
    )


def specialty(header: str, role: str, note: str = "") -> SegmentUse:
    """PRV: a provider's taxonomy code."""
    return use(
        header,
        R("PRV01 Provider role", role),
        R("PRV02 Qualifier", "PXC"),
        R("PRV03 Taxonomy code", form="TAXONOMY"),
        note=note,
    )


def reference(header: str, codes: str, value: ElementUse | None = None, *, note: str = "") -> SegmentUse:
    """REF with a qualifier and a number, and nothing else. `value` is REF02 where it is no plain number."""
    number = value or R(f"REF02 {name_of(header)}")
    return use(header, R("REF01 Qualifier", codes), number, note=note)


def payer_reference(header: str, codes: str, note: str = "") -> SegmentUse:
    """REF of a service line whose number may belong to one of the other payers (REF04)."""
    return use(
        header,
        R("REF01 Qualifier", codes),
        R(f"REF02 {name_of(header)}"),
        S("REF04 Other payer", note="When the number belongs to a payer of loop 2330B."),
        R("REF04-1 Qualifier", "2U"),
        R("REF04-2 Other payer identifier"),
        note=note,
    )


def date(header: str, codes: str, *, period: bool = False, note: str = "") -> SegmentUse:
    """DTP: a day, or a day or a period."""
    formats, form = ("D8 RD8", "D8|RD8") if period else ("D8", "D8")
    return use(
        header,
        R("DTP01 Date qualifier", codes),
        R("DTP02 Date format", formats),
        R(f"DTP03 {name_of(header)}", form=form),
        note=note,
    )


def amount(header: str, code: str) -> SegmentUse:
    """AMT: a qualifier and an amount."""
    return use(header, R("AMT01 Amount qualifier", code), R(f"AMT02 {name_of(header)}"))


def demographics(position: int, usage: Usage = "R", note: str = "") -> SegmentUse:
    """DMG: birth date and gender."""
    return use(
        f"DMG {position} {usage} 1 Birth date and gender",
        R("DMG01 Date format", "D8"),
        R("DMG02 Birth date", form="D8"),
        R("DMG03 Gender", "F M U"),
        note=note,
    )


ADJUSTMENTS = 6
"""Reasons of one group that a CAS holds."""
ADJUSTED = 5
"""CAS in one loop of a claim."""


def adjustments(header: str) -> SegmentUse:
    """CAS: what another payer took off. After the group, the first of the reasons is required."""
    elements = [R("CAS01 Adjustment group", "CO CR OA PI PR")]
    for place in range(2, 2 + 3 * ADJUSTMENTS, 3):
        need = R if place == 2 else S
        elements += [
            need(f"CAS{place:02} Adjustment reason"),
            need(f"CAS{place + 1:02} Adjustment amount"),
            S(f"CAS{place + 2:02} Adjusted quantity"),
        ]
    return use(header, *elements)


def contract(header: str) -> SegmentUse:
    """CN1: terms agreed with the payer."""
    return use(
        header,
        R("CN101 Contract type", "02 03 04 05 06 09"),
        S("CN102 Contract amount"),
        S("CN103 Contract percentage"),
        S("CN104 Contract code"),
        S("CN105 Terms discount percentage"),
        S("CN106 Contract version"),
    )


def file_information(position: int, note: str = "") -> SegmentUse:
    """K3: data that an authority asks for and the guide has no place for."""
    return use(f"K3 {position} S 10 File information", R("K301 Fixed format information"), note=note)
