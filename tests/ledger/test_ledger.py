"""What a ledger remembers between runs, on SQLite and on PostgreSQL."""

from __future__ import annotations

import copy
import json
import os
import stat
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import pytest
from ledger_runs import Practice, samples
from rule_cases import base, of_course
from sqlalchemy import make_url

from edi.errors import LedgerError, SettingsError
from edi.ledger.address import DatabaseAddress, address_of
from edi.ledger.database import Database
from edi.ledger.entry import Event
from edi.ledger.ledger import open_to_look
from edi.ledger.numbers import INTERCHANGE, VISIT
from edi.ledger.opening import bring_up_to_date
from edi.ledger.tables import META, METADATA

Record = dict[str, Any]


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    return Practice(tmp_path, ledger_url)


def filling(visit_id: str = "F1", **changes: Any) -> Record:
    """A clean claim that belongs to no course."""
    record: Record = base("filling", changes)
    return record | {"visitId": visit_id}


def renewal(date: str, code: str = "D3352", **changes: Any) -> Record:
    """A visit of the course of tooth 9, without an episode of its own."""
    record: Record = of_course(date, code, **{"visitId": f"{code}-{date}"} | changes)
    return record


def rules(findings: list[Record]) -> list[str]:
    return [finding["rule"] for finding in findings if finding["severity"] == "error"]


class TestAgain:
    def test_the_same_record_changes_nothing(self, practice: Practice) -> None:
        records = samples(7)
        assert practice.convert(records).accepted == 7
        before = sorted(path.name for path in practice.out.glob("*.837"))
        report = practice.convert([dict(reversed(record.items())) for record in records])
        assert (report.accepted, report.unchanged, report.rejected, report.files) == (0, 7, 0, [])
        assert sorted(path.name for path in practice.out.glob("*.837")) == before
        practice.assert_whole(records)

    def test_only_what_is_new_becomes_a_claim(self, practice: Practice) -> None:
        records = samples(7)
        practice.convert(records[:4])
        report = practice.convert(records)
        assert (report.accepted, report.unchanged) == (3, 4)
        practice.assert_whole(records)

    def test_other_content_is_a_finding_that_names_the_fields(self, practice: Practice) -> None:
        practice.convert([filling()])
        changed = filling(**{"/procedures/0/fee": "99.00", "/placeOfService": "12"})
        assert practice.convert([changed]).rejected == 1
        (finding,) = practice.rejected()["F1"]
        assert finding["rule"] == "APX-DUP-SENT"
        assert finding["message"].endswith("differs in placeOfService, procedures.")
        assert "replacement" in finding["fix"]
        assert "99.00" not in finding["message"]

    def test_another_practice_may_use_the_same_id(self, practice: Practice) -> None:
        other = filling(**{"/billingProvider/npi": "1245319599", "/subscriber/memberId": "OTHER1"})
        assert practice.convert([filling()]).accepted == 1
        assert practice.convert([other]).accepted == 1

    def test_check_says_the_same_and_changes_nothing(self, practice: Practice) -> None:
        from edi.flows import check
        from edi.flows.job import Job

        source = practice.folder / "v.json"
        source.write_text(json.dumps(filling()))
        job = Job(inputs=(str(source),), settings=practice.settings, jobs=1)
        assert check(job, lambda judged: None).accepted == 1
        assert not (practice.folder / "edi.key").exists()
        practice.convert([filling()])
        assert check(job, lambda judged: None).unchanged == 1


class TestHistory:
    def test_a_service_is_billed_once(self, practice: Practice) -> None:
        practice.convert([filling("F1")])
        assert practice.convert([filling("F2")]).rejected == 1
        assert rules(practice.rejected()["F2"]) == ["APX-DUP-SERVICE"]

    def test_a_course_is_known_from_night_to_night(self, practice: Practice) -> None:
        assert practice.convert([renewal("2026-01-12", "D3351")]).accepted == 1
        for date in ("2026-03-09", "2026-05-11"):
            report = practice.convert([renewal(date)])
            assert (report.accepted, report.rejected) == (1, 0), practice.rejected()
        assert practice.convert([renewal("2026-07-13", "D3351")]).rejected == 1
        assert rules(practice.rejected()["D3351-2026-07-13"]) == ["APX-SEQ-FIRST-AGAIN"]

    def test_what_an_episode_told_is_known_later(self, practice: Practice) -> None:
        told = {"toothNumber": "9", "visits": [{"serviceDate": "2026-01-12", "code": "D3351"}]}
        assert practice.convert([renewal("2026-05-11")]).rejected == 1
        assert practice.convert([renewal("2026-03-09", episode=told)]).accepted == 1, practice.rejected()
        assert practice.convert([renewal("2026-05-11")]).accepted == 1, practice.rejected()

    def test_another_patient_has_another_history(self, practice: Practice) -> None:
        practice.convert([renewal("2026-01-12", "D3351")])
        other = renewal("2026-03-09")
        other["subscriber"] = other["subscriber"] | {"memberId": "ELSE9"}
        assert practice.convert([other]).rejected == 1
        assert rules(practice.rejected()["D3352-2026-03-09"]) == ["APX-SEQ-START"]

    def test_what_a_payer_never_took_in_is_no_history(self, practice: Practice) -> None:
        first = renewal("2026-01-12", "D3351")
        practice.convert([first])
        with practice.ledger() as ledger:
            ledger.record(ledger.find(first["visitId"])[0].id, Event("rejected", "x.277"))
        practice.convert([renewal("2026-03-09")])
        assert rules(practice.rejected()["D3352-2026-03-09"]) == ["APX-SEQ-START"]
        assert practice.convert([renewal("2026-01-12", "D3351", visitId="ELSE")]).accepted == 1, (
            practice.rejected()
        )

    def test_a_date_that_was_rejected_and_sent_anew_is_no_visit(self, practice: Practice) -> None:
        from edi.ledger.queries import claim_history

        practice.convert([renewal("2026-01-12", "D3351", visitId="V1")])
        with practice.ledger() as ledger:
            ledger.record(ledger.find("V1")[0].id, Event("rejected", "x.277"))
        assert practice.convert([renewal("2026-01-13", "D3351", visitId="V1")]).accepted == 1, (
            practice.rejected()
        )
        with practice.ledger() as ledger, ledger.database.reading() as connection:
            courses = [claim_history(connection, claim).course for claim in ledger.find("V1")]
        assert courses == [[("9", "2026-01-13", "D3351")]] * 2

    def test_a_plan_is_no_history(self, practice: Practice) -> None:
        plan = renewal("2026-01-12", "D3351") | {"claim": {"purpose": "predetermination"}}
        del plan["serviceDate"]
        practice.convert([plan])
        practice.convert([renewal("2026-03-09")])
        assert rules(practice.rejected()["D3352-2026-03-09"]) == ["APX-SEQ-START"]


class TestCorrections:
    def sent(self, practice: Practice, *kinds: str, payer_number: str | None = "PCN77") -> None:
        practice.convert([filling()])
        with practice.ledger() as ledger:
            (claim,) = ledger.find("F1")
            for kind in kinds or ("accepted",):
                event = Event(kind, f"{kind}.277")  # type: ignore[arg-type]
                assert ledger.record(claim.id, event, payer_number=payer_number)
                assert not ledger.record(claim.id, event)

    def correction(self, frequency: str, **changes: Any) -> Record:
        return filling(**{"/procedures/0/fee": "99.00", "/claim/frequency": frequency, **changes})

    @pytest.mark.parametrize("frequency", ["replacement", "void"])
    def test_it_finds_the_original_and_the_number_of_its_payer(
        self, practice: Practice, frequency: str
    ) -> None:
        self.sent(practice)
        assert practice.convert([self.correction(frequency)]).accepted == 1, practice.rejected()
        assert "REF*F8*PCN77" in practice.payloads()[0]["segments"]
        with practice.ledger() as ledger:
            later, original = ledger.find("F1")
        assert (later.generation, original.corrected_by) == (2, later.id)
        assert original.state == ("voided" if frequency == "void" else "accepted")
        assert practice.convert([self.correction(frequency)]).unchanged == 1
        assert practice.convert([filling()]).unchanged == 1

    def test_an_unknown_number_is_still_asked_for(self, practice: Practice) -> None:
        self.sent(practice, payer_number=None)
        practice.convert([self.correction("replacement")])
        assert rules(practice.rejected()["F1"]) == ["APX-SUB-CLAIM-NUMBER"]

    def test_it_may_have_an_id_of_its_own(self, practice: Practice) -> None:
        self.sent(practice)
        changes = {"/claim/payerClaimControlNumber": "PCN77"}
        assert practice.convert([self.correction("void", **changes) | {"visitId": "F9"}]).accepted == 1
        with practice.ledger() as ledger:
            (original,) = ledger.find("F1")
            (void,) = ledger.find("F9")
        assert (original.state, original.corrected_by) == ("voided", void.id)
        assert practice.convert([filling("F2")]).accepted == 1, practice.rejected()

    def test_after_a_rejection_the_visit_is_sent_anew(self, practice: Practice) -> None:
        self.sent(practice, "rejected")
        mended = filling(**{"/procedures/0/fee": "99.00"})
        assert practice.convert([filling()]).unchanged == 1
        assert practice.convert([mended]).accepted == 1, practice.rejected()

    def test_a_void_that_is_rejected_took_nothing_back(self, practice: Practice) -> None:
        self.sent(practice)
        practice.convert([self.correction("void")])
        with practice.ledger() as ledger:
            void, _ = ledger.find("F1")
            ledger.record(void.id, Event("rejected", "x.277"))
            assert [claim.state for claim in ledger.find("F1")] == ["rejected", "accepted"]
        practice.convert([filling("F2")])
        assert rules(practice.rejected()["F2"]) == ["APX-DUP-SERVICE"]

    def test_both_in_one_run(self, practice: Practice) -> None:
        both = [filling(), self.correction("replacement", **{"/claim/payerClaimControlNumber": "X1"})]
        assert practice.convert(both).accepted == 2, practice.rejected()
        with practice.ledger() as ledger:
            later, earlier = ledger.find("F1")
        assert (later.generation, earlier.generation) == (2, 1)
        assert practice.convert(both).unchanged == 2

    def test_late_news_takes_no_claim_back(self, practice: Practice) -> None:
        self.sent(practice, "paid", "acknowledged")
        with practice.ledger() as ledger:
            (claim,) = ledger.find("PCN77")
            assert claim.state == "paid"
            assert ledger.record_file("ZZ:TESTRECEIVER", "837", "000000001", Event("sent", "log"))
            assert ledger.find("F1")[0].state == "paid"
            with pytest.raises(KeyError):
                ledger.record(99, Event("paid", "x"))
            with pytest.raises(KeyError):
                ledger.record_file("ZZ:TESTRECEIVER", "837", "000000099", Event("sent", "log"))


class TestNumbers:
    def test_they_go_on_and_roll_over(self, practice: Practice) -> None:
        practice.convert([filling("F1")])
        with practice.ledger() as ledger:
            for name in (INTERCHANGE, "transaction set"):
                ledger.take(name, "ZZ:TESTRECEIVER", 999_999_999 - 1 - (name != INTERCHANGE))
        other = filling("F2", **{"/procedures/0/toothNumber": "4"})
        (practice.out / "TEST-000000001.837").rename(practice.folder / "sent.837")
        practice.convert([other])
        assert [path.name for path in practice.out.glob("*.837")] == ["TEST-000000001.837"]
        practice.convert([filling("F3", **{"/procedures/0/toothNumber": "5"})])
        (payload,) = practice.payloads()
        assert payload["interchange"] == {
            "file": "TEST-000000002.837",
            "isa13": "000000002",
            "gs06": "2",
            "st02": "0003",
        }
        assert len(practice.claims()) == 2

    def test_a_long_visit_id_gets_a_short_number_that_finds_it(self, practice: Practice) -> None:
        practice.convert(
            [
                filling("A-VERY-LONG-VISIT-ID-0000001"),
                filling("A-VERY-LONG-VISIT-ID-0000002", **{"/procedures/0/toothNumber": "4"}),
            ]
        )
        numbers = [payload["patientControlNumber"] for payload in practice.payloads()]
        assert [len(number) <= 20 for number in numbers] == [True, True]
        with practice.ledger() as ledger:
            found = {ledger.find(number)[0].visit_id for number in numbers}
        assert found == {"A-VERY-LONG-VISIT-ID-0000001", "A-VERY-LONG-VISIT-ID-0000002"}

    def test_attachments_of_a_correction_get_numbers_of_their_own(self, practice: Practice) -> None:
        visit = renewal("2026-01-12", "D3351")
        visit["attachments"] = [{"id": "a", "type": "radiograph", "transmission": "FT", "date": "2026-01-12"}]
        assert practice.convert([visit]).accepted == 1, practice.rejected()
        first = practice.payloads()[0]["attachments"][0]["controlNumber"]
        visit["claim"] = {"frequency": "replacement", "payerClaimControlNumber": "PC1"}
        assert practice.convert([visit]).accepted == 1, practice.rejected()
        second = practice.payloads()[0]["attachments"][0]["controlNumber"]
        assert first != second
        with practice.ledger() as ledger:
            assert [ledger.find(number)[0].generation for number in (first, second)] == [1, 2]

    def test_takers_at_once_get_different_ones(self, practice: Practice) -> None:
        taken: list[int] = []

        def take() -> None:
            with practice.ledger() as ledger:
                for _ in range(10):
                    first = ledger.take(VISIT, "", 3)
                    taken.extend(range(first, first + 3))

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(taken) == list(range(1, 121))


def test_a_new_file_may_be_opened_by_several_at_once(tmp_path: Path) -> None:
    failed: list[LedgerError] = []
    together = threading.Barrier(6)

    def look(number: int) -> None:
        file = tmp_path / f"{number}.db"
        database = Database(
            DatabaseAddress(
                make_url(f"sqlite:///{file}"), file.name, file, tmp_path / "key", tmp_path / "kept"
            )
        )
        together.wait()
        try:
            with database.reading():
                pass
        except LedgerError as error:
            failed.append(error)
        finally:
            database.close()

    for number in range(50):
        threads = [threading.Thread(target=look, args=(number,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failed


def test_opening_it_again_gives_away_no_lock(tmp_path: Path) -> None:
    """The system drops all locks of a process on a file when the process closes any descriptor of it; another process would
    then take itself for the last one and remove the log that the first still writes to."""
    file = tmp_path / "edi.db"
    place = DatabaseAddress(
        make_url(f"sqlite:///{file}"), file.name, file, tmp_path / "key", tmp_path / "kept"
    )
    first = Database(place)
    bring_up_to_date(first, place)
    with first.reading():
        Database(place).close()
        other = (
            f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('SELECT * FROM run'); c.close()"
        )
        subprocess.run([sys.executable, "-c", other], check=True)
        assert file.with_name("edi.db-wal").exists()
    first.close()


@pytest.mark.parametrize("made", ["folder", "unreadable"])
def test_a_file_that_cannot_be_the_ledger_is_told(tmp_path: Path, made: str) -> None:
    file = tmp_path / "edi.db"
    if made == "folder":
        file.mkdir()
    elif os.geteuid() == 0:
        file = Path("/proc/edi.db")  # root may do everything anywhere else
    else:
        file.touch(0o000)
    place = DatabaseAddress(
        make_url(f"sqlite:///{file}"), file.name, file, tmp_path / "key", tmp_path / "kept"
    )
    with pytest.raises(LedgerError, match=r"edi\.db cannot be opened: "), Database(place).reading():
        pass


class TestTogether:
    def test_two_converts_of_overlapping_input_make_each_claim_once(self, practice: Practice) -> None:
        records = samples(12)
        children = []
        for part in (records[:8], records[4:], records[2:10]):
            child = os.fork()
            if child == 0:
                try:
                    practice.convert(part, jobs=1)
                    os._exit(0)
                except BaseException:
                    os._exit(1)
            children.append(child)
        assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
        practice.assert_whole(records)

    def test_the_same_service_under_two_ids_is_billed_once(self, practice: Practice) -> None:
        """The other run's claim comes while this one is judged: it is judged again."""
        from unittest import mock

        from edi.ledger.ledger import Ledger

        intend = Ledger.record_created
        other = [True]

        def interrupted(*arguments: Any) -> Any:
            if other and other.pop():
                assert practice.convert([filling("F2")], practice.folder / "other").accepted == 1
            return intend(*arguments)

        with mock.patch.object(Ledger, "record_created", interrupted):
            report = practice.convert([filling("F1"), filling("F3", **{"/procedures/0/toothNumber": "4"})])
        assert (report.accepted, report.rejected) == (1, 1)
        assert rules(practice.rejected()["F1"]) == ["APX-DUP-SERVICE"]
        practice.assert_whole([filling("F2"), filling("F3")], practice.out, practice.folder / "other")


class TestSecrets:
    def test_no_name_date_of_birth_or_clinical_word_is_kept(self, practice: Practice) -> None:
        records = samples(20)
        practice.convert(records)
        with practice.ledger() as ledger, ledger.database.reading() as connection:
            kept = repr([connection.execute(table.select()).all() for table in METADATA.sorted_tables])
        for record in records:
            for who in ("subscriber", "patient"):
                for key in ("memberId", "lastName", "firstName", "birthDate"):
                    assert record.get(who, {}).get(key, "(none)") not in kept
            for text in record.get("clinical", {}).values():
                assert not isinstance(text, str) or len(text) < 10 or text not in kept

    def test_the_files_are_private(self, practice: Practice) -> None:
        practice.convert(samples(2))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in practice.folder.glob("edi.*")}
        modes.pop("edi.toml")
        assert set(modes.values()) == {0o600}
        assert len((practice.folder / "edi.key").read_text()) == 65

    @pytest.mark.parametrize("content", [None, "00" * 32, "not a key"])
    def test_without_its_key_it_is_not_used(self, practice: Practice, content: str | None) -> None:
        practice.convert(samples(1))
        key = practice.folder / "edi.key"
        key.unlink()
        if content:
            key.write_text(content)
            key.chmod(0o600)
        with pytest.raises(LedgerError, match=r"edi\.key (?:is missing|does not hold|holds the key)"):
            practice.convert(samples(2))

    def test_a_later_schema_is_refused(self, practice: Practice) -> None:
        from sqlalchemy import text

        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(LedgerError, match="later version of edi"):
            practice.convert(samples(1))

    def test_the_tables_are_what_the_migrations_make(self, practice: Practice, tmp_path: Path) -> None:
        from alembic import command
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        from edi.ledger import opening

        with practice.ledger() as ledger:
            with ledger.database.writing() as connection:
                METADATA.drop_all(connection)
                config = opening.migrations(connection)
                command.stamp(config, "base")
                command.upgrade(config, "head")
            with ledger.database.reading() as connection:
                assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
                assert opening.revision_of(connection, "") == opening.REVISION


class TestLooking:
    """Who only looks leaves no trace, whatever he finds."""

    def test_at_nothing(self, practice: Practice) -> None:
        assert open_to_look(practice.settings) is None
        assert {path.name for path in practice.folder.iterdir()} == {"edi.toml"}

    def test_at_a_ledger_that_was_cut_off_before_it_had_a_key(self, practice: Practice) -> None:
        place = address_of(practice.settings)
        database = Database(place)
        bring_up_to_date(database, place)
        assert open_to_look(practice.settings) is None
        assert not (practice.folder / "edi.key").exists()
        with database.reading() as connection:
            assert connection.execute(META.select()).all() == [("key", "")]
        database.close()

    def test_at_an_empty_file(self, tmp_path: Path) -> None:
        practice = Practice(tmp_path, "sqlite:///edi.db")
        (tmp_path / "edi.db").touch()
        assert open_to_look(practice.settings) is None
        assert (tmp_path / "edi.db").stat().st_size == 0


def test_a_busy_file_is_waited_for_then_told(tmp_path: Path) -> None:
    practice = Practice(tmp_path, "sqlite:///edi.db")
    practice.convert([])
    impatient = Database(address_of(practice.settings), patience=0.2)
    with (
        practice.ledger() as ledger,
        ledger.database.writing(),
        pytest.raises(LedgerError, match=r"busy for 0\.2 seconds"),
        impatient.writing(),
    ):
        pass
    impatient.close()


class TestServer:
    def test_a_password_comes_from_elsewhere_and_is_never_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = "postgresql://edi@127.0.0.1:1/edi"
        monkeypatch.setenv("EDI_TEST_PASSWORD", "s3cret")
        (tmp_path / "password").write_text("s3cret\n")
        for more in ({"password_env": "EDI_TEST_PASSWORD"}, {"password_file": "password"}):
            with pytest.raises(LedgerError) as refused:
                Practice(tmp_path, url, **more).convert([])
            assert "edi at 127.0.0.1" in str(refused.value)
            assert "s3cret" not in "".join(traceback.format_exception(refused.value))
        with pytest.raises(SettingsError, match="has no EDI_ABSENT"):
            Practice(tmp_path, url, password_env="EDI_ABSENT").convert([])
        with pytest.raises(SettingsError, match=r"ledger\.password_file: .*absent cannot be read"):
            Practice(tmp_path, url, password_file="absent").convert([])

    def test_a_lost_connection_is_a_sentence_and_run_again(self, tmp_path: Path, postgres: Any) -> None:
        import psycopg
        from ledger_runs import stopped_at

        practice = Practice(tmp_path, postgres.url())
        records = samples(5)

        def cut() -> None:
            with psycopg.connect(practice.url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'"
                )

        with stopped_at("numbers taken", cut):
            practice.convert(records[:1])  # between two transactions it is only opened again
        for step in ("recorded, not committed", "written, not committed"):
            with stopped_at(step, cut), pytest.raises(LedgerError, match="Run the same command again"):
                practice.convert(records)
        practice.convert(records)
        practice.assert_whole(records)

    def test_a_run_of_another_machine_is_left_to_it(
        self, tmp_path: Path, postgres: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ledger_runs import stopped_at

        from edi.ledger import check as checking
        from edi.ledger import ledger as ledger_module

        practice = Practice(tmp_path, postgres.url())
        records = samples(3)
        with stopped_at("recorded"):
            practice.killed(records)
        practice.out.rename(practice.folder / "of the other machine")
        for module in (ledger_module, checking):
            monkeypatch.setattr(module, "HOST", "elsewhere")
        assert practice.convert(records).unchanged == 3
        with practice.ledger() as ledger:
            (sentence,) = checking.check(ledger).wrong
            assert "--roll-back 1" in sentence
            assert checking.check(ledger, roll_back=1) == ([], [], [], [])
            with pytest.raises(LedgerError, match="nothing to roll back"):
                checking.check(ledger, roll_back=1)
        assert practice.convert(records).accepted == 3
        practice.assert_whole(records)


def test_judging_leaves_the_record_alone() -> None:
    from edi.flows.conversion.comparison import with_payer_number

    visit: Any = filling(**{"/claim/frequency": "void"})
    before = copy.deepcopy(visit)
    assert with_payer_number(visit, "P1")["claim"]["payerClaimControlNumber"] == "P1"
    assert visit == before
