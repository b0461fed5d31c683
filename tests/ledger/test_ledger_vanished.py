"""A file that something else deletes (a virus scanner, a cleaner) while it is on its way: its claims are taken back and made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from ledger_runs import AS_OF, Practice, edi, samples, stopped_at, written

from edi.errors import OutputError
from edi.flows import convert
from edi.flows.job import Job
from edi.ledger.entry import Event
from edi.ledger.tables import RUN

RECORDS = samples(5)
SECOND = "TEST-000000002.837"


def vanishing(practice: Practice, name: str) -> Callable[[], None]:
    def vanish() -> None:
        (file,) = practice.out.glob(f".edi-*/{name}")
        file.unlink()

    return vanish


@pytest.mark.parametrize("name", ["TEST-000000001.837", SECOND, "claims.ndjson", "report.json"])
def test_before_anything_is_in_place(practice: Practice, name: str) -> None:
    told = rf"{name} vanished: .*virus scanner.*Nothing was written\. .*run the same command again"
    with stopped_at("recorded", vanishing(practice, name)), pytest.raises(OutputError, match=told):
        practice.convert(RECORDS)
    assert list(practice.out.iterdir()) == []
    assert practice.convert(RECORDS).accepted == 5
    practice.assert_whole(RECORDS)


def test_when_others_are_in_place(practice: Practice) -> None:
    told = rf"{SECOND} vanished: .*The other files are in place\."
    with stopped_at("moved file 1", vanishing(practice, SECOND)), pytest.raises(OutputError, match=told):
        practice.convert(RECORDS)
    assert [path.name for path in written([practice.out])] == ["TEST-000000001.837"]
    assert not list(practice.out.glob(".edi-*"))
    report = practice.convert(RECORDS)
    assert (report.unchanged, report.accepted) == (3, 2)
    practice.assert_whole(RECORDS)


def test_while_an_earlier_run_is_finished(practice: Practice) -> None:
    with stopped_at("moved file 1"):
        practice.killed(RECORDS)
    replace = Path.replace

    def vanish(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".edi-of-") and path.name == SECOND and target.parent == practice.out:
            path.unlink()
        return replace(path, target)

    with mock.patch.object(Path, "replace", vanish):
        report = practice.convert(RECORDS)
    assert [Path(name).name for name in report.finished] == ["TEST-000000001.837"]
    assert [Path(name).name for name in report.rolled_back] == [SECOND]
    assert (report.unchanged, report.accepted) == (3, 2)
    practice.assert_whole(RECORDS)


def test_without_a_ledger(tmp_path: Path) -> None:
    practice = Practice(tmp_path, "sqlite:///edi.db")
    (tmp_path / "edi.toml").write_text("")
    source = tmp_path / "v.ndjson"
    source.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    job = Job(inputs=(str(source),), settings=practice.settings, as_of=AS_OF, jobs=1)
    with (
        stopped_at("moved file 1", vanishing(practice, "claims.ndjson")),
        pytest.raises(OutputError, match=r"claims\.ndjson vanished"),
    ):
        convert(job, practice.out)


def test_the_command_exits_with_2(practice: Practice) -> None:
    Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    with stopped_at("recorded", vanishing(practice, "TEST-000000001.837")):
        result = edi("convert", "v.ndjson", "-o", "out", "--as-of", "2026-10-15")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "TEST-000000001.837 vanished" in result.stderr


class TestNowhere:
    """`edi ledger check` names files that are gone, as long as nobody has answered their claims."""

    @pytest.fixture
    def notes(self, practice: Practice) -> Callable[[], list[str]]:
        practice.convert(RECORDS)

        def check() -> list[str]:
            result = edi("ledger", "check")
            assert result.exit_code == 0
            *notes, last = result.stdout.splitlines()
            assert last == "The ledger is consistent."
            return notes

        return check

    def test_nothing_is_said_of_files_in_their_place(self, notes: Callable[[], list[str]]) -> None:
        assert notes() == []

    def test_one_is_named(self, practice: Practice, notes: Callable[[], list[str]]) -> None:
        (practice.out / SECOND).unlink()
        (note,) = notes()
        assert note.startswith(f"note: {practice.out / SECOND} is not where it was written")

    def test_a_link_or_a_folder_is_no_such_file(
        self, practice: Practice, notes: Callable[[], list[str]]
    ) -> None:
        (practice.out / SECOND).rename(practice.folder / "moved")
        (practice.out / SECOND).symlink_to(practice.folder / "nothing")
        assert len(notes()) == 1

    @pytest.mark.parametrize("of", ["claim", "file"])
    def test_none_is_named_once_the_payer_has_answered(
        self, practice: Practice, notes: Callable[[], list[str]], of: str
    ) -> None:
        for path in written([practice.out]):
            path.unlink()
        assert len(notes()) == 2
        with practice.ledger() as ledger:
            if of == "claim":
                ledger.record(ledger.find("S1-4")[0].id, Event("accepted", "a.277"))
            else:
                ledger.record_file("ZZ:TESTRECEIVER", "837", "000000002", Event("acknowledged", "a.999"))
        assert notes() == []

    def test_none_of_another_machine(self, practice: Practice, notes: Callable[[], list[str]]) -> None:
        (practice.out / SECOND).unlink()
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(RUN.update().values(host="elsewhere"))
        assert notes() == []

    def test_many_are_counted(self, practice: Practice, notes: Callable[[], list[str]]) -> None:
        practice.convert(samples(30, seed=2), claims_per_file=1)
        for path in written([practice.out]):
            path.unlink()
        told = notes()
        assert len(told) == 21
        assert told[-1].startswith("note: 12 more files are not where they were written")


def test_what_was_taken_after_a_kill_is_not_said_to_be_there(practice: Practice) -> None:
    with stopped_at("moved file 1"):
        practice.killed(RECORDS)
    (practice.out / "TEST-000000001.837").unlink()
    Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    result = edi("convert", "v.ndjson", "-o", "out", "--as-of", "2026-10-15")
    assert result.exit_code == 0
    assert f"{practice.out / SECOND} was finished" in result.stderr
    assert "TEST-000000001.837 is not there: " in result.stderr
    assert result.stdout.splitlines() == [str(practice.out / SECOND)]
