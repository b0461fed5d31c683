"""Written files are validated by the processes that judge visits: what is found, and what happens when one is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import GOLDEN

from edi.errors import EdiError, InputError
from edi.flows.pool import Pool
from edi.flows.validation import errors_in

CLAIMS = next(GOLDEN.rglob("*.837")).read_bytes()


@pytest.fixture(params=[1, 2])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """A pool that does all itself, and one with processes."""
    with Pool(request.param) as pool:
        list(pool.map(abs, range(4)))
        yield pool


def test_each_file_s_errors_come_in_the_order_of_the_files(pool: Pool, tmp_path: Path) -> None:
    contents = {
        "good.837": CLAIMS,
        "bad.837": CLAIMS.replace(b"CLM*", b"CLX*", 1),
        "surplus.837": CLAIMS.replace(b"~\nSE*", b"~\nXX*1~\nSE*"),
    }

    def written() -> Iterator[Path]:
        for name, data in contents.items():
            (tmp_path / name).write_bytes(data)
            yield tmp_path / name

    good, bad, surplus = pool.map(errors_in, written())
    assert good == []
    assert bad
    assert "X12-SEGMENT-UNKNOWN" in {finding.rule for finding in surplus}


def test_what_is_no_x12_at_all_is_told_to_the_caller(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "a.837"
    file.write_bytes(b"none")
    with pytest.raises(InputError, match=r"a\.837 is not an X12 file"):
        list(pool.map(errors_in, [file]))


def test_one_map_feeds_another() -> None:
    """Files are written from what is judged: both are done by the same processes, neither waits for ever."""
    with Pool(2) as pool:
        assert list(pool.map(abs, pool.map(abs, range(-20, 0)))) == list(range(20, 0, -1))


def test_a_worker_that_is_killed_is_a_sentence() -> None:
    with Pool(2) as pool, pytest.raises(EdiError, match="--jobs 1"):
        list(pool.map(_die, range(4)))


def _die(_chunk: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
