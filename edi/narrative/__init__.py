"""The narrative: what was done and why, from the record alone, for the claim's notes and its attachment."""

from __future__ import annotations

from edi.narrative.notes import Narrative, narrate
from edi.narrative.sentences import Sentence, compose

__all__ = ["Narrative", "Sentence", "compose", "narrate"]
