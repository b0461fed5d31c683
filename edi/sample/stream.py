"""The stream of sample visits, good and faulty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count as counted
from itertools import islice

from edi.sample.chance import Chance
from edi.sample.courses import Course
from edi.sample.faults import with_faults
from edi.sample.households import Household, Record

ANCHOR = date(2026, 9, 30)
"""The default "today" of the samples."""


def visits(
    count: int, seed: int, *, faulty: float = 0.0, as_of: date = ANCHOR
) -> Iterator[tuple[Record, str | None]]:
    """`count` records, each with the category of its one fault, or None when it is good.

    The same arguments give the same records on every Python, and a smaller count gives a start of the same
    stream. `faulty` (0 to 1) is the share of records that get a fault; the others stay what they would have
    been. No service date lies after `as_of` or more than 200 days before it, so that a run "today" up to five
    months after `as_of` is within the default timely-filing limit. Records come course by course, each visit
    of a tooth after the one before, and share nothing with each other. Films are named by the control number
    under which an attachment service holds them (`edi.sample.output` writes files instead).
    """
    records = islice(_records(Chance(seed), as_of.toordinal()), count)
    if faulty:
        # A chance of its own, so that the share of faults does not change the good records.
        yield from with_faults(records, Chance(seed + (1 << 64)), faulty)
    else:
        yield from ((record, None) for record in records)


def _records(chance: Chance, today: int) -> Iterator[Record]:
    """Good records without end, household by household."""
    numbers = counted(1)
    for number in counted(1):
        home = Household(chance, number, today)
        for relationship in _patients(chance):
            yield from Course(chance, home, relationship, today, numbers).records()


def _patients(chance: Chance) -> list[str]:
    """Who of a household is treated, by relationship to the policy holder."""
    draw = chance.below(100)
    if draw < 66:
        return ["child"] * chance.pick((1, 1, 1, 1, 1, 1, 1, 2, 2, 3))
    return [
        chance.pick(("adult", "adult", "spouse", "lifePartner", "medicaid", "medicaid", "medicaid", "other"))
    ]
