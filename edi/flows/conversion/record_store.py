"""The records of a run, in a private temporary database that gives them back in the order claims are written.

A claim file wants the claims of one billing provider, subscriber and patient together and a course of treatment in date order,
whatever the order of the input. SQLite sorts outside memory; its nameless database lies in a file that nobody else
can open and that disappears with the process.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import orjson

from edi.finding import Source
from edi.visit.identity import SEPARATOR

_CACHE_KIB = 4_096  # sorting takes as much again; a larger one is not faster


class StoredRecord(NamedTuple):
    """A record that passed the schema. `number` is its place in the input; `key` sorts (receiver, patient, date);
    `identity` is its visitId within its practice; `exact` and `plain` describe its text (see `edi.visit.parse.Parsed`)."""

    number: int
    key: str
    identity: str
    exact: bool
    plain: bool
    file: str
    line: int | None
    base: str
    data: bytes

    @property
    def source(self) -> Source:
        return Source(self.file, self.line)

    @property
    def receiver(self) -> str:
        """The receiver's name in edi.toml."""
        return self.key.partition(SEPARATOR)[0]

    @property
    def history_key(self) -> str:
        """The same for all records that have one history: receiver and patient."""
        return self.key.rpartition(SEPARATOR)[0]

    @property
    def patient(self) -> str:
        """The patient as `edi.visit.identity.patient_of` names it."""
        return self.history_key.partition(SEPARATOR)[2]


class RecordStore:
    """The records of one run and their findings, by their number in the input."""

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
        """Store records."""
        # A folder's name may hold what is no text.
        rows = ((*record[:7], os.fsencode(record.base), record.data) for record in records)
        self._database.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def set_outcome(self, number: int, line: bytes, *, rejected: bool) -> None:
        """Store a record's findings as JSON; those of a reject are its line of rejects.ndjson."""
        self._database.execute("INSERT OR REPLACE INTO outcome VALUES (?,?,?)", (number, rejected, line))

    def clear_outcomes(self, *, keep: frozenset[int]) -> None:
        """Delete the findings on stored records, but for those in `keep`: the rest will be judged again."""
        found = self._database.execute("SELECT number FROM outcome JOIN record USING (number)").fetchall()
        again = [row for row in found if row[0] not in keep]
        self._database.executemany("DELETE FROM outcome WHERE number = ?", again)

    def rejects(self) -> Iterator[bytes]:
        """The lines of rejects.ndjson, in the order of the input."""
        return (line for rejected, line in self.outcomes() if rejected)

    def outcomes(self) -> Iterator[tuple[bool, bytes]]:
        """Whether it was rejected, and its findings, of every record that has findings, in the order of the input."""
        for rejected, line in self._database.execute("SELECT rejected, line FROM outcome ORDER BY number"):
            yield bool(rejected), line

    def is_rejected(self, number: int) -> bool:
        """Whether a record was rejected."""
        found = self._database.execute("SELECT rejected FROM outcome WHERE number = ?", (number,)).fetchone()
        return bool(found and found[0])

    def repeated_ids(self) -> tuple[frozenset[int], frozenset[int]]:
        """Numbers of the records whose visitId an earlier record has: with other content, and with the same content."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_identity ON record (identity)")
        rows = self._database.execute(
            "SELECT identity, number, data FROM record WHERE identity IN (SELECT identity FROM record"
            " GROUP BY identity HAVING count(*) > 1) ORDER BY identity, number"
        )
        other: set[int] = set()
        same: set[int] = set()
        for _, records in groupby(rows, key=lambda row: row[0]):
            seen: set[bytes] = set()
            for _, number, data in records:
                content = orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
                if content in seen:
                    same.add(number)
                elif seen:
                    other.add(number)
                seen.add(content)
        return frozenset(other), frozenset(same)

    def in_claim_order(self) -> Iterator[StoredRecord]:
        """The records sorted by key, then by number."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_key ON record (key, number)")
        rows = self._database.execute(
            "SELECT number, key, identity, exact, plain, file, line, base, data FROM record INDEXED BY by_key"
            " ORDER BY key, number"
        )
        for number, key, identity, exact, plain, file, line, base, data in rows:
            yield StoredRecord(
                number, key, identity, bool(exact), bool(plain), file, line, os.fsdecode(base), data
            )

    def by_patient(self) -> Iterator[list[StoredRecord]]:
        """The records of each history together, in claim order."""
        for _, records in groupby(self.in_claim_order(), key=lambda record: record.history_key):
            yield list(records)

    def close(self) -> None:
        self._database.close()
