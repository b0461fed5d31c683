"""`edi attach`: a payer's request answered by one command, and what was forgotten sent later."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from request_maker import film_of, request

from edi.attachments.cda import read_document
from edi.cli.main import cli
from edi.sample.film import film

CLAIM = "BSE-2026-004020"
AS_OF = ("--as-of", "2026-11-03")


def edi(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.fixture
def sent(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in where the example visits have been converted into `out`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edi.toml").write_text('[ledger]\nurl = "sqlite:///edi.db"\n')
    assert edi("convert", repo / "examples" / "visits", "-o", "out", "--as-of", "2026-11-02").exit_code == 0
    return tmp_path


def asked(*claims: list[str], version: str = "006020X313") -> Path:
    file = Path("request.277")
    file.write_bytes(request(*claims, version=version))
    return file


def extracted(file: str) -> dict[str, bytes]:
    assert edi("validate", file).output.startswith(f"{file}: valid, no findings")
    done = edi("inspect", file, "--extract", "files")
    assert done.exit_code == 0
    return {path.name: path.read_bytes() for path in Path("files").iterdir()}


def payload() -> Any:
    lines = map(json.loads, Path("out/claims.ndjson").read_text().splitlines())
    return next(each for each in lines if each["visitId"] == CLAIM)


@pytest.mark.parametrize(
    ("version", "answer", "interchange"),
    [("006020X313", "006020X314", "00602"), ("005010X213", "005010X210", "00501")],
)
def test_one_command_answers(sent: Path, repo: Path, version: str, answer: str, interchange: str) -> None:
    done = edi(
        "attach",
        CLAIM,
        "--request",
        asked(film_of(CLAIM), version=version),
        "--from",
        "out",
        "-o",
        "out",
        *AS_OF,
    )
    assert (done.exit_code, done.stderr.split()) == (0, ["xr-1", "note"])
    (name,) = done.stdout.split()
    text = Path(name).read_text("latin-1")
    assert f"*{interchange}*" in text
    for segment in (
        f"ST*275*0001*{answer}~",
        "BGN*11*PAY778*20261103*0000~",
        "TRN*2*PAY778~\nSTC*R4:52040-3::LOI*********R4:18803-7::LOI~",
        f"TRN*2*PAY778~\nSTC*R4:11506-3::LOI~\nREF*6R*{CLAIM}-1~",
    ):
        assert segment in text
    files = extracted(name)
    picture = (repo / "examples" / "visits" / "films" / "fall-3-renewal-tooth9.png").read_bytes()
    assert picture in files.values()
    (note,) = [each for file, each in files.items() if file.startswith("00002") and file.endswith(".xml")]
    assert note.startswith(b"<?xml")
    document = read_document(io.BytesIO(note))
    assert (document.code, document.findings) == ("28570-0", ())


def test_the_ledger_is_told_once(sent: Path) -> None:
    file = asked(film_of(CLAIM))
    assert edi("ack", file, "--from", "out").exit_code == 0
    assert edi("ack", file, "--from", "out").exit_code == 0
    assert edi("attach", CLAIM, "--request", file, "--from", "out", "-o", "out").exit_code == 0
    (story,) = json.loads(edi("status", CLAIM, "--format", "json").stdout)
    kinds = [event["kind"] for event in story["events"]]
    assert kinds.count("requested") == 1
    assert kinds[-1] == "answered"
    assert (story["state"], story["payerClaimControlNumber"]) == ("answered", "PCN99")


def test_what_is_not_at_hand_is_named(sent: Path) -> None:
    more = [*film_of(CLAIM)[:-3], "SVC*AD:D3352*215", "STC*R4:74030-8::LOI"]
    arguments = ("attach", CLAIM, "--request", asked(more), "--from", "out", "-o", "new")
    done = edi(*arguments)
    assert done.exit_code == 2
    assert "Nothing is at hand for 74030-8 (Periodontal chart). Name the files" in done.stderr
    assert not Path("new").exists()
    Path("chart.pdf").write_bytes(b"%PDF-1.7\nchart\n%%EOF\n")
    done = edi(*arguments, "chart.pdf")
    assert (done.exit_code, done.stderr.split()) == (0, ["xr-1", "chart.pdf"])
    (name,) = done.stdout.split()
    assert Path("chart.pdf").read_bytes() in extracted(name).values()
    assert "STC*R4:74030-8::LOI~" in Path(name).read_text("latin-1")


def test_what_was_forgotten_goes_under_the_number_that_the_claim_announced(sent: Path) -> None:
    (entry,) = [each for each in payload()["attachments"] if each["id"] == "xr-1"]
    done = edi("attach", CLAIM, "--unsolicited", "--from", "out", "-o", "later")
    (name,) = done.stdout.split()
    text = Path(name).read_text("latin-1")
    assert f"TRN*1*{entry['controlNumber']}~" in text
    assert "BGN*02*" in text
    Path("more.png").write_bytes(film("9", "2026-11-01", 5))
    done = edi("attach", CLAIM, "more.png", "--unsolicited", "--from", "out", "-o", "later")
    (other,) = done.stdout.split()
    assert other != name
    assert Path("more.png").read_bytes() in extracted(other).values()


def test_numbers_go_on_without_a_ledger(sent: Path) -> None:
    Path("edi.toml").unlink()
    names = [
        edi("attach", CLAIM, "--unsolicited", "--from", "out", "-o", "out").stdout.strip() for _ in range(2)
    ]
    assert names == ["out/TEST-000000003.275", "out/TEST-000000004.275"]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.png", "it is empty"),
        (film("9", "2026-11-01", 5)[:-4], "a.png", "it is cut off"),
        (b"%PDF-1.7\n/Encrypt 1 0 R\n%%EOF\n", "a.pdf", "locked by a password"),
        (b"GIF89a\x00\x01", "a.gif", "of a type that payers do not take"),
        (None, "a.png", "it is not there"),
    ],
)
def test_a_file_that_cannot_be_sent_is_refused(
    sent: Path, content: bytes | None, name: str, message: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    done = edi("attach", CLAIM, name, "--unsolicited", "--from", "out", "-o", "later")
    assert done.exit_code == 2
    assert message in done.stderr
    assert not list(Path().glob("later/*.275"))


def test_what_cannot_be_done_is_said(sent: Path) -> None:
    file = asked(film_of("OTHER"))
    base = ("--from", "out", "-o", "out")
    assert "Give either" in edi("attach", CLAIM, *base).stderr
    assert f"asks nothing about claim {CLAIM}" in edi("attach", CLAIM, "--request", file, *base).stderr
    assert "has no claim NOBODY" in edi("attach", "NOBODY", "--unsolicited", *base).stderr
    own = edi("attach", "own-narrative", "--unsolicited", *base)
    assert own.exit_code == 2
