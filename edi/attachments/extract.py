"""The files inside a 275, put into a folder.

Their names are made of their order in the file and their control number: what a sender calls a file never decides where
it is written. Beside a C-CDA document stands a page that shows it to people, and the file that it holds.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from edi.attachments.cda import Body, Document, read_document, rendering
from edi.attachments.media import file_name
from edi.finding import Finding
from edi.guide.attachment_275.x314 import GUIDE
from edi.validate.envelope import Envelope
from edi.validate.log import Log, Sink
from edi.x12.binary import Payload
from edi.x12.element_reader import reader
from edi.x12.mime import MimePayload, Part
from edi.x12.output import Staging
from edi.x12.reader import read_batches

_XML = ("text/xml", "application/xml")
_LONGEST_STEM = 60
_CONTROL_NUMBER = reader(GUIDE, "2000A", "TRN", "TRN02")  # in the same place in every guide of a 275


class Extracted(NamedTuple):
    """A file that was written: its name in the folder, the media type that its header states, its size in octets and its
    SHA-256 in hexadecimal. `inside` is the name of the document that held it, or that it shows (""); `findings` are what is
    wrong with a document."""

    name: str
    media_type: str
    size: int
    sha256: str
    inside: str = ""
    findings: tuple[Finding, ...] = ()


def extract(stream: BinaryIO, name: str, folder: Path, sink: Sink | None = None) -> list[Extracted]:
    """Write the files in every payload of `stream` into `folder`, in order; readable by their owner alone.

    A payload of a wrong length gives no file; one that is not encoded as it says gives what could be decoded; nothing
    follows a cut. The stream is validated as it is read, and `sink` gets what is wrong with it. All files appear
    together. Raises InputError when the stream is not X12 (`name` is how its message calls it), OutputError when the folder
    cannot be written, or has other files of these names: nothing is ever overwritten."""
    log = Log(lambda finding, _: sink(finding) if sink else None)
    envelope = Envelope(log)
    with Staging(folder) as staging:
        taker = _Taker(staging)
        for batch in envelope.through(read_batches(stream, name, taker.opened)):
            for segment in batch.segments:
                elements = segment.split(batch.delimiters.element)
                if elements[0] == _CONTROL_NUMBER.place.address:
                    taker.control_number = _CONTROL_NUMBER(elements)
        staging.publish(replace=frozenset())
    return taker.written


class _Taker:
    """Opens files for payloads as they come."""

    def __init__(self, staging: Staging) -> None:
        self.written: list[Extracted] = []
        self.control_number = ""  # of the attachment at hand, where it has one
        self._staging = staging
        self._count = 0

    def opened(self, head: str) -> Payload:
        return _Whole(MimePayload(head, self._file), self)

    def _file(self, part: Part) -> _File:
        self._count += 1
        stem = "-".join(filter(None, (f"{self._count:05}", self.control_number)))[:_LONGEST_STEM]
        return _File(self, self._staging, file_name(stem, part.media_type), part.media_type)

    def drop_after(self, count: int) -> None:
        """Drop all files but the first `count`."""
        for each in self.written[count:]:
            self._staging.drop(each.name)
        del self.written[count:]


class _Whole:
    """A payload whose files are dropped when its stated length was wrong."""

    def __init__(self, payload: MimePayload, taker: _Taker) -> None:
        self._payload, self._taker = payload, taker
        self._before = len(taker.written)

    def take(self, octets: bytes) -> None:
        self._payload.take(octets)

    def end(self, *, whole: bool) -> str:
        trouble = self._payload.end(whole=True)  # so that every file that was begun is closed
        if not whole:
            self._taker.drop_after(self._before)
        return trouble


class _File:
    """One file that is being written."""

    def __init__(self, taker: _Taker, staging: Staging, name: str, media_type: str) -> None:
        self._taker, self._staging = taker, staging
        self._name, self._media_type = name, media_type
        self._stream = staging.open(name)
        self._digest = hashlib.sha256()
        self._size = 0

    def take(self, octets: bytes) -> None:
        self._stream.write(octets)
        self._digest.update(octets)
        self._size += len(octets)

    def end(self) -> None:
        self._staging.close(self._name)
        written = Extracted(self._name, self._media_type, self._size, self._digest.hexdigest())
        if self._media_type not in _XML:
            self._taker.written.append(written)
            return
        with self._staging.path(self._name).open("rb") as stream:
            document = read_document(stream)
        self._taker.written.append(written._replace(findings=document.findings))
        if document.header:
            self._page(document)
        if document.body is not None and document.body.size:
            self._inner(document.body)

    def _page(self, document: Document) -> None:
        """Write a page that shows the document."""
        octets = rendering(document).encode()
        name = file_name(Path(self._name).stem, "text/html")
        self._staging.open(name).write(octets)
        self._staging.close(name)
        digest = hashlib.sha256(octets).hexdigest()
        self._taker.written.append(Extracted(name, "text/html", len(octets), digest, self._name))

    def _inner(self, body: Body) -> None:
        """Write the file inside the document."""
        name = file_name(f"{Path(self._name).stem}-file", body.media_type)
        with self._staging.path(self._name).open("rb") as stream:
            read_document(stream, self._staging.open(name))
        self._staging.close(name)
        self._taker.written.append(Extracted(name, body.media_type, body.size, body.sha256, self._name))
