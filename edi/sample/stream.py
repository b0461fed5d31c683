"""The stream of sample visits, good and faulty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from edi.sample.cases import Cases
from edi.sample.chance import Chance
from edi.sample.faults import Faults

ANCHOR = date(2026, 9, 30)
"""The default "today" of the samples."""


def visits(
    count: int, seed: int, *, faulty: float = 0.0, as_of: date = ANCHOR
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """`count` records, each with the category of its one fault, or None when it is good.

    The same arguments give the same records on every Python, and a smaller count gives a start of the same
    stream. `faulty` (0 to 1) is the share of records that get a fault; the others stay what they would have
    been. No service date lies after `as_of` or more than 200 days before it, so that a run "today" up to five
    months after `as_of` is within the default timely-filing limit. Records come course by course, each visit
    of a tooth after the one before, and share nothing with each other. Films are named by the control number
    under which an attachment service holds them (`edi.sample.folder` writes files instead).
    """
    records = Cases(seed, as_of.toordinal()).records()
    if faulty <= 0:
        for _ in range(count):
            yield next(records), None
        return
    # A stream of its own, so that the share of faults does not change the good records.
    faults = Faults(Chance(seed + (1 << 64)))
    for _ in range(count):
        record = next(records)
        if faults.due(faulty):
            yield faults.spoil(record)
        else:
            faults.keep(record)
            yield record, None
