"""Every example visit becomes exactly the claim file beside it in tests/data/golden, which a person can read.

After a change that is meant: `PYTHONPATH=tests/helpers python tests/claim/test_golden.py` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from folders import GOLDEN, REPO

from edi.flows import convert, validate
from edi.flows.job import Job
from edi.settings import load_settings

AS_OF = datetime.date(2026, 11, 2)
VISITS = sorted((REPO / "examples" / "visits").glob("*.json"))


def _claim_file(visit: Path, out: Path) -> bytes:
    settings = load_settings(REPO / "examples" / "edi.toml", REPO)
    report = convert(Job(inputs=(str(visit),), settings=settings, as_of=AS_OF, jobs=1), out)
    assert (report.accepted, report.rejected) == (1, 0), (out / "rejects.ndjson").read_text()
    (written,) = (file for file in report.files if file.claims)
    return (out / written.path).read_bytes()


@pytest.mark.parametrize("visit", VISITS, ids=lambda path: path.stem)
def test_example_becomes_its_golden_claim(visit: Path, tmp_path: Path) -> None:
    expected = (GOLDEN / f"{visit.stem}.837").read_bytes()
    assert _claim_file(visit, tmp_path).decode() == expected.decode()


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.837")), ids=lambda path: path.stem)
def test_golden_claim_is_valid(golden: Path) -> None:
    with golden.open("rb") as stream:
        verdict = validate(stream, golden.name)
    assert verdict.claims == 1
    assert verdict.findings == []


def test_every_golden_file_has_its_example() -> None:
    assert {path.stem for path in GOLDEN.glob("*.837")} == {path.stem for path in VISITS}


if __name__ == "__main__":
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    for each in VISITS:
        with tempfile.TemporaryDirectory() as folder:
            (GOLDEN / f"{each.stem}.837").write_bytes(_claim_file(each, Path(folder)))
