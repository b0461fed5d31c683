"""Any nights of a practice, in any order, against a model of what it has sent: nothing lost, nothing twice, no number again,
and what was sent is always found.

`EDI_NIGHTS_MINUTES=60` goes on for an hour, with other nights each time.
"""

from __future__ import annotations

import copy
import datetime
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from ledger_runs import AS_OF, STEPS, Practice, samples, stopped_at, written
from postgres import Server, binaries
from request_maker import film_of, request
from sqlalchemy import select

from edi.cli.main import cli
from edi.errors import EdiError
from edi.flows.kept_claims import KeptClaims
from edi.ledger import events, runs
from edi.ledger.recover import unfinished
from edi.ledger.tables import CLAIM, EVENT, FILE, RUN
from edi.x12.output import _SECONDS_TO_LOCK

MINUTES = float(os.environ.get("EDI_NIGHTS_MINUTES", "0"))
DRAWER = [samples(3, seed=seed) for seed in range(1, 8)]
"""Records of families, as the practice's system holds them: those of a family are converted together."""

FAMILIES = st.integers(0, len(DRAWER) - 1)

Record = dict[str, Any]


def records_of(families: list[int]) -> list[Record]:
    return [record for family in families for record in DRAWER[family]]


class Nights(RuleBasedStateMachine):
    """`sure` are the records that a convert has said to be sent, by visit in order; `tried` those that one which did not come to
    its end may have sent. `seen` are all claim and attachment files that ever lay in the output folder, by their content."""

    server: Server | None = None

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="edi-nights-"))
        self.houses = 0
        self.urls: list[str] = []
        self.clock = 0
        self.sure: dict[str, list[Record]] = {}
        self.tried: dict[str, list[Record]] = {}
        self.seen: dict[str, str] = {}
        self.answers = 0

    @initialize(family=FAMILIES)
    def begin(self, family: int) -> None:
        self.practice = self.new_house()
        self.run_to_its_end(records_of([family]), 0)

    def new_house(self) -> Practice:
        self.houses += 1
        if self.server:
            self.urls.append(self.server.url())
        url = self.urls[-1] if self.server else "sqlite:///edi.db"
        house = Practice(self.home / f"house-{self.houses}", url)
        house.out = self.home / "out"
        return house

    # What a practice does

    @rule(
        families=st.lists(FAMILIES, min_size=1, max_size=3, unique=True),
        days=st.integers(0, 120),
    )
    def convert(self, families: list[int], days: int) -> None:
        self.run_to_its_end(records_of(families), days)

    @rule(
        families=st.lists(FAMILIES, min_size=1, max_size=2, unique=True),
        step=st.sampled_from(STEPS),
        kill=st.booleans(),
    )
    def convert_cut_off(self, families: list[int], step: str, kill: bool) -> None:
        self.cut_off(records_of(families), step, kill)

    @rule(data=st.data(), void=st.booleans(), step=st.sampled_from((None, *STEPS)))
    def correct(self, data: st.DataObject, void: bool, step: str | None) -> None:
        """The last claim of a visit is replaced or taken back, perhaps in a run that is cut off."""
        record = copy.deepcopy(self.sure[self.draw_visit(data)][-1])
        if record.get("claim", {}).get("frequency") == "void" or record["visitId"] in self.tried:
            return
        record["authorization"] = {"priorAuthorizationNumber": f"PA-{len(self.sure[record['visitId']])}"}
        record["claim"] = record.get("claim", {}) | {
            "frequency": "void" if void else "replacement",
            "payerClaimControlNumber": f"P-{record['visitId']}",
        }
        self.cut_off([record], step, kill=True) if step else self.run_to_its_end([record], 0)

    @rule()
    def deliver(self) -> None:
        """Somebody takes the files away, as a program that sends them does."""
        for path in written([self.practice.out]) if self.practice.out.exists() else ():
            path.unlink()

    @rule(data=st.data(), answer=st.booleans())
    def payer_asks(self, data: st.DataObject, answer: bool) -> None:
        visit = self.draw_visit(data)
        file = self.home / "request.277"
        asked = [each for each in film_of(visit, f"PAY{self.answers}") if not each.startswith("REF*1K")]
        file.write_bytes(request(asked))
        for _ in range(2):  # the same answer of a payer twice changes nothing
            told = self.edi("ack", file)
            assert f"answer: edi attach {visit} " in told.stdout, told.output
        self.answers += 1
        if answer:
            chart = self.home / "chart.pdf"
            chart.write_bytes(f"%PDF-1.7\n{self.answers}\n%%EOF\n".encode())
            done = self.edi("attach", visit, chart, "--request", file, "-o", self.practice.out)
            assert done.exit_code == 0, done.output
            (story, *_) = json.loads(self.edi("status", visit, "--format", "json").stdout)
            assert Counter(each["kind"] for each in story["events"] if each["detail"].get("request") == f"PAY{self.answers - 1}") == {"requested": 1, "answered": 1}  # fmt: skip

    @rule(data=st.data(), step=st.sampled_from(STEPS))
    def answer_cut_off(self, data: st.DataObject, step: str) -> None:
        """Whether the answer was sent is told by its file, to the ledger as well."""
        visit = self.draw_visit(data)
        file = self.home / "request.277"
        file.write_bytes(request([each for each in film_of(visit, "CUT") if not each.startswith("REF*1K")]))
        chart = self.home / "chart.pdf"
        chart.write_bytes(b"%PDF-1.7\n%%EOF\n")
        self.let_age()
        self.in_child(
            lambda: self.edi("attach", visit, chart, "--request", file, "-o", self.practice.out), step
        )
        self.check()
        self.look_at_files()
        answers = sum(text.count("TRN*2*CUT~") > 0 for text in self.seen.values())
        with self.practice.ledger() as ledger, ledger.database.reading() as connection:
            told = connection.execute(
                select(EVENT.c.file_id).where(EVENT.c.kind == "answered", EVENT.c.detail.contains("CUT"))
            )
            assert len(set(told.scalars())) == answers

    @rule()
    def move_to_another_machine(self) -> None:
        """The ledger is exported and imported; the key and what is kept come along, the output folder stays."""
        old = self.practice
        self.check()
        moved = self.home / "moved.ndjson"
        done = self.edi("ledger", "export", moved)
        assert done.exit_code == 0, done.output
        new = self.new_house()
        key = old.folder / "edi.key"
        shutil.copy(key, new.folder)
        if old.kept.exists():
            shutil.copytree(old.kept, new.kept)
        self.practice = new
        done = self.edi("ledger", "import", moved)
        assert done.exit_code == 0, done.output
        shutil.rmtree(old.folder)

    @rule()
    def check(self) -> None:
        self.let_age()
        done = self.edi("ledger", "check")
        assert done.exit_code == 0, done.output
        with self.practice.ledger() as ledger:
            assert unfinished(ledger.database) == []

    @rule(days=st.integers(-400, 400))
    def clock_steps(self, days: int) -> None:
        self.clock += days

    # How it is done, and what it does to the model

    def run_to_its_end(self, records: list[Record], days: int) -> None:
        self.let_age()
        with self.stepped():
            report = self.practice.convert(records, as_of=AS_OF + datetime.timedelta(days=days))
        assert (report.rejected, report.unreadable) == (0, []), self.practice.rejected()
        new = [each for each in records if not self.has(self.sure, each)]
        certain = [each for each in new if not self.has(self.tried, each)]
        assert len(certain) <= report.accepted <= len(new)
        assert report.accepted + report.unchanged == len(records)
        self.look_at_files()
        self.settle(new)

    @staticmethod
    def in_child(job: Callable[[], object], step: str) -> None:
        child = os.fork()
        if child == 0:
            with stopped_at(step):
                job()
            os._exit(0)
        os.waitpid(child, 0)

    def settle(self, new: list[Record]) -> None:
        """A run came to its end: it has finished or rolled back those before it, and the ledger says which."""
        for record in new:
            self.sure.setdefault(record["visitId"], []).append(record)
        sent = Counter(number for number, _ in self.known())
        for visit, records in self.tried.items():
            for record in records:
                if not self.has(self.sure, record) and sent[visit] > len(self.sure.get(visit, ())):
                    self.sure.setdefault(visit, []).append(record)
        self.tried.clear()
        assert sent == Counter({visit: len(records) for visit, records in self.sure.items()})
        assert sent == self.claims_in_files()

    def cut_off(self, records: list[Record], step: str, kill: bool) -> None:
        def fail() -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        self.let_age()
        with self.stepped(), stopped_at(step) if kill else stopped_at(step, fail):
            if kill:
                assert self.practice.killed(records) in (0, -9)
            else:
                with suppress(EdiError):
                    self.practice.convert(records)
        for record in records:
            if not self.has(self.sure, record):
                self.tried.setdefault(record["visitId"], []).append(record)

    @staticmethod
    def has(which: dict[str, list[Record]], record: Record) -> bool:
        return record in which.get(record["visitId"], ())

    def draw_visit(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.sure)), label="visit")

    def let_age(self) -> None:
        """What a killed run left is old enough to be swept."""
        for folder in (self.practice.out, self.practice.kept):
            for left in folder.glob(".edi-*"):
                os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))

    @contextmanager
    def stepped(self) -> Iterator[None]:
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=self.clock)
        with ExitStack() as stack:
            for module in (runs, events):
                stack.enter_context(
                    mock.patch.object(module, "now", return_value=moment.isoformat(timespec="seconds"))
                )
            yield

    def edi(self, *arguments: str | Path) -> Result:
        config = ("--config", str(self.practice.folder / "edi.toml"))
        with self.stepped():
            return CliRunner().invoke(cli, [*map(str, arguments), *config])

    # What must be true

    def known(self) -> list[tuple[str, int]]:
        """The control number and id of every claim of the ledger."""
        with self.practice.ledger() as ledger, ledger.database.reading() as connection:
            rows = connection.execute(select(CLAIM.c.control_number, CLAIM.c.id).order_by(CLAIM.c.id))
            return [(number, id_) for number, id_ in rows]

    def claims_in_files(self) -> Counter[str]:
        """CLM01 of every claim in every file that ever lay in the output folder."""
        found: Counter[str] = Counter()
        for text in self.seen.values():
            found.update(each.split("*")[1] for each in text.split("~\n") if each.startswith("CLM*"))
        return found

    @invariant()
    def look_at_files(self) -> None:
        """No file changes, and none has the control number of another."""
        if not hasattr(self, "practice") or not self.practice.out.exists():
            return
        for path in written([self.practice.out]):
            text = path.read_text("latin-1")
            assert self.seen.setdefault(path.name, text) == text
        numbers = [text.split("~\n")[0].split("*")[13] for text in self.seen.values()]
        assert len(numbers) == len(set(numbers)), numbers

    @invariant()
    def what_was_sent_is_found(self) -> None:
        if not self.sure and not self.tried:
            return
        with self.practice.ledger() as ledger:
            claims = KeptClaims(ledger)
            sent = {each.ledger_id: each for each in claims.matching([number for number, _ in self.known()])}
            latest = dict(self.known())
            assert sent.keys() == set(latest.values())
            for each in sent.values():
                payload, source = each.whole()
                assert payload["visitId"] == each.visit_id
                record = source.visit
                assert self.has(self.sure, record) or self.has(self.tried, record)
            with ledger.database.reading() as connection:
                rows = connection.execute(
                    select(FILE.c.name, FILE.c.sha256).join(RUN).where(RUN.c.state == "written")
                )
                for name, digest in rows:
                    if name in self.seen:
                        assert hashlib.sha256(self.seen[name].encode("latin-1")).hexdigest() == digest

    def teardown(self) -> None:
        try:
            if hasattr(self, "practice"):
                self.run_to_its_end(records_of(list(range(len(DRAWER)))), 0)
                assert not list(self.practice.out.glob(".edi-*"))
                self.check()
        finally:
            shutil.rmtree(self.home)
            for url in self.urls:
                assert self.server
                self.server.drop(url)


@pytest.mark.skipif(os.name != "posix", reason="signals and locks of POSIX")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_or_sent_twice(kind: str, request: pytest.FixtureRequest) -> None:
    server = None
    if kind == "postgresql":
        if binaries() is None:
            pytest.skip("needs PostgreSQL: apt-get install postgresql")
        server = request.getfixturevalue("postgres")
    machine = type("Nights", (Nights,), {"server": server})
    budget = settings(
        max_examples=20 if MINUTES else 6,
        stateful_step_count=30 if MINUTES else 10,
        derandomize=not MINUTES,
        database=None,
        phases=[Phase.generate],  # to make a failure shorter takes as long as to find a hundred
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    end = time.monotonic() + MINUTES * 60
    while True:
        run_machine(machine, settings=budget)
        if time.monotonic() >= end:
            return
