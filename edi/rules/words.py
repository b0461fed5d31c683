"""Small words and dates that several rules need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from edi.finding import pointer
from edi.visit.facts import Earlier, Facts, Line

__all__ = [
    "closed_before",
    "days",
    "history_path",
    "line_path",
    "months_later",
    "quoted",
    "restarted",
    "said",
    "since_first",
    "when_path",
]

_TERSE = re.compile(
    r"-?\$?[A-Za-z]{0,2}[0-9][0-9A-Za-z]{0,4}(?:[.,][0-9A-Za-z]{0,4})?|[A-Za-z0-9]{1,2}", re.ASCII
)
_WITHHELD = "(not shown)"


def said(value: str) -> str:
    """A code, a tooth or an amount as a message may repeat it: what is longer or wordier than these are may be a person's name,
    number or date in the wrong field."""
    return value if _TERSE.fullmatch(value) else _WITHHELD


def quoted(value: str) -> str:
    """The same between quotes."""
    return f'"{value}"' if said(value) == value else _WITHHELD


def line_path(line: Line, field: str) -> str:
    """The JSON Pointer of a field of an apexification line."""
    return f"/procedures/{line.place}/{field}"


def when_path(facts: Facts, place: int) -> str:
    """Where the date of a procedure stands: on itself, or on the claim."""
    return (
        pointer("procedures", place, "serviceDate")
        if "serviceDate" in facts.procedures[place]
        else "/serviceDate"
    )


def history_path(facts: Facts, visit: Earlier, otherwise: str) -> str:
    """Where an earlier visit stands in the record's episode, or `otherwise` when others know of it."""
    if facts.episode:
        for place, each in enumerate(facts.episode["visits"]):
            if each["serviceDate"] == visit.service_date and each["code"] == visit.code:
                return pointer("episode", "visits", place)
    return otherwise


def since_first(visits: Sequence[Earlier]) -> Sequence[Earlier]:
    """The visits of the running course: from the last D3351 on, so that a restarted one counts anew."""
    for place in range(len(visits) - 1, -1, -1):
        if visits[place].code == "D3351":
            return visits[place:]
    return visits


def closed_before(visits: Sequence[Earlier]) -> bool:
    """Whether the running course has had its closing visit."""
    return any(visit.code == "D3353" for visit in since_first(visits))


def restarted(facts: Facts) -> bool:
    """Whether the episode says why the course was started again."""
    return bool(facts.episode and facts.episode.get("restartReason"))


@lru_cache(maxsize=4096)
def days(first: str, last: str) -> int:
    """Days from one ISO date to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


@lru_cache(maxsize=4096)
def months_later(day: str, months: int) -> str:
    """The ISO date some months on (a 31st may become a date that no month has: it is only compared)."""
    years, month = divmod(int(day[5:7]) - 1 + months, 12)
    return f"{int(day[:4]) + years:04d}-{month + 1:02d}{day[7:]}"
