"""Claims that were sent, found by the ledger: whichever run made them, and wherever its files are now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from edi.errors import InputError, LedgerError
from edi.flows.kept_line import read_kept_line
from edi.flows.sent_claims import SentClaim
from edi.ledger.kept import kept_lines
from edi.ledger.kept_places import KeptPlace, latest_places, place_of
from edi.ledger.ledger import HOST, Ledger, open_to_look
from edi.settings import Settings


class KeptClaims:
    """The claims of a ledger, with what is kept of them beside it."""

    name = "the ledger"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find(self, number: str) -> SentClaim:
        """The latest claim that a number means: a patient control number, a visitId, the payer's number or an attachment's."""
        found = self._ledger.find(number)
        if not found:
            raise InputError(f"The ledger has no claim {number}.")
        visits = {(each.practice, each.visit_id) for each in found}
        if len(visits) > 1:
            names = " and ".join(sorted(f"{visit} of {practice}" for practice, visit in visits))
            raise InputError(
                f"{number} is a number of {len(visits)} claims ({names}). Give one that only the claim has: the payer's, "
                "or an attachment's."
            )
        with self._ledger.database.reading() as connection:
            place = place_of(connection, found[0].id)
        (claim,) = self._read([place])
        return claim

    def matching(self, control_numbers: Collection[str]) -> Iterator[SentClaim]:
        with self._ledger.database.reading() as connection:
            places = latest_places(connection, control_numbers)
        yield from self._read(places)

    def _read(self, places: Iterable[KeptPlace]) -> Iterator[SentClaim]:
        """The claims at these places, which come run by run: each run's file is opened once."""
        for _, group in groupby(places, key=lambda place: place.run):
            yield from self._of_run(list(group))

    def _of_run(self, places: list[KeptPlace]) -> Iterator[SentClaim]:
        lines = kept_lines(self._ledger.kept, places[0].kept or "", [each.line for each in places])
        why = ""
        for place in places:
            try:
                line = b"" if why or place.kept is None else next(lines)[1]
            except LedgerError as error:
                line, why = b"", str(error)
            yield _claim(place, line, why)


@contextmanager
def claims_to_look(settings: Settings) -> Iterator[KeptClaims | None]:
    """The claims of the ledger that the settings name, which is only read; None where there is none."""
    ledger = open_to_look(settings) if settings.ledger else None
    if ledger is None:
        yield None
        return
    with ledger:
        yield KeptClaims(ledger)


def _claim(place: KeptPlace, line: bytes, why: str) -> SentClaim:
    read = read_kept_line(line) if line else None
    if read and read[0]["patientControlNumber"] == place.control_number:
        return SentClaim(place.visit_id, place.control_number, place.practice, *read, ledger_id=place.claim)
    missing = f"What was sent of {place.control_number} (run {place.run} of {place.at[:10]}) "
    if why:
        missing += f"is not found: {why}"
        if place.host != HOST:
            missing += f" It was kept on {place.host}."
    elif line:
        missing += "is not found: its line is damaged. Bring the ledger and its folder back from one backup."
    else:
        missing += "is not kept any more: it was pruned."
    return SentClaim(place.visit_id, place.control_number, place.practice, None, None, missing, place.claim)
