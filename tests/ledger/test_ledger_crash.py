"""A convert with a ledger that is stopped at any step: the same command again ends with each visit in one claim."""

from __future__ import annotations

import errno
import os
import random
import time
from pathlib import Path
from unittest import mock

import pytest
from ledger_runs import STEPS, Practice, samples, stopped_at

from edi.errors import EdiError, LedgerError, OutputError
from edi.ledger import recover
from edi.x12.output import _SECONDS_TO_LOCK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and locks of POSIX")

RECORDS = samples(5)
KILLS = int(os.environ.get("EDI_KILLS", "20"))


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    return Practice(tmp_path, ledger_url)


def age(practice: Practice) -> None:
    """Let staging folders look old enough to be swept."""
    for left in practice.out.glob(".edi-*"):
        os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_and_run_again(practice: Practice, step: str) -> None:
    with stopped_at(step):
        assert practice.killed(RECORDS) == -9
    age(practice)
    report = practice.convert(RECORDS)
    assert (report.accepted + report.unchanged, report.rejected) == (len(RECORDS), 0)
    practice.assert_whole(RECORDS)
    assert practice.convert(RECORDS).unchanged == len(RECORDS)
    practice.assert_whole(RECORDS)


@pytest.mark.parametrize("step", ["moved file 1", "moved file 2", "written, not committed"])
def test_what_was_begun_is_finished_not_sent_again(practice: Practice, step: str) -> None:
    """A file that was in place, even for a moment, may have been sent."""
    with stopped_at(step):
        practice.killed(RECORDS)
    sent = sorted(practice.out.glob("*.837"))[0]
    data = sent.read_bytes()
    sent.unlink() if step != "written, not committed" else None
    assert practice.convert(RECORDS).unchanged == len(RECORDS)
    if not sent.exists():
        sent.write_bytes(data)
    age(practice)
    practice.convert([])
    practice.assert_whole(RECORDS)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in ("written", "tidied up")])
def test_no_room_at_each_step_is_a_sentence_and_run_again(practice: Practice, step: str) -> None:
    def fail() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with stopped_at(step, fail), pytest.raises((OutputError, LedgerError)):
        practice.convert(RECORDS)
    age(practice)
    practice.convert(RECORDS)
    practice.assert_whole(RECORDS)


def test_killed_while_it_repairs(practice: Practice) -> None:
    with stopped_at("moved file 1"):
        practice.killed(RECORDS)
    for step in ("moving file 1", "written, not committed"):
        with stopped_at(step), mock.patch.object(recover, "record_written", _dying(step)):
            practice.killed(RECORDS)
    age(practice)
    practice.convert(RECORDS)
    practice.assert_whole(RECORDS)


def _dying(step: str):  # type: ignore[no-untyped-def]
    from ledger_runs import die

    from edi.ledger.runs import record_written

    def called(connection, run):  # type: ignore[no-untyped-def]
        record_written(connection, run)
        if step == "written, not committed":
            die()

    return called


def test_killed_again_and_again_at_random(practice: Practice) -> None:
    """Each round brings new visits beside old ones, and is killed somewhere; then the same command runs to its end."""
    chance = random.Random(7)
    done: list[dict[str, object]] = []
    usual = 0.5
    killed = 0
    for turn in range(KILLS):
        new = samples(4, seed=turn + 2)
        records = done[-4:] + new
        if practice.killed(records, after=chance.uniform(0, usual)) == -9:
            killed += 1
        age(practice)
        started = time.monotonic()
        report = practice.convert(records)
        usual = min(usual, time.monotonic() - started)
        assert report.rejected == 0
        done += new
    assert killed
    practice.assert_whole(done)


def test_the_folder_was_thrown_away(practice: Practice) -> None:
    """Without any trace of the run, its claims were never made."""
    import shutil

    with stopped_at("recorded"):
        practice.killed(RECORDS)
    shutil.rmtree(practice.out)
    assert practice.convert(RECORDS).accepted == len(RECORDS)
    practice.assert_whole(RECORDS)


def test_another_run_under_way_is_waited_for_and_one_too_slow_is_a_sentence(practice: Practice) -> None:
    from edi.ledger import ledger

    child = os.fork()
    if child == 0:
        with stopped_at("recorded", lambda: time.sleep(1.5)):
            practice.convert(RECORDS)
        os._exit(0)
    while not _recorded(practice):
        time.sleep(0.02)
    with mock.patch.object(ledger, "PATIENCE", 0.1), pytest.raises(LedgerError, match="has been writing to"):
        practice.convert(RECORDS)
    assert practice.convert(RECORDS).unchanged == len(RECORDS)
    os.waitpid(child, 0)
    practice.assert_whole(RECORDS)


def _recorded(practice: Practice) -> bool:
    try:
        with practice.ledger() as ledger:
            return bool(recover.unfinished(ledger.database))
    except EdiError:
        return False
