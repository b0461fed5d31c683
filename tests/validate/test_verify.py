"""Files that are validated while they are written: the same errors as afterwards, whoever is quicker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import GOLDEN

from edi.errors import EdiError, InputError
from edi.flows.conversion.verify import Verifier, serve
from edi.flows.pool import Pool

GOLDEN = next(GOLDEN.rglob("*.837"))


@pytest.fixture(params=[1, 2])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """One that does all itself, and one with a process beside."""
    with Pool(request.param, serve) as pool:
        list(pool.map(abs, range(4)))
        assert len(pool.beside) == (0 if request.param == 1 else 2)
        yield pool


def test_files_are_judged_as_they_grow(pool: Pool, tmp_path: Path) -> None:
    verifier = Verifier(pool)
    data = GOLDEN.read_bytes()
    good, bad, whole = tmp_path / "good.837", tmp_path / "bad.837", tmp_path / "whole.837"
    whole.write_bytes(data.replace(b"~\nSE*", b"~\nXX*1~\nSE*"))
    for file, text in ((good, data), (bad, data.replace(b"CLM*", b"CLX*", 1))):
        with file.open("wb", buffering=0) as stream:
            verifier.begin(file)
            for start in range(0, len(text), 97):
                stream.write(text[start : start + 97])
        verifier.end(file)
    verifier.begin(whole)
    verifier.end(whole)
    found = dict([*verifier.ready(), *verifier.rest()])
    assert found[good] == []
    assert found[bad]
    assert "X12-SEGMENT-UNKNOWN" in {finding.rule for finding in found[whole]}
    assert list(verifier.rest()) == []


def test_what_is_no_x12_at_all_is_said_to_the_one_who_asked(pool: Pool, tmp_path: Path) -> None:
    verifier = Verifier(pool)
    file = tmp_path / "a.837"
    file.write_bytes(b"none")
    verifier.begin(file)
    verifier.end(file)
    with pytest.raises(InputError, match=r"a\.837 is not an X12 file"):
        list(verifier.rest())


def test_a_verifier_that_is_killed_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.837"
    file.write_bytes(GOLDEN.read_bytes())
    with Pool(2, serve) as pool:
        list(pool.map(abs, range(4)))
        verifier = Verifier(pool)
        verifier.begin(file)
        for process in pool.processes:
            process.kill()
            process.join()
        with pytest.raises(EdiError, match="--jobs 1"):
            verifier.end(file)
