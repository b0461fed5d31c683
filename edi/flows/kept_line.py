"""The line that is kept of a claim beside the ledger: its payload, the record as it was converted, the folder of its files."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

import orjson

from edi.visit.record import Visit
from edi.visit.schema import is_valid

Payload = dict[str, Any]
_TEXTS = ("visitId", "patientControlNumber", "payerId")


class SourceRecord(NamedTuple):
    """The record that a claim was made of, and the folder that the names of its files are relative to."""

    visit: Visit
    base: str


def kept_source(visit: Visit, base: str) -> bytes:
    """What is kept of a record: made where it is judged, for `kept_line`."""
    # Made absolute here and not where it is remembered: a program may change its folder between two runs.
    return orjson.dumps(visit) + _base(os.path.abspath(base))  # noqa: PTH100


def kept_line(payload: bytes, source: bytes) -> bytes:
    """The line of a claim. `payload` is its line of claims.ndjson, `source` what `kept_source` gave."""
    return b'{"payload":' + payload + b',"record":' + source


def read_kept_line(line: bytes) -> tuple[Payload, SourceRecord] | None:
    """The payload and the record in such a line; None when it is not one."""
    try:
        kept = orjson.loads(line)
        payload, visit, base = kept["payload"], kept["record"], kept["base"]
        source = SourceRecord(visit, os.fsdecode(unquote_to_bytes(base)))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    return (payload, source) if is_payload(payload) and is_valid(visit) else None


def is_payload(item: Any) -> bool:
    """Whether it has the fields that are read of a payload. The whole schema is not checked: there may be very many."""
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


@lru_cache(maxsize=1024)
def _base(folder: str) -> bytes:
    """The end of a line. A folder's name may hold what is no text, and is kept as a URL would have it."""
    return b',"base":"' + quote_from_bytes(os.fsencode(folder)).encode() + b'"}'
