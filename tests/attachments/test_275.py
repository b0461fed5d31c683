"""Visits with files become a 275 beside their 837, by either guide, and the files come back out of it."""

from __future__ import annotations

import base64
import email
import io
import json
import re
import shutil
import stat
from pathlib import Path

import jsonschema
import orjson
import pytest
from attachment_maker import (
    FILM,
    REPO,
    attachment_file,
    converted,
    film,
    payloads,
    segments,
    settings,
    visit,
)
from click.testing import CliRunner
from folders import GOLDEN

from edi.attachments.content import Base64, Joined, Octets, SentFile, mime_entity
from edi.attachments.extract import extract
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.segments import X210, X314
from edi.attachments.transaction import Asked, Attached, Question
from edi.attachments.writer import AttachmentInterchange, Renderer
from edi.cli.main import cli
from edi.errors import InputError, OutputError
from edi.flows import validate
from edi.settings import load_settings
from edi.visit.parse import reread
from edi.visit.schema import schema_text
from edi.x12.envelope import Stamp

each_guide = pytest.mark.parametrize("version", [X210, X314])
SHORT = {"narrative": "Tooth 9, apex open."}


def small(**changes: object) -> dict[str, object]:
    """A visit with one film and a narrative that fits the notes."""
    return visit(**({"attachments": [film()]} | SHORT | changes))


def answer(version: str) -> bytes:
    """A film as the answer to a request of the payer."""
    asked = Asked(Question("R4", "52040-3"), Question("R4", "18803-7"))
    attached = Attached(
        control_number="CTL-1", content=Octets(FILM), media_type="image/png", form="IA", asked=[asked]
    )
    whole = attachment_set_of(reread(orjson.dumps(small())), "BSE-2026-003102", [attached], "PAYER-77")
    out = io.BytesIO()
    one = settings(version)
    interchange = AttachmentInterchange(out, one, one.receivers[0], 7, Stamp("20261102", "0000"), version)
    interchange.add(whole)
    interchange.close()
    return out.getvalue()


def golden_files(folder: Path) -> dict[str, bytes]:
    made = {}
    for version in (X210, X314):
        (folder / version).mkdir()
        out, _ = converted(folder / version, [small()], settings=settings(version))
        made[f"film-{version}.275"] = attachment_file(out).read_bytes()
    made[f"answer-{X210}.275"] = answer(X210)
    return made


def test_goldens(tmp_path: Path) -> None:
    """After a change that is meant: `PYTHONPATH=tests/helpers python tests/attachments/test_275.py` writes them anew."""
    made = golden_files(tmp_path)
    assert {path.name for path in GOLDEN.glob("*.275")} == made.keys()
    for name, octets in made.items():
        assert octets == (GOLDEN / name).read_bytes(), name
        verdict = validate(io.BytesIO(octets), name)
        assert (verdict.claims, verdict.attachments, verdict.findings) == (0, 1, [])


@each_guide
def test_claim_and_attachment_name_the_same_number_and_the_film_comes_back(
    tmp_path: Path, version: str
) -> None:
    out, report = converted(tmp_path, [small()], settings=settings(version))
    (payload,) = payloads(out)
    (entry,) = payload["attachments"]
    lines = segments(attachment_file(out))
    assert f"PWK*RB*EL***AC*{entry['controlNumber']}" in payload["segments"]
    assert lines[lines.index(f"LX*{entry['lx']}") + 1] == f"TRN*1*{entry['controlNumber']}"
    assert payload["attachmentInterchange"] == {
        "file": attachment_file(out).name,
        "isa13": lines[0].split("*")[13],
        "gs06": "2",
        "st02": lines[2].split("*")[2],
    }
    assert [(file.path, file.claims, file.attachments) for file in report.files] == [
        ("clearinghouse-000000001.837", 1, 0),
        ("clearinghouse-000000002.275", 0, 1),
    ]
    with attachment_file(out).open("rb") as stream:
        files = extract(stream, "x", tmp_path / "files")
    assert (tmp_path / "files" / files[-1].name).read_bytes() == FILM
    assert files[-1].sha256 == entry["sha256"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "files").iterdir()} == {0o600}
    jsonschema.Draft202012Validator(json.loads(schema_text("payload"))).validate(payload)


@each_guide
def test_an_example_of_each_kind_is_valid_and_the_same_however_many_work_on_it(
    tmp_path: Path, version: str
) -> None:
    records = [visit(path.stem) for path in sorted((REPO / "examples" / "visits").glob("*.json"))]
    for record in records:
        for attachment in record.get("attachments", ()):
            attachment["file"] = "film.png"
    made = []
    for jobs in (1, 2):
        out, report = converted(tmp_path, records, settings=settings(version), jobs=jobs)
        assert report.rejected == 0, (out / "rejects.ndjson").read_text()
        made.append({path.name: path.read_bytes() for path in out.iterdir()})
        with attachment_file(out).open("rb") as stream:
            verdict = validate(stream, "x")
        assert verdict.findings == []
        assert verdict.attachments == sum(
            "lx" in each for one in payloads(out) for each in one["attachments"]
        )
        shutil.rmtree(out)
    assert made[0] == made[1]


def test_the_whole_narrative_travels_in_the_clinical_record(tmp_path: Path) -> None:
    out, _ = converted(tmp_path, [visit("long-narrative", attachments=[film()])])
    (payload,) = payloads(out)
    record = payload["attachments"][-1]
    assert (record["id"], record["reportType"], record["mediaType"]) == ("narrative", "OZ", "text/xml")
    with attachment_file(out).open("rb") as stream:
        *_, document, page = extract(stream, "x", tmp_path / "files")
    assert (document.size, document.sha256) == (record["bytes"], record["sha256"])
    assert page.inside == document.name
    for each in (document, page):
        text = (tmp_path / "files" / each.name).read_text()
        assert payload["narrative"]["text"].split(".")[0] in text


@pytest.mark.parametrize(
    "changes",
    [
        {"file": None, "controlNumber": "NEA#12345678"},
        {"transmission": "BM"},
        {"transmission": "FX"},
        {"transmission": "EM"},
        {"transmission": "AA"},
    ],
)
def test_what_goes_another_way_is_in_no_275(tmp_path: Path, changes: dict[str, str]) -> None:
    out, report = converted(tmp_path, [small(attachments=[film(**changes)])])
    assert report.accepted == 1, (out / "rejects.ndjson").read_text()
    assert not list(out.glob("*.275"))
    (payload,) = payloads(out)
    assert "attachmentInterchange" not in payload
    assert "lx" not in payload["attachments"][0]


def test_a_receiver_may_want_none(tmp_path: Path) -> None:
    out, report = converted(tmp_path, [visit(attachments=[film()])], settings=settings("none"))
    assert [file.path for file in report.files] == ["clearinghouse-000000001.837"]
    assert payloads(out)[0]["attachments"][-1]["mediaType"] == "text/plain"


def test_file_transfer_is_sent_too(tmp_path: Path) -> None:
    out, _ = converted(tmp_path, [small(attachments=[film(transmission="FT", controlNumber="OWN-1")])])
    assert "TRN*1*OWN-1" in segments(attachment_file(out))


def test_numbers_go_on_after_a_275(tmp_path: Path) -> None:
    second = visit("other-codes", attachments=[film()])
    out, report = converted(tmp_path, [small(), second], claims_per_file=1)
    names = [file.path.removeprefix("clearinghouse-") for file in report.files]
    assert names == ["000000001.837", "000000002.275", "000000003.837", "000000004.275"]
    for file in report.files:
        assert segments(out / file.path)[0].split("*")[13] in file.path


def test_a_ledger_goes_on_counting_and_knows_the_file(tmp_path: Path) -> None:
    toml = tmp_path / "edi.toml"
    toml.write_text(f'[ledger]\nurl = "sqlite:///{tmp_path / "edi.db"}"\n')
    names = []
    for name in ("fall-1-first-visit", "other-codes"):
        folder = tmp_path / name
        folder.mkdir()
        record = visit(name, attachments=[film()])
        _, report = converted(folder, [record], settings=load_settings(toml, tmp_path))
        names += [file.path for file in report.files]
    assert names == [f"TEST-{number:09}.{kind}" for number, kind in enumerate(("837", "275") * 2, start=1)]
    checked = CliRunner().invoke(cli, ["ledger", "check", "--config", str(toml)])
    assert checked.output == "The ledger is consistent.\n"


def test_an_answer_repeats_the_request() -> None:
    lines = answer(X314).decode().split("~\n")
    assert lines[1:4][-1].startswith("BGN*11*PAYER-77*")
    assert "TRN*2*PAYER-77" in lines
    assert "STC*R4:52040-3::LOI*********R4:18803-7::LOI" in lines
    assert "REF*X1*BSE-2026-003102" in lines
    assert validate(io.BytesIO(answer(X314)), "x").findings == []


def test_unsolicited_and_solicited_traces_do_not_mix() -> None:
    octets = answer(X210).replace(b"TRN*2*", b"TRN*1*")
    (finding,) = validate(io.BytesIO(octets), "x").findings
    assert (finding.rule, finding.element, finding.loop) == ("X12-275-SOLICITED", "TRN01", "2000A")


def test_an_identifier_with_a_delimiter_is_refused() -> None:
    one = Attached(control_number="A*B", content=Octets(FILM), media_type="image/png", form="IA")
    whole = attachment_set_of(reread(orjson.dumps(small())), "C", [one])
    with pytest.raises(ValueError, match="character that X12 cannot carry"):
        Renderer(X210, settings().submitter, "20261102").render(whole)


def test_a_file_that_changes_under_way_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(FILM)
    for size, digest in ((len(FILM), "0" * 64), (len(FILM) - 1, "0" * 64), (len(FILM) + 1, "0" * 64)):
        with pytest.raises(InputError, match="was changed while it was read"):
            b"".join(SentFile(path, "image/png", size, digest).chunks())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 56, 57, 58, 171, 1000, 57 * 768, 57 * 768 + 1, 70_001])
def test_contents_are_as_large_as_they_say(count: int) -> None:
    data = bytes(each % 251 for each in range(count))
    pieces = Joined((Octets(data[: count // 3]), Octets(data[count // 3 :])))
    for content in (Base64(pieces), Base64(pieces, lines=True), mime_entity(pieces, "image/png", "a.png")):
        assert len(b"".join(content.chunks())) == content.size
    assert b"".join(Base64(pieces).chunks()) == base64.b64encode(data)
    lines = b"".join(Base64(pieces, lines=True).chunks())
    assert lines == base64.encodebytes(data).replace(b"\n", b"\r\n")
    message = email.message_from_bytes(b"".join(mime_entity(pieces, "image/png", "a.png").chunks()))
    assert (message.get_content_type(), message.get_filename()) == ("image/png", "a.png")
    assert message.get_payload(decode=True) == data


def test_files_are_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    octets = (GOLDEN / f"film-{X210}.275").read_bytes()
    (first,) = extract(io.BytesIO(octets), "x", folder)
    assert extract(io.BytesIO(octets), "x", folder) == [first]  # the same again is no harm
    (folder / first.name).write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        extract(io.BytesIO(octets), "x", folder)
    assert (folder / first.name).read_bytes() == b"mine"


@each_guide
def test_the_command_shows_and_extracts(version: str, tmp_path: Path) -> None:
    path, folder = str(GOLDEN / f"film-{version}.275"), tmp_path / "files"
    shown = CliRunner().invoke(cli, ["inspect", path])
    assert shown.exit_code == 0
    assert ("image/png, 67 bytes" if version == X210 else "text/xml, ") in shown.output
    done = CliRunner().invoke(cli, ["inspect", path, "--extract", str(folder)])
    assert done.exit_code == 0
    assert [str(each) in done.output for each in folder.iterdir()] == [True] * (3 if version == X314 else 1)
    assert FILM in [each.read_bytes() for each in folder.iterdir()]
    claims = CliRunner().invoke(cli, ["inspect", str(GOLDEN / "void.837"), "--extract", str(folder)])
    assert (claims.exit_code, claims.output) == (1, f"edi: {GOLDEN / 'void.837'} carries no files.\n")
    judged = CliRunner().invoke(cli, ["validate", path, "--format", "json"])
    assert json.loads(judged.output) | {"file": ""} == {
        "file": "",
        "findings": [],
        "valid": True,
        "claims": 0,
        "attachments": 1,
    }


def test_what_is_wrong_with_the_file_is_said_where_its_files_are_taken_out(tmp_path: Path) -> None:
    """A cut file gives the files before the cut, and half a film looks like a film: silence would hide both."""
    octets = (GOLDEN / f"film-{X210}.275").read_bytes()
    film = base64.b64encode(FILM)[:40]
    for damaged, rule in (
        (octets[: octets.index(film)], "X12-BINARY-CUT"),
        (octets[: octets.index(b"SE*")], "X12-TRUNCATED"),
        (octets.replace(film, b"?" + film[1:]), "X12-BINARY-ENCODING"),
        (octets.replace(b"SE*", b"SE*9"), "X12-COUNT"),
    ):
        folder = tmp_path / rule
        command = ["inspect", "-", "--extract", str(folder)]
        done = CliRunner().invoke(cli, command, input=damaged)
        assert done.exit_code == 1
        assert f"error {rule}: " in done.stderr
        assert "(standard input, segment " in done.stderr
        files = [each.read_bytes() for each in folder.iterdir()]
        assert (FILM in files) is (rule not in ("X12-BINARY-CUT", "X12-BINARY-ENCODING"))


def test_a_media_type_moves_no_cursor_and_may_be_long(tmp_path: Path) -> None:
    octets = (GOLDEN / f"film-{X210}.275").read_bytes()
    head = re.search(rb"BIN\*(\d+)\*.*?Content-Type: image/png", octets, re.DOTALL)
    assert head
    for sent in (b"image/\x1b[2Jx", b"x" * 60_000):
        longer = int(head[1]) + len(sent) - len(b"image/png")
        whole = head[0].replace(b"image/png", sent).replace(head[1], b"%d" % longer, 1)
        path = tmp_path / "hostile.275"
        path.write_bytes(octets.replace(head[0], whole))
        assert CliRunner().invoke(cli, ["inspect", str(path)]).exit_code == 0
        done = CliRunner().invoke(
            cli, ["inspect", str(path), "--extract", str(tmp_path / "files")], color=True
        )
        assert done.exit_code == 0
        assert "\x1b" not in done.output


def test_settings_name_the_guide(tmp_path: Path) -> None:
    path = tmp_path / "edi.toml"
    path.write_text('[receivers.one]\nid = "RECEIVER"\nattachments = "006020X314"\n')
    assert load_settings(path, tmp_path).receivers[0].attachments == X314
    assert load_settings(REPO / "examples" / "edi.toml", REPO).receivers[0].attachments == X210
    path.write_text('[receivers.one]\nid = "RECEIVER"\nattachments = "X314"\n')
    with pytest.raises(Exception, match='attachments must be one of "005010X210"'):
        load_settings(path, tmp_path)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        for name, octets in golden_files(Path(place)).items():
            (GOLDEN / name).write_bytes(octets)
