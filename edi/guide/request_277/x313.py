"""006020X313."""

from __future__ import annotations

from edi.guide.request_277.body import request_guide

GUIDE = request_guide("006020X313", "00602")
