"""Payers' requests matched with the claims that were sent, and with the attachments at hand that answer them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from edi.attachments.cda import NOTE
from edi.flows.sent_claims import Payload, SourceRecord, payloads, source_records
from edi.responses.meaning import Meaning, meaning_of
from edi.responses.request import Request, RequestedItem, iso_day
from edi.visit.record import Visit

_AT_ONCE = 10_000  # requests that are looked for in one reading of the claims


class MatchedItem(NamedTuple):
    """A requested item, what it means, and the ids of the attachments at hand that answer it ("note": the clinical record)."""

    item: RequestedItem
    meaning: Meaning
    at_hand: tuple[str, ...]


class MatchedRequest(NamedTuple):
    """A request with its claim. `payload` and `source` are None where the claim, or the record it was made of, is not found."""

    request: Request
    payload: Payload | None
    source: SourceRecord | None
    items: tuple[MatchedItem, ...]

    @property
    def unanswered(self) -> list[MatchedItem]:
        """The items that nothing at hand answers."""
        return [each for each in self.items if not each.at_hand]

    def same_as(self, other: MatchedRequest) -> bool:
        """Whether the payer sent one request twice."""
        one, two = self.request, other.request
        return (one.version, one.number, one.items) == (two.version, two.number, two.items)


def match_requests(requests: Iterable[Request], folder: Path | None) -> Iterator[MatchedRequest]:
    """Each request with its claim among those of `folder`, which edi convert wrote into (None: no claims are known), in order.

    Raises InputError when the folder has no claims to read."""
    remaining = iter(requests)
    while batch := list(islice(remaining, _AT_ONCE)):
        wanted = {request.claim_number for request in batch}
        found: dict[str, Payload] = {}
        for payload in payloads(folder) if folder else ():
            if payload["patientControlNumber"] in wanted:
                found[payload["patientControlNumber"]] = payload
        sources = source_records(found.values())
        for request in batch:
            number = request.claim_number
            yield _matched(request, found.get(number), sources.get(number))


def requests_about(claim: str, requests: Iterable[Request], folder: Path) -> list[MatchedRequest]:
    """The requests about the claim with this patient control number, each once."""
    found: list[MatchedRequest] = []
    for each in match_requests((each for each in requests if each.claim_number == claim), folder):
        if not any(each.same_as(other) for other in found):
            found.append(each)
    return found


def attachments_at_hand(visit: Visit, kinds: Iterable[str]) -> tuple[str, ...]:
    """Ids of a record's attachments with a file of one of these kinds, and "note" where the record has a clinical part."""
    wanted = frozenset(kinds)
    ids = [each["id"] for each in visit.get("attachments", ()) if each.get("file") and each["type"] in wanted]
    return (*ids, NOTE) if NOTE in wanted and visit.get("clinical") else tuple(ids)


def request_json(matched: MatchedRequest) -> dict[str, Any]:
    """A request for programs. It names no person."""
    request, payload = matched.request, matched.payload
    return {
        "requestNumber": request.number,
        "guide": request.version,
        "interchange": request.interchange,
        "payerId": request.payer.id,
        "claimNumber": request.claim_number or None,
        "payerClaimNumber": request.payer_claim_number or None,
        "visitId": payload["visitId"] if payload else None,
        "serviceDate": iso_day(request.service_date[:8]),  # of a period the first day
        "due": iso_day(request.due),
        "asks": [_item_json(each) for each in matched.items],
    }


def _matched(request: Request, payload: Payload | None, source: SourceRecord | None) -> MatchedRequest:
    items = []
    for item in request.items:
        meaning = meaning_of(item.asked.document)
        at_hand = attachments_at_hand(source.visit, meaning.kinds) if source else ()
        items.append(MatchedItem(item, meaning, at_hand))
    return MatchedRequest(request, payload, source, tuple(items))


def _item_json(matched: MatchedItem) -> dict[str, Any]:
    item, asked = matched.item, matched.item.asked
    return {
        "category": asked.document.category,
        "code": asked.document.code,
        "codeList": asked.document.list or None,
        "meaning": matched.meaning.words,
        "narrowedBy": [each.code for each in (asked.window, asked.item) if each],
        "lineNumber": item.line_number or None,
        "procedure": item.procedure or None,
        "atHand": list(matched.at_hand),
    }
