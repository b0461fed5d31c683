"""Acknowledgment codes: the code that answers a finding, in a TA1 (TA105) or in a 999 for the group (AK905), the
transaction set (IK502), the segment (IK304) or the element (IK403).

Sources: the code lists of data elements I18, 716, 618, 620 and 621 as published by makers of translators; for the choice
between two that fit, X12's published example of a 999. No list has a code for a sum that is wrong or a check digit: what
comes nearest is that a pattern is not matched (I12).
"""

from __future__ import annotations

from typing import NamedTuple

from edi.finding import Finding
from edi.guide.standard import COMPOSITES, ELEMENTS, SEGMENTS
from edi.validate.log import Excerpt

ANY = "*"


class AckCode(NamedTuple):
    """The element that carries a code ("TA105", "IK403"), and the code."""

    element: str
    code: str


_TABLE = """
# What is wrong with the envelope or a whole transaction set. The place is the segment.
X12-ENVELOPE               *      TA105 022
X12-COUNT                  SE     IK502 4
X12-COUNT                  GE     AK905 5
X12-COUNT                  IEA    TA105 021
X12-CONTROL-NUMBER         SE     IK502 3
X12-CONTROL-NUMBER         GE     AK905 4
X12-CONTROL-NUMBER         IEA    TA105 001
X12-CONTROL-NUMBER-REUSED  ST     IK502 23
X12-CONTROL-NUMBER-REUSED  GS     AK905 19
X12-CONTROL-NUMBER-REUSED  ISA    TA105 025
X12-TERMINATOR             IEA    TA105 004
X12-TERMINATOR-LOST        *      TA105 004
X12-SEGMENT-BLANKS         *      TA105 004
X12-SEGMENT-BROKEN         *      TA105 004
X12-SEPARATOR-BLANKS       *      TA105 026
X12-GROUP                  *      AK905 1
X12-VERSION                GS     AK905 2
X12-VERSION                ST     IK502 I6
X12-VERSION-RELATIVE       *      AK905 2
X12-TRUNCATED              SE     IK502 2
X12-TRUNCATED              GE     AK905 3
X12-TRUNCATED              IEA    TA105 023
# Whatever is wrong with an element of the envelope.
X12-ELEMENT-EXTRA          GS     TA105 024
X12-ELEMENT-EXTRA          GE     TA105 024
X12-ELEMENT-EXTRA          IEA    TA105 022
X12-ELEMENT-TRAILING       GS     TA105 024
X12-ELEMENT-TRAILING       GE     TA105 024
X12-ELEMENT-TRAILING       IEA    TA105 022
X12-SEGMENT-LONG           ISA    TA105 022
X12-SEGMENT-LONG           TA1    TA105 024
X12-SEGMENT-LONG           GS     TA105 024
X12-SEGMENT-LONG           GE     TA105 024
X12-SEGMENT-LONG           IEA    TA105 022
*                          ISA01  TA105 010
*                          ISA02  TA105 011
*                          ISA03  TA105 012
*                          ISA04  TA105 013
*                          ISA05  TA105 005
*                          ISA06  TA105 006
*                          ISA07  TA105 007
*                          ISA08  TA105 008
*                          ISA09  TA105 014
*                          ISA10  TA105 015
*                          ISA11  TA105 016
*                          ISA12  TA105 003
*                          ISA13  TA105 018
*                          ISA14  TA105 019
*                          ISA15  TA105 020
*                          ISA16  TA105 027
*                          ISA    TA105 022
*                          TA1    TA105 024
*                          GS01   AK905 1
*                          GS06   AK905 6
*                          GS08   AK905 2
*                          GS     TA105 024
*                          GE01   AK905 5
*                          GE02   AK905 4
*                          GE     TA105 024
*                          IEA01  TA105 021
*                          IEA02  TA105 018
*                          IEA    TA105 022
*                          ST01   IK502 6
*                          ST02   IK502 7
# Segments
X12-SEGMENT-UNKNOWN        *      IK304 6
X12-SEGMENT-EMPTY          *      IK304 6
X12-SEGMENT-UNEXPECTED     *      IK304 2
X12-SEGMENT-ORDER          *      IK304 7
X12-SEGMENT-MISSING        *      IK304 3
X12-SEGMENT-REPEAT         *      IK304 5
X12-SEGMENT-LONG           *      IK304 2
X12-LOOP-MISSING           *      IK304 I7
X12-LOOP-REPEAT            *      IK304 4
# Elements. A last column is the code where the element is empty.
X12-ELEMENT-MISSING        *      IK403 1
X12-ELEMENT-NOT-USED       *      IK403 I10
X12-ELEMENT-EXTRA          parts  IK403 13
X12-ELEMENT-EXTRA          *      IK403 3
X12-ELEMENT-TRAILING       parts  IK403 13
X12-ELEMENT-TRAILING       *      IK403 3
X12-ELEMENT-SHORT          *      IK403 4
X12-ELEMENT-LONG           *      IK403 5
X12-ELEMENT-TYPE           *      IK403 6
X12-AMOUNT-DECIMALS        *      IK403 6
X12-ELEMENT-CHARACTER      *      IK403 6
X12-ELEMENT-CODE           *      IK403 I6
X12-ELEMENT-FORM           time   IK403 9
X12-ELEMENT-FORM           date   IK403 8
X12-ELEMENT-FORM           outer  IK403 7
X12-ELEMENT-FORM           *      IK403 I12
X12-ELEMENT-REPEAT         *      IK403 12
X12-ELEMENT-RELATION       *      IK403 10  2
X12-HL-NUMBER              *      IK403 I12
X12-HL-PARENT              *      IK403 I12
X12-HL-CHILD               *      IK403 I12
# Situations: these, and all others by what they point at, which stands there or is missing.
X12-CLAIM-MISSING          *      IK304 I7
X12-PATIENT-CLAIM-MISSING  *      IK304 I7
X12-QUANTITY-TEETH         *      IK304 5
X12-SUBSCRIBER-NOT-SELF    *      IK403 I6
X12-SUBSCRIBER-SELF        *      IK403 I6  I9
X12-ATTACHMENT-NUMBER-UNUSED  *   IK403 I13
X12-ACK-ELEMENT            *      IK403 I6
*                          element IK403 I12 I9
*                          segment IK304 I9 I6
"""


def _rows() -> dict[tuple[str, str], tuple[str, str, str]]:
    rows = [line.split() for line in _TABLE.strip().splitlines() if not line.startswith("#")]
    return {(rule, place): (element, code, (*empty, code)[0]) for rule, place, element, code, *empty in rows}


ROWS = _rows()
"""The table: for a rule and a place, the element that carries the code, the code, and the one where the element is empty."""


def ack_code(finding: Finding, excerpt: Excerpt) -> AckCode:
    """The code for a finding on an X12 file."""
    text = value_of(finding.element, excerpt) if finding.element else excerpt.segment
    carrier, there, empty = next(ROWS[key] for key in _keys(finding, excerpt) if key in ROWS)
    if carrier == "IK403" and not finding.element:
        carrier, there, empty = ROWS[ANY, "segment"]  # the segment that should hold the element is missing
    return AckCode(carrier, there if text else empty)


def ack_code_of(rule: str, place: str) -> AckCode:
    """The row of a rule and a place, as they stand in the table. KeyError when there is none."""
    element, code, _ = ROWS[rule, place]
    return AckCode(element, code)


def _keys(finding: Finding, excerpt: Excerpt) -> list[tuple[str, str]]:
    """What to look for in the table, the most telling first."""
    rule, segment, element = finding.rule, finding.segment or "", finding.element or ""
    keys = [(rule, segment)]
    if element:
        keys += [(ANY, element), (ANY, segment)]
        number = number_of(element)
        kind = ELEMENTS[number].type if number in ELEMENTS else ""
        keys += [(rule, "time")] if kind == "TM" else []
        keys += [(rule, "parts")] if number in COMPOSITES and not _is_at_end(segment, excerpt) else []
    keys.append((rule, finding.category))
    keys += [(rule, "outer")] if finding.snip == 5 else []
    return [*keys, (rule, ANY), (ANY, "element" if element else "segment")]


def _is_at_end(segment: str, excerpt: Excerpt) -> bool:
    """Whether the segment has elements too many at its end, so that none of a composite's components is meant."""
    fields = excerpt.segment.split(excerpt.delimiters.element)
    return not fields[-1] or len(fields) - 1 > len(SEGMENTS[segment].elements)


def position_of(element: str) -> tuple[str, int, int]:
    """Segment, element and component (0: none) of "SV302" and "CLM05-3"."""
    whole, _, component = element.partition("-")
    return whole[:-2], int(whole[-2:]), int(component or 0)


def number_of(element: str) -> str:
    """The data element that stands there: "782", "1325", or of a whole composite "C023"."""
    segment, place, component = position_of(element)
    number = SEGMENTS[segment].elements[place - 1]
    return COMPOSITES[number].components[component - 1] if component else number


def value_of(element: str, excerpt: Excerpt) -> str:
    """What stands there in the file, "" where nothing does."""
    fields = excerpt.segment.split(excerpt.delimiters.element)
    _, place, component = position_of(element)
    value = fields[place] if place < len(fields) else ""
    if not component:
        return value
    parts = value.split(excerpt.delimiters.component)
    return parts[component - 1] if component <= len(parts) else ""
