"""The files of a ledger compared with what lies where they were written."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, or_, select

from edi.ledger.entry import UNFINISHED
from edi.ledger.tables import CLAIM, FILE, RUN
from edi.x12.output import digest_of

_OUR_OWN: Final = ("created", "written", "voided")
"""States that no payer's answer has made."""
_MOST_NAMED: Final = 20


def compare_files(connection: Connection, host: str) -> tuple[list[str], list[str]]:
    """Two kinds of sentences: of files that were changed since, and of files that are not there. These may have been sent and
    put away: nothing is said once a claim of their run was answered, and of files that another machine than `host` wrote."""
    files = connection.execute(
        select(RUN.c.id, RUN.c.host, RUN.c.folder, FILE.c.name, FILE.c.sha256)
        .join(RUN)
        .where(RUN.c.state != UNFINISHED)
        .order_by(FILE.c.id)
    ).all()
    answered = _answered_runs(connection)
    written: defaultdict[Path, set[str]] = defaultdict(set)
    wanted: set[Path] = set()
    for run, of_host, folder, name, digest in files:
        path = Path(folder) / name
        written[path].add(digest)  # a file that was taken away leaves its name to another one
        if of_host == host and run not in answered:
            wanted.add(path)
    changed, gone = [], []
    for path, digests in written.items():
        found = digest_of(path)
        if found is None:
            gone += [path] if path in wanted else []
        elif found not in digests:
            changed.append(f"{path} is not what was written: it was changed since.")
    return changed, _notes(gone)


def missing_kept(connection: Connection, folder: Path, host: str | None) -> list[str]:
    """Sentences on what is kept of runs and is not in its folder; `host` leaves out what other machines keep (None: all is kept
    here)."""
    query = select(RUN.c.id, RUN.c.host, RUN.c.kept).where(RUN.c.kept.is_not(None)).order_by(RUN.c.id)
    gone = [
        f"What is kept of run {run} is not there ({folder / name}). Bring it back from where it was moved, or from a backup."
        for run, of_host, name in connection.execute(query)
        if host in (None, of_host) and not (folder / name).is_file()
    ]
    more = len(gone) - _MOST_NAMED
    return [*gone[:_MOST_NAMED], *([f"What is kept of {more} more runs is not there."] if more > 0 else [])]


def _answered_runs(connection: Connection) -> set[int]:
    query = select(FILE.c.run_id).outerjoin(CLAIM, CLAIM.c.file_id == FILE.c.id)
    answered = or_(FILE.c.state.not_in(_OUR_OWN), CLAIM.c.state.not_in(_OUR_OWN))
    return set(connection.execute(query.where(answered).distinct()).scalars())


def _notes(gone: list[Path]) -> list[str]:
    notes = [
        f"{path} is not where it was written, and nobody has answered it. If nobody sent it either, bring it back from where it was "
        "moved, or from a backup, and send it."
        for path in gone[:_MOST_NAMED]
    ]
    if more := len(gone) - len(notes):
        notes.append(f"{more} more files are not where they were written, and nobody has answered them.")
    return notes
