"""The files of a run while they are written: claims (837) and their attachments (275).

Each file takes the receiver's next control number: no two interchanges to a receiver have the same.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.writer import AttachmentInterchange, Rendered
from edi.claim.interchange import ClaimText, Interchange
from edi.flows.conversion.run import Run
from edi.flows.conversion.run_report import WrittenFile
from edi.ledger.entry import ATTACHMENT_FILE, CLAIM_FILE, FileEntry
from edi.ledger.numbers import scope_of
from edi.ledger.run_files import file_name
from edi.settings import Receiver

Place = dict[str, str]
"""The interchange and transaction set that a claim or its attachments are in, as the payload has it."""


class ClosedFile(NamedTuple):
    """A file that is complete, and where each of its claims begins: (ST02, position, the claim's number in the run)."""

    written: WrittenFile
    starts: list[tuple[str, int, int]]


class ClaimFile:
    """A file of claims to one receiver."""

    def __init__(self, run: Run, receiver: Receiver) -> None:
        self.receiver = receiver
        self._run = run
        self._serial, number, first_set = run.session.numbering.next(receiver)
        self._name = file_name(receiver, number, CLAIM_FILE)
        self._interchange = Interchange(
            run.staging.open(self._name), run.job.settings, receiver, number, run.stamp, first_set
        )

    @property
    def claims(self) -> int:
        """How many claims were written."""
        return self._interchange.claims

    def add(self, claim: ClaimText) -> tuple[Place, list[str]]:
        """Write a claim; its place, and its segments."""
        placed = self._interchange.add(claim)
        return _place(self._name, self._interchange, placed.st02), placed.segments

    def close(self) -> ClosedFile:
        """End the file."""
        digest = self._interchange.close()
        written = WrittenFile(self._name, digest, self._interchange.claims)
        _record(self._run, CLAIM_FILE, written, self._serial, self._interchange)
        return ClosedFile(written, self._interchange.starts)


class AttachmentFile:
    """A file of the attachments of such claims."""

    def __init__(self, run: Run, receiver: Receiver) -> None:
        self._run = run
        self._serial, number, _ = run.session.numbering.next(receiver)
        self._name = file_name(receiver, number, ATTACHMENT_FILE)
        self._interchange = AttachmentInterchange(
            run.staging.open(self._name), run.job.settings, receiver, number, run.stamp, receiver.attachments
        )
        self._starts: list[tuple[str, int, int]] = []

    def add(self, attachments: Rendered, claim: int) -> Place:
        """Write a claim's attachments; their place. `claim` is the claim's number in the run."""
        st02 = self._interchange.put(attachments)
        self._starts.append((st02, 1, claim))
        return _place(self._name, self._interchange, st02)

    def close(self) -> ClosedFile:
        """End the file."""
        digest = self._interchange.close()
        written = WrittenFile(self._name, digest, 0, self._interchange.attachments)
        _record(self._run, ATTACHMENT_FILE, written, self._serial, self._interchange)
        return ClosedFile(written, self._starts)


def _place(name: str, interchange: Interchange | AttachmentInterchange, st02: str) -> Place:
    return {"file": name, "isa13": interchange.isa13, "gs06": interchange.gs06, "st02": st02}


def _record(
    run: Run, kind: str, file: WrittenFile, serial: int, interchange: Interchange | AttachmentInterchange
) -> None:
    """A file has been written: flush it to disk, and name it to the ledger with its claims."""
    run.staging.close(file.path)
    scope = scope_of(interchange.receiver)
    run.session.close_file(
        FileEntry(kind, file.path, scope, serial, interchange.isa13, file.sha256, file.claims)
    )
