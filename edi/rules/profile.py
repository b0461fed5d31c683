"""Payer profiles: the limits and requirements that a payer sets. The default profile holds for all other payers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import MappingProxyType
from typing import NamedTuple

from edi.finding import Severity
from edi.visit import feature as has


class Source(NamedTuple):
    """Who says so, and when: the ISO year or month it was published, or else the month it was read."""

    text: str
    date: str


_DEFAULT_NAME = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The limits and requirements of a payer. `edi.rules.profile_reader` reads one from TOML, where every entry has its source."""

    name: str = _DEFAULT_NAME
    """Its name in edi.toml."""
    title: str = "Default profile"
    """The payer, as a person names it."""
    about: str = "What holds for a payer without a profile of its own."
    """One or two sentences for the reader."""
    covered: tuple[str, ...] | None = None
    """Which of D3351, D3352, D3353 the payer covers; None: all, as far as is known."""
    min_age: int | None = None
    """Youngest age in full years at which they are covered."""
    max_age: int | None = None
    """Oldest age in full years at which they are covered."""
    teeth_excluded: tuple[str, ...] = ()
    """Teeth on which they are not covered."""
    interval_days: int = 28
    """Days between two visits of a tooth below which a D3352 is questioned."""
    episode_months: int = 24
    """Months after the first visit beyond which an episode is questioned."""
    renewals: int | None = None
    """How many D3352 a course may have; None: no limit is known."""
    lifetime: Mapping[str, int] = field(default_factory=dict)
    """Code -> how often it is paid for one tooth in a lifetime."""
    filing_days: int = 365
    """Days from the service to the claim."""
    attachments: int = 10
    """Attachments that one claim can announce."""
    attachment_bytes: int = 64 * 1024 * 1024
    """Octets of one attachment."""
    attachment_days: int | None = None
    """Days within which attachments must reach the payer; None: not known."""
    required_attachments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Code -> types of attachment that the claim must have."""
    required_documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Code -> fields of `clinical` that must be there, also where the rules ask for less."""
    prior_authorization: bool = False
    """Whether D3351-D3353 need a prior authorization number."""
    authorization_under_age: int | None = None
    """Only patients younger than this need it; None: all."""
    authorization_planned_only: bool = False
    """Whether an emergency needs none. A D3351 may be one, a renewal or a closing visit is planned."""
    diagnosis_required: bool = False
    """Whether a claim without a diagnosis is refused."""
    paid_on_completion: bool = False
    """Whether work of several visits is paid when it is complete."""
    films_included: bool = False
    """Whether films of the tooth are part of the fee of the three codes."""
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Rule id -> severity, where a payer is stricter or milder than the rule."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Entry ("renewals", "lifetime.D3351") -> who says so; only what this profile itself sets."""
    features: int = field(init=False, default=0)
    """`edi.visit.feature.LIMITS` when an entry differs from the default profile."""

    def __post_init__(self) -> None:
        own = any(getattr(self, name) != value for name, value in _defaults().items())
        object.__setattr__(self, "features", has.LIMITS if own else 0)

    def citation(self, key: str) -> str:
        """The source of an entry, as a message has it after a number; empty where this profile does not set the entry."""
        source = self.sources.get(key)
        return f" ({source.text}, {source.date})" if source else ""


def _defaults() -> dict[str, object]:
    """The value of each entry in the default profile."""
    return {
        each.name: each.default_factory() if each.default_factory is not MISSING else each.default
        for each in fields(Profile)
        if each.init and each.name not in ("name", "title", "about", "severities", "sources")
    }


_CHOICE = "This project's choice; no payer's published limit was found"
PROFILE_SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "interval_days": Source(
            f"{_CHOICE}. Calcium hydroxide is mostly renewed after one to three months", "2026-11"
        ),
        "episode_months": Source(f"{_CHOICE}. Closure mostly takes six to twenty-four months", "2026-11"),
        "filing_days": Source(f"{_CHOICE}. The longest limit that is common among payers", "2026-11"),
        "attachments": Source("837 Dental guide 005010X224A2: PWK repeats ten times in loop 2300", "2026-11"),
        "attachment_bytes": Source("HL7 attachment rules and CAQH CORE attachment rules: 64 MB", "2022"),
    }
)
"""Where each number of the default profile comes from; what is not here is not limited or not asked."""

DEFAULT = Profile()
