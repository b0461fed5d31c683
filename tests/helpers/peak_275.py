"""Writes and validates a 275 of many or large attachments by one guide; run in a process of its own to see its peak."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

from attachment_maker import settings, visit

from edi.attachments.cda import Enclosure, Stamp
from edi.attachments.content import SentFile
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.packaging import package_file
from edi.attachments.transaction import Attached
from edi.attachments.writer import AttachmentInterchange
from edi.flows import validate
from edi.visit.parse import reread
from edi.x12.envelope import Stamp as Made

_HEAD = b"%PDF-1.7\n"


def write_and_validate(version: str, count: int, size: int) -> None:
    """`count` attachments of `size` octets each, by the guide `version`."""
    record = reread(json.dumps(visit()).encode())
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "long.pdf")
        digest = hashlib.sha256()
        with source.open("wb") as out:
            for start in range(0, size, 1 << 20):
                piece = (_HEAD + bytes(1 << 20))[: min(1 << 20, size - start)]
                digest.update(piece)
                out.write(piece)
        file = SentFile(source, "application/pdf", size, digest.hexdigest())
        target = Path(name, f"{version}.275")
        one = settings(version)
        with target.open("wb") as out:
            made = AttachmentInterchange(out, one, one.receivers[0], 1, Made("20261102", "0000"), version)
            enclosure = Enclosure("a", "report", "application/pdf")
            package = package_file(version, record, enclosure, file, Stamp("2.25.1", "2026-11-02"), None)
            attached = Attached(control_number="CTL", **package._asdict())
            half = attachment_set_of(record, "CLAIM", [attached] * (count - count // 2))
            made.add(half)
            for _ in range(count // 2):
                made.add(attachment_set_of(record, "CLAIM", [attached]))
            made.close()
        with target.open("rb") as stream:
            verdict = validate(stream, target.name)
        assert (verdict.attachments, verdict.findings) == (count, [])
