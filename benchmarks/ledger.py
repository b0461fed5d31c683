"""What the ledger adds to `edi convert`, and whether that grows with what it knows.

python benchmarks/ledger.py [VISITS] [URL]     20,000 visits when not given; URL of an empty PostgreSQL database
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from convert import AS_OF, EDI, sample
from timing import cost

RUNS = 2


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


def main(count: int = 20_000, server: str = "") -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visits = sample(count, folder)
        added(visits, folder, "sqlite:///edi.db")
        if server:
            added(visits, folder, server)


if __name__ == "__main__":
    main(*(int(part) if part.isdigit() else part for part in sys.argv[1:]))  # type: ignore[arg-type]
