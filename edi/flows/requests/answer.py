"""The attachments of one transaction set: the answer to a request, or what was forgotten when the claim was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edi.attachments.cda import NOTE, Enclosure
from edi.attachments.content import SentFile
from edi.attachments.files import examine_files
from edi.attachments.packaging import Package, package_file, package_record
from edi.attachments.transaction import Attached
from edi.claim.number import attachment_number
from edi.errors import InputError
from edi.flows.document_settings import DocumentSettings
from edi.flows.requests.at_hand import attachments_at_hand, found_file
from edi.flows.requests.match import MatchedItem, MatchedRequest
from edi.flows.requests.submission import Submission
from edi.printable import printable
from edi.visit.charset import has_unsafe
from edi.visit.facts import FileFact
from edi.visit.record import Attachment

_MOST_QUESTIONS = 3  # STC of one attachment
_IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A request (None: nobody asked) and the files that answer it beside the record; `version` is the guide of the 275."""

    submission: Submission
    request: MatchedRequest | None
    files: Sequence[Path]
    documents: DocumentSettings
    version: str

    def attachments(self) -> Iterator[tuple[str, Attached]]:
        """Every attachment, with its id, or the path of a file: those of the record first, then the files. Raises InputError when
        an item has no answer or cannot be repeated, or a file cannot be sent."""
        if self.request:
            _check_repeatable(self.request)
        sent: dict[str | None, str] = {}
        for name, items in self._of_record().items():
            if name == NOTE:
                yield name, self._note(items)
            else:
                yield name, self._recorded(name, items, sent)
        for path in self.files:
            yield str(path), self._named(path, sent)

    def _of_record(self) -> dict[str, list[MatchedItem]]:
        """The ids of the record's attachments that are sent, each with the items it answers."""
        if self.request is None:
            return {} if self.files else self._all_of_record()
        if self.request.unanswered and not self.files:
            self._refuse_gone({id_ for each in self.request.unanswered for id_ in each.answers.gone})
            codes = ", ".join(
                printable(f"{each.item.asked.document.code} ({each.meaning.words})")
                for each in self.request.unanswered
            )
            raise InputError(f"Nothing is at hand for {codes}. Name the files that answer it.")
        items: dict[str, list[MatchedItem]] = {}
        for each in self.request.items:
            for id_ in each.answers.ids:
                items.setdefault(id_, []).append(each)
        return items

    def _all_of_record(self) -> dict[str, list[MatchedItem]]:
        visit = self.submission.visit
        kinds = {each["type"] for each in visit.get("attachments", ())}
        found = attachments_at_hand(visit, kinds, self.submission.gone)
        self._refuse_gone(found.gone)
        return {id_: [] for id_ in found.ids}

    def _refuse_gone(self, gone: Collection[str]) -> None:
        if gone:
            folder = Path(self.submission.source.base).absolute()
            raise InputError(
                printable(
                    f"The file of attachment {', '.join(sorted(gone))} is no longer in {folder}, or is another one than the claim "
                    "announced. Bring it back, or name the files to send."
                )
            )

    def _left_to_files(self) -> Sequence[MatchedItem]:
        """The items that the named files answer. Beside answers that are at hand they answer the same items more fully."""
        return (self.request.unanswered or self.request.items) if self.request else ()

    def _note(self, items: Sequence[MatchedItem]) -> Attached:
        text = (self.submission.payload["narrative"] or {}).get("text", "")
        package = package_record(self.submission.visit, text, self.documents.stamp, self.documents.key)
        return self._attached(NOTE, package, items)

    def _recorded(
        self, attachment_id: str, items: Sequence[MatchedItem], sent: dict[str | None, str]
    ) -> Attached:
        entries = self.submission.visit["attachments"]
        entry = next(each for each in entries if each["id"] == attachment_id)
        base = self.submission.source.base
        fact, limit, _ = found_file(base, entry, self.submission.payload, self.submission.size_limit)
        sent[fact.sha256] = attachment_id
        # A practice calls films after its patients: the message names the attachment, not the file.
        content = self._content(f'Attachment "{attachment_id}"', Path(base, entry["file"]), fact, limit)
        return self._file(content, entry, items)

    def _named(self, path: Path, sent: dict[str | None, str]) -> Attached:
        items = self._left_to_files()
        entry = _entry(path, items)
        fact = examine_files(str(path.parent), [entry])[entry["id"]]
        if fact.sha256:
            if fact.sha256 in sent:
                raise InputError(
                    f"{path} is the same as {sent[fact.sha256]}, which goes along already. Name it once."
                )
            sent[fact.sha256] = str(path)
            # Not its name: another file of that name is another attachment, and the same one sent again is not.
            entry["id"] = fact.sha256
        return self._file(self._content(str(path), path, fact), entry, items)

    def _content(self, name: str, path: Path, fact: FileFact, reduce_to: int | None = None) -> SentFile:
        if fact.problem or fact.media_type is None or fact.sha256 is None:
            raise InputError(f"{name} cannot be sent: it is {_PROBLEMS[fact.problem or 'unknown-type']}.")
        limit = self.submission.size_limit
        if fact.size > limit:
            raise InputError(
                f"{name} cannot be sent: it has {fact.size:,} bytes, and the payer takes {limit:,}."
            )
        return SentFile(path, fact.media_type, fact.size, fact.sha256, reduce_to)

    def _file(self, content: SentFile, entry: Attachment, items: Sequence[MatchedItem]) -> Attached:
        enclosure = Enclosure(
            entry["id"], entry["type"], content.media_type, entry.get("description", ""), entry.get("date")
        )
        documents = self.documents
        package = package_file(
            self.version, self.submission.visit, enclosure, content, documents.stamp, documents.key
        )
        return self._attached(entry["id"], package, items)

    def _attached(self, name: str, package: Package, items: Sequence[MatchedItem]) -> Attached:
        """An attachment that repeats the questions it answers: at most three, and the line when all are about one."""
        lines = {each.item.line_number for each in items}
        return Attached(
            control_number=self._control_number(name),
            content=package.content,
            media_type=package.media_type,
            form=package.form,
            asked=tuple(each.item.asked for each in items[:_MOST_QUESTIONS]),
            line_number=lines.pop() if len(lines) == 1 else "",
        )

    def _control_number(self, name: str) -> str:
        """The control number that the claim announced the attachment under, else a new one of the visit. `name` is its id; of a
        named file the digest."""
        for entry in self.submission.payload["attachments"]:
            if name in (entry["id"], entry.get("sha256")) and "controlNumber" in entry:
                number: str = entry["controlNumber"]
                return number
        return attachment_number(self.submission.visit, self.submission.claim_number, name)


def _check_repeatable(request: MatchedRequest) -> None:
    """An answer repeats the request's number and questions as they are."""
    number = request.request.number
    if not number:
        raise InputError(
            "The payer's request has no number (TRN02) to answer it under. Ask the payer for it."
        )
    texts = [number]
    for each in request.items:
        texts.append(each.item.line_number)
        for question in filter(None, each.item.asked):
            texts += question
    if any(map(has_unsafe, texts)):
        raise InputError(
            "The payer's request holds a character in its number, a question or the number of a line that its answer cannot "
            "repeat (one of * ~ : ^, or none of plain English). Answer it another way, or ask the payer to send it anew."
        )


def _entry(path: Path, items: Sequence[MatchedItem]) -> Attachment:
    """A named file as the record would list it: of the kind that was asked for, else an image is a radiograph and a
    document is of no kind."""
    kinds = [kind for each in items for kind in each.meaning.kinds if kind != NOTE]
    plain = "radiograph" if path.suffix.lower() in _IMAGES else "other"
    return {"id": path.name, "type": kinds[0] if kinds else plain, "file": path.name}
