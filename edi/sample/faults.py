"""Faults: records spoiled so that each earns exactly one finding that rejects it.

`faults.json` has the edits by category of the finding: JSON Pointers and what is put there, null to take a value out, `-` to add
to a list; `when` says which records an edit suits. There are none for `authorization`: with the default profile no claim needs
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from edi.sample.chance import Chance
from edi.sample.template import fill, load
from edi.visit.facts import APEXIFICATION

Record = dict[str, Any]

_EDITS = load("faults.json")
DUPLICATE = "duplicate"
CATEGORIES = (*_EDITS, DUPLICATE)


def with_faults(
    records: Iterable[Record], chance: Chance, share: float
) -> Iterator[tuple[Record, str | None]]:
    """The records, of which a share is spoiled, each with the category of its fault. The categories take turns."""
    categories = cycle(CATEGORIES)
    kept = None  # a good record of one service, for a later one to repeat under its own visit id
    for record in records:
        if not chance.flip(share):
            if len(record["procedures"]) == 1 and _traits(record) >= {"claim", "original"}:
                kept = deepcopy(record)
            yield record, None
            continue
        for category in categories:
            if category != DUPLICATE and spoil(category, chance, record):
                yield record, category
                break
            if category == DUPLICATE and kept:
                yield {**deepcopy(kept), "visitId": record["visitId"]}, category
                break


def spoil(category: str, chance: Chance, record: Record) -> bool:
    """Put a fault of a category into the record; False where the edit that chance picks does not suit it."""
    edit = dict(chance.pick(_EDITS[category]))
    if not set(edit.pop("when", "").split()) <= _traits(record):
        return False
    facts = _facts(chance, record)
    done = [_put(record, place.split("/")[1:], fill(value, facts, chance)) for place, value in edit.items()]
    return done[0]


def _traits(record: Record) -> set[str]:
    frequency = record.get("claim", {}).get("frequency", "original")
    code = record["procedures"][0]["code"]
    traits = {
        "claim": "serviceDate" in record,
        "plan": "serviceDate" not in record,
        "original": frequency == "original",
        "treatment": code in APEXIFICATION and frequency != "void",  # the rules on contents let a void pass
        "unshared": "otherInsurance" not in record,  # no other payer has decided on its amounts
        "first": code == "D3351",
        "closing": code == "D3353",  # no other visit has to live with what was done to the tooth
    }
    return {trait for trait, holds in traits.items() if holds}


def _facts(chance: Chance, record: Record) -> dict[str, Any]:
    day = record.get("serviceDate") or record["clinical"]["radiographs"][0]["date"]
    before = record.get("episode", {"visits": [{"serviceDate": "", "code": ""}]})["visits"][-1]
    return {
        "date": day,
        "later": (date.fromisoformat(day) + timedelta(chance.between(1, 9))).isoformat(),
        "before": before["serviceDate"],
        "codeBefore": before["code"],
        "tooth": record["procedures"][0].get("toothNumber"),
        "wrongTooth": chance.pick(("33", "E", "0", "ES")),
    }


def _put(record: Record, place: list[str], value: Any) -> bool:
    """False where the record has no such place."""
    at: Any = record
    for step in place[:-1]:
        at = at[int(step)] if isinstance(at, list) else at.get(step)
        if at is None:
            return False
    last = place[-1]
    if value is None:
        return at.pop(last, None) is not None
    if last == "-":
        at.append(value)
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return True
