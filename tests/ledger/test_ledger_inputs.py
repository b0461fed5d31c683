"""A convert opens its ledger only once its inputs are read: inputs that are slow or cannot be read leave it alone."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from ledger_runs import AS_OF, Practice, samples, stopped_at

from edi.flows import check, convert
from edi.flows.job import Job

RECORDS = samples(3)


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, "sqlite:///edi.db")


def beside_settings(practice: Practice) -> set[str]:
    """The database and the key, as far as they are there."""
    return {path.name for path in practice.folder.glob("edi.*")} - {"edi.toml"}


def test_inputs_that_cannot_be_read_make_no_ledger(practice: Practice) -> None:
    missing = str(practice.folder / "missing.json")
    report = convert(Job(inputs=(missing,), settings=practice.settings, as_of=AS_OF, jobs=1), practice.out)
    assert [file for file, _ in report.unreadable] == [missing]
    assert beside_settings(practice) == set()


def test_one_that_can_be_read_makes_one(practice: Practice) -> None:
    good = practice.folder / "good.json"
    good.write_text(json.dumps(RECORDS[0]))
    inputs = (str(practice.folder / "missing.json"), str(good))
    report = convert(Job(inputs=inputs, settings=practice.settings, as_of=AS_OF, jobs=1), practice.out)
    assert (report.accepted, len(report.unreadable)) == (1, 1)
    assert beside_settings(practice) == {"edi.db", "edi.key"}


class Slow(io.BytesIO):
    """Standard input that looks, whenever it is read, what lies beside edi.toml."""

    def __init__(self, data: bytes, practice: Practice) -> None:
        super().__init__(data)
        self._house = practice
        self.seen: list[set[str]] = []

    def read(self, size: int | None = -1) -> bytes:
        self.seen.append(beside_settings(self._house))
        return super().read(size)


@pytest.mark.parametrize("check_only", [False, True])
def test_no_ledger_is_open_while_inputs_are_read(practice: Practice, check_only: bool) -> None:
    stdin = Slow("".join(json.dumps(record) + "\n" for record in RECORDS).encode(), practice)
    job = Job(inputs=("-",), settings=practice.settings, as_of=AS_OF, jobs=1, format="ndjson", stdin=stdin)
    report = check(job, lambda _: None) if check_only else convert(job, practice.out)
    assert report.accepted == len(RECORDS)
    assert stdin.seen
    assert not any(stdin.seen)
    assert beside_settings(practice) == (set() if check_only else {"edi.db", "edi.key"})


def test_a_run_that_was_cut_off_waits_for_a_convert_that_reads_something(practice: Practice) -> None:
    with stopped_at("moved file 1"):
        practice.killed(RECORDS)
    missing = (str(practice.folder / "missing.json"),)
    report = convert(Job(inputs=missing, settings=practice.settings, as_of=AS_OF, jobs=1), practice.out)
    assert report.finished == []
    assert len(list(practice.out.glob(".edi-of-*"))) == 1
    assert practice.convert(RECORDS).unchanged == len(RECORDS)
    practice.assert_whole(RECORDS)
