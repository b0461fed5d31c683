"""What the ledger knows of many visits at once: three questions for a chunk, however many records are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from edi.ledger.entry import PriorClaim, PriorService
from edi.ledger.tables import CLAIM, EPISODE_VISIT, FILE, LINE

Identity = tuple[str, str]  # practice, visitId

STATE: Final = func.coalesce(CLAIM.c.state, FILE.c.state)
"""A claim's state, where its file is joined: its own, or else that of all claims of the file."""


class PriorRecords(NamedTuple):
    """Claims of each visit in the order they were made, services of each patient."""

    sent: dict[Identity, tuple[PriorClaim, ...]]
    past: dict[str, tuple[PriorService, ...]]


class AnyOf:
    """ "One of these values" as one parameter, so that the statement is the same for any number of them."""

    def __init__(self, dialect: str) -> None:
        self._as_json = dialect == "sqlite"

    def __call__(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """A condition on a text column; its parameter is `values`, made by `values()`."""
        if self._as_json:
            given = func.json_each(bindparam("values", type_=Text)).table_valued("value")
            return column.in_(select(given.c.value))
        return column == any_(bindparam("values", type_=ARRAY(Text)))

    def values(self, values: Sequence[str]) -> Any:
        return orjson.dumps(values).decode() if self._as_json else list(values)


def took_place() -> ColumnElement[bool]:
    """A condition on claims: they tell of visits that took place. What a void took back or a replacement stands for tells of
    none, nor does a plan, nor what was rejected and then sent anew."""
    later = CLAIM.alias("later")
    same = (later.c.visit_id == CLAIM.c.visit_id, later.c.practice == CLAIM.c.practice)
    anew = select(later.c.id).where(*same, later.c.generation > CLAIM.c.generation).correlate(CLAIM).exists()
    return and_(
        CLAIM.c.corrected_by.is_(None),
        CLAIM.c.frequency != "void",
        CLAIM.c.purpose != "predetermination",
        or_(STATE != "rejected", ~anew),
    )


class PriorQueries:
    """The questions, put together once."""

    def __init__(self, dialect: str) -> None:
        self._among = among = AnyOf(dialect)
        recovered = CLAIM.c.id <= bindparam("last_claim")
        self._sent = (
            select(
                CLAIM.c.practice,
                CLAIM.c.visit_id,
                CLAIM.c.id,
                CLAIM.c.generation,
                CLAIM.c.fingerprint,
                CLAIM.c.frequency,
                STATE,
                CLAIM.c.payer_id,
                CLAIM.c.payer_number,
                CLAIM.c.corrected_by,
            )
            .join(FILE)
            .where(among(CLAIM.c.visit_id), recovered)
            .order_by(CLAIM.c.generation)
        )
        self._past = (
            select(CLAIM.c.patient, CLAIM.c.visit_id, LINE.c.service_date, LINE.c.code, LINE.c.tooth, STATE)
            .join(LINE)
            .join(FILE, FILE.c.id == CLAIM.c.file_id)
            .where(
                among(CLAIM.c.patient),
                recovered,
                took_place(),
                LINE.c.tooth.is_not(None),
                LINE.c.service_date.is_not(None),
            )
            .order_by(LINE.c.service_date, LINE.c.claim_id, LINE.c.position)
        )
        self._episode_visits = select(
            EPISODE_VISIT.c.patient, EPISODE_VISIT.c.service_date, EPISODE_VISIT.c.code, EPISODE_VISIT.c.tooth
        ).where(among(EPISODE_VISIT.c.patient), EPISODE_VISIT.c.claim_id <= bindparam("last_claim"))

    def __call__(
        self, connection: Connection, last_claim: int, identities: Sequence[Identity], patients: Sequence[str]
    ) -> PriorRecords:
        """What claims up to id `last_claim` say of these visits and patients."""
        sent: dict[Identity, tuple[PriorClaim, ...]] = {}
        wanted = set(identities)
        visits = self._among.values([visit_id for _, visit_id in identities])
        for practice, visit_id, *rest in connection.execute(
            self._sent, {"values": visits, "last_claim": last_claim}
        ):
            if (practice, visit_id) in wanted:
                sent[practice, visit_id] = (*sent.get((practice, visit_id), ()), PriorClaim(*rest))
        past: defaultdict[str, list[PriorService]] = defaultdict(list)
        people = {"values": self._among.values(patients), "last_claim": last_claim}
        for patient, *rest in connection.execute(self._past, people):
            past[patient].append(PriorService(*rest))
        for patient, date, code, tooth in connection.execute(self._episode_visits, people):
            past[patient].append(PriorService("", date, code, tooth, ""))
        return PriorRecords(sent, {patient: tuple(services) for patient, services in past.items()})
