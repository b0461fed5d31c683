"""The runs of the ledger: claims are recorded as created before their files are moved into place, and as written after.

`docs/ledger.md` says in which order all steps happen, and why no other order would do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

import orjson
from sqlalchemy import Connection, or_, select

from edi.ledger.corrections import mark_corrected, update_state
from edi.ledger.counters import CLAIM_IDS, FILE_IDS, RUN_IDS, take
from edi.ledger.entry import UNFINISHED, WRITTEN
from edi.ledger.new_claims import NewClaim, as_last_of_visit, insert_claims
from edi.ledger.pending import Pending
from edi.ledger.tables import ATTACHMENT, CLAIM, EPISODE_VISIT, EVENT, FILE, LINE, RUN

_BATCH: Final = 1_000


class Target(NamedTuple):
    """Where a run writes: its folder, the name of the staging folder in it, and the machine; `kept` is the file with what is
    kept of its claims (None where it has none)."""

    folder: str
    staging: str
    host: str
    kept: str | None


def now() -> str:
    """The moment as an ISO date and time in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def record_created(connection: Connection, pending: Pending, target: Target, last_claim: int) -> int | None:
    """Record a run's files and claims as created; the run's id. None, and nothing is recorded, when another run has
    recorded claims of the same visits or patients after `last_claim`: this run was judged without them."""
    if _overtaken(connection, pending, last_claim):
        return None
    at = now()
    run = take(connection, *RUN_IDS, 1)
    claim = take(connection, *CLAIM_IDS, sum(file.claims for file in pending.files))
    values = {"id": run, "state": UNFINISHED, "at": at, "first_claim": claim, **target._asdict()}
    connection.execute(RUN.insert(), values)
    first = take(connection, *FILE_IDS, len(pending.files))
    files = dict(enumerate(pending.files, first))
    connection.execute(
        FILE.insert(),
        [
            {"id": number, "run_id": run, "state": "created", **file._asdict()}
            for number, file in files.items()
        ],
    )
    _add_file_events(connection, [(number, file.name) for number, file in files.items()], "created", at)
    late: list[NewClaim] = []
    rest = (
        NewClaim(id_, first + place, entry) for id_, (place, entry) in enumerate(pending.entries(), claim)
    )
    while batch := list(islice(rest, _BATCH)):
        late += [each for each in batch if each.entry.repeated_id]
        insert_claims(connection, [each for each in batch if not each.entry.repeated_id])
    mark_corrected(connection, CLAIM.c.id >= claim, at)
    for each in late:
        insert_claims(connection, [as_last_of_visit(connection, each)])
        mark_corrected(connection, CLAIM.c.id == each.id, at)
    for place, id_, event in pending.events:
        values = {
            "claim_id": id_,
            "file_id": first + place,
            "kind": event.kind,
            "at": at,
            "source": event.source,
        }
        detail = orjson.dumps(event.detail, option=orjson.OPT_SORT_KEYS).decode()
        connection.execute(EVENT.insert(), values | {"detail": detail})
        update_state(connection, id_)
    return run


def record_written(connection: Connection, run: int) -> None:
    """Record that a run's files are in place."""
    at = now()
    connection.execute(RUN.update().where(RUN.c.id == run), {"state": WRITTEN})
    files = connection.execute(select(FILE.c.id, FILE.c.name).where(FILE.c.run_id == run)).all()
    connection.execute(FILE.update().where(FILE.c.run_id == run), {"state": WRITTEN})
    _add_file_events(connection, [(file, name) for file, name in files], WRITTEN, at)


def roll_back(connection: Connection, files: list[int]) -> None:
    """Delete files that were never put in place, with their claims. Their numbers stay taken."""
    claims = select(CLAIM.c.id).where(CLAIM.c.file_id.in_(files)).scalar_subquery()
    freed = CLAIM.alias("freed")
    by = select(freed.c.id).where(freed.c.file_id.in_(files)).scalar_subquery()
    corrected = select(freed.c.corrects).where(freed.c.file_id.in_(files), freed.c.corrects.is_not(None))
    connection.execute(
        CLAIM.update()
        .where(CLAIM.c.id.in_(corrected.scalar_subquery()), CLAIM.c.corrected_by.in_(by))
        .values(corrected_by=None)
    )
    for table in (LINE, ATTACHMENT, EPISODE_VISIT):
        connection.execute(table.delete().where(table.c.claim_id.in_(claims)))
    voided = select(EVENT.c.claim_id).where(EVENT.c.file_id.in_(files), EVENT.c.claim_id.is_not(None))
    restored = list(connection.execute(voided).scalars())
    connection.execute(EVENT.delete().where(or_(EVENT.c.file_id.in_(files), EVENT.c.claim_id.in_(claims))))
    for claim in restored:
        update_state(connection, claim)
    connection.execute(CLAIM.delete().where(CLAIM.c.file_id.in_(files)))
    connection.execute(FILE.delete().where(FILE.c.id.in_(files)))


def _overtaken(connection: Connection, pending: Pending, last_claim: int) -> bool:
    others = connection.execute(
        select(CLAIM.c.practice, CLAIM.c.visit_id, CLAIM.c.patient).where(CLAIM.c.id > last_claim)
    ).all()
    if not others:
        return False
    visits = {(practice, visit_id) for practice, visit_id, _ in others}
    patients = {patient for _, _, patient in others}
    return any(
        (entry.practice, entry.visit_id) in visits or entry.patient in patients
        for _, entry in pending.entries()
    )


def _add_file_events(connection: Connection, files: Iterable[tuple[int, str]], kind: str, at: str) -> None:
    connection.execute(
        EVENT.insert(),
        [{"file_id": file, "kind": kind, "at": at, "source": name, "detail": "{}"} for file, name in files],
    )
