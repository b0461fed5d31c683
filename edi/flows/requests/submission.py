"""A submission: what is to be sent of one claim's attachments, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edi.errors import InputError
from edi.flows.kept_line import Payload, SourceRecord
from edi.flows.requests.at_hand import gone_files
from edi.flows.requests.match import MatchedRequest
from edi.rules import DEFAULT
from edi.rules.profile_reader import payer_profiles
from edi.settings import Receiver, Settings
from edi.visit.record import Visit
from edi.x12.envelope import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The claim's payload and the record it was made of, further `files`, and the requests that are answered (none: nobody asked). `ledger_id` is
    the claim's id in the ledger (None: it has none).
    `as_of` is "today" as an ISO date, `stamp` the time that is written into the interchange."""

    payload: Payload
    source: SourceRecord
    ledger_id: int | None
    files: Sequence[Path]
    requests: Sequence[MatchedRequest]
    settings: Settings
    as_of: str
    stamp: Stamp

    @property
    def visit(self) -> Visit:
        return self.source.visit

    @property
    def claim_number(self) -> str:
        """CLM01."""
        number: str = self.payload["patientControlNumber"]
        return number

    @property
    def gone(self) -> frozenset[str]:
        """The ids of the record's attachments whose files are not there any more, or are others than the claim announced."""
        return gone_files(self.source, self.payload, self.size_limit)

    @property
    def size_limit(self) -> int:
        """How many octets the payer takes in a file. Raises SettingsError when its profile cannot be used."""
        return payer_profiles(self.settings).get(self.payload["payerId"], DEFAULT).attachment_bytes

    @property
    def receiver(self) -> Receiver:
        """Who takes it. Raises InputError when nobody does."""
        receiver = self.settings.receiver_of(self.payload["payerId"])
        if receiver is None:
            raise InputError("No receiver in edi.toml takes what goes to this payer.")
        if not self.requests and receiver.attachments == "none":
            raise InputError(
                f"receivers.{receiver.key} in edi.toml takes no attachments (attachments = none)."
            )
        return receiver

    def shares(self) -> list[tuple[MatchedRequest | None, Sequence[Path]]]:
        """Each request with the files that answer it: they answer the requests that have an unanswered item, or else all."""
        if not self.requests:
            return [(None, self.files)]
        wanting = [each for each in self.requests if each.unanswered] or self.requests
        return [(each, self.files if each in wanting else ()) for each in self.requests]
