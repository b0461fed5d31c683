"""The numbers and switches that a payer may set otherwise; the default profile holds for everyone else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from edi.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a payer asks. Every number has its source in `PROFILE_SOURCES`."""

    interval_days: int = 28
    """Days between two visits of a tooth below which a D3352 is questioned."""
    episode_months: int = 24
    """Months after the first visit beyond which an episode is questioned."""
    renewals: int | None = None
    """How many D3352 a tooth may have; None: no limit is known."""
    filing_days: int = 365
    """Days from the service to the claim."""
    attachments: int = 10
    """Attachments that one claim can announce."""
    attachment_bytes: int = 64 * 1024 * 1024
    """Octets of one attachment."""
    prior_authorization: bool = False
    """Whether D3351-D3353 need a prior authorization number."""
    diagnosis_required: bool = False
    """Whether a claim without a diagnosis is refused."""
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id -> severity, where a payer is stricter or milder than the rule."""


PROFILE_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "interval_days": "This project's choice: calcium hydroxide is usually renewed after one to three months",
        "episode_months": "This project's choice: closure mostly takes six to twenty-four months",
        "renewals": "No payer's limit was found published (search of 2026-11)",
        "filing_days": "This project's choice: the longest limit that is common among payers",
        "attachments": "837 Dental guide 005010X224A2: PWK repeats ten times in loop 2300",
        "attachment_bytes": "HL7 attachment rules and CAQH CORE attachment rules (2022): 64 MB",
        "prior_authorization": "No general rule; payers that ask for one need a profile of their own",
        "diagnosis_required": "837 Dental guide 005010X224A2: HI is situational",
        "severities": "None by default",
    }
)
"""Where each number of the default profile comes from."""

DEFAULT = Profile()
