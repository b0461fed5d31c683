"""What happens to claims after they were sent, told to the ledger where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edi.ledger.entry import Event, EventKind
from edi.ledger.numbers import Take
from edi.printable import printable
from edi.settings import Settings

if TYPE_CHECKING:
    from edi.ledger.ledger import Ledger

_CODE = re.compile(r"(?=.*[0-9])[A-Z0-9]{1,8}(?:-[0-9])?")


class ClaimEvents:
    """A ledger to tell, or none; it is not told the control characters that a payer sends. `take` gives control numbers from
    it, and is None without one."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self.take: Take | None = ledger.take if ledger else None

    def requested(self, request: Mapping[str, Any], file: str) -> None:
        """A payer asks about a claim; `request` as `edi.flows.requests.match.request_json` gives it."""
        detail = {
            "request": printable(request["requestNumber"]),
            "due": request["due"] or "",
            "codes": " ".join(_code(ask["code"]) for ask in request["asks"]),
        }
        claim, payer_number = (printable(request[key] or "") for key in ("claimNumber", "payerClaimNumber"))
        self._tell(claim, "requested", file, detail, payer_number or None)

    def answered(self, claim: str, file: Path, number: str) -> None:
        """Something was sent for a claim: with the number of a request the answer to it."""
        self._tell(claim, "answered", str(file), {"request": number} if number else {}, None)

    def _tell(
        self, claim: str, kind: EventKind, source: str, detail: dict[str, str], payer_number: str | None
    ) -> None:
        if self._ledger is None:
            return
        found = [each for each in self._ledger.find(claim) if each.control_number == claim]
        if found:
            self._ledger.record(found[0].id, Event(kind, source, detail=detail), payer_number=payer_number)


def _code(asked: str) -> str:
    """The code of what is asked for; words in its place may tell of a person."""
    return asked if _CODE.fullmatch(asked) else "?"


@contextmanager
def claim_events(settings: Settings) -> Iterator[ClaimEvents]:
    """The ledger that the settings name, open; a note that goes nowhere without one."""
    if settings.ledger is None:
        yield ClaimEvents(None)
        return
    from edi.ledger.ledger import open_ledger

    with open_ledger(settings) as ledger:
        yield ClaimEvents(ledger)
