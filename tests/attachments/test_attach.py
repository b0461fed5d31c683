"""`edi attach`: a payer's request answered by one command, and what was forgotten sent later."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from request_maker import film_of, request

from edi.attachments.cda import read_document
from edi.cli.main import cli
from edi.sample.film import film
from edi.sample.film import film as other_film

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


def test_the_ledger_keeps_no_command_to_a_terminal(sent: Path) -> None:
    file = asked(film_of(CLAIM, "P\x1b[2J"))
    file.write_bytes(file.read_bytes().replace(b"PCN99", b"P\0\x1b[2J").replace(b"11506-3", b"1\x1b[2J"))
    assert edi("ack", file, "--from", "out").exit_code == 0
    story = edi("status", CLAIM).stdout
    assert "request P·[2J" in story
    assert "the payer's number P··[2J" in story
    assert "\x1b" not in edi("status", CLAIM, "--format", "json").stdout


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


def test_a_file_larger_than_the_payer_takes_is_refused(sent: Path) -> None:
    Path("film.png").write_bytes(film("8", "2026-11-01", 2))
    Path("small.toml").write_text(
        'title = "Small"\nabout = "Takes small files."\n'
        'attachment_bytes = { value = 100, source = "Page 1", date = "2026" }\n'
    )
    with Path("edi.toml").open("a") as settings:
        settings.write('[payers.CX014]\nprofile = "small.toml"\n')
    done = edi("attach", CLAIM, "film.png", "--unsolicited", "--from", "out", "-o", "out")
    assert done.exit_code == 2
    assert "film.png cannot be sent: it has" in done.stderr
    assert "the payer takes 100." in done.stderr


def test_what_cannot_be_done_is_said(sent: Path) -> None:
    file = asked(film_of("OTHER"))
    base = ("--from", "out", "-o", "out")
    assert "Give either" in edi("attach", CLAIM, *base).stderr
    assert f"asks nothing about claim {CLAIM}" in edi("attach", CLAIM, "--request", file, *base).stderr
    assert "has no claim NOBODY" in edi("attach", "NOBODY", "--unsolicited", *base).stderr
    own = edi("attach", "own-narrative", "--unsolicited", *base)
    assert own.exit_code == 2


def test_every_request_about_a_claim_is_answered(sent: Path) -> None:
    """A payer may ask twice in one file, by either guide; what it repeats is answered once."""
    two = [film_of(CLAIM), film_of(CLAIM, "PAY779"), film_of("OTHER", "PAY780"), film_of(CLAIM)]
    file = asked(*two)
    file.write_bytes(file.read_bytes() + request(film_of(CLAIM, "PAY781"), version="005010X213"))
    for config in ("edi.toml", "none.toml"):
        Path("none.toml").write_text("")
        done = edi(
            "attach", CLAIM, "--request", file, "--from", "out", "-o", config[:4], "--config", config, *AS_OF
        )
        assert done.exit_code == 0
        names = done.stdout.split()
        assert [name[-14:-4] for name in names] == sorted(name[-14:-4] for name in names)
        texts = [Path(name).read_text("latin-1") for name in names]
        found = [[line for line in text.split("\n") if line.startswith("BGN")] for text in texts]
        assert found == [
            ["BGN*11*PAY778*20261103*0000~", "BGN*11*PAY779*20261103*0000~"],
            ["BGN*11*PAY781*20261103*0000~"],
        ]
        assert all(edi("validate", "-q", name).exit_code == 0 for name in names)
    (story,) = json.loads(edi("status", CLAIM, "--format", "json").stdout)
    assert [event["kind"] for event in story["events"]].count("answered") == 3


def test_files_go_to_the_request_that_wants_them(sent: Path) -> None:
    chart = [*film_of(CLAIM, "PAY779")[:-3], "SVC*AD:D3352*215", "STC*R4:74030-8::LOI"]
    file = asked(film_of(CLAIM), chart)
    arguments = ("attach", CLAIM, "--request", file, "--from", "out", "-o", "new")
    assert edi(*arguments).exit_code == 2
    assert not Path("new").exists()  # all or nothing
    Path("chart.pdf").write_bytes(b"%PDF-1.7\nchart\n%%EOF\n")
    done = edi(*arguments, "chart.pdf")
    assert (done.exit_code, done.stderr.split()) == (0, ["xr-1", "note", "xr-1", "chart.pdf"])


def test_no_two_attachments_share_a_number(sent: Path) -> None:
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "film.png").write_bytes(film("9", "2026-11-01", ord(name)))
    Path("same.png").write_bytes(Path("a/film.png").read_bytes())
    base = ("--unsolicited", "--from", "out", "-o", "later")
    done = edi("attach", CLAIM, "a/film.png", "b/film.png", *base)
    lines = Path(done.stdout.split()[0]).read_text("latin-1").split("\n")
    first, second = (line for line in lines if line.startswith("TRN"))
    assert first != second
    for again in ("a/film.png", "same.png"):
        done = edi("attach", CLAIM, "a/film.png", again, *base)
        assert done.exit_code == 2
        assert f"{again} is the same as a/film.png" in done.stderr
    alone = edi("attach", CLAIM, "same.png", *base)
    assert first in Path(alone.stdout.split()[0]).read_text("latin-1")


def test_a_file_that_the_claim_announced_goes_under_its_number(sent: Path, repo: Path) -> None:
    (entry,) = [each for each in payload()["attachments"] if each["id"] == "xr-1"]
    own = repo / "examples" / "visits" / entry["file"]
    done = edi("attach", CLAIM, own, "--unsolicited", "--from", "out", "-o", "later")
    assert f"TRN*1*{entry['controlNumber']}~" in Path(done.stdout.split()[0]).read_text("latin-1")


def test_a_name_that_is_no_text_harms_nothing(sent: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    Path(name).write_bytes(film("9", "2026-11-01", 5))
    Path("edi.toml").write_text('[receivers.one]\nid = "RECEIVER"\nattachments = "006020X314"\n')
    done = edi("attach", CLAIM, name, "--unsolicited", "--from", "out", "-o", "later")
    assert done.exit_code == 0
    assert Path(name).read_bytes() in extracted(done.stdout.split()[0]).values()


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b"PAY778", b"PAY*778", "cannot repeat"),
        (b"PAY778", b"PAY\xe9778", "cannot repeat"),
        (b"52040-3", b"52*040-3", "cannot repeat"),
        (b"-1~\nSE", b"*-1~\nSE", "cannot repeat"),
        (b"PAY778", b"", "no number (TRN02)"),
        (b"PAY778", b"P" * 200, "does not keep to the guide"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(
    sent: Path, was: bytes, becomes: bytes, says: str
) -> None:
    """Its delimiters may be others than ours: what is text to it would be structure to us."""
    file = asked(film_of(CLAIM))
    octets = file.read_bytes()
    assert octets.count(was) == 1
    file.write_bytes(octets.replace(b"*", b"|").replace(was, becomes))
    done = edi("attach", CLAIM, "--request", file, "--from", "out", "-o", "new")
    assert done.exit_code == 2
    assert says in done.stderr
    assert not list(Path().glob("new/*"))


class TestFilmsThatAreGone:
    """The films of a record were moved, or lie under the names of others, since the claim was sent."""

    @pytest.fixture
    def film(self, tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The film of a claim that was sent from a folder that can be changed."""
        monkeypatch.chdir(tmp_path)
        shutil.copytree(repo / "examples" / "visits", "visits")
        Path("edi.toml").write_text('[ledger]\nurl = "sqlite:///edi.db"\n')
        assert edi("convert", "visits", "-o", "out", "--as-of", "2026-11-02").exit_code == 0
        (entry,) = [each for each in payload()["attachments"] if each["id"] == "xr-1"]
        return Path("visits", entry["file"])

    def test_the_request_says_so(self, film: Path) -> None:
        film.unlink()
        said = edi("ack", asked(film_of(CLAIM))).stdout
        assert "at hand: nothing; name the files to send\n    no longer where it was: xr-1" in said

    @pytest.mark.parametrize("how", [("--request", "request.277"), ("--unsolicited",)])
    @pytest.mark.parametrize("fate", ["moved", "replaced"])
    def test_nothing_else_is_sent_for_it(self, film: Path, fate: str, how: tuple[str, ...]) -> None:
        """A film of another patient may have taken its name."""
        asked(film_of(CLAIM))
        film.rename("moved.png")
        if fate == "replaced":
            film.write_bytes(other_film("9", "2026-11-01", 5))
        done = edi("attach", CLAIM, *how, "-o", "new")
        assert done.exit_code == 2
        assert (
            f"The file of attachment xr-1 is no longer in {film.parent.parent.resolve()}, or" in done.stderr
        )
        assert not Path("new").exists()
        done = edi("attach", CLAIM, "moved.png", *how, "-o", "new")
        assert (done.exit_code, "moved.png" in done.stderr) == (0, True), done.stderr
        assert Path("moved.png").read_bytes() in extracted(done.stdout.split()[0]).values()

    def test_an_image_that_was_reduced_is_sent_as_it_was(self, film: Path) -> None:
        Path("small.toml").write_text(
            'title = "Small"\nabout = "Takes small files."\n'
            f'attachment_bytes = {{ value = {film.stat().st_size * 3 // 4}, source = "Page 1", date = "2026" }}\n'
        )
        Path("edi.toml").write_text(
            '[ledger]\nurl = "sqlite:///third.db"\n[payers.CX014]\nprofile = "small.toml"\n'
        )
        Path("edi.key").unlink()
        shutil.rmtree("out")
        done = edi("convert", "visits", "-o", "out", "--as-of", "2026-11-02", "--fit-images")
        assert done.exit_code == 0, done.stderr
        (entry,) = [each for each in payload()["attachments"] if each["id"] == "xr-1"]
        assert entry["bytes"] < film.stat().st_size
        done = edi("attach", CLAIM, "--unsolicited", "-o", "new")
        assert done.exit_code == 0, done.stderr
        octets = extracted(done.stdout.split()[0]).values()
        assert entry["sha256"] in {hashlib.sha256(each).hexdigest() for each in octets}
