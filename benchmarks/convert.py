"""The cost of `edi convert` and of `edi --help`, each against what nobody can do without.

python benchmarks/convert.py [VISITS]        20,000 visits when not given; prints a table of ratios
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from timing import cost, in_turn

EDI = (sys.executable, "-m", "edi")
AS_OF = ("--as-of", "2026-10-15")
FLOOR = str(Path(__file__).with_name("floor.py"))


def sample(count: int, folder: Path) -> Path:
    """A file of synthetic visits, their films held by a service."""
    target = folder / f"{count}.ndjson"
    with target.open("wb") as out:
        subprocess.run([*EDI, "sample", "--visits", str(count), "--seed", "1"], stdout=out, check=True)
    return target


def main(count: int = 20_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visits = sample(count, folder)
        out = folder / "out"
        convert = [*EDI, "convert", str(visits), "-o", str(out), *AS_OF]
        cost(convert)
        written = [str(path) for path in out.iterdir()]
        speed = in_turn(convert, [sys.executable, FLOOR, str(visits), *written])
        print(f"convert {count:,} visits: {speed.first:.2f} s, {speed.first / count * 1e6:.0f} µs a visit")
        print(
            f"floor:                   {speed.second:.2f} s;  convert / floor = {speed.ratio:.2f} (at most 3)"
        )

        start = in_turn([*EDI, "--help"], [sys.executable, "-c", "import click"], runs=15)
        print(f"edi --help / import click = {start.ratio:.2f} (at most 3)")

        few, many = count // 10, count * 10
        peaks = [
            cost([*EDI, "convert", str(sample(n, folder)), "-o", str(folder / f"out{n}"), *AS_OF]).peak
            for n in (few, many)
        ]
        print(f"peak memory: {peaks[0]:.0f} MiB for {few:,} visits, {peaks[1]:.0f} MiB for {many:,}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
