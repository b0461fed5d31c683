"""What `edi convert` writes: files in, files out."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from edi.errors import OutputError
from edi.flows import convert, validate
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.sample import visits
from edi.settings import Envelope, Receiver, Settings, Submitter
from edi.visit.schema import schema_text

AS_OF = datetime.date(2026, 10, 15)
Run = Callable[..., RunReport]


def ndjson(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def samples(count: int, seed: int = 1) -> list[dict[str, Any]]:
    return [record for record, _ in visits(count, seed)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def run(tmp_path: Path, out: Path) -> Run:
    """Convert records, given as one NDJSON file, into `out`."""

    def run(records: list[dict[str, Any]], **options: Any) -> RunReport:
        source = tmp_path / "visits.ndjson"
        source.write_text("".join(json.dumps(record) + "\n" for record in records))
        options = {"as_of": AS_OF, "jobs": 1} | options
        return convert(Job(inputs=(str(source),), **options), out)

    return run


def segments(out: Path, name: str = "TEST-000000001.837") -> list[str]:
    return (out / name).read_text().split("~\n")[:-1]


def test_outputs_keep_to_their_schemas(run: Run, out: Path) -> None:
    records = [record for record, _ in visits(150, 5, faulty=0.3)]
    report = run(records)
    assert report.rejected > 20
    for name, file in (("payload", "claims.ndjson"), ("reject", "rejects.ndjson")):
        validator = jsonschema.Draft202012Validator(json.loads(schema_text(name)))
        for line in ndjson(out / file):
            validator.validate(line)
    report = json.loads((out / "report.json").read_text())
    jsonschema.Draft202012Validator(json.loads(schema_text("report"))).validate(report)
    assert report["visits"] == len(records) == report["accepted"] + report["rejected"] + report["unchanged"]
    assert (
        report["accepted"]
        == len(ndjson(out / "claims.ndjson"))
        == sum(file["claims"] for file in report["files"])
    )


def test_every_claim_file_is_valid(run: Run, out: Path) -> None:
    report = run(samples(400, 9), claims_per_file=90)
    claims = [file for file in report.files if file.claims]
    assert [file.claims for file in claims] == [90, 90, 90, 90, report.accepted - 360]
    assert len(report.files) == 2 * len(claims)
    for file in report.files:
        with (out / file.path).open("rb") as stream:
            verdict = validate(stream, file.path)
        assert (verdict.claims, verdict.attachments, verdict.findings) == (file.claims, file.attachments, [])


def test_files_are_private(run: Run, out: Path) -> None:
    run(samples(2))
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_nothing_else_is_left_behind(run: Run, out: Path) -> None:
    run(samples(2))
    assert sorted(path.name for path in out.iterdir()) == [
        "TEST-000000001.837",
        "TEST-000000002.275",
        "claims.ndjson",
        "rejects.ndjson",
        "report.html",
        "report.json",
    ]


@pytest.mark.parametrize("jobs", [2, 3])
def test_same_input_gives_the_same_bytes_however_many_work_on_it(
    tmp_path: Path, out: Path, run: Run, jobs: int
) -> None:
    records = [record for record, _ in visits(1500, 4, faulty=0.1)]
    run(records, claims_per_file=400)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    for path in out.iterdir():
        path.unlink()
    run(records, claims_per_file=400, jobs=jobs)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_converting_again_into_the_same_folder_changes_nothing(run: Run, out: Path) -> None:
    run(samples(5))
    before = (out / "TEST-000000001.837").stat().st_mtime_ns
    run(samples(5))
    assert (out / "TEST-000000001.837").stat().st_mtime_ns == before


def test_a_claim_file_is_never_overwritten(run: Run, out: Path) -> None:
    run(samples(5))
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(OutputError, match="never overwritten"):
        run(samples(5, seed=2))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_payload_says_where_the_claim_is(run: Run, out: Path) -> None:
    run(samples(300, 2), claims_per_file=100)
    for payload in ndjson(out / "claims.ndjson"):
        where = payload["interchange"]
        written = (out / where["file"]).read_text().split("~\n")
        assert written[0].split("*")[13] == where["isa13"]
        assert written[1].split("*")[6] == where["gs06"]
        assert f"ST*837*{where['st02']}*005010X224A2" in written
        claim = next(segment for segment in payload["segments"] if segment.startswith("CLM*"))
        place = written.index(claim)
        own = payload["segments"][payload["segments"].index(claim) :]
        assert written[place : place + len(own)] == own
        assert claim.split("*")[1] == payload["patientControlNumber"]


def test_each_level_is_written_once_for_all_claims_that_share_it(run: Run, out: Path) -> None:
    """Two children and the subscriber herself, five claims: one billing provider, two subscriber levels, two patients."""
    (record,) = [r for r in samples(40) if "patient" in r and "attachments" in r][:1]
    record["subscriber"] |= {
        "birthDate": "1986-02-11",
        "gender": "F",
        "address": record["billingProvider"]["address"],
        "firstName": "Dana",
    }
    record = {
        k: v for k, v in record.items() if k not in ("clinical", "episode", "attachments", "otherInsurance")
    }
    record["claim"] = {}
    record["procedures"] = [{"code": "D0140", "fee": "60"}]
    plans = [("Ann", "A1"), ("Ben", "B1"), ("Ann", "A2"), ("", "S1"), ("Ben", "B2")]
    records = []
    for name, visit_id in plans:
        visit = record | {"visitId": visit_id}
        visit.pop("patient") if not name else visit.update(patient=record["patient"] | {"firstName": name})
        records.append(visit)
    report = run(records)
    assert report.accepted == 5, (out / "rejects.ndjson").read_text()
    outline = [
        segment.split("*")[0]
        + "*"
        + "*".join(segment.split("*")[1:5] if segment.startswith("HL") else segment.split("*")[1:2])
        for segment in segments(out)
        if segment.startswith(("HL*", "CLM*"))
    ]
    assert outline == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "CLM*S1",
        "HL*3*1*22*1",
        "HL*4*3*23*0",
        "CLM*A1",
        "CLM*A2",
        "HL*5*3*23*0",
        "CLM*B1",
        "CLM*B2",
    ]


def test_more_than_a_hundred_claims_of_one_patient_open_a_new_level(run: Run, out: Path) -> None:
    (record,) = [r for r in samples(40) if "patient" in r][:1]
    record = {
        k: v for k, v in record.items() if k not in ("clinical", "episode", "attachments", "otherInsurance")
    }
    record["claim"] = {}
    record["procedures"] = [{"code": "D0140", "fee": "60"}]
    report = run([record | {"visitId": f"V{number}"} for number in range(250)])
    assert report.accepted == 250
    levels = [segment for segment in segments(out) if segment.startswith("HL*") and "*23*" in segment]
    assert levels == ["HL*3*2*23*0", "HL*4*2*23*0", "HL*5*2*23*0"]


def test_encounters_have_a_transaction_set_of_their_own(run: Run, out: Path) -> None:
    records = samples(400, 3)
    kinds = {record.get("claim", {}).get("purpose", "claim") for record in records}
    assert "encounter" in kinds
    run(records)
    text = segments(out)
    headers = [segment.split("*")[6] for segment in text if segment.startswith("BHT*")]
    assert headers == ["CH", "RP"]
    assert text[-2].startswith("GE*2*")


def test_each_receiver_gets_its_own_interchange(run: Run, out: Path) -> None:
    records = samples(60, 8)
    payers = sorted({record["payer"]["payerId"] for record in records})
    settings = Settings(
        Submitter("SUB01", "Submitter", "Desk", phone="6145550100"),
        (
            Receiver("one", "RECEIVER1", "First", usage="P", payers=frozenset(payers[:1])),
            Receiver("others", "RECEIVER2", "Second"),
        ),
    )
    report = run(records, settings=settings)
    assert [file.path for file in report.files] == [
        "one-000000001.837",
        "one-000000002.275",
        "others-000000001.837",
        "others-000000002.275",
    ]
    isa = segments(out, "one-000000001.837")[0].split("*")
    assert (isa[6].strip(), isa[8].strip(), isa[15]) == ("SUB01", "RECEIVER1", "P")


def test_each_receiver_is_addressed_as_it_wants(run: Run, out: Path) -> None:
    records = samples(60, 8)
    payers = sorted({record["payer"]["payerId"] for record in records})
    wanted = Envelope("30", "123456789", "GATEWAY", "GROUPME", "GROUPYOU")
    settings = Settings(
        Submitter("SUB01", "Submitter", "Desk", phone="6145550100"),
        (
            Receiver(
                "one", "PLAN1", "First", payers=frozenset(payers[:1]), submitter="ACC-7", envelope=wanted
            ),
            Receiver("others", "RECEIVER2", "Second", qualifier="33", envelope=Envelope(group_sender="US")),
        ),
    )
    run(records, settings=settings)
    found = {}
    for file in sorted(out.glob("*.837")) + sorted(out.glob("*.275")):
        isa, gs, *rest = (segment.split("*") for segment in segments(out, file.name))
        submitter = next(segment for segment in rest if segment[:2] == ["NM1", "41"])
        receiver = next((segment[9] for segment in rest if segment[:2] == ["NM1", "40"]), None)
        ends = [*(each.strip() for each in isa[5:9]), *gs[2:4], submitter[9], receiver]
        found[file.name] = ends
    one = ["30", "123456789", "ZZ", "GATEWAY", "GROUPME", "GROUPYOU", "ACC-7"]
    others = ["ZZ", "SUB01", "33", "RECEIVER2", "US", "RECEIVER2", "SUB01"]
    assert found == {
        "one-000000001.837": [*one, "PLAN1"],
        "one-000000002.275": [*one, None],
        "others-000000001.837": [*others, "RECEIVER2"],
        "others-000000002.275": [*others, None],
    }


def test_one_gateway_never_gets_a_control_number_twice(run: Run, out: Path) -> None:
    records = samples(60, 8)
    payers = sorted({record["payer"]["payerId"] for record in records})
    gateway = Envelope(receiver="GATEWAY")
    settings = Settings(
        Submitter("SUB01", "Submitter", "Desk", phone="6145550100"),
        (
            Receiver("one", "PLAN1", "First", payers=frozenset(payers[:1]), envelope=gateway),
            Receiver("two", "PLAN2", "Second", envelope=gateway),
        ),
    )
    run(records, settings=settings)
    numbers = [segments(out, file.name)[0].split("*")[13] for file in out.glob("*.[28]*")]
    assert len(numbers) == 4
    assert len(set(numbers)) == 4


def test_a_payer_without_a_receiver_is_a_reject(run: Run, out: Path) -> None:
    settings = Settings(
        Submitter("SUB01", "Submitter", "Desk", phone="6145550100"),
        (Receiver("one", "RECEIVER1", "First", payers=frozenset({"NOBODY"})),),
    )
    report = run(samples(1), settings=settings)
    assert (report.accepted, report.rejected, report.files) == (0, 1, [])
    (reject,) = ndjson(out / "rejects.ndjson")
    assert [finding["path"] for finding in reject["findings"]] == ["/payer/payerId"]


def test_the_same_record_twice_is_converted_once(run: Run, out: Path) -> None:
    first, second = samples(2)
    report = run([first, second, dict(reversed(first.items()))])
    assert (report.visits, report.accepted, report.unchanged, report.rejected) == (3, 2, 1, 0)


def test_the_same_id_with_other_content_is_refused(run: Run, out: Path) -> None:
    first, other = samples(2)
    other["billingProvider"] = first["billingProvider"]
    other["visitId"] = first["visitId"]
    report = run([first, other])
    assert (report.accepted, report.rejected) == (1, 1)
    (reject,) = ndjson(out / "rejects.ndjson")
    assert [finding["category"] for finding in reject["findings"]] == ["duplicate"]
    assert reject["source"]["line"] == 2


def test_rejects_are_accepted_as_input_once_mended(run: Run, tmp_path: Path, out: Path) -> None:
    records = samples(3)
    records[1]["procedures"][0]["fee"] = "12.345"
    assert run(records).rejected == 1
    reject = json.loads((out / "rejects.ndjson").read_text())
    assert reject["record"] == records[1]
    reject["record"]["procedures"][0]["fee"] = "12.34"
    mended = tmp_path / "rejects.ndjson"
    mended.write_text(json.dumps(reject) + "\n")
    report = convert(Job(inputs=(str(mended),), as_of=AS_OF, jobs=1), tmp_path / "second")
    assert (report.accepted, report.rejected) == (1, 0)


def test_an_indented_record_is_rejected_on_one_line(tmp_path: Path, out: Path) -> None:
    (record,) = samples(1)
    record["procedures"][0]["fee"] = "-1"
    source = tmp_path / "visit.json"
    source.write_text(json.dumps(record, indent=4))
    convert(Job(inputs=(str(source),), as_of=AS_OF, jobs=1), out)
    (line,) = (out / "rejects.ndjson").read_text().splitlines()
    assert json.loads(line)["record"] == record


def test_an_unreadable_input_does_not_stop_the_others(tmp_path: Path, out: Path) -> None:
    good = tmp_path / "good.ndjson"
    good.write_text(json.dumps(samples(1)[0]) + "\n")
    report = convert(Job(inputs=(str(tmp_path / "absent.json"), str(good)), as_of=AS_OF, jobs=1), out)
    assert report.accepted == 1
    assert [file for file, _ in report.unreadable] == [str(tmp_path / "absent.json")]


def test_a_folder_that_is_also_written_into_is_read_without_what_was_written(tmp_path: Path) -> None:
    good, bad = samples(2)
    fee = bad["procedures"][0].pop("fee")
    (tmp_path / "a.json").write_text(json.dumps(good))
    (tmp_path / "b.json").write_text(json.dumps(bad))
    job = Job(inputs=(str(tmp_path),), as_of=AS_OF, jobs=1)
    first = convert(job, tmp_path)
    assert (first.accepted, first.rejected) == (1, 1)
    again = convert(job, tmp_path)
    assert (again.accepted, again.rejected) == (1, 1)
    bad["procedures"][0]["fee"] = fee
    mended = tmp_path / "rejects.ndjson"
    mended.write_text(json.dumps(bad))
    assert convert(Job(inputs=(str(mended),), as_of=AS_OF, jobs=1), tmp_path / "out").accepted == 1


def test_a_mark_of_byte_order_between_records_hides_no_repetition(tmp_path: Path, out: Path) -> None:
    (record,) = samples(1)
    text = json.dumps(record).encode() + b"\n"
    source = tmp_path / "joined.ndjson"
    source.write_bytes(b"\xef\xbb\xbf" + text + b"\xef\xbb\xbf" + text)
    report = convert(Job(inputs=(str(source),), as_of=AS_OF, jobs=1), out)
    assert (report.accepted, report.unchanged, report.rejected) == (1, 1, 0)


def test_history_of_a_run_is_judged_in_date_order(run: Run, out: Path) -> None:
    """A renewal without an episode of its own is in order when its first visit is in the same run, wherever it stands."""
    records = samples(600, 11)
    renewal = next(
        r for r in records if r["procedures"][0]["code"] == "D3352" and len(r["episode"]["visits"]) == 1
    )
    first = json.loads(json.dumps(renewal))
    first |= {"visitId": "FIRST-1", "serviceDate": renewal["episode"]["visits"][0]["serviceDate"]}
    first["procedures"] = [{"code": "D3351", "fee": "300", "toothNumber": renewal["episode"]["toothNumber"]}]
    first["clinical"]["radiographs"] = [
        {
            "date": first["serviceDate"],
            "toothNumber": renewal["episode"]["toothNumber"],
            "finding": "Open apex",
        }
    ]
    for key in ("episode", "attachments", "accident"):
        first.pop(key, None)
    del renewal["episode"]
    for record in (first, renewal):
        record.pop("otherInsurance", None)
    alone = run([renewal])
    assert (alone.accepted, alone.rejected) == (0, 1)
    together = run([renewal, first])
    assert "APX-SEQ-START" not in (out / "rejects.ndjson").read_text()
    assert together.accepted == 2, (out / "rejects.ndjson").read_text()


def test_an_empty_input_makes_an_empty_run(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "none.ndjson"
    source.write_text("\n")
    report = convert(Job(inputs=(str(source),), as_of=AS_OF, jobs=1), out)
    assert (report.visits, report.files) == (0, [])
    assert (out / "claims.ndjson").read_bytes() == b""


def test_a_claim_that_the_guide_refuses_is_rejected_and_never_written(
    run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a claim is a defect of the writer: here one is planted in a single claim."""
    from edi.flows.conversion import prepare

    records = samples(30, 6)
    spoiled = records[7]["visitId"]
    written = prepare.claim_text

    def spoil(visit: Any, *rest: Any) -> str:
        made = written(visit, *rest)
        return f"{made}REF*ZZ*what is this~\n" if visit["visitId"] == spoiled else made

    monkeypatch.setattr(prepare, "claim_text", spoil)
    report = run(records)
    assert (report.visits, report.accepted, report.rejected) == (30, 29, 1)
    (reject,) = ndjson(out / "rejects.ndjson")
    assert reject["visitId"] == spoiled
    assert {finding["category"] for finding in reject["findings"]} == {"format"}
    assert spoiled not in {payload["visitId"] for payload in ndjson(out / "claims.ndjson")}
    assert not any("what is this" in segment for segment in segments(out))
    with (out / "TEST-000000001.837").open("rb") as stream:
        assert validate(stream, "claims").valid


def test_what_follows_a_refused_claim_is_not_at_fault(
    run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first visit whose claim the guide refuses is still the first visit of the renewal in the same run."""
    from edi.flows.conversion import prepare

    records = samples(300, 6)
    first, renewal = next(
        (one, other)
        for one in records
        for other in records
        if one["procedures"][0]["code"] == "D3351"
        and one.get("serviceDate")
        in [visit["serviceDate"] for visit in other.get("episode", {}).get("visits", [])]
        and one["subscriber"] == other["subscriber"]
        and other["procedures"][0]["code"] == "D3352"
    )
    del renewal["episode"]
    written = prepare.claim_text
    monkeypatch.setattr(
        prepare,
        "claim_text",
        lambda visit, *rest: (
            written(visit, *rest) + "REF*ZZ*1~\n"
            if visit["visitId"] == first["visitId"]
            else written(visit, *rest)
        ),
    )
    report = run([renewal, first])
    assert (report.accepted, report.rejected) == (1, 1)
    (reject,) = ndjson(out / "rejects.ndjson")
    assert reject["visitId"] == first["visitId"]


def test_names_that_are_no_text_are_read_and_told(repo: Path, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/visits-\xff"))
    folder.mkdir()
    good = repo / "examples" / "visits" / "subscriber-is-patient.json"
    (folder / os.fsdecode(b"caf\xe9.json")).write_bytes(good.read_bytes())
    shutil.copytree(good.parent / "films", folder / "films")
    (folder / "bad.json").write_text("{}")
    report = convert(Job(inputs=(str(folder),), as_of=AS_OF, jobs=1), tmp_path / "out")
    assert (report.accepted, report.rejected) == (1, 1)
    reject = json.loads((tmp_path / "out" / "rejects.ndjson").read_text())
    assert reject["source"]["file"].endswith("visits-\ufffd/bad.json")
