"""The run context: what all visits of a run are judged and written by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from edi.flows.conversion.overlays import Overlays
from edi.flows.document_settings import DocumentSettings, document_settings
from edi.flows.job import Job
from edi.guide.overlay import load_overlays
from edi.rules import DEFAULT, Profile
from edi.rules.profile_reader import payer_profiles
from edi.visit.record import Visit
from edi.x12.envelope import Stamp


class RunContext(NamedTuple):
    """`as_of` is "today" as an ISO date; `profiles` are by payer id; `overlays` is what payers ask beyond the guide;
    `fit_images` reduces images to what the payer takes; `documents` is how attachments travel."""

    as_of: str
    profiles: Mapping[str, Profile]
    overlays: Overlays | None
    fit_images: bool
    documents: DocumentSettings

    def profile_of(self, visit: Visit) -> Profile:
        """The profile of the visit's payer."""
        return self.profiles.get(visit["payer"]["payerId"], DEFAULT)


def make_run_context(job: Job, as_of: str, stamp: Stamp) -> RunContext:
    """The context of a job. Raises SettingsError when a profile or an overlay that edi.toml names cannot be used."""
    overlay_rules = load_overlays(job.settings)
    overlays = Overlays(overlay_rules, job.settings, stamp) if overlay_rules else None
    return RunContext(
        as_of, payer_profiles(job.settings), overlays, job.fit_images, document_settings(job.settings, as_of)
    )
