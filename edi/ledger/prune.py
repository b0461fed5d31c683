"""Pruning: what is kept of old claims is removed once the payer has given its last answer. The claims stay in the ledger, with
their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from edi.errors import LedgerError, OutputError
from edi.ledger.entry import ANSWERED, WRITTEN
from edi.ledger.kept import KeptWriter, all_kept_lines, is_kept_name
from edi.ledger.ledger import Ledger
from edi.ledger.prior import STATE
from edi.ledger.tables import CLAIM, EVENT, FILE, RUN


class Pruned(NamedTuple):
    """A run made at `at`: of how many claims something was removed, and of how many it still is kept. `trouble` is a sentence
    where its file cannot be read."""

    run: int
    at: str
    removed: int
    left: int
    trouble: str = ""


def prune(ledger: Ledger, before: str, *, dry_run: bool) -> Iterator[Pruned]:
    """Remove what is kept of every claim whose payer gave its last answer before this date (ISO), run by run; with `dry_run` only say
    so. Runs of which nothing is removed are left out."""
    with ledger.database.reading() as connection:
        query = select(RUN.c.id, RUN.c.at, RUN.c.kept, RUN.c.first_claim).order_by(RUN.c.id)
        old = (RUN.c.state == WRITTEN, RUN.c.kept.is_not(None), RUN.c.at < before)
        runs = connection.execute(query.where(*old)).all()
    for run, at, kept, first in runs:
        with ledger.database.reading() as connection:
            closed = {claim - first for claim in _closed(connection, run, before)}
        if not closed:
            continue
        try:
            removed, left = _prune_run(ledger, run, kept, closed, dry_run=dry_run)
        except (LedgerError, OutputError) as error:
            yield Pruned(run, at, 0, 0, str(error))
        else:
            if removed:
                yield Pruned(run, at, removed, left)


def leftovers(ledger: Ledger) -> list[str]:
    """Files among the kept ones that no run of this ledger names: of a run or a pruning that was cut off, or another ledger's."""
    with ledger.database.reading() as connection:
        named = set(connection.execute(select(RUN.c.kept).where(RUN.c.kept.is_not(None))).scalars())
    found = ledger.kept.iterdir() if ledger.kept.is_dir() else ()
    return sorted(str(path) for path in found if is_kept_name(path.name) and path.name not in named)


def _prune_run(ledger: Ledger, run: int, kept: str, closed: set[int], *, dry_run: bool) -> tuple[int, int]:
    """How many lines were removed, and how many are left. The lines keep their places: a removed one is empty."""
    removed = left = 0
    with closing(KeptWriter(ledger.kept)) as writer:
        for place, line in enumerate(all_kept_lines(ledger.kept, kept)):
            goes = bool(line) and place in closed
            removed += goes
            left += bool(line) and not goes
            if not dry_run:
                writer.add(b"" if goes else line)
        if removed and not dry_run:
            writer.finish()
            with ledger.database.writing() as connection:
                here = (RUN.c.id == run, RUN.c.kept == kept)
                changed = connection.execute(
                    RUN.update().where(*here).values(kept=writer.name if left else None)
                )
                if not changed.rowcount:
                    return 0, left  # another process was quicker
                if left:
                    writer.place()  # before the commit, as in a convert
            (ledger.kept / kept).unlink(missing_ok=True)
    return removed, left


def _closed(connection: Connection, run: int, before: str) -> Iterator[int]:
    """The claims of a run that had their last answer, and after it nothing happened, before a date."""
    last = (
        select(func.max(EVENT.c.at))
        .where(
            or_(
                EVENT.c.claim_id == CLAIM.c.id,
                and_(EVENT.c.claim_id.is_(None), EVENT.c.file_id == CLAIM.c.file_id),
            )
        )
        .correlate(CLAIM)
        .scalar_subquery()
    )
    claims = (
        select(CLAIM.c.id, CLAIM.c.corrected_by, STATE, last)
        .join(FILE, FILE.c.id == CLAIM.c.file_id)
        .order_by(CLAIM.c.id)
    )
    for claim, corrected_by, state, at in connection.execute(claims.where(FILE.c.run_id == run)).all():
        seen = {claim}
        # The payer answers only the last of the claims that correct each other.
        while state not in ANSWERED and corrected_by is not None and corrected_by not in seen:
            seen.add(corrected_by)
            _, corrected_by, state, at = connection.execute(claims.where(CLAIM.c.id == corrected_by)).one()
        if state in ANSWERED and at < before:
            yield claim
