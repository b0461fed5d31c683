"""A payer's request (277 by 005010X213 or 006020X313) as values: for which claim, what is asked, until when.

The guide tells where each fact stands; a faulty file is read as far as its segments find their places.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from edi.attachments.transaction import Asked, Name, Payer, Question
from edi.guide.registry import guide
from edi.validate.trace import Step, trace

VERSIONS = ("005010X213", "006020X313")
"""The guides of requests, as ST03 and GS08 carry them."""

_LEVELS = ("2000A", "2000B", "2000C", "2000D")
_CLAIM_NUMBERS = ("EJ", "X1")
_LINE_NUMBERS = ("6R", "FJ")
_PERSON = "1"


@dataclass(frozen=True, slots=True)
class RequestedItem:
    """One thing that is asked: `line_number` is REF*6R or REF*FJ of the line it is about, `procedure` its code, both ""
    for the whole claim; `message` is the payer's own text ("" where there is none)."""

    asked: Asked
    line_number: str = ""
    procedure: str = ""
    message: str = ""


@dataclass(slots=True)
class Request:
    """All that one 277 asks about one claim. Dates are CCYYMMDD, `service_date` also a period; "" where the file does not
    say, or names no day that could be due. `claim_number` is CLM01 as the payer repeats it, `payer_claim_number` the payer's
    own. The name is personal data."""

    version: str
    interchange: str
    number: str
    payer: Payer
    provider_npi: str
    patient: Name
    member_id: str
    claim_number: str = ""
    payer_claim_number: str = ""
    service_date: str = ""
    due: str = ""
    items: list[RequestedItem] = field(default_factory=list)


def read_requests(stream: BinaryIO, name: str) -> Iterator[Request]:
    """Every request of a file, in order and in flat memory; none where the file holds other transactions.

    Raises InputError when the file is not X12 at all; `name` is how its message calls it."""
    reading = _Reading()
    for step in trace(stream, name):
        done = reading.take(step)
        if done:
            yield done
    if last := reading.end():
        yield last


def iso_day(date: str) -> str | None:
    """CCYYMMDD as an ISO date; None for what is no day of the calendar."""
    if len(date) != len("CCYYMMDD") or not date.isascii() or not date.isdigit():
        return None
    try:
        return datetime.datetime.strptime(date, "%Y%m%d").date().isoformat()
    except ValueError:
        return None


class _Reading:
    """The facts around the segment at hand: what the levels have said, and the request that is being read."""

    def __init__(self) -> None:
        self._version = self._interchange = ""
        self._payer = Payer("", "")
        self._npi = self._member = ""
        self._patient = Name("")
        self._request: Request | None = None
        self._first = 0  # of the questions about the line at hand
        self._procedure = ""

    def take(self, step: Step) -> Request | None:
        """Read one segment; the request that ended before it."""
        if step.text is None:
            return self.end()
        fields = step.text.split(step.delimiters.element)
        finished = None
        if fields[0] in ("ISA", "ST", "SE"):
            finished = self.end()
            self._begin(fields)
        elif self._version and step.loop is not None and step.use is not None:
            if step.loop.id in _LEVELS or (step.loop.id == "2200D" and fields[0] == "TRN"):
                finished = self.end()
            self._read(step.loop.id, fields, step.delimiters.component)
        return finished

    def end(self) -> Request | None:
        """The request is over."""
        request, self._request = self._request, None
        return request

    def _begin(self, fields: Sequence[str]) -> None:
        if fields[0] == "ISA":
            self._interchange = _at(fields, 13)
        found = guide(_at(fields, 3)) if fields[0] == "ST" else None
        self._version = found.version if found and found.version in VERSIONS else ""

    def _read(self, loop: str, fields: Sequence[str], component: str) -> None:
        match loop, fields[0]:
            case "2100A", "NM1":
                self._payer = Payer(_at(fields, 3), _at(fields, 9), _at(fields, 8))
            case "2100C", "NM1":
                self._npi = _at(fields, 9)
            case "2100D", "NM1":
                last, first, middle, suffix = (_at(fields, place) for place in (3, 4, 5, 7))
                person = _at(fields, 2) == _PERSON
                self._patient, self._member = Name(last, first, middle, suffix, person), _at(fields, 9)
            case "2200D", "TRN":
                self._request = Request(
                    self._version,
                    self._interchange,
                    _at(fields, 2),
                    self._payer,
                    self._npi,
                    self._patient,
                    self._member,
                )
            case "2200D" | "2220D", _ if self._request:
                self._claim(self._request, loop, fields, component)

    def _claim(self, request: Request, loop: str, fields: Sequence[str], component: str) -> None:
        value = _at(fields, 2)
        match loop, fields[0], _at(fields, 1):
            case "2200D", "REF", "1K":
                request.payer_claim_number = value
            case "2200D", "REF", kind if kind in _CLAIM_NUMBERS:
                request.claim_number = request.claim_number or value
            case "2200D", "DTP", "472":
                request.service_date = _at(fields, 3)
            case _, "DTP", "106" if iso_day(_at(fields, 3)):
                request.due = min(filter(None, (request.due, _at(fields, 3))), default="")
            case "2220D", "SVC", procedure:
                self._first, self._procedure = len(request.items), _at(procedure.split(component), 1)
            case "2220D", "REF", kind if kind in _LINE_NUMBERS:
                of_line = request.items[self._first :]  # the line's number comes after what is asked of it
                request.items[self._first :] = [replace(each, line_number=value) for each in of_line]
            case _, "STC", _:
                request.items.append(self._item(loop, fields, component))

    def _item(self, loop: str, fields: Sequence[str], component: str) -> RequestedItem:
        questions = [_question(_at(fields, place), component) for place in (1, 10, 11)]
        asked = Asked(questions[0] or Question("", "", ""), *questions[1:])
        procedure = self._procedure if loop == "2220D" else ""
        return RequestedItem(asked, procedure=procedure, message=_at(fields, 12))


def _question(composite: str, component: str) -> Question | None:
    if not composite:
        return None
    parts = composite.split(component)
    return Question(_at(parts, 0), _at(parts, 1), _at(parts, 3))


def _at(fields: Sequence[str], place: int) -> str:
    return fields[place] if place < len(fields) else ""
