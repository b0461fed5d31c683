"""Events of sent claims, recorded in the ledger where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from edi.flows.ledger_session import LedgerSession
from edi.flows.sent_claims import SentClaim, SentClaims
from edi.ledger.entry import Event
from edi.printable import printable
from edi.settings import Settings

if TYPE_CHECKING:
    from edi.ledger.ledger import Ledger
    from edi.ledger.recover import RecoveredRun

_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{1,8}(?:-[0-9])?")


class ClaimEvents:
    """Records events in a ledger, or nowhere without one. `claims` are those of the ledger; None without
    one. `recovered` are earlier runs that were cut off, and were finished or rolled back first. Control characters in what a payer sends are made printable."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self.claims: SentClaims | None = None
        self.recovered: Sequence[RecoveredRun] = ()
        if ledger:
            # Before anything happens to a claim: what comes to one of a run that is rolled back would be lost with it.
            self.recovered = ledger.recover()
            from edi.flows.kept_claims import KeptClaims

            self.claims = KeptClaims(ledger)

    def requested(self, request: Mapping[str, Any], file: str, ledger_id: int | None) -> None:
        """A payer requests something about a claim; `request` is what `edi.flows.requests.match.request_json` gave, `ledger_id`
        the claim's (None: it was not found by the ledger, and is the latest with its number)."""
        detail = {
            "request": printable(request["requestNumber"]),
            "due": request["due"] or "",
            "codes": " ".join(_code(ask["code"]) for ask in request["asks"]),
        }
        claim, payer_number = (printable(request[key] or "") for key in ("claimNumber", "payerClaimNumber"))
        self._record(claim, ledger_id, Event("requested", file, detail=detail), payer_number or None)

    def id_of(self, claim: SentClaim) -> int | None:
        """The id of a claim in the ledger: of the latest with its number, where it was not found by the ledger."""
        return claim.ledger_id or self._latest(claim.control_number)

    @contextmanager
    def session(self) -> Iterator[LedgerSession | None]:
        """A session that has begun, for files that are sent of known claims; None without a ledger."""
        if self._ledger is None:
            yield None
            return
        with closing(LedgerSession(self._ledger)) as session:
            session.begin()
            yield session

    def _latest(self, number: str) -> int | None:
        found = self._ledger.find(number) if self._ledger else ()
        return next((each.id for each in found if each.control_number == number), None)

    def _record(self, claim: str, ledger_id: int | None, event: Event, payer_number: str | None) -> None:
        if self._ledger is None:
            return
        known = ledger_id or self._latest(claim)
        if known is not None:
            self._ledger.record(known, event, payer_number=payer_number)


def _code(text: str) -> str:
    """A code of a request; words in place of a code may name a person, and are left out."""
    return text if _CODE.fullmatch(text) else "?"


@contextmanager
def claim_events(settings: Settings) -> Iterator[ClaimEvents]:
    """The events of the ledger that the settings name, while it is open."""
    if settings.ledger is None:
        yield ClaimEvents(None)
        return
    from edi.ledger.ledger import open_ledger

    with open_ledger(settings) as ledger:
        yield ClaimEvents(ledger)
