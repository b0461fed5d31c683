"""Payers' overlays, applied to each claim before it is written among others."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

from edi.claim.interchange import ClaimText, Interchange
from edi.finding import Finding
from edi.guide.condition import OVERLAY_SNIP
from edi.guide.overlay_rules import OverlayRules, claims_together
from edi.settings import Receiver, Settings
from edi.validate.run import validate_stream
from edi.x12.envelope import Stamp


class Overlays(NamedTuple):
    """The rules of all overlays, and the settings and stamp that the header around a claim is written from."""

    overlay_rules: OverlayRules
    settings: Settings
    stamp: Stamp

    def refuse(self, claim: ClaimText, payer_id: str) -> list[Finding]:
        """What the overlays of the claim's payer and receiver refuse. The claim is validated in an interchange of its own, so
        that a fault in a loop that claims share is found with each of them. The findings name no position, for the claim
        is in no file yet."""
        receiver = self._receiver(claim)
        if self.overlay_rules.ids.isdisjoint((payer_id, receiver.id)):
            return []
        stream = io.BytesIO()
        interchange = Interchange(stream, self.settings, receiver, 1, self.stamp)
        interchange.add(claim)
        interchange.close()
        stream.seek(0)
        return [
            replace(each, position=None, interchange=None, transaction=None)
            for each in validate_stream(stream, "the claim", overlay_rules=self.overlay_rules).findings
            if each.snip == OVERLAY_SNIP
        ]

    def apart(self, claim: ClaimText, payer_id: str) -> ClaimText:
        """The claim, with the number of claims in one loop that its payer and receiver allow."""
        ids = payer_id, self._receiver(claim).id
        return claim._replace(
            together=min([claim.together, *claims_together(self.overlay_rules.situations, ids)])
        )

    def _receiver(self, claim: ClaimText) -> Receiver:
        return next(each for each in self.settings.receivers if each.key == claim.receiver)
