"""Settings as values: who submits, to whom, and where the ledger is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path

_TEST_ID = "EDITEST"


@dataclass(frozen=True, slots=True)
class Submitter:
    """Loop 1000A. `contact_name` and one of `phone`, `email`, `fax` make its PER."""

    id: str
    name: str
    contact_name: str
    phone: str = ""
    email: str = ""
    fax: str = ""


ATTACHMENTS = ("005010X210", "006020X314", "none")
"""Guides of attachments. The first is the default: it is what clearinghouses take today. Payers must take the second
from 2028-05-26 on (45 CFR 162.2002); before, only those that have agreed on it do."""


QUALIFIERS = ("01", "14", "20", "27", "28", "29", "30", "33", "ZZ")
"""What kind of id stands in ISA06 or ISA08."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a receiver wants in ISA and GS. `sender_qualifier` is ISA05; `sender`, `receiver`, `group_sender` and `group_receiver`
    are ISA06, ISA08, GS02 and GS03 where these are not the ids of loops 1000A and 1000B, else ""."""

    sender_qualifier: str = "ZZ"
    sender: str = ""
    receiver: str = ""
    group_sender: str = ""
    group_receiver: str = ""


RECEIVER_KEY = "[A-Za-z0-9_-]{1,40}"
"""The form of a receiver's name in edi.toml, which becomes part of file names: a regular expression."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes an interchange. `payers` are the payer ids routed here; empty: all that no other receiver names.
    `usage` is ISA15: T for test, P for production. `overlay` is the file of what it asks of claims, "" for none.
    `attachments` is the guide of the 275 that goes beside its claims, one of ATTACHMENTS. `submitter` is the id by which it
    knows the submitter, "" where that is the submitter's own."""

    key: str
    id: str
    name: str
    qualifier: str = "ZZ"
    usage: str = "T"
    payers: frozenset[str] = frozenset()
    overlay: str = ""
    attachments: str = ATTACHMENTS[0]
    submitter: str = ""
    envelope: Envelope = Envelope()


@dataclass(frozen=True, slots=True)
class Documents:
    """C-CDA documents. `oid_root` is the OID under which their identifiers are made. `signing_key` and
    `signing_certificate` are PEM files; without them documents carry no electronic signature."""

    oid_root: str
    signing_key: Path | None = None
    signing_certificate: Path | None = None


def default_oid_root(submitter_id: str) -> str:
    """An OID root that needs no registration: 2.25 and a UUID as a number (ITU-T X.667), the same one for the same
    submitter (UUID version 5 of `urn:edi:submitter:ID`)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, 'urn:edi:submitter:' + submitter_id).int}"


KEEP_YEARS = 10
"""How long what was sent is kept when edi.toml does not say: as long as a false claim may be sued for (31 U.S.C. 3731(b)) and
plans of Medicare Advantage ask for (42 CFR 422.504(d)). That it suits a dental practice is our judgement: the laws of
states on the records of minors may ask for longer."""


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where the ledger is: a URL, and for a server the environment variable or the file that holds its password. `kept` is
    the folder of what is kept of claims beside it ("": where the ledger puts it), for `keep_years` years."""

    url: str
    password_env: str = ""
    password_file: str = ""
    kept: str = ""
    keep_years: int = KEEP_YEARS


@dataclass(frozen=True, slots=True)
class Settings:
    """`path` is None when no file was found and the test-mode defaults hold. `profiles` are payer ids, each with the
    name or file of its profile as the file gives it; `edi.rules.profile_reader` reads them. `overlays` are payer ids, each with
    the file of its overlay; `edi.guide.overlay` reads them. Without `ledger` nothing is remembered between runs."""

    submitter: Submitter
    receivers: tuple[Receiver, ...]
    path: Path | None = None
    profiles: tuple[tuple[str, str], ...] = ()
    documents: Documents = Documents(default_oid_root(_TEST_ID))
    overlays: tuple[tuple[str, str], ...] = ()
    ledger: LedgerPlace | None = None

    def receiver_of(self, payer_id: str) -> Receiver | None:
        """The receiver of a payer's claims; None when the settings have none for it."""
        for receiver in self.receivers:
            if payer_id in receiver.payers:
                return receiver
        return next((receiver for receiver in self.receivers if not receiver.payers), None)

    def submitter_to(self, receiver: Receiver) -> Submitter:
        """The submitter, by the id that a receiver knows."""
        return replace(self.submitter, id=receiver.submitter) if receiver.submitter else self.submitter


DEFAULTS = Settings(
    Submitter(_TEST_ID, "EDI TEST SUBMITTER", "EDI TEST", phone="5555550100"),
    (Receiver("TEST", "TESTRECEIVER", "TEST RECEIVER"),),
)
