"""Records of a run on their way: kept in a private temporary database, given back in the order claims are written.

A claim file wants the claims of one billing provider, subscriber and patient together and a course of treatment in date order,
whatever the order of the input. SQLite sorts outside memory; its nameless database lies in a file that nobody else
can open and that disappears with the process.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CACHE_KIB = 4_096  # sorting takes as much again; a larger one is not faster


class StoredRecord(NamedTuple):
    """A record that passed the schema. `key` sorts (patient, then date), `identity` is its visitId within its practice;
    `exact` and `plain` tell of its text (see `edi.visit.parse.Parsed`)."""

    number: int
    key: str
    identity: str
    exact: bool
    plain: bool
    file: str
    line: int | None
    base: str
    data: bytes


class Repeat(NamedTuple):
    """A record whose identity another one of the run has."""

    number: int
    identity: str
    data: bytes


class RecordStore:
    """One run's records and their findings, by their number in the input."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-{_CACHE_KIB};"
            "CREATE TABLE record (number INTEGER PRIMARY KEY, key TEXT, identity TEXT, exact INTEGER,"
            " plain INTEGER, file TEXT, line INTEGER, base BLOB, data BLOB);"
            "CREATE TABLE outcome (number INTEGER PRIMARY KEY, rejected INTEGER, line BLOB);"
            "BEGIN"
        )

    def add(self, records: Iterable[StoredRecord]) -> None:
        # A folder's name may hold what is no text.
        rows = ((*record[:7], os.fsencode(record.base), record.data) for record in records)
        self._database.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def set_outcome(self, number: int, line: bytes, *, rejected: bool) -> None:
        """Note a record's findings, as JSON: for a reject its line of rejects.ndjson."""
        self._database.execute("INSERT OR REPLACE INTO outcome VALUES (?,?,?)", (number, rejected, line))

    def clear_outcomes(self, refused: frozenset[int]) -> None:
        """Forget the findings on kept records, but for those `refused`: they are judged anew."""
        noted = self._database.execute("SELECT number FROM outcome JOIN record USING (number)").fetchall()
        anew = [row for row in noted if row[0] not in refused]
        self._database.executemany("DELETE FROM outcome WHERE number = ?", anew)

    def rejects(self) -> Iterator[bytes]:
        """The lines of rejects.ndjson, in the order of the input."""
        return (line for rejected, line in self.outcomes() if rejected)

    def outcomes(self) -> Iterator[tuple[int, bytes]]:
        """Whether rejected, and the findings, of every record that has some, in the order of the input."""
        yield from self._database.execute("SELECT rejected, line FROM outcome ORDER BY number")

    def is_rejected(self, number: int) -> bool:
        """Whether a record was noted as rejected."""
        found = self._database.execute("SELECT rejected FROM outcome WHERE number = ?", (number,)).fetchone()
        return bool(found and found[0])

    def repeats(self) -> Iterator[Repeat]:
        """Every record whose identity another one has: those of one identity after each other, as they came."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_identity ON record (identity)")
        yield from (
            Repeat(*row)
            for row in self._database.execute(
                "SELECT number, identity, data FROM record WHERE identity IN (SELECT identity FROM record"
                " GROUP BY identity HAVING count(*) > 1) ORDER BY identity, number"
            )
        )

    def in_claim_order(self) -> Iterator[StoredRecord]:
        """The records sorted by key, then as they came."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_key ON record (key, number)")
        rows = self._database.execute(
            "SELECT number, key, identity, exact, plain, file, line, base, data FROM record INDEXED BY by_key"
            " ORDER BY key, number"
        )
        for number, key, identity, exact, plain, file, line, base, data in rows:
            yield StoredRecord(
                number, key, identity, bool(exact), bool(plain), file, line, os.fsdecode(base), data
            )

    def close(self) -> None:
        self._database.close()
