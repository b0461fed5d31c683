"""006020X313: the request in release 006020."""

from __future__ import annotations

from edi.guide.request_277.body import request_guide

GUIDE = request_guide("006020X313", "00602")
