"""Payers' requests matched with the claims that were sent, and with the attachments at hand that answer them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from edi.flows.requests.at_hand import AtHand, attachments_at_hand, moved_files
from edi.flows.sent_claims import SentClaim, SentClaims
from edi.responses.meaning import Meaning, meaning_of
from edi.responses.request import Request, RequestedItem, iso_day

_AT_ONCE = 10_000  # requests that are looked for in one reading of the claims


class MatchedItem(NamedTuple):
    """A requested item, what it means, and the attachments that answer it."""

    item: RequestedItem
    meaning: Meaning
    answers: AtHand


class MatchedRequest(NamedTuple):
    """A request with its claim (None: not found), but for what the claim holds: there may be very many."""

    request: Request
    claim: SentClaim | None
    items: tuple[MatchedItem, ...]

    @property
    def unanswered(self) -> list[MatchedItem]:
        """The items that nothing at hand answers, or not all that the record has."""
        return [each for each in self.items if not each.answers.ids or each.answers.gone]

    def same_as(self, other: MatchedRequest) -> bool:
        """Whether the payer sent one request twice."""
        one, two = self.request, other.request
        return (one.version, one.number, one.items) == (two.version, two.number, two.items)


def match_requests(requests: Iterable[Request], claims: SentClaims | None) -> Iterator[MatchedRequest]:
    """Each request with its claim among those that were sent (None: no claims are known), in order.

    Raises InputError when they cannot be looked up."""
    remaining = iter(requests)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield from _matched_batch(batch, claims)


def _matched_batch(batch: Sequence[Request], claims: SentClaims | None) -> list[MatchedRequest]:
    wanted: dict[str, list[int]] = {}
    for place, request in enumerate(batch):
        wanted.setdefault(request.claim_number, []).append(place)
    matched = [_matched(request, None) for request in batch]
    for claim in claims.matching(wanted.keys()) if claims else ():
        for place in wanted[claim.control_number]:
            if not _is_of_provider(matched[place].claim, batch[place]):
                gone = moved_files(claim.source) if claim.source else ()
                matched[place] = _matched(batch[place], claim, gone)
    return matched


def requests_about(
    claim: SentClaim, requests: Iterable[Request], gone: Collection[str]
) -> list[MatchedRequest]:
    """The requests about a claim, each once. `gone` are the ids of the attachments whose files are not at hand any more."""
    found: list[MatchedRequest] = []
    for request in requests:
        if request.claim_number == claim.control_number:
            each = _matched(request, claim, gone)
            if not any(each.same_as(other) for other in found):
                found.append(each)
    return found


def request_json(matched: MatchedRequest) -> dict[str, Any]:
    """A request for programs. It names no person."""
    request, claim = matched.request, matched.claim
    return {
        "requestNumber": request.number,
        "guide": request.version,
        "interchange": request.interchange,
        "payerId": request.payer.id,
        "claimNumber": request.claim_number or None,
        "payerClaimNumber": request.payer_claim_number or None,
        "visitId": claim.visit_id if claim else None,
        "serviceDate": iso_day(request.service_date[:8]),  # of a period the first day
        "due": iso_day(request.due),
        "asks": [_item_json(each) for each in matched.items],
    }


def _is_of_provider(claim: SentClaim | None, request: Request) -> bool:
    """Whether a claim is surely the one that is meant: practices may use the same numbers."""
    return bool(claim and claim.npi == request.provider_npi)


def _matched(request: Request, claim: SentClaim | None, gone: Collection[str] = ()) -> MatchedRequest:
    items = []
    source = claim.source if claim else None
    for item in request.items:
        meaning = meaning_of(item.asked.document)
        answers = attachments_at_hand(source.visit, meaning.kinds, gone) if source else AtHand()
        items.append(MatchedItem(item, meaning, answers))
    return MatchedRequest(request, claim.in_short() if claim else None, tuple(items))


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
        "atHand": list(matched.answers.ids),
        "gone": list(matched.answers.gone),
    }
