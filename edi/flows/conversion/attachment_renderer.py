"""The attachments of a claim as a transaction set of a 275."""

from __future__ import annotations

from pathlib import Path

from edi.attachments.cda import Enclosure
from edi.attachments.content import SentFile
from edi.attachments.from_visit import attachment_set_of
from edi.attachments.packaging import Package, package_file, package_record
from edi.attachments.transaction import Attached
from edi.attachments.writer import Rendered, Renderer
from edi.claim.codes import ELECTRONIC, FILE_TRANSFER
from edi.claim.values import date_text
from edi.flows.conversion.visit_case import ClaimDraft, VisitCase
from edi.flows.document_settings import DocumentSettings
from edi.visit.record import Visit

_SENT = (ELECTRONIC, FILE_TRANSFER)


class AttachmentRenderer:
    """Makes the transaction set of a claim's attachments, claim after claim."""

    def __init__(self, documents: DocumentSettings) -> None:
        self._documents = documents
        self._renderers: dict[str, Renderer] = {}

    def clinical_record(self, visit: Visit, narrative: str, receiver: str) -> Package | None:
        """The clinical record of a visit with its whole narrative; None where the receiver takes no attachments."""
        if receiver not in self._documents.versions:
            return None
        return package_record(visit, narrative, self._documents.stamp, self._documents.key)

    def render(self, case: VisitCase, draft: ClaimDraft, clinical_record: Package | None) -> Rendered | None:
        """The transaction set; None when nothing is sent with the claim. Each entry of the draft's attachments that is sent gets
        its number in the set (`lx`). `clinical_record` is the content of the last entry, where it is sent. What a service
        holds, and what goes by mail, fax or on request, is not sent."""
        receiver = case.record.receiver
        version = self._documents.versions.get(receiver)
        if version is None:
            return None
        attached: list[Attached] = []
        for entry in draft.attachments:
            if entry["transmission"] not in _SENT:
                continue
            last = clinical_record is not None and entry is draft.attachments[-1]
            package = clinical_record if last else self._file(case, entry["id"], version)
            if package is None:
                continue
            attached.append(
                Attached(entry["controlNumber"], package.content, package.media_type, package.form)
            )
            entry["lx"] = len(attached)
        if not attached:
            return None
        return self._renderer(receiver, version).render(
            attachment_set_of(case.visit, draft.control_number, attached)
        )

    def _renderer(self, receiver: str, version: str) -> Renderer:
        if receiver not in self._renderers:
            submitter, today = self._documents.submitters[receiver], date_text(self._documents.as_of)
            self._renderers[receiver] = Renderer(version, submitter, today)
        return self._renderers[receiver]

    def _file(self, case: VisitCase, attachment_id: str, version: str) -> Package | None:
        """The file of an attachment as it is sent; None where there is no good one."""
        fact = case.files.get(attachment_id)
        if fact is None or fact.media_type is None or fact.sha256 is None:
            return None
        own = next(each for each in case.visit["attachments"] if each["id"] == attachment_id)
        enclosure = Enclosure(
            attachment_id, own["type"], fact.media_type, own.get("description", ""), own.get("date")
        )
        path = Path(case.record.base, own["file"])
        content = SentFile(path, fact.media_type, fact.size, fact.sha256, case.image_limit)
        return package_file(
            version, case.visit, enclosure, content, self._documents.stamp, self._documents.key
        )
