"""Third stage: accepted claims into interchanges, their attachments into 275s beside them, payloads into claims.ndjson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from edi.flows.conversion.files import AttachmentFile, ClaimFile, ClosedFile
from edi.flows.conversion.prepare import PreparedClaim
from edi.flows.conversion.run import Run
from edi.flows.kept_line import kept_line


def write_claims(claims: Iterable[PreparedClaim], run: Run, payloads: BinaryIO) -> Iterator[ClosedFile]:
    """Write every claim and its payload; each file as it is closed."""
    receivers = {receiver.key: receiver for receiver in run.job.settings.receivers}
    file: ClaimFile | None = None
    attachments: AttachmentFile | None = None
    for claim in claims:
        receiver = receivers[claim.text.receiver]
        if file is not None and (file.receiver is not receiver or file.claims == run.job.claims_per_file):
            yield from _close(file, attachments)
            file = attachments = None
        file = file or ClaimFile(run, receiver)
        placed: dict[str, object] = {}
        placed["interchange"], segments = file.add(claim.text)
        if claim.attachments:
            attachments = attachments or AttachmentFile(run, receiver)
            placed["attachmentInterchange"] = attachments.add(claim.attachments, claim.text.number)
        rest = orjson.dumps(placed | {"segments": segments})
        payload = claim.payload + b"," + rest[1:]
        payloads.write(payload + b"\n")
        run.session.add_claim(claim.ledger_entry, kept_line(payload, claim.kept_source))
    if file is not None:
        yield from _close(file, attachments)


def _close(file: ClaimFile, attachments: AttachmentFile | None) -> Iterator[ClosedFile]:
    yield file.close()
    if attachments is not None:
        yield attachments.close()
