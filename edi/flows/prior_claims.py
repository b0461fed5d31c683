"""What a ledger says of the records of a chunk, and what it is to keep of those that become claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from edi.ledger.entry import NOT_WITH_PAYER, ClaimEntry, PriorClaim, PriorService
from edi.ledger.keys import changed_fields, patient_hash, practice_hash, record_fingerprint
from edi.visit.identity import SEPARATOR
from edi.visit.money import dollars
from edi.visit.record import Visit

_FIELDS: Final = tuple(Visit.__annotations__)


class PriorRecords(NamedTuple):
    """What a ledger says of visits and patients: by `visit_of` (`edi.visit.identity`) the claims of each in the order they
    were made, by `patient_of` the services."""

    sent: Mapping[str, tuple[PriorClaim, ...]]
    past: Mapping[str, tuple[PriorService, ...]]


class ChunkHistory(NamedTuple):
    """Of a chunk's records: by their number the claims of the same visit and a number nobody else has; by `patient_key_of`
    the services of the patient. `key` is the ledger's."""

    key: bytes
    sent: Mapping[int, tuple[PriorClaim, ...]]
    numbers: Mapping[int, int]
    past: Mapping[str, tuple[PriorService, ...]]


class Comparison(NamedTuple):
    """How a record stands to the claims of its visit. `unchanged`: one of them says the same. `differs`: fields that
    the claim under its visitId has otherwise, where that makes it a mistake. `corrects` and `payer_number` are those
    of the claim that it corrects."""

    number: int
    fingerprint: bytes
    unchanged: bool = False
    generation: int = 1
    differs: tuple[str, ...] = ()
    corrects: int | None = None
    payer_number: str | None = None


def patient_key_of(key: str) -> str:
    """From a sort key its `patient_of`: without the receiver, who is a setting, and the date."""
    return key.partition(SEPARATOR)[2].rpartition(SEPARATOR)[0]


def compare(session: ChunkHistory, number: int, visit: Visit) -> Comparison:
    """How the record with this number stands to what was sent."""
    made = Comparison(session.numbers[number], record_fingerprint(session.key, visit))
    sent = session.sent.get(number, ())
    if not sent:
        return made
    if any(each.fingerprint == made.fingerprint for each in sent):
        return made._replace(unchanged=True)
    made = made._replace(generation=sent[-1].generation + 1)
    stands = _standing(sent)
    if visit.get("claim", {}).get("frequency", "original") != "original":
        if stands is None:
            return made
        known = _payer_number(stands, sent) if stands.payer_id == visit["payer"]["payerId"] else None
        return made._replace(corrects=stands.claim, payer_number=known)
    if stands is None:
        return made
    return made._replace(differs=changed_fields(made.fingerprint, stands.fingerprint, _FIELDS))


def visit_state(sent: Sequence[PriorClaim]) -> str:
    """What became of a visit: the state of its claim that stands, or else of the last one; "" without a claim."""
    found = _standing(sent) or next((each for each in reversed(sent) if each.frequency != "void"), None)
    return found.state if found else ""


def _standing(sent: Sequence[PriorClaim]) -> PriorClaim | None:
    """The last claim of a visit that the payer may have: neither refused nor taken back, and no later one in its place."""
    own = {each.claim for each in sent}
    for each in reversed(sent):
        if each.state not in NOT_WITH_PAYER and each.frequency != "void" and each.corrected_by not in own:
            return each
    return None


def _payer_number(claim: PriorClaim, sent: Sequence[PriorClaim]) -> str | None:
    """The payer's number for a claim. A replacement has one of its own only when the payer says so, else that of the claim
    it replaced."""
    before = {each.corrected_by: each for each in sent if each.corrected_by is not None}
    found: PriorClaim | None = claim
    while found and not found.payer_number and found.frequency == "replacement":
        found = before.get(found.claim)
    return found.payer_number if found else None


def with_payer_number(visit: Visit, number: str | None) -> Visit:
    """The record of a correction, with the payer's number for what it corrects where it brings none."""
    claim = visit.get("claim", {})
    if number is None or claim.get("payerClaimControlNumber"):
        return visit
    completed: Any = {**visit, "claim": {**claim, "payerClaimControlNumber": number}}
    return completed  # type: ignore[no-any-return]


class Keep(NamedTuple):
    """All that the ledger will know of a record beside the claim that is made of it. `episode_visits`: visits (tooth, date,
    code) of which only its episode tells; `again`: another record of the run has the same visitId."""

    key: bytes
    who: str
    identity: str
    compare: Comparison
    episode_visits: list[tuple[str, str, str]]
    again: bool

    def entry(
        self, visit: Visit, control_number: str, total: Decimal, attachments: Sequence[Mapping[str, Any]]
    ) -> bytes:
        """What the ledger keeps of the claim, as a line of `edi.ledger.pending`."""
        claim = visit.get("claim", {})
        practice, _, visit_id = self.identity.partition(SEPARATOR)
        date = visit.get("serviceDate")
        return ClaimEntry(
            practice=practice_hash(self.key, practice),
            visit_id=visit_id,
            generation=self.compare.generation,
            again=self.again,
            purpose=claim.get("purpose", "claim"),
            frequency=claim.get("frequency", "original"),
            patient=patient_hash(self.key, self.who),
            payer_id=visit["payer"]["payerId"],
            control_number=control_number,
            corrects=self.compare.corrects,
            corrects_number=claim.get("payerClaimControlNumber"),
            service_date=date,
            cents=int(total * 100),
            fingerprint=self.compare.fingerprint.hex(),
            lines=[
                (
                    line["code"],
                    line.get("toothNumber"),
                    line.get("serviceDate", date),
                    int(dollars(line["fee"]) * 100),
                    line.get("quantity", 1),
                )
                for line in visit["procedures"]
            ],
            attachments=[entry["controlNumber"] for entry in attachments if "controlNumber" in entry],
            episode_visits=self.episode_visits,
        ).dump()
