"""The speed of `edi validate` beside two other validators, its memory, and its start.

python benchmarks/validate.py [--visits N] [--x12valid COMMAND] [--moov COMMAND]

All three judge the same plain claims (`claims.py`), each in a process of its own on one core, in turn, and the least of three
processor times counts: `edi` and moov-io/x12 as 837 Dental, pyx12 as 837 Professional, for it has no dental guide. pyx12 4.0.0
is installed into a throwaway environment unless --x12valid names its command. moov-io/x12 is measured only where --moov names
its command, built from its `cmd/x12`; that prints what it read, and reads files of at most 64 KiB, so that it gets many of them.
`edi` then judges what `edi convert` makes of N visits (20,000 when not given), and 100 MB of plain claims for its memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from claims import DENTAL, PROFESSIONAL, interchange
from timing import Command, cost, in_turn

EDI = (sys.executable, "-m", "edi")
PYX12 = "pyx12==4.0.0"
_LARGE = 100_000_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--x12valid")
    parser.add_argument("--moov")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, for what is run from here as well
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = _written(folder / "plain.837", interchange(20_000))
        mine = (*EDI, "validate", str(plain))
        pyx12 = [
            options.x12valid or _installed(folder),
            "-q",
            str(_written(folder / "p.837", interchange(1000, PROFESSIONAL))),
        ]
        _compare("pyx12 4.0.0 (x12valid)", mine, plain, pyx12, folder / "p.837", times=1, goal=30)
        if options.moov:
            small = _written(folder / "small.837", interchange(100, DENTAL))
            moov = [options.moov, "describe_file", "-validate", *[str(small)] * 20]
            _compare("moov-io/x12", mine, plain, moov, small, times=20, goal=5)

        made = sorted(_converted(folder, options.visits))
        seconds = min(cost((*EDI, "validate", *map(str, made))).cpu for _ in range(3))
        count = sum(map(_segments, made))
        print(f"what edi convert makes of {options.visits:,} visits: {count / seconds:,.0f} segments/s")

        many, text = folder / "many.837", plain.read_bytes()
        with many.open("wb") as out:
            for number in range(1, _LARGE // len(text) + 2):
                other = text.replace(b"CLM*CLAIM", b"CLM*C%d-" % number)
                out.write(other.replace(b"000000001", b"%09d" % number))
        peak = cost((*EDI, "validate", str(many))).peak
        print(
            f"peak memory of {many.stat().st_size / 1e6:.0f} MB in many interchanges: {peak:.0f} MiB (at most 100)"
        )

        first = _written(folder / "one.837", interchange(1))
        start = in_turn((*EDI, "validate", str(first)), (sys.executable, "-c", "import click"), runs=15)
        print(f"edi validate of one claim: {start.first * 1000:.0f} ms, {start.ratio:.2f} times import click")


def _compare(
    name: str, mine: Command, read: Path, other: Command, other_read: Path, *, times: int, goal: int
) -> None:
    pairs = [
        (cost(mine).cpu, cost(other, codes=(0, 1)).cpu) for _ in range(3)
    ]  # x12valid exits with 1 where it says OK
    own = _segments(read) / min(one for one, _ in pairs)
    others = _segments(other_read) * times / min(two for _, two in pairs)
    print(
        f"edi validate: {own:,.0f} segments/s, {name}: {others:,.0f}; ratio {own / others:.1f} (at least {goal})"
    )


def _segments(path: Path) -> int:
    return path.read_bytes().count(b"~")


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="ascii")
    return path


def _converted(folder: Path, visits: int) -> list[Path]:
    records = folder / "visits.ndjson"
    with records.open("wb") as out:
        subprocess.run([*EDI, "sample", "--visits", str(visits), "--seed", "1"], stdout=out, check=True)
    cost([*EDI, "convert", str(records), "-o", str(folder / "out"), "--as-of", "2026-10-15"])
    return list((folder / "out").glob("*.837"))


def _installed(folder: Path) -> str:
    """The command of pyx12 in an environment of its own."""
    home = folder / "pyx12"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    try:
        subprocess.run([scripts / "python", "-m", "pip", "install", "-q", PYX12], check=True)
    except subprocess.CalledProcessError:
        sys.exit(
            f"{PYX12} cannot be installed here: install it elsewhere and name its command with --x12valid."
        )
    return str(scripts / "x12valid")


if __name__ == "__main__":
    main()
