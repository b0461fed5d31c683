"""What lies where edi.toml says that the ledger is: looked at before it is touched, and left alone unless it is the ledger's."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ledger_runs import Practice, edi, samples, stopped_at
from sqlalchemy import text

from edi.ledger.opening import make_tables

RECORDS = samples(3)
CONVERT = ("convert", "v.ndjson", "-o", "out", "--as-of", "2026-10-15")
LOOKING = (
    ("status",),
    ("status", "S1-0"),
    ("check", "v.ndjson", "--as-of", "2026-10-15"),
    ("episode", "v.ndjson"),
    ("ledger", "stats"),
    ("ledger", "check"),
    ("ledger", "export", "elsewhere/export.ndjson"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    Path("elsewhere").mkdir()
    return tmp_path


def seen(folder: Path) -> dict[str, Any]:
    """Everything in a folder that a look must not change."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name.startswith("elsewhere") or path.suffix == ".toml":
            continue
        state = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        found[name] = (state.st_mode, state.st_mtime_ns, state.st_size, content)
    return found


def strangers_database(path: str, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements or ("CREATE TABLE patients (name TEXT)", "INSERT INTO patients VALUES ('A')"):
        connection.execute(statement)
    connection.commit()
    connection.close()


def a_journal() -> None:
    """A database whose writer was killed in the middle of a change."""
    script = (
        "import os, sqlite3; c = sqlite3.connect('edi.db'); c.execute('PRAGMA cache_size=1')\n"
        "c.execute('CREATE TABLE patients (name TEXT)'); c.commit()\n"
        "c.executemany('INSERT INTO patients VALUES (?)', [('A' * 2000,)] * 500); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert Path("edi.db-journal").exists()


STRANGE = {
    "a text": lambda: Path("edi.db").write_text("root:x:0:0:root:/root:/bin/bash\n" * 40),
    "a short text": lambda: Path("edi.db").write_text("x"),
    "a folder": lambda: Path("edi.db").mkdir(),
    "a pipe": lambda: os.mkfifo("edi.db"),
    "a device": lambda: Path("edi.db").symlink_to("/dev/null"),
    "a link loop": lambda: Path("edi.db").symlink_to("edi.db"),
    "a link to nothing": lambda: Path("edi.db").symlink_to("nothing"),
    "another database": lambda: strangers_database("edi.db"),
    "another database with a table of our name": lambda: strangers_database(
        "edi.db", "CREATE TABLE file (name TEXT)", "CREATE TABLE alembic_version (version_num TEXT)"
    ),
    "another database with its own log": lambda: strangers_database(
        "edi.db", "PRAGMA journal_mode=WAL", "CREATE TABLE patients (name TEXT)"
    ),
    "another database that was cut off": a_journal,
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_no_ledger_is_told_and_left_as_it_is(folder: Path, what: str) -> None:
    Practice(folder, "sqlite:///edi.db")
    STRANGE[what]()
    if Path("edi.db").is_file():
        Path("edi.db").chmod(0o644)
    before = seen(folder)
    for command in (CONVERT, *LOOKING, ("ledger", "import", "v.ndjson")):
        result = edi(*command)
        after = {name: value for name, value in seen(folder).items() if name != "out"}
        assert after == before, command
        assert result.exit_code == 2, (command, result.stdout)
        if "import" not in command:  # which reads the file to import first
            assert "edi.db" in result.stderr or "ledger.url names a database" in result.stderr, command
        assert "error in edi itself" not in result.stderr
    assert not list(Path("elsewhere").iterdir())


def test_an_empty_file_becomes_the_ledger(folder: Path) -> None:
    Practice(folder, "sqlite:///edi.db")
    Path("edi.db").touch(0o644)
    assert edi(*CONVERT).exit_code == 0
    assert Path("edi.db").stat().st_mode & 0o077 == 0


def test_a_link_to_the_ledger_is_followed(folder: Path) -> None:
    practice = Practice(folder, "sqlite:///edi.db")
    practice.convert(RECORDS)
    Path("edi.db").rename("elsewhere/moved.db")
    Path("edi.db").symlink_to("elsewhere/moved.db")
    assert practice.convert(RECORDS).unchanged == 3
    assert edi("status").stdout.count("written") == 3


class TestLooking:
    @pytest.mark.parametrize(
        ("command", "left"),
        [
            (command, left)
            for command in LOOKING
            for left in ("closed", "open to others", "its writer was killed")
            # What may have to repair opens the ledger to write, and so clears away what a killed writer left.
            if (command[-1], left) != ("check", "its writer was killed")
        ],
    )
    def test_changes_nothing(self, folder: Path, command: tuple[str, ...], left: str) -> None:
        practice = Practice(folder, "sqlite:///edi.db")
        practice.convert(RECORDS)
        if left == "open to others":
            Path("edi.db").chmod(0o640)
        elif left == "its writer was killed":
            kill = "import os, sqlite3; c = sqlite3.connect('edi.db'); c.execute('UPDATE run SET host = 1'); c.commit(); os._exit(0)"
            subprocess.run([sys.executable, "-c", kill], check=True)
            assert Path("edi.db-wal").stat().st_size
        before = seen(folder)
        result = edi(*command)
        assert result.exit_code == 0, result.stderr
        assert {name: value for name, value in seen(folder).items() if not name.endswith("-shm")} == {
            name: value for name, value in before.items() if not name.endswith("-shm")
        }
        assert seen(folder).keys() == before.keys()

    @pytest.mark.parametrize("command", LOOKING, ids=" ".join)
    def test_makes_nothing(self, folder: Path, command: tuple[str, ...], ledger_url: str) -> None:
        Practice(folder, ledger_url)
        before = seen(folder)
        result = edi(*command)
        assert seen(folder) == before
        assert not list(Path("elsewhere").iterdir())
        if command[0] != "check" and command[0] != "episode":
            assert "Nothing was converted yet" in result.stdout + result.stderr

    def test_of_who_may_only_read(self, folder: Path) -> None:
        practice = Practice(folder, "sqlite:///edi.db")
        practice.convert(RECORDS)
        from unittest import mock

        from edi.ledger import sqlite_file

        before = seen(folder)
        with mock.patch.object(sqlite_file.os, "access", return_value=False):
            assert edi("status").stdout.count("written") == 3
        assert seen(folder) == before


class TestServer:
    def test_a_table_of_our_name_that_is_not_ours(self, folder: Path, postgres: Any) -> None:
        practice = Practice(folder, postgres.url())
        self._execute(practice, "CREATE TABLE run (distance INT)")
        for command in (CONVERT, *LOOKING):
            result = edi(*command)
            assert result.exit_code == 2, command
            assert "ledger.url names a database with a table run that is no ledger's" in result.stderr
        assert self._tables(practice) == {"run"}

    def test_other_tables_may_stand_beside_ours(self, folder: Path, postgres: Any) -> None:
        practice = Practice(folder, postgres.url())
        self._execute(practice, "CREATE TABLE patients (name TEXT)")
        assert edi(*CONVERT).exit_code == 0
        assert {"patients", "run", "claim"} <= self._tables(practice)

    @staticmethod
    def _execute(practice: Practice, statement: str) -> None:
        import psycopg

        with psycopg.connect(practice.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def _tables(practice: Practice) -> set[str]:
        import psycopg

        with psycopg.connect(practice.url) as connection:
            rows = connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            )
            return {name for (name,) in rows}


class TestKeyWithoutLedger:
    """edi.key is there and the ledger it was begun with is not: nothing is sent again without being asked for."""

    @pytest.fixture(params=["gone", "empty"])
    def practice(self, folder: Path, ledger_url: str, request: pytest.FixtureRequest) -> Practice:
        practice = Practice(folder, ledger_url)
        practice.convert(RECORDS)
        assert edi("ledger", "export", "elsewhere/export.ndjson").exit_code == 0
        shutil.rmtree("out")
        if ledger_url.startswith("sqlite"):
            Path("edi.db").unlink()
            if request.param == "empty":
                Path("edi.db").touch()
        else:
            from urllib.parse import unquote

            schema = unquote(ledger_url).rpartition("=")[2]
            TestServer._execute(practice, f"DROP SCHEMA {schema} CASCADE")
            TestServer._execute(practice, f"CREATE SCHEMA {schema}")
        return practice

    def test_is_refused(self, practice: Practice, folder: Path) -> None:
        before = seen(folder)
        for command in (CONVERT, *LOOKING):
            result = edi(*command)
            assert result.exit_code == 2, command
            for word in ("edi.key", "edi ledger import FILE", "edi init --new-ledger", "sent again"):
                assert word in result.stderr, command
        Path("out").rmdir()
        assert seen(folder) == before

    def test_import_brings_it_back(self, practice: Practice) -> None:
        Path("half.ndjson").write_text(
            "\n".join(Path("elsewhere/export.ndjson").read_text().splitlines()[:-1])
        )
        assert edi("ledger", "import", "half.ndjson").exit_code == 2
        assert edi(*CONVERT).exit_code == 2  # what failed has begun no ledger
        assert edi("ledger", "import", "elsewhere/export.ndjson").stdout == "3 claims\n"
        assert practice.convert(RECORDS).unchanged == 3

    def test_or_it_is_begun_anew_on_purpose(self, practice: Practice) -> None:
        key, settings = Path("edi.key").read_bytes(), Path("edi.toml").read_bytes()
        result = edi("init", "--new-ledger")
        assert (result.exit_code, result.stderr) == (0, "")
        assert (Path("edi.key").read_bytes(), Path("edi.toml").read_bytes()) == (key, settings)
        assert practice.convert(RECORDS).accepted == 3
        again = edi("init", "--new-ledger")
        assert again.exit_code == 2
        assert "is no new one; it was left as it was" in again.stderr
        assert practice.convert(RECORDS).unchanged == 3


def test_init_of_a_new_ledger_needs_settings_and_a_ledger(folder: Path) -> None:
    assert "edi.toml cannot be read" in edi("init", "--new-ledger").stderr
    Path("edi.toml").write_text("")
    assert "There is no ledger" in edi("init", "--new-ledger").stderr
    Practice(folder, "sqlite:///edi.db")
    assert edi("init", "--new-ledger", str(folder)).exit_code == 0
    assert edi(*CONVERT).exit_code == 0


@pytest.mark.parametrize("after", ["the tables", "the key"])
def test_a_ledger_whose_making_was_cut_off_is_made(folder: Path, ledger_url: str, after: str) -> None:
    from edi.ledger.address import address_of
    from edi.ledger.database import Database
    from edi.ledger.keys import make_key

    practice = Practice(folder, ledger_url)
    place = address_of(practice.settings)
    database = Database(place)
    with database.writing() as connection:
        make_tables(connection)
    database.close()
    if after == "the key":
        make_key(place.key_file)
    assert edi("status").stdout.startswith("Nothing was converted")
    assert practice.convert(RECORDS).accepted == 3


def test_killed_before_anything_was_recorded(folder: Path, ledger_url: str) -> None:
    practice = Practice(folder, ledger_url)
    with stopped_at("numbers taken"):
        practice.killed(RECORDS)
    assert practice.convert(RECORDS).accepted == 3


def test_an_older_schema_is_not_migrated_by_who_only_looks(folder: Path, ledger_url: str) -> None:
    practice = Practice(folder, ledger_url)
    practice.convert(RECORDS)
    with practice.ledger() as ledger, ledger.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    for command in LOOKING:
        result = edi(*command)
        assert result.exit_code == 2, command
        assert "another version of edi" in result.stderr
