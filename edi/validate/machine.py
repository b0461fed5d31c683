"""A guide compiled for one set of delimiters: its tree of segment uses, and the situations to judge at the end of each loop."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from edi.guide.condition import situations_by_loop
from edi.guide.registry import guide as guide_named
from edi.guide.shape import Guide
from edi.validate.nodes import LoopNode, Start
from edi.validate.repeated_units import Identities
from edi.validate.situations import Checks
from edi.x12.delimiters import Delimiters

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules


class Machine:
    """A guide for one set of delimiters."""

    def __init__(self, guide: Guide, delimiters: Delimiters) -> None:
        self.guide = guide
        self.delimiters = delimiters
        self.root = LoopNode(
            guide.root, None, 0, delimiters, keeps=any(each.looks_around for each in guide.situations)
        )
        self.start = Start(self.root)
        self.nodes = list(self.root.nodes())
        self.checks = Checks(situations_by_loop(guide.situations))
        self.unit_ids = {each.trigger.use.segment.id for each in self.root.below() if each.loop.unit}
        self.identities = Identities(guide.same)

    def forget(self) -> None:
        """Drop the segments that nodes keep in mind: they are personal data."""
        for node in self.nodes:
            node.known.clear()


@lru_cache(maxsize=8)
def machine(
    version: str, delimiters: Delimiters, overlay_rules: OverlayRules | None = None
) -> Machine | None:
    """The compiled guide for a version (as in GS08 and ST03), narrowed by what payers ask; None when no such guide is
    known."""
    found = guide_named(version)
    if found and overlay_rules and overlay_rules.version == found.version:
        # What a payer asks comes last: of a place that the guide itself finds wrong there is no more to say.
        found = replace(found, situations=found.situations + overlay_rules.situations)
    return Machine(found, delimiters) if found else None
