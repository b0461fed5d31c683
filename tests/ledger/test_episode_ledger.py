"""What the ledger knows of a tooth's course, in `edi episode` and on the page of a run; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ledger_runs import Practice
from lxml import html
from rule_cases import base, of_course
from sqlalchemy import inspect, text

from edi.cli.main import cli
from edi.ledger import ledger
from edi.ledger.address import address_of
from edi.ledger.database import Database
from edi.ledger.entry import Event, EventKind
from edi.ledger.tables import METADATA
from edi.visit.timeline import Step, courses

Record = dict[str, Any]

COURSE = (
    ("2026-01-12", "D3351"),
    ("2026-03-09", "D3352"),
    ("2026-05-11", "D3352"),
    ("2026-07-13", "D3353"),
)
_VISIT = re.compile(r"  (\d{4}-\d\d-\d\d) o (D\d{4})[^(]*\((.*)\)")
_STATE = re.compile(r" +\| claim: (\w+)")


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.chdir(tmp_path)
    return Practice(tmp_path, ledger_url)


def visit(date: str, code: str, **changes: Any) -> Record:
    """A visit of tooth 9 without a word of the others."""
    record: Record = of_course(date, code, **{"visitId": f"V-{date[5:7]}"} | changes)
    return record


def sent(practice: Practice, *records: Record) -> None:
    report = practice.convert(list(records))
    assert report.accepted == len(records), practice.rejected()


def happens(practice: Practice, visit_id: str, *kinds: EventKind) -> None:
    with practice.ledger() as ledger:
        for kind in kinds:
            ledger.record(ledger.find(visit_id)[0].id, Event(kind, f"{kind}.file"))


def edi(*arguments: str, records: tuple[Record, ...] = ()) -> Result:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    return CliRunner().invoke(cli, arguments, input=lines, catch_exceptions=False)


def timeline(*records: Record) -> list[tuple[str, str, str, str]]:
    """What `edi episode` shows of records: date, code, whose visit, the state of its claim."""
    result = edi("episode", "-", records=records)
    assert result.exit_code == 0, result.output
    found: list[tuple[str, str, str, str]] = []
    for line in result.stdout.splitlines():
        if match := _VISIT.fullmatch(line):
            found.append((*match.groups(), ""))  # type: ignore[arg-type]
        elif match := _STATE.fullmatch(line):
            found[-1] = (*found[-1][:3], match[1])
    return found


def everything(practice: Practice) -> dict[str, list[Any]]:
    """All rows of all tables of the ledger."""
    with practice.ledger() as ledger, ledger.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in METADATA.sorted_tables
        }


class TestEpisode:
    def test_visits_of_other_nights_with_what_became_of_them(self, practice: Practice) -> None:
        for date, code in COURSE[:3]:
            sent(practice, visit(date, code))
        happens(practice, "V-01", "sent", "accepted", "paid")
        happens(practice, "V-03", "denied")
        with practice.ledger() as ledger:
            ledger.record_file("ZZ:TESTRECEIVER", "837", "000000003", Event("sent", "log"))
        expected = [
            ("2026-01-12", "D3351", "V-01, from the ledger", "paid"),
            ("2026-03-09", "D3352", "V-03, from the ledger", "denied"),
            ("2026-05-11", "D3352", "V-05, from the ledger", "sent"),
            ("2026-07-13", "D3353", "V-07", ""),
        ]
        assert timeline(visit(*COURSE[3])) == expected
        # A record that is there tells of its visit itself, and the ledger of those after it too.
        expected = [(*each[:2], each[2].removesuffix(", from the ledger"), each[3]) for each in expected[:3]]
        assert timeline(*(visit(*each) for each in COURSE[:3])) == expected
        first, *rest = timeline(visit(*COURSE[0]))
        assert first == expected[0]
        assert [each[0] for each in rest] == ["2026-03-09", "2026-05-11"]

    def test_a_record_s_films_stand_beside_the_ledger_s_state(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        shown = edi("episode", "-", records=(visit(*COURSE[0]),)).stdout
        assert shown.index("claim: written") < shown.index("film 2026-01-12") < shown.index("medicament: ")

    def test_an_episode_and_the_ledger_tell_of_a_visit_once(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        episode = {
            "toothNumber": "9",
            "visits": [{"serviceDate": date, "code": code} for date, code in COURSE[:2]],
        }
        assert timeline(visit(*COURSE[2], episode=episode)) == [
            ("2026-01-12", "D3351", "V-01, from the ledger", "written"),
            ("2026-03-09", "D3352", "known from an episode only", ""),
            ("2026-05-11", "D3352", "V-05", ""),
        ]

    def test_an_episode_of_another_night_is_remembered(self, practice: Practice) -> None:
        episode = {"toothNumber": "9", "visits": [{"serviceDate": "2026-01-12", "code": "D3351"}]}
        sent(practice, visit(*COURSE[1], episode=episode))
        assert timeline(visit(*COURSE[2])) == [
            ("2026-01-12", "D3351", "known from an episode only", ""),
            ("2026-03-09", "D3352", "V-03, from the ledger", "written"),
            ("2026-05-11", "D3352", "V-05", ""),
        ]

    def test_other_treatment_of_the_tooth_belongs_to_its_course(self, practice: Practice) -> None:
        sent(practice, base("filling", {"/procedures/0/toothNumber": "9", "/visitId": "F1"}))
        code, date = base("filling")["procedures"][0]["code"], base("filling")["serviceDate"]
        assert (date, code, "F1, from the ledger", "written") in timeline(visit(*COURSE[0]))

    def test_other_teeth_and_other_patients_are_not_shown(self, practice: Practice) -> None:
        other = visit(*COURSE[1], visitId="ELSE")
        other["subscriber"] = other["subscriber"] | {"memberId": "ELSE9"}
        eighth = visit(*COURSE[0], visitId="EIGHT")
        eighth = json.loads(json.dumps(eighth).replace('"toothNumber": "9"', '"toothNumber": "8"'))
        sent(practice, visit(*COURSE[0]), eighth)
        assert timeline(other) == [("2026-03-09", "D3352", "ELSE", "")]
        assert [each[2] for each in timeline(visit(*COURSE[1]))] == ["V-01, from the ledger", "V-03"]

    def test_what_was_rejected_is_shown_as_that_until_it_is_sent_anew(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        happens(practice, "V-01", "rejected")
        rejected = ("2026-01-12", "D3351", "V-01, from the ledger", "rejected")
        assert timeline(visit(*COURSE[1]))[0] == rejected
        mended = visit("2026-01-13", "D3351", visitId="V-01")
        sent(practice, mended)
        assert timeline(visit(*COURSE[1])) == [
            ("2026-01-13", "D3351", "V-01, from the ledger", "written"),
            ("2026-03-09", "D3352", "V-03", ""),
        ]

    def test_of_a_service_that_was_rejected_under_another_id_the_one_that_stands_is_shown(
        self, practice: Practice
    ) -> None:
        sent(practice, visit(*COURSE[0]))
        happens(practice, "V-01", "rejected")
        sent(practice, visit(*COURSE[0], visitId="W-01"))
        assert timeline(visit(*COURSE[1]))[0] == ("2026-01-12", "D3351", "W-01, from the ledger", "written")

    def test_a_void_takes_a_visit_back(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        void = {"frequency": "void", "payerClaimControlNumber": "PC1"}
        sent(practice, visit(*COURSE[0], claim=void))
        assert [each[2] for each in timeline(visit(*COURSE[1]))] == ["V-03"]
        assert timeline(visit(*COURSE[0])) == [("2026-01-12", "D3351", "V-01", "voided")]
        happens(practice, "V-01", "rejected")  # the void was not taken in
        assert timeline(visit(*COURSE[0])) == [("2026-01-12", "D3351", "V-01", "written")]

    def test_a_replacement_stands_for_what_it_replaces(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        happens(practice, "V-01", "paid")
        replacement = {"frequency": "replacement", "payerClaimControlNumber": "PC1"}
        corrected = visit("2026-01-13", "D3351", visitId="V-01", claim=replacement)
        sent(practice, corrected)
        expected = ("2026-01-13", "D3351", "V-01, from the ledger", "written")
        assert timeline(visit(*COURSE[1]))[0] == expected
        # The record as it was: its own claim is not another visit.
        assert timeline(visit(*COURSE[0])) == [("2026-01-12", "D3351", "V-01", "written")]
        assert timeline(corrected) == [("2026-01-13", "D3351", "V-01", "written")]
        happens(practice, "V-01", "rejected")  # the replacement was not taken in
        assert [(each[0], each[3]) for each in timeline(visit(*COURSE[1]))[:2]] == [
            ("2026-01-12", "paid"),
            ("2026-01-13", "rejected"),
        ]
        assert timeline(visit(*COURSE[0])) == [("2026-01-12", "D3351", "V-01", "paid")]

    def test_another_practice_s_visit_of_the_same_id_is_another_visit(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        other = visit(*COURSE[0])
        other["billingProvider"] = other["billingProvider"] | {"npi": "1245319599"}
        assert timeline(other) == [("2026-01-12", "D3351", "V-01", "")]

    def test_nobody_is_named(self, practice: Practice) -> None:
        record = visit(*COURSE[1])
        sent(practice, visit(*COURSE[0]))
        shown = edi("episode", "-", records=(record,)).output
        for who in ("subscriber", "patient"):
            for key in ("memberId", "lastName", "firstName", "birthDate"):
                assert record.get(who, {}).get(key, "(none)") not in shown

    def test_settings_are_found_as_by_the_other_commands(self, practice: Practice, tmp_path: Path) -> None:
        sent(practice, visit(*COURSE[0]))
        source = tmp_path / "v.json"
        source.write_text(json.dumps(visit(*COURSE[1])))
        (tmp_path / "edi.toml").rename(tmp_path / "practice.toml")
        assert "from the ledger" not in edi("episode", str(source)).stdout
        assert "V-01, from the ledger" in edi("episode", str(source), "--config", "practice.toml").stdout
        (tmp_path / "edi.toml").write_text("[ledger")
        broken = edi("episode", str(source))
        assert (broken.exit_code, broken.stdout) == (2, "")


class TestLookingOnly:
    def test_a_ledger_that_is_not_there_is_not_made(self, practice: Practice) -> None:
        assert timeline(visit(*COURSE[0])) == [("2026-01-12", "D3351", "V-01", "")]
        assert [path.name for path in practice.folder.iterdir()] == ["edi.toml"]
        if practice.url.startswith("postgresql"):
            database = Database(address_of(practice.settings))
            assert inspect(database.engine).get_table_names() == []
            database.close()

    def test_nothing_is_written_and_no_number_taken(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        before = everything(practice)
        files = {path.name: path.read_bytes() for path in practice.folder.glob("edi.*")}
        timeline(*(visit(*each) for each in COURSE))
        assert {path.name: path.read_bytes() for path in practice.folder.glob("edi.*")} == files
        assert everything(practice) == before

    def test_one_who_writes_is_not_in_the_way(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        with practice.ledger() as ledger, ledger.database.writing():
            assert len(timeline(visit(*COURSE[1]))) == 2

    def test_a_later_ledger_is_refused(self, practice: Practice) -> None:
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        result = edi("episode", "-", records=(visit(*COURSE[0]),))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "is of another version of edi" in result.stderr
        assert result.stderr == edi("status").stderr

    def test_a_ledger_without_its_key_is_refused(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        (practice.folder / "edi.key").unlink()
        result = edi("episode", "-", records=(visit(*COURSE[0]),))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "edi.key is missing" in result.stderr

    def test_a_locked_file_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        practice = Practice(tmp_path, "sqlite:///edi.db")
        sent(practice, visit(*COURSE[0]))
        monkeypatch.setattr(ledger, "Database", partial(Database, patience=0.2))
        other = sqlite3.connect(tmp_path / "edi.db", isolation_level=None)
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        result = edi("episode", "-", records=(visit(*COURSE[0]),))
        other.close()
        assert (result.exit_code, result.stdout) == (2, "")
        assert "busy for 0.2 seconds: another edi is writing to it" in result.stderr

    def test_without_a_ledger_no_database_is_loaded(self, tmp_path: Path) -> None:
        (tmp_path / "v.json").write_text(json.dumps(visit(*COURSE[0])))
        program = (
            "import sys; from edi.cli.main import cli; cli(['episode', 'v.json'], standalone_mode=False);"
            "sys.exit('sqlalchemy' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False).returncode == 0


class TestPage:
    def texts(self, practice: Practice) -> list[str]:
        page = html.fromstring((practice.out / "report.html").read_bytes())
        return ["".join(each.itertext()) for each in page.iter("text")]

    def test_a_run_s_page_draws_the_visits_of_other_nights(self, practice: Practice) -> None:
        sent(practice, visit(*COURSE[0]))
        happens(practice, "V-01", "paid")
        sent(practice, visit(*COURSE[1]))
        texts = self.texts(practice)
        assert "D3351 first visit V-01, from the ledger paid" in texts
        assert "D3352 renewal 1 V-03 accepted" in texts
        assert "+56 days" in texts


def test_of_what_is_remembered_of_a_service_the_last_counts() -> None:
    record = visit(*COURSE[1])
    steps = [
        Step(*COURSE[0]),
        *(Step(*COURSE[0], each, state="paid", remembered=True) for each in ("A", "B")),
    ]
    patient = "\x1f".join(
        ("C", record["billingProvider"]["npi"], record["payer"]["payerId"], record["subscriber"]["memberId"])
    )
    who = record["patient"]
    patient += f"\x1f{who['birthDate']} {who['lastName']} {who['firstName']}"
    visits: list[Any] = [record]
    (course,) = courses(visits, {patient: [("9", step) for step in steps]})
    assert [step.visit_id for step in course.steps] == ["B", "V-03"]
