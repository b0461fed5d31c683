"""The check of a ledger: finish interrupted runs, compare its tables with each other, repair what follows from the rest."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select, text

from edi.errors import LedgerError
from edi.ledger.corrections import update_state
from edi.ledger.counters import CLAIM_IDS, FILE_IDS, RUN_IDS, last_taken
from edi.ledger.database import PATIENCE
from edi.ledger.file_check import compare_files, missing_kept
from edi.ledger.ledger import HOST, Ledger
from edi.ledger.numbers import INTERCHANGE
from edi.ledger.recover import RecoveredRun, on_another_machine, recover, roll_back_run, unfinished
from edi.ledger.sound import circular, fault_of
from edi.ledger.tables import CLAIM, COUNTER, EVENT, FILE, LINE, METADATA, RUN

_BATCH: Final = 1_000
_MOST_TOLD: Final = 20


class CheckResult(NamedTuple):
    """`recovered` are runs that were cut off. `repaired`, `wrong` and `notes` are sentences: what was put right, what could not
    be, and what may be as it should."""

    recovered: list[RecoveredRun]
    repaired: list[str]
    wrong: list[str]
    notes: list[str]


def check(ledger: Ledger, roll_back: int | None = None) -> CheckResult:
    """Check the ledger. `roll_back` is an unfinished run of a machine that is gone: its claims are deleted first. Raises
    LedgerError when there is no such run."""
    database = ledger.database
    if strange := _strange(ledger):
        return CheckResult([], [], strange, [])  # by such rows nothing is done
    if roll_back is not None:
        _forget(ledger, roll_back)
    recovered = recover(database, HOST, PATIENCE)
    wrong = [
        f"Run {run.run} was cut off on {run.host} in {run.folder}. Run `edi ledger check` there; if that machine is "
        f"gone for good, `edi ledger check --roll-back {run.run}` lets its visits be converted again."
        for run in unfinished(database)
        if on_another_machine(run, database, HOST)
    ]
    with database.writing() as connection:
        repaired = [*_counters(connection), *_states(connection)]
        wrong += [*_sound(connection), *_counts(connection), *_corrections(connection)]
    with database.reading() as connection:
        changed, notes = compare_files(connection, HOST)
        notes += missing_kept(connection, ledger.kept, HOST if database.is_server else None)
    return CheckResult(recovered, repaired, wrong + changed, notes)


def _strange(ledger: Ledger) -> list[str]:
    """The first rows that no ledger has: another hand changed it, and what is wrong may be more."""
    found: list[str] = []
    with ledger.database.reading() as connection:
        for table in METADATA.sorted_tables:
            keys = [column.name for column in table.primary_key.columns]
            rows = connection.execution_options(yield_per=_BATCH).execute(select(table))
            for row in rows.mappings():
                if column := fault_of(table, row, ledger.owner):
                    which = " ".join(str(row[key]) for key in keys)
                    found.append(f"{table.name} {which}: no convert writes such a {column}.")
                if len(found) == _MOST_TOLD:
                    return found
        found += [
            f"The claim of visit {visit} is corrected by itself in the end." for visit in circular(connection)
        ]
    return found


def _forget(ledger: Ledger, number: int) -> None:
    for run in unfinished(ledger.database):
        if run.run == number and on_another_machine(run, ledger.database, HOST):
            roll_back_run(ledger.database, run)
            return
    raise LedgerError(f"Run {number} is no unfinished run of another machine; there is nothing to roll back.")


def _sound(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    said = connection.execute(text("PRAGMA quick_check")).scalars().all()
    return [] if said == ["ok"] else ["The database file is damaged. Bring it back from a backup."]


def _counts(connection: Connection) -> list[str]:
    counted = select(func.count()).where(CLAIM.c.file_id == FILE.c.id).correlate(FILE).scalar_subquery()
    files = connection.execute(select(FILE.c.name, FILE.c.claims, counted).where(counted != FILE.c.claims))
    empty = select(CLAIM.c.visit_id).where(CLAIM.c.id.not_in(select(LINE.c.claim_id)))
    return [
        f"{name} has {claims} claims, the ledger knows {known} of them." for name, claims, known in files
    ] + [f"The claim of visit {visit} has no lines." for visit in connection.execute(empty).scalars()]


def _corrections(connection: Connection) -> list[str]:
    later = CLAIM.alias("later")
    lost = (
        select(CLAIM.c.visit_id)
        .outerjoin(later, (later.c.id == CLAIM.c.corrected_by) & (later.c.corrects == CLAIM.c.id))
        .where(CLAIM.c.corrected_by.is_not(None), later.c.id.is_(None))
    )
    return [
        f"What corrects the claim of visit {visit} is not there."
        for visit in connection.execute(lost).scalars()
    ]


def _counters(connection: Connection) -> list[str]:
    """No counter may stand below a number that is in use."""
    used: list[tuple[str, str, Any]] = [
        (*CLAIM_IDS, select(func.max(CLAIM.c.id))),
        (*FILE_IDS, select(func.max(FILE.c.id))),
        (*RUN_IDS, select(func.max(RUN.c.id))),
    ]
    used += [
        (INTERCHANGE, receiver, select(func.max(FILE.c.serial)).where(FILE.c.receiver == receiver))
        for receiver in connection.execute(select(FILE.c.receiver).distinct()).scalars()
    ]
    repaired = []
    for name, scope, query in used:
        highest = connection.execute(query).scalar() or 0
        if last_taken(connection, name, scope) < highest:
            here: tuple[ColumnElement[bool], ...] = (COUNTER.c.name == name, COUNTER.c.scope == scope)
            connection.execute(COUNTER.delete().where(*here))
            connection.execute(COUNTER.insert(), {"name": name, "scope": scope, "value": highest})
            repaired.append(
                f"The counter {name} {scope} stood below {highest}, which is in use.".replace("  ", " ")
            )
    return repaired


def _states(connection: Connection) -> list[str]:
    """A claim's state follows from its events."""
    own = select(EVENT.c.claim_id).where(EVENT.c.claim_id.is_not(None))
    concerned = select(CLAIM.c.id, CLAIM.c.visit_id, CLAIM.c.state).where(
        or_(CLAIM.c.state.is_not(None), CLAIM.c.id.in_(own))
    )
    repaired = []
    for claim, visit, state in connection.execute(concerned).all():
        update_state(connection, claim)
        now = connection.execute(select(CLAIM.c.state).where(CLAIM.c.id == claim)).scalar()
        if now != state:
            repaired.append(f"The claim of visit {visit} was {state}; its events make it {now}.")
    return repaired
