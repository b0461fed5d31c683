"""Records in which every text has a mark of its own, and what of them stands somewhere."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from rule_cases import CASES, base, change
from schema_record import full_record, places, put

from edi.sample import visits
from edi.sample.chance import Chance
from edi.sample.faults import CATEGORIES, DUPLICATE, spoil
from edi.visit.fields import Field, visit_fields
from edi.visit.schema import is_valid

Record = dict[str, Any]
Path = tuple[str | int, ...]

MARK = re.compile("zqx[0-9]{5}", re.IGNORECASE)
TOLD = frozenset(("visitId", "id", "attachmentId", "payerId"))
"""What names a visit, an attachment and a payer in messages and in the ledger."""


def _coded(field: Field, name: str = "") -> Iterator[str]:
    """The names of the fields that the schema gives choices, a form or another type than text."""
    if field.item is not None:
        yield from _coded(field.item, name)
    for key, member in field.members.items():
        yield from _coded(member, key)
    if (
        field.kind in ("integer", "boolean")
        or "enum" in field.schema
        or field.schema.get("pattern", "")[:1] == "^"
    ):
        yield name


_CODED = (
    TOLD
    | (frozenset(_coded(visit_fields())) - {"controlNumber"})
    | {"code", "diagnoses", "fee", "npi", "taxId", "taxonomyCode", "toothNumber"}
)
"""Fields that a good record has no free text in: the schema or a rule says what they hold. A mark may be a control number."""


class Marks:
    """Gives marks, and knows the place of each."""

    def __init__(self) -> None:
        self.places: dict[str, Path] = {}

    def new(self, path: Path) -> str:
        mark = f"Zqx{len(self.places):05}"
        self.places[mark.upper()] = path
        return mark

    def record(self, record: Record) -> Record:
        """The record with a mark in every free text."""
        marked = copy.deepcopy(record)
        for path in list(places(marked)):
            value = at(marked, path)
            name = name_of(path)
            if isinstance(value, str) and name not in _CODED:
                mark = self.new(path)
                put(marked, path, f"{mark}.png" if name == "file" else mark)
        return marked

    def broken(self, record: Record) -> Iterator[Record]:
        """The record again and again, each time with one field broken: of another kind, too long, with characters that a claim
        cannot have, blanks around it, or the words of another field."""
        for number, path in enumerate(places(record)):
            value, mark = at(record, path), self.new(path)
            wrong = (mark, [mark], f"{mark} " * 1500, f"{mark}*~^:", f"{mark}\u4e2d\x1b", f" {mark} ")
            if name_of(path) in TOLD:
                continue
            turn = number % (2 if isinstance(value, dict | list) else len(wrong))
            spoiled = copy.deepcopy(record)
            put(spoiled, path, wrong[turn])
            yield spoiled

    def faulty(self) -> Iterator[Record]:
        """Marked records that break each rule in turn, and each category of the samples."""
        for case in CASES:
            record = self.record(base(case.data["base"]))
            change(record, case.data.get("set", {}))
            # A file cannot hold a zero character; the schema refuses half a character.
            if case.side == "trips" and is_valid(record) and "\\u0000" not in json.dumps(record):
                yield record
        for category in CATEGORIES:
            for seed in range(3):
                record = self.record(base("renewal"))
                if category != DUPLICATE and spoil(category, Chance(seed), record):
                    yield record

    def all(self) -> list[Record]:
        """Good and broken records under visitIds of their own."""
        full = self.record(full_record())
        clean = [self.record(record) for record, _ in visits(5, 3)]
        clean += [self.record(record) for record in (base("first"), base("renewal"), base("closing"))]
        found = [full, *clean, *self.broken(full), *self.broken(clean[-2]), *self.faulty()]
        for number, record in enumerate(found):
            record["visitId"] = f"V-{number}"
            record["subscriber"] = self._apart(record.get("subscriber"), number)
        return found

    @staticmethod
    def _apart(subscriber: Any, number: int) -> Any:
        """A patient of its own, so that no visit is another's history; a broken one stays as it is."""
        member = subscriber.get("memberId") if isinstance(subscriber, dict) else None
        good = isinstance(member, str) and re.fullmatch("[A-Za-z0-9]{1,20}", member)
        return {**subscriber, "memberId": f"{member}N{number}"} if good else subscriber

    def found(self, text: str | bytes) -> set[Path]:
        """The places whose marks stand in a text."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        return {self.places[mark.upper()] for mark in MARK.findall(text)}


def at(record: Any, path: Path) -> Any:
    for step in path:
        record = record[step]
    return record


def name_of(path: Path) -> str:
    """The field's own name."""
    return next(step for step in reversed(path) if isinstance(step, str))


def findings_of(lines: bytes) -> str:
    """The findings of claims.ndjson or rejects.ndjson, without the records beside them."""
    return json.dumps([json.loads(line)["findings"] for line in lines.split(b"\n") if line])
