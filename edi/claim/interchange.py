"""Claims become interchanges: envelope, header loops, the HL tree, counts.

Claims must come sorted so that those of one billing provider, subscriber and patient stand together; a loop is written
once for all claims that share its text.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

from edi.claim.template import template
from edi.guide.claim_837d import GUIDE
from edi.settings import Receiver, Settings, Submitter
from edi.x12.delimiters import DEFAULT
from edi.x12.envelope import END, Stamp, closing, isa13, opening, parties

_LAST_SET = 999_999_999
_st = template("ST", "ST", "ST02", "ST03")
_bht = template("ST", "BHT", "BHT02", "BHT03", "BHT04", "BHT05", "BHT06")
_se = template("ST", "SE", "SE01", "SE02")
_submitter = template("1000A", "NM1:41", "NM102", "NM103", "NM109")
_contact = template("1000A", "PER", "PER02", "PER03", "PER04", "PER05", "PER06", "PER07", "PER08")
_receiver = template("1000B", "NM1:40", "NM103", "NM109")
_billing_level = template("2000A", "HL:20", "HL01")
_subscriber_level = template("2000B", "HL:22", "HL01", "HL02", "HL04")
_patient_level = template("2000C", "HL:23", "HL01", "HL02")


class ClaimText(NamedTuple):
    """One claim as text, every segment ended by `END`: its parties' loops without HL, and loop 2300.

    `number` is the claim's place in the input, `receiver` the key of its receiver, `reporting` true for an
    encounter, `patient` "" when the subscriber is the patient. `together` is how many claims may share a subscriber's or
    patient's loop."""

    number: int
    receiver: str
    reporting: bool
    billing: str
    subscriber: str
    patient: str
    body: str
    together: int = GUIDE.index["2300"].repeat


class Placed(NamedTuple):
    """Where a claim was written: ST02, and all its segments from the billing provider's HL on."""

    st02: str
    segments: list[str]


class Interchange:
    """Writes one interchange to `stream` as claims are added; `close` ends it. `number` is ISA13 and GS06,
    `first_set` the first ST02."""

    def __init__(
        self,
        stream: BinaryIO,
        settings: Settings,
        receiver: Receiver,
        number: int,
        stamp: Stamp,
        first_set: int = 1,
    ) -> None:
        self.receiver = receiver
        self.isa13 = isa13(number)
        self.gs06 = str(number)
        self.claims = 0
        self.starts: list[tuple[str, int, int]] = []  # (ST02, position of its first segment, claim number)
        self._stream = stream
        self._digest = hashlib.sha256()
        self._submitter = settings.submitter_to(receiver)
        self._stamp = stamp
        self._sets = 0
        self._st02 = ""
        self._set = first_set
        self._reporting: bool | None = None
        self._count = self._levels = self._in_loop = 0
        self._billing_hl = self._subscriber_hl = self._patient_hl = ""
        self._billing: str | None = None
        self._subscriber: str | None = None
        self._patient: str | None = None
        self._write(opening(GUIDE, *parties(settings, receiver), receiver.usage, number, stamp))

    def add(self, claim: ClaimText) -> Placed:
        """Write a claim, with whatever loops around it are not open yet."""
        if claim.reporting != self._reporting:
            self._open_set(claim.reporting)
        new = ""
        if claim.billing != self._billing:
            self._billing = claim.billing
            self._billing_hl = self._next_level()
            self._subscriber = self._patient = None
            new += _billing_level(self._billing_hl) + END + claim.billing
        if claim.subscriber != self._subscriber or (not claim.patient and self._in_loop >= claim.together):
            self._subscriber, self._patient = claim.subscriber, None
            self._subscriber_hl = self._next_level()
            self._in_loop = 0
            new += self._subscriber_segment(claim) + END + claim.subscriber
        if claim.patient and (claim.patient != self._patient or self._in_loop >= claim.together):
            self._patient = claim.patient
            self._patient_hl = self._next_level()
            self._in_loop = 0
            new += _patient_level(self._patient_hl, self._subscriber_hl) + END + claim.patient
        self._in_loop += 1
        self.claims += 1
        self.starts.append((self._st02, self._count + 1, claim.number))
        new += claim.body
        self._count += new.count(DEFAULT.terminator)
        self._write(new)
        return Placed(self._st02, self._segments(claim))

    def close(self) -> str:
        """End the interchange; the SHA-256 of what was written, in hexadecimal."""
        self._close_set()
        self._write(closing(self._sets, int(self.gs06)))
        return self._digest.hexdigest()

    def _subscriber_segment(self, claim: ClaimText) -> str:
        return _subscriber_level(self._subscriber_hl, self._billing_hl, "1" if claim.patient else "0")

    def _segments(self, claim: ClaimText) -> list[str]:
        text = (
            f"{_billing_level(self._billing_hl)}{END}{claim.billing}"
            f"{self._subscriber_segment(claim)}{END}{claim.subscriber}"
        )
        if claim.patient:
            text += f"{_patient_level(self._patient_hl, self._subscriber_hl)}{END}{claim.patient}"
        return (text + claim.body).split(END)[:-1]

    def _open_set(self, reporting: bool) -> None:
        self._close_set()
        self._reporting = reporting
        self._sets += 1
        self._st02 = f"{self._set:04}"
        self._set = self._set % _LAST_SET + 1
        self._levels = self._in_loop = 0
        self._billing = self._subscriber = self._patient = None
        submitter, stamp = self._submitter, self._stamp
        header = [
            _st(self._st02, GUIDE.version),
            _bht("00", self.isa13 + self._st02, stamp.date, stamp.time, "RP" if reporting else "CH"),
            _submitter("2", submitter.name, submitter.id),
            _contact_segment(submitter),
            _receiver(self.receiver.name, self.receiver.id),
        ]
        self._count = len(header)
        self._write(END.join(header) + END)

    def _close_set(self) -> None:
        if self._st02:
            self._write(_se(str(self._count + 1), self._st02) + END)

    def _next_level(self) -> str:
        self._levels += 1
        return str(self._levels)

    def _write(self, text: str) -> None:
        octets = text.encode("ascii")
        self._digest.update(octets)
        self._stream.write(octets)


def _contact_segment(submitter: Submitter) -> str:
    ways = [
        (kind, value)
        for kind, value in (("TE", submitter.phone), ("EM", submitter.email), ("FX", submitter.fax))
        if value
    ]
    flat = [each for way in ways for each in way]
    return _contact(submitter.contact_name, *flat, *[""] * (6 - len(flat)))
