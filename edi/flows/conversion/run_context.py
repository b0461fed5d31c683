"""What is the same for every visit of a run: the day, and what payers and settings ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from edi.flows.attachment_renderer import DocumentSettings, document_settings
from edi.flows.conversion.overlays import Overlays
from edi.flows.job import Job
from edi.guide.overlay import load_overlays
from edi.rules import Profile
from edi.rules.profile_reader import payer_profiles
from edi.x12.envelope import Stamp


class RunContext(NamedTuple):
    """`as_of` is "today" as an ISO date; `profiles` are by payer id, the default one for all others; `overlays` is what payers
    ask beyond the guide; `fit_images` reduces images to what the payer takes; `documents` is how attachments travel."""

    as_of: str
    profiles: Mapping[str, Profile]
    overlays: Overlays | None
    fit_images: bool
    documents: DocumentSettings


def make_run_context(job: Job, as_of: str, stamp: Stamp) -> RunContext:
    """Raises SettingsError when a profile or an overlay that edi.toml names cannot be used."""
    overlay_rules = load_overlays(job.settings)
    overlays = Overlays(overlay_rules, job.settings, stamp) if overlay_rules else None
    return RunContext(
        as_of, payer_profiles(job.settings), overlays, job.fit_images, document_settings(job.settings, as_of)
    )
