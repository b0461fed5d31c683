"""What goes into the ledger and comes out of it, as values; nothing here knows of a database."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import orjson

EventKind = Literal[
    "created",
    "written",
    "sent",
    "acknowledged",
    "accepted",
    "rejected",
    "requested",
    "answered",
    "paid",
    "denied",
    "appealed",
    "voided",
]
PHASE: Final[dict[str, int]] = {
    "created": 0,
    "written": 1,
    "sent": 2,
    "acknowledged": 3,
    "accepted": 4,
    "rejected": 4,
    "requested": 5,
    "answered": 5,
    "paid": 5,
    "denied": 5,
    "appealed": 5,
    "voided": 6,
}
"""Each state a claim can be in, and how far along it is. An event of an earlier phase that comes late is kept, but
does not take the claim back; within a phase the last event counts."""

NOT_WITH_PAYER: Final = frozenset({"rejected", "voided"})
"""States of claims that the payer does not have, or has no more."""

CLAIM_FILE: Final = "837"
ATTACHMENT_FILE: Final = "275"


LineEntry = tuple[str, str | None, str | None, int, int]
"""A procedure: code, tooth, service date (both None where the record has none), cents, quantity."""


class ClaimEntry(NamedTuple):
    """What the ledger keeps of one accepted claim. `patient` and `practice` are marks of `edi.ledger.keys`.

    `generation` counts the claims of a visit. A correction names the claim it corrects: by `corrects`, its id, where
    its visit is known, else by the payer's number for it. `again`: another record of the run has the same visitId.
    `attachments` are their control numbers, `episode_visits` the visits (tooth, date, code) of which only its episode tells.
    """

    practice: str
    visit_id: str
    generation: int
    again: bool
    purpose: str
    frequency: str
    patient: str
    payer_id: str
    control_number: str
    corrects: int | None
    corrects_number: str | None
    service_date: str | None
    cents: int
    fingerprint: str
    lines: list[LineEntry]
    attachments: list[str]
    episode_visits: list[tuple[str, str, str]]

    def dump(self) -> bytes:
        """One line of JSON."""
        return orjson.dumps(tuple(self), option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def load(cls, line: bytes) -> ClaimEntry:
        """What `dump` wrote."""
        return cls(*orjson.loads(line))


class FileEntry(NamedTuple):
    """A file that a run is about to write: `kind` is its transaction set ("837", "275"), `receiver` whose control
    number `number` is, `serial` that number without rolling over; `claims` how many it brings."""

    kind: str
    name: str
    receiver: str
    serial: int
    number: str
    sha256: str
    claims: int


class PriorClaim(NamedTuple):
    """A claim of a visit that the ledger knows, as far as another record of this visit must know it."""

    claim: int
    generation: int
    fingerprint: bytes
    frequency: str
    state: str
    payer_id: str
    payer_number: str | None
    corrected_by: int | None


class PriorService(NamedTuple):
    """A service of a patient that the ledger knows. `state` is that of its claim; visitId and state are "" where only
    another record's episode tells of it. A `rejected` one was never taken in: it is no history for the rules."""

    visit_id: str
    service_date: str
    code: str
    tooth: str
    state: str


class Event(NamedTuple):
    """Something that happened to a claim. `source` is the file it came from; `at` an ISO date and time, `detail` what
    else is worth knowing: codes and amounts, never a name or clinical text."""

    kind: EventKind
    source: str
    at: str = ""
    detail: dict[str, Any] = {}  # noqa: RUF012 - never changed
