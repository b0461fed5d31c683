"""The values that go into the ledger and come out of it; nothing here needs a database."""

from __future__ import annotations

from collections.abc import Mapping
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
"""Each state of a claim, and how far along it is. A late event of an earlier phase is kept, but changes no state;
within a phase the last event counts."""

NOT_WITH_PAYER: Final = frozenset({"rejected", "voided"})
"""States of claims that the payer did not take in, or was told to drop."""

UNFINISHED: Final = "unfinished"
WRITTEN: Final = "written"
"""The states of a run; a file whose run is written is so too."""

ANSWERED: Final = frozenset({"paid", "denied", "rejected", "voided"})
"""States of claims whose payer has given its last answer, unless somebody asks again."""

CLAIM_FILE: Final = "837"
ATTACHMENT_FILE: Final = "275"

LineEntry = tuple[str, str | None, str | None, int, int]
"""A procedure: code, tooth, service date (both None where the record has none), cents, quantity."""


class ClaimEntry(NamedTuple):
    """What the ledger keeps of one accepted claim. `patient` and `practice` are hashes of `edi.ledger.keys`.

    `generation` counts the claims of a visit. A correction names the claim that it corrects: by `corrects`, its id, where
    its visit is known, else by the payer's number for it. `repeated_id`: another record of the run has the same visitId.
    `attachments` are control numbers, `episode_visits` the visits (tooth, date, code) that only its episode names.
    """

    practice: str
    visit_id: str
    generation: int
    repeated_id: bool
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
    """A file of a run: `kind` is its transaction set ("837", "275"), `number` its control number, `receiver` whose number
    that is, `serial` the same number without rolling over, `claims` how many claims it holds."""

    kind: str
    name: str
    receiver: str
    serial: int
    number: str
    sha256: str
    claims: int


class PriorClaim(NamedTuple):
    """A claim that the ledger has of a visit, as far as another record of the visit is compared with it."""

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
    an episode names it. A `rejected` one is no history for the rules: the payer did not take it in."""

    visit_id: str
    service_date: str
    code: str
    tooth: str
    state: str


class PriorRecords(NamedTuple):
    """The claims of each visit in the order they were made, and the services of each patient; visits and patients as
    `edi.visit.identity` names them."""

    claims: Mapping[str, tuple[PriorClaim, ...]]
    services: Mapping[str, tuple[PriorService, ...]]


class Event(NamedTuple):
    """Something that happened to a claim. `source` is the file it came from; `at` an ISO date and time, `detail` what
    else is worth knowing: codes and amounts, never a name or clinical text."""

    kind: EventKind
    source: str
    at: str = ""
    detail: dict[str, Any] = {}  # noqa: RUF012 - never changed
