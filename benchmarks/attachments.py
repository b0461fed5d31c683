"""How fast attachments are written and validated, beside the least that any program has to do with the same octets.

    python benchmarks/attachments.py [CLAIMS] [OCTETS]

Writes a 275 of CLAIMS claims (1,000) with one film of OCTETS (200,000) each, and validates it; then reads the same films,
puts them into base64, takes a SHA-256 of that and writes it to disk. The first may take four times as long as the second.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from edi.attachments.cda import Enclosure, Stamp
from edi.attachments.content import SentFile
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.packaging import package_file
from edi.attachments.segments import X210, X314
from edi.attachments.transaction import Attached
from edi.attachments.writer import AttachmentInterchange
from edi.flows import validate
from edi.settings import DEFAULTS
from edi.visit.parse import reread
from edi.x12.envelope import Stamp as Made

RUNS = 3
VISIT = Path(__file__).parents[1] / "examples" / "visits" / "fall-1-first-visit.json"
_TEXT = b"%PDF-1.7\n"


def film(folder: Path, octets: int) -> SentFile:
    """A file of octets that do not compress, under a type whose files pass as they are."""
    data = _TEXT + random.Random(1).randbytes(octets - len(_TEXT))
    path = folder / "film.pdf"
    path.write_bytes(data)
    return SentFile(path, "application/pdf", octets, hashlib.sha256(data).hexdigest())


def ours(folder: Path, source: SentFile, claims: int, version: str) -> None:
    visit = reread(json.dumps(json.loads(VISIT.read_text())).encode())
    target = folder / "ours.275"
    receiver = DEFAULTS.receivers[0]
    with target.open("wb") as out:
        interchange = AttachmentInterchange(out, DEFAULTS, receiver, 1, Made("20261102", "0000"), version)
        for number in range(claims):
            enclosure = Enclosure("xr-1", "radiograph", source.media_type)
            package = package_file(version, visit, enclosure, source, Stamp("2.25.1", "2026-11-02"), None)
            attached = Attached(control_number=f"C{number}-1", **package._asdict())
            interchange.add(attachment_set_of(visit, f"C{number}", [attached]))
        interchange.close()
        out.flush()
        os.fsync(out.fileno())
    with target.open("rb") as stream:
        verdict = validate(stream, target.name)
    assert (verdict.attachments, verdict.findings) == (claims, [])


def floor(folder: Path, source: SentFile, claims: int) -> None:
    digest = hashlib.sha256()
    with (folder / "floor").open("wb") as out:
        for _ in range(claims):
            text = base64.b64encode(source.path.read_bytes())
            digest.update(text)
            out.write(text)
        out.flush()
        os.fsync(out.fileno())


def main(claims: int = 1_000, octets: int = 200_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = film(folder, octets)
        for version in (X210, X314):
            pairs = []
            for _ in range(RUNS):
                begun = time.perf_counter()
                ours(folder, source, claims, version)
                between = time.perf_counter()
                floor(folder, source, claims)
                pairs.append((between - begun, time.perf_counter() - between))
            mine, least = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
            rate = claims * octets / 1e6 / mine
            print(
                f"{version}: {mine:.2f} s ({rate:.0f} MB/s); floor {least:.2f} s; ratio {mine / least:.2f} (at most 4)"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
