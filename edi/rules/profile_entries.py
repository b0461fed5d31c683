"""The entries that a profile in TOML may have: their meanings and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, get_args

from edi.finding import Severity
from edi.guide.teeth import KINDS
from edi.visit.facts import APEXIFICATION

ATTACHMENT_TYPES: Final = (
    "radiograph",
    "photograph",
    "report",
    "radiologyReport",
    "periodontalChart",
    "referral",
    "explanationOfBenefits",
    "models",
    "narrative",
    "other",
)
CHART_FIELDS: Final = (
    "chiefComplaint",
    "history",
    "diagnosis",
    "pulpTests",
    "findings",
    "radiographs",
    "medicament",
    "response",
    "complications",
    "treatmentPlan",
    "rationale",
    "followUp",
)
_CODES: Final = tuple(APEXIFICATION)

Check = Callable[[Any], bool]


class Entry(NamedTuple):
    """One key of a profile. `takes` says its values in words, `check` whether a value is one. `keys` are the keys of
    a table of entries, None where the entry stands alone, () where any rule id may be one. `example` is TOML."""

    means: str
    takes: str
    check: Check
    example: str
    keys: tuple[str, ...] | None = None


def _whole(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def _of(known: Mapping[str, object] | tuple[str, ...]) -> Check:
    return lambda value: (
        isinstance(value, list) and bool(value) and all(isinstance(v, str) and v in known for v in value)
    )


def _switch(value: Any) -> bool:
    return type(value) is bool


ENTRIES: Final[dict[str, Entry]] = {
    "covered": Entry(
        "codes that the payer covers", f"a list of {', '.join(_CODES)}", _of(_CODES), '["D3351", "D3353"]'
    ),
    "min_age": Entry("youngest age covered, in full years", "0 to 120", _whole(0, 120), "6"),
    "max_age": Entry("oldest age covered, in full years", "0 to 120", _whole(0, 120), "20"),
    "teeth_excluded": Entry(
        "teeth on which the codes are not covered",
        "a list of tooth numbers",
        _of(KINDS),
        '["1", "16", "17", "32"]',
    ),
    "interval_days": Entry(
        "days between two visits below which a D3352 is questioned", "0 to 366", _whole(0, 366), "30"
    ),
    "episode_months": Entry(
        "months after the first visit beyond which a course is questioned", "1 to 120", _whole(1, 120), "18"
    ),
    "renewals": Entry("how many D3352 a course may have", "0 to 99", _whole(0, 99), "6"),
    "lifetime": Entry(
        "how often a code is paid for one tooth in a lifetime", "1 to 99", _whole(1, 99), "1", _CODES
    ),
    "prior_authorization": Entry(
        "whether the codes need a prior authorization number", "true or false", _switch, "true"
    ),
    "authorization_under_age": Entry(
        "only patients younger than this need the authorization", "1 to 120", _whole(1, 120), "19"
    ),
    "authorization_planned_only": Entry(
        "whether an emergency needs no authorization", "true or false", _switch, "true"
    ),
    "required_attachments": Entry(
        "types of attachment that a code must have",
        f"a list of {', '.join(ATTACHMENT_TYPES)}",
        _of(ATTACHMENT_TYPES),
        '["radiograph", "photograph"]',
        _CODES,
    ),
    "required_documents": Entry(
        "fields of `clinical` that a code must have, beyond what the rules ask for",
        f"a list of {', '.join(CHART_FIELDS)}",
        _of(CHART_FIELDS),
        '["pulpTests", "medicament"]',
        _CODES,
    ),
    "filing_days": Entry("days from the service to the claim", "1 to 3660", _whole(1, 3660), "180"),
    "attachments": Entry("attachments that one claim can announce", "1 to 10", _whole(1, 10), "5"),
    "attachment_bytes": Entry(
        "octets of one attachment at most", "1 to 67108864", _whole(1, 64 * 1024 * 1024), "10485760"
    ),
    "attachment_days": Entry("days within which attachments must arrive", "0 to 366", _whole(0, 366), "30"),
    "diagnosis_required": Entry("whether a claim needs a diagnosis", "true or false", _switch, "true"),
    "paid_on_completion": Entry(
        "whether work of several visits is paid on completion", "true or false", _switch, "true"
    ),
    "films_included": Entry(
        "whether films of the tooth are part of the fee of the codes", "true or false", _switch, "true"
    ),
    "severity": Entry(
        "another severity for a rule, by its id",
        "error, warning or info",
        lambda value: value in get_args(Severity),
        '"error"',
        (),
    ),
}
"""Every entry by its key, in the order in which they are printed."""
