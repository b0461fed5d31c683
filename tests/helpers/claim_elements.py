"""The elements of a claim by where the guide has them: what the writer makes of a visit, read back by the validator's walk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from edi.claim.claim_loop import claim_text, total_charge
from edi.claim.interchange import ClaimText, Interchange
from edi.claim.parties import billing_text, patient_text, subscriber_text
from edi.guide.claim_837d import GUIDE
from edi.guide.shape import SegmentUse
from edi.settings.model import DEFAULTS
from edi.validate.trace import trace
from edi.visit.x12_targets import Target, x12_targets
from edi.x12.address import parse_address
from edi.x12.envelope import Stamp


class Place(NamedTuple):
    """An element, or component, of a loop: "2300", "REF:G1", "REF02"."""

    loop: str
    segment: str
    ref: str


def place_of(target: Target) -> Place:
    """Where the guide has a field's target."""
    use, code, _, element = parse_address(GUIDE, target.loop, target.address)
    return Place(target.loop, _segment(target.loop, use, code), element.ref)


def claim_elements(visit: Any) -> Iterator[tuple[Place, str]]:
    """Every element that has a value in the claim of a visit, from BHT on."""
    for step in trace(io.BytesIO(_interchange(visit)), "claim"):
        if step.text is None or step.use is None or step.loop is None or step.use.segment.id in ("ST", "SE"):
            continue
        values = step.text.split("*")[1:]
        code = values[step.use.key - 1] if step.use.key else ""
        segment = _segment(step.loop.id, step.use, code)
        for element, value in zip(step.use.elements, values, strict=False):
            parts = (
                zip(element.parts, value.split(":"), strict=False) if element.parts else [(element, value)]
            )
            yield from ((Place(step.loop.id, segment, part.ref), text) for part, text in parts if text)


def _interchange(visit: Any) -> bytes:
    (receiver,) = DEFAULTS.receivers
    stream = io.BytesIO()
    interchange = Interchange(stream, DEFAULTS, receiver, 1, Stamp("20261102", "0000"))
    notes = [visit["narrative"]] if "narrative" in visit else []
    body = claim_text(visit, visit["visitId"], total_charge(visit), notes, visit.get("attachments", ()))
    patient = patient_text(visit) if "patient" in visit else ""
    reporting = visit.get("claim", {}).get("purpose") == "encounter"
    texts = billing_text(visit), subscriber_text(visit), patient, body
    interchange.add(ClaimText(1, receiver.key, reporting, *texts))
    interchange.close()
    return stream.getvalue()


def _segment(loop_id: str, use: SegmentUse, code: str) -> str:
    """The segment with its code, but for a segment whose code is itself the value of a field."""
    if (loop_id, use.address) in _coded_by_fields():
        code = ""
    return f"{use.segment.id}:{code}" if code else use.segment.id


@cache
def _coded_by_fields() -> frozenset[tuple[str, str]]:
    addresses = [
        (target.loop, parse_address(GUIDE, *target))
        for targets in x12_targets().values()
        for target in targets
    ]
    return frozenset(
        (loop_id, use.address)
        for loop_id, (use, _, _, element) in addresses
        if use.key and element == use.elements[use.key - 1]
    )
