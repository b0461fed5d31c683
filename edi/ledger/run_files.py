"""The files of a run: what they are called, and so which files in a folder may be a run's."""

from __future__ import annotations

import re
from typing import Final

from edi.ledger.entry import ATTACHMENT_FILE, CLAIM_FILE
from edi.settings import RECEIVER_KEY, Receiver

CLAIMS: Final = "claims.ndjson"
"""The payloads of the last run."""
REJECTS: Final = "rejects.ndjson"
REPORT: Final = "report.json"
PAGE: Final = "report.html"
REPLACED: Final = frozenset({CLAIMS, REJECTS, REPORT, PAGE})
"""What describes the last run: each run replaces them."""

_INTERCHANGE: Final = re.compile(rf"(?:{RECEIVER_KEY})-([0-9]{{9}})\.({CLAIM_FILE}|{ATTACHMENT_FILE})")


def file_name(receiver: Receiver, number: int, kind: str) -> str:
    """The name of the file with this control number; `kind` is its transaction set ("837", "275")."""
    return f"{receiver.key}-{number:09}.{kind}"


def number_and_kind(name: str) -> tuple[str, str] | None:
    """The control number and the transaction set in a name that `file_name` gave; None for any other name."""
    match = _INTERCHANGE.fullmatch(name)
    return (match[1], match[2]) if match else None


def is_run_file(name: str) -> bool:
    """Whether a run may have a file of this name."""
    return name in REPLACED or number_and_kind(name) is not None
