"""The X12 standard's layer, version 005010: data elements, composites and segments, each stated once.

Release 006020 is read by the same tables: as far as public sources show them (segment pages of standard listings, 006010,
006050 and 008020; attachments.md S10 to S12, S39), the segments used here have the same elements in it.

Lines of the tables: an element is `number type low/high name`; a composite `number | name | component elements`;
a segment `id key | name | elements | syntax notes`, where key is the element that usually tells uses apart
(0: the segment id alone does).
"""

from __future__ import annotations

from functools import cache

from edi.guide.shape import Composite, Element, Segment

_ELEMENTS = """
I01  ID 2/2   Authorization qualifier
I02  AN 10/10 Authorization information
I03  ID 2/2   Security qualifier
I04  AN 10/10 Security information
I05  ID 2/2   Interchange id qualifier
I06  AN 15/15 Interchange sender id
I07  AN 15/15 Interchange receiver id
I08  DT 6/6   Interchange date
I09  TM 4/4   Interchange time
I11  ID 5/5   Interchange control version
I12  N0 9/9   Interchange control number
I13  ID 1/1   Acknowledgment requested
I14  ID 1/1   Usage indicator
I15  AN 1/1   Component separator
I16  N0 1/5   Number of functional groups
I17  ID 1/1   Interchange acknowledgment code
I18  ID 3/3   Interchange note code
I65  AN 1/1   Repetition separator
2    N0 1/6   Number of accepted sets
19   AN 2/30  City
26   ID 2/3   Country
28   N0 1/9   Group control number
66   ID 1/2   Identification qualifier
67   AN 2/80  Identification
81   R  1/10  Weight
93   AN 1/60  Name
96   N0 1/10  Number of segments
97   N0 1/6   Number of transaction sets
98   ID 2/3   Entity identifier
100  ID 3/3   Currency
116  ID 3/15  Postal code
118  R  1/9   Rate
123  N0 1/6   Number of received sets
124  AN 2/15  Application receiver
127  AN 1/50  Reference identification
128  ID 2/3   Reference qualifier
142  AN 2/15  Application sender
143  ID 3/3   Transaction set identifier
156  ID 2/2   State or province
166  AN 1/55  Address line
234  AN 1/48  Product or service id
235  ID 2/2   Product or service id qualifier
280  R  4/10  Exchange rate
306  ID 1/2   Action
309  ID 1/2   Location qualifier
310  AN 1/30  Location
329  AN 4/9   Transaction set control number
332  R  1/6   Percent
337  TM 4/8   Time
338  R  1/6   Terms discount percent
352  AN 1/80  Description
353  ID 2/2   Transaction set purpose
355  ID 2/2   Unit of measure
363  ID 3/3   Note reference
364  AN 1/256 Communication number
365  ID 2/2   Communication number qualifier
366  ID 2/2   Contact function
373  DT 8/8   Date
374  ID 3/3   Date qualifier
380  R  1/15  Quantity
429  AN 1/16  Check number
443  AN 1/20  Contact inquiry reference
447  AN 1/6   Loop identifier
449  AN 1/80  Fixed format information
455  ID 1/2   Responsible agency
478  ID 1/1   Credit or debit flag
479  ID 2/2   Functional identifier
480  AN 1/12  Version, release and industry identifier
481  ID 1/2   Trace type
509  AN 10/10 Originating company
522  ID 1/3   Amount qualifier
554  N0 1/6   Assigned number
559  ID 2/2   Agency qualifier
584  ID 2/2   Employment status
591  ID 3/3   Payment method
623  ID 2/2   Time zone
618  ID 1/3   Transaction set fault
620  ID 1/3   Segment fault
621  ID 1/3   Element fault
628  AN 1/12  Hierarchical id number
640  ID 2/2   Transaction type
649  R  1/10  Multiplier
659  ID 1/2   Basis of verification
669  ID 3/3   Currency market
704  ID 1/2   Paperwork action
706  ID 2/2   Entity relationship
715  ID 1/1   Functional group result
716  ID 1/3   Functional group fault
717  ID 1/1   Transaction set result
719  N0 1/10  Segment position
721  ID 2/3   Segment identifier
722  N0 1/2   Element position
724  AN 1/99  Copy of bad element
725  AN 1/4   Data element number
734  AN 1/12  Hierarchical parent id number
735  ID 1/2   Hierarchical level
736  ID 1/1   Hierarchical child code
755  ID 2/2   Report type
756  ID 1/2   Report transmission
757  N0 1/2   Report copies needed
782  R  1/18  Monetary amount
784  N0 1/15  Length of binary data
785  B  1/999999999999999 Binary data
786  ID 2/2   Security level
787  N0 1/15  Record length
788  N0 1/5   Block length
789  ID 2/2   Drawing sheet size
797  ID 2/2   Security technique
799  AN 1/30  Version identifier
800  AN 1/30  Compression technique
801  AN 1/30  Interchange format
802  AN 1/30  Program identifier
803  AN 1/64  File name
804  AN 1/4   Block type
901  ID 2/2   Reject reason
933  AN 1/264 Free-form text
954  R  1/10  Percentage as decimal
1005 ID 4/4   Hierarchical structure
1018 R  1/15  Exponent
1028 AN 1/38  Claim submitter's identifier
1029 ID 1/2   Claim status
1032 ID 1/2   Claim filing indicator
1033 ID 1/2   Adjustment group
1034 ID 1/5   Adjustment reason
1035 AN 1/60  Last or organization name
1036 AN 1/35  First name
1037 AN 1/25  Middle name
1038 AN 1/10  Name prefix
1039 AN 1/10  Name suffix
1065 ID 1/1   Entity type
1066 ID 1/2   Citizenship status
1067 ID 1/1   Marital status
1068 ID 1/1   Gender
1069 ID 2/2   Relationship
1073 ID 1/1   Yes, no or other response
1109 ID 1/1   Race or ethnicity
1138 ID 1/1   Payer responsibility
1143 ID 1/1   Coordination of benefits
1166 ID 2/2   Contract type
1220 ID 1/1   Student status
1221 ID 1/3   Provider role
1222 AN 1/3   Provider specialty
1223 ID 3/3   Provider organization
1250 ID 2/3   Date format
1251 AN 1/35  Date or period
1270 ID 1/3   Code list qualifier
1271 AN 1/30  Industry code
1325 ID 1/1   Claim frequency
1327 ID 1/1   Copay status
1328 N0 1/2   Diagnosis pointer
1331 AN 1/2   Facility code
1332 ID 1/2   Facility code qualifier
1333 ID 1/2   Record format
1336 ID 1/3   Insurance type
1338 ID 1/3   Level of service
1339 AN 2/2   Procedure modifier
1343 ID 1/2   Non-institutional claim type
1351 ID 1/1   Patient signature source
1358 ID 1/1   Prosthesis, crown or inlay
1359 ID 1/1   Provider accepts assignment
1360 ID 1/1   Provider agreement
1361 ID 1/3   Oral cavity area
1362 ID 2/3   Related cause
1363 ID 1/1   Release of information
1366 ID 2/3   Special program
1368 ID 1/2   Tooth status
1369 ID 1/2   Tooth surface
1383 ID 2/2   Claim submission reason
1384 ID 1/1   Patient location
1473 ID 2/2   Pricing methodology
1514 ID 1/2   Delay reason
1525 ID 1/2   Request category
1526 ID 1/2   Policy compliance
1527 ID 1/2   Pricing exception
1570 ID 3/3   Filter
1690 AN 1/2   Object identification group
1691 ID 1/3   Object type qualifier
1692 AN 1/256 Object attribute
1693 ID 1/3   Controlling agency
1528 N0 1/2   Component position
1686 N0 1/4   Repetition position
1705 AN 1/35  Implementation convention
1715 ID 1/3   Country subdivision
9998 AN 1/35  Context reference
9999 AN 1/35  Context name
"""

_COMPOSITES = """
C001 | Composite unit of measure | 355 1018 649 355 1018 649 355 1018 649 355 1018 649 355 1018 649
C002 | Actions indicated | 704 704 704 704 704
C003 | Procedure | 235 234 1339 1339 1339 1339 352 234
C004 | Diagnosis pointers | 1328 1328 1328 1328
C005 | Tooth surfaces | 1369 1369 1369 1369 1369
C006 | Oral cavity areas | 1361 1361 1361 1361 1361
C022 | Health care code | 1270 1271 1250 1251 782 380 799 1271 1073
C023 | Place and kind of service | 1331 1332 1325
C024 | Related causes | 1362 1362 1362 156 26
C030 | Position in segment | 722 1528 1686
C035 | Provider specialty | 1222 559 1073
C040 | Reference identifier | 128 127 128 127 128 127
C043 | Claim status | 1271 1271 98 1270
C056 | Race or ethnicity | 1109 1270 1271
C998 | Context identification | 9999 9998
C999 | Reference in segment | 725 725
"""

_SEGMENTS = """
ISA 0 | Interchange header | I01 I02 I03 I04 I05 I06 I05 I07 I08 I09 I65 I11 I12 I13 I14 I15
TA1 0 | Interchange acknowledgment | I12 I08 I09 I17 I18
GS  0 | Functional group header | 479 142 124 373 337 28 455 480
ST  0 | Transaction set header | 143 329 1705
SE  0 | Transaction set trailer | 96 329
GE  0 | Functional group trailer | 97 28
IEA 0 | Interchange trailer | I16 I12
AK1 0 | Functional group response | 479 28 480
AK2 0 | Transaction set response | 143 329 1705
AK9 0 | Functional group result | 715 97 123 2 716 716 716 716 716
AMT 1 | Monetary amount | 522 782 478
BDS 0 | Binary data structure | 1570 784 785
BGN 0 | Beginning | 353 127 373 337 623 127 640 306 786 | C0504
BHT 0 | Beginning of hierarchical transaction | 1005 353 127 373 337 640
BIN 0 | Binary data | 784 785
CAS 0 | Claim adjustment | 1033 1034 782 380 1034 782 380 1034 782 380 1034 782 380 1034 782 380 1034 782 380 \
    | L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917
CAT 0 | Category of patient information | 755 756 799 1270 1271 1271 799 | C0302 P0405 C0605 C0704
CLM 0 | Claim | 1028 782 1032 1343 C023 1073 1359 1073 1363 1351 C024 1366 1073 1338 1073 1360 1029 1073 1383 1514
CN1 0 | Contract | 1166 782 332 127 338 799
CTX 0 | Context | C998 721 719 447 C030 C999
CUR 0 | Currency | 98 100 280 98 100 669 374 373 337 374 373 337 374 373 337 374 373 337 374 373 337 \
    | C0807 C0907 L101112 C1110 C1210 L131415 C1413 C1513 L161718 C1716 C1816 L192021 C2019 C2119
DMG 0 | Demographics | 1250 1251 1068 1067 C056 1066 26 659 380 1270 1271 | P0102 P1011 C1105
DN1 0 | Orthodontics | 380 380 1073 352
DN2 0 | Tooth status | 127 1368 380 1250 1251 1270 | P0405
DTP 1 | Date or period | 374 1250 1251
EFI 0 | Electronic format | 786 933 797 799 802 799 801 799 800 789 803 804 787 788 799 1570 \
    | C0504 C0706 C0908
HCP 0 | Pricing | 1473 782 782 127 118 127 782 234 235 234 355 380 901 1526 1527 | R0113 P0910 P1112
HI  0 | Health care codes | C022 C022 C022 C022 C022 C022 C022 C022 C022 C022 C022 C022
HL  3 | Hierarchical level | 628 734 735 736
IK3 0 | Segment in error | 721 719 447 620
IK4 0 | Element in error | C030 725 621 724
IK5 0 | Transaction set result | 717 618 618 618 618 618
K3  0 | File information | 449 1333 C001
LX  0 | Line counter | 554
MOA 0 | Outpatient adjudication | 954 782 127 127 127 127 127 782 782
N1  0 | Party | 98 93 66 67 706 98 | R0203 P0304
N3  0 | Street address | 166 166
N4  0 | City, state, postal code | 19 156 116 26 309 310 1715 | E0207 C0605 C0704
NM1 1 | Name | 98 1065 1035 1036 1037 1038 1039 66 67 706 98 1035 | P0809 C1110 C1203
NTE 0 | Note | 363 352
NX1 0 | Party identification | 98 98 98 98 98
OI  0 | Other insurance | 1032 1383 1073 1351 1360 1363
OOI 0 | Associated object type | 1690 1691 1692 1693
PAT 0 | Patient | 1069 1384 584 1220 1250 1251 355 81 1073 | P0506 P0708
PER 0 | Contact | 366 93 365 364 365 364 365 364 443 | P0304 P0506 P0708
PRV 0 | Provider | 1221 128 127 156 C035 1223 | P0203
PWK 0 | Paperwork | 755 756 757 98 66 67 352 C002 1525 | P0506
REF 1 | Reference | 128 127 352 C040 | R0203
SBR 0 | Subscriber | 1138 1069 127 93 1336 1143 1073 584 1032
STC 0 | Claim status | C043 373 306 782 782 373 591 373 429 C043 C043 933
SV3 0 | Dental service | C003 782 1331 C006 1358 380 352 1327 1360 1073 C004
SVC 0 | Service | C003 782 782 234 380 C003 380
SVD 0 | Line adjudication | 67 782 C003 234 380 554
TOO 0 | Tooth | 1270 1271 C005 | P0102
TRN 0 | Trace | 481 127 509 127
"""


def _rows(table: str) -> list[list[str]]:
    """The cells of a table, one list a line."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _element(line: str) -> Element:
    number, kind, size, name = line.split(None, 3)
    low, high = size.split("/")
    return Element(number, kind, int(low), int(high), name)


def _segment(head: str, name: str, elements: str, notes: str = "") -> Segment:
    segment_id, key = head.split()
    return Segment(segment_id, name, tuple(elements.split()), tuple(notes.split()), int(key))


MONEY = "782"
"""The data element of amounts of money: dollars, with at most two decimals."""

ELEMENTS: dict[str, Element] = {
    element.number: element for element in map(_element, _ELEMENTS.strip().splitlines())
}
COMPOSITES: dict[str, Composite] = {
    number: Composite(number, name, tuple(components.split()))
    for number, name, components in _rows(_COMPOSITES)
}
SEGMENTS: dict[str, Segment] = {
    segment.id: segment for segment in (_segment(*row) for row in _rows(_SEGMENTS))
}


@cache
def refs_of(segment_id: str) -> dict[str, str]:
    """The elements of a segment in order, each composite before its components: their places ("CLM05-3") and data element
    numbers. Empty when the standard has no such segment."""
    segment = SEGMENTS.get(segment_id)
    refs: dict[str, str] = {}
    for place, number in enumerate(segment.elements if segment else (), start=1):
        ref = f"{segment_id}{place:02}"
        refs[ref] = number
        if number in COMPOSITES:
            refs |= {
                f"{ref}-{part}": each for part, each in enumerate(COMPOSITES[number].components, start=1)
            }
    return refs


BINARY: dict[str, int] = {
    segment.id: place
    for segment in SEGMENTS.values()
    for place, number in enumerate(segment.elements, start=1)
    if number in ELEMENTS and ELEMENTS[number].type == "B"
}
"""Segments that hold octets of any value, each with the place of the element that does. The one before it counts them."""
