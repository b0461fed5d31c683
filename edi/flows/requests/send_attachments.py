"""A 275 of its own for one claim: the answer to a payer's request, or what was forgotten when the claim was sent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as counted
from pathlib import Path
from typing import NamedTuple

from edi.attachments.cda import NOTE, Enclosure
from edi.attachments.content import SentFile
from edi.attachments.files import examine_files
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.packaging import Package, package_file, package_record
from edi.attachments.segments import X210, X314
from edi.attachments.transaction import Attached, AttachmentSet
from edi.attachments.writer import AttachmentInterchange
from edi.claim.number import attachment_number
from edi.errors import InputError, OutputError
from edi.flows.document_settings import DocumentSettings, document_settings
from edi.flows.requests.match import MatchedQuestion, MatchedRequest, at_hand
from edi.flows.sent_claims import Origin, Payload
from edi.ledger.numbers import Numbering, Take
from edi.printable import printable
from edi.rules import DEFAULT
from edi.rules.profile_reader import payer_profiles
from edi.settings import Receiver, Settings
from edi.validate.run import validate_stream
from edi.visit.charset import has_unsafe
from edi.visit.facts import FileFact
from edi.visit.record import Attachment
from edi.x12.envelope import Stamp
from edi.x12.output import Staging

_ANSWERS = {"005010X213": X210, "006020X313": X314}
"""Which 275 answers which request: the one of the same release."""
_MOST_QUESTIONS = 3  # STC of one attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is to be sent: the claim's payload and record, further `files`, and the requests that are answered (none: nobody
    asked). `as_of` is an ISO date, `stamp` when it is made."""

    payload: Payload
    origin: Origin
    files: Sequence[Path]
    requests: Sequence[MatchedRequest]
    settings: Settings
    as_of: str
    stamp: Stamp

    @property
    def limit(self) -> int:
        """How many octets the payer takes in a file. Raises SettingsError when its profile cannot be used."""
        return payer_profiles(self.settings).get(self.payload["payerId"], DEFAULT).attachment_bytes


class Sent(NamedTuple):
    """A 275 that was written, the ids of the attachments in it, in order (files are named by their path), and the numbers of
    the requests that it answers."""

    file: Path
    attachments: tuple[str, ...]
    answers: tuple[str, ...]


class _Made(NamedTuple):
    """A transaction set, and the ids of what is in it."""

    whole: AttachmentSet
    given: tuple[str, ...]


def send_attachments(submission: Submission, out: Path, take: Take | None) -> list[Sent]:
    """Write the submission's 275 into `out`, whole or not at all, readable by its owner alone; one for each guide that the requests
    want. `take` gives control numbers (None: the next one that no file in `out` has).

    Raises InputError when a question has no answer or cannot be repeated, there is nothing to send or a file cannot be sent;
    OutputError when `out` cannot be written."""
    receiver = _receiver(submission)
    documents = document_settings(submission.settings, submission.as_of)
    made: dict[str, list[_Made]] = {}
    for request, files in _shares(submission):
        version = _ANSWERS[request.request.version] if request else receiver.attachments
        made.setdefault(version, []).append(_set(submission, request, files, documents, version))
    numbering = Numbering(take or _free_in(out, receiver.key))
    sent: list[Sent] = []
    try:
        with Staging(out) as staging:
            for version, sets in made.items():
                number = numbering.next(receiver).interchange
                name = f"{receiver.key}-{number:09}.275"
                interchange = AttachmentInterchange(
                    staging.open(name), submission.settings, receiver, number, submission.stamp, version
                )
                for each in sets:
                    interchange.add(each.whole)
                interchange.close()
                staging.close(name)
                _check(staging.path(name))
                answers = tuple(each.whole.request_number for each in sets if each.whole.solicited)
                sent.append(Sent(out / name, tuple(chain(*(each.given for each in sets))), answers))
            staging.publish(replace=frozenset())
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}.") from error
    return sent


def _shares(submission: Submission) -> list[tuple[MatchedRequest | None, Sequence[Path]]]:
    """Each request with the files that answer it: those of the command line go where something is not at hand, else everywhere."""
    if not submission.requests:
        return [(None, submission.files)]
    wanting = [each for each in submission.requests if _unanswered(each)] or submission.requests
    return [(each, submission.files if each in wanting else ()) for each in submission.requests]


def _unanswered(request: MatchedRequest) -> list[MatchedQuestion]:
    return [question for question in request.asks if not question.at_hand]


def _set(
    submission: Submission,
    request: MatchedRequest | None,
    files: Sequence[Path],
    documents: DocumentSettings,
    version: str,
) -> _Made:
    if request:
        _repeatable(request)
    attached = list(_attached(submission, request, files, documents, version))
    if not attached:
        raise InputError(
            "There is nothing to send: the record has no attachment with a file. Name the files."
        )
    claim, number = submission.payload["patientControlNumber"], request.request.number if request else ""
    whole = attachment_set_of(submission.origin.visit, claim, [each for _, each in attached], number)
    return _Made(whole, tuple(given for given, _ in attached))


def _repeatable(request: MatchedRequest) -> None:
    """An answer repeats the request's number and questions as they are."""
    number = request.request.number
    if not number:
        raise InputError(
            "The payer's request has no number (TRN02) to answer it under. Ask the payer for it."
        )
    texts = [number]
    for question in request.asks:
        texts.append(question.ask.line_number)
        for part in filter(None, question.ask.asked):
            texts += part
    if any(map(has_unsafe, texts)):
        raise InputError(
            "The payer's request holds a character in its number, a question or the number of a line that its answer cannot "
            "repeat (one of * ~ : ^, or none of plain English). Answer it another way, or ask the payer to send it anew."
        )


def _receiver(submission: Submission) -> Receiver:
    receiver = submission.settings.receiver_of(submission.payload["payerId"])
    if receiver is None:
        raise InputError("No receiver in edi.toml takes what goes to this payer.")
    if not submission.requests and receiver.attachments == "none":
        raise InputError(f"receivers.{receiver.key} in edi.toml takes no attachments (attachments = none).")
    return receiver


def _attached(
    submission: Submission,
    request: MatchedRequest | None,
    files: Sequence[Path],
    documents: DocumentSettings,
    version: str,
) -> Iterator[tuple[str, Attached]]:
    """Every attachment, with its id or path: those of the record first, then the files."""
    asks, unanswered = _questions(submission, request, files)
    visit = submission.origin.visit
    entries = {each["id"]: each for each in visit.get("attachments", ())}
    seen: dict[str | None, str] = {}
    limit = submission.limit
    for given, match_requests in asks.items():
        if given == NOTE:
            text = (submission.payload["narrative"] or {}).get("text", "")
            package = package_record(visit, text, documents.stamp, documents.key)
            yield given, _made(submission, given, package, match_requests)
        else:
            path = Path(submission.origin.base, entries[given]["file"])
            fact = examine_files(submission.origin.base, [entries[given]])[given]
            seen[fact.sha256] = given
            content = _content(f'Attachment "{given}"', path, fact, limit)
            yield given, _file(submission, documents, version, content, entries[given], match_requests)
    for path in files:
        entry = _entry(path, unanswered)
        fact = examine_files(str(path.parent), [entry])[entry["id"]]
        if fact.sha256:
            if fact.sha256 in seen:
                raise InputError(
                    f"{path} is the same as {seen[fact.sha256]}, which goes along already. Name it once."
                )
            seen[fact.sha256] = str(path)
            # Not its name: another file of that name is another attachment, and the same one sent again is not.
            entry["id"] = fact.sha256
        content = _content(str(path), path, fact, limit)
        yield str(path), _file(submission, documents, version, content, entry, unanswered)


def _questions(
    submission: Submission, request: MatchedRequest | None, files: Sequence[Path]
) -> tuple[dict[str, list[MatchedQuestion]], list[MatchedQuestion]]:
    """Ids of the record's attachments that go, each with the questions it answers; and the questions left to the files."""
    if request is None:
        own = () if files else at_hand(submission.origin.visit, _kinds(submission))
        return {given: [] for given in own}, []
    asks: dict[str, list[MatchedQuestion]] = {}
    for question in request.asks:
        for given in question.at_hand:
            asks.setdefault(given, []).append(question)
    unanswered = _unanswered(request)
    if unanswered and not files:
        codes = ", ".join(
            printable(f"{each.ask.asked.document.code} ({each.meaning.words})") for each in unanswered
        )
        raise InputError(f"Nothing is at hand for {codes}. Name the files that answer it.")
    # Files attachment_file answers that are at hand answer the same questions more fully.
    return asks, unanswered or list(request.asks)


def _kinds(submission: Submission) -> set[str]:
    return {each["type"] for each in submission.origin.visit.get("attachments", ())}


def _entry(path: Path, asks: Sequence[MatchedQuestion]) -> Attachment:
    """A file of the command line as the record would list it: of the kind that was asked for, else an image is a radiograph
    and a document is of no kind."""
    kinds = [kind for question in asks for kind in question.meaning.kinds if kind != NOTE]
    plain = "radiograph" if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff") else "other"
    return {"id": path.name, "type": kinds[0] if kinds else plain, "file": path.name}


def _content(called: str, path: Path, fact: FileFact, limit: int) -> SentFile:
    """What is sent of a file. A message says `called`: of a file that nobody named on the command line its name stays untold, for
    a practice calls films after its patients."""
    if fact.problem or fact.media_type is None or fact.sha256 is None:
        raise InputError(f"{called} cannot be sent: it is {_PROBLEMS[fact.problem or 'unknown-type']}.")
    if fact.size > limit:
        raise InputError(
            f"{called} cannot be sent: it has {fact.size:,} bytes, and the payer takes {limit:,}."
        )
    return SentFile(path, fact.media_type, fact.size, fact.sha256)


def _file(
    submission: Submission,
    documents: DocumentSettings,
    version: str,
    content: SentFile,
    entry: Attachment,
    asks: Sequence[MatchedQuestion],
) -> Attached:
    enclosure = Enclosure(
        entry["id"], entry["type"], content.media_type, entry.get("description", ""), entry.get("date")
    )
    package = package_file(
        version, submission.origin.visit, enclosure, content, documents.stamp, documents.key
    )
    return _made(submission, entry["id"], package, asks)


_PROBLEMS = {
    "missing": "not there",
    "empty": "empty",
    "unreadable": "not readable",
    "outside": "outside of the record's folder",
    "not-what-name-says": "not of the type that its name says",
    "truncated": "cut off",
    "encrypted": "locked by a password",
    "unknown-type": "of a type that payers do not take",
    "does-not-open": "damaged, or holds no picture",
    "too-many-pixels": "an image of more pixels or pages than can be opened",
}


def _made(submission: Submission, given: str, package: Package, asks: Sequence[MatchedQuestion]) -> Attached:
    """An attachment with what it repeats of the questions it answers: at most three, and the line when all are about one."""
    lines = {question.ask.line_number for question in asks}
    return Attached(
        control_number=_number(submission, given),
        content=package.content,
        media_type=package.media_type,
        form=package.form,
        asked=tuple(each.ask.asked for each in asks[:_MOST_QUESTIONS]),
        line_number=lines.pop() if len(lines) == 1 else "",
    )


def _number(submission: Submission, given: str) -> str:
    """The control number that the claim announced the attachment under, else a new one of the visit. `given` is its id, of a
    file the digest."""
    for entry in submission.payload["attachments"]:
        if given in (entry["id"], entry.get("sha256")) and "controlNumber" in entry:
            number: str = entry["controlNumber"]
            return number
    return attachment_number(submission.origin.visit, submission.payload["patientControlNumber"], given)


def _free_in(out: Path, key: str) -> Take:
    """Numbers above those of the receiver's files in a folder."""
    pattern = re.compile(rf"{re.escape(key)}-(\d{{9}})\.(?:837|275)")
    found = [int(match[1]) for path in out.glob(f"{key}-*") if (match := pattern.fullmatch(path.name))]
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: counted(max(found, default=0) + 1))
    return lambda kind, _whose, _count: next(numbers[kind])


def _check(file: Path) -> None:
    """What our own validator refuses is a defect of ours, and never sent."""
    with file.open("rb") as stream:
        errors = [each for each in validate_stream(stream, file.name).findings if each.severity == "error"]
    if errors:
        raise OutputError(
            f"{file.name} was not written: it does not keep to the guide ({errors[0].rule}: {errors[0].message})"
        )
