"""`edi inspect` in a terminal: what it prints of any file, valid or broken, and what it covers."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from folders import DATA
from x12_maker import GS, ISA, TAIL, file_of, texts, whole_set

from edi.cli.main import cli
from edi.flows import inspect as inspected
from edi.guide.shape import ElementUse
from edi.guide.standard import ELEMENTS, Element
from edi.report.element_meaning import element_meaning
from edi.report.element_rows import element_rows
from edi.validate.trace import Step
from edi.validate.tree import Shown
from edi.x12.delimiters import DEFAULT

GOLDEN = DATA / "inspect"
VALID = "tests/data/x12/valid"
BROKEN = "tests/data/x12/broken"


@pytest.fixture(autouse=True)
def folder(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)


def run(*args: str, stdin: bytes | None = None, colour: bool = False) -> Result:
    return CliRunner().invoke(cli, ["inspect", *args], input=stdin, color=colour)


@pytest.mark.parametrize(
    ("file", "golden", "options", "code"),
    [
        (f"{VALID}/coordination-of-benefits.837", "coordination-of-benefits", (), 0),
        (f"{VALID}/coordination-of-benefits.837", "coordination-of-benefits.masked", ("--mask",), 0),
        (f"{BROKEN}/unknown-segment.837", "unknown-segment", (), 1),
        (f"{BROKEN}/claim-segment-lost.837", "claim-segment-lost", (), 1),
        (f"{BROKEN}/cut-off.837", "cut-off", (), 1),
    ],
)
def test_the_whole_text(file: str, golden: str, options: tuple[str, ...], code: int) -> None:
    done = run(file, *options)
    assert done.output == (GOLDEN / f"{golden}.txt").read_text()
    assert done.exit_code == code


def test_delimiters_and_line_breaks_do_not_show() -> None:
    data = Path(f"{VALID}/self-subscriber.837").read_bytes()
    other = data.replace(b"\n", b"").translate(bytes.maketrans(b"*:~^", b"|>\n!"))
    shown = run("-", stdin=other).output.splitlines()
    different = [line for line in run("-", stdin=data).output.splitlines() if line not in shown]
    assert [line.split() for line in different] == [
        ["ISA11", "Repetition", "separator", "^"],
        ["ISA16", "Component", "separator", ":"],
    ]


def test_several_interchanges() -> None:
    text = run(f"{VALID}/two-interchanges.837").output
    assert text.count("\n       Interchange ") == 2


def test_only_some_loops() -> None:
    text = run(f"{VALID}/dependants.837", "--loop", "2010CA", "--loop", "2310B").output
    assert "2010CA Patient's name" in text
    assert "2310B Rendering provider" in text
    assert "CLM01" not in text
    assert "2000C Patient level 1" in text  # where they are


def test_only_a_claim() -> None:
    done = run(f"{VALID}/dependants.837", "--claim", "B2")
    assert [line for line in done.output.splitlines() if "CLM01" in line] == [
        "                       CLM01    Patient control number            B2"
    ]
    assert "ISA01" not in done.output
    lines = run(f"{VALID}/dependants.837", "--claim", "B2", "--loop", "2400").output
    assert "SV302" in lines
    assert "CLM01" not in lines


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--claim", "SECRET"), "no claim of that patient control number."),
        (("--claim", ""), "no claim of that patient control number."),
        (("--loop", "2330C"), "no loop 2330C."),
        (
            ("--claim", "B2", "--loop", "2430"),
            "no claim of that patient control number, or no loop 2430 in it.",
        ),
    ],
)
def test_what_is_not_there(options: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = run(f"{VALID}/dependants.837", *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"edi: {VALID}/dependants.837 has {message}\n"
    page = run(f"{VALID}/dependants.837", *options, "--html", str(tmp_path / "page.html"))
    assert (page.exit_code, page.stderr, list(tmp_path.iterdir())) == (1, done.stderr, [])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for file, reason in (
        ("none.837", "none.837 cannot be read: No such file or directory."),
        (VALID, f"{VALID} cannot be read: Is a directory."),
    ):
        done = run(file)
        assert (done.exit_code, done.stderr) == (2, f"edi: {reason}\n")
    other = tmp_path / "visit.json"
    other.write_text("{}")
    assert (
        run("none.837", "--html", str(other)).stderr
        == "edi: none.837 cannot be read: No such file or directory.\n"
    )
    assert "is not an X12 file" in run(str(other)).stderr


def test_what_a_payer_asks_is_among_the_findings() -> None:
    file, overlay = f"{VALID}/orthodontic.837", "examples/overlays/medicare-dental.toml"
    told = CliRunner().invoke(cli, ["validate", file, "--overlay", overlay])
    done = run(file, "--overlay", overlay)
    assert told.exit_code == done.exit_code == 1
    assert done.output.splitlines()[0] == told.output.splitlines()[-1]
    assert done.output.count("^ error") == told.output.count("SNIP 7") > 0


def test_a_pipe_is_read_once_and_shown(tmp_path: Path) -> None:
    data = Path(f"{VALID}/self-subscriber.837").read_bytes()
    assert (
        run("-", stdin=data).output.splitlines()[1:]
        == run(f"{VALID}/self-subscriber.837").output.splitlines()[1:]
    )
    command = [sys.executable, "-m", "edi", "inspect", "-", "--loop", "2400"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert b"SV302" in done.stdout


def test_a_pager_that_closes_early_is_no_fault() -> None:
    command = [sys.executable, "-m", "edi", "inspect", f"{VALID}/whole-guide.837"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.readline()
        started.stdout.close()
        assert started.stderr.read() == b""


def test_colours_only_where_they_are_seen() -> None:
    file = f"{BROKEN}/dot-in-diagnosis.837"
    assert "\x1b" not in run(file).output
    assert "\x1b[31m^ error\x1b[0m X12-ELEMENT-FORM" in run(file, colour=True).output


def test_a_version_without_guide_is_shown_plainly() -> None:
    data = "".join(
        f"{each}~"
        for each in (
            ISA,
            GS.replace("X224A2", "X222A1"),
            "ST*837*0001*005010X222A1",
            "CLM*A1*100***11:B:1*Y",
            "SV1*HC:99213*100",
            "SE*4*0001",
            *TAIL,
        )
    ).encode()
    done = run("-", stdin=data)
    assert done.exit_code == 1
    assert "Transaction set 0001 no guide here reads it; names are the standard's" in done.output
    lines = [line.split() for line in done.output.splitlines()]
    assert ["CLM02", "Monetary", "amount", "100", "100.00"] in lines
    assert ["CLM05-3", "Claim", "frequency", "1", "original"] in lines
    assert "SV101" in done.output  # of a segment that nothing here knows
    covered = run("-", "--mask", stdin=data).output
    assert "99213" not in covered
    assert "A1" not in covered.split("CLM01", 1)[1]


def test_nothing_from_a_file_reaches_the_terminal_as_command(tmp_path: Path) -> None:
    data = Path(f"{VALID}/self-subscriber.837").read_bytes()
    for place in (b"77 LARCH AVE", b"N3*77", b"000000001*0", b"0001*005010X224A2~", b"A100"):
        evil = data.replace(place, b"\x1b]0;x\x07\x9b2J" + place, 1)
        assert evil != data
        for options in ((), ("--mask",)):
            text = run("-", *options, stdin=evil).output
            assert not [char for char in text if not char.isprintable() and char != "\n"]


MEANINGS = [
    ("1251", "D8|RD8", "D8", "20260902", "2026-09-02"),
    ("1251", "D8|RD8", "RD8", "20260902-20260905", "2026-09-02 to 2026-09-05"),
    ("1251", "D8|RD8", "D8", "20260231", ""),
    ("1251", "", "D8", "20260902", "2026-09-02"),
    ("1251", "D8", "", "2026", ""),
    ("373", "DATE", "", "20260902", "2026-09-02"),
    ("337", "TM", "", "091530", "09:15:30"),
    ("I08", "YYMMDD", "", "260914", "2026-09-14"),
    ("782", "", "", "1234.5", "1,234.50"),
    ("782", "", "", "-.5", "-0.50"),
    ("782", "", "", "300.00", ""),
    ("782", "", "", "1.005", ""),
    ("782", "", "", "1e5", ""),
    ("127", "", "", "     ", "blank"),
    ("1033", "", "", "PR", "patient's responsibility"),
    ("9999", "", "", "X", ""),
]


@pytest.mark.parametrize(("number", "form", "qualifier", "value", "said"), MEANINGS)
def test_what_a_value_means(number: str, form: str, qualifier: str, value: str, said: str) -> None:
    assert element_meaning(ElementUse("S", "Any", form=form, number=number), value, qualifier) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("%PDF-1.7 ...", "application/pdf, 12 bytes"),
        ("\x89PNG\r\n\x1a\n\x00", "image/png, 9 bytes"),
        ("\x00\x01", "binary, 2 bytes"),
    ],
)
def test_a_payload_is_told_of_and_not_shown(data: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from edi.guide import codes
    from edi.guide.shape import Segment, SegmentUse

    monkeypatch.setitem(ELEMENTS, "785", Element("785", "B", 1, 10**9, "Binary data"))
    element = ElementUse("R", "Attachment", number="785", ref="BIN02")
    use = SegmentUse(Segment("BIN", "Binary", ("785",)), 1, "R", 1, "Attachment", (element,), 0)
    step = Step((1, 1), 1, 1, f"BIN*{data}", DEFAULT, use, None, (), ())
    for mask in (False, True):
        ((cell,), rest) = element_rows(Shown(0, step, ()), mask=mask)
        assert (cell.value, cell.meaning, cell.name, rest) == ("", said, "Attachment", [])
    assert codes.meanings_of(element) == {}


def test_in_python() -> None:
    with inspected(io.BytesIO(file_of(texts(whole_set(full=False)))), "claims") as tree:
        assert tree.verdict.valid
        assert sum(1 for _ in tree.parts()) > 100


def test_a_long_pipe_leaves_nothing_behind(tmp_path: Path) -> None:
    """More than is held in memory: the copy has no name."""
    file = tmp_path / "long.837"
    file.write_bytes(Path(f"{VALID}/self-subscriber.837").read_bytes() + b"\n" * (1 << 21))
    folder = tmp_path / "tmp"
    folder.mkdir()
    command = [sys.executable, "-m", "edi", "inspect", "-", "--loop", "1000A"]
    with file.open("rb") as stream, subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.PIPE) as cat:
        done = subprocess.run(
            command, stdin=cat.stdout, capture_output=True, env={**os.environ, "TMPDIR": str(folder)}
        )
    assert done.stdout.count(b"1000A Submitter") == 1
    assert list(folder.iterdir()) == []


def test_a_page_takes_no_device_away(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = run("tests/data/golden/void.837", "--html", str(pipe))
    assert (done.exit_code, pipe.is_fifo()) == (2, True)
    assert "no file that can be replaced" in done.stderr
