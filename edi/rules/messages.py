"""Parts of messages: values that may be shown, and the places of fields."""

from __future__ import annotations

import re

from edi.finding import pointer
from edi.visit.facts import EarlierVisit, Facts, Line

_TERSE = re.compile(
    r"-?\$?[A-Za-z]{0,2}[0-9][0-9A-Za-z]{0,4}(?:[.,][0-9A-Za-z]{0,4})?|[A-Za-z0-9]{1,2}", re.ASCII
)
_WITHHELD = "(not shown)"


def safe(value: str) -> str:
    """A code, a tooth or an amount as a message may repeat it: what is longer or wordier than these are may be a person's name,
    number or date in the wrong field."""
    return value if _TERSE.fullmatch(value) else _WITHHELD


def quoted(value: str) -> str:
    """The same between quotes."""
    return f'"{value}"' if safe(value) == value else _WITHHELD


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


def history_path(facts: Facts, visit: EarlierVisit, otherwise: str) -> str:
    """Where an earlier visit stands in the record's episode, or `otherwise` when others know of it."""
    if facts.episode:
        for place, each in enumerate(facts.episode["visits"]):
            if each["serviceDate"] == visit.service_date and each["code"] == visit.code:
                return pointer("episode", "visits", place)
    return otherwise
