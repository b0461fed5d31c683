"""A payer's request: read by its guide, held against the claims that were sent, and told to a biller."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from folders import GOLDEN
from hypothesis import given, settings
from hypothesis import strategies as st
from request_maker import film_of, request

from edi.attachments.transaction import Asked, Name, Payer, Question
from edi.cli.main import cli
from edi.flows.requests.match import match_requests, request_json
from edi.responses.meaning import meaning_of
from edi.responses.request import VERSIONS, Request, RequestedItem, read_requests
from edi.validate.run import validate_stream


def read(content: bytes) -> list[Request]:
    return list(read_requests(io.BytesIO(content), "request.277"))


def edi(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.fixture
def sent(repo: Path, tmp_path: Path) -> Path:
    """What convert wrote of the example visits."""
    folder = tmp_path / "out"
    assert edi("convert", repo / "examples" / "visits", "-o", folder, "--as-of", "2026-11-02").exit_code == 0
    return folder


@pytest.mark.parametrize("version", VERSIONS)
def test_a_payers_file_is_valid(version: str) -> None:
    content = request(film_of("BSE-2026-004020"), film_of("B", "PAY779", "X1"), version=version)
    assert validate_stream(io.BytesIO(content), "r").findings == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["EJ", "X1"])
def test_every_fact_is_read(version: str, kind: str) -> None:
    (found,) = read(request(film_of("BSE-1", kind=kind), version=version))
    films = Asked(Question("R4", "52040-3"), Question("R4", "18803-7"))
    assert found == Request(
        version=version,
        interchange="000000007",
        number="PAY778",
        payer=Payer("EXAMPLE DENTAL PLAN", "CX014"),
        provider_npi="1234567893",
        patient=Name("MARSH", "THEO"),
        member_id="EDP8842017",
        claim_number="BSE-1",
        payer_claim_number="PCN99",
        service_date="20260914",
        due="20261020",
        items=[
            RequestedItem(films),
            RequestedItem(Asked(Question("R4", "11506-3")), "BSE-1-1", "D3352", "Why was it renewed"),
        ],
    )


def test_many_claims_of_many_patients_are_many_requests() -> None:
    other = ["HL*5*3*PT", "NM1*QC*1*REED*ANA****MI*Z9", *film_of("B", "P2")]
    found = read(request(film_of("A", "P1"), other, film_of("C", "P3")))
    assert [(each.number, each.claim_number, each.patient.first) for each in found] == [
        ("P1", "A", "THEO"),
        ("P2", "B", "ANA"),
        ("P3", "C", "ANA"),
    ]
    assert all(len(each.items) == 2 for each in found)


def test_a_day_that_is_not_told_is_none() -> None:
    (found,) = read(request(film_of("A")).replace(b"DTP*106*D8*20261020", b"DTP*106*D8"))
    assert found.due == ""


@pytest.mark.parametrize("day", ["20261399", "00000000", "\x1b[2J    ", "2026 1 1", "2026-1-1"])
def test_a_day_that_is_none_hides_no_other(day: str) -> None:
    more = [*film_of("A")[:6], f"DTP*106*D8*{day}", *film_of("A")[6:]]
    (found,) = read(request(more))
    assert found.due == "20261020"
    service = request(film_of("A")).replace(b"D8*20260914", f"D8*{day}".encode())
    assert request_json(next(match_requests(read(service), None)))["serviceDate"] is None


def test_other_transactions_hold_no_request(repo: Path) -> None:
    assert read((GOLDEN / "secondary.837").read_bytes()) == []


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_broken_file_stops_it(data: st.DataObject) -> None:
    content = bytearray(request(film_of("A"), film_of("B")))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(110, len(content) - 1))] = data.draw(st.integers(32, 126))
    read(bytes(content))


@pytest.mark.parametrize(
    ("question", "words", "kind"),
    [
        (Question("R4", "52040-3"), "Dental X-rays", "radiograph"),
        (Question("R5", "52040-3"), "the first answer was not enough", "radiograph"),
        (Question("R4", "11506-3"), "Progress note", "note"),
        (Question("R3", "324", ""), "recent radiograph", "note"),
        (Question("R4", "324"), "not known here", None),
        (Question("R4", "287", ""), "does not say which", None),
    ],
)
def test_a_code_means_what_its_list_says(question: Question, words: str, kind: str | None) -> None:
    meaning = meaning_of(question)
    assert words in meaning.words
    assert kind in meaning.kinds if kind else meaning.kinds == ()


def test_what_is_at_hand_is_told(sent: Path, tmp_path: Path) -> None:
    file = tmp_path / "request.277"
    file.write_bytes(request(film_of("BSE-2026-004020"), film_of("UNKNOWN", "P2")))
    (known, unknown) = json.loads(edi("ack", file, "--from", sent, "--format", "json").stdout)
    assert (known["visitId"], known["due"], known["payerId"]) == ("BSE-2026-004020", "2026-10-20", "CX014")
    assert [(ask["code"], ask["atHand"]) for ask in known["asks"]] == [
        ("52040-3", ["xr-1"]),
        ("11506-3", ["note"]),
    ]
    assert (unknown["visitId"], [ask["atHand"] for ask in unknown["asks"]]) == (None, [[], []])


def test_a_biller_reads_who_asks_what_until_when_and_what_to_do(sent: Path, tmp_path: Path) -> None:
    file = tmp_path / "request.277"
    file.write_bytes(request(film_of("BSE-2026-004020")))
    text = edi("ack", file, "--from", sent).stdout
    assert text.splitlines() == [
        "BSE-2026-004020  asked by CX014, answer by 2026-10-20",
        f"  request PAY778 by 006020X313, in {file}",
        "  52040-3 Dental X-rays and other images, narrowed by 18803-7",
        "    at hand: xr-1",
        "  11506-3 Progress note for line BSE-2026-004020-1",
        "    at hand: note",
        f"  answer: edi attach BSE-2026-004020 --request {file} --from {sent} -o {sent}",
    ]
    assert "MARSH" not in text
    assert "THEO" not in text


def test_what_is_no_request_and_what_has_no_claims_is_said(repo: Path, tmp_path: Path) -> None:
    claim = GOLDEN / "secondary.837"
    done = edi("ack", claim)
    assert (done.exit_code, "holds no request" in done.stderr) == (2, True)
    file = tmp_path / "request.277"
    file.write_bytes(request(film_of("A")))
    done = edi("ack", file, "--from", tmp_path)
    assert (done.exit_code, "edi convert wrote into" in done.stderr) == (2, True)
    for foreign in (
        "{",
        "[]",
        "null",
        "{}",
        '{"patientControlNumber":"A","visitId":"A","payerId":"A","source":{}}',
    ):
        (tmp_path / "claims.ndjson").write_text(foreign + "\n")
        for command in (("ack", file), ("attach", "A", "--unsolicited", "-o", tmp_path)):
            done = edi(*command, "--from", tmp_path)
            assert (done.exit_code, "line 1 is not a payload" in done.stderr) == (2, True)
    assert edi("ack", tmp_path / "absent").exit_code == 2


def test_a_record_that_is_gone_leaves_nothing_at_hand(sent: Path, tmp_path: Path, repo: Path) -> None:
    lines: list[dict[str, Any]] = list(map(json.loads, (sent / "claims.ndjson").read_text().splitlines()))
    for line in lines:
        line["source"]["file"] = str(tmp_path / "gone.json")
    (sent / "claims.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    file = tmp_path / "request.277"
    file.write_bytes(request(film_of("BSE-2026-004020")))
    (known,) = json.loads(edi("ack", file, "--from", sent, "--format", "json").stdout)
    assert known["visitId"] == "BSE-2026-004020"
    assert [ask["atHand"] for ask in known["asks"]] == [[], []]


def test_a_record_of_standard_input_is_not_waited_for(sent: Path, tmp_path: Path, repo: Path) -> None:
    text = (sent / "claims.ndjson").read_text()
    record = "visits/fall-3-renewal.json"
    (sent / "claims.ndjson").write_text(text.replace(str(repo / "examples" / record), "-"))
    file = tmp_path / "request.277"
    file.write_bytes(request(film_of("BSE-2026-004020")))
    command = ["ack", str(file), "--from", str(sent), "--format", "json"]
    done = CliRunner().invoke(cli, command, input=(repo / "examples" / record).read_bytes())
    assert [ask["atHand"] for ask in json.loads(done.stdout)[0]["asks"]] == [[], []]
    done = edi("attach", "BSE-2026-004020", "--unsolicited", "--from", sent, "-o", tmp_path / "later")
    assert done.exit_code == 2
    assert "no longer in standard input" in done.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_read_stops_no_other_file(tmp_path: Path, form: str) -> None:
    files = [tmp_path / name for name in ("1.277", "bad.277", "2.277")]
    for file in files:
        file.write_bytes(request(film_of(file.stem)) if file.stem != "bad" else b"junk")
    done = edi("ack", *files, tmp_path / "absent.277", "--format", form)
    assert done.exit_code == 2
    assert [line.partition(" ")[0] for line in done.stderr.splitlines()] == ["edi:"] * 2
    assert ("bad.277" in done.stderr, "absent.277" in done.stderr) == (True, True)
    if form == "json":
        assert [each["claimNumber"] for each in json.loads(done.stdout)] == ["1", "2"]
    else:
        assert ("1  asked by" in done.stdout, "2  asked by" in done.stdout) == (True, True)


def test_nothing_of_a_request_reaches_terminal_or_shell_as_command(sent: Path, tmp_path: Path) -> None:
    file = tmp_path / "a request.277"
    file.write_bytes(
        request(film_of("X\x1b[2J", "P\x1b[2J"), film_of("BSE-2026-004020")).replace(b"CX014**", b"C\x1b]0;X")
    )
    done = CliRunner().invoke(cli, ["ack", str(file), "--from", str(sent)], color=True)
    assert done.exit_code == 0
    assert done.stdout.replace("\x1b[1m", "").replace("\x1b[0m", "").count("\x1b") == 0
    assert f" --request '{file}' --from " in done.stdout
