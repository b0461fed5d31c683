"""A 275 interchange, written set by set: one transaction set for each claim, and only a chunk of a payload in memory.

interchange = AttachmentInterchange(stream, settings, receiver, number, stamp, X210)
st02 = interchange.add(attachment_set)
sha256 = interchange.close()
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

from edi.attachments.content import Base64, Content, mime_entity
from edi.attachments.media import file_name
from edi.attachments.segments import Segments, segments_of
from edi.attachments.transaction import Attached, AttachmentSet, Name, Payer, Question, Sender
from edi.claim.parties import address_segments
from edi.settings import Receiver, Settings, Submitter
from edi.visit.charset import clean_text, has_unsafe
from edi.x12.envelope import END, Stamp, closing, isa13, opening, parties
from edi.x12.template import composite

_LONGEST_LENGTH = 15  # digits that BIN01 and BDS02 hold
_AROUND = 3  # ST, BGN and SE


class Rendered(NamedTuple):
    """A transaction set without what depends on its interchange: ST, BGN01, BGN02
    ("": made of the control numbers) and SE. `parts` are all between BGN and SE: octets, and the contents that are not
    in memory; `segments` of them and `attachments` are counted. Made where there is time for it, and small enough to be
    passed between processes."""

    purpose: str
    reference: str
    parts: tuple[bytes | Content, ...]
    segments: int
    attachments: int


class Renderer:
    """Renders claims' attachments by the guide `version` (`edi.attachments.segments`: X210 or X314); `today` is CCYYMMDD.
    Claims of one practice to one payer mostly follow each other: what is the same for them is written once."""

    def __init__(self, version: str, submitter: Submitter, today: str) -> None:
        self._write = segments_of(version)
        self._submitter = submitter
        self._submitted = self._write.submitted("D8", today)
        self._parties: tuple[Payer, Sender] | None = None
        self._party_text = ""

    def render(self, each: AttachmentSet) -> Rendered:
        """One claim's attachments. Raises ValueError when there is none, or an identifier holds a character that X12
        cannot carry."""
        if not each.attachments:
            raise ValueError("A transaction set has at least one attachment.")
        if self._parties != (each.payer, each.sender):
            self._party_text = (
                END.join(_party_segments(self._write, each.payer, each.sender, self._submitter)) + END
            )
            self._parties = each.payer, each.sender
        text = self._party_text + END.join(_claim_segments(self._write, each)) + END
        parts: list[bytes | Content] = []
        octets = b""  # those that no part has yet
        segments = 1  # the last one's end follows the loop
        for number, attached in enumerate(each.attachments, start=1):
            payload = _payload(self._write, attached)
            text += END.join(self._attachment(each, attached, number, payload.size))
            segments += text.count(END)
            octets += text.encode("ascii")
            if payload.in_memory:
                octets += b"".join(payload.chunks())
            else:
                parts += (octets, payload)
                octets = b""
            text = END
        parts.append(octets + text.encode("ascii"))
        return Rendered(
            "11" if each.solicited else "02",
            _id(each.request_number),
            tuple(parts),
            segments,
            len(each.attachments),
        )

    def _attachment(self, each: AttachmentSet, attached: Attached, number: int, size: int) -> list[str]:
        """The segments from LX to the payload's, the last without its octets."""
        write = self._write
        if len(str(size)) > _LONGEST_LENGTH:
            raise ValueError("The payload is longer than its segment can say.")
        trace = ("2", _id(each.request_number)) if each.solicited else ("1", _id(attached.control_number))
        segments = [write.attachment(str(number)), write.trace(*trace)]
        segments += [write.asked(*map(_question, asked)) for asked in attached.asked]
        if attached.line_number:
            segments.append(write.line(_id(attached.line_number)))
        return [
            *segments,
            self._submitted,
            write.form(attached.form),
            write.kind(),
            write.payload(str(size), ""),
        ]


class AttachmentInterchange:
    """Writes one interchange to `stream` as claims' attachments are added; `close` ends it. `number` is ISA13 and
    `version` the guide."""

    def __init__(
        self,
        stream: BinaryIO,
        settings: Settings,
        receiver: Receiver,
        number: int,
        stamp: Stamp,
        version: str,
    ) -> None:
        self.receiver = receiver
        self.isa13 = isa13(number)
        self.gs06 = str(number)
        self.attachments = 0
        self._sets = 0
        self._stream = stream
        self._digest = hashlib.sha256()
        self._stamp = stamp
        self._segments = segments_of(version)
        self._renderer = Renderer(version, settings.submitter_to(receiver), stamp.date)
        ends = parties(settings, receiver)
        self._write(opening(self._segments.guide, *ends, receiver.usage, number, stamp))

    def add(self, each: AttachmentSet) -> str:
        """Write one claim's attachments; ST02. Raises what `Renderer.render` and reading the contents do."""
        return self.put(self._renderer.render(each))

    def put(self, rendered: Rendered) -> str:
        """The same, of attachments that have been rendered by this interchange's guide."""
        self._sets += 1
        self.attachments += rendered.attachments
        st02 = f"{self._sets:04}"
        write, stamp = self._segments, self._stamp
        reference = rendered.reference or self.isa13 + st02
        header = write.header(st02, write.guide.version)
        beginning = write.beginning(rendered.purpose, reference, stamp.date, stamp.time)
        self._write(header + END + beginning + END)
        for part in rendered.parts:
            for piece in (part,) if isinstance(part, bytes) else part.chunks():
                self._put(piece)
        self._write(write.trailer(str(rendered.segments + _AROUND), st02) + END)
        return st02

    def close(self) -> str:
        """End the interchange; the SHA-256 of what was written, in hexadecimal."""
        self._write(closing(self._sets, int(self.gs06)))
        return self._digest.hexdigest()

    def _write(self, text: str) -> None:
        self._put(text.encode("ascii"))

    def _put(self, octets: bytes) -> None:
        self._digest.update(octets)
        self._stream.write(octets)


def _party_segments(write: Segments, payer: Payer, sender: Sender, submitter: Submitter) -> list[str]:
    """The segments from the payer to the provider's address."""
    segments = [
        write.payer(clean_text(payer.name), payer.qualifier, _id(payer.id)),
        write.submitter("2", submitter.name, submitter.id),
        write.provider(
            "1" if sender.name.person else "2",
            *_name(sender.name),
            "XX" if sender.npi else "",
            _id(sender.npi),
        ),
    ]
    if sender.taxonomy:
        segments.append(write.specialty("BI", _id(sender.taxonomy)))
    if sender.address:
        segments += [write.address(), *address_segments(sender.address)]
    return segments


def _claim_segments(write: Segments, each: AttachmentSet) -> list[str]:
    """The segments from the patient to the claim's service date."""
    segments = [
        write.patient(*_name(each.patient), _id(each.member_id)),
        write.claim(_id(each.claim_number)),
    ]
    if each.service_date:
        segments.append(write.service("RD8" if "-" in each.service_date else "D8", each.service_date))
    return segments


def _payload(segments: Segments, attached: Attached) -> Content:
    """The MIME entity as it travels. The file is called by the control number: its own name may tell of a person."""
    name = file_name(attached.control_number, attached.media_type)
    whole = mime_entity(attached.content, attached.media_type, name)
    return Base64(whole) if segments.filtered else whole


def _id(text: str) -> str:
    """An identifier, which must arrive as it is or not at all."""
    if has_unsafe(text):
        raise ValueError("An identifier holds a character that X12 cannot carry.")
    return text


def _name(name: Name) -> tuple[str, str, str, str]:
    """NM103, NM104, NM105 and NM107."""
    rest = (name.first, name.middle, name.suffix) if name.person else ("", "", "")
    return clean_text(name.last), *map(clean_text, rest)  # type: ignore[return-value]  # three follow


def _question(question: Question | None) -> str:
    return composite(_id(question.category), _id(question.code), "", _id(question.list)) if question else ""
