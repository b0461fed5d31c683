"""New claims: the rows of a run's entries, each correction with the claim that it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from edi.ledger.corrections import stands
from edi.ledger.entry import ClaimEntry
from edi.ledger.prior import AnyOf
from edi.ledger.sound import changed
from edi.ledger.tables import ATTACHMENT, CLAIM, EPISODE_VISIT, FILE, LINE

_SAME_NAMES: Final = (
    "practice", "visit_id", "generation", "purpose", "frequency", "patient", "payer_id", "control_number", "corrects",
    "service_date", "cents",
)  # fmt: skip
"""Fields of an entry that are columns of the same name."""

_values = attrgetter(*_SAME_NAMES)


class NewClaim(NamedTuple):
    """A claim that is about to be inserted: its id, its file's id, and what is kept of it."""

    id: int
    file: int
    entry: ClaimEntry


def insert_claims(connection: Connection, claims: list[NewClaim]) -> None:
    """Insert claims with their lines, attachments and episode visits."""
    claims = _with_corrected(connection, claims)
    _insert(
        connection,
        CLAIM,
        ("id", "file_id", "fingerprint", *_SAME_NAMES),
        [(id_, file, bytes.fromhex(entry.fingerprint), *_values(entry)) for id_, file, entry in claims],
    )
    _insert(
        connection,
        LINE,
        ("claim_id", "position", "code", "tooth", "service_date", "cents", "quantity"),
        [(id_, position, *line) for id_, _, entry in claims for position, line in enumerate(entry.lines, 1)],
    )
    _insert(
        connection,
        ATTACHMENT,
        ("claim_id", "position", "control_number"),
        [
            (id_, position, control_number)
            for id_, _, entry in claims
            for position, control_number in enumerate(entry.attachments, 1)
        ],
    )
    episode_visits = [
        {"claim_id": id_, "patient": entry.patient, "tooth": tooth, "service_date": date, "code": code}
        for id_, _, entry in claims
        for tooth, date, code in entry.episode_visits
    ]
    if episode_visits:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(EPISODE_VISIT).on_conflict_do_nothing(), episode_visits)


def as_last_of_visit(connection: Connection, claim: NewClaim) -> NewClaim:
    """A claim whose visitId comes twice in the run, as the last claim of the visit."""
    entry = claim.entry
    same = (CLAIM.c.visit_id == entry.visit_id, CLAIM.c.practice == entry.practice)
    generation = connection.execute(select(func.max(CLAIM.c.generation)).where(*same)).scalar()
    before = connection.execute(select(func.max(CLAIM.c.id)).join(FILE).where(*same, stands())).scalar()
    return claim._replace(entry=entry._replace(generation=(generation or 0) + 1, corrects=before))


def _with_corrected(connection: Connection, claims: list[NewClaim]) -> list[NewClaim]:
    """The claims, where corrections of an unknown visit find the claim that they correct by the payer's number."""
    searching = [each.entry for each in claims if each.entry.corrects is None]
    numbers = [entry.corrects_number for entry in searching if entry.corrects_number]
    if not numbers:
        return claims
    any_of = AnyOf(connection.dialect.name)
    latest = (
        select(CLAIM.c.payer_id, CLAIM.c.payer_number, func.max(CLAIM.c.id))
        .where(any_of(CLAIM.c.payer_number), CLAIM.c.frequency != "void")
        .group_by(CLAIM.c.payer_id, CLAIM.c.payer_number)
    )
    rows = connection.execute(latest, {"values": any_of.values(numbers)}).all()
    known = {(payer, number): _last_replacement(connection, claim) for payer, number, claim in rows}
    return [
        each._replace(entry=each.entry._replace(corrects=_corrected(each.entry, known))) for each in claims
    ]


def _corrected(entry: ClaimEntry, known: dict[tuple[str, str], int]) -> int | None:
    if entry.corrects is not None or entry.corrects_number is None:
        return entry.corrects
    return known.get((entry.payer_id, entry.corrects_number))


def _last_replacement(connection: Connection, claim: int) -> int:
    """The claim that the payer has under the number of this one: the last replacement without a number of its own, or else
    this one."""
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
    passed = {claim}
    while later := connection.execute(replaced, {"claim": claim}).scalar():
        if later in passed:
            raise changed(f"claim {claim} is corrected by itself in the end")
        passed.add(later)
        claim = later
    return claim


def _insert(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows as they are: SQLAlchemy's own insert takes twice the time, to look at each value."""
    if rows:
        prepared = connection.dialect.identifier_preparer
        names = ", ".join(prepared.format_column(table.c[name]) for name in columns)
        marks = ", ".join(["?" if connection.dialect.paramstyle == "qmark" else "%s"] * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {prepared.format_table(table)} ({names}) VALUES ({marks})", rows
        )
