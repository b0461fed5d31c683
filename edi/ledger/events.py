"""What happens to claims: events are only added, and a claim's state follows from them."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, func, select

from edi.ledger.entry import PHASE, Event
from edi.ledger.publish import now, restate
from edi.ledger.tables import CLAIM, EVENT, FILE


def record(connection: Connection, claim: int, event: Event, payer_number: str | None = None) -> bool:
    """Add an event to a claim; False when the same one is there. Raises KeyError when there is no such claim."""
    row = connection.execute(
        select(CLAIM.c.state, FILE.c.state.label("of_file"), CLAIM.c.corrects, CLAIM.c.frequency)
        .join(FILE)
        .where(CLAIM.c.id == claim)
    ).first()
    if row is None:
        raise KeyError(claim)
    if payer_number:
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(payer_number=payer_number))
    if not _add(connection, event, claim_id=claim):
        return False
    if PHASE[event.kind] >= PHASE[row.state or row.of_file]:
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(state=event.kind))
        if event.kind == "rejected" and row.corrects is not None:
            _stand_again(connection, row.corrects, claim)
    return True


def record_file(connection: Connection, receiver: str, kind: str, number: str, event: Event) -> bool:
    """Add an event to a file: it happened to all its claims. False when the same one is there. Raises KeyError when
    there is no such file. Of files whose number rolled over the last one is meant."""
    row = connection.execute(
        select(FILE.c.id, FILE.c.state)
        .where(FILE.c.receiver == receiver, FILE.c.kind == kind, FILE.c.number == number)
        .order_by(FILE.c.serial.desc())
    ).first()
    if row is None:
        raise KeyError(number)
    if not _add(connection, event, file_id=row.id):
        return False
    if PHASE[event.kind] >= PHASE[row.state]:
        connection.execute(FILE.update().where(FILE.c.id == row.id).values(state=event.kind))
    return True


def _add(connection: Connection, event: Event, **of: int) -> bool:
    detail = orjson.dumps(event.detail, option=orjson.OPT_SORT_KEYS).decode()
    values = {**of, "kind": event.kind, "source": event.source, "detail": detail}
    same = (
        select(func.count())
        .select_from(EVENT)
        .where(*(EVENT.c[name] == value for name, value in values.items()))
    )
    if connection.execute(same).scalar():
        return False
    connection.execute(EVENT.insert(), values | {"at": event.at or now()})
    return True


def _stand_again(connection: Connection, claim: int, correction: int) -> None:
    """A correction that was never taken in corrects nothing: the claim before it stands as it stood."""
    freed = (
        CLAIM.update()
        .where(CLAIM.c.id == claim, CLAIM.c.corrected_by == correction)
        .values(corrected_by=None)
    )
    if connection.execute(freed).rowcount:
        restate(connection, claim, without="voided")
