"""Third stage: accepted claims into interchanges and payloads, each interchange validated before it counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

import orjson

from edi.claim.interchange import Interchange
from edi.errors import OutputError
from edi.finding import Finding
from edi.flows.attachment_renderer import AttachmentFile
from edi.flows.conversion.prepare import Ready
from edi.flows.conversion.run_report import WrittenFile
from edi.flows.conversion.verify import Verifier
from edi.flows.job import Job
from edi.flows.ledger_session import Session
from edi.ledger.entry import CLAIM_FILE, FileEntry
from edi.ledger.numbers import scope_of
from edi.x12.envelope import Stamp
from edi.x12.output import Staging


class Finished(NamedTuple):
    """A closed interchange, and where each claim begins: (ST02, position, claim number)."""

    written: WrittenFile
    starts: list[tuple[str, int, int]]


def assemble(
    ready: Iterable[Ready],
    job: Job,
    payloads: BinaryIO,
    staging: Staging,
    stamp: Stamp,
    session: Session,
    verifier: Verifier,
) -> Iterator[Finished]:
    """Write every claim into interchanges in the staging folder, and its payload; interchanges as they are closed, and
    are the verifier's."""
    receivers = {receiver.key: receiver for receiver in job.settings.receivers}
    current: Interchange | None = None
    serial = 0
    attachment_file = AttachmentFile(job.settings, staging, stamp, session, verifier)
    name = ""

    for each in ready:
        key = each.text.receiver
        if current is not None and (current.receiver.key != key or current.claims == job.claims_per_file):
            yield from _finish(current, name, serial, staging, session, attachment_file, verifier)
            current = None
        if current is None:
            serial, number, first_set = session.numbering.next(receivers[key])
            name = f"{key}-{number:09}.837"
            current = Interchange(staging.open(name), job.settings, receivers[key], number, stamp, first_set)
            verifier.begin(staging.path(name))
        attached = None
        if each.attachments:
            attached = attachment_file.add(each.attachments, each.text.number, current.receiver)
        _write_payload(payloads, each, current, name, attached)
        session.add(each.entry)
    if current is not None:
        yield from _finish(current, name, serial, staging, session, attachment_file, verifier)


def _write_payload(
    payloads: BinaryIO, each: Ready, current: Interchange, name: str, attached: dict[str, str] | None
) -> None:
    placed = current.add(each.text)
    where = {"file": name, "isa13": current.isa13, "gs06": current.gs06, "st02": placed.st02}
    placing = {"interchange": where} | ({"attachmentInterchange": attached} if attached else {})
    rest = orjson.dumps(placing | {"segments": placed.segments})
    payloads.write(each.payload + b"," + rest[1:] + b"\n")


def _finish(
    current: Interchange,
    name: str,
    serial: int,
    staging: Staging,
    session: Session,
    attachment_file: AttachmentFile,
    verifier: Verifier,
) -> Iterator[Finished]:
    """The claims' file, and the one of their attachments where there are some."""
    digest = current.close()
    staging.close(name)
    verifier.end(staging.path(name))
    session.close_file(
        FileEntry(CLAIM_FILE, name, scope_of(current.receiver), serial, current.isa13, digest, current.claims)
    )
    yield Finished(WrittenFile(name, digest, current.claims), current.starts)
    if attached := attachment_file.close():
        yield Finished(*attached)


def refusals(verifier: Verifier, finished: Iterable[Finished]) -> Iterator[tuple[int, list[Finding]]]:
    """Every claim of closed interchanges that the guide refuses, with the findings on it."""
    waiting: dict[str, Finished] = {}
    for each in finished:
        waiting[each.written.path] = each
        for file, findings in verifier.ready():
            yield from _by_claim(waiting.pop(file.name), findings)
    for file, findings in verifier.rest():
        yield from _by_claim(waiting.pop(file.name), findings)


def _by_claim(finished: Finished, findings: list[Finding]) -> Iterator[tuple[int, list[Finding]]]:
    claims: dict[int, list[Finding]] = {}
    for finding in findings:
        starts = [start for start in finished.starts if start[0] == finding.transaction]
        place = bisect_right([position for _, position, _ in starts], finding.position or 0) - 1
        if place < 0:
            raise OutputError(
                f"{finished.written.path} was not written: its header does not keep to the guide "
                f"({finding.rule}: {finding.message}) Check [submitter] and [receivers] in edi.toml."
            )
        claims.setdefault(starts[place][2], []).append(finding)
    yield from claims.items()
