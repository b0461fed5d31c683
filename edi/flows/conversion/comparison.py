"""The records of a run compared with the claims that the ledger has of the same visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from edi.flows.conversion.record_store import StoredRecord
from edi.flows.ledger_session import Session
from edi.flows.prior_claims import payer_number_of, standing_claim
from edi.ledger.entry import PriorClaim, PriorService
from edi.ledger.keys import changed_fields, record_fingerprint
from edi.visit.record import Visit

_FIELDS: Final = tuple(Visit.__annotations__)


class ChunkPrior(NamedTuple):
    """What the ledger knows of a chunk's records: claims of each visit by `StoredRecord.identity`, services of each patient by
    `StoredRecord.patient`, and for each record, by its number, a number that no other visit has. `key` is the ledger's."""

    key: bytes
    claims: Mapping[str, tuple[PriorClaim, ...]]
    services: Mapping[str, tuple[PriorService, ...]]
    numbers: Mapping[int, int]


def chunk_prior(session: Session, records: Sequence[StoredRecord]) -> ChunkPrior | None:
    """What the session's ledger knows of these records; None without a ledger."""
    if session.key is None:
        return None
    prior = session.recall({each.identity for each in records}, {each.patient for each in records})
    numbers = {each.number: session.next_visit_number() for each in records}
    return ChunkPrior(session.key, prior.claims, prior.services, numbers)


class Comparison(NamedTuple):
    """A record compared with the claims of its visit. `number` is the visit's own, for control numbers. `unchanged`: one of
    the claims says the same. `generation` counts the claims of the visit. `differs` are the fields that make it a mistake
    to send the record again. `corrects` is the id of the claim that it corrects, `payer_number` the payer's number for that
    one."""

    number: int
    fingerprint: bytes
    unchanged: bool = False
    generation: int = 1
    differs: tuple[str, ...] = ()
    corrects: int | None = None
    payer_number: str | None = None


def compare(prior: ChunkPrior, record: StoredRecord, visit: Visit) -> Comparison:
    """Compare a record of the chunk with the claims of its visit."""
    found = Comparison(prior.numbers[record.number], record_fingerprint(prior.key, visit))
    claims = prior.claims.get(record.identity, ())
    if not claims:
        return found
    if any(each.fingerprint == found.fingerprint for each in claims):
        return found._replace(unchanged=True)
    found = found._replace(generation=claims[-1].generation + 1)
    standing = standing_claim(claims)
    if standing is None:
        return found
    if visit.get("claim", {}).get("frequency", "original") == "original":
        return found._replace(differs=changed_fields(found.fingerprint, standing.fingerprint, _FIELDS))
    same_payer = standing.payer_id == visit["payer"]["payerId"]
    known = payer_number_of(standing, claims) if same_payer else None
    return found._replace(corrects=standing.claim, payer_number=known)


def with_payer_number(visit: Visit, number: str | None) -> Visit:
    """The record of a correction, with the payer's number for what it corrects where the record has none."""
    claim = visit.get("claim", {})
    if number is None or claim.get("payerClaimControlNumber"):
        return visit
    completed: Any = {**visit, "claim": {**claim, "payerClaimControlNumber": number}}
    return completed  # type: ignore[no-any-return]
