"""005010X213: the request in release 005010."""

from __future__ import annotations

from edi.guide.request_277.body import request_guide

GUIDE = request_guide("005010X213", "00501")
