"""Prior claims and services of many visits at once: three queries for a chunk, however many records are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from edi.ledger.entry import PriorClaim, PriorRecords, PriorService
from edi.ledger.keys import patient_hash, practice_hash
from edi.ledger.sound import changed, is_date
from edi.ledger.tables import CLAIM, EPISODE_VISIT, FILE, LINE
from edi.visit.identity import SEPARATOR

STATE: Final = func.coalesce(CLAIM.c.state, FILE.c.state)
"""A claim's state, where its file is joined: its own, or else that of all claims of the file."""


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

    def values(self, values: Iterable[str]) -> Any:
        given = list(values)
        return orjson.dumps(given).decode() if self._as_json else given


def took_place() -> ColumnElement[bool]:
    """A condition on claims, with their file joined: the visit took place as the claim says. Not so a claim that was voided or
    replaced, a predetermination, and a claim that was rejected and then sent anew."""
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
    """The queries, put together once."""

    def __init__(self, dialect: str) -> None:
        self._any_of = any_of = AnyOf(dialect)
        known = CLAIM.c.id <= bindparam("last_claim")
        self._claims = (
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
            .where(any_of(CLAIM.c.visit_id), known)
            .order_by(CLAIM.c.generation)
        )
        self._services = (
            select(CLAIM.c.patient, CLAIM.c.visit_id, LINE.c.service_date, LINE.c.code, LINE.c.tooth, STATE)
            .join(LINE)
            .join(FILE, FILE.c.id == CLAIM.c.file_id)
            .where(
                any_of(CLAIM.c.patient),
                known,
                took_place(),
                LINE.c.tooth.is_not(None),
                LINE.c.service_date.is_not(None),
            )
            .order_by(LINE.c.service_date, LINE.c.claim_id, LINE.c.position)
        )
        self._episode_visits = select(
            EPISODE_VISIT.c.patient, EPISODE_VISIT.c.service_date, EPISODE_VISIT.c.code, EPISODE_VISIT.c.tooth
        ).where(any_of(EPISODE_VISIT.c.patient), EPISODE_VISIT.c.claim_id <= bindparam("last_claim"))

    def __call__(
        self,
        connection: Connection,
        key: bytes,
        last_claim: int,
        visits: Collection[str],
        patients: Collection[str],
    ) -> PriorRecords:
        """What the claims up to the id `last_claim` say of visits and patients, each as `edi.visit.identity` names it. `key` is
        the ledger's."""
        names = {_columns(key, visit): visit for visit in visits}
        claims: dict[str, tuple[PriorClaim, ...]] = {}
        ids = {"values": self._any_of.values(visit_id for _, visit_id in names), "last_claim": last_claim}
        for practice, visit_id, *rest in connection.execute(self._claims, ids):
            if visit := names.get((practice, visit_id)):
                claims[visit] = (*claims.get(visit, ()), PriorClaim(*rest))
        people = {patient_hash(key, patient): patient for patient in patients}
        services: defaultdict[str, list[PriorService]] = defaultdict(list)
        hashes = {"values": self._any_of.values(people), "last_claim": last_claim}
        for patient, *rest in connection.execute(self._services, hashes):
            services[people[patient]].append(_service(*rest))
        for patient, date, code, tooth in connection.execute(self._episode_visits, hashes):
            services[people[patient]].append(_service("", date, code, tooth, ""))
        return PriorRecords(claims, {patient: tuple(known) for patient, known in services.items()})


def _service(visit_id: str, date: str, code: str, tooth: str, state: str) -> PriorService:
    if not is_date(date):
        raise changed("no convert writes such a date of a service")
    return PriorService(visit_id, date, code, tooth, state)


def _columns(key: bytes, visit: str) -> tuple[str, str]:
    """The columns `practice` and `visit_id` of a visit's claims."""
    practice, _, visit_id = visit.partition(SEPARATOR)
    return practice_hash(key, practice), visit_id
