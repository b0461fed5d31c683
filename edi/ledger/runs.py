"""The runs of the ledger: claims are recorded as created before their files are moved into place, and as written after.

`docs/ledger.md` says in which order all steps happen, and why no other order would do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from edi.ledger.corrections import mark_corrected, stands, update_state
from edi.ledger.counters import CLAIM_IDS, FILE_IDS, RUN_IDS, take
from edi.ledger.entry import ClaimEntry
from edi.ledger.pending import Pending
from edi.ledger.prior import AnyOf
from edi.ledger.tables import ATTACHMENT, CLAIM, EPISODE_VISIT, EVENT, FILE, LINE, RUN

UNFINISHED: Final = "unfinished"
WRITTEN: Final = "written"
_BATCH: Final = 1_000


NumberedEntry = tuple[int, int, ClaimEntry]  # the claim's id, its file's id


class Target(NamedTuple):
    """Where a run writes: its folder, the name of the staging folder in it, and the machine."""

    folder: str
    staging: str
    host: str


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
    connection.execute(RUN.insert(), {"id": run, "state": UNFINISHED, "at": at, **target._asdict()})
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
    claim = take(connection, *CLAIM_IDS, sum(file.claims for file in pending.files))
    late: list[NumberedEntry] = []
    rest = ((number, first + place, entry) for number, (place, entry) in enumerate(pending.entries(), claim))
    while batch := list(islice(rest, _BATCH)):
        late += [each for each in batch if each[2].repeated_id]
        _insert(connection, _with_corrected(connection, [each for each in batch if not each[2].repeated_id]))
    mark_corrected(connection, CLAIM.c.id >= claim, at)
    for number, file, entry in late:
        _insert(connection, _with_corrected(connection, [(number, file, _as_last(connection, entry))]))
        mark_corrected(connection, CLAIM.c.id == number, at)
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


def _with_corrected(connection: Connection, batch: list[NumberedEntry]) -> list[NumberedEntry]:
    """The batch, where corrections of an unknown visit find the claim that they correct by the payer's number."""
    numbers = [
        entry.corrects_number for *_, entry in batch if entry.corrects is None and entry.corrects_number
    ]
    if not numbers:
        return batch
    among = AnyOf(connection.dialect.name)
    query = select(CLAIM.c.payer_id, CLAIM.c.payer_number, func.max(CLAIM.c.id)).where(
        among(CLAIM.c.payer_number), CLAIM.c.frequency != "void"
    )
    rows = connection.execute(
        query.group_by(CLAIM.c.payer_id, CLAIM.c.payer_number), {"values": among.values(numbers)}
    )
    known = {(payer, number): _replacement_of(connection, claim) for payer, number, claim in rows.all()}
    return [
        (claim, file, entry._replace(corrects=known.get((entry.payer_id, entry.corrects_number))))
        if entry.corrects is None
        else (claim, file, entry)
        for claim, file, entry in batch
    ]


def _replacement_of(connection: Connection, claim: int) -> int:
    """The claim that the payer has under this one's number: the replacement of it that has no number of its own."""
    by = CLAIM.alias()
    replaced = (
        select(CLAIM.c.id)
        .join(by, by.c.corrected_by == CLAIM.c.id)
        .where(
            by.c.id == bindparam("claim"),
            CLAIM.c.frequency == "replacement",
            CLAIM.c.payer_number.is_(None),
        )
    )
    while later := connection.execute(replaced, {"claim": claim}).scalar():
        claim = later
    return claim


def _as_last(connection: Connection, entry: ClaimEntry) -> ClaimEntry:
    """The entry of a visitId that comes twice in the run, as the last claim of the visit."""
    same = (CLAIM.c.visit_id == entry.visit_id, CLAIM.c.practice == entry.practice)
    generation = connection.execute(select(func.max(CLAIM.c.generation)).where(*same)).scalar()
    before = connection.execute(select(func.max(CLAIM.c.id)).join(FILE).where(*same, stands())).scalar()
    return entry._replace(generation=(generation or 0) + 1, corrects=before)


_OF_A_CLAIM = (
    "practice", "visit_id", "generation", "purpose", "frequency", "patient", "payer_id", "control_number", "corrects",
    "service_date", "cents",
)  # fmt: skip
_claim_values = attrgetter(*_OF_A_CLAIM)


def _insert(connection: Connection, batch: list[NumberedEntry]) -> None:
    if not batch:
        return
    _add(
        connection,
        CLAIM,
        ("id", "file_id", "fingerprint", *_OF_A_CLAIM),
        [
            (number, file, bytes.fromhex(entry.fingerprint), *_claim_values(entry))
            for number, file, entry in batch
        ],
    )
    _add(
        connection,
        LINE,
        ("claim_id", "position", "code", "tooth", "service_date", "cents", "quantity"),
        [(number, place, *line) for number, _, entry in batch for place, line in enumerate(entry.lines, 1)],
    )
    _add(
        connection,
        ATTACHMENT,
        ("claim_id", "position", "control_number"),
        [
            (number, place, control_number)
            for number, _, entry in batch
            for place, control_number in enumerate(entry.attachments, 1)
        ],
    )
    episode_visits = [
        {"claim_id": number, "patient": entry.patient, "tooth": tooth, "service_date": date, "code": code}
        for number, _, entry in batch
        for tooth, date, code in entry.episode_visits
    ]
    if episode_visits:
        once = (
            postgresql.insert(EPISODE_VISIT)
            if connection.dialect.name == "postgresql"
            else sqlite.insert(EPISODE_VISIT)
        )
        connection.execute(once.on_conflict_do_nothing(), episode_visits)


def _add(connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows as they are: SQLAlchemy's own insert takes twice the time, to look at each value."""
    if rows:
        prepared = connection.dialect.identifier_preparer
        names = ", ".join(prepared.format_column(table.c[name]) for name in columns)
        marks = ", ".join(["?" if connection.dialect.paramstyle == "qmark" else "%s"] * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {prepared.format_table(table)} ({names}) VALUES ({marks})", rows
        )
