"""A convert that is killed, crowded or short of room: files whole or not at all, and the next run puts it right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edi.sample import visits

COMMAND = [sys.executable, "-m", "edi", "convert", "v.ndjson", "-o", "out", "--as-of", "2026-10-15"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record, _ in visits(1500, 1)))
    return tmp_path


def contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("out").iterdir() if path.is_file()}


def test_killed_at_any_moment_and_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(COMMAND, capture_output=True, check=True)
    whole = contents()
    for path in Path("out").iterdir():
        path.unlink()
    for part in range(8):
        process = subprocess.Popen(COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.2 + part * 0.25)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name, data in contents().items():
            assert data == whole[name], name
    time.sleep(2.5)  # the workers of a killed process notice within a second
    stale = time.time() - 60
    for left in Path("out").glob(".edi-*"):
        os.utime(left, (stale, stale))
    subprocess.run(COMMAND, capture_output=True, check=True)
    assert contents() == whole
    assert [path.name for path in Path("out").iterdir() if path.is_dir()] == []


def test_two_at_once_never_mix_their_files() -> None:
    Path("other.ndjson").write_text("".join(json.dumps(record) + "\n" for record, _ in visits(1500, 2)))
    other = ["other.ndjson" if part == "v.ndjson" else part for part in COMMAND]
    both = [
        subprocess.Popen(each, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for each in (COMMAND, other)
    ]
    said = [process.communicate()[1].decode() for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [0, 2]
    assert "never overwritten" in said[codes.index(2)]
    won = visits(1500, 1 + codes.index(0))
    ids = {json.loads(line)["visitId"] for line in Path("out", "claims.ndjson").read_text().splitlines()}
    assert ids == {record["visitId"] for record, _ in won}


def test_no_room_is_a_sentence_and_leaves_nothing() -> None:
    limit = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "sys.argv = ['edi', *sys.argv[1:]]; runpy.run_module('edi', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", limit, *COMMAND[3:], "--jobs", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(Path("out").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    Path("out").write_text("in the way")
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
