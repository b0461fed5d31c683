"""An answer to a payer that is stopped at any step: the ledger says `answered` when its file is there, and only then."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ledger_runs import STEPS, Practice, die, samples, stopped_at, written
from request_maker import film_of, request

from edi.cli.main import cli
from edi.x12.output import _SECONDS_TO_LOCK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and locks of POSIX")


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.chdir(tmp_path)
    practice = Practice(tmp_path, ledger_url)
    practice.convert(samples(2))
    Path("request.277").write_bytes(request(film_of("S1-0")))
    Path("chart.pdf").write_bytes(b"%PDF-1.7\nchart\n%%EOF\n")
    return practice


def edi(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def attach() -> Result:
    return edi("attach", "S1-0", "chart.pdf", "--request", "request.277", "-o", "answers")


def answered() -> list[str]:
    (story,) = json.loads(edi("status", "S1-0", "--format", "json").stdout)
    return [each["source"] for each in story["events"] if each["kind"] == "answered"]


def fail() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("action", [die, fail])
@pytest.mark.parametrize("step", [step for step in STEPS if step not in ("moved file 2", "moved file 4")])
def test_stopped_at_each_step(practice: Practice, step: str, action: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        with stopped_at(step, action):
            attach()
        os._exit(0)
    os.waitpid(child, 0)
    answers = Path("answers")
    for left in answers.glob(".edi-*"):
        os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))
    assert edi("ledger", "check").exit_code == 0
    there = [str(path) for path in written([answers])] if answers.exists() else []
    assert answered() == there
    done = attach()
    assert done.exit_code == 0, done.output
    (again,) = done.stdout.split()
    assert again not in there
    assert answered() == [*there, again]
    assert not list(answers.glob(".edi-*"))
    assert edi("ledger", "check").stdout == "The ledger is consistent.\n"
    assert edi("ledger", "stats").exit_code == 0


def test_the_next_one_says_that_it_was_finished(practice: Practice) -> None:
    child = os.fork()
    if child == 0:
        with stopped_at("moved file 1"):
            attach()
        os._exit(0)
    os.waitpid(child, 0)
    (first,) = written([Path("answers")])
    assert f"{first} was finished: an earlier run was cut off." in attach().stderr


def test_a_request_is_not_lost_with_a_run_that_is_rolled_back(practice: Practice) -> None:
    """A void was recorded and never put in place: what the payer asks is about the claim before it."""
    void = samples(2)[0] | {"claim": {"frequency": "void", "payerClaimControlNumber": "P1"}}
    with stopped_at("recorded"):
        assert practice.killed([void]) == -9
    done = edi("ack", "request.277")
    assert done.exit_code == 0
    assert "was rolled back: an earlier run was cut off" in done.stderr
    assert edi("ledger", "check").exit_code == 0
    (story,) = json.loads(edi("status", "S1-0", "--format", "json").stdout)
    assert [each["kind"] for each in story["events"]] == ["created", "written", "requested"]
