"""What the ledger adds to `edi convert`, and whether that grows with what it knows.

python benchmarks/ledger.py [VISITS] [URL]     20,000 visits when not given; URL of an empty PostgreSQL database
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from convert import AS_OF, EDI, sample
from timing import cost

from edi.ledger.entry import ClaimEntry, FileEntry
from edi.ledger.kept import KeptWriter
from edi.ledger.keys import patient_hash
from edi.ledger.ledger import Ledger, open_ledger
from edi.ledger.pending import Pending
from edi.settings import load_settings
from edi.visit.identity import SEPARATOR

RUNS = 5
PRACTICE = "1234567893"


def config(folder: Path, url: str | None) -> Path:
    """A folder's edi.toml, with a ledger or without."""
    folder.mkdir(exist_ok=True)
    path = folder / "edi.toml"
    path.write_text(f'[ledger]\nurl = "{url}"\n' if url else "")
    return path


def converted(visits: Path, settings: Path, out: Path) -> float:
    """Seconds of one convert into a new folder."""
    shutil.rmtree(out, ignore_errors=True)
    return cost([*EDI, "convert", str(visits), "-o", str(out), "--config", str(settings), *AS_OF]).wall


def emptied(settings: Path, url: str) -> None:
    """Let the ledger forget everything."""
    (settings.parent / "edi.key").unlink(missing_ok=True)
    if url.startswith("sqlite"):
        for left in settings.parent.glob("edi.db*"):
            left.unlink()
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def added(visits: Path, folder: Path, url: str) -> None:
    """Print what a ledger adds to a convert, turn by turn."""
    without, with_one = config(folder / "without", None), config(folder / "with", url)
    ratios = []
    for turn in range(RUNS + 1):
        emptied(with_one, url)
        plain = converted(visits, without, folder / "out")
        kept = converted(visits, with_one, folder / "out")
        again = converted(visits, with_one, folder / "out")
        if turn:  # the first one warms up
            ratios.append((kept / plain - 1, again / plain))
    more = statistics.median(more for more, _ in ratios)
    again = statistics.median(again for _, again in ratios)
    limit = 40 if url.startswith("sqlite") else 60
    print(
        f"{url.partition(':')[0]}: adds {more:.0%} to a convert (at most {limit} %); all unchanged: {again:.0%} of it"
    )


def entries(key: bytes, first: int, count: int) -> Iterator[ClaimEntry]:
    """Claims as a ledger gets them: three visits a patient, one line, one attachment. `key` is the ledger's."""
    for number in range(first, first + count):
        yield ClaimEntry(
            practice=PRACTICE,
            visit_id=f"V{number:09}",
            generation=1,
            repeated_id=False,
            purpose="claim",
            frequency="original",
            patient=patient_hash(key, patient(number)),
            payer_id="CX014",
            control_number=f"V{number:09}",
            corrects=None,
            corrects_number=None,
            service_date="2026-09-14",
            cents=21060,
            fingerprint=blake2b(str(number).encode(), digest_size=64).hexdigest() * 2,
            lines=[("D3352", "9", "2026-09-14", 21060, 1)],
            attachments=[f"{number:010}-1"],
            episode_visits=[],
        )


def patient(number: int) -> str:
    return f"patient {number // 3}"


def learn(ledger: Ledger, first: int, count: int) -> float:
    """Seconds of all that a convert of so many new visits does with a ledger."""
    given = list(entries(ledger.key, first, count))
    started = time.perf_counter()
    last_claim = ledger.last_claim_id()
    for at in range(first, first + count, 250):
        chunk = range(at, at + 250)
        visits = {f"{PRACTICE}{SEPARATOR}V{number:09}" for number in chunk}
        ledger.recall(last_claim, visits, {patient(number) for number in chunk})
    with closing(Pending(KeptWriter(ledger.kept))) as pending:
        for entry in given:
            pending.add(entry.dump(), b"{}")
        serial = ledger.take("interchange", "ZZ:BENCH", 1)
        pending.close_file(
            FileEntry("837", f"{serial}.837", "ZZ:BENCH", serial, str(serial), "0" * 64, count)
        )
        run = ledger.record_created(pending, "/nowhere", ".edi-none", last_claim)
    assert run is not None
    ledger.record_written(run)
    return time.perf_counter() - started


def growth(folder: Path, urls: tuple[str, str], few: int = 10_000, many: int = 1_000_000) -> None:
    """Print what a claim costs among many known ones, in proportion to what it costs among few."""
    settings = [load_settings(config(folder / str(place), url), folder) for place, url in enumerate(urls)]
    with open_ledger(settings[0]) as small, open_ledger(settings[1]) as large:
        learn(small, 0, few)
        for first in range(0, many, few):
            learn(large, first, few)
        ratios = []
        for turn in range(2 * RUNS):
            costs = [
                learn(each, known + turn * 1_000, 1_000) for each, known in ((small, few), (large, many))
            ]
            ratios.append(costs[1] / costs[0])
    kind = urls[0].partition(":")[0]
    print(
        f"{kind}: a claim among {many:,} costs {statistics.median(ratios):.2f} of one among {few:,} (at most 1.5)"
    )


def main(count: int = 20_000, server: str = "") -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visits = sample(count, folder)
        added(visits, folder, "sqlite:///edi.db")
        growth(folder, ("sqlite:///edi.db", "sqlite:///edi.db"))
        if server:
            added(visits, folder, server)
            emptied(folder, server)
            growth(folder, (schema(server, "few"), schema(server, "many")))


def schema(server: str, name: str) -> str:
    """The URL of an empty schema of a database."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE".encode())
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"


if __name__ == "__main__":
    main(*(int(part) if part.isdigit() else part for part in sys.argv[1:]))  # type: ignore[arg-type]
