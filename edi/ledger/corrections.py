"""Corrections: which claim a replacement or void corrects, and which claim stands when the correction is rejected.

A claim is corrected by the last correction of it that was not rejected. Its state follows from its own events and those of
its file.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select

from edi.ledger.entry import NOT_WITH_PAYER
from edi.ledger.prior import STATE
from edi.ledger.sound import changed, phase_of
from edi.ledger.tables import CLAIM, EVENT, FILE

_VOIDED = "voided"


def stands() -> ColumnElement[bool]:
    """A condition on claims, with their file joined: they stand, so that a correction may correct them."""
    return and_(STATE.not_in(NOT_WITH_PAYER), CLAIM.c.frequency != "void", CLAIM.c.corrected_by.is_(None))


def mark_corrected(connection: Connection, among: ColumnElement[bool], at: str) -> None:
    """Mark the claims that the replacements and voids among these new claims correct."""
    found = connection.execute(
        select(CLAIM.c.id, CLAIM.c.corrects, CLAIM.c.frequency, FILE.c.id, FILE.c.name)
        .join(FILE)
        .where(among, CLAIM.c.corrects.is_not(None))
        .order_by(CLAIM.c.id)
    ).all()
    for claim, corrected, frequency, file, name in found:
        connection.execute(CLAIM.update().where(CLAIM.c.id == corrected).values(corrected_by=claim))
        if frequency == "void":
            event = {
                "claim_id": corrected,
                "file_id": file,
                "kind": _VOIDED,
                "at": at,
                "source": name,
                "detail": "{}",
            }
            connection.execute(EVENT.insert(), event)
        update_state(connection, corrected)


def update_state(connection: Connection, claim: int) -> None:
    """Set a claim's state from its own events and its file's, in their order; None when none of its own sets a state. A void
    counts as long as it is the void that corrects the claim."""
    by = CLAIM.alias()
    file, void_in, kept, before, of_file = connection.execute(
        select(CLAIM.c.file_id, by.c.file_id, CLAIM.c.state, STATE, FILE.c.state)
        .join(FILE, FILE.c.id == CLAIM.c.file_id)
        .outerjoin(by, and_(by.c.id == CLAIM.c.corrected_by, by.c.frequency == "void"))
        .where(CLAIM.c.id == claim)
    ).one()
    to_file = and_(EVENT.c.claim_id.is_(None), EVENT.c.file_id == file)
    events = (
        select(EVENT.c.kind, EVENT.c.claim_id, EVENT.c.file_id)
        .where(or_(EVENT.c.claim_id == claim, to_file))
        .order_by(EVENT.c.id)
    )
    state, own = "", False
    for kind, of, source in connection.execute(events):
        if kind == _VOIDED and of is not None and source not in (None, void_in):
            continue
        if not state or phase_of(kind) >= phase_of(state):
            state, own = kind, own or of is not None
    if kept != (now := state if own else None):  # a check of a sound ledger writes nothing
        connection.execute(CLAIM.update().where(CLAIM.c.id == claim).values(state=now))
    on_state_change(connection, claim, before, state if own else of_file)


def on_state_change(connection: Connection, claim: int, before: str, after: str) -> None:
    """A claim's state changed: update the claim that it corrects, where it corrects one."""
    refused = after == "rejected" != before
    if not refused and (before not in NOT_WITH_PAYER or after in NOT_WITH_PAYER):
        return
    corrected = _corrected(connection, claim)
    if corrected is not None:
        (_on_rejected if refused else _on_accepted)(connection, claim, corrected)
        update_state(connection, corrected)


def _corrected(connection: Connection, claim: int) -> int | None:
    """The claim that this one corrects. Raises LedgerError when that leads back to it: no convert writes so."""
    passed = [claim]
    query = select(CLAIM.c.corrects).where(CLAIM.c.id == bindparam("claim"))
    while (before := connection.execute(query, {"claim": passed[-1]}).scalar()) is not None:
        if before in passed:
            raise changed(f"claim {before} is corrected by itself in the end")
        passed.append(before)
    return passed[1] if len(passed) > 1 else None


def _on_rejected(connection: Connection, correction: int, corrected: int) -> None:
    """A correction was rejected: what corrects it corrects the claim before it, and without any that claim stands."""
    connection.execute(CLAIM.update().where(CLAIM.c.corrects == correction).values(corrects=corrected))
    connection.execute(CLAIM.update().where(CLAIM.c.id == correction).values(corrected_by=None))
    others = (
        select(func.max(CLAIM.c.id))
        .join(FILE)
        .where(CLAIM.c.corrects == corrected, CLAIM.c.id != correction, STATE != "rejected")
    )
    by = connection.execute(others).scalar()
    here = (CLAIM.c.id == corrected, CLAIM.c.corrected_by == correction)
    connection.execute(CLAIM.update().where(*here).values(corrected_by=by))


def _on_accepted(connection: Connection, correction: int, corrected: int) -> None:
    """A correction that was rejected is accepted after all."""
    here = (CLAIM.c.id == corrected, CLAIM.c.corrected_by.is_(None))
    connection.execute(CLAIM.update().where(*here).values(corrected_by=correction))
