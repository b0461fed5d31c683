"""What is kept of sent claims: whoever asks finds them, whatever folder and however many nights ago."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner, Result
from growth import growth
from ledger_runs import STEPS, Practice, samples, stopped_at
from request_maker import film_of, request
from sqlalchemy import select

from edi.cli.main import cli
from edi.errors import InputError, OutputError
from edi.flows import kept_claims
from edi.flows.kept_claims import KeptClaims
from edi.ledger.kept import KeptWriter
from edi.ledger.ledger import Ledger
from edi.ledger.tables import CLAIM, FILE, RUN
from edi.x12.output import _SECONDS_TO_LOCK


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    return Practice(tmp_path, ledger_url)


def edi(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def known(ledger: Ledger) -> list[tuple[int, str]]:
    with ledger.database.reading() as connection:
        return [
            (id_, number) for id_, number in connection.execute(select(CLAIM.c.id, CLAIM.c.control_number))
        ]


def assert_all_kept(practice: Practice, records: list[dict[str, Any]]) -> None:
    """Whatever claim the ledger knows is found, with the record that it was made of."""
    by_id = {record["visitId"]: record for record in records}
    with practice.ledger() as ledger:
        claims = KeptClaims(ledger)
        for id_, number in known(ledger):
            found = claims.find(number)
            payload, source = found.whole()
            assert (found.ledger_id, payload["patientControlNumber"]) == (id_, number)
            assert source.visit == by_id[source.visit["visitId"]]
            assert source.base == str(practice.folder)
            assert any(each.startswith(f"CLM*{number}*") for each in payload["segments"])


class TestFiveNights:
    def test_a_request_about_the_first_is_answered_with_no_folder_named(
        self, practice: Practice, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The input of the first night is gone by then, and so is all that was written but for what is kept."""
        monkeypatch.chdir(tmp_path)
        shutil.copytree(repo / "examples" / "visits", "visits")
        assert edi("convert", "visits", "-o", "out", "--as-of", "2026-11-02").exit_code == 0
        for file in Path("visits").glob("*.json"):
            file.unlink()
        for night in range(2, 6):
            practice.convert(samples(3, seed=night))
        shutil.rmtree("out")
        file = Path("request.277")
        other = [each for each in film_of("S4-1") if not each.startswith("REF*1K")]
        file.write_bytes(request(film_of("BSE-2026-004020"), other, film_of("NOBODY")))
        done = edi("ack", file)
        assert done.exit_code == 0, done.stderr
        told = done.stdout.split("\n\n")
        assert "at hand: xr-1" in told[0]
        assert "answer: edi attach BSE-2026-004020 --request request.277 -o out" in told[0]
        assert "answer: edi attach S4-1" in told[1]
        assert "No claim in the ledger has this number." in told[2]
        done = edi("attach", "BSE-2026-004020", "--request", file, "-o", "answers")
        assert (done.exit_code, done.stderr.split()) == (0, ["xr-1", "note"])
        (story,) = json.loads(edi("status", "BSE-2026-004020", "--format", "json").stdout)
        assert [each["kind"] for each in story["events"]] == ["created", "written", "requested", "answered"]
        by_payer = edi("attach", "PCN99", "--request", file, "-o", "answers")
        assert by_payer.exit_code == 0, by_payer.stderr

    def test_every_claim_of_every_night_is_found(self, practice: Practice) -> None:
        records = []
        for night in range(1, 6):
            records += samples(4, seed=night)
            practice.convert(records[-6:])
        assert_all_kept(practice, records)
        kept = practice.kept
        assert stat.S_IMODE(kept.stat().st_mode) == 0o700
        assert {stat.S_IMODE(each.stat().st_mode) for each in kept.iterdir()} == {0o600}
        assert len(list(kept.iterdir())) == 5

    def test_a_night_without_a_new_claim_leaves_the_payloads_of_the_last(self, practice: Practice) -> None:
        records = samples(4)
        practice.convert(records[:3])
        before = practice.payloads()
        assert practice.convert(records[:3]).unchanged == 3
        assert practice.payloads() == before
        spoiled = json.loads(json.dumps(records[3]))
        spoiled["procedures"] = []
        assert practice.convert([*records[:3], spoiled]).rejected == 1
        assert practice.payloads() == before
        assert list(practice.rejected()) == [spoiled["visitId"]]
        practice.convert(records)
        assert [each["visitId"] for each in practice.payloads()] == [records[3]["visitId"]]
        assert practice.convert(records, practice.folder / "new").unchanged == 4
        assert (practice.folder / "new" / "claims.ndjson").read_bytes() == b""


class TestStopped:
    RECORDS = samples(5)

    @pytest.mark.parametrize("step", STEPS)
    def test_killed_at_each_step(self, practice: Practice, step: str) -> None:
        with stopped_at(step):
            assert practice.killed(self.RECORDS) == -9
        assert_all_kept(practice, self.RECORDS)
        for left in [*practice.out.glob(".edi-*"), *practice.kept.glob(".edi-*")]:
            os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))
        practice.convert(self.RECORDS + samples(1, seed=2))
        assert_all_kept(practice, self.RECORDS + samples(1, seed=2))
        practice.assert_whole(self.RECORDS + samples(1, seed=2))
        assert not list(practice.kept.glob(".edi-*"))

    def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_sent(self, practice: Practice) -> None:
        practice.kept.write_text("in the way")
        with pytest.raises(OutputError, match="kept cannot be written"):
            practice.convert(self.RECORDS)
        assert not list(practice.out.glob("*.837"))
        practice.kept.unlink()
        practice.convert(self.RECORDS)
        practice.assert_whole(self.RECORDS)

    def test_a_disk_that_is_full_is_told_and_nothing_is_sent(self, practice: Practice) -> None:
        full = OSError(28, "No space left on device")
        with (
            mock.patch("zipfile.ZipFile.open", side_effect=full),
            pytest.raises(OutputError, match="No space"),
        ):
            practice.convert(self.RECORDS)
        assert list(practice.out.iterdir()) == []
        assert list(practice.kept.iterdir()) == []


def test_the_course_of_a_claim_is_told_by_its_number(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(practice.folder)
    practice.convert(samples(3))
    for file in practice.folder.glob("*.ndjson"):
        file.unlink()
    shutil.rmtree(practice.out)
    Path("one.json").write_text(json.dumps(samples(3)[1]))
    told = edi("episode", "S1-1")
    assert told.exit_code == 0, told.output
    assert told.stdout == edi("episode", "one.json").stdout
    assert "2026-08-28" in told.stdout
    none = edi("episode", "NOBODY")
    assert none.exit_code == 2
    assert "no such file or folder, and: The ledger has no claim NOBODY" in none.stderr


class TestNotFound:
    RECORDS = samples(3)

    @pytest.fixture
    def file(self, practice: Practice) -> Path:
        practice.convert(self.RECORDS)
        (file,) = practice.kept.iterdir()
        return file

    def missing(self, practice: Practice, number: str = "S1-0") -> str:
        with practice.ledger() as ledger:
            claims = KeptClaims(ledger)
            with pytest.raises(InputError) as caught:
                claims.find(number).whole()
            (found,) = claims.matching([number])
            assert found.missing == str(caught.value)
            return found.missing

    def test_a_file_that_is_gone(self, practice: Practice, file: Path) -> None:
        file.rename(practice.folder / "elsewhere.zip")
        said = self.missing(practice)
        assert said.startswith("What was sent of S1-0 (run 1 of ")
        assert said.endswith(f"{file} is not there. Bring it back from where it was moved, or from a backup.")

    def test_a_check_names_it(self, practice: Practice, file: Path) -> None:
        file.unlink()
        done = edi("ledger", "check", "--config", practice.folder / "edi.toml")
        assert (done.exit_code, "What is kept of run 1 is not there" in done.stdout) == (0, True)

    @pytest.mark.parametrize("left", [b"", b"PK\x03\x04" + bytes(50), None])
    def test_a_file_that_is_damaged(self, practice: Practice, file: Path, left: bytes | None) -> None:
        data = bytearray(file.read_bytes())
        data[len(data) // 3] ^= 0xFF
        file.write_bytes(bytes(data) if left is None else left)
        assert "is damaged. Bring" in self.missing(practice)

    def test_a_pipe_in_its_place_is_not_waited_for(self, practice: Practice, file: Path) -> None:
        file.unlink()
        os.mkfifo(file)
        assert "is not a regular file" in self.missing(practice)

    @pytest.mark.parametrize("kind", ["a long line", "many lines", "other packing"])
    def test_what_unpacks_to_very_much_is_damaged(self, practice: Practice, file: Path, kind: str) -> None:
        """And no more of it is read than shows this."""
        packing = zipfile.ZIP_LZMA if kind == "other packing" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(file, "w", packing) as archive, archive.open("000000.ndjson", "w") as member:
            for _ in range(100):
                member.write((b"\n" if kind == "many lines" else b" ") * (1 << 20))
        with mock.patch("edi.ledger.kept._LONGEST", 1 << 20):
            taken: list[int] = []
            read = zipfile.ZipExtFile.read1

            def counted(stream: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
                octets = read(stream, size)
                taken.append(len(octets))
                return octets

            with mock.patch.object(zipfile.ZipExtFile, "read1", counted):
                assert "is damaged. Bring" in self.missing(practice)
        assert sum(taken) < 8 << 20

    @pytest.mark.parametrize("name", ["../edi.toml", "/etc/passwd", "run-1.zip", "", "x\x1b[2J"])
    def test_a_name_in_the_database_that_is_none_of_ours(
        self, practice: Practice, file: Path, name: str
    ) -> None:
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(RUN.update().values(kept=name))
        assert "names no file of ours" in self.missing(practice)

    @pytest.mark.parametrize("first", [-5, 2, 0, 1 << 40])
    def test_a_place_in_the_database_that_is_wrong(self, practice: Practice, file: Path, first: int) -> None:
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(RUN.update().values(first_claim=first))
        assert "damaged" in self.missing(practice)

    def test_what_is_not_found_stops_no_other_request(
        self, practice: Practice, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        practice.convert(samples(1, seed=2))
        file.unlink()
        Path("request.277").write_bytes(request(film_of("S1-0"), film_of("S2-0")))
        done = edi("ack", "request.277")
        assert done.exit_code == 0
        one, other = done.stdout.split("\n\n")
        assert "is not there" in one
        assert "answer:" not in one
        assert "answer: edi attach S2-0" in other
        refused = edi("attach", "S1-0", "--unsolicited", "-o", "out")
        assert (refused.exit_code, "is not there" in refused.stderr) == (2, True)

    def test_a_number_of_two_practices_is_nobodys(self, practice: Practice) -> None:
        ours, theirs = samples(1)[0], samples(1, seed=2)[0]
        theirs["visitId"] = ours["visitId"]
        theirs["billingProvider"]["npi"] = (
            "1234567893" if ours["billingProvider"]["npi"] != "1234567893" else "1999999992"
        )
        assert practice.convert([ours, theirs]).accepted == 2
        with practice.ledger() as ledger:
            claims = KeptClaims(ledger)
            with pytest.raises(InputError, match="is a number of 2 claims"):
                claims.find(ours["visitId"])
            found = {each.npi: each.whole()[1].visit for each in claims.matching([ours["visitId"]])}
        assert found == {each["billingProvider"]["npi"]: each for each in (ours, theirs)}


def test_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    practice = Practice(tmp_path, "sqlite:///edi.db")
    practice.folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 %41"))
    practice.folder.mkdir()
    shutil.copy(tmp_path / "edi.toml", practice.folder)
    practice.convert(samples(1))
    assert_all_kept(practice, samples(1))


def test_each_run_is_opened_once_for_many_claims(tmp_path: Path) -> None:
    practice = Practice(tmp_path, "sqlite:///edi.db")
    nights = [samples(6, seed=night) for night in range(1, 5)]
    for records in nights:
        practice.convert(records)
    numbers = [record["visitId"] for at in range(6) for records in nights for record in records[at : at + 1]]
    with (
        practice.ledger() as ledger,
        mock.patch.object(kept_claims, "kept_lines", side_effect=kept_claims.kept_lines) as opened,
    ):
        found = [each.visit_id for each in KeptClaims(ledger).matching([*numbers, "NOBODY"])]
    assert sorted(found) == sorted(numbers)
    assert opened.call_count == len(nights)


def test_a_claim_among_thousands_of_nights_costs_no_more(tmp_path: Path) -> None:
    practices: dict[int, Practice] = {}
    for count in (500, 2_000):
        practice = practices[count] = Practice(tmp_path / str(count), "sqlite:///edi.db")
        practice.convert(samples(2))
        _repeat(practice, count)

    def look(count: int) -> None:
        with practices[count].ledger() as ledger:
            for _ in range(20):
                assert KeptClaims(ledger).find("S1-1").whole()
                assert len([each.whole() for each in KeptClaims(ledger).matching(["S1-0", "S1-1"])]) == 2

    assert growth(look, 500) < 2


def _repeat(practice: Practice, count: int) -> None:
    """As many more nights, each with a claim of its own."""
    with practice.ledger() as ledger, ledger.database.writing() as connection:
        run, file, claim = (
            dict(connection.execute(select(table)).mappings().first() or {}) for table in (RUN, FILE, CLAIM)
        )
        writer = KeptWriter(ledger.kept)
        writer.close()
        numbers = range(1_000, 1_000 + count)
        connection.execute(RUN.insert(), [run | {"id": n, "first_claim": n} for n in numbers])
        connection.execute(
            FILE.insert(), [file | {"id": n, "run_id": n, "serial": n, "name": f"{n}.837"} for n in numbers]
        )
        connection.execute(
            CLAIM.insert(),
            [
                claim | {"id": n, "file_id": n, "visit_id": f"N{n}", "control_number": f"N{n}"}
                for n in numbers
            ],
        )
