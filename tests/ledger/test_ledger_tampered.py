"""A ledger, or an export of one, that another hand has changed: it moves and deletes nothing, hangs nothing and says nothing to
the terminal."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from ledger_runs import Practice, edi, samples, stopped_at
from sqlalchemy import Table

from edi.errors import LedgerError
from edi.ledger import recover
from edi.ledger.entry import Event
from edi.ledger.tables import ATTACHMENT, CLAIM, EVENT, FILE, LINE, RUN

RECORDS = samples(5)


def change(practice: Practice, table: Table, **values: Any) -> None:
    """Change every row of a table, as another hand would."""
    with practice.ledger() as ledger, ledger.database.writing() as connection:
        connection.execute(table.update().values(**values))


def staging(practice: Practice) -> Path:
    (folder,) = practice.out.glob(".edi-of-*")
    return folder


def cut_off(practice: Practice) -> Path:
    """A run that was killed when one of its two claim files was in place; its staging folder."""
    with stopped_at("moved file 1"):
        assert practice.killed(RECORDS) == -9
    return staging(practice)


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder, but for the ledger."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if not path.name.startswith(("edi.", "visits-"))
    }


class TestUnfinishedRun:
    @pytest.mark.parametrize(
        "name",
        [
            "../precious",
            "/precious",
            ".",
            "",
            "..",
            "TEST-000000001.837",
            ".edi-x",
            ".edi-of-00000000-abcdefgh",
        ],
    )
    def test_a_staging_folder_that_is_none_of_this_ledger(self, practice: Practice, name: str) -> None:
        """Also one that another ledger has made."""
        cut_off(practice)
        for folder in (practice.folder / "precious", practice.out / ".edi-of-00000000-abcdefgh"):
            folder.mkdir()
            (folder / "claims.ndjson").write_text("precious")
            (folder / "TEST-000000002.837").write_text("precious")
        change(practice, RUN, staging=name)
        before = everything(practice.folder)
        with pytest.raises(LedgerError, match=r"changed by another hand.*run\.staging.*No file was moved"):
            practice.convert(RECORDS)
        assert everything(practice.folder) == before
        result = edi("ledger", "check")
        assert (result.exit_code, result.stdout) == (1, "wrong: run 1: no convert writes such a staging.\n")
        assert everything(practice.folder) == before

    @pytest.mark.parametrize("folder", ["out", "", "{here}/../{name}/out", "{here}/out/"])
    def test_a_folder_that_no_convert_records(self, practice: Practice, folder: str) -> None:
        cut_off(practice)
        here = practice.folder
        change(practice, RUN, folder=folder.format(here=here, name=here.name))
        before = everything(here)
        with pytest.raises(LedgerError, match=r"run\.folder"):
            practice.convert(RECORDS)
        assert everything(here) == before

    @pytest.mark.parametrize(
        "name", ["../TEST-000000002.837", "x/TEST-000000002.837", "TEST-000000003.837", "report.json"]
    )
    def test_a_file_under_another_name(self, practice: Practice, name: str) -> None:
        cut_off(practice)
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(FILE.update().where(FILE.c.serial == 2).values(name=name))
        before = everything(practice.folder)
        with pytest.raises(LedgerError, match=r"file\.name"):
            practice.convert(RECORDS)
        assert everything(practice.folder) == before

    def test_what_the_run_did_not_write_stays_where_it_is(self, practice: Practice) -> None:
        left = cut_off(practice)
        (left / "other.txt").write_text("other")
        (left / "OTHER-000000009.837").write_text("another")
        (left / "folder").mkdir()
        report = practice.convert(RECORDS)
        assert report.unchanged == 5
        assert {path.name for path in left.iterdir()} == {"other.txt", "folder"}
        assert not (practice.out / "other.txt").exists()
        assert not (practice.out / "OTHER-000000009.837").exists()
        practice.convert([])
        assert {path.name for path in left.iterdir()} == {"other.txt", "folder"}

    def test_a_link_in_place_of_the_staging_folder_is_not_followed(self, practice: Practice) -> None:
        left = cut_off(practice)
        moved = practice.folder / "elsewhere"
        left.rename(moved)
        left.symlink_to(moved)
        before = everything(moved)
        practice.convert(RECORDS)
        assert everything(moved) == before

    def test_a_link_in_place_of_a_staged_file_is_not_moved(self, practice: Practice) -> None:
        left = cut_off(practice)
        precious = practice.folder / "precious"
        (left / "TEST-000000002.837").rename(precious)
        (left / "TEST-000000002.837").symlink_to(precious)
        for name in ("claims.ndjson", "report.json"):
            (left / name).unlink()
            (left / name).symlink_to(precious)
        octets = precious.read_bytes()
        report = practice.convert(RECORDS)
        assert (report.unchanged, report.accepted) == (3, 2)  # the file behind the link was rolled back
        assert precious.read_bytes() == octets
        assert not any(path.is_symlink() for path in practice.out.iterdir())
        practice.assert_whole(RECORDS)

    def test_a_claim_file_is_not_overwritten(self, practice: Practice) -> None:
        cut_off(practice)
        other = practice.out / "TEST-000000002.837"
        other.write_text("another")
        with pytest.raises(
            LedgerError, match=r"TEST-000000002\.837 is there with other content; move it away"
        ):
            practice.convert(RECORDS)
        assert other.read_text() == "another"
        other.unlink()
        assert practice.convert(RECORDS).unchanged == 5
        practice.assert_whole(RECORDS)


class TestCircles:
    """Claims that correct each other, or themselves, end with a sentence."""

    @pytest.fixture
    def circular(self, practice: Practice) -> Practice:
        practice.convert(RECORDS)
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            for claim, other in ((1, 2), (2, 1), (3, 3)):
                connection.execute(
                    CLAIM.update()
                    .where(CLAIM.c.id == claim)
                    .values(corrects=other, corrected_by=other, frequency="replacement")
                )
            connection.execute(CLAIM.update().values(payer_number="P", payer_id="CX014"))
        return practice

    def test_check_names_them(self, circular: Practice) -> None:
        result = edi("ledger", "check")
        assert result.exit_code == 1
        assert "wrong: claim 3: no convert writes such a corrects.\n" in result.stdout
        for visit in ("S1-0", "S1-1", "S1-2"):
            assert f"visit {visit} is corrected by itself" in result.stdout

    @pytest.mark.parametrize("claim", [1, 2, 3])
    def test_an_event_ends(self, circular: Practice, claim: int) -> None:
        with circular.ledger() as ledger, pytest.raises(LedgerError, match="corrected by itself in the end"):
            ledger.record(claim, Event("rejected", "a.277"))

    def test_a_correction_ends(self, circular: Practice) -> None:
        from edi.ledger.new_claims import _last_replacement

        with circular.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(CLAIM.update().values(payer_number=None))
            for claim in (1, 3):
                with pytest.raises(LedgerError, match="corrected by itself in the end"):
                    _last_replacement(connection, claim)


class TestImport:
    @pytest.fixture
    def export(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[str, dict[str, Any]], Result]:
        """Import an export in which the first row of a table was changed; the ledger is a new one."""
        monkeypatch.chdir(tmp_path)
        Practice(tmp_path, "sqlite:///edi.db").convert(RECORDS)
        assert edi("ledger", "export", "moved.ndjson").exit_code == 0
        Path("new").mkdir()
        Practice(tmp_path / "new", "sqlite:///edi.db")
        shutil.copy("edi.key", "new")

        def changed(table: str, values: dict[str, Any]) -> Result:
            lines = [json.loads(line) for line in Path("moved.ndjson").read_text().splitlines()]
            next(each for each in lines if each.get("table") == table)["row"].update(values)
            Path("spoiled.ndjson").write_text("".join(json.dumps(each) + "\n" for each in lines))
            return edi("ledger", "import", "spoiled.ndjson", "--config", "new/edi.toml")

        return changed

    @pytest.mark.parametrize(
        ("table", "values"),
        [
            ("run", {"staging": "../precious"}),
            ("run", {"staging": ".edi-of-00000000-abcdefgh"}),
            ("run", {"folder": "out"}),
            ("run", {"state": "unfinished"}),
            ("run", {"at": "yesterday"}),
            ("file", {"name": "../TEST-000000001.837"}),
            ("file", {"name": "TEST-000000001.275"}),
            ("file", {"number": "1"}),
            ("file", {"serial": 0}),
            ("file", {"sha256": "0"}),
            ("file", {"state": "lost"}),
            ("claim", {"corrects": 1}),
            ("claim", {"corrected_by": 1}),
            ("claim", {"fingerprint": "00"}),
            ("claim", {"service_date": "2026-02-30"}),
            ("claim", {"state": ""}),
            ("counter", {"value": 1 << 62}),
            ("line", {"service_date": "today"}),
            ("event", {"kind": "lost"}),
            ("event", {"at": ""}),
            ("event", {"file_id": None}),
            ("event", {"source": "a\0"}),
        ],
    )
    def test_a_row_that_no_convert_writes(
        self, export: Callable[[str, dict[str, Any]], Result], table: str, values: dict[str, Any]
    ) -> None:
        result = export(table, values)
        assert result.exit_code == 2
        assert "is no row of a ledger." in result.stderr
        assert edi("status", "--config", "new/edi.toml").exit_code == 2
        assert export("claim", {}).stdout == "5 claims\n"

    def test_claims_that_correct_each_other(self, export: Callable[[str, dict[str, Any]], Result]) -> None:
        lines = Path("moved.ndjson").read_text().splitlines()
        (second,) = (at for at, line in enumerate(lines) if '"table":"claim"' in line and '"id":2,' in line)
        row = json.loads(lines[second])
        row["row"]["corrects"] = 1
        lines[second] = json.dumps(row)
        Path("moved.ndjson").write_text("\n".join(lines) + "\n")
        result = export("claim", {"corrects": 2})
        assert result.exit_code == 2
        assert "correct each other" in result.stderr

    def test_as_it_was(self, export: Callable[[str, dict[str, Any]], Result]) -> None:
        assert export("claim", {}).stdout == "5 claims\n"


EVIL = "\x1b]0;x\x07\x1b[2J\rS1"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (CLAIM, "control_number"),
        (CLAIM, "payer_id"),
        (CLAIM, "payer_number"),
        (CLAIM, "frequency"),
        (CLAIM, "purpose"),
        (LINE, "code"),
        (LINE, "tooth"),
        (ATTACHMENT, "control_number"),
        (EVENT, "source"),
        (FILE, "receiver"),
    ],
)
def test_no_text_of_a_ledger_reaches_the_terminal_as_it_is(
    practice: Practice, table: Table, column: str
) -> None:
    practice.convert(RECORDS)
    if column != "receiver":
        change(practice, table, **{column: EVIL})
    else:
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(FILE.update().values(receiver=EVIL))
    Path("v.json").write_text(json.dumps(RECORDS[0]))
    commands = (
        ("status",),
        ("status", "S1-0"),
        ("status", "--format", "csv"),
        ("status", "S1-0", "--format", "json"),
        ("ledger", "stats"),
        ("ledger", "check"),
        ("episode", "v.json"),
    )
    for command in commands:
        result = edi(*command)
        said = result.stdout + result.stderr
        assert result.exit_code in (0, 1, 2)
        assert not {"\x1b", "\r", "\x07"} & set(said), command


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (CLAIM, {"cents": "much"}),
        (RUN, {"at": "yesterday"}),
        (EVENT, {"at": "yesterday"}),
        (EVENT, {"detail": "7"}),
        (LINE, {"service_date": "today", "cents": "much"}),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Table, values: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    practice = Practice(tmp_path, "sqlite:///edi.db")
    practice.convert(RECORDS)
    change(practice, table, **values)
    Path("v.json").write_text(json.dumps(RECORDS[0]))
    for command in (("status",), ("status", "S1-0"), ("episode", "v.json"), ("ledger", "stats")):
        result = edi(*command)
        assert result.exit_code in (0, 2), command
        assert "defect" not in result.stderr
    result = edi("ledger", "check")
    assert result.exit_code == 1
    assert f"wrong: {table.name} 1" in result.stdout


@pytest.mark.parametrize("table", [FILE, EVENT])
def test_an_event_after_a_state_that_there_is_not(practice: Practice, table: Table) -> None:
    practice.convert(RECORDS)
    change(practice, table, **{"state" if table is FILE else "kind": "lost"})
    event = Event("acknowledged", "a.999")
    with practice.ledger() as ledger:
        of_file = partial(ledger.record_file, "ZZ:TESTRECEIVER", "837", "000000001", event)
        of_claim = partial(ledger.record, 1, event)
        with pytest.raises(LedgerError, match="no convert writes such a state"):
            (of_file if table is FILE else of_claim)()


def test_an_unfinished_run_of_a_sound_ledger_is_what_recover_takes(practice: Practice) -> None:
    left = cut_off(practice)
    with practice.ledger() as ledger:
        (run,) = recover.unfinished(ledger.database)
    assert (run.staging, run.folder) == (left, Path(os.path.realpath(practice.out)))
