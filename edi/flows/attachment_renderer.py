"""The attachments of accepted claims on their way into a 275 attachment_file the claims' own interchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from edi.attachments.cda import Enclosure, SigningKey, Stamp, signing_key
from edi.attachments.content import SentFile
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.packaging import Package, package_file, package_record
from edi.attachments.transaction import Attached
from edi.attachments.writer import AttachmentInterchange, Rendered, Renderer
from edi.claim.codes import ELECTRONIC, FILE_TRANSFER
from edi.claim.parties import compact
from edi.flows.conversion.run_report import WrittenFile
from edi.flows.conversion.verify import Verifier
from edi.flows.ledger_session import Session
from edi.ledger.entry import ATTACHMENT_FILE, FileEntry
from edi.ledger.numbers import scope_of
from edi.settings import Documents, Receiver, Settings, Submitter
from edi.visit.facts import FileFact
from edi.visit.record import Visit
from edi.x12.envelope import Stamp as Made
from edi.x12.output import Staging

_TRAVELS = (ELECTRONIC, FILE_TRANSFER)


class DocumentSettings(NamedTuple):
    """What rendering attachments takes besides the visit: for each receiver that wants them (by its key) the guide and who
    submits to it, how documents are identified and signed, and the day."""

    versions: Mapping[str, str]
    submitters: Mapping[str, Submitter]
    documents: Documents
    as_of: str

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.documents.oid_root, self.as_of)

    @property
    def key(self) -> SigningKey | None:
        return _key(self.documents.signing_key, self.documents.signing_certificate)


def document_settings(settings: Settings, as_of: str) -> DocumentSettings:
    """From edi.toml; `as_of` is an ISO date."""
    wanting = [each for each in settings.receivers if each.attachments != "none"]
    return DocumentSettings(
        {each.key: each.attachments for each in wanting},
        {each.key: settings.submitter_to(each) for each in wanting},
        settings.documents,
        as_of,
    )


@lru_cache(maxsize=1)
def _key(key: Path | None, certificate: Path | None) -> SigningKey | None:
    return signing_key(key, certificate) if key and certificate else None


class Files(NamedTuple):
    """A visit's files: the folder they lie in, what they were found to be, the limit to which images were reduced."""

    base: str
    files: Mapping[str, FileFact]
    fit: int | None


class AttachmentRenderer:
    """Makes transaction sets of what travels with claims, visit after visit."""

    def __init__(self, documents: DocumentSettings) -> None:
        self._documents = documents
        self._renderers: dict[str, Renderer] = {}

    def record(self, visit: Visit, narrative: str, receiver: str) -> Package | None:
        """The clinical record of a visit with its whole narrative; None where the receiver takes no attachments."""
        if receiver not in self._documents.versions:
            return None
        return package_record(visit, narrative, self._documents.stamp, self._documents.key)

    def render(
        self,
        visit: Visit,
        control_number: str,
        entries: Sequence[dict[str, Any]],
        source: Files,
        record: Package | None,
        receiver: str,
    ) -> Rendered | None:
        """A claim's transaction set; None when nothing travels. `entries` are the payload's: those that travel are told
        their number in it (`lx`). `record` is the clinical record, the last entry, where it goes along. What is held by a
        service, and what goes by mail, fax or on request, is not in it."""
        version = self._documents.versions.get(receiver)
        if version is None:
            return None
        attached: list[Attached] = []
        for entry in entries:
            if entry["transmission"] not in _TRAVELS:
                continue
            last = record is not None and entry is entries[-1]
            package = record if last else self._file(visit, entry["id"], source, version)
            if package is None:
                continue
            attached.append(
                Attached(entry["controlNumber"], package.content, package.media_type, package.form)
            )
            entry["lx"] = len(attached)
        if not attached:
            return None
        renderer = self._renderers.get(receiver)
        if renderer is None:
            submitter, today = self._documents.submitters[receiver], compact(self._documents.as_of)
            renderer = self._renderers[receiver] = Renderer(version, submitter, today)
        return renderer.render(attachment_set_of(visit, control_number, attached))

    def _file(self, visit: Visit, attachment_id: str, source: Files, version: str) -> Package | None:
        """A file of the record as it travels; None where there is no good one."""
        fact = source.files.get(attachment_id)
        if fact is None or fact.media_type is None or fact.sha256 is None:
            return None
        own = next(each for each in visit["attachments"] if each["id"] == attachment_id)
        enclosure = Enclosure(
            attachment_id, own["type"], fact.media_type, own.get("description", ""), own.get("date")
        )
        path = Path(source.base, own["file"])
        content = SentFile(path, fact.media_type, fact.size, fact.sha256, source.fit)
        return package_file(version, visit, enclosure, content, self._documents.stamp, self._documents.key)


class AttachmentFile:
    """The 275 attachment_file the claims' interchange being written; opened with the first attachment. It has the
    receiver's next control number: no two interchanges to a receiver have the same."""

    def __init__(
        self, settings: Settings, staging: Staging, stamp: Made, session: Session, verifier: Verifier
    ) -> None:
        self._settings, self._staging, self._stamp = settings, staging, stamp
        self._memory, self._verifier = session, verifier
        self._current: AttachmentInterchange | None = None
        self._serial = 0
        self._name = ""
        self._starts: list[tuple[str, int, int]] = []

    def add(self, rendered: Rendered, claim: int, receiver: Receiver) -> dict[str, str]:
        """Write a claim's attachments; where they stand. `claim` is the claim's number in the run."""
        current = self._current
        if current is None:
            self._serial, number, _ = self._memory.numbering.next(receiver)
            self._name = f"{receiver.key}-{number:09}.275"
            current = self._current = AttachmentInterchange(
                self._staging.open(self._name),
                self._settings,
                receiver,
                number,
                self._stamp,
                receiver.attachments,
            )
            self._verifier.begin(self._staging.path(self._name))
        st02 = current.put(rendered)
        self._starts.append((st02, 1, claim))
        return {"file": self._name, "isa13": current.isa13, "gs06": current.gs06, "st02": st02}

    def close(self) -> tuple[WrittenFile, list[tuple[str, int, int]]] | None:
        """End the file; it, and where each claim begins: (ST02, position, claim number). None without attachments."""
        current, starts = self._current, self._starts
        if current is None:
            return None
        self._current, self._starts = None, []
        written = WrittenFile(self._name, current.close(), 0, current.attachments)
        self._staging.close(self._name)
        self._verifier.end(self._staging.path(self._name))
        self._memory.close_file(
            FileEntry(
                ATTACHMENT_FILE,
                self._name,
                scope_of(current.receiver),
                self._serial,
                current.isa13,
                written.sha256,
                0,
            )
        )
        return written, starts
