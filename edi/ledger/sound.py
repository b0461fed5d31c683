"""What a sound row of a ledger is. A ledger may come from elsewhere or be changed by another hand: its rows are held against
this before they are imported, before files are moved by what they say, and by `edi ledger check`."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, select

from edi.errors import LedgerError
from edi.ledger.entry import PHASE, UNFINISHED, WRITTEN
from edi.ledger.kept import is_kept_name
from edi.ledger.keys import is_fingerprint
from edi.ledger.numbers import rolled
from edi.ledger.run_files import number_and_kind
from edi.ledger.tables import CLAIM, COUNTER, EPISODE_VISIT, EVENT, FILE, LINE, RUN
from edi.x12.output import is_owned_staging

Row = Mapping[Any, Any]
Check = Callable[[Any], bool]

_MOST: Final = 1 << 53  # far above any count, far below where the numbers of a database end
_LARGEST: Final = 1 << 63
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_PATIENT: Final = re.compile(r"[0-9a-f]{32}")


def fault_of(table: Table, row: Row, owner: str) -> str | None:
    """The column of a row that holds what no ledger of this `owner` (`edi.ledger.keys.owner_of`) has; None for a sound row."""
    for name, nullable, suits, form in _checks(table):
        value = row[name]
        if value is None:
            if not nullable:
                return name
        elif not suits(value) or (form and not form(value)):
            return name
    together = _TOGETHER.get(table)
    return together(row, owner) if together else None


def changed(what: str) -> LedgerError:
    """What is raised when the program comes upon a row that no convert has written."""
    return LedgerError(
        f"The ledger was changed by another hand: {what}. No file was moved or deleted. `edi ledger check` names such rows; "
        "bring the ledger back from a backup."
    )


def phase_of(state: str) -> int:
    """How far along a state is. Raises LedgerError when there is no such state."""
    if state not in PHASE:
        raise changed("no convert writes such a state")
    return PHASE[state]


def circular(connection: Connection) -> list[str]:
    """The visits whose claims correct each other in a circle, or themselves."""
    found: set[int] = set()
    for column in (CLAIM.c.corrects, CLAIM.c.corrected_by):
        rows = connection.execute(select(CLAIM.c.id, column).where(column.is_not(None)))
        found |= _in_circles({row[0]: row[1] for row in rows})
    visits = (
        connection.execute(select(CLAIM.c.visit_id).where(CLAIM.c.id == each)) for each in sorted(found)
    )
    return [f"{visit.scalar()}" for visit in visits]


def _in_circles(links: Mapping[int, int]) -> set[int]:
    """The numbers that a way along the links leads back to."""
    done: set[int] = set()
    circles: set[int] = set()
    for start in links:
        way: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = links.get(at)
        if at in way:
            passed = list(way)
            circles.update(passed[passed.index(at) :])
        done.update(way)
    return circles


@cache
def _checks(table: Table) -> tuple[tuple[str, bool, Check, Check | None], ...]:
    """What is asked of each column of a table: its name, whether it may be empty, its type, its form."""
    forms = dict(_FORMS.get(table, ()))
    return tuple(
        (column.name, bool(column.nullable), _check_of(column), forms.get(column)) for column in table.columns
    )


def _check_of(column: Column[Any]) -> Check:
    """Whether a value is of its column's type. SQLite would take any."""
    if isinstance(column.type, Integer):
        return _is_integer
    return _is_octets if isinstance(column.type, LargeBinary) else _is_text


def _is_integer(value: Any) -> bool:
    return type(value) is int and -_LARGEST <= value < _LARGEST


def _is_octets(value: Any) -> bool:
    return isinstance(value, bytes) and is_fingerprint(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_folder(text: str) -> bool:
    return Path(text).is_absolute() and os.path.normpath(text) == text


def is_moment(text: str) -> bool:
    """Whether it is an ISO date and time."""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date(text: str) -> bool:
    """Whether it is an ISO date."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_detail(text: str) -> bool:
    """Whether it is a JSON object, as the details of an event are."""
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def _counts(value: int) -> bool:
    return 0 <= value < _MOST


def _is_number(value: int) -> bool:
    return 0 < value < _MOST


_FORMS: Final[dict[Table, tuple[tuple[Column[Any], Check], ...]]] = {
    COUNTER: ((COUNTER.c.value, _counts),),
    RUN: (
        (RUN.c.id, _is_number),
        (RUN.c.state, (UNFINISHED, WRITTEN).__contains__),
        (RUN.c.folder, _is_folder),
        (RUN.c.at, is_moment),
        (RUN.c.first_claim, _is_number),
        (RUN.c.kept, is_kept_name),
    ),
    FILE: (
        (FILE.c.id, _is_number),
        (FILE.c.serial, _is_number),
        (FILE.c.sha256, lambda value: bool(_SHA256.fullmatch(value))),
        (FILE.c.claims, _counts),
        (FILE.c.state, PHASE.__contains__),
    ),
    CLAIM: (
        (CLAIM.c.id, _is_number),
        (CLAIM.c.generation, _is_number),
        (CLAIM.c.patient, lambda value: bool(_PATIENT.fullmatch(value))),
        (CLAIM.c.service_date, is_date),
        (CLAIM.c.state, PHASE.__contains__),
    ),
    LINE: ((LINE.c.service_date, is_date),),
    EPISODE_VISIT: ((EPISODE_VISIT.c.service_date, is_date),),
    EVENT: ((EVENT.c.kind, PHASE.__contains__), (EVENT.c.at, is_moment), (EVENT.c.detail, is_detail)),
}
"""What the values of a column look like, beyond their type."""


def _run(row: Row, owner: str) -> str | None:
    return None if is_owned_staging(row["staging"], owner) else RUN.c.staging.name


def _file(row: Row, _owner: str) -> str | None:
    number = f"{rolled(row['serial']):09}"
    if row["number"] != number:
        return FILE.c.number.name
    return None if number_and_kind(row["name"]) == (number, row["kind"]) else FILE.c.name.name


def _claim(row: Row, _owner: str) -> str | None:
    own: Iterable[str] = (CLAIM.c.corrects.name, CLAIM.c.corrected_by.name)
    return next((name for name in own if row[name] == row["id"]), None)


def _event(row: Row, _owner: str) -> str | None:
    return EVENT.c.file_id.name if row["claim_id"] is None and row["file_id"] is None else None


_TOGETHER: Final[dict[Table, Callable[[Row, str], str | None]]] = {
    RUN: _run,
    FILE: _file,
    CLAIM: _claim,
    EVENT: _event,
}
"""What the columns of a row say together."""
