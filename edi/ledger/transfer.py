"""Export and import of a whole ledger, as lines of JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Select, Table, func, select

from edi.errors import LedgerError
from edi.ledger.address import address_of
from edi.ledger.database import Database
from edi.ledger.entry import UNFINISHED, WRITTEN
from edi.ledger.keys import key_fingerprint, owner_of, read_key
from edi.ledger.opening import make_tables, other_version, revision_of, stored_fingerprint
from edi.ledger.sound import circular, fault_of
from edi.ledger.tables import (
    ATTACHMENT,
    CLAIM,
    COUNTER,
    EPISODE_VISIT,
    EVENT,
    FILE,
    LINE,
    META,
    REVISION,
    RUN,
)
from edi.settings import Settings

_TABLES: Final = (COUNTER, RUN, FILE, CLAIM, LINE, ATTACHMENT, EPISODE_VISIT, EVENT)
_BATCH: Final = 1_000
_FORM: Final = "edi ledger"


def export_ledger(database: Database) -> Iterator[bytes]:
    """The lines of an export: a header, then a line for each row, all of one moment. Raises LedgerError when a run is
    unfinished."""
    with database.reading(still=True) as connection:
        if connection.execute(_count(RUN).where(RUN.c.state == UNFINISHED)).scalar():
            raise LedgerError("A convert is under way or was cut off. Run `edi ledger check`, then export.")
        key = stored_fingerprint(connection)
        rows = {f"{table.name}": connection.execute(_count(table)).scalar() for table in _TABLES}
        yield _line({"form": _FORM, "revision": REVISION, "key": key, "rows": rows})
        for table in _TABLES:
            found = connection.execution_options(yield_per=_BATCH).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for row in found.mappings():
                yield _line(
                    {"table": table.name, "row": {f"{name}": _plain(value) for name, value in row.items()}}
                )


def import_ledger(settings: Settings, lines: Iterable[bytes]) -> int:
    """Fill the empty ledger that the settings name, with all rows or none; the number of claims. Raises LedgerError
    when the ledger is not empty, the lines are no export, or edi.key is not the key of the exported ledger."""
    place = address_of(settings)
    source = iter(lines)
    head = _parsed(next(source, b""), 1)
    if head.get("form") != _FORM:
        raise LedgerError("The file is no export of a ledger.")
    if head.get("revision") != REVISION:
        raise LedgerError("The export is of another version of edi. Export and import with the same one.")
    key = read_key(place.key_file)
    if key is None or key_fingerprint(key) != head.get("key"):
        raise LedgerError(f"First put the edi.key of the exported ledger in place of {place.key_file}.")
    database = Database(place)
    try:
        with database.writing() as connection:
            # In the same transaction: what fails begins no ledger beside the key.
            found = revision_of(connection, place.setting)
            if found is None:
                make_tables(connection)
            elif found != REVISION:
                raise other_version(database.name)
            if connection.execute(_count(COUNTER)).scalar():
                raise LedgerError(
                    f"The ledger ({database.name}) is not empty; import fills an empty one only."
                )
            connection.execute(META.delete())
            connection.execute(META.insert(), {"name": "key", "value": head["key"]})
            read = _fill(connection, source, owner_of(head["key"]))
            if head.get("rows") != {table.name: read[table.name] for table in _TABLES}:
                raise LedgerError(
                    "The file is not the whole export: rows are missing. Copy or export it again."
                )
            if circular(connection):
                raise LedgerError("The file is no export of a ledger: it has claims that correct each other.")
            return read[CLAIM.name]
    finally:
        database.close()


def _count(table: Table) -> Select[Any]:
    return select(func.count()).select_from(table)


def _fill(connection: Connection, source: Iterator[bytes], owner: str) -> Counter[str]:
    """The rows that were read, by table. Every row is looked at: an export may come from anybody."""
    tables = {table.name: table for table in _TABLES}
    numbered = enumerate(source, 2)
    read: Counter[str] = Counter()
    waiting: list[dict[str, Any]] = []
    current: Table | None = None
    while batch := list(islice(numbered, _BATCH)):
        for number, line in batch:
            item = _parsed(line, number)
            table = tables.get(f"{item.get('table')}")
            row = item.get("row")
            if table is None or not isinstance(row, dict) or not _is_sound(table, row, owner):
                raise LedgerError(f"Line {number} is no row of a ledger.")
            if table is not current and waiting and current is not None:
                connection.execute(current.insert(), waiting)
                waiting = []
            current = table
            read[table.name] += 1
            if table is EVENT:
                row.pop("id")  # the order is kept; the database numbers by itself
            waiting.append(row)
        if waiting and current is not None:
            connection.execute(current.insert(), waiting)
            waiting = []
    return read


def _is_sound(table: Table, row: dict[str, Any], owner: str) -> bool:
    """Whether a row is one of a ledger's. It is made what the database takes."""
    if row.keys() != set(table.columns.keys()):
        return False
    if table is CLAIM:
        try:
            row["fingerprint"] = bytes.fromhex(row["fingerprint"])
        except (TypeError, ValueError):
            return False
    if table is RUN and row["state"] != WRITTEN:
        return False  # none is exported before all its files are in place
    return fault_of(table, row, owner) is None


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    try:
        item = orjson.loads(line)
    except orjson.JSONDecodeError:
        item = None
    if not isinstance(item, dict):
        raise LedgerError(f"Line {number} of the file is no line of an export.")
    return item


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _line(item: dict[str, Any]) -> bytes:
    return orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE)
