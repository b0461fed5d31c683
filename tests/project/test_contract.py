"""The contract's own visit becomes one accepted claim with every field of it in place."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from pathlib import Path

from edi.attachments.extract import extract
from edi.flows import convert, validate
from edi.flows.job import Job
from edi.sample.film import film


def test_the_contracts_visit(shared: Path, tmp_path: Path) -> None:
    shutil.copy(shared / "contract" / "visit.json", tmp_path)
    picture = film("9", "2026-09-14", 1)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "004417-tooth9.png").write_bytes(picture)
    out = tmp_path / "out"

    report = convert(
        Job(inputs=(str(tmp_path / "visit.json"),), as_of=datetime.date(2026, 9, 20), jobs=1), out
    )

    assert (report.accepted, report.rejected, dict(report.findings)) == (1, 0, {})
    assert [(file.path, file.claims, file.attachments) for file in report.files] == [
        ("TEST-000000001.837", 1, 0),
        ("TEST-000000002.275", 0, 2),
    ]
    for file in report.files:
        with (out / file.path).open("rb") as stream:
            assert validate(stream, file.path).findings == []
    (payload,) = map(json.loads, (out / "claims.ndjson").read_text().splitlines())
    numbers = {each["id"]: each["controlNumber"] for each in payload["attachments"]}
    notes = [f"NTE*ADD*{note}" for note in payload["narrative"]["notes"]]
    assert 1 <= len(notes) <= 5
    assert payload["segments"] == [
        "HL*1**20*1",
        "PRV*BI*PXC*1223E0200X",
        "NM1*85*2*Bright Street Endodontics PC*****XX*1234567893",
        "N3*410 Bright St*Suite 200",
        "N4*Columbus*OH*432150001",
        "REF*EI*201234567",
        "PER*IC*Billing Office*TE*6145550142",
        "HL*2*1*22*1",
        "SBR*P**0098120******CI",
        "NM1*IL*1*Marsh*Dana****MI*EDP8842017",
        "NM1*PR*2*Example Dental Plan*****PI*CX014",
        "HL*3*2*23*0",
        "PAT*19",
        "NM1*QC*1*Marsh*Theo",
        "N3*77 Larch Ave",
        "N4*Columbus*OH*43206",
        "DMG*D8*20170530*M",
        "CLM*BSE-2026-004417*215***11:B:1*Y*A*Y*Y**OA",
        "DTP*439*D8*20260602",
        "DTP*472*D8*20260914",
        f"PWK*RB*EL***AC*{numbers['xr-1']}",
        f"PWK*OZ*EL***AC*{numbers[payload['narrative']['attachmentId']]}",
        "REF*G1*PA2291174",
        *notes,
        "HI*ABK:K041",
        "NM1*82*1*Okafor*Adaeze****XX*1679576722",
        "PRV*PE*PXC*1223E0200X",
        "LX*1",
        "SV3*AD:D3352*215*********1",
        "TOO*JP*9",
        "REF*6R*BSE-2026-004417-1",
    ]
    manifest = next(each for each in payload["attachments"] if each["id"] == "xr-1")
    assert manifest["sha256"] == hashlib.sha256(picture).hexdigest()
    assert (manifest["mediaType"], manifest["bytes"]) == ("image/png", len(picture))
    with (out / "TEST-000000002.275").open("rb") as stream:
        sent = extract(stream, "275", tmp_path / "files")
    assert manifest["sha256"] in {file.sha256 for file in sent}
    attached = (out / "TEST-000000002.275").read_bytes()
    assert all(f"TRN*1*{number}~".encode() in attached for number in numbers.values())
    assert payload["lines"] == [
        {
            "lineControlNumber": "BSE-2026-004417-1",
            "code": "D3352",
            "toothNumber": "9",
            "fee": "215.00",
            "quantity": 1,
            "serviceDate": "2026-09-14",
            "diagnosisPointers": [1],
        }
    ]
