"""Whatever the dental guide can carry, a record can say: each segment and element is written for some record, or left out for a reason."""

from __future__ import annotations

from collections.abc import Iterator

from claim_elements import claim_elements
from field_marks import marked_record, marked_records

from edi.guide.claim_837d import GUIDE

LEFT_OUT = {
    "the envelope, which the tool writes": ["ST/ST", "ST/SE"],
    "edi.toml, where the submitter is an organization": ["1000A/NM1:41 NM104", "1000A/NM1:41 NM105"],
    "edi.toml, which may have more numbers": [f"1000A/PER PER{place:02}" for place in (5, 6, 7, 8)],
    "no currency but dollars": ["2000A/CUR"],
    "doubtful in the guide": ["2010AA/NM1:85 NM107"],
    "between payers: one takes back from another": [
        *("2010AC/NM1:PE", "2010AC/N3", "2010AC/N4", "2010AC/REF:2U", "2010AC/REF:EI"),
        *("2330B/REF:T4", "2320/MOA MOA01", "2320/MOA MOA02", "2320/MOA MOA09"),
    ],
    "no social security number in a record: payers know members by their own number": [
        *("2010BA/REF:SY", "2330A/REF:SY"),
    ],
    "what repricers and clearinghouses add on the way": [
        *("2300/DTP:050", "2300/REF:9A", "2300/REF:9C", "2300/REF:D9", "2300/HCP"),
        *("2400/REF:9A", "2400/REF:9C", "2400/HCP"),
    ],
    "terms of a contract, which the payer knows": ["2300/CN1", "2400/CN1"],
    "for data that no authority asks for today": ["2300/K3", "2400/K3"],
    "numbers of providers at another payer, from the time before the NPI": [
        *("2330C/NM1:DN", "2330C/REF:0B", "2330D/NM1:82", "2330D/REF:0B", "2330E/NM1:DQ", "2330E/REF:0B"),
        *("2330F/NM1:85", "2330F/REF:G2", "2330G/NM1:77", "2330G/REF:0B", "2330H/NM1:DD", "2330H/REF:0B"),
        *(f"{loop}/REF:0B REF04-{part}" for loop in ("2420A", "2420B", "2420C") for part in (1, 2)),
        *("2420D/REF:1G REF04-1", "2420D/REF:1G REF04-2"),
    ],
    "another payer's permission of one line; otherInsurance.authorization says it of the claim": [
        f"2400/REF:{code} REF04-{part}" for code in ("G3", "G1", "9F") for part in (1, 2)
    ],
}


def records() -> Iterator[dict[str, object]]:
    """Records that fill the guide: those of every field, a predetermination, and orthodontics without months."""
    yield from marked_records()
    for change in ({"claim": {"purpose": "predetermination"}}, {"orthodontics": {}}):
        yield {**marked_record(), **change}


def not_reached() -> Iterator[str]:
    places = {place for record in records() for place, _ in claim_elements(record)}
    segments = {(place.loop, place.segment) for place in places}
    elements = {(place.loop, place.segment.partition(":")[0], place.ref) for place in places}
    for loop_id, loop in GUIDE.index.items():
        for use in loop.segments():
            name = use.segment.id
            if not any(
                (loop_id, each) in segments for each in (name, *(f"{name}:{key}" for key in use.keys))
            ):
                yield f"{loop_id}/{use.address}"
                continue
            for element in use.elements:
                for part in element.parts or (element,):
                    if "N" not in (element.usage, part.usage) and (loop_id, name, part.ref) not in elements:
                        yield f"{loop_id}/{use.address} {part.ref}"


def test_a_record_reaches_all_of_the_guide_but_what_is_left_out_for_a_reason() -> None:
    left_out = [place for places in LEFT_OUT.values() for place in places]
    assert sorted(not_reached()) == sorted(left_out)
