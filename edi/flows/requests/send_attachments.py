"""A 275 of its own for one claim: the answer to a payer's request, or what was forgotten when the claim was sent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import NamedTuple

from edi.attachments.from_visit import attachment_set_of
from edi.attachments.segments import X210, X314
from edi.attachments.transaction import AttachmentSet
from edi.attachments.writer import AttachmentInterchange
from edi.errors import InputError, OutputError
from edi.flows.document_settings import document_settings
from edi.flows.ledger_session import LedgerSession
from edi.flows.requests.answer import Answer
from edi.flows.requests.submission import Submission
from edi.flows.validation import errors_in
from edi.ledger.entry import ATTACHMENT_FILE, CLAIM_FILE, Event, FileEntry
from edi.ledger.numbers import Numbering, Numbers, Take, scope_of
from edi.ledger.run_files import file_name
from edi.x12.output import Staging

_VERSIONS = {"005010X213": X210, "006020X313": X314}
"""Which 275 answers which request: the one of the same release."""


class Sent(NamedTuple):
    """A 275 that was written, the ids of the attachments in it, in order (files are named by their path), and the numbers of
    the requests that it answers."""

    file: Path
    attachments: tuple[str, ...]
    answers: tuple[str, ...]


class _Set(NamedTuple):
    """A transaction set, and the ids of the attachments in it."""

    content: AttachmentSet
    attachments: tuple[str, ...]


def send_attachments(submission: Submission, out: Path, session: LedgerSession | None) -> list[Sent]:
    """Write the submission into `out`, whole or not at all, readable by its owner alone: one 275 for each guide that the requests
    want. `session`, which has begun, gives control numbers, and records the files and what they answer; without a ledger they take the next
    numbers that no file in `out` has.

    Raises InputError when a question has no answer or cannot be repeated, there is nothing to send or a file cannot be sent;
    OutputError when `out` cannot be written."""
    sets = _sets(submission)
    numbering = session.numbering if session else Numbering(_free_in(out, submission.receiver.key))
    sent: list[Sent] = []
    try:
        with Staging(out) as staging:
            for version, own in sets.items():
                written, file = _write(submission, staging, version, own, numbering.next(submission.receiver))
                sent.append(written)
                if session:
                    session.close_file(file)
                    _tell(session, submission.ledger_id, written)
            if session:
                session.record_files(staging)
            with session.publishing(staging) if session else nullcontext():
                staging.publish(replace=frozenset())
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}.") from error
    return sent


def _write(
    submission: Submission, staging: Staging, version: str, sets: Sequence[_Set], numbers: Numbers
) -> tuple[Sent, FileEntry]:
    """Write a 275, and hold it against its guide."""
    receiver = submission.receiver
    name = file_name(receiver, numbers.interchange, ATTACHMENT_FILE)
    interchange = AttachmentInterchange(
        staging.open(name), submission.settings, receiver, numbers.interchange, submission.stamp, version
    )
    for each in sets:
        interchange.add(each.content)
    digest = interchange.close()
    staging.close(name)
    _check(staging.path(name))
    attachments = tuple(id_ for each in sets for id_ in each.attachments)
    answers = tuple(each.content.request_number for each in sets if each.content.solicited)
    entry = FileEntry(ATTACHMENT_FILE, name, scope_of(receiver), numbers.serial, interchange.isa13, digest, 0)
    return Sent(staging.target / name, attachments, answers), entry


def _tell(session: LedgerSession, claim: int | None, sent: Sent) -> None:
    """Tell the ledger what a file answers."""
    if claim is not None:
        for number in sent.answers or ("",):
            detail = {"request": number} if number else {}
            session.add_event(claim, Event("answered", str(sent.file), detail=detail))


def _sets(submission: Submission) -> dict[str, list[_Set]]:
    """The transaction sets, by the guide of their 275."""
    documents = document_settings(submission.settings, submission.as_of)
    sets: dict[str, list[_Set]] = {}
    for request, files in submission.shares():
        version = _VERSIONS[request.request.version] if request else submission.receiver.attachments
        attached = list(Answer(submission, request, files, documents, version).attachments())
        if not attached:
            raise InputError(
                "There is nothing to send: the record has no attachment with a file. Name the files."
            )
        number = request.request.number if request else ""
        content = attachment_set_of(
            submission.visit, submission.claim_number, [each for _, each in attached], number
        )
        sets.setdefault(version, []).append(_Set(content, tuple(name for name, _ in attached)))
    return sets


def _free_in(out: Path, key: str) -> Take:
    """Numbers above those of the receiver's files in a folder."""
    pattern = re.compile(rf"{re.escape(key)}-(\d{{9}})\.(?:{CLAIM_FILE}|{ATTACHMENT_FILE})")
    found = [int(match[1]) for path in out.glob(f"{key}-*") if (match := pattern.fullmatch(path.name))]
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(max(found, default=0) + 1))
    return lambda kind, _whose, _count: next(numbers[kind])


def _check(file: Path) -> None:
    """What our own validator refuses is a defect of ours, and never sent."""
    if errors := errors_in(file):
        raise OutputError(
            f"{file.name} was not written: it does not keep to the guide ({errors[0].rule}: {errors[0].message})"
        )
