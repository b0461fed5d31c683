"""`edi init`, `edi status` and `edi ledger` as a person meets them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ledger_runs import Practice, edi, samples, stopped_at, written

from edi.ledger.entry import Event
from edi.ledger.tables import CLAIM, COUNTER
from edi.settings import load_settings

AS_OF = ("--as-of", "2026-10-15")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    """Five claims, one of them rejected by its payer."""
    practice = Practice(tmp_path, ledger_url)
    practice.convert(samples(5))
    with practice.ledger() as ledger:
        (claim,) = ledger.find("S1-2")
        ledger.record(claim.id, Event("rejected", "a.277", detail={"code": "A7:562"}), payer_number="PC1")
    return practice


def test_init_writes_settings_that_work(folder: Path) -> None:
    result = edi("init", "practice")
    assert (result.exit_code, result.stdout) == (0, f"{Path('practice', 'edi.toml')}\n")
    settings = load_settings(folder / "practice" / "edi.toml", folder)
    assert settings.ledger is not None
    again = edi("init", "practice")
    assert again.exit_code == 2
    assert "left as it is" in again.stderr


def test_init_on_a_full_disk_leaves_no_half_settings() -> None:
    line = f"ulimit -f 0; {sys.executable} -m edi init practice"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "edi: practice cannot be written: File too large.\n")
    assert list(Path("practice").iterdir()) == []
    assert edi("init", "practice").exit_code == 0
    assert Path("practice", "edi.toml").stat().st_mode & 0o077 == 0


def test_every_example_of_init_is_a_setting(folder: Path) -> None:
    edi("init")
    text = Path("edi.toml").read_text().replace('url = "sqlite', '# url = "sqlite')
    lines = [
        line.removeprefix("# ")
        if line[:3] in ("# [", "# u", "# i", "# n", "# c", "# q", "# p", "# s", "# e")
        and ("=" in line or line.endswith("]"))
        else line
        for line in text.splitlines()
    ]
    Path("edi.toml").write_text("\n".join(line for line in lines if 'url = "sqlite' not in line))
    settings = load_settings(None, folder)
    assert settings.submitter.id == "BRIGHT01"
    assert settings.receivers[0].payers == {"CX014", "CX021"}
    assert settings.submitter_to(settings.receivers[0]).id == "ACC-4711"
    assert settings.receivers[0].envelope.sender == "123456789"
    assert settings.ledger is not None
    assert settings.ledger.password_file == "/run/secrets/edi"
    assert settings.profiles == (("CX014", "geha"),)


class TestConvert:
    def test_twice(self) -> None:
        edi("init")
        Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record in samples(4)))
        assert edi("convert", "v.ndjson", "-o", "out", *AS_OF).exit_code == 0
        again = edi("convert", "v.ndjson", "-o", "out", *AS_OF)
        assert (again.exit_code, again.stdout) == (0, "")
        assert "4 visits: 0 accepted, 0 rejected, 4 unchanged" in again.stderr
        report = json.loads(Path("out", "report.json").read_text())
        assert (report["unchanged"], report["files"]) == (4, [])

    def test_it_says_what_it_finished_of_an_earlier_run(self, folder: Path) -> None:
        practice = Practice(folder, "sqlite:///edi.db")
        with stopped_at("moved file 1"):
            practice.killed(samples(5))
        Path("v.ndjson").write_text("".join(json.dumps(record) + "\n" for record in samples(5)))
        result = edi("convert", "v.ndjson", "-o", "out", *AS_OF)
        assert result.exit_code == 0
        assert "finished" in result.stderr
        finished = {Path(line).name for line in result.stdout.splitlines()}
        assert finished == {path.name for path in written([practice.out])}
        assert {payload["visitId"] for payload in practice.payloads()} == {
            f"S1-{number}" for number in range(5)
        }

    def test_killed_with_workers_and_run_again_at_once(self, folder: Path) -> None:
        """The workers of a killed process hold its lock for a moment longer; they are waited for."""
        practice = Practice(folder, "sqlite:///edi.db")
        records = samples(1100)
        with stopped_at("moved file 1"):
            assert practice.killed(records, jobs=2, claims_per_file=600) == -9
        assert practice.convert(records, jobs=2, claims_per_file=600).unchanged == 1100
        assert len(practice.claims()) == 1100


class TestStatus:
    def test_text(self, practice: Practice) -> None:
        lines = edi("status").stdout.splitlines()
        assert [line.split()[3] for line in lines] == ["S1-0", "S1-1", "S1-2", "S1-3", "S1-4"]
        assert [line.split()[0] for line in lines] == ["written", "written", "rejected", "written", "written"]

    def test_filters(self, practice: Practice) -> None:
        def ids(*arguments: str) -> list[str]:
            return [
                each["visitId"] for each in json.loads(edi("status", "--format", "json", *arguments).stdout)
            ]

        claims = json.loads(edi("status", "--format", "json").stdout)
        assert ids("--state", "rejected") == ["S1-2"]
        payer = claims[0]["payerId"]
        assert ids("--payer", payer) == [each["visitId"] for each in claims if each["payerId"] == payer]
        tooth = samples(1)[0]["procedures"][0]["toothNumber"]
        expected = [
            record["visitId"]
            for record in samples(5)
            if tooth in [line.get("toothNumber") for line in record["procedures"]]
        ]
        assert ids("--tooth", tooth) == expected
        assert ids("--since", "2999-01-01") == []
        assert len(ids("--since", "2020-01-01")) == 5

    def test_csv(self, practice: Practice) -> None:
        rows = list(csv.DictReader(edi("status", "--format", "csv").stdout.splitlines()))
        assert [row["visitId"] for row in rows] == ["S1-0", "S1-1", "S1-2", "S1-3", "S1-4"]
        assert rows[2]["payerClaimControlNumber"] == "PC1"
        assert rows[2].keys() == json.loads(edi("status", "--format", "json").stdout)[0].keys()

    @pytest.mark.parametrize("number", ["S1-2", "PC1"])
    def test_story(self, practice: Practice, number: str) -> None:
        text = edi("status", number).stdout
        told = [text.index(word) for word in ("S1-2", "created", "written", "a.277", "A7:562")]
        assert told == sorted(told)
        (story,) = json.loads(edi("status", number, "--format", "json").stdout)
        assert [event["kind"] for event in story["events"]] == ["created", "written", "rejected"]
        assert story["lines"][0]["code"].startswith("D335")

    def test_unknown_and_unused(self, practice: Practice, folder: Path) -> None:
        assert edi("status", "NOBODY").exit_code == 2
        assert edi("status", "S1-2", "--state", "paid").exit_code == 2
        edi("init", "new")
        assert edi("status", "--config", "new/edi.toml", "--format", "json").stdout == "[]\n"
        assert edi("status", "X", "--config", "new/edi.toml").exit_code == 2
        assert not Path("new", "edi.db").exists()
        Path("new", "edi.toml").write_text("")
        assert "edi init" in edi("status", "--config", "new/edi.toml").stderr


class TestLedger:
    def test_stats(self, practice: Practice) -> None:
        found = json.loads(edi("ledger", "stats", "--format", "json").stdout)
        assert found["claims"] == 5
        assert {state: each["claims"] for state, each in found["states"].items()} == {
            "written": 4,
            "rejected": 1,
        }
        assert "5 claims of" in edi("ledger", "stats").stdout

    def test_check_proves(self, practice: Practice) -> None:
        result = edi("ledger", "check")
        assert (result.exit_code, result.stdout) == (0, "The ledger is consistent.\n")

    def test_check_repairs_and_tells(self, practice: Practice) -> None:
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(COUNTER.update().values(value=0))
            connection.execute(CLAIM.update().values(state="paid"))
        result = edi("ledger", "check")
        assert result.exit_code == 0
        assert result.stdout.count("repaired:") == 4 + 5
        assert edi("ledger", "check").stdout == "The ledger is consistent.\n"

    def test_check_finds_what_it_cannot_repair(self, practice: Practice) -> None:
        path = sorted(practice.out.glob("*.837"))[0]
        path.write_text(path.read_text() + " ")
        with practice.ledger() as ledger, ledger.database.writing() as connection:
            connection.execute(CLAIM.update().where(CLAIM.c.visit_id == "S1-0").values(corrected_by=4))
        result = edi("ledger", "check")
        assert result.exit_code == 1
        assert result.stdout.count("wrong:") == 2

    def test_check_finishes_what_was_cut_off(self, practice: Practice) -> None:
        before = len(written([practice.out]))
        with stopped_at("moved file 1"):
            practice.killed(samples(5, seed=2))
        result = edi("ledger", "check")
        assert result.exit_code == 0
        assert result.stdout.count("finished:") == len(written([practice.out])) - before
        practice.assert_whole(samples(5) + samples(5, seed=2))

    def test_moving_house(self, practice: Practice, postgres: Any) -> None:
        new = Practice(
            practice.folder / "new",
            postgres.url() if practice.url.startswith("sqlite") else "sqlite:///edi.db",
        )
        assert edi("ledger", "export", "moved.ndjson").exit_code == 0
        assert Path("moved.ndjson").stat().st_mode & 0o077 == 0
        there = ("--config", "new/edi.toml")
        assert "edi.key" in edi("ledger", "import", "moved.ndjson", *there).stderr
        shutil.copy("edi.key", "new")
        shutil.copytree(practice.kept, new.kept)
        spoiled = Path("moved.ndjson").read_text().splitlines()
        cut = [spoiled[:rows] for rows in (1, 2, len(spoiled) // 2, len(spoiled) - 1)]
        for lines in ([*spoiled[:3], "{}"], ['{"form": "x"}'], [*spoiled[:-2], "nonsense"], *cut):
            Path("spoiled.ndjson").write_text("\n".join(lines))
            assert edi("ledger", "import", "spoiled.ndjson", *there).exit_code == 2
        assert edi("ledger", "import", "moved.ndjson", *there).stdout == "5 claims\n"
        assert edi("status", *there).stdout == edi("status").stdout
        assert edi("status", "PC1", *there).stdout == edi("status", "PC1").stdout
        assert edi("ledger", "check", *there).stdout == "The ledger is consistent.\n"
        assert "not empty" in edi("ledger", "import", "moved.ndjson", *there).stderr
        assert new.convert(samples(5)).unchanged == 5
        following = len(written([practice.out])) + 1
        assert new.convert(samples(2, seed=3)).files[0].path == f"TEST-{following:09}.837"


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("claim", "cents", "215"),
        ("claim", "cents", True),
        ("claim", "cents", 1 << 63),
        ("claim", "visit_id", 7),
        ("claim", "visit_id", None),
        ("counter", "value", 1.5),
        ("event", "detail", "7"),
        ("event", "detail", "{"),
    ],
)
def test_a_row_that_no_ledger_has_is_refused(tmp_path: Path, table: str, column: str, wrong: Any) -> None:
    """SQLite would take a text for a number, and fail when it is counted."""
    Practice(tmp_path, "sqlite:///edi.db").convert(samples(2))
    assert edi("ledger", "export", "moved.ndjson").exit_code == 0
    Path("edi.db").unlink()
    lines = list(map(json.loads, Path("moved.ndjson").read_text().splitlines()))
    number, line = next((at, each) for at, each in enumerate(lines, 1) if each.get("table") == table)
    for row in (
        line["row"] | {column: wrong},
        {key: line["row"][key] for key in line["row"] if key != column},
    ):
        line["row"] = row
        Path("moved.ndjson").write_text("".join(json.dumps(each) + "\n" for each in lines))
        result = edi("ledger", "import", "moved.ndjson")
        assert result.exit_code == 2
        assert f"Line {number} is no row of a ledger." in result.stderr


def test_without_a_ledger_no_database_is_loaded() -> None:
    Path("v.ndjson").write_text(json.dumps(samples(1)[0]))
    script = (
        "import sys; from edi.cli.main import cli\n"
        "try: cli(['convert', 'v.ndjson', '-o', 'out'])\n"
        "except SystemExit: print([m for m in ('sqlalchemy', 'alembic', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
