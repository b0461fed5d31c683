"""Payer overlays: what each kind of entry trips on and passes, and which files are refused with what sentence."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from folders import EXAMPLES
from x12_maker import file_of, sealed, texts, whole_set

from edi.errors import SettingsError
from edi.finding import Finding
from edi.guide.overlay import VERSION, load_overlay, read_overlay
from edi.guide.overlay_rules import OverlayRules
from edi.validate.run import validate_stream

OVERLAYS = EXAMPLES / "overlays"
Edit = str | tuple[str, ...] | None  # another segment, several, or none in the place of one
Place = tuple[str, int, str | None, str]  # rule after X12-OVERLAY-, position, element, loop


def entry(at: str, *lines: str) -> str:
    return "\n".join(("[[ask]]", f'at = "{at}"', *lines, 'source = "Guide 2.1, page 9"', 'date = "2026-03"'))


def read(*entries: str, title: str = 'title = "Example Dental"') -> OverlayRules:
    return OverlayRules(VERSION, read_overlay("\n".join((title, *entries)), "example.toml").situations)


@cache
def base(full: bool) -> tuple[str, ...]:
    return tuple(texts(whole_set(full=full)))


def found(rules: OverlayRules | None, edits: dict[int, Edit], *, full: bool = False) -> list[Finding]:
    """What is found in the lean file (or the full one) after edits by position; ST is 1."""
    segments: list[str] = []
    for position, segment in enumerate(base(full), start=1):
        edit = edits.get(position, segment)
        segments += () if edit is None else (edit,) if isinstance(edit, str) else edit
    return validate_stream(io.BytesIO(file_of(sealed(segments))), "x", overlay_rules=rules).findings


def places(findings: list[Finding]) -> list[Place]:
    return [
        (each.rule.removeprefix("X12-OVERLAY-"), each.position or 0, each.element, each.loop or "")
        for each in findings
    ]


class Kind(NamedTuple):
    """An entry; edits that trip it in the first claim of the lean file, where; edits that pass. Elsewhere in the file it is
    kept to by `rest`."""

    asks: str
    trips: dict[int, Edit]
    at: tuple[Place, ...]
    passes: dict[int, Edit]
    rest: dict[int, Edit] = {}  # noqa: RUF012 - never written to


CLM = "CLM*{}*200***11:B:{}*N*A*N*I"
SBR = dict.fromkeys((25,), "SBR*P********MC") | {44: "SBR*P*18*******MC"}
DATES = {19: "DTP*472*D8*20260914"}
KINDS = {
    "segment required": Kind(
        entry("2300/REF:G1", 'usage = "required"', 'when = "CLM 05-3 is 7 8"'),
        {18: CLM.format("A1", "7"), 19: ("DTP*472*D8*20260914", "REF*F8*123")},
        (("REQUIRED", 21, None, "2300"),),
        {18: CLM.format("A1", "7"), 19: ("DTP*472*D8*20260914", "REF*F8*123", "REF*G1*77")},
    ),
    "loop required": Kind(
        entry("2310B", 'usage = "required"', 'when = "2010AA/NM1:85 02 is 2"'),
        {7: "NM1*85*2*CLINIC"},
        (
            ("REQUIRED", 20, None, "2300"),
            ("REQUIRED", 39, None, "2300"),
            ("REQUIRED", 52, None, "2300"),
            ("REQUIRED", 64, None, "2300"),
        ),
        {},
    ),
    "element required": Kind(
        entry("2400/SV3 03", 'usage = "required"', 'when = "2300/REF:G1 is present"'),
        {19: ("DTP*472*D8*20260914", "REF*G1*77")},
        (("REQUIRED", 22, "SV303", "2400"), ("REQUIRED", 24, "SV303", "2400")),
        {19: ("DTP*472*D8*20260914", "REF*G1*77"), 21: "SV3*AD:D0330*100*22", 23: "SV3*AD:D0330*100*22"},
    ),
    "component required": Kind(
        entry("2300/CLM 11-4", 'usage = "required"'),
        {18: "CLM*A1*200***11:B:1*N*A*N*I**EM", 19: ("DTP*439*D8*20260901", DATES[19])},
        (("REQUIRED", 18, "CLM11-4", "2300"),),
        {18: "CLM*A1*200***11:B:1*N*A*N*I**AA:::OH", 19: ("DTP*439*D8*20260901", DATES[19])},
    ),
    "segment not used": Kind(
        entry("2300/NTE", 'usage = "not used"'),
        {19: ("DTP*472*D8*20260914", "NTE*ADD*ONE", "NTE*ADD*TWO")},
        (("NOT-USED", 20, None, "2300"), ("NOT-USED", 21, None, "2300")),
        {},
    ),
    "one code of a segment not used": Kind(
        entry("2310B/REF:LU", 'usage = "not used"'),
        {
            19: (
                "DTP*472*D8*20260914",
                "NM1*82*2*CLINIC*****XX*1234567893",
                "REF*0B*1",
                "REF*LU*2",
                "REF*G2*3",
            )
        },
        (("NOT-USED", 22, None, "2310B"),),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*0B*1", "REF*G2*3")},
    ),
    "one code of a segment required": Kind(
        entry("2310B/REF:0B", 'usage = "required"'),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*G2*3")},
        (("REQUIRED", 21, None, "2310B"),),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*G2*3", "REF*0B*1")},
    ),
    "loop not used": Kind(
        entry("2310A", 'usage = "not used"'),
        {19: ("DTP*472*D8*20260914", "NM1*DN*1*ONE", "NM1*P3*1*TWO")},
        (("NOT-USED", 20, None, "2310A"), ("NOT-USED", 21, None, "2310A")),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893")},
    ),
    "loop not used before another": Kind(
        entry("2310A", 'usage = "not used"', 'when = "2310B is absent"'),
        {19: ("DTP*472*D8*20260914", "NM1*DN*1*ONE")},
        (("NOT-USED", 20, None, "2310A"),),
        {19: ("DTP*472*D8*20260914", "NM1*DN*1*ONE", "NM1*82*2*CLINIC*****XX*1234567893")},
    ),
    "element not used": Kind(
        entry("2400/SV3 06", 'usage = "not used"'),
        {21: "SV3*AD:D0330*100****2"},
        (("NOT-USED", 21, "SV306", "2400"),),
        {},
    ),
    "fewer codes": Kind(
        entry("2300/CLM 05-3", 'codes = ["1", "8"]'),
        {18: CLM.format("A1", "7"), 19: ("DTP*472*D8*20260914", "REF*F8*123")},
        (("CODE", 18, "CLM05-3", "2300"),),
        {18: CLM.format("A1", "8"), 19: ("DTP*472*D8*20260914", "REF*F8*123")},
    ),
    "codes where the guide has none": Kind(
        entry("2400/SV3 01-3", 'codes = ["KX", "GY"]'),
        {21: "SV3*AD:D0330:XX*100"},
        (("CODE", 21, "SV301-3", "2400"),),
        {21: "SV3*AD:D0330:GY*100"},
    ),
    "a fixed value": Kind(
        entry("2000B/SBR 09", 'value = "MC"'),
        {12: "SBR*P*18*******CI"},
        (("CODE", 12, "SBR09", "2000B"),),
        {12: "SBR*P*18*******MC"},
        SBR,
    ),
    "a fixed value that is missing": Kind(
        entry("2000B/SBR 09", 'value = "MC"'),
        {},
        (("REQUIRED", 12, "SBR09", "2000B"),),
        {12: "SBR*P*18*******MC"},
        SBR,
    ),
    "a value with blanks": Kind(
        entry("2010BB/NM1 03", 'value = "EXAMPLE DENTAL PLAN"'),
        {17: "NM1*PR*2*EXAMPLE DENTAL*****PI*CX014"},
        (("CODE", 17, "NM103", "2010BB"),),
        {17: "NM1*PR*2*EXAMPLE DENTAL PLAN*****PI*CX014"},
        dict.fromkeys((30, 49), "NM1*PR*2*EXAMPLE DENTAL PLAN*****PI*CX014"),
    ),
    "two codes of a segment required": Kind(
        entry("2310B/REF:0B", 'usage = "required"') + "\n" + entry("2310B/REF:LU", 'usage = "required"'),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*LU*3")},
        (("REQUIRED", 21, None, "2310B"),),
        {19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*LU*3", "REF*0B*1")},
    ),
    "required and fewer codes": Kind(
        entry("2000B/SBR 09", 'usage = "required"', 'codes = ["MC", "CI"]'),
        {12: "SBR*P*18*******11"},
        (("CODE", 12, "SBR09", "2000B"),),
        {12: "SBR*P*18*******CI"},
        SBR,
    ),
    "a shorter length": Kind(
        entry("2300/CLM 01", "max_length = 32"),
        {18: CLM.format("A" * 33, "1")},
        (("LONG", 18, "CLM01", "2300"),),
        {18: CLM.format("A" * 32, "1")},
    ),
    "a longer minimum": Kind(
        entry("2300/REF:G1 02", "min_length = 3"),
        {19: ("DTP*472*D8*20260914", "REF*G1*77", "REF*9F*1")},
        (("SHORT", 20, "REF02", "2300"),),
        {19: ("DTP*472*D8*20260914", "REF*G1*777", "REF*9F*1")},
    ),
    "a length of a number": Kind(
        entry("2400/SV3 02", "max_length = 5"),
        {18: CLM.format("A1", "1").replace("*200*", "*1334.56*"), 21: "SV3*AD:D0330*1234.56"},
        (("LONG", 21, "SV302", "2400"),),
        {18: CLM.format("A1", "1").replace("*200*", "*223.45*"), 21: "SV3*AD:D0330*123.45"},
    ),
    "fewer segments": Kind(
        entry("2300/NTE", "repeat = 2"),
        {19: ("DTP*472*D8*20260914", "NTE*ADD*1", "NTE*ADD*2", "NTE*ADD*3", "NTE*ADD*4")},
        (("REPEAT", 22, None, "2300"),),
        {19: ("DTP*472*D8*20260914", "NTE*ADD*1", "NTE*ADD*2")},
    ),
    "fewer lines": Kind(
        entry("2400", "repeat = 2"),
        {
            18: CLM.format("A1", "1").replace("*200*", "*400*"),
            23: ("SV3*AD:D0330*100", "LX*3", "SV3*AD:D0330*100", "LX*4", "SV3*AD:D0330*100"),
        },
        (("REPEAT", 24, None, "2400"),),
        {},
    ),
    "of the billing provider": Kind(
        entry("2000A/PRV", 'usage = "required"'),
        {},
        (("REQUIRED", 7, None, "2000A"),),
        {6: ("HL*1**20*1", "PRV*BI*PXC*1223E0200X")},
    ),
    "of the head": Kind(
        entry("ST/BHT 06", 'codes = ["CH"]'),
        {},
        (("CODE", 2, "BHT06", "ST"),),
        {2: "BHT*0019*00*B1*20260914*0930*CH"},
    ),
    "a condition of three": Kind(
        entry(
            "2300/HI", 'usage = "required"', 'when = "CLM 19 is absent and REF:G1 is absent and CLM 01 is A1"'
        ),
        {18: CLM.format("A1", "1")},
        (("REQUIRED", 20, None, "2300"),),
        {18: CLM.format("A1", "1"), 19: ("DTP*472*D8*20260914", "REF*G1*77")},
    ),
    "one of two conditions": Kind(
        entry("2300/HI", 'usage = "required"', 'when = "CLM 06 is not N or REF:G1 is present"'),
        {19: ("DTP*472*D8*20260914", "REF*G1*77")},
        (("REQUIRED", 21, None, "2300"),),
        {},
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_an_entry_trips_on(name: str) -> None:
    kind = KINDS[name]
    findings = found(read(kind.asks), kind.rest | kind.trips)
    assert places(findings) == list(kind.at)
    assert {(each.snip, each.severity) for each in findings} == {(7, "error")}
    assert found(None, kind.rest | kind.trips) == []


@pytest.mark.parametrize("name", KINDS)
def test_what_an_entry_passes(name: str) -> None:
    kind = KINDS[name]
    assert found(read(kind.asks), kind.rest | kind.passes) == []


def test_a_finding_names_payer_demand_and_source() -> None:
    kind = KINDS["segment required"]
    (finding,) = found(read(kind.asks), kind.trips)
    assert finding.message == (
        "Example Dental asks: REF*G1 is required when CLM05-3 is 7 or 8 (Guide 2.1, page 9, 2026-03)."
    )
    assert finding.fix == "Send REF*G1."


@pytest.mark.parametrize(
    ("asks", "edits"),
    [
        (entry("2300/REF:F8", 'usage = "required"'), {}),
        (entry("2300/CLM 05-3", 'codes = ["8"]'), {18: CLM.format("A1", "X")}),
        (entry("2000B/SBR 09", 'value = "MC"'), {12: "SBR*P*18*******XX"}),
        (entry("2300/CLM 01", "max_length = 20"), {18: CLM.format("A" * 39, "1")}),
        (entry("2300/NTE", "repeat = 1"), {19: (DATES[19], *["NTE*ADD*1"] * 6)}),
        (entry("2310B", 'usage = "required"', 'when = "2310A is present"'), {18: None}),
    ],
)
def test_nothing_is_said_twice(asks: str, edits: dict[int, Edit]) -> None:
    """A place that the guide itself finds wrong has one finding there, and that is the guide's."""
    replacement = {18: CLM.format("A1", "7")} if "F8" in asks else edits
    with_overlay, without = found(read(asks), replacement), found(None, replacement)
    wrong = {(each.position, each.element) for each in without}
    assert without
    assert [each for each in with_overlay if (each.position, each.element) in wrong] == without


REFUSED = {
    "no TOML": ("[[ask]", "is not TOML"),
    "a bottomless list": ("title = " + "[" * 5000, "nests deeper"),
    "no title": (entry("2310B", 'usage = "required"'), "title is missing"),
    "no entry": ('title = "P"', "write at least one entry [[ask]]"),
    "an entry that is no list": ('title = "P"\n[ask]\nat = "2310B"', "write at least one entry [[ask]]"),
    "an unknown key": ('title = "P"\nasks = 1', "asks is not a key. Did you mean ask?"),
}
WRONG = {
    "no place": ('[[ask]]\nusage = "required"', "ask 1: at is missing"),
    "no source": ('[[ask]]\nat = "2310B"\nusage = "required"\ndate = "2026"', "(2310B): source is missing"),
    "no date": ('[[ask]]\nat = "2310B"\nusage = "required"\nsource = "s"', "date must be the year"),
    "a date that is none": (entry("2310B", 'date = "1.3.26"'), "Cannot overwrite a value"),
    "an unknown part": (entry("2310B", 'usages = "required"'), "usages is not a key. Did you mean usage?"),
    "nothing asked": (entry("2310B"), "it asks nothing"),
    "a usage that is none": (entry("2310B", 'usage = "R"'), 'usage must be "required" or "not used"'),
    "codes that are no list": (entry("2300/CLM 05-3", 'codes = "1"'), "codes must be a list"),
    "a length that is no number": (
        entry("2300/CLM 01", 'max_length = "5"'),
        "max_length must be a whole number",
    ),
    "a repeat that is a switch": (entry("2400", "repeat = true"), "repeat must be a whole number"),
    "an unknown loop": (entry("2310X", 'usage = "required"'), "no loop called 2310X. Did you mean 2310"),
    "an unknown segment": (entry("2300/REF:G2", 'usage = "required"'), "called REF:G2. Did you mean REF:G"),
    "an unknown element": (entry("2300/HI 13", 'usage = "required"'), "HI has 12 elements"),
    "an unknown component": (entry("2300/CLM 05-4", 'usage = "required"'), "CLM05 has 3 components"),
    "a component of none": (entry("2300/CLM 01-1", 'usage = "required"'), "CLM01 has no components"),
    "an element not used": (
        entry("2300/CLM 03", 'usage = "required"'),
        "the guide does not use this element",
    ),
    "several segments": (entry("2300/REF", 'usage = "required"'), "has several REF: name one of REF:G3"),
    "a loop in a loop": (entry("2300/2310B", 'usage = "required"'), "write loop 2310B without another"),
    "no loop": (entry("REF:G1", 'usage = "required"'), 'loop in front, as in "2300/REF:G1"'),
    "no notation": (entry("the prior authorization", 'usage = "required"'), "is no place: write"),
    "a required element not used": (
        entry("2300/CLM 01", 'usage = "not used"'),
        "the guide requires it; an overlay can only",
    ),
    "required already": (entry("2300/CLM", 'usage = "required"'), "the guide requires it already"),
    "more codes": (
        entry("2300/CLM 05-3", 'codes = ["1", "6"]'),
        "the guide does not have 6 here (it has 1 7 8)",
    ),
    "all codes": (entry("2300/CLM 05-3", 'codes = ["1", "7", "8"]'), "nothing is narrowed"),
    "a code too long": (
        entry("2400/SV3 01-3", 'codes = ["KXX"]'),
        "the guide does not have KXX here; an overlay",
    ),
    "a code of no form": (
        entry("2400/SV3 01-2", 'codes = ["K041"]'),
        "the guide does not have K041 here",
    ),
    "a value of no number": (entry("2400/SV3 02", 'value = "FREE"'), "the guide does not have FREE here"),
    "codes of a composite": (
        entry("2300/CLM 05", 'codes = ["1"]'),
        "CLM05 is a composite: name one of its components",
    ),
    "codes of a segment": (entry("2300/CLM", 'codes = ["1"]'), "codes: CLM is no element"),
    "a longer length": (
        entry("2300/CLM 01", "max_length = 39"),
        "the guide allows 1 to 38; give less than 38",
    ),
    "a shorter minimum": (
        entry("2300/CLM 01", "min_length = 1"),
        "the guide allows 1 to 38; give more than 1",
    ),
    "an empty span": (entry("2300/CLM 01", "min_length = 9", "max_length = 8"), "no less than the least"),
    "a length of codes": (entry("2300/CLM 09", "max_length = 1"), "give codes"),
    "more repeats": (entry("2300/PWK", "repeat = 10"), "the guide allows 10; give less"),
    "a repeat of an element": (entry("2300/CLM 01", "repeat = 1"), "only a loop or a segment repeats"),
    "a repeat of levels": (entry("2000B", "repeat = 9"), "--claims-per-file"),
    "two at once": (
        entry("2300/CLM 05-3", 'value = "1"', "repeat = 1"),
        "value and repeat cannot stand together",
    ),
    "not used with codes": (
        entry("2300/CLM 20", 'usage = "not used"', 'codes = ["1"]'),
        "what is not used cannot have codes",
    ),
    "the trailer": (entry("ST/SE 01", "max_length = 3"), "nothing to narrow"),
    "a condition of no form": (
        entry("2300/REF:G1", 'usage = "required"', 'when = "CLM05-3 = 7"'),
        "is no condition: write",
    ),
    "a condition of nowhere": (
        entry("2300/HI", 'usage = "required"', 'when = "REF:ZZ is present"'),
        "when: REF:ZZ: the guide has no",
    ),
    "and with or": (
        entry(
            "2300/REF:G1", 'usage = "required"', 'when = "HI is present and NTE is present or PWK is present"'
        ),
        "by and, or by or, not by both",
    ),
    "a condition out of sight": (
        entry("2000A/PRV", 'usage = "required"', 'when = "2300/CLM 05-3 is 7"'),
        "not every place in it can be seen from loop 2000A",
    ),
    "a segment's value": (entry("2300/REF:G1", 'usage = "required"', 'when = "HI is 7"'), "HI is no element"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_overlay(name: str) -> None:
    text, says = REFUSED[name]
    with pytest.raises(SettingsError) as caught:
        read_overlay(text, "example.toml")
    assert "overlay example.toml" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", WRONG)
def test_an_entry_that_does_not_narrow(name: str) -> None:
    text, says = WRONG[name]
    with pytest.raises(SettingsError) as caught:
        read(text)
    assert "overlay example.toml" in str(caught.value)
    assert says in str(caught.value)


def test_the_same_asked_twice() -> None:
    with pytest.raises(SettingsError, match=r"ask 2 \(2310B\): an entry before asks the same kind of thing"):
        read(entry("2310B", 'usage = "required"'), entry("2310B", 'usage = "required"'))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        load_overlay(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe4"')
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load_overlay(tmp_path / "latin.toml")


def test_medicare() -> None:
    rules = OverlayRules(VERSION, load_overlay(OVERLAYS / "medicare-dental.toml").situations)
    one = places(found(rules, {}))[:3]
    assert one == [
        ("REQUIRED", 20, None, "2300"),
        ("REQUIRED", 21, "SV301-3", "2400"),
        ("REQUIRED", 23, "SV301-3", "2400"),
    ]
    line = {21: "SV3*AD:D0330:KX*100*****1", 23: "SV3*AD:D0330:52:GY*100*****1"}
    kept = {19: ("DTP*472*D8*20260914", "HI*ABK:K041")} | {
        place: text.replace("*****1", "") for place, text in line.items()
    }
    assert [each for each in places(found(rules, kept)) if each[1] < 25] == []


def test_regence() -> None:
    rules = OverlayRules(VERSION, load_overlay(OVERLAYS / "regence-dental.toml").situations)
    assert found(rules, {}) == []
    broken: dict[int, Edit] = {
        10: ("REF*EI*201234567", "REF*0B*1"),
        17: (base(False)[16], "REF*2U*2", "REF*G2*3"),
        19: ("DTP*472*D8*20260914", "NM1*82*2*CLINIC*****XX*1234567893", "REF*LU*4"),
    }
    assert places(found(rules, broken)) == [
        ("NOT-USED", 11, None, "2010AA"),
        ("NOT-USED", 20, None, "2010BB"),
        ("NOT-USED", 24, None, "2310B"),
    ]


def test_the_page_shows_an_overlay(repo: Path) -> None:
    page = (repo / "docs" / "overlays.md").read_text()
    (shown,) = re.findall(r"```toml\n(title.*?)```", page, re.DOTALL)
    rules = {each.id for each in read_overlay(shown, "page").situations}
    assert set(re.findall(r"X12-OVERLAY-[A-Z-]+", page)) == rules
    (refused,) = re.findall(r"```\nedi: (.*?)\n```", page)
    with pytest.raises(SettingsError) as caught:
        read_overlay(shown.replace('codes = ["1", "7"]', 'codes = ["1", "6"]'), "example-dental.toml")
    assert str(caught.value) == refused
