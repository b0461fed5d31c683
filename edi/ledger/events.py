"""Events of claims: they are only added, and a claim's state follows from them."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, func, select

from edi.ledger.corrections import on_state_change, update_state
from edi.ledger.entry import PHASE, Event
from edi.ledger.runs import now
from edi.ledger.sound import phase_of
from edi.ledger.tables import CLAIM, EVENT, FILE


def record(connection: Connection, claim: int, event: Event, payer_number: str | None = None) -> bool:
    """Add an event to a claim; False when the same event is there. Raises KeyError when there is no such claim."""
    if connection.execute(select(CLAIM.c.id).where(CLAIM.c.id == claim)).scalar() is None:
        raise KeyError(claim)
    if payer_number:
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(payer_number=payer_number))
    if not _add(connection, event, claim_id=claim):
        return False
    update_state(connection, claim)
    return True


def record_file(connection: Connection, receiver: str, kind: str, number: str, event: Event) -> bool:
    """Add an event to a file: it happened to all its claims. False when the same event is there. Raises KeyError when
    there is no such file. Where the number rolled over, the last file with it is meant."""
    row = connection.execute(
        select(FILE.c.id, FILE.c.state)
        .where(FILE.c.receiver == receiver, FILE.c.kind == kind, FILE.c.number == number)
        .order_by(FILE.c.serial.desc())
    ).first()
    if row is None:
        raise KeyError(number)
    if not _add(connection, event, file_id=row.id):
        return False
    of_file = select(CLAIM.c.id).where(CLAIM.c.file_id == row.id).order_by(CLAIM.c.id)
    own = connection.execute(of_file.where(CLAIM.c.state.is_not(None))).scalars().all()
    if PHASE[event.kind] >= phase_of(row.state):
        connection.execute(FILE.update().where(FILE.c.id == row.id).values(state=event.kind))
        corrections = of_file.where(CLAIM.c.state.is_(None), CLAIM.c.corrects.is_not(None))
        for claim in connection.execute(corrections).scalars().all():
            on_state_change(connection, claim, row.state, event.kind)
    for claim in own:
        update_state(connection, claim)
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
