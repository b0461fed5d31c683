"""A guide as an HTML page."""

from __future__ import annotations

from edi.guide.description import GuideFact, segment_heading, times
from edi.pages import render


def guide_page(fact: GuideFact) -> str:
    """The page, whole."""
    return render("guide.html", guide=fact, times=times, heading=segment_heading)
