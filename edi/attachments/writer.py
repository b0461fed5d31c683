"""A 275 interchange, written as it goes: one transaction set for each claim, and never more than a piece of a payload
in memory.

    interchange = AttachmentInterchange(stream, settings, receiver, number, stamp, X210)
    st02 = interchange.add(attachment_set)
    sha256 = interchange.close()
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

from edi.attachments.content import Base64, Content, entity
from edi.attachments.media import file_name
from edi.attachments.segments import Segments, segments_of
from edi.attachments.transaction import Attached, AttachmentSet, Name, Question
from edi.claim.parties import address_segments
from edi.settings import Receiver, Settings, Submitter
from edi.visit.charset import clean_text, unsafe_characters
from edi.x12.envelope import END, Party, Stamp, closing, isa13, opening
from edi.x12.template import composite

_LONGEST_LENGTH = 15  # digits that BIN01 and BDS02 hold


class Rendered(NamedTuple):
    """A transaction set as text, but for what depends on the interchange it will stand in: BGN01, BGN02 ("": made of
    the control numbers), the segments after BGN, and for each attachment the segments from LX on, the last without its
    octets, and these. Made where there is time for it, and small enough to be passed between processes."""

    purpose: str
    reference: str
    head: list[str]
    attachments: list[tuple[list[str], Content]]


def render(each: AttachmentSet, version: str, submitter: Submitter, today: str) -> Rendered:
    """One claim's attachments by the guide `version` (`edi.attachments.segments`: X210 or X314); `today` is CCYYMMDD.

    Raises ValueError when there is no attachment, or an identifier holds a character that X12 cannot carry."""
    if not each.attachments:
        raise ValueError("A transaction set has at least one attachment.")
    write = segments_of(version)
    bodies = []
    for number, attached in enumerate(each.attachments, start=1):
        payload = _payload(write, attached)
        bodies.append((_attachment(write, each, attached, number, payload.size, today), payload))
    return Rendered(
        "11" if each.solicited else "02", _id(each.request_number), _head(write, each, submitter), bodies
    )


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
        self._settings = settings
        self._stamp = stamp
        self._segments = segments_of(version)
        sender = Party("ZZ", settings.submitter.id)
        taker = Party(receiver.qualifier, receiver.id)
        self._write(opening(self._segments.guide, sender, taker, receiver.usage, number, stamp))

    def add(self, each: AttachmentSet) -> str:
        """Write one claim's attachments; ST02. Raises what `render` and reading the contents do."""
        version = self._segments.guide.version
        return self.put(render(each, version, self._settings.submitter, self._stamp.date))

    def put(self, rendered: Rendered) -> str:
        """The same, of attachments that have been rendered by this interchange's guide."""
        self._sets += 1
        self.attachments += len(rendered.attachments)
        st02 = f"{self._sets:04}"
        write, stamp = self._segments, self._stamp
        reference = rendered.reference or self.isa13 + st02
        head = [
            write.header(st02, write.guide.version),
            write.beginning(rendered.purpose, reference, stamp.date, stamp.time),
            *rendered.head,
        ]
        self._write(END.join(head) + END)
        count = len(head) + 1
        for segments, payload in rendered.attachments:
            self._write(END.join(segments))
            for piece in payload.pieces():
                self._put(piece)
            self._write(END)
            count += len(segments)
        self._write(write.trailer(str(count), st02) + END)
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


def _head(write: Segments, each: AttachmentSet, submitter: Submitter) -> list[str]:
    """The segments from the payer to the claim's service date."""
    sender = each.sender
    segments = [
        write.payer(clean_text(each.payer.name), each.payer.qualifier, _id(each.payer.id)),
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
    segments.append(write.patient(*_name(each.patient), _id(each.member_id)))
    segments.append(write.claim(_id(each.claim_number)))
    if each.service_date:
        segments.append(write.service("RD8" if "-" in each.service_date else "D8", each.service_date))
    return segments


def _attachment(
    write: Segments, each: AttachmentSet, attached: Attached, number: int, size: int, today: str
) -> list[str]:
    """The segments from LX to the payload's, the last without its octets."""
    if len(str(size)) > _LONGEST_LENGTH:
        raise ValueError("The payload is longer than its segment can say.")
    trace = ("2", _id(each.request_number)) if each.solicited else ("1", _id(attached.control_number))
    segments = [write.attachment(str(number)), write.trace(*trace)]
    segments += [write.asked(*map(_question, asked)) for asked in attached.asked]
    if attached.line_number:
        segments.append(write.line(_id(attached.line_number)))
    return [
        *segments,
        write.submitted("D8", today),
        write.form(attached.form),
        write.kind(),
        write.payload(str(size), ""),
    ]


def _payload(segments: Segments, attached: Attached) -> Content:
    """The MIME entity as it travels. The file is called by the control number: its own name may tell of a person."""
    name = file_name(attached.control_number, attached.media_type)
    whole = entity(attached.content, attached.media_type, name)
    return Base64(whole) if segments.filtered else whole


def _id(text: str) -> str:
    """An identifier, which must arrive as it is or not at all."""
    if unsafe_characters(text):
        raise ValueError("An identifier holds a character that X12 cannot carry.")
    return text


def _name(name: Name) -> tuple[str, str, str, str]:
    """NM103, NM104, NM105 and NM107."""
    rest = (name.first, name.middle, name.suffix) if name.person else ("", "", "")
    return clean_text(name.last), *map(clean_text, rest)  # type: ignore[return-value]  # three follow


def _question(question: Question | None) -> str:
    return composite(_id(question.category), _id(question.code), "", _id(question.list)) if question else ""
