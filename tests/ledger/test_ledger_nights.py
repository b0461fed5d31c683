"""Nights of a practice that has no luck: what was sent, refused, mended, taken back or cut off the night before."""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from ledger_runs import Practice, samples, stopped_at, written
from sqlalchemy.exc import OperationalError

from edi.errors import LedgerError, OutputError
from edi.x12.output import _SECONDS_TO_LOCK, whole_file


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    return Practice(tmp_path, ledger_url)


def next_night(folder: Path) -> None:
    """What lies in the output folder is of last night."""
    for left in folder.glob(".edi-*"):
        os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))


class TestCutOff:
    RECORDS = samples(5)

    @pytest.mark.parametrize("between", ["nothing", "another practice", "another file"])
    def test_what_may_have_been_sent_is_not_sent_again_the_next_night(
        self, practice: Practice, tmp_path: Path, between: str
    ) -> None:
        """Whoever writes into the folder before, with another ledger or none, takes away no trace of the run."""
        with stopped_at("moved file 1"):
            practice.killed(self.RECORDS)
        sent = written([practice.out])[0]
        data = sent.read_bytes()
        sent.unlink()
        next_night(practice.out)
        if between == "another practice":
            other = Practice(tmp_path / "other", "sqlite:///edi.db")
            (other.folder / "edi.toml").write_text(
                (other.folder / "edi.toml").read_text().replace("TEST]", "OTHER]")
            )
            assert other.convert(samples(1, seed=2), practice.out).accepted == 1
            for file in practice.out.glob("OTHER-*"):
                file.unlink()
        elif between == "another file":
            with whole_file(practice.out / "page.html") as stream:
                stream.write(b"")
            (practice.out / "page.html").unlink()
        report = practice.convert(self.RECORDS)
        assert (report.accepted, report.unchanged) == (0, len(self.RECORDS))
        assert [Path(name).name for name in report.finished] == [sent.name, "TEST-000000002.837"]
        sent.write_bytes(data)
        practice.assert_whole(self.RECORDS)

    def test_the_folder_of_the_day_is_a_link_and_points_to_another_day(self, practice: Practice) -> None:
        practice.out.symlink_to("monday")
        (practice.folder / "monday").mkdir()
        with stopped_at("moved file 1"):
            practice.killed(self.RECORDS)
        practice.out.unlink()
        practice.out.symlink_to("tuesday")
        (practice.folder / "tuesday").mkdir()
        assert practice.convert(self.RECORDS).unchanged == len(self.RECORDS)
        practice.assert_whole(self.RECORDS, practice.folder / "monday")

    @pytest.mark.parametrize("step", ["files safe", "recorded, not committed"])
    def test_what_was_never_recorded_is_swept_by_its_own_ledger(self, practice: Practice, step: str) -> None:
        with stopped_at(step):
            practice.killed(self.RECORDS)
        assert list(practice.out.glob(".edi-*"))
        assert practice.convert([]).rolled_back == []
        assert not list(practice.out.glob(".edi-*"))


@pytest.mark.parametrize("size", [1, 200])
def test_a_temporary_folder_that_is_full_is_told_by_name(tmp_path: Path, size: int) -> None:
    """Whether the claims of the run come through as they are written down, or when they are read again."""

    class Full(io.FileIO):
        def write(self, _data: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    practice = Practice(tmp_path, "sqlite:///edi.db")
    stream = io.BufferedRandom(Full(tmp_path / "full", "w+"), buffer_size=size << 10)
    with (
        mock.patch("tempfile.TemporaryFile", return_value=stream),
        pytest.raises(OutputError, match="The temporary folder cannot hold the run: No space left"),
    ):
        practice.convert(samples(10))
    assert list(practice.out.iterdir()) == []
    assert practice.convert(samples(10)).accepted == 10


class TestDatabase:
    """What is wrong with SQLite's file is told with what to do."""

    @pytest.mark.parametrize("left", [b"nonsense " * 500, None], ids=["no database", "cut"])
    def test_a_file_that_was_spoiled(self, tmp_path: Path, left: bytes | None) -> None:
        practice = Practice(tmp_path, "sqlite:///edi.db")
        practice.convert(samples(2))
        file = tmp_path / "edi.db"
        file.write_bytes(left or file.read_bytes()[:5000])
        with pytest.raises(LedgerError, match=r"edi\.db\) failed: .*\. .*[Bb]ring it back from a backup\."):
            practice.convert(samples(2))

    @pytest.mark.parametrize("command", [["convert", "v.ndjson", "-o", "out"], ["init", "--new-ledger"]])
    def test_a_disk_that_is_full(self, tmp_path: Path, command: list[str]) -> None:
        practice = Practice(tmp_path, "sqlite:///edi.db")
        (tmp_path / "v.ndjson").write_text(json.dumps(samples(1)[0]))
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", sys.executable, "-m", "edi", *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 2
        assert done.stderr.endswith(
            "Make room on the disk that it lies on, and run the same command again.\n"
        ), done.stderr
        assert not list(practice.out.glob("*.837"))

    @pytest.mark.parametrize("told", ["readonly", "cantopen"])
    def test_a_place_that_cannot_be_written(self, tmp_path: Path, told: str) -> None:
        practice = Practice(tmp_path, "sqlite:///edi.db")
        practice.convert(samples(1))
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorname = f"SQLITE_{told.upper()}_DIRECTORY"
        with (
            pytest.raises(LedgerError, match="must own it, and be able to write to it and to its folder"),
            practice.ledger() as ledger,
            ledger.database.writing(),
        ):
            raise OperationalError("", {}, error)
