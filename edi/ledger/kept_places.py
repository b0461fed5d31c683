"""Where what is kept of claims lies: the file of their run, and the line in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from edi.ledger.prior import AnyOf
from edi.ledger.tables import CLAIM, FILE, RUN


class KeptPlace(NamedTuple):
    """A claim and its place: the `line` (from 0) in the file `kept` (None: pruned), which the machine `host` wrote at `at`."""

    claim: int
    visit_id: str
    control_number: str
    practice: str
    run: int
    at: str
    host: str
    kept: str | None
    line: int


def place_of(connection: Connection, claim: int) -> KeptPlace:
    """The place of a claim, by its id."""
    return KeptPlace(*connection.execute(_places().where(CLAIM.c.id == claim)).one())


def latest_places(connection: Connection, control_numbers: Collection[str]) -> list[KeptPlace]:
    """The places of the latest claim that each practice made under each of these numbers (CLM01), run by run, in the order of
    their lines."""
    any_of = AnyOf(connection.dialect.name)
    query = _places().where(any_of(CLAIM.c.control_number)).order_by(CLAIM.c.id)
    rows = connection.execute(query, {"values": any_of.values(control_numbers)})
    latest = {(place.control_number, place.practice): place for place in (KeptPlace(*row) for row in rows)}
    return sorted(latest.values())


def _places() -> Select[Any]:
    return (
        select(
            CLAIM.c.id,
            CLAIM.c.visit_id,
            CLAIM.c.control_number,
            CLAIM.c.practice,
            RUN.c.id.label("run"),
            RUN.c.at,
            RUN.c.host,
            RUN.c.kept,
            CLAIM.c.id - RUN.c.first_claim,
        )
        .join(FILE, FILE.c.id == CLAIM.c.file_id)
        .join(RUN, RUN.c.id == FILE.c.run_id)
    )
