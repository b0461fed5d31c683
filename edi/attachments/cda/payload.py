"""The file inside an unstructured document, decoded as its text comes in."""

from __future__ import annotations

import binascii
import hashlib
from typing import BinaryIO

import pybase64

from edi.attachments.cda.faults import fault
from edi.attachments.cda.values import Body
from edi.finding import Finding

_BLANKS = b" \t\r\n"
_PIECE = 1 << 16


class Payload:
    """Takes the text of nonXMLBody in chunks, and passes the decoded octets to `sink`.

    With `base64` the text is decoded; from the first letter that is not base64 on nothing more is passed on. Without it
    the octets are the text itself in UTF-8.
    """

    def __init__(self, sink: BinaryIO | None, media_type: str, *, base64: bool) -> None:
        self.size = 0
        self.findings: list[Finding] = []
        self._sink = sink
        self._media_type = media_type
        self._base64 = base64
        self._digest = hashlib.sha256()
        self._pending: list[bytes] = []
        self._waiting = 0
        self._ended = False

    def feed(self, text: str) -> None:
        """Take the next chunk of the text."""
        data = text.encode()
        if self._base64:
            data = data.translate(None, _BLANKS)
        self._pending.append(data)
        self._waiting += len(data)
        if self._waiting >= _PIECE:
            self._flush(last=False)

    def close(self, reference: str) -> Body:
        """The file inside; `reference` is where the file lies when it is not inside."""
        self._flush(last=True)
        return Body(self._media_type, self.size, self._digest.hexdigest(), reference)

    def _flush(self, *, last: bool) -> None:
        data = b"".join(self._pending)
        whole = len(data) if last or not self._base64 else len(data) // 4 * 4
        self._pending = [data[whole:]]
        self._waiting = len(data) - whole
        self._pass(self._decoded(data[:whole]) if self._base64 else data[:whole])

    def _decoded(self, letters: bytes) -> bytes:
        if not letters or self.findings:
            return b""
        if self._ended:
            self.findings.append(fault("CDA-BASE64", "The base64 of the file goes on after its end (=)."))
            return b""
        self._ended = letters.endswith(b"=")
        try:
            octets: bytes = pybase64.b64decode(letters, validate=True)
            return octets
        except binascii.Error:
            self.findings.append(
                fault(
                    "CDA-BASE64",
                    f"The file is not base64, or is cut off, somewhere after its first {self.size} octets.",
                )
            )
            return b""

    def _pass(self, octets: bytes) -> None:
        self.size += len(octets)
        self._digest.update(octets)
        if self._sink is not None:
            self._sink.write(octets)
