"""Converts with a ledger, whole, killed or failing at a named step, and what must be true after them."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import signal
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import CliRunner, Result
from sqlalchemy import select

from edi.cli.main import cli
from edi.flows import convert, validate
from edi.flows.conversion.run_report import RunReport
from edi.flows.job import Job
from edi.ledger import kept, ledger, recover
from edi.ledger.address import address_of
from edi.ledger.ledger import Ledger, open_ledger
from edi.ledger.tables import CLAIM, FILE, RUN
from edi.sample import visits
from edi.settings import Settings, load_settings
from edi.x12 import output

AS_OF = datetime.date(2026, 10, 15)
STEPS = (
    "numbers taken",
    "files safe",
    "recorded, not committed",
    "kept, not committed",
    "recorded",
    "moving file 1",
    "moved file 1",
    "moved file 2",
    "moved file 4",
    "folder safe",
    "written, not committed",
    "written",
    "tidied up",
)
"""Where a convert of two claim files can be stopped, in order."""


class Practice:
    """A practice with a ledger: its folder, and the runs in it."""

    def __init__(self, folder: Path, url: str, **more: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.out = folder / "out"
        self.url = url
        lines = [f'url = "{url}"', *(f'{key} = "{value}"' for key, value in more.items())]
        # The steps are counted by claim files; test_275.py has a ledger with a 275 in it.
        receiver = '[receivers.TEST]\nid = "TESTRECEIVER"\nname = "TEST RECEIVER"\nattachments = "none"\n'
        (folder / "edi.toml").write_text(receiver + "[ledger]\n" + "\n".join(lines) + "\n")

    @property
    def settings(self) -> Settings:
        return load_settings(self.folder / "edi.toml", self.folder)

    @property
    def kept(self) -> Path:
        """The folder of what is kept of sent claims."""
        return address_of(self.settings).kept

    def ledger(self) -> Ledger:
        return open_ledger(self.settings)

    def convert(self, records: list[dict[str, Any]], out: Path | None = None, **options: Any) -> RunReport:
        source = self.folder / f"visits-{os.getpid()}.ndjson"
        source.write_text("".join(json.dumps(record) + "\n" for record in records))
        options = {"as_of": AS_OF, "jobs": 1, "claims_per_file": 3} | options
        return convert(Job(inputs=(str(source),), settings=self.settings, **options), out or self.out)

    def rejected(self) -> dict[str, list[dict[str, Any]]]:
        """Findings of the last run's rejects by visitId."""
        lines = [json.loads(line) for line in (self.out / "rejects.ndjson").read_text().splitlines()]
        return {line["visitId"]: line["findings"] for line in lines}

    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "claims.ndjson").read_text().splitlines()]

    def claims(self, *folders: Path) -> list[str]:
        """CLM01 of every claim in the folder, as often as it stands there; every file is proved whole and its own."""
        found: list[str] = []
        numbers: list[bytes] = []
        for path in written(folders or (self.out,)):
            with path.open("rb") as stream:
                assert validate(stream, path.name).valid, path.name
            segments = path.read_bytes().split(b"~\n")
            numbers.append(segments[0].split(b"*")[13])
            if path.suffix == ".837":
                found += [each.split(b"*")[1].decode() for each in segments if each.startswith(b"CLM*")]
        assert len(numbers) == len(set(numbers)), numbers
        return found

    def assert_whole(self, records: list[dict[str, Any]], *folders: Path) -> None:
        """Each visit stands in exactly one claim, on disk as in the ledger; nothing else lies about."""
        expected = Counter(record["visitId"] for record in records)
        assert Counter(self.claims(*folders)) == expected
        for folder in folders or (self.out,):
            assert not list(folder.glob(".edi-*"))
        with self.ledger() as ledger, ledger.database.reading() as connection:
            kept = connection.execute(select(CLAIM.c.visit_id)).scalars()
            assert Counter(kept) == expected
            assert set(connection.execute(select(RUN.c.state)).scalars()) <= {"written"}
            files = connection.execute(select(FILE.c.name, FILE.c.sha256, RUN.c.folder).join(RUN)).all()
        on_disk = {
            (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in written(folders or (self.out,))
        }
        assert {(name, digest) for name, digest, _ in files} == on_disk

    def killed(self, records: list[dict[str, Any]], after: float = 60, **options: Any) -> int:
        """Convert in a process of its own that is killed after so many seconds, or before by itself; its exit status."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # nothing of the other threads is used there
            child = os.fork()
        if child == 0:
            try:
                self.convert(records, **options)
                os._exit(0)
            except BaseException:
                os._exit(1)
        end = time.monotonic() + after
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def written(folders: Iterable[Path]) -> list[Path]:
    """The interchanges in folders: claims, and their attachments."""
    return [
        path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".837", ".275")
    ]


def edi(*arguments: str) -> Result:
    """Run a command in this process; an error that it does not handle is raised."""
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def samples(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Synthetic visits that no rule refuses; those of another seed are of other patients."""
    records = [record for record, _ in visits(count, seed)]
    for number, record in enumerate(records):
        record["visitId"] = f"S{seed}-{number}"
        record["subscriber"]["memberId"] += f"S{seed}"
    return records


def die() -> None:
    """What a kill -9 or a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def stopped_at(step: str, action: Callable[[], None] = die) -> Iterator[None]:
    """Let a convert come to an end, or into trouble, at one of STEPS."""

    def at(name: str) -> None:
        if name == step:
            action()

    moved = 0
    replace = Path.replace

    def moving(path: Path, target: Path) -> Path:
        nonlocal moved
        if not path.parent.name.startswith(".edi-"):
            return replace(path, target)
        moved += 1
        at(f"moving file {moved}")
        result = replace(path, target)
        at(f"moved file {moved}")
        return result

    def then(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            at(name)
            return result

        return called

    with (
        mock.patch.object(Path, "replace", moving),
        mock.patch.object(Ledger, "take", then(Ledger.take, "numbers taken")),
        mock.patch.object(output.Staging, "secure", then(output.Staging.secure, "files safe")),
        mock.patch.object(ledger, "record_created", then(ledger.record_created, "recorded, not committed")),
        mock.patch.object(kept.KeptWriter, "place", then(kept.KeptWriter.place, "kept, not committed")),
        mock.patch.object(Ledger, "record_created", then(Ledger.record_created, "recorded")),
        mock.patch.object(output.Staging, "publish", then(output.Staging.publish, "folder safe")),
        mock.patch.object(ledger, "record_written", then(ledger.record_written, "written, not committed")),
        mock.patch.object(Ledger, "record_written", then(Ledger.record_written, "written")),
        mock.patch.object(output, "remove_staging", then(output.remove_staging, "tidied up")),
    ):
        yield


__all__ = ["AS_OF", "STEPS", "Practice", "die", "recover", "samples", "stopped_at"]
