"""Requests of payers for more about a claim (277 by 005010X213 or 006020X313): for which claim, what is asked, until when.

A faulty file is read as far as its segments find their places in the guide.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from edi.attachments.transaction import Asked, Name, Payer, Question
from edi.guide.registry import guide
from edi.guide.request_277.x213 import GUIDE
from edi.validate.trace import Step, trace
from edi.x12.element_reader import Place, reader

VERSIONS = ("005010X213", "006020X313")
"""The guides of requests, as ST03 and GS08 carry them. What is read here stands in the same places in both."""

_PERSON = "1"
_QUESTIONS = tuple(f"{ref}-{part}" for ref in ("STC01", "STC10", "STC11") for part in (1, 2, 4))

_LEVELS = frozenset(each.id for each in GUIDE.index.values() if each.trigger.segment.id == "HL")

_VERSION = reader(GUIDE, "ST", "ST", "ST03")
_PAYER = reader(GUIDE, "2100A", "NM1:PR", "NM103", "NM109", "NM108")
_PROVIDER = reader(GUIDE, "2100C", "NM1:1P", "NM109")
_PATIENT = reader(GUIDE, "2100D", "NM1:QC", "NM103", "NM104", "NM105", "NM107", "NM102", "NM109")
_NUMBER = reader(GUIDE, "2200D", "TRN", "TRN02")
_ITEM = reader(GUIDE, "2200D", "STC", "STC12", *_QUESTIONS)
_PAYER_CLAIM_NUMBER = reader(GUIDE, "2200D", "REF:1K", "REF02")
_CLAIM_NUMBER = reader(GUIDE, "2200D", "REF:EJ", "REF02")
_PROVIDER_CLAIM_NUMBER = reader(GUIDE, "2200D", "REF:X1", "REF02")
_SERVICE_DATE = reader(GUIDE, "2200D", "DTP:472", "DTP03")
_DUE = reader(GUIDE, "2200D", "DTP:106", "DTP03")
_PROCEDURE = reader(GUIDE, "2220D", "SVC", "SVC01-2")
_LINE_ITEM = reader(GUIDE, "2220D", "STC", "STC12", *_QUESTIONS)
_LINE_NUMBER = reader(GUIDE, "2220D", "REF:6R", "REF02")
_LINE_DUE = reader(GUIDE, "2220D", "DTP:106", "DTP03")


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
        if done := reading.take(step):
            yield done


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
        self._first = 0  # of the items of the line at hand
        self._procedure = ""

    def take(self, step: Step) -> Request | None:
        """Read one segment; the request that ended before it."""
        finished = None
        if _ends_request(step):
            finished, self._request = self._request, None
        if step.text is not None:
            self._read(step, step.text.split(step.delimiters.element))
        return finished

    def _read(self, step: Step, elements: Sequence[str]) -> None:
        for level in step.opens:
            if level.kind == "interchange":
                self._interchange = level.number
            elif level.kind == "set":
                found = guide(_VERSION(elements))
                self._version = found.version if found and found.version in VERSIONS else ""
        place = _place(step)
        if self._version and place is not None:
            self._read_level(place, elements)
            if self._request:
                self._read_claim(self._request, place, elements, step.delimiters.component)

    def _read_level(self, place: Place, elements: Sequence[str]) -> None:
        match place:
            case _PAYER.place:
                self._payer = Payer(*_PAYER(elements))
            case _PROVIDER.place:
                self._npi = _PROVIDER(elements)
            case _PATIENT.place:
                last, first, middle, suffix, kind, self._member = _PATIENT(elements)
                self._patient = Name(last, first, middle, suffix, kind == _PERSON)
            case _NUMBER.place:
                self._request = Request(
                    self._version,
                    self._interchange,
                    _NUMBER(elements),
                    self._payer,
                    self._npi,
                    self._patient,
                    self._member,
                )

    def _read_claim(self, request: Request, place: Place, elements: Sequence[str], component: str) -> None:
        match place:
            case _PAYER_CLAIM_NUMBER.place:
                request.payer_claim_number = _PAYER_CLAIM_NUMBER(elements)
            case _CLAIM_NUMBER.place:
                request.claim_number = request.claim_number or _CLAIM_NUMBER(elements)
            case _PROVIDER_CLAIM_NUMBER.place:
                request.claim_number = request.claim_number or _PROVIDER_CLAIM_NUMBER(elements)
            case _SERVICE_DATE.place:
                request.service_date = _SERVICE_DATE(elements)
            case _DUE.place:
                request.due = _earlier(request.due, _DUE(elements))
            case _LINE_DUE.place:
                request.due = _earlier(request.due, _LINE_DUE(elements))
            case _ITEM.place:
                request.items.append(_item(*_ITEM(elements, component)))
            case _PROCEDURE.place:
                self._first, self._procedure = len(request.items), _PROCEDURE(elements, component)
            case _LINE_ITEM.place:
                item = _item(*_LINE_ITEM(elements, component))
                request.items.append(replace(item, procedure=self._procedure))
            case _LINE_NUMBER.place:
                of_line = request.items[self._first :]  # the line's number comes after what is asked of it
                number = _LINE_NUMBER(elements)
                request.items[self._first :] = [replace(each, line_number=number) for each in of_line]


def _place(step: Step) -> Place | None:
    return Place(step.loop.id, step.use.address) if step.loop and step.use else None


def _ends_request(step: Step) -> bool:
    """Whether the next claim, level or transaction set begins."""
    place = _place(step)
    begins = place is not None and (place == _NUMBER.place or place.loop_id in _LEVELS)
    return begins or step.text is None or any(level.kind == "set" for level in step.opens)


def _earlier(due: str, day: str) -> str:
    """The earlier of two days, of which the second may be none."""
    return min(filter(None, (due, day))) if iso_day(day) else due


def _item(message: str, *questions: str) -> RequestedItem:
    document, window, item = (questions[first : first + 3] for first in (0, 3, 6))
    asked = Asked(Question(*document), _narrowed(window), _narrowed(item))
    return RequestedItem(asked, message=message)


def _narrowed(question: Sequence[str]) -> Question | None:
    return Question(*question) if any(question) else None
