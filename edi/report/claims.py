"""Claims of the ledger as text, CSV and JSON."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from edi.ledger.queries import ClaimHistory, ClaimRow, Line
from edi.printable import printable
from edi.report.colours import Paint, plain, state_colour

Row = TypeVar("Row", ClaimRow, Line)

_COLUMNS = (
    "visitId",
    "state",
    "days",
    "since",
    "made",
    "payerId",
    "patientControlNumber",
    "payerClaimControlNumber",
    "purpose",
    "frequency",
    "serviceDate",
    "totalCharge",
    "file",
    "corrected",
)


def claim_json(claim: ClaimRow, today: datetime.date) -> dict[str, Any]:
    """A claim under the field names of the payload; `days` counts from the start of its state."""
    return {
        "visitId": claim.visit_id,
        "state": claim.state,
        "days": _days(claim, today),
        "since": claim.since,
        "made": claim.made,
        "payerId": claim.payer_id,
        "patientControlNumber": claim.control_number,
        "payerClaimControlNumber": claim.payer_number,
        "purpose": claim.purpose,
        "frequency": claim.frequency,
        "serviceDate": claim.service_date,
        "totalCharge": _dollars(claim.cents),
        "file": claim.file,
        "corrected": claim.corrected_by is not None,
    }


def claims_csv(claims: Iterable[ClaimRow], today: datetime.date) -> Iterator[str]:
    """A header, then one line for each claim."""
    yield _csv_line(_COLUMNS)
    for claim in map(_printable, claims):
        yield _csv_line(["" if value is None else value for value in claim_json(claim, today).values()])


def claims_text(claims: Iterable[ClaimRow], today: datetime.date, paint: Paint = plain) -> Iterator[str]:
    """One line for each claim: state, days in it, visit, payer, date, charge, file."""
    for claim in map(_printable, claims):
        mark = " (corrected since)" if claim.corrected_by is not None else ""
        kind = f" {claim.frequency}" if claim.frequency != "original" else ""
        yield (
            f"{paint(f'{claim.state:12}', state_colour(claim.state))} {_days(claim, today):>4} d  "
            f"{claim.visit_id:20} {claim.payer_id:10} {claim.service_date or '':10} "
            f"{'$' + _dollars(claim.cents):>12}  {claim.file}{kind}{mark}"
        )


def story_json(story: ClaimHistory, today: datetime.date) -> dict[str, Any]:
    """A claim with its lines, attachments, course of treatment and events."""
    return claim_json(story.claim, today) | {
        "lines": [
            {
                "code": line.code,
                "toothNumber": line.tooth,
                "serviceDate": line.service_date,
                "fee": _dollars(line.cents),
                "quantity": line.quantity,
            }
            for line in story.lines
        ],
        "attachments": story.attachments,
        "course": [
            {"toothNumber": tooth, "serviceDate": date, "code": code} for tooth, date, code in story.course
        ],
        "events": [each._asdict() for each in story.events],
    }


def story_text(story: ClaimHistory, today: datetime.date, paint: Paint = plain) -> str:
    """The same for a terminal: the claim, its lines, its events, and the visits of its teeth."""
    claim = _printable(story.claim)
    state = paint(claim.state, state_colour(claim.state))
    lines = [
        paint(claim.visit_id, "bold") + f"  {state} since {_days(claim, today)} days",
        f"  {claim.frequency} {claim.purpose} to payer {claim.payer_id}, ${_dollars(claim.cents)}, in {claim.file}",
        f"  patient control number {claim.control_number}"
        + (f", the payer's number {claim.payer_number}" if claim.payer_number else ""),
    ]
    for line in map(_printable, story.lines):
        tooth = f" tooth {line.tooth}" if line.tooth else ""
        lines.append(f"  {line.service_date or '':10} {line.code}{tooth}  ${_dollars(line.cents)}")
    if story.attachments:
        lines.append(printable(f"  attachments {', '.join(story.attachments)}"))
    lines += ["", "  What happened"]
    for event in story.events:
        detail = "".join(f", {key} {value}" for key, value in event.detail.items())
        lines.append(printable(f"  {event.at}  {event.kind:12} {event.source}{detail}"))
    if story.course:
        lines += ["", "  Visits of its teeth"]
        lines += [printable(f"  {date} {code} tooth {tooth}") for tooth, date, code in story.course]
    if claim.corrected_by is not None:
        lines += ["", "  Another claim corrects this one."]
    return "\n".join(lines)


def figures_text(figures: dict[str, Any]) -> str:
    """Claims and charges by state and by payer, and the last control number of each receiver."""
    lines = [f"{figures['claims']:,} claims of {figures['patients']:,} patients"]
    for title, part in (("By state", "states"), ("By payer", "payers")):
        lines += ["", title]
        lines += [
            printable(f"  {name:20} {each['claims']:>10,}  {'$' + _dollars(each['cents']):>16}")
            for name, each in figures[part].items()
        ]
    lines += ["", "Files"]
    lines += [
        printable(
            f"  {each['kind']} to {each['receiver']:20} {each['files']:>10,}  last number {each['lastNumber']}"
        )
        for each in figures["files"]
    ]
    return "\n".join(lines)


def _printable(row: Row) -> Row:
    """A row of the ledger, which may be a stranger's, as a terminal may be given it."""
    return type(row)._make(printable(value) if isinstance(value, str) else value for value in row)


def _days(claim: ClaimRow, today: datetime.date) -> int:
    return (today - datetime.date.fromisoformat(claim.since[:10])).days


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _csv_line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()
