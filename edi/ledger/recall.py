"""What the ledger knows of many visits at once: three questions for a chunk, however many records are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from edi.ledger.entry import Past, Sent
from edi.ledger.tables import CLAIM, FILE, LINE, TOLD

Identity = tuple[str, str]  # practice, visitId

STATE: Final = func.coalesce(CLAIM.c.state, FILE.c.state)
"""A claim's state, where its file is joined: its own, or else that of all claims of the file."""


class Recalled(NamedTuple):
    """Claims of each visit in the order they were made, services of each patient."""

    sent: dict[Identity, tuple[Sent, ...]]
    past: dict[str, tuple[Past, ...]]


class Among:
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


def takes_place() -> ColumnElement[bool]:
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


class Recall:
    """The questions, put together once."""

    def __init__(self, dialect: str) -> None:
        self._among = among = Among(dialect)
        settled = CLAIM.c.id <= bindparam("mark")
        self._sent = (
            select(
                CLAIM.c.practice,
                CLAIM.c.visit_id,
                CLAIM.c.id,
                CLAIM.c.generation,
                CLAIM.c.print,
                CLAIM.c.frequency,
                STATE,
                CLAIM.c.payer_id,
                CLAIM.c.payer_number,
                CLAIM.c.corrected_by,
            )
            .join(FILE)
            .where(among(CLAIM.c.visit_id), settled)
            .order_by(CLAIM.c.generation)
        )
        self._past = (
            select(CLAIM.c.patient, CLAIM.c.visit_id, LINE.c.service_date, LINE.c.code, LINE.c.tooth, STATE)
            .join(LINE)
            .join(FILE, FILE.c.id == CLAIM.c.file_id)
            .where(
                among(CLAIM.c.patient),
                settled,
                takes_place(),
                LINE.c.tooth.is_not(None),
                LINE.c.service_date.is_not(None),
            )
            .order_by(LINE.c.service_date, LINE.c.claim_id, LINE.c.place)
        )
        self._told = select(TOLD.c.patient, TOLD.c.service_date, TOLD.c.code, TOLD.c.tooth).where(
            among(TOLD.c.patient), TOLD.c.claim_id <= bindparam("mark")
        )

    def __call__(
        self, connection: Connection, mark: int, identities: Sequence[Identity], patients: Sequence[str]
    ) -> Recalled:
        """What claims up to id `mark` say of these visits and patients."""
        sent: dict[Identity, tuple[Sent, ...]] = {}
        wanted = set(identities)
        visits = self._among.values([visit_id for _, visit_id in identities])
        for practice, visit_id, *rest in connection.execute(self._sent, {"values": visits, "mark": mark}):
            if (practice, visit_id) in wanted:
                sent[practice, visit_id] = (*sent.get((practice, visit_id), ()), Sent(*rest))
        past: defaultdict[str, list[Past]] = defaultdict(list)
        people = {"values": self._among.values(patients), "mark": mark}
        for patient, *rest in connection.execute(self._past, people):
            past[patient].append(Past(*rest))
        for patient, date, code, tooth in connection.execute(self._told, people):
            past[patient].append(Past("", date, code, tooth, ""))
        return Recalled(sent, {patient: tuple(services) for patient, services in past.items()})
