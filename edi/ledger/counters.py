"""The counters behind the control numbers and the ids."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from edi.ledger.tables import COUNTER

CLAIM_IDS: Final = ("id", "claim")
FILE_IDS: Final = ("id", "file")
RUN_IDS: Final = ("id", "run")

_raise = (
    COUNTER.update()
    .where(COUNTER.c.name == bindparam("of"), COUNTER.c.scope == bindparam("whose"))
    .values(value=COUNTER.c.value + bindparam("count"))
    .returning(COUNTER.c.value)
)
_look = select(COUNTER.c.value).where(
    COUNTER.c.name == bindparam("of"), COUNTER.c.scope == bindparam("whose")
)


def take(connection: Connection, name: str, scope: str, count: int) -> int:
    """The first of `count` numbers that were never taken; the others follow it. In a writing transaction."""
    last = connection.execute(_raise, {"of": name, "whose": scope, "count": count}).scalar()
    if last is None:
        connection.execute(COUNTER.insert(), {"name": name, "scope": scope, "value": count})
        return 1
    return int(last) - count + 1


def last_taken(connection: Connection, name: str, scope: str) -> int:
    """The last number taken; 0 when none was."""
    return connection.execute(_look, {"of": name, "whose": scope}).scalar() or 0
