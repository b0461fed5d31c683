"""A visit case: one visit on its way through judging and writing, and the draft of its claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from edi.attachments.files import examine_files
from edi.flows.conversion.comparison import Comparison, with_payer_number
from edi.flows.conversion.history import EpisodeVisit, PatientHistory
from edi.flows.conversion.record_store import StoredRecord
from edi.flows.conversion.run_context import RunContext
from edi.narrative import Narrative
from edi.rules import Profile
from edi.visit.facts import Facts, FileFact
from edi.visit.record import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCase:
    """A visit with all that is known of it before it is judged. `image_limit` is the size in octets that images are reduced to
    (None: they are not). `prior` compares it with the claims of its visit (None without a ledger). `repeated_id`: another
    record of the run has its visitId with other content. `episode_visits` are those that only its episode names."""

    record: StoredRecord
    visit: Visit
    facts: Facts
    profile: Profile
    image_limit: int | None
    prior: Comparison | None
    repeated_id: bool
    episode_visits: list[EpisodeVisit]

    @property
    def files(self) -> Mapping[str, FileFact]:
        """The files of its attachments, by the attachment's id."""
        return self.facts.files or {}

    @property
    def number(self) -> int | None:
        """The visit's own number in the ledger."""
        return self.prior.number if self.prior else None


class ClaimDraft(NamedTuple):
    """The claim of a visit that no rule refuses: its CLM01, its charge, its narrative, and its attachments, one entry for each
    PWK as the payload has them."""

    control_number: str
    total: Decimal
    narrative: Narrative
    attachments: list[dict[str, Any]]


def make_case(
    record: StoredRecord,
    visit: Visit,
    prior: Comparison | None,
    history: PatientHistory,
    context: RunContext,
    *,
    repeated_id: bool,
) -> VisitCase:
    """Open the visit's files and gather its facts. `history` holds the patient's earlier visits."""
    completed = with_payer_number(visit, prior.payer_number) if prior else visit
    exact = record.exact and completed is visit
    visit = completed
    profile = context.profile_of(visit)
    limit = profile.attachment_bytes if context.fit_images else None
    facts = Facts(
        visit,
        as_of=context.as_of,
        earlier=history.earlier(visit),
        files=examine_files(record.base, visit["attachments"], limit) if "attachments" in visit else None,
        same_id_other_content=repeated_id,
        sent_otherwise=prior.differs if prior else (),
        repeated_lines=history.repeated(visit),
        plain=record.plain if exact else None,
    )
    return VisitCase(
        record=record,
        visit=visit,
        facts=facts,
        profile=profile,
        image_limit=limit,
        prior=prior,
        repeated_id=repeated_id,
        episode_visits=history.new_episode_visits(visit) if prior else [],
    )
