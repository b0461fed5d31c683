"""Validate a whole file, in flat memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from edi.finding import Finding
from edi.validate.envelope import Envelope
from edi.validate.listener import Listener
from edi.validate.log import Log, Show, Sink
from edi.x12.mime import MimePayload
from edi.x12.reader import read_batches

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


@dataclass(slots=True)
class Verdict:
    """What validation found: `claims`, `attachments` and `errors` counted, and the findings unless a sink took them."""

    claims: int = 0
    attachments: int = 0
    errors: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.errors


def validate_stream(
    stream: BinaryIO,
    name: str,
    sink: Sink | None = None,
    *,
    show: Show | None = None,
    overlay_rules: OverlayRules | None = None,
    listener: Listener | None = None,
) -> Verdict:
    """Validate every interchange in `stream` against the guides that its version codes name.

    Findings go to `sink`, or with the segment each is about to `show`, or gather in the verdict. They come in order: by
    interchange and transaction set, and by position in each. `overlay_rules` is what payers want beyond the guide; `listener` hears
    what passes. Raises InputError when `stream` is not X12 at all; `name` is how its message calls the file."""
    verdict = Verdict()
    take = sink or verdict.findings.append
    log = Log(show or (lambda finding, _: take(finding)))
    envelope = Envelope(log, overlay_rules, listener)
    for _ in envelope.through(read_batches(stream, name, MimePayload)):
        pass
    verdict.claims, verdict.attachments = envelope.counts["claim"], envelope.counts["attachment"]
    verdict.errors = log.errors
    return verdict
