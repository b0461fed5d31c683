"""X12 codes of the record's words that other rooms need, and the ways in which an attachment travels."""

from __future__ import annotations

from edi.visit.fields import field_at

REPORT_TYPE: dict[str, str] = dict(field_at("attachments", "type").schema["x-codes"])
ON_REQUEST = "AA"
ELECTRONIC = "EL"
FILE_TRANSFER = "FT"
