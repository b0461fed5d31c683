"""First stage, record by record: text to a record that keeps to the schema, or a reject."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from edi.finding import Finding, Source
from edi.settings import Settings
from edi.visit.identity import SEPARATOR, patient_of, visit_of
from edi.visit.intake import RawRecord
from edi.visit.parse import Parsed, parse_closely
from edi.visit.schema import explain, is_valid, usable_id

_ROUTE = "APX-FORMAT-ROUTE"


class Passed(NamedTuple):
    """Of a record that keeps to the schema: its sort key and identity, and how its text may be read again (see
    `edi.visit.parse.Parsed`)."""

    key: str
    identity: str
    exact: bool
    plain: bool


class Reject(NamedTuple):
    """A line of rejects.ndjson and what it counts for in the report: (category, rule) of each finding."""

    line: bytes
    counts: tuple[tuple[str, str], ...]


class ExamineChunk(NamedTuple):
    """Raw records, and the settings that route them."""

    records: tuple[RawRecord, ...]
    settings: Settings


def examine(chunk: ExamineChunk) -> list[Passed | Reject]:
    """Judge each record by the schema."""
    return [_examine(raw, chunk.settings) for raw in chunk.records]


def _examine(raw: RawRecord, settings: Settings) -> Passed | Reject:
    if raw.finding is not None:
        return make_reject(raw.source, raw.data, [raw.finding], raw.finding.visit_id)
    parsed = parse_closely(raw.data)
    record, finding = parsed.record, parsed.finding
    if finding is not None:
        return make_reject(raw.source, raw.data, [finding], finding.visit_id)
    if not is_valid(record):
        return make_reject(raw.source, raw.data, explain(record), usable_id(record))
    payer_id = record["payer"]["payerId"]
    receiver = _receiver_key(settings, payer_id)
    if receiver is None:
        return make_reject(raw.source, raw.data, [_unrouted(record)], record["visitId"])
    return _passed(parsed, receiver)


def _passed(parsed: Parsed, receiver: str) -> Passed:
    record = parsed.record
    key = SEPARATOR.join((receiver, patient_of(record), _first_day(record)))
    return Passed(key, visit_of(record), parsed.exact, parsed.plain)


def _first_day(record: dict[str, Any]) -> str:
    """The earliest date of a claim: a procedure's own may lie before the claim's. A plan of treatment has none."""
    day: str = record.get("serviceDate") or ""
    for line in record["procedures"]:
        own = line.get("serviceDate")
        if own and own < day:
            day = own
    return day


@lru_cache(maxsize=4096)
def _receiver_key(settings: Settings, payer_id: str) -> str | None:
    receiver = settings.receiver_of(payer_id)
    return receiver.key if receiver else None


def _unrouted(record: dict[str, Any]) -> Finding:
    return Finding(
        rule=_ROUTE,
        category="format",
        severity="error",
        message="No receiver in edi.toml takes the claims of this payer.",
        fix="Add the payer id to the payers of a receiver in edi.toml, or leave one receiver without payers: it takes all others.",
        visit_id=record["visitId"],
        path="/payer/payerId",
    )


def make_reject(source: Source, data: bytes, findings: Sequence[Finding], visit_id: str | None) -> Reject:
    """A reject as the contract has it: the record as it was read, so that nothing is lost."""
    try:
        orjson.loads(data)
        # In JSON a line break stands only between values; a reject is one line.
        record: object = orjson.Fragment(data.strip().replace(b"\n", b" ").replace(b"\r", b" "))
    except orjson.JSONDecodeError:
        record = data.decode("utf-8", "replace")
    outcome = findings_json(source, findings, visit_id) | {"record": record}
    return Reject(orjson.dumps(outcome, option=orjson.OPT_APPEND_NEWLINE), counted(findings))


def findings_json(source: Source, findings: Sequence[Finding], visit_id: str | None) -> dict[str, Any]:
    """A visit's findings with where it came from: a reject but for its record."""
    return {
        "visitId": visit_id,
        "source": {"file": source.file, "line": source.line},
        "findings": [finding.as_json() for finding in findings],
    }


def counted(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """What findings count for in a report: the category and rule of each."""
    return tuple((finding.category, finding.rule) for finding in findings)
