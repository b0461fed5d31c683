"""What the dental guide says, held against a second statement of the facts."""

import pytest

from edi.guide.codes import meanings_of
from edi.guide.envelope import ENVELOPE
from edi.guide.registry import guide, match
from edi.guide.shape import ElementUse
from edi.guide.standard import COMPOSITES, ELEMENTS, SEGMENTS

DENTAL = guide("005010X224A2")
assert DENTAL is not None

LOOPS = """
1000A R 1 | NM1 R 1, PER R 2
1000B R 1 | NM1 R 1
2000A R 0 | HL R 1, PRV S 1, CUR S 1
2010AA R 1 | NM1 R 1, N3 R 1, N4 R 1, REF:EI R 1, REF:0B S 2, PER S 2
2010AB S 1 | NM1 R 1, N3 R 1, N4 R 1
2010AC S 1 | NM1 R 1, N3 R 1, N4 R 1, REF:2U S 1, REF:EI R 1
2000B R 0 | HL R 1, SBR R 1
2010BA R 1 | NM1 R 1, N3 S 1, N4 S 1, DMG S 1, REF:SY S 1, REF:Y4 S 1
2010BB R 1 | NM1 R 1, N3 S 1, N4 S 1, REF:2U S 3, REF:G2 S 1
2000C S 0 | HL R 1, PAT R 1
2010CA R 1 | NM1 R 1, N3 R 1, N4 R 1, DMG R 1, REF:Y4 S 1, REF:1W S 1
2300 S 100 | CLM R 1, DTP:439 S 1, DTP:452 S 1, DTP:472 S 1, DTP:050 S 1, DN1 S 1, DN2 S 35, PWK S 10, CN1 S 1, \
AMT:F5 S 1, REF:G3 S 1, REF:4N S 1, REF:F8 S 1, REF:9F S 1, REF:G1 S 1, REF:9A S 1, REF:9C S 1, REF:D9 S 1, K3 S 10, \
NTE S 5, HI S 1, HCP S 1
2310A S 2 | NM1 R 1, PRV S 1, REF:G2 S 3
2310B S 1 | NM1 R 1, PRV S 1, REF:LU S 4
2310C S 1 | NM1 R 1, N3 R 1, N4 R 1, REF:LU S 3
2310D S 1 | NM1 R 1, PRV S 1, REF:LU S 4
2310E S 1 | NM1 R 1, REF:LU S 4
2320 S 10 | SBR R 1, CAS S 5, AMT:D S 1, AMT:EAF S 1, AMT:A8 S 1, OI R 1, MOA S 1
2330A R 1 | NM1 R 1, N3 S 1, N4 S 1, REF:SY S 2
2330B R 1 | NM1 R 1, N3 S 1, N4 S 1, DTP:573 S 1, REF:2U S 3, REF:G1 S 1, REF:9F S 1, REF:T4 S 1, REF:G3 S 1, REF:F8 S 1
2330C S 2 | NM1 R 1, REF:G2 R 3
2330D S 1 | NM1 R 1, REF:G2 R 3
2330E S 1 | NM1 R 1, REF:G2 R 3
2330F S 1 | NM1 R 1, REF:G2 R 3
2330G S 1 | NM1 R 1, REF:G2 R 3
2330H S 1 | NM1 R 1, REF:G2 R 3
2400 R 50 | LX R 1, SV3 R 1, TOO S 32, DTP:472 S 1, DTP:139 S 1, DTP:452 S 1, DTP:446 S 1, DTP:196 S 1, DTP:198 S 1, \
CN1 S 1, REF:G3 S 5, REF:G1 S 5, REF:6R S 1, REF:9A S 1, REF:9C S 1, REF:9F S 5, AMT:T S 1, K3 S 10, HCP S 1
2420A S 1 | NM1 R 1, PRV R 1, REF:LU S 20
2420B S 1 | NM1 R 1, PRV S 1, REF:LU S 20
2420C S 1 | NM1 R 1, REF:LU S 20
2420D S 1 | NM1 R 1, N3 R 1, N4 R 1, REF:LU S 20
2430 S 15 | SVD R 1, CAS S 5, DTP:573 R 1, AMT:EAF S 1
"""

TREE = {
    "ST": "1000A 1000B 2000A",
    "2000A": "2010AA 2010AB 2010AC 2000B",
    "2000B": "2010BA 2010BB 2300 2000C",
    "2000C": "2010CA 2300",
    "2300": "2310A 2310B 2310C 2310D 2310E 2320 2400",
    "2320": "2330A 2330B 2330C 2330D 2330E 2330F 2330G 2330H",
    "2400": "2420A 2420B 2420C 2420D 2430",
}

# Which elements of a use are required (R), situational (S) or not used (-), from the first on.
ELEMENTS_USED = {
    "ST BHT": "RRRRRR",
    "1000A NM1:41": "RRRSS--RR---",
    "1000A PER": "RSRRSSSS-",
    "1000B NM1:40": "RRR----RR---",
    "2000A HL:20": "R-RR",
    "2000A CUR": "RR-------------------",
    "2010AA NM1:85": "RRRSS-SSS---",
    "2010AA N4": "RSSS--S",
    "2010AA REF:SY": "RR--",
    "2010AB NM1:87": "RR----------",
    "2010AC NM1:PE": "RRR----RR---",
    "2000B SBR": "RSSSS---S",
    "2010BA NM1:IL": "RRRSS-SSS---",
    "2010BA DMG": "RRR--------",
    "2010BB NM1:PR": "RRR----RR---",
    "2000C PAT": "R--------",
    "2010CA NM1:QC": "RRRSS-S-----",
    "2300 CLM": "RR--RRRRR-SS------SS",
    "2300 DN1": "SS-S",
    "2300 DN2": "RR---R",
    "2300 PWK": "RR--SS---",
    "2300 CN1": "RSSSSS",
    "2300 AMT:F5": "RR-",
    "2300 HI": "RSSS--------",
    "2300 HCP": "RRSSSSS-----SSS",
    "2310C NM1:77": "RRR----SS---",
    "2320 SBR": "RRSSS---S",
    "2320 CAS": "RRRSSSSSSSSSSSSSSSS",
    "2320 OI": "--R--R",
    "2320 MOA": "SSSSSSS-S",
    "2330A NM1:IL": "RRRSS-SRR---",
    "2330H NM1:DD": "RR----------",
    "2400 SV3": "RRSSSS----S",
    "2400 TOO": "RRS",
    "2400 REF:G1": "RR-S",
    "2400 REF:6R": "RR--",
    "2400 HCP": "RRSSS---SSSSSSS",
    "2430 SVD": "RRS-RS",
}

COMPONENTS_USED = {
    "2300 CLM 5": "RRR",
    "2300 CLM 11": "RS-SS",
    "2300 HI 1": "RR-------",
    "2400 SV3 1": "RRSSSSS-",
    "2400 SV3 4": "RSSSS",
    "2400 SV3 11": "RSSS",
    "2400 TOO 3": "RSSSS",
    "2400 REF:9F 4": "RR----",
    "2430 SVD 3": "RRSSSSS-",
}


def _usages(uses: tuple[ElementUse, ...]) -> str:
    return "".join("-" if each.usage == "N" else each.usage for each in uses)


@pytest.mark.parametrize("line", LOOPS.strip().splitlines())
def test_loops_and_their_segments(line: str) -> None:
    head, _, segments = line.partition(" | ")
    loop_id, usage, repeat = head.split()
    here = DENTAL.index[loop_id]
    assert (here.usage, here.repeat) == (usage, int(repeat))
    found = list(here.segments())
    stated = [each.split() for each in segments.split(", ")]
    assert [(DENTAL.find(loop_id, address), r) for address, _, r in stated] == [
        (each, str(each.repeat)) for each in found
    ]
    assert [use for _, use, _ in stated] == [each.usage for each in found]


def test_the_tree_of_loops() -> None:
    below = {
        each.id: " ".join(child.id for child in each.children if child in DENTAL.index.values())
        for each in DENTAL.index.values()
    }
    assert {loop_id: text for loop_id, text in below.items() if text} == TREE


@pytest.mark.parametrize("place", ELEMENTS_USED)
def test_elements_used(place: str) -> None:
    loop_id, address = place.split()
    assert _usages(DENTAL.find(loop_id, address).elements) == ELEMENTS_USED[place]


@pytest.mark.parametrize("place", COMPONENTS_USED)
def test_components_used(place: str) -> None:
    loop_id, address, element = place.split()
    parts = DENTAL.find(loop_id, address).elements[int(element) - 1].parts
    assert _usages(parts) == COMPONENTS_USED[place]


@pytest.mark.parametrize(
    ("loop_id", "address", "ref", "codes"),
    [
        ("2300", "CLM", "CLM05-3", "1 7 8"),
        ("2300", "CLM", "CLM07", "A C"),
        ("2300", "CLM", "CLM19", "PB"),
        ("2300", "PWK", "PWK01", "B4 DA DG EB OZ P6 RB RR"),
        ("2300", "PWK", "PWK02", "AA BM EL EM FT FX"),
        ("2300", "HI", "HI01-1", "ABK BK TQ"),
        ("2300", "HI", "HI04-1", "ABF BF TQ"),
        ("2400", "SV3", "SV304-5", "00 01 02 03 04 05 06 07 08 09 10 20 30 40 L R"),
        ("2400", "SV3", "SV305", "I R"),
        ("2400", "TOO", "TOO03-5", "B D F I L M O"),
        ("2000C", "PAT", "PAT01", "01 19 20 21 39 40 53 G8"),
        ("2320", "SBR", "SBR02", "18 01 19 20 21 39 40 53 G8"),
    ],
)
def test_codes(loop_id: str, address: str, ref: str, codes: str) -> None:
    uses = [(each, *each.parts) for each in DENTAL.find(loop_id, address).elements]
    found = next(one for whole in uses for one in whole if one.ref == ref)
    assert " ".join(found.codes) == codes


def test_claims_stand_under_subscriber_and_patient_as_one_declaration() -> None:
    claim = DENTAL.index["2300"]
    assert claim.unit
    for level in ("2000B", "2000C"):
        assert any(child is claim for child in DENTAL.index[level].children)


def test_levels_stand_behind_what_belongs_to_the_level_above() -> None:
    for level in ("2000A", "2000B", "2000C"):
        assert DENTAL.index[level].trigger.position == 10
    assert DENTAL.index["2000C"].position > DENTAL.index["2300"].position


def test_find_by_any_code_of_the_key() -> None:
    assert DENTAL.find("2010AA", "REF:SY") is DENTAL.find("2010AA", "REF:EI")
    with pytest.raises(KeyError, match="005010X224A2 2300 has no REF:XX"):
        DENTAL.find("2300", "REF:XX")


def test_the_same_code_means_what_its_place_says() -> None:
    def meaning(loop_id: str, address: str, code: str) -> str:
        return meanings_of(DENTAL.find(loop_id, address).elements[1])[code]

    assert meaning("2300", "REF:4N", "1") == "urgent care"
    assert meaning("2330B", "REF:T4", "Y") == "yes"
    assert meanings_of(DENTAL.find("2000A", "HL:20").elements[3])["1"] == "levels below"


@pytest.mark.parametrize(
    ("version", "exact"),
    [("005010X224A2", True), ("005010X224", False), ("005010X224A1", False), ("005010X224A3", False)],
)
def test_near_relatives_are_read_by_the_dental_guide(version: str, exact: bool) -> None:
    assert match(version) == (DENTAL, exact)
    assert guide(version) is DENTAL


@pytest.mark.parametrize("version", ["", "005010X222A1", "004010X097A1", "005010X224A4"])
def test_other_versions_have_no_guide(version: str) -> None:
    assert guide(version) is None
    assert match(version) is None


def test_the_interchange_header_is_of_fixed_width() -> None:
    widths = [ELEMENTS[each.number] for each in ENVELOPE["ISA"].elements]
    assert all(each.low == each.high for each in widths)
    assert 3 + sum(each.high + 1 for each in widths) + 1 == 106


def test_the_standard_refers_to_itself_only() -> None:
    for segment in SEGMENTS.values():
        assert all(number in ELEMENTS or number in COMPOSITES for number in segment.elements), segment.id
    for composite in COMPOSITES.values():
        assert all(number in ELEMENTS for number in composite.components), composite.number
