"""Input that is made to be slow: one finding for a run of empty segments, and time that grows with the file."""

from __future__ import annotations

import io

import pytest
from growth import growth
from x12_maker import ISA

from edi.finding import Finding
from edi.validate.run import validate_stream

HEAD = (
    ISA,
    "GS*HC*SENDER*RECEIVER*20260914*0930*1*X*005010X224A2",
    "ST*837*0001*005010X224A2",
    "BHT*0019*00*BATCH1*20260914*0930*CH",
    "NM1*41*2*OFFICE*****46*SENDER",
    "PER*IC*ANA*TE*5555550100",
    "NM1*40*2*CLEARINGHOUSE*****46*RECEIVER",
)
TAIL = ("SE*9*0001", "GE*1*1", "IEA*1*000000001")


def file_of_lines(*middle: str) -> bytes:
    return "".join(f"{each}~\n" for each in (*HEAD, *middle, *TAIL)).encode()


def found(*middle: str) -> list[Finding]:
    return validate_stream(io.BytesIO(file_of_lines(*middle)), "x").findings


@pytest.mark.parametrize("count", [1, 2, 100, 3000])
def test_a_run_of_empty_segments_is_one_finding(count: int) -> None:
    findings = found("REF*G1*1", *[""] * count, "REF*G1*2", "")
    assert [each.position for each in findings if each.rule == "X12-SEGMENT-EMPTY"] == [7, 8 + count]


def chain(count: int) -> list[str]:
    """Each level below the one before."""
    return [
        line
        for number in range(1, count + 1)
        for line in (f"HL*{number}*{number - 1 or ''}*{22 if number > 1 else 20}*1", "SBR*P*18*******CI")
    ]


def star(count: int) -> list[str]:
    """All levels below the first."""
    return [
        line
        for number in range(1, count + 1)
        for line in (
            f"HL*{number}*{'1' if number > 1 else ''}*{22 if number > 1 else 20}*0",
            "SBR*P*18*******CI",
        )
    ]


MIDDLES = {
    "empty segments": lambda count: [""] * 20 * count,
    "empty segments apart": lambda count: ["", "REF*G1*1"] * count,
    "chain": chain,
    "star": star,
    "billing providers": lambda count: [f"HL*{number}**20*1" for number in range(1, count + 1)],
    "one segment": lambda count: ["REF*ZZ*1"] * count,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MIDDLES)
def test_time_grows_with_the_file(name: str) -> None:
    files = {count: file_of_lines(*MIDDLES[name](count)) for count in (200, 800)}
    assert growth(lambda count: validate_stream(io.BytesIO(files[count]), "x"), 200) < 6
