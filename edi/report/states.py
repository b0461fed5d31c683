"""The colour in which a claim's state is shown: good, bad, waiting for somebody, or on its way."""

from __future__ import annotations

_COLOURS = {
    "accepted": "green",
    "paid": "green",
    "answered": "green",
    "rejected": "red",
    "denied": "red",
    "requested": "yellow",
}


def state_colour(state: str) -> str:
    """ "green", "red", "yellow", or "blue" for all others."""
    return _COLOURS.get(state, "blue")
