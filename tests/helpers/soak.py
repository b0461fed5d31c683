"""Nights of a practice with faults mixed in, by real processes: `python tests/helpers/soak.py --minutes 30`.

Each night some new visits, some of earlier nights and some broken records are converted, as one file or as thousands of small ones, while
the run is killed, stopped, crowded by another, left without room on the disk, told another day, or without its ledger, which then
comes back from an export. After each night every visit that was not rejected stands in exactly one claim file, no control number was
used twice, and all files are private, whole and valid.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from edi.flows import validate
from edi.sample import visits

_TODAY = datetime.date(2026, 10, 15)
_BROKEN = ('{"visitId"', '{"visitId": "B-1"}', "[]", '"x"', '"\\u0000"')
_SWEPT_AFTER = 60  # seconds: a younger folder may be of a run that is about to lock it
_LITTLE_ROOM = 60_000  # octets that a file may have where there is no room for more
_FAULTS = (
    "none",
    "none",
    "none",
    "kill",
    "kill",
    "stop",
    "crowd",
    "full disk",
    "clock",
    "lost ledger",
    "many files",
    "checked",
)


class SoakError(Exception):
    """Something that must hold does not."""


class Practice:
    """A practice in a folder, its visits, and what it has sent."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.nights = 0
        self.faults: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._visits = _visits(seed)
        self._past: list[dict[str, Any]] = []
        self._claims: dict[str, str] = {}  # the file of each visit's claim
        self._numbers: set[str] = set()
        self._edi("init", expected=(0,))

    def night(self) -> None:
        """One night, and what must be true after it."""
        self.nights += 1
        chance = self._chance
        records = [next(self._visits) for _ in range(chance.choice((0, 1, 3, 20, 60)))]
        again = chance.sample(self._past, min(len(self._past), chance.choice((0, 0, 2, 10))))
        self._past += records
        fault = chance.choice(_FAULTS)
        self.faults[fault] += 1
        source = self._write([*records, *again], small=fault == "many files")
        getattr(self, "_" + fault.replace(" ", "_"))(source)
        self._check([*records, *again])

    def _write(self, records: list[dict[str, Any]], *, small: bool) -> str:
        """The night's input: the records, and among them some that are broken. The first line tells the format."""
        lines = [json.dumps(each) for each in records]
        for _ in range(self._chance.choice((0, 0, 1, 3))):
            lines.insert(self._chance.randint(min(1, len(lines)), len(lines)), self._chance.choice(_BROKEN))
        source = self.folder / f"night-{self.nights}"
        if not small:
            file = source.with_suffix(".ndjson")
            file.write_text("".join(f"{each}\n" for each in lines))
            return file.name
        source.mkdir()
        for number, line in enumerate(lines):
            (source / f"{number:05}.json").write_text(line)
        for number in range(len(lines), 1000):
            (source / f"{number:05}.txt").write_text("no visit")
        return source.name

    def _none(self, source: str) -> None:
        self._edi(*self._convert(source), expected=(0, 1, 2))

    _many_files = _none

    def _kill(self, source: str, number: int = signal.SIGKILL) -> None:
        for _ in range(self._chance.choice((1, 1, 2, 4))):
            process = self._start(*self._convert(source))
            time.sleep(self._chance.random() * 1.5)
            process.send_signal(number)
            process.communicate()
        self._none(source)

    def _stop(self, source: str) -> None:
        self._kill(source, self._chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP)))

    def _crowd(self, source: str) -> None:
        """Several at once: one may be told to come again, none may send what another sends."""
        for process in [self._start(*self._convert(source)) for _ in range(3)]:
            process.communicate()
        self._none(source)

    def _full_disk(self, source: str) -> None:
        room = self._chance.randrange(_LITTLE_ROOM)
        process = self._start(
            *self._convert(source), before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        )
        process.communicate()
        self._none(source)

    def _clock(self, source: str) -> None:
        """The clock is wrong, by years too."""
        day = _TODAY + datetime.timedelta(days=self._chance.choice((-4000, -1, 1, 60, 4000)))
        self._edi(*self._convert(source, day), expected=(0, 1, 2))
        self._none(source)

    def _lost_ledger(self, source: str) -> None:
        """The ledger is lost. Nothing is converted until its last export is back, which knows all that was sent."""
        if not self._claims:  # an empty ledger has no export
            self._none(source)
            return
        self._edi("ledger", "export", "ledger.jsonl", expected=(0,))
        for file in self.folder.glob("edi.db*"):
            file.unlink()
        self._edi(*self._convert(source), expected=(2,))
        self._edi("ledger", "import", "ledger.jsonl", expected=(0,))
        (self.folder / "ledger.jsonl").unlink()
        self._none(source)

    def _checked(self, source: str) -> None:
        """A check before the convert changes nothing."""
        before = sorted(self.folder.rglob("*"))
        self._edi("check", "-q", source, "--as-of", str(_TODAY), expected=(0, 1, 2))
        if sorted(self.folder.rglob("*")) != before:
            raise SoakError("a check changed the folder")
        self._none(source)

    def _convert(self, source: str, day: datetime.date = _TODAY) -> tuple[str, ...]:
        jobs = self._chance.choice(("1", "2"))
        return (
            "convert",
            source,
            "-o",
            "out",
            "--as-of",
            str(day),
            "--jobs",
            jobs,
            "--claims-per-file",
            "25",
        )

    def _start(self, *arguments: str, before: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "edi", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=before,
        )

    def _edi(self, *arguments: str, expected: tuple[int, ...]) -> None:
        process = self._start(*arguments)
        said = process.communicate()[1].decode()
        if process.returncode not in expected or "Traceback" in said or "error in edi itself" in said:
            raise SoakError(f"edi {' '.join(arguments)} ended with {process.returncode}: {said}")

    def _check(self, records: list[dict[str, Any]]) -> None:
        for file in sorted(self.out.glob("*.837")):
            if file.name not in self._claims.values():
                self._take(file)
        rejected = {json.loads(line)["visitId"] for line in _lines(self.out / "rejects.ndjson")}
        for record in records:
            if record["visitId"] not in self._claims and record["visitId"] not in rejected:
                raise SoakError(f"visit {record['visitId']} is lost")
        for path in self.out.iterdir():
            if path.name.startswith(".edi-") and time.time() - path.stat().st_mtime > _SWEPT_AFTER:
                raise SoakError(f"{path.name} was left")
            if path.stat().st_mode & 0o077:
                raise SoakError(f"{path.name} is not private")
        self._edi("ledger", "check", expected=(0,))

    def _take(self, file: Path) -> None:
        """A claim file of this night: valid, with claims and a number that no file before it had."""
        octets = file.read_bytes()
        with file.open("rb") as stream:
            if not validate(stream, file.name).valid:
                raise SoakError(f"{file.name} is not valid")
        number = octets.split(b"*", 14)[13].decode()
        if number in self._numbers:
            raise SoakError(f"interchange control number {number} was used twice")
        self._numbers.add(number)
        for claim in re.findall(rb"^CLM\*([^*]+)\*", octets, re.MULTILINE):
            if self._claims.setdefault(claim.decode(), file.name) != file.name:
                raise SoakError(f"claim {claim.decode()} was sent twice")


def _visits(seed: int) -> Iterator[dict[str, Any]]:
    """Visits without end, whose visitId is their claim's number."""
    for block in range(sys.maxsize):
        for number, (record, _) in enumerate(visits(500, seed + block)):
            yield record | {"visitId": f"V{block}-{number}"}


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def soak(seconds: float, seed: int) -> Practice:
    """Nights of one practice for so long. Raises SoakError at the first thing that does not hold, and leaves its folder."""
    folder = Path(tempfile.mkdtemp(prefix="edi-soak-"))
    practice = Practice(folder, seed)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            practice.night()
        except SoakError as error:
            raise SoakError(f"{error}. Night {practice.nights} of seed {seed}, in {folder}.") from error
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    return practice


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    practice = soak(options.minutes * 60, options.seed)
    print(f"{practice.nights} nights: {dict(practice.faults)}")


if __name__ == "__main__":
    main()
