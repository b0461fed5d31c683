"""`edi ledger prune`: what is kept of claims settled long ago is removed, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner, Result
from ledger_runs import Practice, die, samples
from sqlalchemy import select

from edi.cli.main import cli
from edi.errors import InputError
from edi.flows.kept_claims import KeptClaims
from edi.ledger import prune as pruning
from edi.ledger.entry import Event, EventKind
from edi.ledger.kept import KeptWriter
from edi.ledger.tables import EVENT, RUN

RECORDS = samples(5)
OLD, NEW = "2010-02-03T10:00:00+00:00", "2024-02-03T10:00:00+00:00"


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """A practice that sent five claims in 2010."""
    monkeypatch.chdir(tmp_path)
    practice = Practice(tmp_path, ledger_url)
    practice.convert(RECORDS)
    long_ago(practice)
    return practice


def long_ago(practice: Practice) -> None:
    with practice.ledger() as ledger, ledger.database.writing() as connection:
        connection.execute(RUN.update().values(at=OLD))
        connection.execute(EVENT.update().values(at=OLD))


def edi(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def happened(practice: Practice, visit: str, kind: EventKind, at: str = OLD) -> None:
    with practice.ledger() as ledger:
        (claim, *_) = ledger.find(visit)
        ledger.record(claim.id, Event(kind, "835", at))


def still_kept(practice: Practice) -> set[str]:
    found = set()
    with practice.ledger() as ledger:
        for record in RECORDS:
            claim = KeptClaims(ledger).find(record["visitId"])
            if not claim.missing:
                payload, source = claim.whole()
                assert payload["visitId"] == source.visit["visitId"] == record["visitId"]
                found.add(record["visitId"])
            else:
                assert claim.missing.endswith("is not kept any more: it was pruned.")
    return found


def test_what_was_settled_long_ago_goes_and_the_rest_stays(practice: Practice) -> None:
    happened(practice, "S1-0", "paid")
    happened(practice, "S1-1", "requested")
    happened(practice, "S1-2", "denied", NEW)
    happened(practice, "S1-3", "rejected")
    everything = {record["visitId"] for record in RECORDS}
    before = {path.name: path.read_bytes() for path in practice.kept.iterdir()}
    would = edi("ledger", "prune", "--dry-run")
    assert would.exit_code == 0, would.output
    assert "run 1 of 2010-02-03: 2 claims would be removed, 3 kept" in would.stdout
    assert {path.name: path.read_bytes() for path in practice.kept.iterdir()} == before
    assert still_kept(practice) == everything
    done = edi("ledger", "prune")
    assert "run 1 of 2010-02-03: 2 claims removed, 3 kept" in done.stdout
    assert still_kept(practice) == everything - {"S1-0", "S1-3"}
    assert len(list(practice.kept.iterdir())) == 1
    assert not any(b"S1-0" in path.read_bytes() for path in practice.kept.iterdir())
    again = edi("ledger", "prune")
    assert (again.exit_code, again.stdout.split()[0]) == (0, "0")
    assert len(json.loads(edi("status", "--format", "json").stdout)) == len(RECORDS)
    assert practice.convert(RECORDS).unchanged == len(RECORDS)


def test_a_run_of_which_nothing_is_left_has_no_file(practice: Practice) -> None:
    for record in RECORDS:
        happened(practice, record["visitId"], "paid")
    assert edi("ledger", "prune").exit_code == 0
    assert still_kept(practice) == set()
    assert list(practice.kept.iterdir()) == []
    assert edi("ledger", "check").stdout == "The ledger is consistent.\n"


def test_a_claim_that_was_replaced_waits_for_the_answer_to_its_replacement(practice: Practice) -> None:
    replacement = RECORDS[0] | {
        "claim": {"frequency": "replacement", "payerClaimControlNumber": "P1"},
        "authorization": {"priorAuthorizationNumber": "A1"},
    }
    assert practice.convert([replacement]).accepted == 1
    long_ago(practice)
    assert edi("ledger", "prune").stdout.startswith("0 claims")
    assert len(_kept_of(practice, "S1-0")) == 2
    happened(practice, "S1-0", "paid")
    done = edi("ledger", "prune").stdout
    assert "run 1 of 2010-02-03: 1 claims removed, 4 kept" in done
    assert "run 2 of 2010-02-03: 1 claims removed, 0 kept" in done
    assert _kept_of(practice, "S1-0") == []


def _kept_of(practice: Practice, visit: str) -> list[bytes]:
    lines = []
    with practice.ledger() as ledger, ledger.database.reading() as connection:
        for name in connection.execute(select(RUN.c.kept).where(RUN.c.kept.is_not(None))).scalars():
            lines += [line for line in pruning.all_kept_lines(ledger.kept, name) if visit.encode() in line]
    return lines


def test_what_edi_toml_wants_kept_is_not_removed(practice: Practice) -> None:
    happened(practice, "S1-0", "paid", NEW)
    done = edi("ledger", "prune", "--before", "2026-01-01")
    assert done.exit_code == 2
    assert "ledger.keep_years" in done.stderr
    text = (practice.folder / "edi.toml").read_text()
    for wrong in ('"10"', "-1", "101", "true", "1.5"):
        (practice.folder / "edi.toml").write_text(f"{text}keep_years = {wrong}\n")
        refused = edi("ledger", "prune")
        assert (refused.exit_code, "keep_years must be a whole number" in refused.stderr) == (2, True)


def test_a_file_that_is_gone_is_told_and_stops_no_other(practice: Practice) -> None:
    happened(practice, "S1-0", "paid")
    (file,) = practice.kept.iterdir()
    file.rename(practice.folder / "elsewhere")
    done = edi("ledger", "prune")
    assert (done.exit_code, "run 1 of 2010-02-03: " in done.stderr) == (1, True)
    (practice.folder / "elsewhere").rename(file)
    assert edi("ledger", "prune").exit_code == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("step", ["finish", "place", "unlink"])
def test_killed_while_it_prunes(practice: Practice, step: str) -> None:
    happened(practice, "S1-0", "paid")
    child = os.fork()
    if child == 0:
        where = Path if step == "unlink" else KeptWriter
        with mock.patch.object(where, step, side_effect=lambda *_, **__: die()):
            edi("ledger", "prune")
        os._exit(0)
    os.waitpid(child, 0)
    assert still_kept(practice) >= {record["visitId"] for record in RECORDS[1:]}
    done = edi("ledger", "prune")
    assert done.exit_code == 0
    assert still_kept(practice) == {record["visitId"] for record in RECORDS[1:]}
    left = [path for path in practice.kept.iterdir() if path.is_file()]
    if len(left) > 1:
        assert "belongs to no run of this ledger" in done.stderr


def test_nobody_is_found_by_a_number_that_is_none(practice: Practice) -> None:
    with practice.ledger() as ledger, pytest.raises(InputError, match="The ledger has no claim NOBODY"):
        KeptClaims(ledger).find("NOBODY")
