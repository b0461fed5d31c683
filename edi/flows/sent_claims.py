"""Claims that were sent: their payloads in claims.ndjson, and the records they were made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from edi.errors import InputError
from edi.ledger.run_files import CLAIMS
from edi.visit.intake import Unreadable, read_inputs
from edi.visit.parse import parse
from edi.visit.record import Visit
from edi.visit.schema import is_valid

Payload = dict[str, Any]
_STDIN = "-"
_TEXTS = ("visitId", "patientControlNumber", "payerId")


class SourceRecord(NamedTuple):
    """The record that a claim was made of, and the folder that the names of its files are relative to."""

    visit: Visit
    base: str


def payloads(folder: Path) -> Iterator[Payload]:
    """The payloads of the last run that wrote into a folder. Raises InputError when there are none to read."""
    file = folder / CLAIMS
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    payload = orjson.loads(line)
                except orjson.JSONDecodeError:
                    payload = None
                if not _is_payload(payload):
                    raise InputError(
                        f"{file}, line {number} is not a payload of edi convert. Convert the visits again into another folder."
                    )
                yield payload
    except OSError as error:
        reason = error.strerror or error
        raise InputError(
            f"{file} cannot be read: {reason}. Name the folder that edi convert wrote into."
        ) from error


def _is_payload(item: Any) -> bool:
    """Whether it has the fields that are read here. The whole schema is not checked: there may be very many payloads."""
    if not isinstance(item, dict) or not isinstance(item.get("source"), dict):
        return False
    texts = (item["source"].get("file"), *(item.get(key) for key in _TEXTS))
    attachments, narrative = item.get("attachments"), item.get("narrative")
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(attachments, list)
        and all(isinstance(each, dict) and "id" in each for each in attachments)
        and (narrative is None or (isinstance(narrative, dict) and isinstance(narrative.get("text"), str)))
    )


def find_payload(folder: Path, claim: str) -> Payload:
    """The payload whose patient control number or visitId is `claim`. Raises InputError when there is none."""
    for payload in payloads(folder):
        if claim in (payload["patientControlNumber"], payload["visitId"]):
            return payload
    raise InputError(
        f"{folder / CLAIMS} has no claim {claim}: give a patient control number or visitId of it."
    )


def source_records(found: Iterable[Payload]) -> dict[str, SourceRecord]:
    """The records that payloads were made of, by patient control number, read again from their files. A record that is no longer
    there, or came by standard input, is left out. Each file is read once, as far as needed."""
    wanted: dict[str, dict[str, str]] = {}
    for payload in found:
        if payload["source"]["file"] == _STDIN:
            continue
        claims = wanted.setdefault(payload["source"]["file"], {})
        claims.setdefault(payload["visitId"], payload["patientControlNumber"])
    return {number: source for file, claims in wanted.items() for number, source in _records(file, claims)}


def _records(file: str, claims: dict[str, str]) -> Iterator[tuple[str, SourceRecord]]:
    """The records of a file that have one of the visitIds, each with its claim's number."""
    for item in read_inputs((file,), format="auto", columns=None, stdin=None):
        if isinstance(item, Unreadable) or not claims:
            return
        if item.finding is None:
            record, fault = parse(item.data)
            if fault is None and is_valid(record) and record["visitId"] in claims:
                yield claims.pop(record["visitId"]), SourceRecord(record, item.base)
