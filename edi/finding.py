"""Findings: problems in data, as values that every room may make and every report can print."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Category = Literal[
    "schema",
    "documentation",
    "sequence",
    "frequency",
    "diagnosis",
    "authorization",
    "code",
    "tooth",
    "date",
    "provider",
    "subscriber",
    "charge",
    "duplicate",
    "attachment",
    "format",
]


class Source(NamedTuple):
    """Where a record was read: a file as the user named it, and a 1-based line (None where lines mean nothing)."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem, its place and its fix.

    On a visit record: `visit_id` and `path`, a JSON Pointer (RFC 6901) into the record.
    On an X12 file: `snip` (1-7), `loop`, `segment`, `position` (1-based in the transaction set, ST = 1;
    in the interchange for ISA, GS, GE, IEA), `element` ("SV302", "CLM05-3"), and the control numbers ISA13 and ST02
    of the `interchange` and `transaction` set that it is in. A dental finding may name
    `loop`, `segment` and `element` too: where the field stands in the claim.
    `message` and `fix` hold no name, birth date or member number of a person.
    """

    rule: str
    category: Category
    severity: Severity
    message: str
    fix: str
    visit_id: str | None = None
    path: str | None = None
    snip: int | None = None
    loop: str | None = None
    segment: str | None = None
    position: int | None = None
    element: str | None = None
    interchange: str | None = None
    transaction: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's JSON shape (camelCase, absent fields left out), valid under finding.schema.json."""
        return {key: value for name, key in _JSON_KEYS if (value := getattr(self, name)) is not None}


_JSON_KEYS = tuple(
    (field.name, {"visit_id": "visitId"}.get(field.name, field.name)) for field in fields(Finding)
)


def has_error(findings: list[Finding] | tuple[Finding, ...]) -> bool:
    """True when one of them is an error."""
    return any(finding.severity == "error" for finding in findings)


def pointer(*parts: str | int) -> str:
    """A JSON Pointer from its parts: pointer("procedures", 0, "fee") is "/procedures/0/fee"."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
