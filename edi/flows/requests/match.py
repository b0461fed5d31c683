"""Payers' requests held against the claims that were sent: which claim, and what of it is at hand to answer with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from edi.attachments.cda import NOTE
from edi.flows.sent_claims import Origin, Payload, origins, payloads
from edi.responses.meaning import Meaning, meaning_of
from edi.responses.request import Request, RequestedItem, iso_day
from edi.visit.record import Visit

_AT_ONCE = 10_000  # requests that are looked for in one reading of the claims


class MatchedQuestion(NamedTuple):
    """One question: what it means, and the ids of the attachments at hand that answer it ("note": the clinical record)."""

    ask: RequestedItem
    meaning: Meaning
    at_hand: tuple[str, ...]


class MatchedRequest(NamedTuple):
    """One request with its claim: `payload` and `origin` are None where the claim, or its record, was not found."""

    request: Request
    payload: Payload | None
    origin: Origin | None
    asks: tuple[MatchedQuestion, ...]


def match_requests(requests: Iterable[Request], folder: Path | None) -> Iterator[MatchedRequest]:
    """Each request with the claim in `folder` (what edi convert wrote into; None: no claims are known), in order.

    Raises InputError when the folder has no claims to read."""
    remaining = iter(requests)
    while batch := list(islice(remaining, _AT_ONCE)):
        wanted = {request.claim_number for request in batch}
        found: dict[str, Payload] = {}
        for payload in payloads(folder) if folder else ():
            if payload["patientControlNumber"] in wanted:
                found[payload["patientControlNumber"]] = payload
        sources = origins(found.values())
        for request in batch:
            number = request.claim_number
            yield _matched(request, found.get(number), sources.get(number))


def _matched(request: Request, payload: Payload | None, source: Origin | None) -> MatchedRequest:
    asks = []
    for ask in request.items:
        meaning = meaning_of(ask.asked.document)
        asks.append(MatchedQuestion(ask, meaning, at_hand(source.visit, meaning.kinds) if source else ()))
    return MatchedRequest(request, payload, source, tuple(asks))


def at_hand(visit: Visit, kinds: Iterable[str]) -> tuple[str, ...]:
    """Ids of a record's attachments with a file of one of these kinds, and "note" where the record has a chart."""
    wanted = frozenset(kinds)
    ids = [each["id"] for each in visit.get("attachments", ()) if each.get("file") and each["type"] in wanted]
    return (*ids, NOTE) if NOTE in wanted and visit.get("clinical") else tuple(ids)


def as_json(question: MatchedRequest) -> dict[str, Any]:
    """A request for programs. It names no person."""
    request, payload = question.request, question.payload
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
        "asks": [_ask_json(each) for each in question.asks],
    }


def _ask_json(question: MatchedQuestion) -> dict[str, Any]:
    ask = question.ask
    narrowed = [each.code for each in (ask.asked.window, ask.asked.item) if each]
    return {
        "category": ask.asked.document.category,
        "code": ask.asked.document.code,
        "codeList": ask.asked.document.list or None,
        "meaning": question.meaning.words,
        "narrowedBy": narrowed,
        "lineNumber": ask.line_number or None,
        "procedure": ask.procedure or None,
        "atHand": list(question.at_hand),
    }
