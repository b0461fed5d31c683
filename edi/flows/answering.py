"""A 275 of its own for one claim: the answer to a payer's request, or what was forgotten when the claim was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from edi.attachments.cda import NOTE, Enclosure
from edi.attachments.content import SentFile
from edi.attachments.open import open_attachments
from edi.attachments.segments import X210, X314
from edi.attachments.transaction import Attached
from edi.attachments.visit_set import set_of_visit
from edi.attachments.wrap import Wrapped, wrap_file, wrap_record
from edi.attachments.writer import AttachmentInterchange
from edi.claim.number import attachment_number
from edi.errors import InputError, OutputError
from edi.flows.attach import Enclosing, enclosing_of
from edi.flows.lookup import Origin, Payload
from edi.flows.requests import Standing, Standings, at_hand
from edi.ledger.numbers import Numbering, Take
from edi.settings import Receiver, Settings
from edi.validate.run import validate_stream
from edi.visit.facts import FileFact
from edi.visit.record import Attachment
from edi.x12.envelope import Stamp
from edi.x12.output import Staging

_ANSWERS = {"005010X213": X210, "006020X313": X314}
"""Which 275 answers which request: the one of the same release."""
_MOST_QUESTIONS = 3  # STC of one attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be sent: the claim's payload and record, further `files`, and the request that it answers (None: nobody
    asked). `as_of` is an ISO date, `stamp` when it is made."""

    payload: Payload
    origin: Origin
    files: Sequence[Path]
    request: Standings | None
    settings: Settings
    as_of: str
    stamp: Stamp


class Posted(NamedTuple):
    """The 275 that was written, and the ids of the attachments in it, in order; files are named by their path."""

    file: Path
    attachments: tuple[str, ...]


def post(parcel: Parcel, out: Path, take: Take | None) -> Posted:
    """Write the parcel's 275 into `out`, whole or not at all, readable by its owner alone. `take` gives control numbers (None:
    the next one that no file in `out` has).

    Raises InputError when a question has no answer, there is nothing to send or a file cannot be sent; OutputError when
    `out` cannot be written."""
    receiver = _receiver(parcel)
    enclosing = enclosing_of(parcel.settings, parcel.as_of)
    version = _ANSWERS[parcel.request.request.version] if parcel.request else receiver.attachments
    attached = list(_attached(parcel, enclosing, version))
    if not attached:
        raise InputError(
            "There is nothing to send: the record has no attachment with a file. Name the files."
        )
    number = Numbering(take or _free_in(out, receiver.key)).next(receiver).interchange
    name = f"{receiver.key}-{number:09}.275"
    request = parcel.request.request.number if parcel.request else ""
    claim = parcel.payload["patientControlNumber"]
    whole = set_of_visit(parcel.origin.visit, claim, [each for _, each in attached], request)
    try:
        with Staging(out) as staging:
            interchange = AttachmentInterchange(
                staging.open(name), parcel.settings, receiver, number, parcel.stamp, version
            )
            interchange.add(whole)
            interchange.close()
            staging.close(name)
            _check(staging.path(name))
            staging.publish(replace=frozenset())
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}.") from error
    return Posted(out / name, tuple(given for given, _ in attached))


def _receiver(parcel: Parcel) -> Receiver:
    receiver = parcel.settings.receiver_of(parcel.payload["payerId"])
    if receiver is None:
        raise InputError("No receiver in edi.toml takes what goes to this payer.")
    if parcel.request is None and receiver.attachments == "none":
        raise InputError(f"receivers.{receiver.key} in edi.toml takes no attachments (attachments = none).")
    return receiver


def _attached(parcel: Parcel, enclosing: Enclosing, version: str) -> Iterator[tuple[str, Attached]]:
    """Every attachment, with its id or path: those of the record first, then the files."""
    asks, unanswered = _questions(parcel)
    visit = parcel.origin.visit
    entries = {each["id"]: each for each in visit.get("attachments", ())}
    for given, standings in asks.items():
        if given == NOTE:
            text = (parcel.payload["narrative"] or {}).get("text", "")
            wrapped = wrap_record(visit, text, enclosing.stamp, enclosing.key)
            yield given, _made(parcel, given, wrapped, standings)
        else:
            path = Path(parcel.origin.base, entries[given]["file"])
            fact = open_attachments(parcel.origin.base, [entries[given]])[given]
            yield given, _file(parcel, enclosing, version, path, entries[given], fact, standings)
    for path in parcel.files:
        entry = _entry(path, unanswered)
        fact = open_attachments(str(path.parent), [entry])[entry["id"]]
        yield str(path), _file(parcel, enclosing, version, path, entry, fact, unanswered)


def _questions(parcel: Parcel) -> tuple[dict[str, list[Standing]], list[Standing]]:
    """Ids of the record's attachments that go, each with the questions it answers; and the questions left to the files."""
    if parcel.request is None:
        own = () if parcel.files else at_hand(parcel.origin.visit, _kinds(parcel))
        return {given: [] for given in own}, []
    asks: dict[str, list[Standing]] = {}
    for standing in parcel.request.asks:
        for given in standing.at_hand:
            asks.setdefault(given, []).append(standing)
    unanswered = [standing for standing in parcel.request.asks if not standing.at_hand]
    if unanswered and not parcel.files:
        codes = ", ".join(f"{each.ask.asked.document.code} ({each.meaning.words})" for each in unanswered)
        raise InputError(f"Nothing is at hand for {codes}. Name the files that answer it.")
    # Files beside answers that are at hand answer the same questions more fully.
    return asks, unanswered or list(parcel.request.asks)


def _kinds(parcel: Parcel) -> set[str]:
    return {each["type"] for each in parcel.origin.visit.get("attachments", ())}


def _entry(path: Path, asks: Sequence[Standing]) -> Attachment:
    """A file of the command line as the record would list it: of the kind that was asked for, else an image is a radiograph
    and a document is of no kind."""
    kinds = [kind for standing in asks for kind in standing.meaning.kinds if kind != NOTE]
    plain = "radiograph" if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff") else "other"
    return {"id": path.name, "type": kinds[0] if kinds else plain, "file": path.name}


def _file(
    parcel: Parcel,
    enclosing: Enclosing,
    version: str,
    path: Path,
    entry: Attachment,
    fact: FileFact,
    asks: Sequence[Standing],
) -> Attached:
    if fact.problem or fact.media_type is None or fact.sha256 is None:
        raise InputError(f"{path} cannot be sent: it is {_PROBLEMS[fact.problem or 'unknown-type']}.")
    enclosure = Enclosure(
        entry["id"], entry["type"], fact.media_type, entry.get("description", ""), entry.get("date")
    )
    content = SentFile(path, fact.media_type, fact.size, fact.sha256)
    wrapped = wrap_file(version, parcel.origin.visit, enclosure, content, enclosing.stamp, enclosing.key)
    return _made(parcel, entry["id"], wrapped, asks)


_PROBLEMS = {
    "missing": "not there",
    "empty": "empty",
    "unreadable": "not readable",
    "outside": "outside of the record's folder",
    "not-what-name-says": "not of the type that its name says",
    "truncated": "cut off",
    "encrypted": "locked by a password",
    "unknown-type": "of a type that payers do not take",
}


def _made(parcel: Parcel, given: str, wrapped: Wrapped, asks: Sequence[Standing]) -> Attached:
    """An attachment with what it repeats of the questions it answers: at most three, and the line when all are about one."""
    lines = {standing.ask.line_number for standing in asks}
    return Attached(
        control_number=_number(parcel, given),
        content=wrapped.content,
        media_type=wrapped.media_type,
        form=wrapped.form,
        asked=tuple(each.ask.asked for each in asks[:_MOST_QUESTIONS]),
        line_number=lines.pop() if len(lines) == 1 else "",
    )


def _number(parcel: Parcel, given: str) -> str:
    """The control number that the claim announced the attachment under, else a new one of the visit."""
    for entry in parcel.payload["attachments"]:
        if entry["id"] == given and "controlNumber" in entry:
            number: str = entry["controlNumber"]
            return number
    return attachment_number(parcel.origin.visit, parcel.payload["patientControlNumber"], given)


def _free_in(out: Path, key: str) -> Take:
    """Numbers above those of the receiver's files in a folder."""
    pattern = re.compile(rf"{re.escape(key)}-(\d{{9}})\.(?:837|275)")
    found = [int(match[1]) for path in out.glob(f"{key}-*") if (match := pattern.fullmatch(path.name))]
    return lambda _kind, _whose, _count: max(found, default=0) + 1


def _check(file: Path) -> None:
    """What our own validator refuses is a defect of ours, and never sent."""
    with file.open("rb") as stream:
        errors = [each for each in validate_stream(stream, file.name).findings if each.severity == "error"]
    if errors:
        raise OutputError(
            f"{file.name} was not written: it does not keep to the guide ({errors[0].rule}: {errors[0].message})"
        )
