"""What happens to claims: events are only added, and a claim's state follows from them."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, func, select

from edi.ledger.corrections import refuse, restate, take_in
from edi.ledger.entry import PHASE, Event
from edi.ledger.publish import now
from edi.ledger.recall import STATE
from edi.ledger.tables import CLAIM, EVENT, FILE


def record(connection: Connection, claim: int, event: Event, payer_number: str | None = None) -> bool:
    """Add an event to a claim; False when the same one is there. Raises KeyError when there is no such claim."""
    row = connection.execute(
        select(STATE.label("state"), CLAIM.c.corrects).join(FILE).where(CLAIM.c.id == claim)
    ).first()
    if row is None:
        raise KeyError(claim)
    if payer_number:
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(payer_number=payer_number))
    if not _add(connection, event, claim_id=claim):
        return False
    if PHASE[event.kind] >= PHASE[row.state]:
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(state=event.kind))
        if row.corrects is not None:
            _follow(connection, claim, row.corrects, row.state, event.kind)
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
    not_beyond = STATE.in_([state for state, phase in PHASE.items() if phase <= PHASE[event.kind]])
    corrections = connection.execute(
        select(CLAIM.c.id, CLAIM.c.corrects, STATE)
        .join(FILE)
        .where(CLAIM.c.file_id == row.id, CLAIM.c.corrects.is_not(None), not_beyond)
        .order_by(CLAIM.c.id)
    ).all()
    own = (CLAIM.c.file_id == row.id, CLAIM.c.state.is_not(None))
    for claim in connection.execute(select(CLAIM.c.id).where(*own)).scalars().all():
        restate(connection, claim)
    if PHASE[event.kind] >= PHASE[row.state]:
        connection.execute(FILE.update().where(FILE.c.id == row.id).values(state=event.kind))
    for claim, corrected, state in corrections:
        _follow(connection, claim, corrected, state, event.kind)
    return True


def _follow(connection: Connection, correction: int, corrected: int, before: str, after: str) -> None:
    """What it means for the claim that a correction corrects when the correction's state changes."""
    if after == "rejected":
        refuse(connection, correction, corrected)
    elif before == "rejected":
        take_in(connection, correction, corrected)


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
